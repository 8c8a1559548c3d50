#pragma once

#include "chats/message_tree.h"
#include "engine_port.h"

#include <vector>

namespace altiplano::app {

/// An answer between a conversation and the engine: what is put before the model, and what became of it.

/// The messages up to one of them, as a model is asked.
struct AskedMessages {
    std::vector<engine::ChatMessage> turns;
    std::vector<MessageId> lastIds; ///< of each turn: the newest message it holds
};

/// An answer without text is left out and what the user said around it becomes one message, since many
/// templates insist on turns.
AskedMessages messagesUpTo(const MessageTree& tree, MessageId last);

turn::State stateAfter(engine::FinishReason reason);

/// What an answer cost so far that had cost `before` when it was continued.
AnswerFigures figuresOf(const AnswerFigures& before, const AnswerUpdate& update);

} // namespace altiplano::app
