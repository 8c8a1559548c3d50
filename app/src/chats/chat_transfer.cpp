#include "chats/chat_transfer.h"

#include "chats/chat_export.h"
#include "chats/chat_import.h"

#include <QFile>
#include <QRegularExpression>
#include <QSaveFile>
#include <QStandardPaths>

#include <algorithm>

namespace altiplano::app {

namespace {

QByteArray contentsFor(const QString& path, const std::vector<ChatContent>& chats) {
    if (!path.endsWith(QStringLiteral(".md"), Qt::CaseInsensitive)) return toJson(chats);
    QByteArray text;
    for (const ChatContent& content : chats)
        text += toMarkdown(content).toUtf8() + '\n';
    return text;
}

} // namespace

ChatTransfer::ChatTransfer(ChatStore& store, ChatListModel& chats, QObject* parent)
    : QObject(parent), m_store(store), m_chats(chats) {}

bool ChatTransfer::begin(const QUrl& file) {
    if (m_busy) return false;
    m_busy = true;
    m_outcome = Nothing;
    m_file = file.toLocalFile();
    emit changed();
    return true;
}

/// Does it on the thread, then tells the outcome.
void ChatTransfer::work(std::function<Result()> work) {
    m_thread = std::jthread([this, work = std::move(work)] {
        const Result result = work();
        QMetaObject::invokeMethod(
            this,
            [this, result] {
                m_busy = false;
                m_outcome = result.outcome;
                m_count = result.count;
                m_reason = result.reason;
                if (m_outcome == Imported) m_chats.reload();
                emit changed();
            },
            Qt::QueuedConnection);
    });
}

void ChatTransfer::importFile(const QUrl& file) {
    if (!begin(file)) return;
    work([this, path = m_file]() -> Result {
        QFile source(path);
        if (!source.open(QIODevice::ReadOnly)) return {ImportFailed, 0, source.errorString()};
        try {
            std::vector<ChatContent> chats = readChats(source.readAll(), m_store.ids());
            for (ChatContent& content : chats) // one by one: an answer that streams wants its turn
                m_store.save({content.chat}, std::move(content.messages));
            return {Imported, static_cast<int>(chats.size()), {}};
        } catch (const ImportError& error) {
            return {ImportFailed, 0, QString::fromUtf8(error.what())};
        }
    });
}

void ChatTransfer::exportChats(qint64 chat, const QUrl& file) {
    std::vector<ChatRecord> wanted;
    for (const ChatRecord& record : m_chats.all())
        if (chat ? record.id == chat : !record.deleted) wanted.push_back(record);
    std::reverse(wanted.begin(), wanted.end()); // they are taken from the end
    if (!wanted.empty() && begin(file))
        collect(std::move(wanted), std::make_shared<std::vector<ChatContent>>());
}

/// Reads one chat after the other, then writes them.
void ChatTransfer::collect(std::vector<ChatRecord> left,
                           const std::shared_ptr<std::vector<ChatContent>>& collected) {
    if (!left.empty()) {
        const ChatRecord chat = std::move(left.back());
        left.pop_back();
        m_store.messages(chat.id, this, [=, this](std::vector<MessageRecord> messages) {
            collected->push_back({chat, std::move(messages)});
            collect(left, collected);
        });
        return;
    }
    work([path = m_file, collected]() -> Result {
        QSaveFile target(path);
        if (!target.open(QIODevice::WriteOnly)) return {ExportFailed, 0, target.errorString()};
        target.write(contentsFor(path, *collected));
        if (!target.commit()) return {ExportFailed, 0, target.errorString()};
        return {Exported, static_cast<int>(collected->size()), {}};
    });
}

QUrl ChatTransfer::suggestedFile(qint64 chat, const QString& suffix) const {
    static const QRegularExpression unfit(QStringLiteral("[\\\\/:*?\"<>|\\x00-\\x1f]+"));
    const ChatRecord* record = m_chats.find(chat);
    QString name = record ? record->title : tr("Chats");
    name = name.replace(unfit, QStringLiteral(" ")).simplified().left(80);
    while (name.startsWith(u'.'))
        name.remove(0, 1);
    return QUrl::fromLocalFile(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation) + u'/' +
                               (name.isEmpty() ? tr("Chat") : name) + u'.' + suffix);
}

void ChatTransfer::dismiss() {
    m_outcome = Nothing;
    emit changed();
}

} // namespace altiplano::app
