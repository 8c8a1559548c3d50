#include "engine/model_summary.h"

#include "engine/gguf_file.h"
#include "engine/model_config.h"

#include "kernels/batch.h"

#include <algorithm>

namespace altiplano::engine {

namespace {

/// Bytes of `count` K or V elements.
std::uint64_t kvBytes(std::uint64_t count, KvType type) {
    return type == KvType::F16 ? count * 2 : count / 32 * 34;
}

} // namespace

ModelSummary ModelSummary::fromGguf(const GgufFile& file) {
    const ModelConfig config = ModelConfig::fromGguf(file);
    return {config.architecture, config.name,          config.quantization,    config.parameters,
            config.shape.layers, config.contextLength, config.shape.vocabulary};
}

MemoryEstimate estimateMemory(const GgufFile& file, const SchedulerOptions& options) {
    const ModelConfig config = ModelConfig::fromGguf(file);
    MemoryEstimate estimate;
    for (const GgufTensor& tensor : file.tensors()) {
        const bool inPlace = tensor.name == "token_embd.weight" && !config.tiedEmbeddings;
        (inPlace ? estimate.embedding : estimate.weights) += tensor.bytes;
    }
    const kernels::PlanShape& shape = config.shape;
    const std::uint64_t pageTokens = kernels::kKvPageTokens;
    const std::uint64_t tokens = std::max(options.contextTokens, options.poolTokens);
    const std::uint64_t pages = (tokens + pageTokens - 1) / pageTokens;
    const std::uint64_t perToken = 2ull * shape.layers * shape.kvHeads * shape.headDim;
    estimate.kv = kvBytes(pages * pageTokens * perToken, options.kvType);
    // Per row, float32: hidden and its normed copy, q and the attention's output, gate and up.
    const std::uint64_t perRow =
        2ull * shape.hidden + 2ull * shape.heads * shape.headDim + 2ull * shape.feedForward;
    estimate.workspace = 4 * (options.promptChunk * perRow + shape.vocabulary);
    return estimate;
}

} // namespace altiplano::engine
