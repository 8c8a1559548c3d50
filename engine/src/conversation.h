#pragma once

#include "engine/generation.h"
#include "engine/tokenizer.h"

#include <cstddef>
#include <vector>

namespace altiplano::engine {

class Model;

/// The prompt of a conversation, from which the oldest turns can be dropped so that it fits a context.
/// Messages ahead of the first turn (the system prompt) stay; a turn is a user's message and all until the
/// next one; the last turn stays too.
class Conversation {
public:
    Conversation(const Model& model, const std::vector<ChatMessage>& messages);

    /// The tokens of what is left.
    const std::vector<TokenId>& tokens() const { return m_tokens; }

    /// Drops as few more turns as make the prompt at most `limit` tokens long, or all that may be dropped.
    /// Returns what was dropped now: `messages` is 0 when nothing could be.
    events::Dropped dropOldest(std::size_t limit);

private:
    std::vector<TokenId> encodeWithout(std::size_t turns) const;

    const Model& m_model;
    const std::vector<ChatMessage>& m_messages;
    std::size_t m_first = 0;           ///< message after the system prompt
    std::vector<std::size_t> m_starts; ///< first message of each turn
    std::size_t m_dropped = 0;         ///< turns
    std::vector<TokenId> m_tokens;
};

} // namespace altiplano::engine
