#include "block_model.h"

#include "composer/attachment.h"

#include <utility>

namespace altiplano::app {

namespace {

const QString kThink = QStringLiteral("<think>");
const QString kThinkEnd = QStringLiteral("</think>");
constexpr double kMsPerSecond = 1000;
constexpr qsizetype kBurst = 65536; ///< characters that wait at once; a model writes a few in a frame

/// How many of the last characters may be the start of the tag.
qsizetype startOf(const QString& tag, const QString& text) {
    for (qsizetype length = std::min(tag.size() - 1, text.size()); length > 0; --length)
        if (text.endsWith(QStringView(tag).left(length))) return length;
    return 0;
}

} // namespace

void BlockModel::append(const QString& text) {
    if (!m_looked) {
        m_unread += text;
    } else if (m_paced) {
        m_waiting += text;
        emit textWaits();
    } else {
        take(std::exchange(m_waiting, {}) + text);
    }
}

void BlockModel::takeLine() {
    const qsizetype end = m_waiting.size() > kBurst ? 0 : m_waiting.indexOf(u'\n') + 1;
    const QString line = end > 0 ? m_waiting.left(end) : m_waiting;
    m_waiting.remove(0, line.size());
    if (!line.isEmpty()) take(line);
}

void BlockModel::finish() {
    m_finished = true;
    if (!m_looked) return;
    if (!m_waiting.isEmpty()) take(std::exchange(m_waiting, {}));
    if (m_phase == Beginning) {
        m_phase = Answering;
        update(m_answer, m_answer.stream.append(std::exchange(m_held, {})));
    } else if (m_phase == Thinking) {
        update(m_thoughts, m_thoughts.stream.append(std::exchange(m_held, {})));
        endThinking({});
    } else if (!m_held.isEmpty()) {
        update(m_answer, m_answer.stream.append(std::exchange(m_held, {})));
    }
    update(m_answer, m_answer.stream.finish());
    m_answer.stream = {};
    m_thoughts.stream = {};
}

void BlockModel::setPlain(const QString& text) {
    beginResetModel();
    const ComposedMessage message = withoutAttachments(text);
    m_answer.blocks.clear();
    const auto add = [this](Block block) {
        m_answer.blocks.push_back(std::make_shared<const Block>(std::move(block)));
    };
    if (!message.words.isEmpty() || message.attachments.empty()) {
        Block words;
        words.words.text = QString(message.words).replace(u'\n', QChar::LineSeparator);
        add(std::move(words));
    }
    for (const Attachment& attachment : message.attachments) {
        Block file;
        file.kind = BlockKind::File;
        file.language = attachment.name;
        file.words.text = attachment.text;
        add(std::move(file));
    }
    m_answer.settled = m_answer.blocks.size();
    m_looked = m_finished = true;
    endResetModel();
}

/// Reads what has come, the first time that anyone wants to know.
void BlockModel::look() {
    if (std::exchange(m_looked, true)) return;
    const QSignalBlocker nobodyCounts(this);
    take(std::exchange(m_unread, {}));
    if (m_finished) finish();
}

void BlockModel::take(const QString& text) {
    switch (m_phase) {
    case Beginning:
        return begin(text);
    case Thinking:
        return think(text);
    case Answering:
        return answer(text);
    }
}

void BlockModel::begin(const QString& text) {
    if (!m_thinkingClock.isValid()) m_thinkingClock.start();
    m_held += text;
    const QString start = m_held.trimmed().left(kThink.size());
    if (start == kThink) {
        startThinking();
        const QString rest = std::exchange(m_held, {});
        think(rest.mid(rest.indexOf(kThink) + kThink.size()));
    } else if (!kThink.startsWith(start)) {
        m_phase = Answering;
        answer(std::exchange(m_held, {}));
    }
}

void BlockModel::startThinking() {
    m_phase = Thinking;
    beginInsertRows({}, 0, 0);
    m_hasThoughts = true;
    endInsertRows();
}

void BlockModel::think(const QString& text) {
    QString all = std::exchange(m_held, {}) + text;
    const qsizetype end = all.indexOf(kThinkEnd);
    if (end < 0) {
        m_held = all.right(startOf(kThinkEnd, all));
        all.chop(m_held.size());
        return update(m_thoughts, m_thoughts.stream.append(all));
    }
    update(m_thoughts, m_thoughts.stream.append(all.left(end)));
    endThinking(all.mid(end + kThinkEnd.size()));
}

void BlockModel::endThinking(const QString& rest) {
    update(m_thoughts, m_thoughts.stream.finish());
    m_phase = Answering;
    if (!m_finished) m_seconds = static_cast<double>(m_thinkingClock.elapsed()) / kMsPerSecond;
    headerChanged();
    if (!rest.isEmpty()) answer(rest);
}

/// Some templates put <think> into the prompt: then only its end is in the answer, on a line of its own.
void BlockModel::answer(const QString& text) {
    QString all = std::exchange(m_held, {}) + text;
    if (!m_hasThoughts) {
        const bool first = m_lineOver && all.startsWith(kThinkEnd);
        const qsizetype end = first ? 0 : all.indexOf(u'\n' + kThinkEnd) + 1;
        if (first || end > 0) {
            update(m_answer, m_answer.stream.append(all.left(end)));
            thoughtSoFar();
            return endThinking(all.mid(end + kThinkEnd.size()));
        }
        const qsizetype held = startOf(kThinkEnd, all);
        const qsizetype before = all.size() - held - 1;
        if (before >= 0 ? all[before] == u'\n' : m_lineOver) m_held = all.right(held);
        all.chop(m_held.size());
        if (!all.isEmpty()) m_lineOver = all.endsWith(u'\n');
    }
    if (!all.isEmpty()) update(m_answer, m_answer.stream.append(all));
}

/// What was taken for the answer is the reasoning.
void BlockModel::thoughtSoFar() {
    beginResetModel();
    m_hasThoughts = true;
    std::swap(m_thoughts, m_answer);
    endResetModel();
}

void BlockModel::setUnfolded(bool unfolded) {
    const int count = static_cast<int>(m_thoughts.blocks.size());
    if (unfolded == m_unfolded || !m_hasThoughts) return;
    if (count > 0 && unfolded) beginInsertRows({}, 1, count);
    if (count > 0 && !unfolded) beginRemoveRows({}, 1, count);
    m_unfolded = unfolded;
    if (count > 0) unfolded ? endInsertRows() : endRemoveRows();
    headerChanged();
}

void BlockModel::headerChanged() {
    if (m_hasThoughts) emit dataChanged(index(0), index(0), {UnfoldedRole, ThinkingRole, SecondsRole});
}

int BlockModel::firstRow(const Part& part) const {
    if (&part == &m_answer) return (m_hasThoughts ? 1 : 0) + shownThoughts();
    return m_unfolded ? 1 : -1;
}

/// Shows the new blocks in place of those that had not been settled; rows that stay the same are not touched.
void BlockModel::update(Part& part, MarkdownStream::Update update) {
    const std::size_t first = update.restarts ? 0 : part.settled;
    std::vector<Block> blocks = std::move(update.settled);
    part.settled = first + blocks.size();
    std::move(update.open.begin(), update.open.end(), std::back_inserter(blocks));
    const std::size_t had = part.blocks.size(), have = first + blocks.size();
    for (std::size_t row = first; row < std::min(had, have); ++row)
        replace(part, row, std::move(blocks[row - first]));
    const int top = firstRow(part);
    if (have > had) {
        if (top >= 0) beginInsertRows({}, top + static_cast<int>(had), top + static_cast<int>(have) - 1);
        for (std::size_t row = had; row < have; ++row)
            part.blocks.push_back(std::make_shared<const Block>(std::move(blocks[row - first])));
        if (top >= 0) endInsertRows();
    } else if (have < had) {
        if (top >= 0) beginRemoveRows({}, top + static_cast<int>(have), top + static_cast<int>(had) - 1);
        part.blocks.resize(have);
        if (top >= 0) endRemoveRows();
    }
}

/// A block that needs another kind of item is another row.
void BlockModel::replace(Part& part, std::size_t row, Block block) {
    const std::shared_ptr<const Block> before = part.blocks[row];
    const Block& old = *before;
    if (old == block) return;
    const bool sameItem = old.kind == block.kind || (isWords(old.kind) && isWords(block.kind));
    const bool sameShape = old.kind == block.kind && old.level == block.level &&
                           old.language == block.language && old.nesting == block.nesting &&
                           old.marker == block.marker;
    const auto fresh = std::make_shared<const Block>(std::move(block));
    const int top = firstRow(part), at = top + static_cast<int>(row);
    if (top < 0 || sameItem) {
        part.blocks[row] = fresh;
    } else {
        const auto place = part.blocks.begin() + static_cast<std::ptrdiff_t>(row);
        beginRemoveRows({}, at, at);
        const auto next = part.blocks.erase(place);
        endRemoveRows();
        beginInsertRows({}, at, at);
        part.blocks.insert(next, fresh);
        endInsertRows();
        emit replaced(at);
    }
    if (top < 0) return;
    if (sameItem)
        emit dataChanged(index(at), index(at), sameShape ? QList<int>{ContentRole, TextRole} : QList<int>{});
    if (!sameShape && row + 1 < part.blocks.size())
        emit dataChanged(index(at + 1), index(at + 1), {TightRole});
}

int BlockModel::rowCount(const QModelIndex& parent) const {
    const_cast<BlockModel*>(this)->look();
    if (parent.isValid()) return 0;
    return firstRow(m_answer) + static_cast<int>(m_answer.blocks.size());
}

/// Null: the row that folds the reasoning.
const Block* BlockModel::blockAt(int row) const {
    if (m_hasThoughts && row == 0) return nullptr;
    const int inAnswer = row - firstRow(m_answer);
    const auto& blocks = inAnswer >= 0 ? m_answer.blocks : m_thoughts.blocks;
    return blocks[static_cast<std::size_t>(inAnswer >= 0 ? inAnswer : row - 1)].get();
}

QVariant BlockModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const int row = index.row();
    const Block* block = blockAt(row);
    switch (role) {
    case KindRole:
        return block ? block->kind : BlockKind::Reasoning;
    case Qt::DisplayRole:
    case TextRole:
        return block ? block->plainText() : QString();
    case ContentRole: {
        if (!block) return {};
        const int inAnswer = row - firstRow(m_answer);
        return QVariant::fromValue(inAnswer >= 0 ? m_answer.blocks[static_cast<std::size_t>(inAnswer)]
                                                 : m_thoughts.blocks[static_cast<std::size_t>(row - 1)]);
    }
    case LanguageRole:
        return block ? block->language : QString();
    case LevelRole:
        return block ? block->level : 0;
    case NestingRole:
        return block ? block->nesting : QString();
    case MarkerRole:
        return block ? block->marker : QString();
    case TightRole: {
        const Block* above = row > 0 ? blockAt(row - 1) : nullptr;
        return block && above && !block->nesting.isEmpty() &&
               block->nesting.left(1) == above->nesting.left(1);
    }
    case ThoughtRole:
        return m_hasThoughts && row > 0 && row < firstRow(m_answer);
    case UnfoldedRole:
        return m_unfolded;
    case ThinkingRole:
        return m_phase == Thinking;
    case SecondsRole:
        return m_seconds;
    default:
        return {};
    }
}

QHash<int, QByteArray> BlockModel::roleNames() const {
    return {{KindRole, "kind"},         {TextRole, "text"},         {ContentRole, "content"},
            {LanguageRole, "language"}, {LevelRole, "level"},       {NestingRole, "nesting"},
            {MarkerRole, "marker"},     {TightRole, "tight"},       {ThoughtRole, "thought"},
            {UnfoldedRole, "unfolded"}, {ThinkingRole, "thinking"}, {SecondsRole, "seconds"}};
}

} // namespace altiplano::app
