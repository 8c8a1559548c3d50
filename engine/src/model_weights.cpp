#include "model_weights.h"

#include "device_choice.h"
#include "engine/forward_plan.h"
#include "engine/model_config.h"
#include "layer_split.h"
#include "pipeline_program.h"
#include "sentences.h"

#include <algorithm>
#include <new>

namespace altiplano::engine {

namespace {

/// Whether a GPU that cannot take the model is no reason to refuse it.
bool mayFallBack(const LoadOptions& options) {
    return options.backend == BackendChoice::Auto && !options.makeBackend;
}

Placement onCpu(const kernels::Plan& plan, std::string reason) {
    Placement placement;
    placement.layers = plan.shape.layers;
    placement.reason = std::move(reason);
    return placement;
}

class Loader {
public:
    Loader(const GgufFile& file, const kernels::Plan& plan, const LoadOptions& options,
           const LoadProgress& progress, const std::stop_token& stop)
        : m_file(file), m_plan(plan), m_options(options), m_progress(progress), m_stop(stop),
          m_total(planBytes(plan)) {}

    ModelWeights whole(DeviceChoice& choice, Placement placement) {
        ModelWeights weights;
        m_before = 0;
        weights.program = upload(m_plan, *choice.backend);
        weights.devices.push_back({std::move(choice.backend), {weights.program.get()}});
        weights.placement = std::move(placement);
        return weights;
    }

    /// The first layers on the GPU, the rest on the CPU.
    ModelWeights split(DeviceChoice& gpu, const Placement& placement) {
        ModelWeights weights;
        weights.devices.resize(2);
        std::unique_ptr<kernels::Backend> cpu = createFallback(m_options, "").backend;
        std::vector<PipelineProgram::Part> parts;
        m_before = 0;
        for (kernels::Plan& plan : splitPlan(m_plan, placement.gpuLayers)) {
            const bool onGpu = parts.size() == 1;
            const std::uint32_t firstLayer = parts.size() == 2 ? placement.gpuLayers : 0;
            parts.push_back({upload(std::move(plan), onGpu ? *gpu.backend : *cpu), !onGpu,
                             static_cast<std::uint16_t>(firstLayer)});
            weights.devices[onGpu ? 0 : 1].programs.push_back(parts.back().program.get());
        }
        weights.program = std::make_unique<PipelineProgram>(std::move(parts), m_plan.shape.hidden);
        weights.devices[0].backend = std::move(gpu.backend);
        weights.devices[1].backend = std::move(cpu);
        weights.placement = placement;
        return weights;
    }

    /// As many layers as were chosen, or fewer where the device had promised more than it has.
    ModelWeights onGpu(DeviceChoice choice) {
        Placement placement = placeLayers(m_plan, *choice.backend, choice.backend->freeBytes(),
                                          m_options.gpuLayers, m_options.runWith);
        if (placement.reason.empty()) placement.reason = choice.reason;
        const bool canRetry = m_options.gpuLayers < 0 && placement.gpuBytes > 0;
        while (placement.gpuLayers > 0) {
            try {
                ModelWeights weights = placement.gpuLayers == placement.layers ? whole(choice, placement)
                                                                               : split(choice, placement);
                if (!canRetry || hasRoomToRun(weights.devices[0])) return weights;
                choice.backend = std::move(weights.devices[0].backend);
                throw Error(ErrorCode::OutOfMemory,
                            "The GPU's memory does not suffice for K/V and workspace.");
            } catch (const Error& error) {
                if (error.code() != ErrorCode::OutOfMemory || !canRetry) throw;
                placement.gpuLayers = placement.gpuLayers * 3 / 4;
                placement.gpuBytes = 0;
                placement.reason = placement.gpuLayers == 0
                                       ? "not one layer fits into the GPU's memory"
                                       : "The first " + withSeparators(placement.gpuLayers) + " of " +
                                             withSeparators(placement.layers) +
                                             " layers run on the GPU: more did not fit into its memory.";
            }
        }
        if (m_options.backend == BackendChoice::Cuda && m_options.gpuLayers < 0)
            throw Error(ErrorCode::OutOfMemory, "CUDA was asked for, but " + placement.reason +
                                                    "; a shorter context or a smaller quantization may fit.");
        DeviceChoice cpu = createFallback(m_options, placement.reason);
        return whole(cpu, onCpu(m_plan, cpu.reason));
    }

private:
    bool hasRoomToRun(const ModelWeights::Device& device) const {
        std::uint64_t needed = 0;
        for (const kernels::Program* program : device.programs)
            needed += program->stateBytes(stateLimits(m_options.runWith));
        const std::uint64_t free = device.backend->freeBytes();
        return free == 0 || needed <= free;
    }

    std::unique_ptr<kernels::Program> upload(kernels::Plan plan, kernels::Backend& backend) {
        const std::uint64_t bytes = planBytes(plan), free = backend.freeBytes();
        const std::uint64_t told = backend.memoryNeeded(plan, stateLimits(m_options.runWith)).weights;
        const std::uint64_t need = told != 0 ? told : bytes; // where the device cannot tell
        const auto outOfMemory = [&] {
            return Error(ErrorCode::OutOfMemory, "The model's weights need " + byteText(need) + ", but " +
                                                     (free ? "only " + byteText(free) + " of memory are free"
                                                           : "the memory does not suffice") +
                                                     "; a smaller quantization of it may fit.");
        };
        if (free != 0 && need > free) throw outOfMemory();
        kernels::UploadObserver observer;
        observer.stop = m_stop;
        observer.onTensor = [&](const kernels::TensorView& tensor, bool kept, std::uint64_t done) {
            if (!kept) m_file.release(tensor.data, tensor.bytes());
            if (m_progress) m_progress(std::min(m_before + done, m_total), m_total);
        };
        try {
            auto program = backend.upload(std::move(plan), observer);
            if (!program) throw Error(ErrorCode::Cancelled, "Loading was cancelled.");
            m_before += bytes;
            return program;
        } catch (const kernels::BackendError& error) {
            if (error.kind == kernels::BackendError::Kind::OutOfMemory) throw outOfMemory();
            throw asError(error);
        } catch (const std::bad_alloc&) {
            throw outOfMemory();
        }
    }

    const GgufFile& m_file;
    const kernels::Plan& m_plan;
    const LoadOptions& m_options;
    const LoadProgress& m_progress;
    const std::stop_token& m_stop;
    std::uint64_t m_total;
    std::uint64_t m_before = 0; ///< bytes of the parts that are done
};

} // namespace

ModelWeights loadWeights(const GgufFile& file, const ModelConfig& config, const LoadOptions& options,
                         const LoadProgress& progress, const std::stop_token& stop) {
    DeviceChoice choice = createBackend(options);
    const kernels::Plan plan = forwardPlan(file, config);
    Loader loader(file, plan, options, progress, stop);
    if (choice.isGpu) {
        try {
            return loader.onGpu(std::move(choice));
        } catch (const Error& error) {
            if (!mayFallBack(options) || error.code() == ErrorCode::Cancelled) throw;
            choice = createFallback(options, error.what());
        }
    }
    return loader.whole(choice, onCpu(plan, choice.reason));
}

} // namespace altiplano::engine
