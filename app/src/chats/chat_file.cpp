#include "chats/chat_file.h"

#include "chats/chat_salvage.h"
#include "chats/chat_schema.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <map>

namespace altiplano::app {

namespace {

/// Puts `newer` over `older`, by id.
template <typename Record>
void putOver(std::vector<Record>& older, const std::vector<Record>& newer) {
    for (const Record& record : newer) {
        const auto same =
            std::find_if(older.begin(), older.end(), [&](const Record& r) { return r.id == record.id; });
        if (same != older.end())
            *same = record;
        else
            older.push_back(record);
    }
    std::sort(older.begin(), older.end(), [](const Record& a, const Record& b) { return a.id < b.id; });
}

/// A name that does not exist yet: chats.damaged-20260131-235959.db
QString setAsideName(const QString& path) {
    const QFileInfo info(path);
    const QString stamp = QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss"));
    QString name;
    for (int number = 0; name.isEmpty() || QFile::exists(name); ++number)
        name = QStringLiteral("%1/%2.damaged-%3%4.db")
                   .arg(info.path(), info.completeBaseName(), stamp,
                        number ? QStringLiteral("-%1").arg(number) : QString());
    return name;
}

} // namespace

ChatFile::ChatFile(const QString& path) : m_path(path) {
    open();
}

ChatFile::~ChatFile() = default;

void ChatFile::open() {
    QDir().mkpath(QFileInfo(m_path).path());
    try {
        m_file = std::make_unique<ChatDatabase>(m_path);
        m_file->closeUnfinished();
    } catch (const TooNew&) {
        m_file.reset();
        m_trouble = {StorageTrouble::TooNew, {}, m_path, 0};
        if (!m_memory) m_memory = std::make_unique<ChatDatabase>(QStringLiteral(":memory:"));
    } catch (const SqlError& error) {
        if (error.damaged())
            recover();
        else
            keepInMemory(error);
    }
}

/// Does the work on the file. False: it could not be done; the trouble says why.
bool ChatFile::onFile(const Work& work) {
    for (int attempt = 0; m_file && attempt < 2; ++attempt) {
        try {
            work(*m_file);
            return true;
        } catch (const SqlError& error) {
            try {
                if (error.indexDamaged() && attempt == 0)
                    m_file->rebuildIndex();
                else if (error.damaged() && attempt == 0)
                    recover();
                else
                    keepInMemory(error);
            } catch (const SqlError&) { // the index could not be made anew
                recover();
            }
        }
    }
    return false;
}

void ChatFile::keepInMemory(const SqlError& error) {
    const auto kind = error.diskFull()   ? StorageTrouble::DiskFull
                      : error.readOnly() ? StorageTrouble::ReadOnly
                                         : StorageTrouble::Unreadable;
    m_trouble = {kind, QString::fromUtf8(error.what()), QFileInfo(m_path).path(), 0};
    if (!m_memory) m_memory = std::make_unique<ChatDatabase>(QStringLiteral(":memory:"));
}

void ChatFile::recover() {
    m_file.reset();
    const QString aside = setAsideName(m_path);
    if (!QFile::rename(m_path, aside)) {
        keepInMemory(SqlError(0, "the damaged file cannot be set aside"));
        return;
    }
    QFile::rename(m_path + QStringLiteral("-wal"), aside + QStringLiteral("-wal"));
    QFile::remove(m_path + QStringLiteral("-shm"));
    const Salvage salvage = salvageChats(aside);
    m_trouble = {StorageTrouble::Recovered, {}, aside, static_cast<int>(salvage.chats.size())};
    const StorageTrouble told = m_trouble;
    try {
        m_file = std::make_unique<ChatDatabase>(m_path);
        m_file->put(salvage.chats, salvage.messages);
        m_file->closeUnfinished();
    } catch (const SqlError& error) {
        keepInMemory(error);
        m_memory->put(salvage.chats, salvage.messages);
        return;
    }
    m_trouble = told;
}

void ChatFile::put(const std::vector<ChatRecord>& chats, const std::vector<MessageRecord>& messages) {
    if (!m_memory && onFile([&](ChatDatabase& file) { file.put(chats, messages); })) return;
    if (!m_memory) keepInMemory(SqlError(0, "the chats cannot be stored"));
    m_memory->put(chats, messages);
}

std::vector<ChatRecord> ChatFile::chats() {
    std::vector<ChatRecord> all;
    onFile([&](ChatDatabase& file) { all = file.chats(); });
    if (m_memory) putOver(all, m_memory->chats());
    return all;
}

std::vector<MessageRecord> ChatFile::messages(ChatId chat) {
    std::vector<MessageRecord> all;
    onFile([&](ChatDatabase& file) { all = file.messages(chat); });
    if (m_memory) putOver(all, m_memory->messages(chat));
    return all;
}

std::vector<SearchHit> ChatFile::search(const QString& words) {
    std::vector<SearchHit> all;
    if (m_memory) all = m_memory->search(words);
    onFile([&](ChatDatabase& file) {
        for (const SearchHit& hit : file.search(words))
            if (std::none_of(all.begin(), all.end(), [&](const SearchHit& h) { return h.chat == hit.chat; }))
                all.push_back(hit);
    });
    return all;
}

void ChatFile::purge(qint64 deletedBefore) {
    if (!m_memory) onFile([&](ChatDatabase& file) { file.purge(deletedBefore); });
}

bool ChatFile::retry() {
    if (!m_memory) return true;
    if (!m_file) {
        try {
            QDir().mkpath(QFileInfo(m_path).path());
            m_file = std::make_unique<ChatDatabase>(m_path);
        } catch (const TooNew&) {
            return false;
        } catch (const SqlError&) {
            return false;
        }
    }
    try {
        const std::vector<ChatRecord> chats = m_memory->chats();
        std::vector<MessageRecord> messages;
        for (const ChatRecord& chat : chats) {
            const auto some = m_memory->messages(chat.id);
            messages.insert(messages.end(), some.begin(), some.end());
        }
        m_file->put(chats, messages);
    } catch (const SqlError&) {
        return false;
    }
    m_memory.reset();
    m_trouble = {};
    return true;
}

} // namespace altiplano::app
