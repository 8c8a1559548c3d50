#pragma once

#include "engine/tokenizer.h"

#include <array>
#include <unordered_map>

namespace altiplano::engine {

/// Finds the texts of special tokens in a text: the leftmost, and of those that begin there the longest, as
/// Hugging Face's added tokens are found. A trie over bytes.
class SpecialTokens {
public:
    struct Match {
        std::size_t begin, end;
        TokenId id;
    };

    /// Of two tokens with one text the first one counts. An empty text is never found.
    void add(std::string_view text, TokenId id);

    /// The first match at or after `from`.
    std::optional<Match> find(std::string_view text, std::size_t from) const;

    /// The longest match that begins there.
    std::optional<Match> findAt(std::string_view text, std::size_t begin) const;

private:
    static constexpr TokenId kNone = -1;

    std::unordered_map<std::uint64_t, std::uint32_t> m_edges; ///< node * 256 + byte -> node
    std::vector<TokenId> m_ends{kNone};                       ///< by node: the token whose text ends here
    std::array<bool, 256> m_starts{};                         ///< bytes that begin a token
};

} // namespace altiplano::engine
