#include "cpu/instruction_set.h"

#include "support/aligned_buffer.h"
#include "support/quantize.h"
#include "support/random.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <random>
#include <span>
#include <vector>

using namespace altiplano::kernels;
using altiplano::test::AlignedBuffer;

namespace {

constexpr std::array kTypes = {
    QuantType::F32,    QuantType::F16,   QuantType::BF16,  QuantType::Q4_0,  QuantType::Q4_1,
    QuantType::Q5_0,   QuantType::Q5_1,  QuantType::Q8_0,  QuantType::Q2_K,  QuantType::Q3_K,
    QuantType::Q4_K,   QuantType::Q5_K,  QuantType::Q6_K,  QuantType::Q8_K,  QuantType::IQ4_NL,
    QuantType::IQ4_XS, QuantType::TQ1_0, QuantType::TQ2_0, QuantType::MXFP4,
};

/// Activations as the AVX2 and AVX-512 kernels see them: rounded to 255 steps of a block's largest magnitude.
std::vector<float> quantized(const std::vector<float>& x, std::size_t block) {
    std::vector<float> out(x.size());
    for (std::size_t b = 0; b < x.size(); b += block) {
        float largest = 0;
        for (std::size_t i = b; i < b + block; ++i)
            largest = std::max(largest, std::fabs(x[i]));
        const float factor = largest > 0 ? 127.0f / largest : 0.0f;
        for (std::size_t i = b; i < b + block; ++i)
            out[i] = std::nearbyint(x[i] * factor) * (largest / 127.0f);
    }
    return out;
}

/// Activations as AVX-512 BF16 sees them beside BF16 weights: the nearest bfloat16, the even one of two.
std::vector<float> roundedToBf16(std::vector<float> x) {
    for (float& v : x) {
        const auto bits = std::bit_cast<std::uint32_t>(v);
        v = std::bit_cast<float>((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000);
    }
    return x;
}

/// A random matrix, some activation rows, and their product in float64.
struct Problem {
    QuantType type;
    std::size_t rows, columns, tokens;
    std::vector<std::byte> blocks;
    std::vector<float> x;

    Problem(QuantType t, std::mt19937_64& random) : type(t) {
        const std::size_t block = quantTraits(type).blockLength;
        const auto pick = [&](std::size_t low, std::size_t high) {
            return std::uniform_int_distribution<std::size_t>(low, high)(random);
        };
        rows = pick(1, 70);
        columns = block == 1 ? pick(1, 700) : block * pick(1, block == 32 ? 40 : 5);
        tokens = pick(1, 70);
        blocks = altiplano::test::randomWeights(type, rows * columns, 0.05f, random);
        std::normal_distribution<float> normal;
        for (std::size_t i = 0; i < tokens * columns; ++i)
            x.push_back(normal(random));
    }

    std::vector<double> product(const std::vector<float>& activations) const {
        std::vector<double> y(tokens * rows);
        std::vector<float> w(columns);
        for (std::size_t r = 0; r < rows; ++r) {
            dequantize(type, blocks.data() + r * rowBytes(type, columns), w.data(), columns);
            for (std::size_t t = 0; t < tokens; ++t)
                for (std::size_t k = 0; k < columns; ++k)
                    y[t * rows + r] +=
                        static_cast<double>(w[k]) * static_cast<double>(activations[t * columns + k]);
        }
        return y;
    }
};

/// Packed weights and the kernels' own way to multiply by them.
struct Multiplier {
    const MatmulKernels& kernels;
    const Problem& problem;
    AlignedBuffer tiles;
    PackedMatrix matrix;
    std::uint8_t format;

    Multiplier(const MatmulKernels& k, const Problem& p)
        : kernels(k), problem(p),
          tiles(tileBytes(p.type, p.columns) * ((p.rows + 7) / 8)), matrix{p.type, p.rows, p.columns,
                                                                           tiles.data()},
          format(k.format(p.type)) {
        const std::size_t bytes = tileBytes(p.type, p.columns), row = rowBytes(p.type, p.columns);
        for (std::size_t i = 0; i < matrix.tileCount(); ++i)
            packTile(p.type, p.blocks.data() + i * 8 * row, std::min<std::size_t>(8, p.rows - 8 * i),
                     p.columns, tiles.data() + i * bytes);
    }

    std::vector<float> gemv(std::size_t token) const {
        AlignedBuffer packed(kernels.activationBytes(format, problem.columns, 1));
        kernels.pack(format, problem.x.data() + token * problem.columns, problem.columns, 1, 0, 1,
                     packed.data());
        AlignedBuffer y(matrix.tileCount() * 8 * sizeof(float));
        const std::size_t half = matrix.tileCount() / 2;
        kernels.gemv(matrix, 0, half, packed.data(), y.floats());
        kernels.gemv(matrix, half, matrix.tileCount() - half, packed.data(), y.floats() + 8 * half);
        return {y.floats(), y.floats() + problem.rows};
    }

    /// All tokens, cut in two at `cut` (a multiple of the group).
    std::vector<float> gemm(std::size_t cut) const {
        const std::size_t tokens = problem.tokens, width = 8 * kernels.gemmTiles;
        AlignedBuffer packed(kernels.activationBytes(format, problem.columns, tokens));
        kernels.pack(format, problem.x.data(), problem.columns, tokens, 0, cut, packed.data());
        kernels.pack(format, problem.x.data() + cut * problem.columns, problem.columns, tokens, cut,
                     tokens - cut, packed.data());
        AlignedBuffer c(tokens * width * sizeof(float)), scratch(kernels.scratchBytes);
        std::vector<float> y(tokens * problem.rows);
        for (std::size_t tile = 0; tile < matrix.tileCount(); tile += kernels.gemmTiles) {
            const std::size_t n = std::min<std::size_t>(kernels.gemmTiles, matrix.tileCount() - tile);
            for (const auto& [first, count] :
                 {std::pair{std::size_t{0}, cut}, std::pair{cut, tokens - cut}}) {
                if (count == 0) continue;
                kernels.gemm(matrix, tile, n, packed.data(), tokens, first, count, c.floats(),
                             scratch.data());
                for (std::size_t t = 0; t < count; ++t)
                    for (std::size_t i = 0; i < 8 * n && 8 * tile + i < problem.rows; ++i)
                        y[(first + t) * problem.rows + 8 * tile + i] = c.floats()[t * width + i];
            }
        }
        return y;
    }
};

/// Squared error over squared truth, of everything that was added.
struct NormalizedError {
    double error = 0, power = 0;

    void add(const std::vector<float>& got, const std::vector<double>& wanted) {
        for (std::size_t i = 0; i < got.size(); ++i) {
            error += std::pow(static_cast<double>(got[i]) - wanted[i], 2);
            power += std::pow(wanted[i], 2);
        }
    }
    double value() const { return error / power; }
};

#define COMPARE_BELOW(value, limit) QVERIFY2((value) < (limit), qPrintable(QString::number(value)))

} // namespace

/// Every instruction set's matrix kernels against float64.
class TestMatmul : public QObject {
    Q_OBJECT
    std::mt19937_64 m_random = altiplano::test::seededRandom();

