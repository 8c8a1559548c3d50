#include "chats/chat_salvage.h"

#include "chats/first_words.h"
#include "chats/sqlite_pages.h"

#include <algorithm>
#include <map>

namespace altiplano::app {

namespace {

using Row = SqlitePages::Row;

/// Whether the columns are of these kinds: n(ull), i(nteger), t(ext).
bool isLike(const Row& row, std::string_view kinds) {
    return row.size() == kinds.size() &&
           std::equal(row.begin(), row.end(), kinds.begin(), [](const auto& v, char k) {
               return v.index() == (k == 'n' ? 0u : k == 'i' ? 1u : 2u);
           });
}

qint64 integer(const Row& row, std::size_t column) {
    return std::get<qint64>(row[column]);
}

QString text(const Row& row, std::size_t column) {
    return std::get<QString>(row[column]);
}

bool within(qint64 value, qint64 last) {
    return value >= 0 && value <= last;
}

/// The columns of chat_schema.h.
void takeChat(std::map<ChatId, ChatRecord>& chats, qint64 id, const Row& row) {
    if (id <= 0 || !within(integer(row, 2), ChatRecord::Written)) return;
    const ChatRecord chat{id,
                          text(row, 1),
                          static_cast<ChatRecord::TitleSource>(integer(row, 2)),
                          integer(row, 3),
                          integer(row, 4),
                          integer(row, 5) != 0,
                          integer(row, 6) != 0,
                          integer(row, 7),
                          integer(row, 8),
                          text(row, 9)};
    const auto [known, isNew] = chats.try_emplace(id, chat);
    if (!isNew && known->second.changed < chat.changed) known->second = chat;
}

void takeMessage(std::map<MessageId, MessageRecord>& messages, qint64 id, const Row& row) {
    if (id <= 0 || integer(row, 1) <= 0 || !within(integer(row, 3), turn::Assistant) ||
        !within(integer(row, 4), turn::Failed))
        return;
    MessageRecord message;
    message.id = id;
    message.chat = integer(row, 1);
    message.parent = integer(row, 2);
    message.sender = static_cast<turn::Sender>(integer(row, 3));
    message.state = static_cast<turn::State>(integer(row, 4));
    message.created = integer(row, 5);
    message.figures = {static_cast<qint32>(integer(row, 6)), integer(row, 7), integer(row, 8),
                       static_cast<qint32>(integer(row, 9))};
    message.model = text(row, 10);
    message.error = text(row, 11);
    message.text = text(row, 12);
    const auto [known, isNew] = messages.try_emplace(id, message);
    if (!isNew && known->second.text.size() < message.text.size()) known->second = message;
}

/// A message without its parent follows the one before it; a chat without its row gets one.
void mend(std::map<ChatId, ChatRecord>& chats, std::map<MessageId, MessageRecord>& messages) {
    std::map<ChatId, MessageId> newest;
    for (auto& [id, message] : messages) {
        const auto parent = messages.find(message.parent);
        const bool found =
            parent != messages.end() && parent->second.chat == message.chat && message.parent < id;
        if (message.parent != 0 && !found) message.parent = newest[message.chat];
        newest[message.chat] = id;
        ChatRecord& chat = chats[message.chat];
        if (chat.id != 0) continue;
        chat.id = message.chat;
        chat.title = firstWords(message.text);
        chat.created = chat.changed = message.created;
    }
    for (auto& [id, chat] : chats) {
        const auto leaf = messages.find(chat.leaf);
        if (leaf == messages.end() || leaf->second.chat != id) chat.leaf = newest[id];
    }
}

} // namespace

Salvage salvageChats(const QString& path) {
    std::map<ChatId, ChatRecord> chats;
    std::map<MessageId, MessageRecord> messages;
    SqlitePages(path).eachRow([&](qint64 id, const Row& row) {
        if (isLike(row, "ntiiiiiiit")) takeChat(chats, id, row);
        if (isLike(row, "niiiiiiiiittt")) takeMessage(messages, id, row);
    });
    mend(chats, messages);
    Salvage salvage;
    for (auto& [id, chat] : chats)
        salvage.chats.push_back(std::move(chat));
    for (auto& [id, message] : messages)
        salvage.messages.push_back(std::move(message));
    return salvage;
}

} // namespace altiplano::app
