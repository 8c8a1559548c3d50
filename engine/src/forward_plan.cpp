#include "engine/forward_plan.h"

#include "engine/error.h"
#include "engine/gguf_file.h"
#include "engine/model_config.h"

#include <set>
#include <string>

namespace altiplano::engine {

namespace {

using kernels::Linear;
using kernels::RmsNorm;
using kernels::TensorView;

/// Finds the tensors of a file by name and holds them against the shape that they must have.
class Weights {
public:
    Weights(const GgufFile& file, float normEpsilon) : m_file(file), m_normEpsilon(normEpsilon) {}

    TensorView matrix(const std::string& name, std::uint64_t rows, std::uint64_t columns) const {
        const GgufTensor* tensor = m_file.tensor(name);
        if (!tensor) refuse("tensor '" + name + "' is missing");
        const TensorView view = tensor->view();
        if (view.rows != static_cast<std::int64_t>(rows) ||
            view.columns != static_cast<std::int64_t>(columns))
            refuse("tensor '" + name + "' is " + std::to_string(view.columns) + " x " +
                   std::to_string(view.rows) + ", but the hyperparameters ask for " +
                   std::to_string(columns) + " x " + std::to_string(rows));
        return view;
    }

    /// y = Wx with W = "NAME.weight", and "NAME.bias" where the file has one.
    Linear linear(const std::string& name, std::uint64_t rows, std::uint64_t columns) const {
        Linear linear{matrix(name + ".weight", rows, columns), {}};
        if (m_file.tensor(name + ".bias")) linear.bias = vector(name + ".bias", rows);
        return linear;
    }

    RmsNorm norm(const std::string& name, std::uint64_t columns) const {
        return {vector(name + ".weight", columns), m_normEpsilon};
    }

    bool has(const std::string& name) const { return m_file.tensor(name) != nullptr; }

private:
    TensorView vector(const std::string& name, std::uint64_t columns) const {
        const TensorView view = matrix(name, 1, columns);
        if (view.type != kernels::QuantType::F32)
            throw Error(ErrorCode::Unsupported, m_file.path().string() + ": tensor '" + name + "' is " +
                                                    std::string(kernels::quantTraits(view.type).name) +
                                                    ", but norms and biases must be F32.");
        return view;
    }

    [[noreturn]] void refuse(const std::string& reason) const {
        throw Error(ErrorCode::BadFile, m_file.path().string() + ": " + reason + ".");
    }

    const GgufFile& m_file;
    float m_normEpsilon;
};

void appendLayer(kernels::Plan& plan, const Weights& weights, const ModelConfig& config,
                 std::uint32_t layer) {
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
    const Weights weights(file, config.normEpsilon);
    kernels::Plan plan{config.shape, {}};
    const kernels::PlanShape& s = plan.shape;

    const TensorView embedding = weights.matrix("token_embd.weight", s.vocabulary, s.hidden);
    plan.steps.push_back(kernels::EmbedStep{embedding});
    for (std::uint32_t layer = 0; layer < s.layers; ++layer)
        appendLayer(plan, weights, config, layer);
    const Linear head = weights.has("output.weight") ? weights.linear("output", s.vocabulary, s.hidden)
                                                     : Linear{embedding, {}};
    plan.steps.push_back(kernels::LogitsStep{weights.norm("output_norm", s.hidden), head});
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
