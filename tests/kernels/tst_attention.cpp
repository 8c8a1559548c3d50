#include "cpu/instruction_set.h"
#include "cpu/rotation.h"

#include "support/aligned_buffer.h"
#include "support/random.h"

#include <QTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <vector>

using namespace altiplano::kernels;
using altiplano::test::AlignedBuffer;

namespace {

/// Random K/V of one head in shuffled pages, and queries at the end of the sequence.
struct Problem {
    KvLayout layout;
    std::size_t group, tokens, length;
    std::uint32_t window, begin;
    std::vector<float> k, v, q;
    std::vector<std::uint32_t> pages;

    Problem(KvType type, std::mt19937_64& random) {
        const auto pick = [&](std::size_t low, std::size_t high) {
            return std::uniform_int_distribution<std::size_t>(low, high)(random);
        };
        layout = {type, 1, 1, 4 * pick(1, 40)};
        group = pick(1, 5);
        length = pick(1, 300);
        tokens = pick(1, std::min<std::size_t>(length, 70));
        window = pick(0, 2) == 0 ? static_cast<std::uint32_t>(pick(1, 200)) : 0;
        begin = pick(0, 3) == 0 ? static_cast<std::uint32_t>(pick(0, length - 1)) : 0;
        std::normal_distribution<float> normal;
        const auto fill = [&](std::vector<float>& x, std::size_t n, float scale) {
            for (std::size_t i = 0; i < n; ++i)
                x.push_back(scale * normal(random));
        };
        fill(k, length * layout.headDim, 1);
        fill(v, length * layout.headDim, 1);
        fill(q, tokens * group * layout.headDim, 2 / std::sqrt(static_cast<float>(layout.headDim)));
        for (std::uint32_t i = 0; i < (length + kKvPageTokens - 1) / kKvPageTokens; ++i)
            pages.push_back(i);
        std::shuffle(pages.begin(), pages.end(), random);
    }

    /// Attention of a query in float64: the unnormalized output, for a maximum of `max`, and the sum.
    std::vector<double> expected(std::size_t query, double max) const {
        const std::size_t own = length - tokens + query / group, dim = layout.headDim;
        const std::size_t oldest = window != 0 && own + 1 > window ? own + 1 - window : 0;
        std::vector<double> out(dim + 1);
        for (std::size_t p = std::max<std::size_t>(begin, oldest); p <= own; ++p) {
            double score = 0;
            for (std::size_t d = 0; d < dim; ++d)
                score += static_cast<double>(q[query * dim + d]) * static_cast<double>(k[p * dim + d]);
            const double weight = std::exp(score - max);
            for (std::size_t d = 0; d < dim; ++d)
                out[d] += weight * static_cast<double>(v[p * dim + d]);
            out[dim] += weight;
        }
        return out;
    }
};

} // namespace

/// Every instruction set's attention kernels against float64.
class TestAttention : public QObject {
    Q_OBJECT
    std::mt19937_64 m_random = altiplano::test::seededRandom();

private slots:
    /// Against the definition: H[i][j] is 1 / sqrt(n), negative where i and j share an odd number of bits.
    void rotationIsHadamards_data() {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("block");
        for (const auto& [size, block] : {std::pair{64, 64}, {128, 128}, {80, 16}, {36, 4}, {4, 4}, {6, 1}})
            QTest::addRow("%d", size) << size << block;
    }
    void rotationIsHadamards() {
        QFETCH(int, size);
        QFETCH(int, block);
        std::vector<float> x(static_cast<std::size_t>(size));
        std::normal_distribution<float> normal;
        for (float& v : x)
            v = normal(m_random);
        std::vector<float> turned = x;
        rotate(turned.data(), turned.size());
        for (int i = 0; i < size; ++i) {
            double wanted = 0;
            for (int j = i / block * block; j < i / block * block + block; ++j)
                wanted += (std::popcount(static_cast<unsigned>(i % block & j % block)) % 2 ? -1 : 1) *
                          static_cast<double>(x[static_cast<std::size_t>(j)]) / std::sqrt(block);
            QVERIFY(std::fabs(static_cast<double>(turned[static_cast<std::size_t>(i)]) - wanted) < 1e-5);
        }
        rotate(turned.data(), turned.size());
        for (std::size_t i = 0; i < x.size(); ++i)
            QVERIFY(std::fabs(turned[i] - x[i]) < 1e-5f);
    }

