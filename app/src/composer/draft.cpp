#include "draft.h"

#include <QFile>
#include <QFileInfo>
#include <QStringDecoder>

#include <algorithm>
#include <chrono>

namespace altiplano::app {

namespace {

constexpr std::chrono::milliseconds kPause{250};

} // namespace

Draft::Draft(EnginePort& engine, QObject* parent) : QAbstractListModel(parent), m_engine(engine) {
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPause);
    connect(&m_pause, &QTimer::timeout, this, &Draft::countWords);
    connect(&engine, &EnginePort::counted, this, &Draft::onCounted);
    connect(&engine, &EnginePort::loaded, this, &Draft::recount);
}

void Draft::setWords(const QString& words) {
    if (words == m_words) return;
    m_words = words;
    m_pause.start();
    emit changed();
}

void Draft::countWords() {
    m_wordsRequest = m_words.isEmpty() ? 0 : m_engine.countTokens(m_words);
    if (m_wordsRequest == 0 && std::exchange(m_wordsTokens, 0) != 0) emit tokensChanged();
}

/// Another model counts differently.
void Draft::recount() {
    countWords();
    for (File& file : m_files)
        file.request = m_engine.countTokens(file.attachment.text);
}

void Draft::onCounted(RequestId id, quint32 tokens) {
    if (id == m_wordsRequest) {
        m_wordsTokens = static_cast<int>(tokens);
        emit tokensChanged();
    }
    for (std::size_t row = 0; row < m_files.size(); ++row) {
        if (m_files[row].request != id) continue;
        m_files[row].tokens = static_cast<int>(tokens);
        emit dataChanged(index(static_cast<int>(row)), index(static_cast<int>(row)), {TokensRole});
        emit tokensChanged();
    }
}

int Draft::tokens() const {
    int sum = m_wordsTokens;
    for (const File& file : m_files)
        sum += std::max(0, file.tokens);
    return sum;
}

void Draft::attach(const QUrl& url) {
    const QString path = url.toLocalFile();
    const QString name = QFileInfo(path).fileName();
    QFile file(path);
    if (!url.isLocalFile() || !QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return setProblem(tr("%1 cannot be read.").arg(name.isEmpty() ? url.toDisplayString() : name));
    if (file.size() > kMostBytes)
        return setProblem(tr("%1 is too large: a text file of at most 1 MB can be attached.").arg(name));
    const QByteArray bytes = file.read(kMostBytes + 1);
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(bytes);
    if (decoder.hasError() || bytes.contains('\0'))
        return setProblem(tr("%1 is not a text file. Only text can be attached.").arg(name));
    if (bytes.isEmpty()) return setProblem(tr("%1 is empty.").arg(name));
    setProblem({});
    add({name, text});
}

void Draft::add(Attachment attachment) {
    beginInsertRows({}, count(), count());
    m_files.push_back({std::move(attachment)});
    endInsertRows();
    m_files.back().request = m_engine.countTokens(m_files.back().attachment.text);
    emit changed();
}

void Draft::remove(int row) {
    if (row < 0 || row >= count()) return;
    beginRemoveRows({}, row, row);
    m_files.erase(m_files.begin() + row);
    endRemoveRows();
    emit changed();
    emit tokensChanged();
}

void Draft::setProblem(const QString& sentence) {
    if (m_problem == sentence) return;
    m_problem = sentence;
    emit problemChanged();
}

QString Draft::take() {
    ComposedMessage message{m_words.trimmed(), {}};
    for (File& file : m_files)
        message.attachments.push_back(std::move(file.attachment));
    beginResetModel();
    m_files.clear();
    endResetModel();
    m_words.clear();
    m_wordsTokens = 0;
    m_wordsRequest = 0;
    m_pause.stop();
    setProblem({});
    emit changed();
    emit tokensChanged();
    return withAttachments(message);
}

void Draft::takeFrom(const QString& message) {
    take();
    ComposedMessage composed = withoutAttachments(message);
    setWords(composed.words);
    for (Attachment& attachment : composed.attachments)
        add(std::move(attachment));
}

int Draft::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant Draft::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const File& file = m_files[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case NameRole:
        return file.attachment.name;
    case TokensRole:
        return file.tokens;
    default:
        return {};
    }
}

QHash<int, QByteArray> Draft::roleNames() const {
    return {{NameRole, "name"}, {TokensRole, "tokens"}};
}

} // namespace altiplano::app
