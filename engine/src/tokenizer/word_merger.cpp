#include "tokenizer/word_merger.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace altiplano::engine {

namespace {

constexpr std::size_t kLongWord = 4096; ///< above, the heap falls out of the first cache

template <typename T>
void pushLeast(std::vector<T>& heap, T value) {
    heap.push_back(value);
    std::push_heap(heap.begin(), heap.end(), std::greater());
}

template <typename T>
T popLeast(std::vector<T>& heap) {
    std::pop_heap(heap.begin(), heap.end(), std::greater());
    const T least = heap.back();
    heap.pop_back();
    return least;
}

} // namespace

void WordMerger::Heap::push(std::uint32_t rank, std::uint32_t place) {
    pushLeast(m_candidates, std::uint64_t{rank} << 32 | place);
}

bool WordMerger::Heap::pop(std::uint32_t& rank, std::uint32_t& place) {
    if (m_candidates.empty()) return false;
    const std::uint64_t least = popLeast(m_candidates);
    rank = static_cast<std::uint32_t>(least >> 32);
    place = static_cast<std::uint32_t>(least);
    return true;
}

void WordMerger::Buckets::push(std::uint32_t rank, std::uint32_t place) {
    if (m_heads[rank] == kNone) pushLeast(m_ranks, rank);
    m_nodes.push_back({place, m_heads[rank]});
    m_heads[rank] = static_cast<std::uint32_t>(m_nodes.size() - 1);
}

bool WordMerger::Buckets::pop(std::uint32_t& rank, std::uint32_t& place) {
    const bool lowerRankCame = !m_places.empty() && !m_ranks.empty() && m_ranks.front() < m_rank;
    if (lowerRankCame) { // in no vocabulary that training made, but a file may say so
        for (const std::uint32_t left : m_places)
            push(m_rank, left);
        m_places.clear();
    }
    if (m_places.empty()) {
        if (m_ranks.empty()) {
            m_nodes.clear();
            return false;
        }
        m_rank = popLeast(m_ranks);
        for (std::uint32_t node = std::exchange(m_heads[m_rank], kNone); node != kNone;
             node = m_nodes[node].next)
            m_places.push_back(m_nodes[node].place);
        if (!std::ranges::is_sorted(m_places, std::greater())) std::ranges::sort(m_places, std::greater());
    }
    rank = m_rank;
    place = m_places.back();
    m_places.pop_back();
    return true;
}

template <typename Queue>
void WordMerger::pushMergeAt(std::uint32_t place, Queue& queue) const {
    const Symbol& left = m_symbols[place];
    if (left.next == kNone) return;
    const std::uint32_t rank = m_merges.rank(left.id, m_symbols[left.next].id);
    if (rank != MergeTable::kNoRank) queue.push(rank, place);
}

template <typename Queue>
void WordMerger::run(Queue& queue) {
    for (std::uint32_t place = 0; place < m_symbols.size(); ++place)
        pushMergeAt(place, queue);
    std::uint32_t rank = 0, place = 0;
    while (queue.pop(rank, place)) {
        const MergeTable::Merge& merge = m_merges[rank];
        Symbol& left = m_symbols[place];
        const bool still =
            left.id == merge.left && left.next != kNone && m_symbols[left.next].id == merge.right;
        if (!still) continue; // one of the two has merged otherwise since
        Symbol& right = m_symbols[left.next];
        left.id = merge.result;
        left.next = right.next;
        right.id = kNoToken;
        if (left.next != kNone) m_symbols[left.next].previous = place;
        pushMergeAt(place, queue);
        if (left.previous != kNone) pushMergeAt(left.previous, queue);
    }
}

void WordMerger::merge(std::vector<TokenId>& ids) {
    m_symbols.clear();
    for (std::uint32_t place = 0; place < ids.size(); ++place)
        m_symbols.push_back({ids[place], place - 1, place + 1}); // 0 - 1 is kNone
    if (ids.empty()) return;
    m_symbols.back().next = kNone;
    if (ids.size() < kLongWord) {
        run(m_heap);
    } else {
        m_buckets.reserve(m_merges.ranks());
        run(m_buckets);
    }
    ids.clear();
    for (std::uint32_t place = 0; place != kNone; place = m_symbols[place].next)
        ids.push_back(m_symbols[place].id);
}

} // namespace altiplano::engine
