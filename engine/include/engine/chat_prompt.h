#pragma once

#include "engine/generation.h"
#include "engine/tokenizer.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace altiplano::engine {

/// A conversation as the template wrote it, and where in it a message spells a control token: what the
/// template writes is control, what a message says is text.
struct ChatPrompt {
    std::string text;
    std::vector<std::size_t> plainAt; ///< ascending; for EncodeOptions
};

/// Renders a conversation and finds the control tokens that its messages spell. `render` is the template;
/// what it throws passes through.
///
/// A conversation is rendered once, unless a message spells a control token: then once more with a mark, a
/// character that is nowhere else, inside each such text. Where the template lets the marks pass, the
/// rendering without them is the one that it was, and they stand where the messages' tokens are. A message
/// that the template cuts, compares or escapes by what the marks break is not tracked: its tokens are taken
/// for the template's, as are tokens that begin in the template and end in a message.
ChatPrompt renderChatPrompt(const std::vector<ChatMessage>& messages, const Tokenizer& tokenizer,
                            const std::function<std::string(const std::vector<ChatMessage>&)>& render);

} // namespace altiplano::engine
