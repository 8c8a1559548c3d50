#include "layer_split.h"

#include "engine/scheduler_options.h"
#include "sentences.h"

#include <algorithm>

namespace altiplano::engine {

namespace {

/// Of the free memory, left for what cannot be foreseen: captured graphs, other programs' windows.
std::uint64_t reserve(std::uint64_t free) {
    return std::min<std::uint64_t>(free / 20, 512u << 20);
}

std::uint64_t bytesOf(const kernels::Plan& plan, const kernels::Backend& gpu,
                      const kernels::StateLimits& limits, std::uint32_t layers) {
    if (layers == 0) return 0;
    return gpu.memoryNeeded(layers == plan.shape.layers ? plan : splitPlan(plan, layers)[1], limits).total();
}

std::string layersText(std::uint32_t count, std::uint32_t all) {
    return withSeparators(count) + " of " + withSeparators(all) + " layers";
}

} // namespace

kernels::StateLimits stateLimits(const SchedulerOptions& options) {
    const std::uint64_t tokens = std::max(options.poolTokens, options.contextTokens);
    const std::uint64_t pages = (tokens + kernels::kKvPageTokens - 1) / kernels::kKvPageTokens;
    return {std::max(options.promptChunk, options.sharedChunk) + options.maxSequences,
            static_cast<std::uint32_t>(pages), static_cast<kernels::KvType>(options.kvType)};
}

std::vector<kernels::Plan> splitPlan(const kernels::Plan& plan, std::uint32_t layers) {
    std::vector<kernels::Plan> parts(3, {plan.shape, {}});
    for (const kernels::Step& step : plan.steps) {
        const std::size_t part = std::visit(
            [layers](const auto& s) -> std::size_t {
                using S = std::decay_t<decltype(s)>;
                if constexpr (std::is_same_v<S, kernels::EmbedStep>)
                    return 0;
                else if constexpr (std::is_same_v<S, kernels::LogitsStep>)
                    return 2;
                else
                    return s.layer < layers ? 1 : 2;
            },
            step);
        parts[part].steps.push_back(step);
    }
    return parts;
}

std::uint32_t layersThatFit(const kernels::Plan& plan, const kernels::Backend& gpu,
                            const kernels::StateLimits& limits, std::uint64_t bytes) {
    const auto fits = [&](std::uint32_t layers) { return bytesOf(plan, gpu, limits, layers) <= bytes; };
    if (fits(plan.shape.layers)) return plan.shape.layers;
    std::uint32_t most = 0, tooMany = plan.shape.layers;
    while (most + 1 < tooMany) {
        const std::uint32_t middle = (most + tooMany) / 2;
        (fits(middle) ? most : tooMany) = middle;
    }
    return most;
}

Placement placeLayers(const kernels::Plan& plan, const kernels::Backend& gpu, std::uint64_t free,
                      std::int32_t asked, const SchedulerOptions& runWith) {
    const kernels::StateLimits limits = stateLimits(runWith);
    Placement placement;
    placement.layers = plan.shape.layers;
    placement.gpuFreeBytes = free;
    const auto set = [&](std::uint32_t layers) {
        placement.gpuLayers = layers;
        placement.gpuBytes = bytesOf(plan, gpu, limits, layers);
    };
    const std::uint32_t most =
        free == 0 ? placement.layers : layersThatFit(plan, gpu, limits, free - reserve(free));
    const std::string kv = " with K/V for " + withSeparators(runWith.contextTokens) + " tokens";
    if (asked < 0) {
        set(most);
        const std::string fit = layersText(most, placement.layers);
        if (most == 0)
            placement.reason =
                "not one layer" + kv + " fits into the " + byteText(free) + " that are free there";
        else if (most < placement.layers)
            placement.reason = "The first " + fit + " run on the GPU:" + kv + " they need " +
                               byteText(placement.gpuBytes) + " of the " + byteText(free) +
                               " that are free there.";
        return placement;
    }
    set(std::min(static_cast<std::uint32_t>(asked), placement.layers));
    const std::string wanted = layersText(placement.gpuLayers, placement.layers) + " on the GPU";
    if (free != 0 && placement.gpuBytes > free)
        throw Error(ErrorCode::OutOfMemory, wanted + kv + " need " + byteText(placement.gpuBytes) + ", but " +
                                                byteText(free) + " are free there; " + withSeparators(most) +
                                                (most == 1 ? " fits." : " fit."));
    placement.reason = wanted + " were asked for.";
    return placement;
}

} // namespace altiplano::engine
