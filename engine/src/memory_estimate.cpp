#include "engine/memory_estimate.h"

#include "engine/gguf_file.h"
#include "engine/model_config.h"

#include "kernels/batch.h"

namespace altiplano::engine {

namespace {

/// Bytes of `count` K or V elements.
std::uint64_t kvBytes(std::uint64_t count, KvType type) {
    return type == KvType::F16 ? count * 2 : count / 32 * 34;
}

} // namespace

MemoryEstimate estimateMemory(const GgufFile& file, const ModelConfig& config, std::uint32_t contextTokens,
                              KvType kvType, std::uint32_t promptChunk) {
    MemoryEstimate estimate;
    for (const GgufTensor& tensor : file.tensors()) {
        const bool inPlace = tensor.name == "token_embd.weight" && !config.tiedEmbeddings;
        (inPlace ? estimate.embedding : estimate.weights) += tensor.bytes;
    }
    const kernels::PlanShape& shape = config.shape;
    const std::uint64_t pages = (std::uint64_t(contextTokens) + kernels::kKvPageTokens - 1) / kernels::kKvPageTokens;
    const std::uint64_t perToken = 2ull * shape.layers * shape.kvHeads * shape.headDim;
    estimate.kv = kvBytes(pages * kernels::kKvPageTokens * perToken, kvType);
    // Per row, float32: hidden and its normed copy, q and the attention's output, gate and up.
    const std::uint64_t perRow =
        2ull * shape.hidden + 2ull * shape.heads * shape.headDim + 2ull * shape.feedForward;
    estimate.workspace = 4 * (promptChunk * perRow + shape.vocabulary);
    return estimate;
}

} // namespace altiplano::engine
