#include "transcript_model.h"

#include <algorithm>

namespace altiplano::app {

namespace {

constexpr int kAtOnce = 40;        ///< messages that are taken in before the first picture
constexpr qint64 kIdleSliceMs = 3; ///< spent on earlier ones at a time

constexpr int kFrameMs = 17;
constexpr qint64 kSliceNs = 1'000'000;   ///< of a frame, for text that streams in; drawing it takes as long
constexpr qsizetype kMuchWaiting = 1000; ///< characters for which there is twice the time
constexpr qint64 kMostNs = 8'000'000;    ///< of a frame, however much waits

} // namespace

TranscriptModel::TranscriptModel(QObject* parent) : QAbstractListModel(parent) {
    m_idle.setInterval(kIdleSliceMs);
    connect(&m_idle, &QTimer::timeout, this, &TranscriptModel::takeInEarlier);
    m_frame.setSingleShot(true);
    m_frame.setTimerType(Qt::PreciseTimer);
    connect(&m_frame, &QTimer::timeout, this, &TranscriptModel::letIn);
}

TranscriptModel::~TranscriptModel() {
    for (const Entry& entry : m_entries)
        leave(entry.blocks);
}

void TranscriptModel::setMessages(QAbstractItemModel* messages) {
    if (messages == m_messages) return;
    if (m_messages) m_messages->disconnect(this);
    m_messages = messages;
    if (messages) {
        m_blocksRole = messages->roleNames().key("blocks", -1);
        connect(messages, &QAbstractItemModel::modelReset, this, &TranscriptModel::reset);
        connect(messages, &QAbstractItemModel::rowsInserted, this,
                [this](const QModelIndex&, int first, int last) { takeIn(first, last); });
        connect(messages, &QAbstractItemModel::rowsAboutToBeRemoved, this,
                [this](const QModelIndex&, int first, int last) { onRemoving(first, last); });
        connect(messages, &QAbstractItemModel::rowsRemoved, this, [this] {
            if (std::exchange(m_removing, false)) endRemoveRows();
            lastChanged();
        });
        connect(messages, &QAbstractItemModel::dataChanged, this,
                [this](const QModelIndex& top, const QModelIndex& bottom, const QList<int>& roles) {
                    onDataChanged(top.row(), bottom.row(), roles);
                });
    }
    reset();
    emit messagesChanged();
}

TranscriptModel::Entry TranscriptModel::entryOf(int message) const {
    const QVariant value = m_messages->index(message, 0).data(m_blocksRole);
    auto* blocks = qobject_cast<BlockModel*>(value.value<QAbstractItemModel*>());
    return {blocks, 0, blocks ? blocks->rowCount() : 0};
}

void TranscriptModel::reset() {
    beginResetModel();
    for (const Entry& entry : m_entries)
        leave(entry.blocks);
    m_entries.clear();
    const int count = m_messages ? m_messages->rowCount() : 0;
    m_first = std::max(0, count - kAtOnce);
    for (int message = m_first; message < count; ++message) {
        m_entries.push_back(entryOf(message));
        follow(m_entries.back().blocks);
    }
    renumber(0);
    endResetModel();
    m_first > 0 ? m_idle.start() : m_idle.stop();
}

void TranscriptModel::takeInEarlier() {
    QElapsedTimer clock;
    clock.start();
    int first = m_first;
    std::vector<Entry> earlier;
    int rows = 0;
    while (first > 0 && clock.elapsed() < kIdleSliceMs) {
        earlier.push_back(entryOf(--first));
        rows += earlier.back().count + 1;
    }
    if (rows > 0) {
        beginInsertRows({}, 0, rows - 1);
        m_first = first;
        m_entries.insert(m_entries.begin(), earlier.rbegin(), earlier.rend());
        renumber(0);
        endInsertRows();
        for (const Entry& entry : earlier)
            follow(entry.blocks);
    }
    if (m_first == 0) m_idle.stop();
}

void TranscriptModel::takeIn(int first, int last) {
    const int inserted = last - first + 1;
    if (first < m_first) {
        m_first += inserted; // among those that wait
        return;
    }
    const int at = first - m_first;
    const bool atEnd = at == static_cast<int>(m_entries.size());
    std::vector<Entry> fresh;
    int rows = 0;
    for (int message = first; message <= last; ++message) {
        fresh.push_back(entryOf(message));
        rows += fresh.back().count + 1;
    }
    const int row = atEnd ? rowCount() : m_entries[static_cast<std::size_t>(at)].start;
    beginInsertRows({}, row, row + rows - 1);
    m_entries.insert(m_entries.begin() + at, fresh.begin(), fresh.end());
    renumber(at);
    endInsertRows();
    for (const Entry& entry : fresh)
        follow(entry.blocks);
    if (atEnd && at > 0) lastChanged(at - 1);
}

/// Whether something follows the messages from that entry on may have changed.
void TranscriptModel::lastChanged(int entry) {
    if (m_entries.empty()) return;
    const std::size_t first = entry < 0 ? m_entries.size() - 1 : static_cast<std::size_t>(entry);
    emit dataChanged(index(m_entries[first].start), index(rowCount() - 1), {LastMessageRole});
}

void TranscriptModel::onRemoving(int first, int last) {
    const int from = std::max(0, first - m_first), to = last - m_first;
    if (first < m_first) m_first -= std::min(last + 1, m_first) - first;
    if (to < 0) return;
    const int top = m_entries[static_cast<std::size_t>(from)].start;
    const Entry& bottom = m_entries[static_cast<std::size_t>(to)];
    beginRemoveRows({}, top, bottom.start + bottom.count);
    for (int entry = from; entry <= to; ++entry)
        leave(m_entries[static_cast<std::size_t>(entry)].blocks);
    m_entries.erase(m_entries.begin() + from, m_entries.begin() + to + 1);
    renumber(from);
    m_removing = true; // ends once the messages are gone
}

bool TranscriptModel::isStale(int message) const {
    return m_entries[static_cast<std::size_t>(message - m_first)].blocks != entryOf(message).blocks;
}

void TranscriptModel::onDataChanged(int first, int last, const QList<int>& roles) {
    for (int message = std::max(first, m_first); message <= last; ++message) {
        if (!isStale(message)) continue; // other blocks: another branch is shown
        onRemoving(message, message);
        if (std::exchange(m_removing, false)) endRemoveRows();
        takeIn(message, message);
    }
    if (last < m_first) return;
    QList<int> mapped;
    for (const int role : roles)
        mapped << MessageRoles + role - Qt::UserRole;
    const Entry& bottom = m_entries[static_cast<std::size_t>(last - m_first)];
    const int top = m_entries[static_cast<std::size_t>(std::max(first, m_first) - m_first)].start;
    emit dataChanged(index(top), index(bottom.start + bottom.count), mapped);
}

/// Passes on what happens to the blocks of a message.
void TranscriptModel::follow(BlockModel* blocks) {
    if (!blocks) return;
    const auto entry = [this, blocks]() -> Entry& {
        return m_entries[static_cast<std::size_t>(entryIndex(blocks))];
    };
    connect(blocks, &QAbstractItemModel::rowsAboutToBeInserted, this,
            [=, this](const QModelIndex&, int first, int last) {
                beginInsertRows({}, entry().start + first, entry().start + last);
            });
    connect(blocks, &QAbstractItemModel::rowsInserted, this,
            [=, this](const QModelIndex&, int first, int last) {
                entry().count += last - first + 1;
                renumber(entryIndex(blocks));
                endInsertRows();
            });
    connect(blocks, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [=, this](const QModelIndex&, int first, int last) {
                beginRemoveRows({}, entry().start + first, entry().start + last);
            });
    connect(blocks, &QAbstractItemModel::rowsRemoved, this,
            [=, this](const QModelIndex&, int first, int last) {
                entry().count -= last - first + 1;
                renumber(entryIndex(blocks));
                endRemoveRows();
            });
    connect(blocks, &QAbstractItemModel::dataChanged, this,
            [=, this](const QModelIndex& top, const QModelIndex& bottom, const QList<int>& roles) {
                emit dataChanged(index(entry().start + top.row()), index(entry().start + bottom.row()),
                                 roles);
            });
    connect(blocks, &BlockModel::replaced, this, [=, this](int row) { emit replaced(entry().start + row); });
    connect(blocks, &QAbstractItemModel::modelReset, this, &TranscriptModel::reset);
    connect(blocks, &BlockModel::textWaits, this, [this, blocks] { grow(blocks); });
    blocks->setPaced(true);
    if (blocks->waiting() > 0) grow(blocks);
}

void TranscriptModel::leave(BlockModel* blocks) {
    if (!blocks) return;
    blocks->disconnect(this);
    blocks->setPaced(false);
}

void TranscriptModel::grow(BlockModel* blocks) {
    const qint64 left = m_sinceSlice.isValid() ? kFrameMs - m_sinceSlice.elapsed() : 0;
    if (std::exchange(m_growing, blocks) != blocks)
        m_frame.start(0);
    else if (!m_frame.isActive() && left > 0)
        m_frame.start(static_cast<int>(left));
    else if (!m_frame.isActive())
        letIn();
}

void TranscriptModel::letIn() {
    if (!m_growing || m_growing->waiting() == 0) return;
    m_sinceSlice.start();
    const qint64 slice = std::min(kMostNs, kSliceNs + kSliceNs * m_growing->waiting() / kMuchWaiting);
    QElapsedTimer clock;
    for (clock.start(); m_growing && m_growing->waiting() > 0 && clock.nsecsElapsed() < slice;) {
        m_growing->takeLine();
        emit lineTaken();
    }
    if (m_growing && m_growing->waiting() > 0) m_frame.start(kFrameMs);
}

/// Most often the last: that is where an answer streams in.
int TranscriptModel::entryIndex(const BlockModel* blocks) const {
    for (auto at = m_entries.size(); at > 0; --at)
        if (m_entries[at - 1].blocks == blocks) return static_cast<int>(at - 1);
    return 0;
}

void TranscriptModel::renumber(int entry) {
    for (auto at = static_cast<std::size_t>(entry); at < m_entries.size(); ++at)
        m_entries[at].start = at == 0 ? 0 : m_entries[at - 1].start + m_entries[at - 1].count + 1;
}

int TranscriptModel::rowOfMessage(int message) {
    while (message >= 0 && message < m_first)
        takeInEarlier();
    const auto at = static_cast<std::size_t>(message - m_first);
    return message >= 0 && at < m_entries.size() ? m_entries[at].start : -1;
}

int TranscriptModel::messageOfRow(int row) const {
    const auto after = std::upper_bound(m_entries.begin(), m_entries.end(), row,
                                        [](int wanted, const Entry& entry) { return wanted < entry.start; });
    return m_first + static_cast<int>(after - m_entries.begin()) - 1;
}

void TranscriptModel::setUnfolded(int message, bool unfolded) {
    const int at = message - m_first;
    if (at < 0 || at >= static_cast<int>(m_entries.size())) return;
    if (BlockModel* blocks = m_entries[static_cast<std::size_t>(at)].blocks) blocks->setUnfolded(unfolded);
}

int TranscriptModel::rowCount(const QModelIndex& parent) const {
    if (parent.isValid() || m_entries.empty()) return 0;
    return m_entries.back().start + m_entries.back().count + 1;
}

QVariant TranscriptModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const int message = messageOfRow(index.row());
    const Entry& entry = m_entries[static_cast<std::size_t>(message - m_first)];
    const int block = index.row() - entry.start;
    const bool foot = block == entry.count;
    switch (role) {
    case MessageRole:
        return message;
    case FootRole:
        return foot;
    case FirstRole:
        return block == 0;
    case LastMessageRole:
        return message + 1 == m_messages->rowCount();
    case RowsRole:
        return QVariant::fromValue(const_cast<TranscriptModel*>(this));
    default:
        break;
    }
    if (role >= MessageRoles) return m_messages->index(message, 0).data(role - MessageRoles + Qt::UserRole);
    if (!foot && entry.blocks) return entry.blocks->index(block).data(role);
    switch (role) { // a foot's; the view wants values of the right type
    case BlockModel::KindRole:
        return -1;
    case BlockModel::LevelRole:
        return 0;
    case BlockModel::SecondsRole:
        return 0.0;
    case BlockModel::TightRole:
    case BlockModel::ThoughtRole:
    case BlockModel::UnfoldedRole:
    case BlockModel::ThinkingRole:
        return false;
    case BlockModel::ContentRole:
        return {};
    default:
        return QString();
    }
}

QHash<int, QByteArray> TranscriptModel::roleNames() const {
    QHash<int, QByteArray> names = BlockModel().roleNames();
    if (m_messages) {
        const auto theirs = m_messages->roleNames();
        for (auto role = theirs.begin(); role != theirs.end(); ++role)
            if (role.key() >= Qt::UserRole && !names.values().contains(role.value()))
                names.insert(MessageRoles + role.key() - Qt::UserRole, role.value());
    }
    names.insert(MessageRole, "message");
    names.insert(FootRole, "foot");
    names.insert(FirstRole, "first");
    names.insert(LastMessageRole, "last");
    names.insert(RowsRole, "rows");
    return names;
}

} // namespace altiplano::app
