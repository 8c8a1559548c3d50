#include "chats/chat_database.h"

#include "chats/chat_schema.h"
#include "chats/first_time.h"
#include "chats/search_tokenizer.h"

#include <QStringList>

#include <algorithm>
#include <utility>

namespace altiplano::app {

namespace {

constexpr int kMostRowsRead = 5000; ///< of a search, before it is content with the chats it has

/// FTS5's query for all of the words, the last of which may be only begun.
QString queryFor(const QString& words) {
    QStringList quoted = words.simplified().split(u' ', Qt::SkipEmptyParts);
    for (QString& word : quoted)
        word = u'"' + word.replace(u'"', QStringLiteral("\"\"")) + u'"';
    return quoted.isEmpty() ? QString() : quoted.join(u' ') + u'*';
}

ChatRecord chatOf(const Statement& row) {
    ChatRecord chat;
    chat.id = row.integer(0);
    chat.title = row.text(1);
    chat.titleSource = static_cast<ChatRecord::TitleSource>(row.integer(2));
    chat.created = row.integer(3);
    chat.changed = row.integer(4);
    chat.pinned = row.integer(5) != 0;
    chat.archived = row.integer(6) != 0;
    chat.deleted = row.integer(7);
    chat.leaf = row.integer(8);
    chat.settings = row.text(9);
    return chat;
}

MessageRecord messageOf(const Statement& row) {
    MessageRecord message;
    message.id = row.integer(0);
    message.chat = row.integer(1);
    message.parent = row.integer(2);
    message.sender = static_cast<turn::Sender>(row.integer(3));
    message.state = static_cast<turn::State>(row.integer(4));
    message.created = row.integer(5);
    message.figures = {static_cast<qint32>(row.integer(6)), row.integer(7), row.integer(8),
                       static_cast<qint32>(row.integer(9))};
    message.model = row.text(10);
    message.error = row.text(11);
    message.text = row.text(12);
    return message;
}

} // namespace

ChatDatabase::ChatDatabase(const QString& path) : m_sql(path) {
    registerSearchTokenizer(m_sql.handle());
    registerFirstTime(m_sql.handle());
    m_sql.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON");
    migrate(m_sql, path, kSchemaSteps);
}

void ChatDatabase::put(const std::vector<ChatRecord>& chats, const std::vector<MessageRecord>& messages) {
    Transaction transaction(m_sql);
    // An upsert rather than REPLACE, which would not run the triggers that keep the index.
    Statement putChat = m_sql.prepare(
        "INSERT INTO chats VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET title=excluded.title, "
        "title_source=excluded.title_source, created=excluded.created, changed=excluded.changed, "
        "pinned=excluded.pinned, archived=excluded.archived, deleted=excluded.deleted, leaf=excluded.leaf, "
        "settings=excluded.settings");
    for (const ChatRecord& chat : chats)
        putChat.run(chat.id, chat.title, qint64{chat.titleSource}, chat.created, chat.changed,
                    qint64{chat.pinned}, qint64{chat.archived}, chat.deleted, chat.leaf, chat.settings);
    Statement putMessage = m_sql.prepare(
        "INSERT INTO messages VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
        "state=excluded.state, tokens=excluded.tokens, first_token_ns=excluded.first_token_ns, "
        "decode_ns=excluded.decode_ns, context_used=excluded.context_used, model=excluded.model, "
        "error=excluded.error, text=excluded.text");
    for (const MessageRecord& message : messages)
        putMessage.run(message.id, message.chat, message.parent, qint64{message.sender},
                       qint64{message.state}, message.created, qint64{message.figures.tokens},
                       message.figures.firstTokenNs, message.figures.decodeNs,
                       qint64{message.figures.contextUsed}, message.model, message.error, message.text);
    transaction.commit();
}

std::vector<ChatRecord> ChatDatabase::chats() {
    std::vector<ChatRecord> all;
    Statement rows = m_sql.prepare("SELECT * FROM chats");
    while (rows.step())
        all.push_back(chatOf(rows));
    return all;
}

std::vector<MessageRecord> ChatDatabase::messages(ChatId chat) {
    std::vector<MessageRecord> all;
    Statement rows = m_sql.prepare("SELECT * FROM messages WHERE chat = ? ORDER BY id");
    rows.bind(chat);
    while (rows.step())
        all.push_back(messageOf(rows));
    return all;
}

std::vector<SearchHit> ChatDatabase::search(const QString& words, int most) {
    const QString query = queryFor(words);
    if (query.isEmpty()) return {};
    std::vector<SearchHit> hits = titlesWith(query, most);
    addMessagesWith(query, most, hits);
    return hits;
}

std::vector<SearchHit> ChatDatabase::titlesWith(const QString& query, int most) {
    std::vector<SearchHit> hits;
    Statement rows =
        m_sql.prepare("SELECT chats.id FROM title_words JOIN chats ON chats.id = title_words.rowid "
                      "WHERE title_words MATCH ? AND deleted = 0 ORDER BY title_words.rowid DESC LIMIT ?");
    rows.bind(query, qint64{most});
    while (rows.step())
        hits.push_back({rows.integer(0), 0, {}});
    return hits;
}

/// Reads rows newest first and keeps the first of each chat, so that the cost does not grow with what is
/// found. Only of those is an excerpt made, within the one query: for a beginning of many words, FTS5 puts
/// the whole list of messages together each time that it is asked.
void ChatDatabase::addMessagesWith(const QString& query, int most, std::vector<SearchHit>& hits) {
    Statement rows = m_sql.prepare(
        "SELECT messages.id, chat, "
        "CASE WHEN first_time(?3, chat) THEN snippet(message_words, 0, char(1), char(2), '…', 12) END "
        "FROM message_words JOIN messages ON messages.id = message_words.rowid "
        "JOIN chats ON chats.id = chat WHERE message_words MATCH ?1 AND chats.deleted = 0 "
        "ORDER BY message_words.rowid DESC LIMIT ?2");
    IdSet seen;
    rows.bind(query, qint64{kMostRowsRead}).bindPointer(3, &seen, kIdSet);
    for (std::size_t had = 0; had < static_cast<std::size_t>(most) && rows.step();) {
        if (seen.size() == std::exchange(had, seen.size())) continue;
        const ChatId chat = rows.integer(1);
        auto hit = std::find_if(hits.begin(), hits.end(), [&](const SearchHit& h) { return h.chat == chat; });
        if (hit == hits.end()) hit = hits.insert(hits.end(), {chat, 0, {}});
        hit->message = rows.integer(0);
        hit->excerpt = rows.text(2).simplified();
    }
}

void ChatDatabase::closeUnfinished() {
    m_sql.prepare("UPDATE messages SET state = ? WHERE state < 2").run(qint64{turn::Stopped});
}

void ChatDatabase::purge(qint64 deletedBefore) {
    Transaction transaction(m_sql);
    m_sql
        .prepare(
            "DELETE FROM messages WHERE chat IN (SELECT id FROM chats WHERE deleted > 0 AND deleted < ?)")
        .run(deletedBefore);
    m_sql.prepare("DELETE FROM chats WHERE deleted > 0 AND deleted < ?").run(deletedBefore);
    const bool removed = m_sql.integer("SELECT changes()") > 0;
    // Else the words would stay in the index until it is next merged.
    if (removed) m_sql.execute("INSERT INTO message_words(message_words) VALUES ('optimize')");
    transaction.commit();
}

void ChatDatabase::rebuildIndex() {
    Transaction transaction(m_sql);
    m_sql.execute("INSERT INTO title_words(title_words) VALUES ('rebuild');"
                  "INSERT INTO message_words(message_words) VALUES ('delete-all');"
                  "INSERT INTO message_words(rowid, text) SELECT id, text FROM messages WHERE state >= 2");
    transaction.commit();
}

} // namespace altiplano::app
