#include "support/random_plan.h"

#include "support/quantize.h"

#include "kernels/half.h"

#include <algorithm>
#include <cmath>

namespace altiplano::test {

using namespace kernels;

namespace {

double asHalf(double value) {
    return halfToFloat(floatToHalf(static_cast<float>(value)));
}

} // namespace

RandomPlan::RandomPlan(const RandomPlanOptions& options, std::mt19937_64& random) : m_options(options) {
    const PlanShape& s = m_plan.shape = options.shape;
    const std::size_t queries = std::size_t{s.heads} * s.headDim, keys = std::size_t{s.kvHeads} * s.headDim;
    const auto linear = [&](std::size_t rows, std::size_t columns, float gain) {
        Linear l{matrix(rows, columns, gain / std::sqrt(static_cast<float>(columns)), random), {}};
        if (options.biases) l.bias = vector(rows, 0, 0.3f, random);
        return l;
    };
    const auto norm = [&] { return RmsNorm{vector(s.hidden, 1, 0.2f, random), 1e-5f}; };
    Rope rope{options.pairing, {}, 1.0f};
    const std::uint32_t rotated = options.rotated != 0 ? options.rotated : s.headDim;
    for (std::uint32_t i = 0; i < rotated / 2; ++i)
        rope.inverseFrequency.push_back(
            std::pow(500.0f, -2.0f * static_cast<float>(i) / static_cast<float>(rotated)));

    const TensorView table = matrix(s.vocabulary, s.hidden, 1, random);
    m_plan.steps.push_back(EmbedStep{table});
    for (std::uint32_t layer = 0; layer < s.layers; ++layer) {
        m_plan.steps.push_back(QkvStep{layer, norm(), linear(queries, s.hidden, 1.5f),
                                       linear(keys, s.hidden, 1.5f), linear(keys, s.hidden, 1), rope});
        m_plan.steps.push_back(
            AttentionStep{layer, 1 / std::sqrt(static_cast<float>(s.headDim)), options.window});
        m_plan.steps.push_back(AttentionOutputStep{layer, linear(s.hidden, queries, 1)});
        m_plan.steps.push_back(GateUpStep{layer, norm(), linear(s.feedForward, s.hidden, 1),
                                          linear(s.feedForward, s.hidden, 1)});
        m_plan.steps.push_back(DownStep{layer, linear(s.hidden, s.feedForward, 1)});
    }
    Linear head = options.tied ? Linear{table, {}} : linear(s.vocabulary, s.hidden, 1);
    m_plan.steps.push_back(LogitsStep{norm(), head});
}

TensorView RandomPlan::matrix(std::size_t rows, std::size_t columns, float deviation,
                              std::mt19937_64& random) {
    const QuantType type = m_options.types[random() % m_options.types.size()];
    // One byte off, since a file aligns nothing more.
    std::vector<std::byte> blocks = randomWeights(type, rows * columns, deviation, random);
    blocks.insert(blocks.begin(), std::byte{0});
    m_memory.push_back(std::move(blocks));
    return {type, static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns),
            m_memory.back().data() + 1};
}

TensorView RandomPlan::vector(std::size_t columns, float mean, float deviation, std::mt19937_64& random) {
    std::normal_distribution<float> normal(mean, deviation);
    std::vector<float> numbers(columns);
    for (float& number : numbers)
        number = normal(random);
    m_memory.push_back(quantize(QuantType::F32, numbers));
    return {QuantType::F32, 1, static_cast<std::int64_t>(columns), m_memory.back().data()};
}

Plan RandomPlan::part(bool second) const {
    const std::size_t half = 1 + m_plan.shape.layers / 2 * 5;
    Plan part{m_plan.shape, {}};
    for (std::size_t i = second ? half : 0; i < (second ? m_plan.steps.size() : half); ++i)
        part.steps.push_back(m_plan.steps[i]);
    return part;
}

std::vector<std::int32_t> RandomPlan::randomTokens(std::size_t count, std::mt19937_64& random) const {
    std::vector<std::int32_t> tokens(count);
    for (std::int32_t& token : tokens)
        token = static_cast<std::int32_t>(random() % m_plan.shape.vocabulary);
    return tokens;
}

const RandomPlan::Vector& RandomPlan::numbers(const TensorView& view) const {
    Vector& found = m_numbers[view.data];
    if (found.empty()) {
        std::vector<float> all(static_cast<std::size_t>(view.rows * view.columns));
        dequantize(view.type, view.data, all.data(), all.size());
        found.assign(all.begin(), all.end());
    }
    return found;
}

RandomPlan::Vector RandomPlan::apply(const Linear& linear, const Vector& x) const {
    const auto rows = static_cast<std::size_t>(linear.weight.rows);
    const double* w = numbers(linear.weight).data();
    Vector y = linear.bias.empty() ? Vector(rows) : numbers(linear.bias);
    for (std::size_t r = 0; r < rows; ++r)
        for (const double v : x)
            y[r] += *w++ * v;
    return y;
}

