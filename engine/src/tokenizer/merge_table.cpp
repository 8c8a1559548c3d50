#include "tokenizer/merge_table.h"

#include <bit>

namespace altiplano::engine {

MergeTable::MergeTable(std::size_t ranks) : m_merges(ranks), m_slots(std::bit_ceil(ranks * 2 + 1), kNoRank) {}

std::size_t MergeTable::slot(TokenId left, TokenId right) const {
    const std::uint64_t pair = static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint32_t>(right);
    const std::uint64_t hash = pair * 0x9E3779B97F4A7C15; // Fibonacci hashing: the high bits are mixed best
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t at = (hash >> 32) & mask;; at = (at + 1) & mask) {
        if (m_slots[at] == kNoRank) return at;
        const Merge& merge = m_merges[m_slots[at]];
        if (merge.left == left && merge.right == right) return at;
    }
}

void MergeTable::insert(std::uint32_t rank, const Merge& merge) {
    m_merges[rank] = merge;
    m_slots[slot(merge.left, merge.right)] = rank;
}

} // namespace altiplano::engine
