#pragma once

#include "engine/tokenizer.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace altiplano::engine {

class KvPool;

/// The pages of one sequence and the tokens whose K/V are in them. Destroying it leaves its pages in the pool
/// as prefix cache. The pool must outlive it. Movable, not copyable.
class Sequence {
public:
    Sequence() = default;
    ~Sequence();
    Sequence(Sequence&& other) noexcept;
    Sequence& operator=(Sequence&& other) noexcept;

    const std::vector<std::uint32_t>& pages() const { return m_pages; }
    const std::vector<TokenId>& tokens() const { return m_tokens; }
    std::uint32_t size() const { return static_cast<std::uint32_t>(m_tokens.size()); }

private:
    friend class KvPool;
    KvPool* m_pool = nullptr; ///< null: empty
    std::vector<std::uint32_t> m_pages;
    std::vector<TokenId> m_tokens;
    std::uint32_t m_treePages = 0; ///< the first of m_pages, which stand in the pool's tree
};

/// Bookkeeping of a pool of KV pages: which are free, in use, or kept as a cache. It knows page ids and token
/// ids, not memory. Pages whose tokens are known stand in a tree (a radix tree over page contents: each child
/// of a page continues the text of its parent), so that sequences with the same beginning use the same pages.
/// A page in the tree is never written; a sequence that leaves a cached text in the middle of a page gets a
/// copy of that page. Pages that no sequence uses are dropped, the least recently used first, when room is
/// needed. The idea of a tree of cached prefixes: SGLang, arXiv 2312.07104; of pages: vLLM, arXiv 2309.06180.
/// Not thread-safe.
class KvPool {
public:
    explicit KvPool(std::uint32_t pages, std::uint32_t pageTokens = 64);
    KvPool(const KvPool&) = delete;
    KvPool& operator=(const KvPool&) = delete;

    /// Copies the first `tokens` positions of a page to another.
    using CopyPage = std::function<void(std::uint32_t from, std::uint32_t to, std::uint32_t tokens)>;

    /// A sequence that begins with the longest cached beginning of `prompt`, its last token excepted: that
    /// one is to be run, for its logits.
    Sequence open(std::span<const TokenId> prompt, const CopyPage& copy);

    /// Gives the sequence pages for `tokens` tokens in all. False, and nothing changed, when too many pages
    /// are in use by other sequences.
    bool reserve(Sequence& sequence, std::uint32_t tokens);

    /// K/V of these tokens, which follow the sequence's others, are in its pages now.
    void append(Sequence& sequence, std::span<const TokenId> tokens);

    /// Gives up the sequence and forgets what it computed (it may be wrong), but for pages that others use.
    void discard(Sequence&& sequence);

    std::uint32_t pageCount() const { return static_cast<std::uint32_t>(m_pages.size()); }
    std::uint32_t pageTokens() const { return m_pageTokens; }
    std::uint32_t usedPages() const;   ///< by sequences
    std::uint32_t cachedPages() const; ///< by nobody, contents kept
    std::uint32_t freePages() const { return static_cast<std::uint32_t>(m_free.size()); }

private:
    friend class Sequence;
    static constexpr std::uint32_t kRoot = ~0u;

    struct Page {
        std::uint32_t users = 0; ///< sequences
        bool inTree = false;
        std::uint32_t parent = kRoot;
        std::vector<std::uint32_t> children;
        std::vector<TokenId> tokens; ///< of a page in the tree; fewer than a page holds only in a leaf
        std::uint64_t lastUse = 0;
    };

    struct Match {
        std::uint32_t page = kRoot;
        std::uint32_t tokens = 0;
    };

    Match bestChild(std::uint32_t parent, std::span<const TokenId> tokens);
    std::vector<std::uint32_t>& childrenOf(std::uint32_t parent);
    bool takeTail(Sequence& sequence, Match match, const CopyPage& copy);
    bool allocate(std::vector<std::uint32_t>& pages, std::uint32_t count);
    void evictOldest();
    void enterTree(Sequence& sequence);
    void attach(std::uint32_t id, std::uint32_t parent, std::span<const TokenId> tokens);
    void detach(std::uint32_t id);
    void release(std::uint32_t id);
    void close(Sequence& sequence) noexcept;

    std::uint32_t m_pageTokens;
    std::vector<Page> m_pages;
    std::vector<std::uint32_t> m_free;
    std::vector<std::uint32_t> m_rootChildren;
    std::uint64_t m_clock = 0;
};

} // namespace altiplano::engine
