#pragma once

#include "engine/tokenizer.h"

namespace altiplano::engine {

inline constexpr TokenId kNoToken = -1;

/// Two neighbouring tokens -> the rank of their merge and the token that they become. Open addressing.
class MergeTable {
public:
    struct Merge {
        std::uint32_t rank; ///< lower merges first
        TokenId result;     ///< kNoToken: the two do not merge
    };

    /// Ranks will be below `ranks`.
    explicit MergeTable(std::size_t ranks);

    /// Of two merges of one pair the later one counts, as in Hugging Face's tokenizers.
    void insert(TokenId left, TokenId right, Merge merge);

    Merge find(TokenId left, TokenId right) const;

    std::size_t ranks() const { return m_ranks; }

private:
    struct Slot {
        TokenId left = kNoToken, right = kNoToken;
        Merge merge{0, kNoToken};
    };

    std::size_t slot(TokenId left, TokenId right) const; ///< of the pair, or the free one where it belongs

    std::vector<Slot> m_slots;
    std::size_t m_ranks;
};

} // namespace altiplano::engine
