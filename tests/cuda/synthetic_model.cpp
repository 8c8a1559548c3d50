#include "cuda/synthetic_model.h"

#include "support/quantize.h"

#include <cmath>
#include <cstring>
#include <map>

namespace altiplano::test {

using namespace kernels;

namespace {

class Builder {
public:
    Builder(const ModelSpec& spec, std::mt19937_64& random, bool shareLayers)
        : m_spec(spec), m_random(random), m_share(shareLayers) {}

    SyntheticModel run() {
        const PlanShape& s = m_spec.shape;
        m_model.plan.shape = s;
        auto& steps = m_model.plan.steps;
        const TensorView table = matrix(m_spec.embed, s.vocabulary, s.hidden, 1.0f);
        steps.emplace_back(EmbedStep{table});
        const std::uint32_t heads = s.heads * s.headDim, kv = s.kvHeads * s.headDim;
        const float in = 1.0f / std::sqrt(static_cast<float>(s.hidden));
        const float residual = 0.5f / std::sqrt(static_cast<float>(std::max(s.layers, 1u)));
        for (std::uint32_t layer = 0; layer < s.layers; ++layer) {
            QkvStep qkv;
            qkv.layer = layer;
            qkv.norm = norm();
            qkv.q = linear(m_spec.q, heads, s.hidden, in);
            qkv.k = linear(m_spec.k, kv, s.hidden, in);
            qkv.v = linear(m_spec.v, kv, s.hidden, in);
            qkv.rope = rope();
            steps.emplace_back(qkv);
            steps.emplace_back(
                AttentionStep{layer, 1.0f / std::sqrt(static_cast<float>(s.headDim)), m_spec.window});
            steps.emplace_back(
                AttentionOutputStep{layer, linear(m_spec.output, s.hidden, heads,
                                                  residual / std::sqrt(static_cast<float>(heads)))});
            GateUpStep gateUp;
            gateUp.layer = layer;
            gateUp.norm = norm();
            gateUp.gate = linear(m_spec.gate, s.feedForward, s.hidden, in);
            gateUp.up = linear(m_spec.up, s.feedForward, s.hidden, in);
            steps.emplace_back(gateUp);
            steps.emplace_back(
                DownStep{layer, linear(m_spec.down, s.hidden, s.feedForward,
                                       2 * residual / std::sqrt(static_cast<float>(s.feedForward)))});
        }
        LogitsStep logits;
        logits.norm = norm();
        logits.head.weight = m_spec.tied ? table : matrix(m_spec.head, s.vocabulary, s.hidden, 2 * in);
        steps.emplace_back(logits);
        return std::move(m_model);
    }

private:
    TensorView matrix(QuantType type, std::uint32_t rows, std::uint32_t columns, float deviation) {
        const QuantTraits& traits = quantTraits(type);
        TensorView view{type, rows, columns, nullptr};
        const std::size_t count = std::size_t{rows} * columns;
        if (!m_share) {
            m_model.storage.push_back(randomWeights(type, count, deviation, m_random));
            view.data = m_model.storage.back().data();
            return view;
        }
        // One pool per type and deviation, filled by repeating a random part.
        auto& pool = m_pools[{type, deviation}];
        const std::size_t needed =
            view.bytes() + std::size_t{kMatrices} * (m_spec.shape.layers + 1) * traits.blockBytes;
        if (!pool || pool->size() < needed) {
            const auto part = randomWeights(type, std::size_t{1} << 20, deviation, m_random);
            m_model.storage.emplace_back(needed);
            pool = &m_model.storage.back();
            for (std::size_t at = 0; at < needed; at += part.size())
                std::memcpy(pool->data() + at, part.data(), std::min(part.size(), needed - at));
        }
        view.data = pool->data() + m_uses++ * traits.blockBytes; // two at one address would be uploaded once
        return view;
    }

    TensorView vector(std::uint32_t count, float mean, float deviation) {
        std::normal_distribution<float> normal(mean, deviation);
        m_model.storage.emplace_back(count * sizeof(float));
        for (std::uint32_t i = 0; i < count; ++i) {
            const float value = normal(m_random);
            std::memcpy(m_model.storage.back().data() + i * sizeof(float), &value, sizeof value);
        }
        return {QuantType::F32, 1, count, m_model.storage.back().data()};
    }

    Linear linear(QuantType type, std::uint32_t rows, std::uint32_t columns, float deviation) {
        Linear l{matrix(type, rows, columns, deviation), {}};
        if (m_spec.biases) l.bias = vector(rows, 0, 0.2f);
        return l;
    }

    RmsNorm norm() { return {vector(m_spec.shape.hidden, 1, 0.2f), 1e-5f}; }

    Rope rope() const {
        Rope r;
        r.pairing = m_spec.pairing;
        const std::uint32_t rotated = m_spec.rotated != 0 ? m_spec.rotated : m_spec.shape.headDim;
        for (std::uint32_t i = 0; i < rotated / 2; ++i)
            r.inverseFrequency.push_back(
                std::pow(10000.0f, -2.0f * static_cast<float>(i) / static_cast<float>(rotated)));
        return r;
    }

    static constexpr std::uint32_t kMatrices = 7; ///< of a layer

    const ModelSpec& m_spec;
    std::mt19937_64& m_random;
    bool m_share;
    std::uint32_t m_uses = 0;
    SyntheticModel m_model;
    std::map<std::pair<QuantType, float>, std::vector<std::byte>*> m_pools;
};

} // namespace

ModelSpec uniformSpec(const PlanShape& shape, QuantType type) {
    ModelSpec spec;
    spec.shape = shape;
    spec.embed = spec.q = spec.k = spec.v = spec.output = spec.gate = spec.up = spec.down = spec.head = type;
    return spec;
}

SyntheticModel makeModel(const ModelSpec& spec, std::mt19937_64& random, bool shareLayers) {
    return Builder(spec, random, shareLayers).run();
}

} // namespace altiplano::test
