#include "engine_options.h"

#include "engine/model_summary.h"

#include <algorithm>

namespace altiplano::app {

engine::LoadOptions loadOptions(const EngineSettings& settings) {
    engine::LoadOptions options;
    options.backend = settings.device == EngineSettings::Cpu    ? engine::BackendChoice::Cpu
                      : settings.device == EngineSettings::Cuda ? engine::BackendChoice::Cuda
                                                                : engine::BackendChoice::Auto;
    options.threads = settings.threads;
    options.gpuLayers = settings.gpuLayers;
    return options;
}

engine::SchedulerOptions schedulerOptions(const EngineSettings& settings) {
    engine::SchedulerOptions options;
    options.kvType = settings.kvQ8 ? engine::KvType::Q8_0 : engine::KvType::F16;
    options.graphs = settings.graphs;
    return options;
}

engine::LoadOptions loadOptions(const LoadRequest& request, const engine::GgufFile& file) {
    engine::LoadOptions options = loadOptions(request.settings);
    options.runWith = schedulerOptions(request.settings);
    std::uint32_t& context = options.runWith.contextTokens;
    context = std::min(request.contextTokens, engine::ModelSummary::fromGguf(file).contextLength);
    if (const quint64 limit = request.settings.memoryLimit)
        context = engine::contextWithin(file, options.runWith, limit);
    return options;
}

} // namespace altiplano::app
