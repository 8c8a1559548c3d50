#include "chats/chat_list_model.h"

#include <QDateTime>

#include <algorithm>
#include <tuple>

namespace altiplano::app {

namespace {

/// The words found in bold, everything else as it is.
QString styled(const QString& excerpt) {
    QString text = excerpt.toHtmlEscaped();
    text.replace(kHitBegin, QStringLiteral("<b>"));
    return text.replace(kHitEnd, QStringLiteral("</b>"));
}

} // namespace

ChatListModel::ChatListModel(ChatStore& store, QObject* parent) : QAbstractListModel(parent), m_store(store) {
    m_midnight.setSingleShot(true);
    m_midnight.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_midnight, &QTimer::timeout, this, [this] {
        waitForMidnight();
        if (!m_rows.empty()) emit dataChanged(index(0), index(count() - 1), {SectionRole});
    });
    waitForMidnight();
    reload();
}

void ChatListModel::waitForMidnight() {
    const QDateTime now = QDateTime::currentDateTime();
    m_today = now.date();
    m_midnight.start(static_cast<int>(now.msecsTo(m_today.addDays(1).startOfDay()) + 1000));
}

void ChatListModel::reload() {
    m_store.list(this, [this](const std::vector<ChatRecord>& chats) { onListed(chats); });
}

/// What was put here in the meantime is newer than what was read.
void ChatListModel::onListed(const std::vector<ChatRecord>& chats) {
    for (const ChatRecord& chat : chats)
        m_chats.try_emplace(chat.id, chat);
    arrange();
}

void ChatListModel::put(const ChatRecord& chat, std::vector<MessageRecord> messages, QObject* asker,
                        std::function<void()> done) {
    m_store.save({chat}, std::move(messages), asker, std::move(done));
    m_chats[chat.id] = chat;
    arrange();
    if (const int row = rowOf(chat.id); row >= 0) emit dataChanged(index(row), index(row));
    emit recordChanged(chat.id);
}

const ChatRecord* ChatListModel::find(ChatId id) const {
    const auto found = m_chats.find(id);
    return found == m_chats.end() ? nullptr : &found->second;
}

std::vector<ChatRecord> ChatListModel::all() const {
    std::vector<ChatRecord> chats;
    for (const auto& [id, chat] : m_chats)
        chats.push_back(chat);
    std::sort(chats.begin(), chats.end(),
              [](const ChatRecord& a, const ChatRecord& b) { return a.id < b.id; });
    return chats;
}

void ChatListModel::setAnswering(ChatId id, bool answering) {
    std::erase(m_answering, id);
    if (answering) m_answering.push_back(id);
    if (const int row = rowOf(id); row >= 0) emit dataChanged(index(row), index(row), {AnsweringRole});
}

void ChatListModel::rename(qint64 id, const QString& title) {
    const ChatRecord* chat = find(id);
    if (!chat || title.simplified().isEmpty() || title.simplified() == chat->title) return;
    ChatRecord renamed = *chat;
    renamed.title = title.simplified().left(200);
    renamed.titleSource = ChatRecord::Written;
    put(renamed);
}

void ChatListModel::setPinned(qint64 id, bool pinned) {
    const ChatRecord* chat = find(id);
    if (!chat) return;
    ChatRecord changed = *chat;
    changed.pinned = pinned;
    put(changed);
}

void ChatListModel::setArchived(qint64 id, bool archived) {
    const ChatRecord* chat = find(id);
    if (!chat) return;
    ChatRecord changed = *chat;
    changed.archived = archived;
    put(changed);
    if (archived)
        offerUndo(UndoArchive, id);
    else if (m_undoId == id)
        dismissUndo();
}

void ChatListModel::duplicate(qint64 id) {
    const ChatRecord* chat = find(id);
    if (!chat) return;
    ChatRecord copy = *chat;
    copy.id = m_store.newId();
    copy.title = tr("%1 (copy)").arg(chat->title);
    copy.titleSource = ChatRecord::Written;
    copy.changed = QDateTime::currentMSecsSinceEpoch();
    copy.pinned = copy.archived = false;
    copy.leaf = 0;
    m_store.messages(id, this, [this, copy, id](std::vector<MessageRecord> messages) mutable {
        std::unordered_map<MessageId, MessageId> ids{{0, 0}};
        const MessageId leaf = find(id) ? find(id)->leaf : 0;
        for (MessageRecord& message : messages) {
            ids[message.id] = m_store.newId();
            if (message.id == leaf) copy.leaf = ids[message.id];
            message.id = ids[message.id];
            message.parent = ids[message.parent];
            message.chat = copy.id;
            if (message.state < turn::Complete) message.state = turn::Stopped;
        }
        put(copy, std::move(messages));
        emit duplicated(id, copy.id);
    });
}

void ChatListModel::remove(qint64 id) {
    const ChatRecord* chat = find(id);
    if (!chat || chat->deleted) return;
    ChatRecord changed = *chat;
    changed.deleted = QDateTime::currentMSecsSinceEpoch();
    put(changed);
    offerUndo(UndoDelete, id);
}

void ChatListModel::restore(qint64 id) {
    const ChatRecord* chat = find(id);
    if (!chat) return;
    ChatRecord changed = *chat;
    changed.deleted = 0;
    put(changed);
    if (m_undoId == id) dismissUndo();
}

void ChatListModel::undo() {
    if (m_undoKind == UndoDelete)
        restore(m_undoId);
    else if (m_undoKind == UndoArchive)
        setArchived(m_undoId, false);
}

void ChatListModel::offerUndo(UndoKind kind, ChatId id) {
    m_undoKind = kind;
    m_undoId = id;
    emit undoChanged();
}

