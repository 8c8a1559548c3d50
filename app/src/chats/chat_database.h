#pragma once

#include "chats/records.h"
#include "chats/sqlite.h"

namespace altiplano::app {

/// The chats' database: schema, queries, full-text search. Synchronous, one thread at a time; throws
/// SqlError. WAL: what was put is there after the process is killed; after a power cut the last commits may
/// be missing.
class ChatDatabase {
public:
    /// Opens or creates, and migrates (see chat_schema.h); throws TooNew, too.
    explicit ChatDatabase(const QString& path); ///< or ":memory:"

    /// Stores or replaces, in one transaction.
    void put(const std::vector<ChatRecord>& chats, const std::vector<MessageRecord>& messages);

    std::vector<ChatRecord> chats(); ///< all, also the archived and the deleted
    std::vector<MessageRecord> messages(ChatId chat);

    /// Chats that contain all words, the last of them perhaps only begun: found titles first, then messages,
    /// newest first. Deleted chats are left out.
    std::vector<SearchHit> search(const QString& words, int most = 50);

    /// Ends the answers that went on when the process died: what came of them stays.
    void closeUnfinished();
    /// Removes for good what was deleted before that time (milliseconds since 1970).
    void purge(qint64 deletedBefore);
    void rebuildIndex();

    Sqlite& sql() { return m_sql; }

private:
    std::vector<SearchHit> titlesWith(const QString& query, int most);
    void addMessagesWith(const QString& query, int most, std::vector<SearchHit>& hits);

    Sqlite m_sql;
};

} // namespace altiplano::app
