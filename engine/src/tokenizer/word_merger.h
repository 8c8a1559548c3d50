#pragma once

#include "tokenizer/merge_table.h"

namespace altiplano::engine {

/// Merges the tokens of one word: again and again the neighbours whose merge has the lowest rank, the
/// leftmost first. O(n log n) in a heap for words of ordinary length; text that is all one word (a megabyte
/// of spaces) goes through buckets by rank, whose time is linear but for the sorting of places. Holds the
/// memory that both need from word to word; not thread-safe.
class WordMerger {
public:
    /// `merges` must outlive the object.
    explicit WordMerger(const MergeTable& merges) : m_merges(merges) {}

    /// Replaces `ids`, the tokens of single bytes, by those that they merge into.
    void merge(std::vector<TokenId>& ids);

private:
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    /// A token in a doubly linked list; one that merged into its left neighbour is kNoToken.
    struct Symbol {
        TokenId id;
        std::uint32_t previous, next;
    };

    /// Candidates, each the rank and the place of a merge that is possible, or was when it was pushed.
    class Heap {
    public:
        void push(std::uint32_t rank, std::uint32_t place);
        bool pop(std::uint32_t& rank, std::uint32_t& place);

    private:
        std::vector<std::uint64_t> m_candidates; ///< rank << 32 | place
    };

    class Buckets {
    public:
        void reserve(std::size_t ranks) { m_heads.resize(ranks, kNone); }
        void push(std::uint32_t rank, std::uint32_t place);
        bool pop(std::uint32_t& rank, std::uint32_t& place);

    private:
        struct Node {
            std::uint32_t place, next;
        };
        std::vector<std::uint32_t> m_heads; ///< by rank: the first node of a list
        std::vector<Node> m_nodes;
        std::vector<std::uint32_t> m_ranks;  ///< heap of the ranks with a list
        std::vector<std::uint32_t> m_places; ///< of the rank that is being merged, the next one last
        std::uint32_t m_rank = 0;
    };

    template <typename Queue>
    void run(Queue& queue);
    template <typename Queue>
    void pushMergeAt(std::uint32_t place, Queue& queue) const;

    const MergeTable& m_merges;
    std::vector<Symbol> m_symbols;
    Heap m_heap;
    Buckets m_buckets;
};

} // namespace altiplano::engine
