#pragma once

#include "engine/tokenizer.h"

namespace altiplano::engine {

inline constexpr TokenId kNoToken = -1;

/// The merges of a BPE vocabulary by the two neighbours that merge: a hash table with open addressing, and in
/// front of it a bit per hash (a Bloom filter with one function) that fits the second cache, as most
/// neighbours do not merge.
class MergeTable {
public:
    static constexpr std::uint32_t kNoRank = 0xFFFFFFFF;

    struct Merge {
        TokenId left = kNoToken, right = kNoToken;
        std::uint32_t rank = kNoRank; ///< the lowest merges first; kNoRank: the two do not merge
        TokenId result = kNoToken;
    };

    /// At most `count` merges will be inserted.
    explicit MergeTable(std::size_t count);

    /// Of two merges of one pair the later one counts, as in Hugging Face's tokenizers. A rank is given once.
    void insert(const Merge& merge);

    Merge find(TokenId left, TokenId right) const {
        const std::uint64_t hash = hashOf(left, right);
        return (m_present[bit(hash) / 64] >> bit(hash) % 64 & 1) ? m_slots[slot(hash, left, right)] : Merge{};
    }

private:
    /// Fibonacci hashing: the high bits are mixed best.
    static std::uint64_t hashOf(TokenId left, TokenId right) {
        const std::uint64_t pair = static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint32_t>(right);
        return pair * 0x9E3779B97F4A7C15;
    }
    std::size_t bit(std::uint64_t hash) const { return hash >> m_presentShift; }
    /// Of the pair, or the free one where it belongs.
    std::size_t slot(std::uint64_t hash, TokenId left, TokenId right) const;

    std::vector<Merge> m_slots;
    std::vector<std::uint64_t> m_present;
    int m_presentShift = 0;
};

inline std::size_t MergeTable::slot(std::uint64_t hash, TokenId left, TokenId right) const {
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t at = (hash >> 32) & mask;; at = (at + 1) & mask) {
        const Merge& merge = m_slots[at];
        if ((merge.left == left && merge.right == right) || merge.rank == kNoRank) return at;
    }
}

} // namespace altiplano::engine
