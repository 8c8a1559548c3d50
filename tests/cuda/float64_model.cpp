#include "cuda/float64_model.h"

#include "kernels/half.h"

#include <algorithm>
#include <cmath>

namespace altiplano::test {

using namespace kernels;

namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>; // clang 14 does not find it by itself

double asHalf(double value) {
    return static_cast<double>(halfToFloat(floatToHalf(static_cast<float>(value))));
}

} // namespace

const std::vector<double>& Float64Model::weights(const TensorView& view) {
    auto& known = m_weights[view.data];
    if (known.empty()) {
        std::vector<float> values(static_cast<std::size_t>(view.rows * view.columns));
        dequantize(view.type, view.data, values.data(), values.size());
        known.assign(values.begin(), values.end());
    }
    return known;
}

const std::vector<double>& Float64Model::factors(const TensorView& view) {
    if (m_operands == Operands::Exact) return weights(view);
    auto& known = m_halves[view.data];
    if (known.empty()) {
        known = weights(view);
        for (double& value : known)
            value = asHalf(value);
    }
    return known;
}

void Float64Model::reset() {
    m_keys.clear();
    m_values.clear();
    m_position = 0;
}

std::vector<double> Float64Model::normed(const Vector& x, const RmsNorm& norm) {
    const Vector& weight = weights(norm.weight);
    double squares = 0;
    for (const double value : x)
        squares += value * value;
    const double factor =
        1 / std::sqrt(squares / static_cast<double>(x.size()) + static_cast<double>(norm.epsilon));
    Vector out(x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
        out[i] = x[i] * factor * weight[i];
    return out;
}

double Float64Model::operand(double value) const {
    return m_operands == Operands::Halves ? asHalf(value) : value;
}

std::vector<double> Float64Model::product(const Linear& linear, const Vector& in) {
    const Vector& weight = factors(linear.weight);
    Vector x(in.size()), out(static_cast<std::size_t>(linear.weight.rows));
    std::transform(in.begin(), in.end(), x.begin(), [this](double value) { return operand(value); });
    for (std::size_t r = 0; r < out.size(); ++r)
        for (std::size_t c = 0; c < x.size(); ++c)
            out[r] += weight[r * x.size() + c] * x[c];
    if (!linear.bias.empty()) {
        const Vector& bias = weights(linear.bias);
        for (std::size_t r = 0; r < out.size(); ++r)
            out[r] += bias[r];
    }
    return out;
}

void Float64Model::turn(const Rope& rope, Vector& heads) const {
    const std::size_t dim = m_plan.shape.headDim, pairs = rope.inverseFrequency.size();
    for (std::size_t head = 0; head < heads.size(); head += dim)
        for (std::size_t i = 0; i < pairs; ++i) {
            const double angle = m_position * static_cast<double>(rope.inverseFrequency[i]);
            double& a = heads[head + (rope.pairing == RopePairing::Halves ? i : 2 * i)];
            double& b = heads[head + (rope.pairing == RopePairing::Halves ? i + pairs : 2 * i + 1)];
            const double x = a, y = b, magnitude = static_cast<double>(rope.magnitude);
            a = magnitude * (x * std::cos(angle) - y * std::sin(angle));
            b = magnitude * (x * std::sin(angle) + y * std::cos(angle));
        }
}

std::vector<double> Float64Model::rounded(const Vector& heads) const {
    Vector out(heads.size());
    for (std::size_t i = 0; i < heads.size(); ++i) {
        if (m_kvType == KvType::F16) {
            out[i] = asHalf(heads[i]);
            continue;
        }
        double largest = 0;
        for (std::size_t j = i / 32 * 32; j < i / 32 * 32 + 32; ++j)
            largest = std::max(largest, std::fabs(heads[j]));
        out[i] = largest > 0 ? std::nearbyint(heads[i] * 127 / largest) * asHalf(largest / 127) : 0;
    }
    return out;
}

std::vector<double> Float64Model::attend(const AttentionStep& step) const {
    const PlanShape& s = m_plan.shape;
    const auto& keys = m_keys.at(step.layer);
    const auto& values = m_values.at(step.layer);
    Vector out(m_q.size());
    const std::size_t end = keys.size(),
                      begin = step.window != 0 && end > step.window ? end - step.window : 0;
    for (std::size_t head = 0; head < s.heads; ++head) {
        const std::size_t q = head * s.headDim, kv = head / (s.heads / s.kvHeads) * s.headDim;
        Vector weight(end - begin);
        double largest = -1e300, total = 0;
        for (std::size_t t = begin; t < end; ++t) {
            double score = 0;
            for (std::size_t d = 0; d < s.headDim; ++d)
                score += operand(m_q[q + d] * static_cast<double>(step.scale)) * keys[t][kv + d];
            weight[t - begin] = score;
            largest = std::max(largest, weight[t - begin]);
        }
        for (double& w : weight)
            total += w = std::exp(w - largest);
        for (std::size_t t = begin; t < end; ++t)
            for (std::size_t d = 0; d < s.headDim; ++d)
                out[q + d] += operand(weight[t - begin]) / total * values[t][kv + d];
    }
    return out;
}

std::vector<double> Float64Model::run(std::int32_t token) {
    Vector logits;
    const auto addTo = [](Vector& x, const Vector& y) {
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] += y[i];
    };
    for (const Step& step : m_plan.steps)
        std::visit(
            Overloaded{[&](const EmbedStep& s) {
                           const Vector& table = weights(s.table);
                           const auto first = table.begin() + token * s.table.columns;
                           m_x.assign(first, first + s.table.columns);
                       },
                       [&](const QkvStep& s) {
                           const Vector in = normed(m_x, s.norm);
                           m_q = product(s.q, in);
                           Vector k = product(s.k, in);
                           turn(s.rope, m_q);
                           turn(s.rope, k);
                           m_keys[s.layer].push_back(rounded(k));
                           m_values[s.layer].push_back(rounded(product(s.v, in)));
                       },
                       [&](const AttentionStep& s) { m_attention = attend(s); },
                       [&](const AttentionOutputStep& s) { addTo(m_x, product(s.output, m_attention)); },
                       [&](const GateUpStep& s) {
                           const Vector in = normed(m_x, s.norm);
                           m_h = product(s.gate, in);
                           const Vector up = product(s.up, in);
                           for (std::size_t i = 0; i < m_h.size(); ++i)
                               m_h[i] = m_h[i] / (1 + std::exp(-m_h[i])) * up[i];
                       },
                       [&](const DownStep& s) { addTo(m_x, product(s.down, m_h)); },
                       [&](const LogitsStep& s) { logits = product(s.head, normed(m_x, s.norm)); }},
            step);
    ++m_position;
    return logits;
}

} // namespace altiplano::test
