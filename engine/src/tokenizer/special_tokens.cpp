#include "tokenizer/special_tokens.h"

namespace altiplano::engine {

namespace {

std::uint64_t edge(std::uint32_t node, char byte) {
    return node * 256ULL + static_cast<std::uint8_t>(byte);
}

} // namespace

void SpecialTokens::add(std::string_view text, TokenId id) {
    if (text.empty()) return;
    m_starts[static_cast<std::uint8_t>(text.front())] = true;
    std::uint32_t node = 0;
    for (const char byte : text) {
        const auto next = static_cast<std::uint32_t>(m_ends.size());
        const auto [place, isNew] = m_edges.try_emplace(edge(node, byte), next);
        if (isNew) m_ends.push_back(kNone);
        node = place->second;
    }
    if (m_ends[node] == kNone) m_ends[node] = id;
}

std::optional<SpecialTokens::Match> SpecialTokens::find(std::string_view text, std::size_t from) const {
    for (std::size_t begin = from; begin < text.size(); ++begin)
        if (m_starts[static_cast<std::uint8_t>(text[begin])])
            if (const auto match = findAt(text, begin)) return match;
    return std::nullopt;
}

std::optional<SpecialTokens::Match> SpecialTokens::findAt(std::string_view text, std::size_t begin) const {
    std::optional<Match> longest;
    std::uint32_t node = 0;
    for (std::size_t at = begin; at < text.size(); ++at) {
        const auto next = m_edges.find(edge(node, text[at]));
        if (next == m_edges.end()) break;
        node = next->second;
        if (m_ends[node] != kNone) longest = Match{begin, at + 1, m_ends[node]};
    }
    return longest;
}

} // namespace altiplano::engine
