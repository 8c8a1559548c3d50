#include "engine/gguf_file.h"
#include "engine/model_summary.h"
#include "support/random.h"
#include "support/small_gguf.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

#include <QTest>

using namespace altiplano::engine;
using namespace altiplano::test;

/// How long a context a limit of memory leaves room for.
class TestMemoryLimit : public QObject {
    Q_OBJECT

private slots:
    void theLongestThatFits() {
        TinyModelOptions model;
        model.layers = 3;
        const GgufFile file = GgufFile::open(writeTinyModel(m_folder.path() / "tiny.gguf", model));
        // K and V of every layer as half floats, in pages of 64 tokens.
        const std::uint64_t page =
            64ull * 2 * model.layers * model.kvHeads * (model.hidden / model.heads) * 2;
        SchedulerOptions options;
        options.contextTokens = 100'000;
        options.poolTokens = 64;
        SchedulerOptions none = options;
        none.contextTokens = 0;
        none.poolTokens = 0;
        const std::uint64_t fixed = estimateMemory(file, none).total();
        auto random = seededRandom();
        std::uniform_int_distribution<std::uint64_t> pages(8, 2000), rest(0, page - 1);
        for (int i = 0; i < 50; ++i) {
            const std::uint64_t room = pages(random);
            const std::uint32_t fits = contextWithin(file, options, fixed + room * page + rest(random));
            QCOMPARE(std::uint64_t{fits}, std::min<std::uint64_t>(room * 64, options.contextTokens));
        }
    }

    void aLimitThatIsNoneChangesNothing() {
        const GgufFile file = GgufFile::open(writeTinyModel(m_folder.path() / "tiny.gguf", {}));
        SchedulerOptions options;
        options.contextTokens = 300;
        QCOMPARE(contextWithin(file, options, 1ull << 40), 300u);
    }

    void tooBigByItself() {
        const GgufFile file = GgufFile::open(writeTinyModel(m_folder.path() / "tiny.gguf", {}));
        const Refusal refusal = refusalOf([&] { contextWithin(file, {}, 10'000); });
        QCOMPARE(static_cast<int>(refusal.code), static_cast<int>(ErrorCode::BadRequest));
        QVERIFY(refusal.says("memory limit"));
    }

private:
    TemporaryFolder m_folder;
};

QTEST_GUILESS_MAIN(TestMemoryLimit)
#include "tst_memory_limit.moc"
