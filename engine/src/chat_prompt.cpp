#include "engine/chat_prompt.h"

#include "engine/error.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace altiplano::engine {

namespace {

using Render = std::function<std::string(const std::vector<ChatMessage>&)>;

bool continuesCharacter(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// A private-use character of Unicode's plane 16 that the text does not have.
std::string markFor(std::string_view text) {
    for (unsigned point = 0xFFFD;; --point) { // of 65,534; a text that has all of them is 256 KB of nonsense
        const std::string mark = {'\xF4', static_cast<char>(0x80 | point >> 12),
                                  static_cast<char>(0x80 | (point >> 6 & 0x3F)),
                                  static_cast<char>(0x80 | (point & 0x3F))};
        if (point == 0 || text.find(mark) == text.npos) return mark;
    }
}

/// The text with a mark after the first character of each token.
std::string withMarks(const std::string& text, const std::vector<std::size_t>& tokens,
                      const std::string& mark) {
    std::string marked;
    std::size_t done = 0;
    for (const std::size_t token : tokens) {
        std::size_t at = token + 1;
        while (at < text.size() && continuesCharacter(text[at]))
            ++at;
        marked.append(text, done, at - done).append(mark);
        done = at;
    }
    return marked.append(text, done);
}

/// Where the tokens with marks begin in the rendering without; nothing unless that is `plain`.
std::optional<std::vector<std::size_t>> tokensIn(std::string_view marked, std::string_view mark,
                                                 std::string_view plain) {
    std::vector<std::size_t> tokens;
    std::string text;
    for (std::size_t at = 0;;) {
        const std::size_t next = std::min(marked.find(mark, at), marked.size());
        text += marked.substr(at, next - at);
        if (next == marked.size()) break;
        std::size_t begin = text.size();
        while (begin > 0 && continuesCharacter(text[--begin])) {
        }
        tokens.push_back(begin);
        at = next + mark.size();
    }
    return text == plain ? std::optional(std::move(tokens)) : std::nullopt;
}

/// The same of a conversation whose template may refuse the marks.
std::optional<std::vector<std::size_t>> track(const Render& render, const std::vector<ChatMessage>& marked,
                                              std::string_view mark, std::string_view plain) {
    try {
        return tokensIn(render(marked), mark, plain);
    } catch (const Error&) {
        return std::nullopt;
    }
}

} // namespace

ChatPrompt renderChatPrompt(const std::vector<ChatMessage>& messages, const Tokenizer& tokenizer,
                            const Render& render) {
    ChatPrompt prompt{render(messages), {}};
    const std::string mark = markFor(prompt.text);
    std::vector<ChatMessage> marked = messages;
    bool any = false;
    for (ChatMessage& message : marked) {
        const std::vector<std::size_t> tokens = tokenizer.controlTokensIn(message.content);
        if (!tokens.empty()) message.content = withMarks(message.content, tokens, mark);
        any = any || !tokens.empty();
    }
    if (!any) return prompt;
    if (auto all = track(render, marked, mark, prompt.text)) {
        prompt.plainAt = std::move(*all);
        return prompt;
    }
    std::vector<ChatMessage> passing = messages; // those that can be tracked, one by one
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (marked[i].content == messages[i].content) continue;
        passing[i].content = marked[i].content;
        if (auto more = track(render, passing, mark, prompt.text))
            prompt.plainAt = std::move(*more);
        else
            passing[i].content = messages[i].content;
    }
    return prompt;
}

} // namespace altiplano::engine
