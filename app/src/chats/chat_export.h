#pragma once

#include "chats/records.h"

#include <QByteArray>

namespace altiplano::app {

/// Chats with all their branches, as JSON that chat_import.h reads back: {"format": "altiplano-chats",
/// "version": 1, "chats": [...]}. Within a chat the messages are numbered from 1, and parent 0 is none.
QByteArray toJson(const std::vector<ChatContent>& chats);

/// The branch that is shown, as Markdown that reads well by itself.
QString toMarkdown(const ChatContent& content);

} // namespace altiplano::app
