#include "engine/model_summary.h"

#include "display_name.h"
#include "engine/error.h"
#include "engine/gguf_file.h"
#include "engine/model_config.h"
#include "quantization_name.h"
#include "sentences.h"

#include "kernels/batch.h"
#include "kernels/tensor_view.h"

#include <algorithm>

namespace altiplano::engine {

namespace {

/// Bytes of `count` K or V elements.
std::uint64_t kvBytes(std::uint64_t count, KvType type) {
    return type == KvType::F16 ? count * 2 : count / 32 * 34;
}

/// Model cards write "other" where the license's name stands in a key of its own.
std::string licenseOf(const GgufFile& file) {
    const std::string license = shownText(file, "general.license");
    const std::string name = shownText(file, "general.license.name");
    return (license.empty() || license == "other") && !name.empty() ? name : license;
}

} // namespace

ModelSummary ModelSummary::fromGguf(const GgufFile& file) {
    const ModelConfig config = ModelConfig::fromGguf(file);
    ModelSummary summary;
    summary.architecture = config.architecture;
    summary.name = config.name;
    summary.quantization = config.quantization;
    summary.parameters = config.parameters;
    summary.layers = config.shape.layers;
    summary.contextLength = config.contextLength;
    summary.vocabulary = config.shape.vocabulary;
    summary.license = licenseOf(file);
    summary.fileBytes = file.fileBytes();
    return summary;
}

ModelSummary ModelSummary::ofAny(const GgufFile& file) {
    ModelSummary summary;
    try {
        return fromGguf(file);
    } catch (const Error& error) {
        summary.refusal = error.what();
    }
    summary.architecture = shownText(file, "general.architecture");
    summary.name = displayName(file);
    summary.license = licenseOf(file);
    summary.fileBytes = file.fileBytes();
    for (const GgufTensor& tensor : file.tensors())
        summary.parameters += static_cast<std::uint64_t>(tensor.view().rows) * tensor.dimensions[0];
    try {
        summary.quantization = quantizationName(file);
        const std::uint64_t context =
            file.unsignedInteger(summary.architecture + ".context_length").value_or(0);
        summary.contextLength = static_cast<std::uint32_t>(std::min<std::uint64_t>(context, UINT32_MAX));
    } catch (const Error&) { // such a key of another kind: the refusal stands for it
    }
    return summary;
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

std::uint32_t contextWithin(const GgufFile& file, const SchedulerOptions& options, std::uint64_t bytes) {
    constexpr std::uint32_t kShortest = 512;
    const auto taken = [&](std::uint32_t tokens) {
        SchedulerOptions shorter = options;
        shorter.contextTokens = shorter.poolTokens = tokens;
        return estimateMemory(file, shorter).total();
    };
    const std::uint32_t shortest = std::min(kShortest, options.contextTokens);
    if (taken(shortest) > bytes)
        throw Error(ErrorCode::BadRequest, "The model needs " + byteText(taken(shortest)) +
                                               " with a context of " + withSeparators(shortest) +
                                               " tokens, more than the memory limit of " + byteText(bytes) +
                                               "; a higher limit or a smaller quantization of it would do.");
    std::uint32_t fits = shortest, tooLong = options.contextTokens + 1;
    while (tooLong - fits > 1) {
        const std::uint32_t middle = fits + (tooLong - fits) / 2;
        (taken(middle) <= bytes ? fits : tooLong) = middle;
    }
    return fits;
}

} // namespace altiplano::engine
