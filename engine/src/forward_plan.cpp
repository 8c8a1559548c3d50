#include "engine/forward_plan.h"

#include "engine/error.h"
#include "engine/gguf_file.h"
#include "engine/model_config.h"
#include "gguf/printable.h"

#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace altiplano::engine {

namespace {

using kernels::Linear;
using kernels::RmsNorm;
using kernels::TensorView;

/// Finds the tensors of a file by name, holds them against the shape that they must have, and remembers which
/// it was asked for.
class Weights {
public:
    Weights(const GgufFile& file, float normEpsilon) : m_file(file), m_normEpsilon(normEpsilon) {}

    TensorView matrix(const std::string& name, std::uint64_t rows, std::uint64_t columns) {
        const GgufTensor* tensor = m_file.tensor(name);
        if (!tensor) refuse("tensor '" + name + "' is missing");
        m_used.insert(tensor);
        return view(*tensor, rows, columns);
    }

    /// y = Wx with W = "NAME.weight", and "NAME.bias" where the file has one.
    Linear linear(const std::string& name, std::uint64_t rows, std::uint64_t columns) {
        Linear linear{matrix(name + ".weight", rows, columns), {}};
        if (m_file.tensor(name + ".bias")) linear.bias = vector(name + ".bias", rows);
        return linear;
    }

    RmsNorm norm(const std::string& name, std::uint64_t columns) {
        return {vector(name + ".weight", columns), m_normEpsilon};
    }

    bool has(const std::string& name) const { return m_file.tensor(name) != nullptr; }

    /// A tensor that nobody asked for belongs to a layer or a variation that the plan does not have; leaving
    /// it out would give wrong answers.
    void refuseUnused() const {
        for (const GgufTensor& tensor : m_file.tensors())
            if (!m_used.contains(&tensor) && tensor.name != "rope_freqs.weight")
                throw Error(ErrorCode::Unsupported,
                            onOneLine(m_file.path().string()) + ": tensor " + inQuotes(tensor.name) +
                                " has no place in a model of this architecture and size");
    }

private:
    TensorView vector(const std::string& name, std::uint64_t columns) {
        const TensorView view = matrix(name, 1, columns);
        if (view.type != kernels::QuantType::F32)
            throw Error(ErrorCode::Unsupported, onOneLine(m_file.path().string()) + ": tensor '" + name +
                                                    "' is " +
                                                    std::string(kernels::quantTraits(view.type).name) +
                                                    ", but norms and biases must be F32");
        return view;
    }

    TensorView view(const GgufTensor& tensor, std::uint64_t rows, std::uint64_t columns) const {
        const std::vector<std::uint64_t> wanted = {columns, rows, 1, 1};
        std::vector<std::uint64_t> found = tensor.dimensions;
        found.resize(4, 1);
        if (found != wanted)
            refuse("tensor '" + std::string(tensor.name) + "' is " + std::to_string(found[0]) + " x " +
                   std::to_string(tensor.view().rows) + ", but the hyperparameters ask for " +
                   std::to_string(columns) + " x " + std::to_string(rows));
        return tensor.view();
    }

    [[noreturn]] void refuse(const std::string& reason) const {
        throw Error(ErrorCode::BadFile, onOneLine(m_file.path().string()) + ": " + reason);
    }

    const GgufFile& m_file;
    float m_normEpsilon;
    std::unordered_set<const GgufTensor*> m_used;
};

void appendLayer(kernels::Plan& plan, Weights& weights, const ModelConfig& config, std::uint32_t layer) {
    const kernels::PlanShape& s = plan.shape;
    const std::uint64_t queries = std::uint64_t(s.heads) * s.headDim;
    const std::uint64_t keys = std::uint64_t(s.kvHeads) * s.headDim;
    const std::string block = "blk." + std::to_string(layer) + ".";

    plan.steps.push_back(kernels::QkvStep{layer, weights.norm(block + "attn_norm", s.hidden),
                                          weights.linear(block + "attn_q", queries, s.hidden),
                                          weights.linear(block + "attn_k", keys, s.hidden),
                                          weights.linear(block + "attn_v", keys, s.hidden), config.rope});
    plan.steps.push_back(kernels::AttentionStep{layer, config.attentionScale, config.slidingWindow});
    plan.steps.push_back(
        kernels::AttentionOutputStep{layer, weights.linear(block + "attn_output", s.hidden, queries)});
    plan.steps.push_back(kernels::GateUpStep{layer, weights.norm(block + "ffn_norm", s.hidden),
                                             weights.linear(block + "ffn_gate", s.feedForward, s.hidden),
                                             weights.linear(block + "ffn_up", s.feedForward, s.hidden)});
    plan.steps.push_back(
        kernels::DownStep{layer, weights.linear(block + "ffn_down", s.hidden, s.feedForward)});
}

} // namespace

kernels::Plan forwardPlan(const GgufFile& file, const ModelConfig& config) {
    Weights weights(file, config.normEpsilon);
    kernels::Plan plan{config.shape, {}};
    const kernels::PlanShape& s = plan.shape;

    const TensorView embedding = weights.matrix("token_embd.weight", s.vocabulary, s.hidden);
    plan.steps.push_back(kernels::EmbedStep{embedding});
    for (std::uint32_t layer = 0; layer < s.layers; ++layer)
        appendLayer(plan, weights, config, layer);
    const Linear head = weights.has("output.weight") ? weights.linear("output", s.vocabulary, s.hidden)
                                                     : Linear{embedding, {}};
    plan.steps.push_back(kernels::LogitsStep{weights.norm("output_norm", s.hidden), head});
    weights.refuseUnused();
    return plan;
}

std::uint64_t planBytes(const kernels::Plan& plan) {
    std::set<const std::byte*> seen;
    std::uint64_t bytes = 0;
    const auto add = [&](const kernels::TensorView& view) {
        if (!view.empty() && seen.insert(view.data).second) bytes += view.bytes();
    };
    struct Visitor {
        const decltype(add)& view;
        void linear(const kernels::Linear& linear) const {
            view(linear.weight);
            view(linear.bias);
        }
        void operator()(const kernels::EmbedStep& step) const { view(step.table); }
        void operator()(const kernels::QkvStep& step) const {
            view(step.norm.weight);
            for (const kernels::Linear* map : {&step.q, &step.k, &step.v})
                linear(*map);
        }
        void operator()(const kernels::AttentionStep&) const {}
        void operator()(const kernels::AttentionOutputStep& step) const { linear(step.output); }
        void operator()(const kernels::GateUpStep& step) const {
            view(step.norm.weight);
            linear(step.gate);
            linear(step.up);
        }
        void operator()(const kernels::DownStep& step) const { linear(step.down); }
        void operator()(const kernels::LogitsStep& step) const {
            view(step.norm.weight);
            linear(step.head);
        }
    };
    for (const kernels::Step& step : plan.steps)
        std::visit(Visitor{add}, step);
    return bytes;
}

} // namespace altiplano::engine