    void addRows() {
        QTest::addColumn<int>("set");
        QTest::addColumn<int>("type");
        for (std::size_t set = 0; set < instructionSets().size(); ++set)
            for (const QuantType type : kTypes)
                QTest::addRow("%s %s", instructionSets()[set].name.data(), quantTraits(type).name.data())
                    << static_cast<int>(set) << static_cast<int>(type);
    }

private slots:
    void tilesHoldTheirRows() {
        for (const QuantType type : kTypes) {
            const Problem problem(type, m_random);
            const Multiplier m(kScalarMatmul, problem);
            const std::size_t bytes = rowBytes(type, problem.columns);
            for (std::size_t r = 0; r < problem.rows; ++r) {
                std::vector<std::byte> row(bytes);
                extractRow(type, m.matrix.tile(r / 8), r % 8, problem.columns, row.data());
                QVERIFY(std::equal(row.begin(), row.end(),
                                   problem.blocks.begin() + static_cast<long>(r * bytes)));
            }
        }
    }

    void productsAreRight_data() { addRows(); }
    void productsAreRight() {
        QFETCH(int, set);
        QFETCH(int, type);
        const InstructionSet& instructions = instructionSets()[static_cast<std::size_t>(set)];
        if (!instructions.supported()) QSKIP("this CPU lacks them");
        const MatmulKernels& kernels = instructions.prompt.matmul;
        const double limit = &kernels == &kScalarMatmul ? 1e-12 : 1e-4;
        NormalizedError whole;
        for (int round = 0; round < 12; ++round) {
            const Problem problem(static_cast<QuantType>(type), m_random);
            const Multiplier m(kernels, problem);
            const std::vector<double> wanted = problem.product(problem.x);
            const std::size_t group = kernels.groupRows;
            const std::vector<float> product = m.gemm(0);
            whole.add(product, wanted);
            QCOMPARE(m.gemm(problem.tokens / 2 / group * group), product);
            for (std::size_t t = 0; kernels.gemv && t < problem.tokens; ++t)
                QVERIFY(std::ranges::equal(m.gemv(t),
                                           std::span(product).subspan(t * problem.rows, problem.rows)));
        }
        COMPARE_BELOW(whole.value(), limit);
    }

    /// What is left of the error is not the kernels': against activations rounded as they say, it is float
    /// noise.
    void isExactOnRoundedActivations_data() {
        QTest::addColumn<QByteArray>("set");
        QTest::addColumn<int>("type");
        for (const char* set : {"avx2", "avx512", "avx512bf16"})
            for (const QuantType type : kTypes)
                QTest::addRow("%s %s", set, quantTraits(type).name.data())
                    << QByteArray(set) << static_cast<int>(type);
    }
    void isExactOnRoundedActivations() {
        QFETCH(QByteArray, set);
        QFETCH(int, type);
        const InstructionSet* instructions = findInstructionSet(set.constData());
        if (!instructions) QSKIP("this CPU lacks them");
        NormalizedError gemm, gemv;
        for (int round = 0; round < 12; ++round) {
            const Problem problem(static_cast<QuantType>(type), m_random);
            const Multiplier m(instructions->prompt.matmul, problem);
            const std::size_t block = quantTraits(problem.type).blockLength;
            const bool bf16 = set == "avx512bf16" && problem.type == QuantType::BF16;
            const std::vector<double> wanted = problem.product(bf16         ? roundedToBf16(problem.x)
                                                               : block == 1 ? problem.x
                                                                            : quantized(problem.x, block));
            gemm.add(m.gemm(0), wanted);
            gemv.add(m.gemv(0), wanted);
        }
        COMPARE_BELOW(gemm.value(), 1e-11);
        COMPARE_BELOW(gemv.value(), 1e-11);
    }
};

QTEST_APPLESS_MAIN(TestMatmul)
#include "tst_matmul.moc"
