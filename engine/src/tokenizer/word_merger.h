#pragma once

#include "tokenizer/merge_table.h"

#include <span>

namespace altiplano::engine {

/// Merges the tokens of one word: again and again the neighbours whose merge has the lowest rank, the
/// leftmost first. Text that is all one word (a megabyte of letters) is merged in windows that overlap, which
/// keeps the time linear and the memory in the first cache. Holds the memory that it needs from word to word;
/// not thread-safe.
///
/// Why windows give the same tokens. Neighbours of a result are *compatible* when the text of the two, merged
/// by itself, gives these two tokens. Neighbours in any result are: what happens left and right of them never
/// crosses into them. And where all neighbours of a sequence of tokens are compatible, the sequence is the
/// result of its whole text: the first merge that went across a border between two would go across it in the
/// text of the two alone. Two windows that have a token in common, in the same place, thus may be joined
/// there.
class WordMerger {
public:
    /// `merges` must outlive the object.
    explicit WordMerger(const MergeTable& merges) : m_merges(merges) {}

    /// Replaces `ids`, the tokens of single bytes, by those that they merge into.
    void merge(std::vector<TokenId>& ids);

private:
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    /// A token in a doubly linked list, and what it merges with the next one into.
    struct Symbol {
        TokenId id, result;
        std::uint32_t previous, next;
    };

    /// The merges that are possible in a window: a tournament, whose winner has the lowest rank, of equal
    /// ones the leftmost place.
    class Tournament {
    public:
        static constexpr std::uint64_t kNobody = ~std::uint64_t{0};

        void resize(std::size_t places);
        /// Rank and place of the merge at a place; `play` must be called before the next winner.
        void enter(std::uint32_t place, std::uint32_t rank) { m_keys[m_places + place] = key(place, rank); }
        void play();
        void replace(std::uint32_t place, std::uint32_t rank); ///< enter, and play what it changes
        std::uint64_t winner() const { return m_keys[1]; } ///< its place in the low 32 bits; kNobody: none

    private:
        static std::uint64_t key(std::uint32_t place, std::uint32_t rank) {
            return rank == MergeTable::kNoRank ? kNobody : std::uint64_t{rank} << 32 | place;
        }

        std::size_t m_places = 0;          ///< a power of two
        std::vector<std::uint64_t> m_keys; ///< [2i] and [2i + 1] play for [i]; rank << 32 | place
    };

    /// A token of a result.
    struct Token {
        std::size_t begin; ///< in the word
        TokenId id;
    };

    void mergeWindow(std::span<const TokenId> ids, std::size_t begin, std::size_t end);
    std::uint32_t findMerge(std::uint32_t place);
    bool join();

    const MergeTable& m_merges;
    std::vector<Symbol> m_symbols;
    Tournament m_tournament;
    std::vector<Token> m_window; ///< result of the window
    std::vector<Token> m_word;   ///< result of all that was read so far
};

} // namespace altiplano::engine
