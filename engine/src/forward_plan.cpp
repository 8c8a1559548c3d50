#include "engine/forward_plan.h"

#include "engine/error.h"
#include "engine/gguf_file.h"
#include "engine/model_config.h"

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
        return view(*tensor, rows, columns);
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

    TensorView view(const GgufTensor& tensor, std::uint64_t rows, std::uint64_t columns) const {
        std::uint64_t fileRows = 1;
        for (std::size_t i = 1; i < tensor.dimensions.size(); ++i)
            fileRows *= tensor.dimensions[i];
        const std::uint64_t fileColumns = tensor.dimensions.empty() ? 1 : tensor.dimensions[0];
        if (fileRows != rows || fileColumns != columns)
            refuse("tensor '" + std::string(tensor.name) + "' is " + std::to_string(fileColumns) + " x " +
                   std::to_string(fileRows) + ", but the hyperparameters ask for " + std::to_string(columns) +
                   " x " + std::to_string(rows));
        return {static_cast<kernels::QuantType>(tensor.type), static_cast<std::int64_t>(rows),
                static_cast<std::int64_t>(columns), tensor.data};
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

} // namespace altiplano::engine
