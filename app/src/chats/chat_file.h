#pragma once

#include "chats/chat_database.h"

#include <functional>
#include <memory>

namespace altiplano::app {

/// What keeps chats from being stored as they should be. The window finds the words.
struct StorageTrouble {
    enum Kind {
        None,
        DiskFull,   ///< what is new is kept in memory and stored once there is room
        ReadOnly,   ///< the same, for a folder that may not be written
        Unreadable, ///< the same, for any other reason: `detail` has the system's words
        TooNew,     ///< the file belongs to a newer Altiplano and is left alone
        Recovered,  ///< the file was damaged: `chats` of it could be read, it is kept as `path`
    };
    Kind kind = None;
    QString detail;
    QString path;
    int chats = 0;
    bool operator==(const StorageTrouble&) const = default;
};

/// The chats' database with what becomes of it when the disk does not do its part: it never throws, and it
/// always takes what it is given. What the file cannot take is kept in a second database in memory, which
/// reading puts over the file's, until retry succeeds. One thread at a time.
class ChatFile {
public:
    explicit ChatFile(const QString& path); ///< folders are made as needed
    ~ChatFile();

    void put(const std::vector<ChatRecord>& chats, const std::vector<MessageRecord>& messages);
    std::vector<ChatRecord> chats();
    std::vector<MessageRecord> messages(ChatId chat);
    std::vector<SearchHit> search(const QString& words);
    void purge(qint64 deletedBefore);

    bool holdsUnsaved() const { return m_memory != nullptr; }
    bool retry(); ///< true: nothing is left in memory only
    const StorageTrouble& trouble() const { return m_trouble; }

private:
    using Work = std::function<void(ChatDatabase&)>;

    void open();
    bool onFile(const Work& work);
    void keepInMemory(const SqlError& error);
    void recover();

    QString m_path;
    std::unique_ptr<ChatDatabase> m_file;   ///< null: it cannot be used
    std::unique_ptr<ChatDatabase> m_memory; ///< null: the file has everything
    StorageTrouble m_trouble;
};

} // namespace altiplano::app
