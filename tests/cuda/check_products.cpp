#include "cuda/checks.h"
#include "cuda/float64_model.h"
#include "support/quantize.h"

#include <algorithm>
#include <cmath>

namespace altiplano::test {

using namespace kernels;

namespace {

constexpr QuantType kTypes[] = {QuantType::F32,   QuantType::F16,   QuantType::BF16,   QuantType::Q4_0,
                                QuantType::Q4_1,  QuantType::Q5_0,  QuantType::Q5_1,   QuantType::Q8_0,
                                QuantType::Q2_K,  QuantType::Q3_K,  QuantType::Q4_K,   QuantType::Q5_K,
                                QuantType::Q6_K,  QuantType::Q8_K,  QuantType::IQ4_NL, QuantType::IQ4_XS,
                                QuantType::TQ1_0, QuantType::TQ2_0, QuantType::MXFP4};

/// A value as the fast kernels hand it on, where it will be int8: a quarter of it as a half float.
double asHalf(double value) {
    const int exponent = std::max(std::ilogb(value / 4), -14); // below are subnormals
    const double step = std::ldexp(1.0, exponent - 10);
    return value == 0 ? 0 : std::nearbyint(value / 4 / step) * step * 4;
}

/// Activations as the fast kernels quantize them: int8 in blocks of 32.
std::vector<double> asInt8(std::vector<double> x) {
    for (std::size_t i = 0; i < x.size(); i += 32) {
        double largest = 0;
        for (std::size_t j = i; j < std::min(i + 32, x.size()); ++j)
            largest = std::max(largest, std::fabs(x[j]));
        for (std::size_t j = i; j < std::min(i + 32, x.size()); ++j)
            if (largest > 0) x[j] = std::nearbyint(x[j] * 127 / largest) * largest / 127;
    }
    return x;
}

} // namespace

/// A plan that is nothing but a norm and a matrix, for every type, odd sizes and one, few and many rows. The
/// more rows, the smaller the matrix, so that the reference keeps up.
void checkProducts(Backend& backend, Report& report, std::mt19937_64& random) {
    for (const QuantType type : kTypes) {
        const QuantTraits& traits = quantTraits(type);
        const bool floats = type == QuantType::F16 || type == QuantType::BF16;
        for (const std::uint32_t blocks : {1u, 3u, 18u, 43u}) {
            const std::uint32_t columns = blocks * (traits.blockLength == 1 ? 32 : traits.blockLength);
            const std::uint32_t rows = 1 + static_cast<std::uint32_t>(random() % (blocks == 1 ? 9000 : 2100));
            const auto weights = randomWeights(type, std::size_t{rows} * columns, 1, random);
            const auto norm = randomWeights(QuantType::F32, columns, 1, random);
            Plan plan;
            plan.shape = {0, columns, 1, 1, 64, 32, rows};
            plan.steps.emplace_back(LogitsStep{{{QuantType::F32, 1, columns, norm.data()}, 1e-5f},
                                               {{type, rows, columns, weights.data()}, {}}});
            const auto program = backend.upload(plan, {});
            Float64Model reference(plan, KvType::F16);
            const auto& w = reference.weights(std::get<LogitsStep>(plan.steps[0]).head.weight);
            const auto& n = reference.weights(std::get<LogitsStep>(plan.steps[0]).norm.weight);
            for (const std::uint32_t count : {1u, 3u, 13u, 27u, 60u, 100u, 130u, 300u}) {
                if (count > 13 && std::uint64_t{columns} * rows * count > 100'000'000) continue;
                std::normal_distribution<float> normal(0, 3);
                std::vector<float> hidden(std::size_t{count} * columns),
                    logits(std::size_t{count} * rows, NAN);
                for (float& value : hidden)
                    value = normal(random);
                std::vector<BatchRow> batch(count, BatchRow{0, 0, 0, true});
                for (std::uint32_t i = 0; i < count; ++i)
                    batch[i].position = i;
                const std::vector<std::uint32_t> page{0, 1, 2, 3, 4};
                const SequencePages pages{page};
                const auto pooled = program->createState({count, 5, KvType::F16});
                program->execute(*pooled, {batch, {&pages, 1}}, logits, hidden, {}, nullptr);
                for (std::uint32_t r = 0; r < count; ++r) {
                    // A single row of a packed type goes through the fast kernels where the device has them;
                    // whoever rounds to int8 is compared with the same rounding, so that the limit is tight.
                    const bool packed = floats || type == QuantType::Q4_0 || type == QuantType::Q4_1 ||
                                        type == QuantType::Q8_0 || type == QuantType::Q4_K ||
                                        type == QuantType::Q6_K;
                    const bool fast = count == 1 && packed && backend.device().instructions >= "sm_90";
                    double squares = 0;
                    std::vector<double> x(columns), expected(rows);
                    for (std::uint32_t c = 0; c < columns; ++c) {
                        const double given = hidden[std::size_t{r} * columns + c],
                                     value = fast && !floats ? asHalf(given) : given;
                        squares += value * value;
                        x[c] = value * n[c];
                    }
                    if (fast && !floats) x = asInt8(x);
                    // Several rows meet the weights as half floats on tensor cores.
                    const bool halves = count > (backend.device().instructions == "sm_90" ? 1u : 4u);
                    const double factor = 1 / std::sqrt(squares / columns + 1e-5);
                    double typical = 0,
                           norm2 = 0; // a few sums may cancel: rounding does not shrink with them
                    for (std::uint32_t i = 0; i < rows; ++i) {
                        for (std::uint32_t c = 0; c < columns; ++c) {
                            const double term = w[std::size_t{i} * columns + c] * x[c];
                            expected[i] += term;
                            typical += term * term * factor * factor;
                        }
                        expected[i] *= factor;
                    }
                    const std::string what = std::string(traits.name) + ' ' + std::to_string(rows) + 'x' +
                                             std::to_string(columns) + ", row " + std::to_string(r) + " of " +
                                             std::to_string(count);
                    for (const double value : expected)
                        norm2 += value * value;
                    report.atMost(what,
                                  relativeError({logits.data() + std::size_t{r} * rows, rows}, expected) *
                                      std::sqrt(norm2 / std::max(norm2, typical)),
                                  halves            ? 1e-3
                                  : fast && !floats ? 2e-3
                                                    : 2e-5);
                }
            }
        }
    }
}

} // namespace altiplano::test