void ChatListModel::dismissUndo() {
    offerUndo(NoUndo, 0);
}

QString ChatListModel::undoTitle() const {
    const ChatRecord* chat = find(m_undoId);
    return chat ? chat->title : QString();
}

int ChatListModel::rowOf(qint64 id) const {
    const auto row = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& r) { return r.id == id; });
    return row == m_rows.end() ? -1 : static_cast<int>(row - m_rows.begin());
}

void ChatListModel::setView(View view) {
    if (view == m_view) return;
    m_view = view;
    arrange();
    emit viewChanged();
}

void ChatListModel::setSearched(const QString& words) {
    if (words == m_searched) return;
    m_searched = words;
    emit searchedChanged();
    if (searching())
        search();
    else
        arrange();
}

/// One search at a time: whatever was typed meanwhile is looked for next.
void ChatListModel::search() {
    if (m_searchOut || !searching()) return;
    m_searchOut = true;
    m_searchRunning = m_searched;
    m_store.search(m_searched, this, [this](const std::vector<SearchHit>& hits) {
        m_searchOut = false;
        if (searching()) {
            m_hits = hits;
            arrange();
        }
        if (m_searchRunning != m_searched) search();
    });
}

void ChatListModel::arrange() {
    int archived = 0, deleted = 0;
    for (const auto& [id, chat] : m_chats) {
        archived += chat.archived && !chat.deleted;
        deleted += chat.deleted != 0;
    }
    show(arranged());
    m_archived = archived;
    m_deleted = deleted;
    emit countChanged();
}

bool ChatListModel::belongs(const ChatRecord& chat) const {
    if (m_view == Deleted) return chat.deleted != 0;
    return !chat.deleted && chat.archived == (m_view == Archived);
}

std::vector<ChatListModel::Row> ChatListModel::arranged() const {
    std::vector<Row> rows;
    if (searching()) { // in the order of the hits, wherever the chat is
        for (const SearchHit& hit : m_hits)
            if (const ChatRecord* chat = find(hit.chat); chat && !chat->deleted)
                rows.push_back({hit.chat, hit.message, styled(hit.excerpt)});
        return rows;
    }
    std::vector<const ChatRecord*> chats;
    for (const auto& [id, chat] : m_chats)
        if (belongs(chat)) chats.push_back(&chat);
    std::sort(chats.begin(), chats.end(), [](const ChatRecord* a, const ChatRecord* b) {
        return std::tie(b->pinned, b->changed, b->id) < std::tie(a->pinned, a->changed, a->id);
    });
    for (const ChatRecord* chat : chats)
        rows.push_back({chat->id, 0, {}});
    return rows;
}

/// Changes the rows in the smallest way, so that the view keeps its place: one row that came, went or moved
/// up, as a chat does in which something was said; else all.
void ChatListModel::show(std::vector<Row> rows) {
    if (rows == m_rows) return;
    const auto from =
        std::mismatch(m_rows.begin(), m_rows.end(), rows.begin(), rows.end()).first - m_rows.begin();
    const int first = static_cast<int>(from);
    std::vector<Row> candidate = m_rows;
    if (rows.size() == m_rows.size() + 1) {
        candidate.insert(candidate.begin() + from, rows[static_cast<std::size_t>(from)]);
        if (candidate == rows) {
            beginInsertRows({}, first, first);
            m_rows = std::move(rows);
            return endInsertRows();
        }
    } else if (rows.size() + 1 == m_rows.size()) {
        candidate.erase(candidate.begin() + from);
        if (candidate == rows) {
            beginRemoveRows({}, first, first);
            m_rows = std::move(rows);
            return endRemoveRows();
        }
    } else if (rows.size() == m_rows.size()) {
        const int old = rowOf(rows[static_cast<std::size_t>(from)].id);
        if (old > first)
            std::rotate(candidate.begin() + first, candidate.begin() + old, candidate.begin() + old + 1);
        if (candidate == rows) {
            beginMoveRows({}, old, old, {}, first);
            m_rows = std::move(rows);
            return endMoveRows();
        }
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

QString ChatListModel::sectionOf(const ChatRecord& chat) const {
    if (searching() || m_view != Present) return {};
    if (chat.pinned) return QStringLiteral("pinned");
    const QDate day = QDateTime::fromMSecsSinceEpoch(chat.changed).date();
    const qint64 daysAgo = day.daysTo(m_today);
    if (daysAgo <= 0) return QStringLiteral("today");
    if (daysAgo == 1) return QStringLiteral("yesterday");
    if (daysAgo <= 7) return QStringLiteral("week");
    return day.toString(QStringLiteral("yyyy-MM"));
}

int ChatListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant ChatListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const ChatRecord* chat = find(row.id);
    if (!chat) return {};
    switch (role) {
    case IdRole:
        return row.id;
    case Qt::DisplayRole:
    case TitleRole:
        return chat->title;
    case SectionRole:
        return sectionOf(*chat);
    case PinnedRole:
        return chat->pinned;
    case ArchivedRole:
        return chat->archived;
    case DeletedRole:
        return chat->deleted != 0;
    case AnsweringRole:
        return std::find(m_answering.begin(), m_answering.end(), row.id) != m_answering.end();
    case ExcerptRole:
        return row.excerpt;
    case MessageRole:
        return row.message;
    default:
        return {};
    }
}

QHash<int, QByteArray> ChatListModel::roleNames() const {
    return {{IdRole, "chatId"},       {TitleRole, "title"},         {SectionRole, "section"},
            {PinnedRole, "pinned"},   {ArchivedRole, "archived"},   {DeletedRole, "deleted"},
            {ExcerptRole, "excerpt"}, {AnsweringRole, "answering"}, {MessageRole, "messageId"}};
}

} // namespace altiplano::app