    void queriesGetWhatTheySee_data() {
        QTest::addColumn<int>("set");
        QTest::addColumn<int>("type");
        QTest::addColumn<double>("limit");
        for (std::size_t set = 0; set < instructionSets().size(); ++set) {
            const bool amx = instructionSets()[set].name == "amx"; // bfloat16
            const char* name = instructionSets()[set].name.data();
            QTest::addRow("%s f16", name)
                << static_cast<int>(set) << static_cast<int>(KvType::F16) << (amx ? 1e-4 : 1e-6);
            QTest::addRow("%s q8_0", name) << static_cast<int>(set) << static_cast<int>(KvType::Q8_0) << 3e-4;
        }
    }
    void queriesGetWhatTheySee() {
        QFETCH(int, set);
        QFETCH(int, type);
        QFETCH(double, limit);
        const InstructionSet& instructions = instructionSets()[static_cast<std::size_t>(set)];
        if (!instructions.supported()) QSKIP("this CPU lacks them");
        double error = 0, power = 0;
        for (int round = 0; round < 40; ++round) {
            const Problem problem(static_cast<KvType>(type), m_random);
            const KvLayout& layout = problem.layout;
            const std::size_t dim = layout.headDim, dims = layout.dims();
            const std::size_t queries = problem.tokens * problem.group;
            AlignedBuffer pool(problem.pages.size() * layout.pageBytes()), q(queries * dims * sizeof(float));
            AlignedBuffer out(queries * dims * sizeof(float));
            std::vector<float> max(queries), sum(queries);
            for (std::size_t p = 0; p < problem.length; ++p)
                instructions.prompt.attention.store(
                    layout, pool.data() + problem.pages[p / kKvPageTokens] * layout.pageBytes(),
                    p % kKvPageTokens, problem.k.data() + p * dim, problem.v.data() + p * dim);
            for (std::size_t i = 0; i < queries; ++i)
                std::copy_n(problem.q.data() + i * dim, dim, q.floats() + i * dims);

            AttentionTask task;
            task.layout = &layout;
            task.pool = pool.data();
            task.pages = problem.pages.data();
            task.q = q.floats();
            task.queries = queries;
            task.group = problem.group;
            task.position = static_cast<std::uint32_t>(problem.length - problem.tokens);
            task.begin = problem.begin;
            task.end = static_cast<std::uint32_t>(problem.length);
            task.window = problem.window;
            task.out = out.floats();
            task.max = max.data();
            task.sum = sum.data();
            instructions.prompt.attention.attend(task);

            for (std::size_t i = 0; i < queries; ++i) {
                const auto expected = problem.expected(i, static_cast<double>(max[i]));
                if (std::isinf(max[i])) { // sees nothing
                    QCOMPARE(sum[i], 0.0f);
                    for (std::size_t d = 0; d < dim; ++d)
                        QCOMPARE(out.floats()[i * dims + d], 0.0f);
                    continue;
                }
                for (std::size_t d = 0; d < dim; ++d) {
                    const double wanted = expected[d] / expected[dim];
                    const double got =
                        static_cast<double>(out.floats()[i * dims + d]) / static_cast<double>(sum[i]);
                    error += (got - wanted) * (got - wanted);
                    power += wanted * wanted;
                }
            }
        }
        QVERIFY2(error / power < limit, qPrintable(QString::number(error / power)));
    }
};

QTEST_APPLESS_MAIN(TestAttention)
#include "tst_attention.moc"
