#include "tokenizer/merge_table.h"

#include <bit>

namespace altiplano::engine {

MergeTable::MergeTable(std::size_t ranks) : m_slots(std::bit_ceil(ranks + ranks / 2 + 1)), m_ranks(ranks) {}

std::size_t MergeTable::slot(TokenId left, TokenId right) const {
    const std::uint64_t pair = static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint32_t>(right);
    const std::uint64_t hash = pair * 0x9E3779B97F4A7C15; // Fibonacci hashing: the high bits are mixed best
    std::size_t at = (hash >> 32) & (m_slots.size() - 1);
    while (m_slots[at].left != kNoToken && (m_slots[at].left != left || m_slots[at].right != right))
        at = (at + 1) & (m_slots.size() - 1);
    return at;
}

void MergeTable::insert(TokenId left, TokenId right, Merge merge) {
    m_slots[slot(left, right)] = {left, right, merge};
}

MergeTable::Merge MergeTable::find(TokenId left, TokenId right) const {
    return m_slots[slot(left, right)].merge;
}

} // namespace altiplano::engine
