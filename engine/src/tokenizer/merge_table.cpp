#include "tokenizer/merge_table.h"

#include <algorithm>
#include <bit>

namespace altiplano::engine {

MergeTable::MergeTable(std::size_t count) : m_slots(std::bit_ceil(count + count / 2 + 1)) {
    const std::size_t bits = std::bit_ceil(std::max<std::size_t>(count, 8) * 8);
    m_present.resize(bits / 64);
    m_presentShift = 64 - std::countr_zero(bits);
}

void MergeTable::insert(const Merge& merge) {
    const std::uint64_t hash = hashOf(merge.left, merge.right);
    m_slots[slot(hash, merge.left, merge.right)] = merge;
    m_present[bit(hash) / 64] |= std::uint64_t{1} << bit(hash) % 64;
}

} // namespace altiplano::engine
