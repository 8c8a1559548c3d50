#include "conversation.h"

#include "engine/model.h"

namespace altiplano::engine {

Conversation::Conversation(const Model& model, const std::vector<ChatMessage>& messages)
    : m_model(model), m_messages(messages) {
    while (m_first < messages.size() &&
           (messages[m_first].role == "system" || messages[m_first].role == "developer"))
        ++m_first;
    for (std::size_t i = m_first; i < messages.size(); ++i)
        if (i == m_first || messages[i].role == "user") m_starts.push_back(i);
    m_tokens = encodeWithout(0);
}

events::Dropped Conversation::dropOldest(std::size_t limit) {
    if (m_starts.empty()) return {};
    std::size_t least = m_dropped + 1, most = m_starts.size() - 1; // fewer turns dropped, more tokens
    if (least > most) return {};
    std::vector<TokenId> tokens = encodeWithout(most);
    while (least < most) {
        const std::size_t middle = (least + most) / 2;
        std::vector<TokenId> longer = encodeWithout(middle);
        if (longer.size() <= limit) {
            most = middle;
            tokens = std::move(longer);
        } else {
            least = middle + 1;
        }
    }
    events::Dropped dropped;
    dropped.firstMessage = static_cast<std::uint32_t>(m_starts[m_dropped]);
    dropped.messages = static_cast<std::uint32_t>(m_starts[most] - m_starts[m_dropped]);
    dropped.tokens = static_cast<std::uint32_t>(m_tokens.size() - tokens.size());
    m_dropped = most;
    m_tokens = std::move(tokens);
    return dropped;
}

std::vector<TokenId> Conversation::encodeWithout(std::size_t turns) const {
    std::vector<ChatMessage> kept(m_messages.begin(),
                                  m_messages.begin() + static_cast<std::ptrdiff_t>(m_first));
    const std::size_t from = turns == 0 ? m_first : m_starts[turns];
    kept.insert(kept.end(), m_messages.begin() + static_cast<std::ptrdiff_t>(from), m_messages.end());
    return m_model.encodePrompt(kept);
}

} // namespace altiplano::engine
