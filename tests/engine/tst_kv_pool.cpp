#include "engine/kv_pool.h"

#include "support/random.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <optional>

using namespace altiplano::engine;

namespace {

constexpr std::uint32_t kPage = 4;

std::vector<TokenId> range(TokenId from, TokenId to) {
    std::vector<TokenId> tokens;
    for (TokenId token = from; token < to; ++token)
        tokens.push_back(token);
    return tokens;
}

/// Stands for a device: remembers in each page which text, from the sequence's start on, a position was
/// computed for.
class FakeDevice {
public:
    explicit FakeDevice(std::uint32_t pages) : m_pages(pages, std::vector<std::vector<TokenId>>(kPage)) {}

    void compute(const Sequence& sequence, std::span<const TokenId> tokens) {
        std::vector<TokenId> text = sequence.tokens();
        for (const TokenId token : tokens) {
            text.push_back(token);
            const std::size_t position = text.size() - 1;
            m_pages[sequence.pages()[position / kPage]][position % kPage] = text;
        }
    }

    KvPool::CopyPage copy() {
        return [this](std::uint32_t from, std::uint32_t to, std::uint32_t tokens) {
            ++copies;
            std::copy_n(m_pages[from].begin(), tokens, m_pages[to].begin());
        };
    }

    /// True when every position of the sequence holds what was computed for its own text.
    bool holds(const Sequence& sequence) const {
        std::vector<TokenId> text;
        for (const TokenId token : sequence.tokens()) {
            text.push_back(token);
            const std::size_t position = text.size() - 1;
            if (m_pages[sequence.pages()[position / kPage]][position % kPage] != text) return false;
        }
        return true;
    }

    int copies = 0;

private:
    std::vector<std::vector<std::vector<TokenId>>> m_pages;
};

/// Opens, reserves, computes and appends all of `tokens`.
Sequence run(KvPool& pool, FakeDevice& device, const std::vector<TokenId>& tokens) {
    Sequence sequence = pool.open(tokens, device.copy());
    if (!pool.reserve(sequence, static_cast<std::uint32_t>(tokens.size()))) return sequence;
    const std::span<const TokenId> rest = std::span(tokens).subspan(sequence.size());
    device.compute(sequence, rest);
    pool.append(sequence, rest);
    return sequence;
}

} // namespace

class TestKvPool : public QObject {
    Q_OBJECT

private slots:
    void wholePagesAreShared() {
        KvPool pool(8, kPage);
        FakeDevice device(8);
        const Sequence first = run(pool, device, range(0, 8));
        std::vector<TokenId> prompt = range(0, 8);
        prompt.push_back(100);
        const Sequence second = pool.open(prompt, device.copy());
        QCOMPARE(second.size(), 8u);
        QVERIFY(second.pages() == first.pages());
        QCOMPARE(pool.usedPages(), 2u);
        QCOMPARE(device.copies, 0);
    }

    void theLastPromptTokenIsRunAgain() {
        KvPool pool(8, kPage);
        FakeDevice device(8);
        run(pool, device, range(0, 8));
        const Sequence again = pool.open(range(0, 8), device.copy());
        QCOMPARE(again.size(), 7u);
        QVERIFY(device.holds(again));
        QCOMPARE(pool.open(std::vector<TokenId>{0}, device.copy()).size(), 0u);
        QCOMPARE(pool.open({}, device.copy()).size(), 0u);
    }

    void aPageThatIsLeftInTheMiddleIsCopied() {
        KvPool pool(8, kPage);
        FakeDevice device(8);
        const Sequence first = run(pool, device, range(0, 8));
        const std::vector<TokenId> edited = {0, 1, 2, 3, 4, 5, 77, 78, 79};
        const Sequence second = run(pool, device, edited);
        QCOMPARE(device.copies, 1);
        QVERIFY(second.pages()[0] == first.pages()[0]);
        QVERIFY(second.pages()[1] != first.pages()[1]);
        QVERIFY(device.holds(first));
        QVERIFY(device.holds(second));
    }

    void anUnusedTailIsContinuedInPlace() {
        KvPool pool(2, kPage);
        FakeDevice device(2);
        run(pool, device, range(0, 6));
        const Sequence next = run(pool, device, range(0, 8));
        QCOMPARE(next.size(), 8u);
        QCOMPARE(device.copies, 0);
        QVERIFY(device.holds(next));
    }

    void theSameTextIsKeptOnce() {
        KvPool pool(8, kPage);
        FakeDevice device(8);
        {
            Sequence a = pool.open(range(0, 6), device.copy());
            Sequence b = pool.open(range(0, 6), device.copy());
            for (Sequence* sequence : {&a, &b}) {
                QVERIFY(pool.reserve(*sequence, 6));
                device.compute(*sequence, range(0, 6));
                pool.append(*sequence, range(0, 6));
            }
            QVERIFY(a.pages()[0] == b.pages()[0]);
        }
        QCOMPARE(pool.cachedPages(), 2u);
        QCOMPARE(pool.freePages(), 6u);
    }

