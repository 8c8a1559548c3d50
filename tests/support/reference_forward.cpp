#include "support/reference_forward.h"

#include "kernels/quant_type.h"
#include "kernels/tensor_view.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace altiplano::test {

ReferenceForward::ReferenceForward(const engine::GgufFile& file)
    : m_file(file), m_architecture(*file.string("general.architecture")) {
    for (const engine::GgufTensor& tensor : file.tensors()) {
        const kernels::TensorView view = tensor.view();
        std::vector<float> values(static_cast<std::size_t>(view.rows * view.columns));
        kernels::dequantize(view.type, view.data, values.data(), values.size());
        m_tensors.emplace(tensor.name, Vector(values.begin(), values.end()));
    }
    m_layers = static_cast<std::size_t>(number("block_count", 0));
    m_hidden = static_cast<std::size_t>(number("embedding_length", 0));
    m_heads = static_cast<std::size_t>(number("attention.head_count", 0));
    m_kvHeads = static_cast<std::size_t>(number("attention.head_count_kv", double(m_heads)));
    m_headDim = static_cast<std::size_t>(number("attention.key_length", double(m_hidden / m_heads)));
    m_window = static_cast<std::size_t>(number("attention.sliding_window", 0));
    m_epsilon = number("attention.layer_norm_rms_epsilon", 0);
    makeRope();
}

double ReferenceForward::number(const std::string& key, double fallback) const {
    return m_file.number(m_architecture + "." + key).value_or(fallback);
}

std::string ReferenceForward::text(const std::string& key) const {
    return std::string(m_file.string(m_architecture + "." + key).value_or(""));
}

const ReferenceForward::Vector* ReferenceForward::find(const std::string& name) const {
    const auto found = m_tensors.find(name);
    return found == m_tensors.end() ? nullptr : &found->second;
}

ReferenceForward::Vector ReferenceForward::linear(const std::string& name, const Vector& x) const {
    const Vector& weight = *find(name + ".weight");
    const Vector* bias = find(name + ".bias");
    Vector y(weight.size() / x.size());
    for (std::size_t row = 0; row < y.size(); ++row) {
        for (std::size_t i = 0; i < x.size(); ++i)
            y[row] += weight[row * x.size() + i] * x[i];
        if (bias) y[row] += (*bias)[row];
    }
    return y;
}

ReferenceForward::Vector ReferenceForward::norm(const std::string& name, const Vector& x) const {
    const Vector& weight = *find(name + ".weight");
    double squares = 0;
    for (const double value : x)
        squares += value * value;
    const double scale = 1 / std::sqrt(squares / double(x.size()) + m_epsilon);
    Vector y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
        y[i] = x[i] * scale * weight[i];
    return y;
}

void ReferenceForward::makeRope() {
    const double base = number("rope.freq_base", 10000), dims = double(m_headDim);
    const std::string scaling = text("rope.scaling.type");
    const double factor = number("rope.scaling.factor", 1);
    m_frequencies.resize(m_headDim / 2);
    for (std::size_t i = 0; i < m_frequencies.size(); ++i)
        m_frequencies[i] = std::pow(base, -2.0 * double(i) / dims);

    if (scaling == "linear")
        for (double& frequency : m_frequencies)
            frequency /= factor;
    if (scaling == "yarn") {
        const double context = number("rope.scaling.original_context_length", 0);
        // The pair that turns `rotations` times over the original context.
        const auto pairOf = [&](double rotations) {
            return dims * std::log(context / (rotations * 2 * std::numbers::pi)) / (2 * std::log(base));
        };
        const double low = std::max(0.0, std::floor(pairOf(32))),
                     high = std::min(dims - 1, std::ceil(pairOf(1)));
        for (std::size_t i = 0; i < m_frequencies.size(); ++i) {
            const double ramp = std::clamp((double(i) - low) / std::max(0.001, high - low), 0.0, 1.0);
            m_frequencies[i] = m_frequencies[i] * (1 - ramp) + m_frequencies[i] / factor * ramp;
        }
        m_magnitude = 0.1 * std::log(factor) + 1;
    }
    if (const Vector* divisors = find("rope_freqs.weight"))
        for (std::size_t i = 0; i < m_frequencies.size(); ++i)
            m_frequencies[i] /= (*divisors)[i];
}

