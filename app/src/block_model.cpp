#include "block_model.h"

namespace altiplano::app {

namespace {

const QString kBackticks = QStringLiteral("```");

bool mayBeFence(const QString& line) {
    const QString start = line.trimmed();
    return start.startsWith(kBackticks) || kBackticks.startsWith(start);
}

/// The backticks of an opening or closing fence (CommonMark 0.30, section 4.5); empty for any other line.
QString fenceOf(const QString& line) {
    qsizetype count = 0;
    while (count < line.size() && line[count] == u'`')
        ++count;
    return count >= kBackticks.size() && !line.mid(count).contains(u'`') ? line.left(count) : QString();
}

} // namespace

void BlockModel::append(const QString& text) {
    for (const QChar c : text)
        take(c);
    flush();
}

void BlockModel::finish() {
    if (m_holding && !m_held.trimmed().isEmpty() && fenceOf(m_held.trimmed()).isEmpty()) beginText();
    flush();
}

void BlockModel::setPlain(const QString& text) {
    beginResetModel();
    m_blocks = {Block{Paragraph, text, {}}};
    m_open = false;
    endResetModel();
}

void BlockModel::take(QChar c) {
    if (c == u'\n') {
        endLine();
    } else if (m_holding) {
        m_held += c;
        if (!mayBeFence(m_held)) beginText();
    } else {
        m_fresh += c;
    }
}

/// The held line turned out to be text: it goes to the open block, or to a new paragraph.
void BlockModel::beginText() {
    if (!m_open) beginBlock(Paragraph, {});
    if (m_lineBreakDue) m_fresh += u'\n';
    m_lineBreakDue = false;
    m_fresh += m_held;
    m_held.clear();
    m_holding = false;
}

void BlockModel::endLine() {
    const QString line = m_held.trimmed();
    const QString fence = fenceOf(line);
    const bool inCode = !m_fence.isEmpty();
    if (!m_holding) {
        m_lineBreakDue = true;
    } else if (inCode && line.size() == fence.size() && fence.size() >= m_fence.size()) {
        m_fence.clear();
        m_open = m_lineBreakDue = false;
    } else if (!inCode && !fence.isEmpty()) {
        beginBlock(Code, line.mid(fence.size()).trimmed());
        m_fence = fence;
    } else if (!inCode && line.isEmpty()) {
        m_open = m_lineBreakDue = false;
    } else {
        beginText();
        m_lineBreakDue = true;
    }
    m_held.clear();
    m_holding = true;
}

void BlockModel::beginBlock(Kind kind, const QString& language) {
    flush();
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_blocks.push_back({kind, {}, language});
    m_open = true;
    m_lineBreakDue = false;
    endInsertRows();
}

void BlockModel::flush() {
    if (m_fresh.isEmpty()) return;
    m_blocks.back().text += m_fresh;
    const int row = rowCount() - 1;
    emit textAppended(row, std::exchange(m_fresh, {}));
    emit dataChanged(index(row), index(row), {TextRole});
}

int BlockModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_blocks.size());
}

QVariant BlockModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Block& block = m_blocks[static_cast<std::size_t>(index.row())];
    switch (role) {
    case KindRole:
        return block.kind;
    case Qt::DisplayRole:
    case TextRole:
        return block.text;
    case LanguageRole:
        return block.language;
    default:
        return {};
    }
}

QHash<int, QByteArray> BlockModel::roleNames() const {
    return {{KindRole, "kind"}, {TextRole, "text"}, {LanguageRole, "language"}};
}

} // namespace altiplano::app