RandomPlan::Vector RandomPlan::normalize(const RmsNorm& norm, const Vector& x) const {
    double squares = 0;
    for (const double v : x)
        squares += v * v;
    const double factor =
        1 / std::sqrt(squares / static_cast<double>(x.size()) + static_cast<double>(norm.epsilon));
    Vector y = numbers(norm.weight);
    for (std::size_t i = 0; i < x.size(); ++i)
        y[i] *= x[i] * factor;
    return y;
}

void RandomPlan::rotate(const Rope& rope, double position, double* head) const {
    const std::size_t pairs = rope.inverseFrequency.size();
    for (std::size_t i = 0; i < pairs; ++i) {
        const bool adjacent = rope.pairing == RopePairing::Adjacent;
        double &a = head[adjacent ? 2 * i : i], &b = head[adjacent ? 2 * i + 1 : i + pairs];
        const double angle = position * static_cast<double>(rope.inverseFrequency[i]);
        const double turned = a * std::cos(angle) - b * std::sin(angle);
        b = a * std::sin(angle) + b * std::cos(angle);
        a = turned;
    }
}

std::vector<std::vector<double>> RandomPlan::logits(std::span<const std::int32_t> tokens) const {
    const PlanShape& s = m_plan.shape;
    const std::size_t dim = s.headDim, group = s.heads / s.kvHeads;
    std::vector<Vector> x(tokens.size()), result;
    std::vector<Vector> q(tokens.size()), k(tokens.size()), v(tokens.size()), h(tokens.size());
    for (const Step& step : m_plan.steps)
        for (std::size_t t = 0; t < tokens.size(); ++t) {
            const auto add = [&](const Vector& y) {
                for (std::size_t i = 0; i < y.size(); ++i)
                    x[t][i] += y[i];
            };
            if (const auto* embed = std::get_if<EmbedStep>(&step)) {
                const double* row = &numbers(embed->table)[static_cast<std::size_t>(tokens[t]) * s.hidden];
                x[t].assign(row, row + s.hidden);
            } else if (const auto* qkv = std::get_if<QkvStep>(&step)) {
                const Vector n = normalize(qkv->norm, x[t]);
                q[t] = apply(qkv->q, n), k[t] = apply(qkv->k, n), v[t] = apply(qkv->v, n);
                for (std::size_t i = 0; i < s.heads; ++i)
                    rotate(qkv->rope, static_cast<double>(t), &q[t][i * dim]);
                for (std::size_t i = 0; i < s.kvHeads; ++i)
                    rotate(qkv->rope, static_cast<double>(t), &k[t][i * dim]);
                std::ranges::transform(k[t], k[t].begin(), asHalf);
                std::ranges::transform(v[t], v[t].begin(), asHalf);
            } else if (const auto* attention = std::get_if<AttentionStep>(&step)) {
                const std::size_t first =
                    attention->window != 0 && t + 1 > attention->window ? t + 1 - attention->window : 0;
                h[t].assign(s.heads * dim, 0);
                for (std::size_t head = 0; head < s.heads; ++head) {
                    Vector weights;
                    for (std::size_t p = first; p <= t; ++p) {
                        double score = 0;
                        for (std::size_t i = 0; i < dim; ++i)
                            score += q[t][head * dim + i] * k[p][head / group * dim + i];
                        weights.push_back(score * static_cast<double>(attention->scale));
                    }
                    const double largest = std::ranges::max(weights);
                    double sum = 0;
                    for (double& w : weights)
                        sum += w = std::exp(w - largest);
                    for (std::size_t p = first; p <= t; ++p)
                        for (std::size_t i = 0; i < dim; ++i)
                            h[t][head * dim + i] += weights[p - first] / sum * v[p][head / group * dim + i];
                }
            } else if (const auto* output = std::get_if<AttentionOutputStep>(&step)) {
                add(apply(output->output, h[t]));
            } else if (const auto* gateUp = std::get_if<GateUpStep>(&step)) {
                const Vector n = normalize(gateUp->norm, x[t]), up = apply(gateUp->up, n);
                h[t] = apply(gateUp->gate, n);
                for (std::size_t i = 0; i < up.size(); ++i)
                    h[t][i] = h[t][i] / (1 + std::exp(-h[t][i])) * up[i];
            } else if (const auto* down = std::get_if<DownStep>(&step)) {
                add(apply(down->down, h[t]));
            } else if (const auto* last = std::get_if<LogitsStep>(&step)) {
                result.push_back(apply(last->head, normalize(last->norm, x[t])));
            }
        }
    return result;
}

} // namespace altiplano::test
