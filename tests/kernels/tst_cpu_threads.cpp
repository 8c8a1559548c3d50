#include "kernels/backend.h"

#include "support/plan_runner.h"
#include "support/random.h"
#include "support/random_plan.h"

#include <QTest>

#include <chrono>
#include <random>
#include <thread>

using namespace altiplano::kernels;
using altiplano::test::PlanRunner;
using altiplano::test::RandomPlan;
using altiplano::test::RandomPlanOptions;

namespace {

/// Wants a core now and then, for moments of up to half a millisecond.
void disturb(const std::stop_token& stop, std::uint64_t seed) {
    using namespace std::chrono;
    std::mt19937_64 random(seed);
    while (!stop.stop_requested()) {
        const auto end = steady_clock::now() + microseconds(random() % 500);
        while (steady_clock::now() < end) {
        }
        std::this_thread::sleep_for(microseconds(random() % 500));
    }
}

} // namespace

class TestCpuThreads : public QObject {
    Q_OBJECT
    std::mt19937_64 m_random = altiplano::test::seededRandom();

private slots:
    /// Bit for bit: with one thread, and with many on cores that others want as well, so that they are
    /// interrupted wherever they are and do each other's work.
    void resultsDoNotDependOnThreads_data() {
        QTest::addColumn<QByteArray>("set");
        for (const char* set : {"avx2", "avx512", "avx512bf16", "amx"})
            QTest::addRow("%s", set) << QByteArray(set);
    }
    void resultsDoNotDependOnThreads() {
        QFETCH(QByteArray, set);
        RandomPlanOptions options;
        options.shape = {3, 256, 4, 2, 64, 1024, 700};
        options.types = {QuantType::Q4_K, QuantType::Q4_0, QuantType::F16};
        const RandomPlan plan(options, m_random);
        const auto tokens = plan.randomTokens(64, m_random);
        const auto answer = [&](std::uint32_t threads) {
            const auto program = createCpuBackend({threads, set.toStdString()})->upload(plan.plan(), {});
            PlanRunner runner(*program, plan.shape().vocabulary, {0});
            return runner.runChunks(tokens, 1);
        };
        std::vector<std::vector<float>> expected;
        try {
            expected = answer(1);
        } catch (const BackendError&) {
            QSKIP("this CPU lacks them");
        }
        std::vector<std::jthread> others;
        for (int i = 0; i < 3; ++i)
            others.emplace_back(disturb, m_random());
        for (const std::uint32_t threads : {2u, 5u})
            QCOMPARE(answer(threads), expected);
    }
};

QTEST_APPLESS_MAIN(TestCpuThreads)
#include "tst_cpu_threads.moc"
