#pragma once

#include "chats/id_source.h"
#include "chats/records.h"

#include <QByteArray>

#include <stdexcept>

namespace altiplano::app {

/// A file that holds no chats; what() is a sentence for the user, in UTF-8.
struct ImportError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Reads chats, with ids of their own: what toJson writes, ChatGPT's conversations.json, and what the web UI
/// of llama.cpp exports (JSON of one or many, or lines of JSON). System and tool messages are left out; what
/// followed them follows what was before them. Throws ImportError.
std::vector<ChatContent> readChats(const QByteArray& file, IdSource& ids);

} // namespace altiplano::app
