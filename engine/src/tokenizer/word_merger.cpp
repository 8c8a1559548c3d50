#include "tokenizer/word_merger.h"

#include <algorithm>
#include <bit>

namespace altiplano::engine {

namespace {

constexpr std::size_t kOverlap = 64; ///< of two windows; more where they have no token in common
constexpr std::size_t kAhead = 8;    ///< a window goes that many overlaps beyond the one before

} // namespace

void WordMerger::merge(std::vector<TokenId>& ids) {
    m_word.clear();
    for (std::size_t read = 0, overlap = kOverlap; read < ids.size();) {
        const std::size_t from = read - std::min(read, overlap);
        const auto border = std::ranges::upper_bound(m_word, from, {}, &Token::begin);
        const std::size_t begin = border == m_word.begin() ? 0 : std::prev(border)->begin;
        const std::size_t end = std::min(ids.size(), read + kAhead * overlap);
        mergeWindow(ids, begin, end);
        if (begin == 0) m_word.clear();
        if (join())
            read = end;
        else
            overlap *= 2; // and stays so: what this word is made of has long tokens
    }
    ids.clear();
    for (const Token& token : m_word)
        ids.push_back(token.id);
}

/// Puts the window's result in the place of the word's end, from their first common token on.
bool WordMerger::join() {
    if (m_word.empty()) {
        m_word.swap(m_window);
        return true;
    }
    auto old = std::ranges::lower_bound(m_word, m_window.front().begin, {}, &Token::begin);
    for (auto next = m_window.begin(); next != m_window.end(); ++next) {
        while (old != m_word.end() && old->begin < next->begin)
            ++old;
        if (old == m_word.end()) return false;
        if (old->begin == next->begin && old->id == next->id) {
            m_word.erase(old, m_word.end());
            m_word.insert(m_word.end(), next, m_window.end());
            return true;
        }
    }
    return false;
}

/// Merges [begin, end) by itself.
void WordMerger::mergeWindow(std::span<const TokenId> ids, std::size_t begin, std::size_t end) {
    const auto count = static_cast<std::uint32_t>(end - begin);
    m_symbols.resize(count);
    for (std::uint32_t place = 0; place < count; ++place) // 0 - 1 is kNone
        m_symbols[place] = {ids[begin + place], kNoToken, place - 1, place + 1};
    m_symbols.back().next = kNone;
    m_tournament.resize(count);
    for (std::uint32_t place = 0; place < count; ++place)
        m_tournament.enter(place, findMerge(place));
    m_tournament.play();

    while (m_tournament.winner() != Tournament::kNobody) {
        const auto place = static_cast<std::uint32_t>(m_tournament.winner());
        Symbol& left = m_symbols[place];
        m_tournament.replace(left.next, MergeTable::kNoRank);
        left.id = left.result;
        left.next = m_symbols[left.next].next;
        if (left.next != kNone) m_symbols[left.next].previous = place;
        m_tournament.replace(place, findMerge(place));
        if (left.previous != kNone) m_tournament.replace(left.previous, findMerge(left.previous));
    }
    m_window.clear();
    for (std::uint32_t place = 0; place != kNone; place = m_symbols[place].next)
        m_window.push_back({begin + place, m_symbols[place].id});
}

/// The rank of a symbol's merge with the next one.
std::uint32_t WordMerger::findMerge(std::uint32_t place) {
    Symbol& left = m_symbols[place];
    if (left.next == kNone) return MergeTable::kNoRank;
    const MergeTable::Merge merge = m_merges.find(left.id, m_symbols[left.next].id);
    left.result = merge.result;
    return merge.rank;
}

void WordMerger::Tournament::resize(std::size_t places) {
    m_places = std::bit_ceil(places);
    m_keys.assign(2 * m_places, kNobody);
}

void WordMerger::Tournament::play() {
    for (std::size_t i = m_places - 1; i > 0; --i)
        m_keys[i] = std::min(m_keys[2 * i], m_keys[2 * i + 1]);
}

void WordMerger::Tournament::replace(std::uint32_t place, std::uint32_t rank) {
    std::uint64_t best = key(place, rank);
    std::size_t i = m_places + place;
    for (m_keys[i] = best; i > 1; i /= 2) {
        best = std::min(best, m_keys[i ^ 1]);
        m_keys[i / 2] = best;
    }
}

} // namespace altiplano::engine
