#include "engine/forecast.h"

#include "device_choice.h"
#include "engine/error.h"
#include "engine/forward_plan.h"
#include "engine/model_config.h"
#include "layer_split.h"
#include "sentences.h"

#include "kernels/cuda_backend.h"

#include <algorithm>

namespace altiplano::engine {

namespace {

constexpr std::uint32_t kShortestContext = 256;

/// What one part of a plan takes: `need` says so for any limits.
template <typename Need>
MemoryEstimate estimate(const kernels::StateLimits& limits, Need need) {
    kernels::StateLimits withoutKv = limits;
    withoutKv.kvPages = 0;
    const kernels::MemoryNeed all = need(limits);
    const std::uint64_t workspace = need(withoutKv).state;
    return {all.weights, 0, all.state - std::min(workspace, all.state), workspace};
}

bool hasRoom(const MemoryEstimate& needed, std::uint64_t free) {
    return free == 0 || needed.total() <= free;
}

} // namespace

Forecaster::Forecaster() : Forecaster(Machine()) {}
Forecaster::Forecaster(Machine machine) : m_machine(std::move(machine)) {
    if (!m_machine.freeCpuBytes) m_machine.freeCpuBytes = kernels::freeCpuBytes;
}
Forecaster::~Forecaster() = default;

void Forecaster::findGpu() {
    if (std::exchange(m_searched, true)) return;
    if (m_machine.makeGpu) {
        m_gpu = m_machine.makeGpu();
        m_whyNoGpu = "there is no GPU";
        return;
    }
    kernels::CudaSearch search = kernels::findCudaBackend();
    m_gpu = std::move(search.backend);
    m_whyNoGpu = search.reason;
}

Forecast Forecaster::forecast(const GgufFile& file, const LoadOptions& options,
                              const DeviceBytes& givenBack) {
    const ModelConfig config = ModelConfig::fromGguf(file);
    const kernels::Plan plan = forwardPlan(file, config);
    DeviceBytes free{m_machine.freeCpuBytes(), 0};
    if (free.cpu != 0) free.cpu += givenBack.cpu;
    try {
        if (options.backend != BackendChoice::Cpu && options.gpuLayers != 0) findGpu();
        if (m_gpu && options.backend != BackendChoice::Cpu) free.gpu = m_gpu->freeBytes() + givenBack.gpu;
    } catch (const kernels::BackendError& error) { // it went away, as in a suspend
        m_gpu = nullptr;
        m_whyNoGpu = error.what();
    }
    if (options.backend == BackendChoice::Cuda && !m_gpu)
        throw Error(ErrorCode::Device, "CUDA was asked for, but " + m_whyNoGpu + ".");

    try {
        Forecast result = shortenedToFit(plan, options, free);
        if (!config.tiedEmbeddings && result.placement.gpuLayers < result.placement.layers)
            result.onCpu.embedding = file.tensor("token_embd.weight")->bytes;
        return result;
    } catch (const kernels::BackendError& error) {
        throw asError(error);
    }
}

/// The forecast, and where it does not fit a shorter context that does.
Forecast Forecaster::shortenedToFit(const kernels::Plan& plan, const LoadOptions& options,
                                    const DeviceBytes& free) const {
    Forecast result = at(plan, options, free);
    LoadOptions shorter = options;
    std::uint32_t& context = shorter.runWith.contextTokens;
    while (!result.fits && result.contextThatFits == 0 && context / 2 >= kShortestContext) {
        context /= 2;
        shorter.runWith.poolTokens /= 2;
        if (at(plan, shorter, free).fits) result.contextThatFits = context;
    }
    return result;
}

Forecast Forecaster::at(const kernels::Plan& plan, const LoadOptions& options,
                        const DeviceBytes& free) const {
    const kernels::StateLimits limits = stateLimits(options.runWith);
    const auto onCpu = [&](const kernels::Plan& part) {
        const kernels::CpuOptions cpu = cpuOptions(options);
        return estimate(limits, [&](const auto& l) { return kernels::cpuMemoryNeeded(cpu, part, l); });
    };
    const auto onGpu = [&](const kernels::Plan& part) {
        return estimate(limits, [&](const auto& l) { return m_gpu->memoryNeeded(part, l); });
    };
    Forecast result;
    result.free = free;
    Placement& placement = result.placement;
    placement.layers = plan.shape.layers;
    const bool useGpu = m_gpu && options.backend != BackendChoice::Cpu && options.gpuLayers != 0;
    try {
        if (useGpu) placement = placeLayers(plan, *m_gpu, free.gpu, options.gpuLayers, options.runWith);
    } catch (const Error& error) { // more layers than fit were asked for
        placement.gpuLayers = std::min(static_cast<std::uint32_t>(options.gpuLayers), placement.layers);
        placement.reason = error.what();
        result.fits = false;
    }
    if (placement.gpuLayers == 0) {
        if (options.backend == BackendChoice::Cpu)
            placement.reason = kCpuAskedFor;
        else if (options.gpuLayers == 0)
            placement.reason = kNoGpuLayers;
        else
            placement.reason = cpuReason(useGpu ? placement.reason : m_whyNoGpu);
        result.onCpu = onCpu(plan);
    } else if (placement.gpuLayers == placement.layers) {
        result.onGpu = onGpu(plan);
        if (placement.reason.empty()) placement.reason = kGpuAnswers;
    } else {
        const std::vector<kernels::Plan> parts = splitPlan(plan, placement.gpuLayers);
        result.onCpu = onCpu(parts[0]);
        result.onGpu = onGpu(parts[1]);
        result.onCpu += onCpu(parts[2]);
        result.onCpu.workspace += std::uint64_t{limits.maxRows} * plan.shape.hidden * sizeof(float);
    }
    result.fits = result.fits && hasRoom(result.onCpu, free.cpu);
    return result;
}

} // namespace altiplano::engine
