#include "engine/model_summary.h"

#include "display_name.h"
#include "engine/error.h"
#include "engine/forecast.h"
#include "engine/gguf_file.h"
#include "engine/model_config.h"
#include "quantization_name.h"
#include "sentences.h"

#include "kernels/tensor_view.h"

#include <algorithm>

namespace altiplano::engine {

namespace {

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

MemoryEstimate& MemoryEstimate::operator+=(const MemoryEstimate& other) {
    weights += other.weights;
    embedding += other.embedding;
    kv += other.kv;
    workspace += other.workspace;
    return *this;
}

MemoryEstimate estimateMemory(const GgufFile& file, const SchedulerOptions& options) {
    LoadOptions load;
    load.backend = BackendChoice::Cpu;
    load.runWith = options;
    return Forecaster().forecast(file, load).onCpu;
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
