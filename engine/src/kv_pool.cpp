#include "engine/kv_pool.h"

#include <algorithm>
#include <new>
#include <utility>

namespace altiplano::engine {

namespace {

std::uint32_t commonPrefix(std::span<const TokenId> a, std::span<const TokenId> b) {
    const std::size_t length = std::min(a.size(), b.size());
    const auto end = a.begin() + static_cast<std::ptrdiff_t>(length);
    return static_cast<std::uint32_t>(std::mismatch(a.begin(), end, b.begin()).first - a.begin());
}

} // namespace

Sequence::~Sequence() {
    if (m_pool) m_pool->close(*this);
}

Sequence::Sequence(Sequence&& other) noexcept {
    *this = std::move(other);
}

Sequence& Sequence::operator=(Sequence&& other) noexcept {
    if (this == &other) return *this;
    if (m_pool) m_pool->close(*this);
    m_pool = std::exchange(other.m_pool, nullptr);
    m_pages = std::exchange(other.m_pages, {});
    m_tokens = std::exchange(other.m_tokens, {});
    m_treePages = std::exchange(other.m_treePages, 0);
    return *this;
}

KvPool::KvPool(std::uint32_t pages, std::uint32_t pageTokens) : m_pageTokens(pageTokens), m_pages(pages) {
    m_free.reserve(pages);
    for (std::uint32_t page = pages; page-- > 0;)
        m_free.push_back(page);
}

Sequence KvPool::open(std::span<const TokenId> prompt, const CopyPage& copy) {
    Sequence sequence;
    sequence.m_pool = this;
    std::uint32_t position = 0;
    std::uint32_t parent = kRoot;
    while (position + 1 < prompt.size()) {
        const std::span<const TokenId> rest = prompt.subspan(position, prompt.size() - 1 - position);
        const Match match = bestChild(parent, rest.first(std::min<std::size_t>(rest.size(), m_pageTokens)));
        if (match.tokens == 0) break;
        Page& page = m_pages[match.page];
        page.lastUse = ++m_clock;
        if (match.tokens < m_pageTokens) {
            if (takeTail(sequence, match, copy)) position += match.tokens;
            break;
        }
        ++page.users;
        sequence.m_pages.push_back(match.page);
        ++sequence.m_treePages;
        parent = match.page;
        position += m_pageTokens;
    }
    sequence.m_tokens.assign(prompt.begin(), prompt.begin() + position);
    return sequence;
}

bool KvPool::takeTail(Sequence& sequence, Match match, const CopyPage& copy) {
    Page& source = m_pages[match.page];
    if (source.users == 0 && match.tokens == source.tokens.size()) {
        detach(match.page);
        ++source.users;
        sequence.m_pages.push_back(match.page);
        return true;
    }
    ++source.users; // so that making room spares it
    const bool room = allocate(sequence.m_pages, 1);
    if (room) copy(match.page, sequence.m_pages.back(), match.tokens);
    release(match.page);
    return room;
}

bool KvPool::reserve(Sequence& sequence, std::uint32_t tokens) {
    const std::size_t pages = (std::size_t(tokens) + m_pageTokens - 1) / m_pageTokens;
    if (pages <= sequence.m_pages.size()) return true;
    sequence.m_pool = this;
    return allocate(sequence.m_pages, static_cast<std::uint32_t>(pages - sequence.m_pages.size()));
}

void KvPool::append(Sequence& sequence, std::span<const TokenId> tokens) {
    sequence.m_tokens.insert(sequence.m_tokens.end(), tokens.begin(), tokens.end());
    while ((sequence.m_treePages + 1) * m_pageTokens <= sequence.m_tokens.size())
        enterTree(sequence);
}

void KvPool::discard(Sequence&& sequence) {
    for (std::size_t i = sequence.m_pages.size(); i-- > 0;) {
        const std::uint32_t id = sequence.m_pages[i];
        if (m_pages[id].users == 1 && m_pages[id].inTree && m_pages[id].children.empty()) detach(id);
        release(id);
    }
    sequence.m_pool = nullptr;
    sequence = Sequence();
}

std::uint32_t KvPool::usedPages() const {
    return static_cast<std::uint32_t>(
        std::count_if(m_pages.begin(), m_pages.end(), [](const Page& page) { return page.users > 0; }));
}

std::uint32_t KvPool::cachedPages() const {
    return pageCount() - usedPages() - freePages();
}

/// The child of `parent` whose text shares most tokens with `tokens`.
KvPool::Match KvPool::bestChild(std::uint32_t parent, std::span<const TokenId> tokens) {
    Match best;
    for (const std::uint32_t child : childrenOf(parent)) {
        const std::uint32_t shared = commonPrefix(m_pages[child].tokens, tokens);
        if (shared > best.tokens) best = {child, shared};
    }
    return best;
}

std::vector<std::uint32_t>& KvPool::childrenOf(std::uint32_t parent) {
    return parent == kRoot ? m_rootChildren : m_pages[parent].children;
}

/// Appends `count` pages to `pages`, dropping cached ones as needed; or false and nothing done.
bool KvPool::allocate(std::vector<std::uint32_t>& pages, std::uint32_t count) {
    if (freePages() < count && freePages() + cachedPages() < count) return false;
    pages.reserve(pages.size() + count);
    while (freePages() < count)
        evictOldest();
    for (; count > 0; --count) {
        pages.push_back(m_free.back());
        m_free.pop_back();
        m_pages[pages.back()].users = 1;
    }
    return true;
}

/// Frees the leaf that was used the longest time ago. Whoever uses a page uses its ancestors too, so every
/// unused page gets to be a leaf in time.
void KvPool::evictOldest() {
    std::uint32_t oldest = kRoot;
    for (std::uint32_t id = 0; id < m_pages.size(); ++id) {
        const Page& page = m_pages[id];
        if (page.users > 0 || !page.inTree || !page.children.empty()) continue;
        if (oldest == kRoot || page.lastUse < m_pages[oldest].lastUse) oldest = id;
    }
    detach(oldest);
    m_free.push_back(oldest);
}

/// Puts the sequence's first page outside the tree into it, with what the sequence has in that page.
void KvPool::enterTree(Sequence& sequence) {
    const std::uint32_t index = sequence.m_treePages;
    const std::uint32_t parent = index == 0 ? kRoot : sequence.m_pages[index - 1];
    const std::span<const TokenId> rest =
        std::span(sequence.m_tokens).subspan(std::size_t(index) * m_pageTokens);
    const std::span<const TokenId> tokens = rest.first(std::min<std::size_t>(rest.size(), m_pageTokens));

    std::uint32_t& page = sequence.m_pages[index];
    const Match same = bestChild(parent, tokens);
    if (same.tokens == tokens.size()) { // another sequence has computed the same text
        ++m_pages[same.page].users;
        release(std::exchange(page, same.page));
    } else {
        if (same.tokens > 0 && same.tokens == m_pages[same.page].tokens.size() &&
            m_pages[same.page].users == 0) {
            detach(same.page); // a shorter copy of this text
            m_free.push_back(same.page);
        }
        attach(page, parent, tokens);
    }
    m_pages[page].lastUse = ++m_clock;
    ++sequence.m_treePages;
}

void KvPool::attach(std::uint32_t id, std::uint32_t parent, std::span<const TokenId> tokens) {
    childrenOf(parent).push_back(id);
    Page& page = m_pages[id];
    page.tokens.assign(tokens.begin(), tokens.end());
    page.parent = parent;
    page.inTree = true;
}

void KvPool::detach(std::uint32_t id) {
    Page& page = m_pages[id];
    std::erase(childrenOf(page.parent), id);
    page.tokens.clear();
    page.inTree = false;
}

/// One sequence less uses the page.
void KvPool::release(std::uint32_t id) {
    Page& page = m_pages[id];
    if (--page.users == 0 && !page.inTree) m_free.push_back(id);
}

void KvPool::close(Sequence& sequence) noexcept {
    try {
        if (sequence.m_treePages * m_pageTokens < sequence.m_tokens.size()) enterTree(sequence);
    } catch (const std::bad_alloc&) {
        // The tail is not kept then.
    }
    for (std::size_t i = sequence.m_pages.size(); i-- > 0;) {
        m_pages[sequence.m_pages[i]].lastUse = ++m_clock; // parents after children: leaves go first
        release(sequence.m_pages[i]);
    }
    sequence.m_pool = nullptr;
}

} // namespace altiplano::engine