void ReferenceForward::rotate(double* head, double position) const {
    const std::size_t pairs = m_frequencies.size();
    const bool adjacent = m_architecture == "llama";
    for (std::size_t i = 0; i < pairs; ++i) {
        double& a = head[adjacent ? 2 * i : i];
        double& b = head[adjacent ? 2 * i + 1 : i + pairs];
        const double cosine = m_magnitude * std::cos(position * m_frequencies[i]);
        const double sine = m_magnitude * std::sin(position * m_frequencies[i]);
        const double turned = a * cosine - b * sine;
        b = a * sine + b * cosine;
        a = turned;
    }
}

/// The newest token's query against all keys so far.
ReferenceForward::Vector ReferenceForward::attend(const Vector& query, const std::vector<Vector>& keys,
                                                  const std::vector<Vector>& values) const {
    const std::size_t first = m_window && keys.size() > m_window ? keys.size() - m_window : 0;
    Vector result(query.size());
    for (std::size_t head = 0; head < m_heads; ++head) {
        const std::size_t from = head * m_headDim, kvFrom = head / (m_heads / m_kvHeads) * m_headDim;
        Vector scores;
        for (std::size_t t = first; t < keys.size(); ++t) {
            double dot = 0;
            for (std::size_t i = 0; i < m_headDim; ++i)
                dot += query[from + i] * keys[t][kvFrom + i];
            scores.push_back(dot / std::sqrt(double(m_headDim)));
        }
        const double largest = *std::max_element(scores.begin(), scores.end());
        double sum = 0;
        for (double& score : scores)
            sum += score = std::exp(score - largest);
        for (std::size_t t = first; t < keys.size(); ++t)
            for (std::size_t i = 0; i < m_headDim; ++i)
                result[from + i] += scores[t - first] / sum * values[t][kvFrom + i];
    }
    return result;
}

std::vector<std::vector<double>> ReferenceForward::logits(std::span<const engine::TokenId> tokens) const {
    std::vector<std::vector<Vector>> keys(m_layers), values(m_layers);
    std::vector<Vector> result;
    const Vector& embedding = *find("token_embd.weight");
    const std::string head = find("output.weight") ? "output" : "token_embd";
    for (std::size_t position = 0; position < tokens.size(); ++position) {
        const auto row =
            embedding.begin() + static_cast<std::ptrdiff_t>(std::size_t(tokens[position]) * m_hidden);
        Vector x(row, row + static_cast<std::ptrdiff_t>(m_hidden));
        const auto add = [&x](const Vector& y) {
            std::transform(x.begin(), x.end(), y.begin(), x.begin(), std::plus<>());
        };
        for (std::size_t layer = 0; layer < m_layers; ++layer) {
            const std::string block = "blk." + std::to_string(layer) + ".";
            const Vector a = norm(block + "attn_norm", x);
            Vector query = linear(block + "attn_q", a), key = linear(block + "attn_k", a);
            for (std::size_t i = 0; i < query.size(); i += m_headDim)
                rotate(&query[i], double(position));
            for (std::size_t i = 0; i < key.size(); i += m_headDim)
                rotate(&key[i], double(position));
            keys[layer].push_back(key);
            values[layer].push_back(linear(block + "attn_v", a));
            add(linear(block + "attn_output", attend(query, keys[layer], values[layer])));

            const Vector f = norm(block + "ffn_norm", x);
            Vector gate = linear(block + "ffn_gate", f);
            const Vector up = linear(block + "ffn_up", f);
            for (std::size_t i = 0; i < gate.size(); ++i)
                gate[i] = gate[i] / (1 + std::exp(-gate[i])) * up[i];
            add(linear(block + "ffn_down", gate));
        }
        result.push_back(linear(head, norm("output_norm", x)));
    }
    return result;
}

double normalizedError(std::span<const float> actual, std::span<const double> expected) {
    double difference = 0, square = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
        square += expected[i] * expected[i];
    }
    return difference / square;
}

} // namespace altiplano::test
