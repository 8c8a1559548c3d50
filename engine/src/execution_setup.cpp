#include "execution_setup.h"

#include "engine/error.h"
#include "engine/model.h"
#include "engine/model_config.h"
#include "layer_split.h"
#include "sentences.h"

#include <new>
#include <string>

namespace altiplano::engine {

namespace {

/// KV pages and workspace, or null when they do not fit into the memory.
std::unique_ptr<kernels::ExecutionState> tryCreateState(const Model& model, const SchedulerOptions& options) {
    const kernels::StateLimits limits = stateLimits(options);
    if (model.shortage(limits)) return nullptr;
    try {
        return model.program().createState(limits);
    } catch (const kernels::BackendError& error) {
        if (error.kind != kernels::BackendError::Kind::OutOfMemory) throw asError(error);
    } catch (const std::bad_alloc&) {
    }
    return nullptr;
}

/// What could be changed so that it fits.
std::string smallerSetting(const Model& model, const SchedulerOptions& options) {
    std::string found;
    const auto add = [&found](const std::string& text) { found += (found.empty() ? "" : "; ") + text; };
    SchedulerOptions smaller = options;
    smaller.kvType = KvType::Q8_0;
    const bool hasQ8 = options.kvType == KvType::F16 && model.config().shape.headDim % 32 == 0;
    if (hasQ8 && tryCreateState(model, smaller)) add("with K/V in q8_0 it fits");
    if (const std::uint32_t layers = model.gpuLayersThatFit(options);
        layers > 0 && layers < model.placement().gpuLayers)
        add("with " + withSeparators(layers) + " of " + withSeparators(model.placement().layers) +
            " layers on the GPU it fits");
    smaller.kvType = options.kvType;
    while (smaller.contextTokens > 256) {
        smaller.contextTokens /= 2;
        smaller.poolTokens /= 2;
        if (!tryCreateState(model, smaller)) continue;
        add("one of " + withSeparators(smaller.contextTokens) + " tokens fits");
        return found;
    }
    return found.empty() ? "no useful context fits" : found;
}

} // namespace

SchedulerOptions checkedOptions(SchedulerOptions options) {
    if (options.poolTokens == 0) options.poolTokens = options.contextTokens;
    if (options.contextTokens < 2 || options.promptChunk == 0 || options.sharedChunk == 0 ||
        options.maxSequences == 0)
        throw Error(ErrorCode::BadRequest,
                    "The context must have at least 2 tokens, and chunks and the number of "
                    "sequences must be at least 1.");
    if (options.poolTokens < options.contextTokens)
        throw Error(ErrorCode::BadRequest, "The KV pool of " + withSeparators(options.poolTokens) +
                                               " tokens is smaller than the context of " +
                                               withSeparators(options.contextTokens) + ".");
    return options;
}

std::unique_ptr<kernels::ExecutionState> createExecution(const Model& model,
                                                         const SchedulerOptions& options) {
    if (auto state = tryCreateState(model, options)) return state;
    const kernels::StateLimits limits = stateLimits(options);
    const auto shortage = model.shortage(limits);
    std::string sentence = "A context of " + withSeparators(options.contextTokens) + " tokens needs " +
                           byteText(shortage ? shortage->needed : model.program().stateBytes(limits)) +
                           (shortage && shortage->onGpu ? " of the GPU's memory" : " of memory");
    if (shortage) sentence += ", but " + byteText(shortage->free) + " are free";
    throw Error(ErrorCode::OutOfMemory, sentence + "; " + smallerSetting(model, options) + ".");
}

} // namespace altiplano::engine
