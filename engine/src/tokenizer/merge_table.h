#pragma once

#include "engine/tokenizer.h"

namespace altiplano::engine {

inline constexpr TokenId kNoToken = -1;

/// The merges of a BPE vocabulary by rank and by the two neighbours that merge.
class MergeTable {
public:
    static constexpr std::uint32_t kNoRank = 0xFFFFFFFF;

    struct Merge {
        TokenId left = kNoToken, right = kNoToken;
        TokenId result = kNoToken;
    };

    /// Ranks will be below `ranks`.
    explicit MergeTable(std::size_t ranks);

    /// Of two merges of one pair the later one counts, as in Hugging Face's tokenizers. A rank is given once.
    void insert(std::uint32_t rank, const Merge& merge);

    /// The rank of the merge of two tokens; the lowest merges first. kNoRank: they do not merge.
    std::uint32_t rank(TokenId left, TokenId right) const { return m_slots[slot(left, right)]; }

    const Merge& operator[](std::uint32_t rank) const { return m_merges[rank]; }
    std::size_t ranks() const { return m_merges.size(); }

private:
    std::size_t slot(TokenId left, TokenId right) const; ///< of the pair, or the free one where it belongs

    std::vector<Merge> m_merges;        ///< by rank
    std::vector<std::uint32_t> m_slots; ///< hash table of ranks, open addressing
};

} // namespace altiplano::engine
