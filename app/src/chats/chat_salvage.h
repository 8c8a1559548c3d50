#pragma once

#include "chats/records.h"

namespace altiplano::app {

/// What could be read of a damaged database.
struct Salvage {
    std::vector<ChatRecord> chats;
    std::vector<MessageRecord> messages;
};

/// Reads every page of the file and of its write-ahead log by itself and keeps the rows that make sense as
/// chats and messages, wherever they are: neither the header nor the tree of pages needs to be whole. A
/// message whose chat is lost gets one; one whose parent is lost follows the message before it. Never throws;
/// reads no more than the files.
Salvage salvageChats(const QString& path);

} // namespace altiplano::app