    void theOldestTextGoesFirst() {
        KvPool pool(4, kPage);
        FakeDevice device(4);
        run(pool, device, range(0, 4));
        run(pool, device, range(10, 14));
        run(pool, device, range(20, 24));
        pool.open(range(0, 5), device.copy()); // used again
        const Sequence big = run(pool, device, range(30, 38));
        QCOMPARE(big.size(), 8u);
        QCOMPARE(pool.open(range(0, 5), device.copy()).size(), 4u);
        QCOMPARE(pool.open(range(10, 15), device.copy()).size(), 0u);
        QCOMPARE(pool.open(range(20, 25), device.copy()).size(), 4u);
    }

    void pagesInUseAreNeverTaken() {
        KvPool pool(3, kPage);
        FakeDevice device(3);
        const Sequence a = run(pool, device, range(0, 8));
        Sequence b = pool.open(range(10, 20), device.copy());
        QVERIFY(!pool.reserve(b, 8));
        QVERIFY(b.pages().empty());
        QVERIFY(pool.reserve(b, 4));
        QVERIFY(device.holds(a));
    }

    void whatIsDiscardedIsNotFoundAgain() {
        KvPool pool(8, kPage);
        FakeDevice device(8);
        run(pool, device, range(0, 5));
        Sequence bad = run(pool, device, range(0, 14));
        QCOMPARE(bad.size(), 14u);
        pool.discard(std::move(bad));
        QCOMPARE(pool.usedPages(), 0u);
        QCOMPARE(pool.freePages(), 8u);
        QCOMPARE(pool.open(range(0, 14), device.copy()).size(), 0u);
    }

    /// Random opens, growth, closes and discards over a tiny alphabet, in a pool that is too small: no
    /// position of any sequence ever holds another text's K/V, and no page is lost.
    void randomOperations() {
        auto random = altiplano::test::seededRandom();
        const auto below = [&](std::uint64_t bound) { return static_cast<std::uint32_t>(random() % bound); };
        for (int round = 0; round < 40; ++round) {
            const std::uint32_t pages = 4 + below(20);
            KvPool pool(pages, kPage);
            FakeDevice device(pages);
            std::vector<Sequence> open;
            for (int operation = 0; operation < 300; ++operation) {
                const std::uint32_t choice = below(10);
                if (choice < 3 || open.empty()) {
                    std::vector<TokenId> prompt(1 + below(24));
                    for (TokenId& token : prompt)
                        token = static_cast<TokenId>(below(2));
                    open.push_back(pool.open(prompt, device.copy()));
                    QVERIFY(open.back().size() < prompt.size());
                    QVERIFY(
                        std::equal(open.back().tokens().begin(), open.back().tokens().end(), prompt.begin()));
                } else {
                    const std::size_t i = below(open.size());
                    if (choice < 7) {
                        std::vector<TokenId> more(1 + below(9));
                        for (TokenId& token : more)
                            token = static_cast<TokenId>(below(2));
                        const auto size = static_cast<std::uint32_t>(open[i].size() + more.size());
                        const std::vector<std::uint32_t> before = open[i].pages();
                        if (pool.reserve(open[i], size)) {
                            device.compute(open[i], more);
                            pool.append(open[i], more);
                        } else {
                            QVERIFY(open[i].pages() == before);
                        }
                    } else {
                        if (choice == 9) pool.discard(std::move(open[i]));
                        open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
                    }
                }
                std::map<std::uint32_t, int> used;
                for (const Sequence& sequence : open) {
                    QVERIFY(device.holds(sequence));
                    for (const std::uint32_t page : sequence.pages())
                        ++used[page];
                }
                QCOMPARE(pool.usedPages(), static_cast<std::uint32_t>(used.size()));
                QCOMPARE(pool.usedPages() + pool.cachedPages() + pool.freePages(), pages);
            }
        }
    }

    /// While nothing had to be dropped, the longest beginning of any finished text is found.
    void theLongestPrefixIsFound() {
        auto random = altiplano::test::seededRandom();
        KvPool pool(20'000, kPage);
        FakeDevice device(20'000);
        std::vector<std::vector<TokenId>> finished;
        for (int round = 0; round < 500; ++round) {
            std::vector<TokenId> prompt(1 + random() % 40);
            for (TokenId& token : prompt)
                token = static_cast<TokenId>(random() % 3);
            std::size_t longest = 0;
            for (const auto& text : finished) {
                const std::size_t length = std::min(text.size(), prompt.size() - 1);
                const auto end = text.begin() + static_cast<std::ptrdiff_t>(length);
                const auto differs = std::mismatch(text.begin(), end, prompt.begin()).first;
                longest = std::max(longest, static_cast<std::size_t>(differs - text.begin()));
            }
            const Sequence probe = pool.open(prompt, device.copy());
            QCOMPARE(std::size_t(probe.size()), longest);
            Sequence sequence = run(pool, device, prompt);
            QVERIFY(device.holds(sequence));
            finished.push_back(prompt);
        }
    }
};

QTEST_APPLESS_MAIN(TestKvPool)
#include "tst_kv_pool.moc"
