#include "device_choice.h"

#include "sentences.h"

#include "kernels/cuda_backend.h"

#include <algorithm>

namespace altiplano::engine {

namespace {

DeviceChoice cpu(const LoadOptions& options, const std::string& reason) {
    try {
        return {kernels::createCpuBackend(cpuOptions(options)), reason, false};
    } catch (const kernels::BackendError& error) {
        throw asError(error);
    }
}

} // namespace

kernels::CpuOptions cpuOptions(const LoadOptions& options) {
    return {std::min(options.threads, kernels::usableCpus()), options.instructions};
}

DeviceChoice createBackend(const LoadOptions& options) {
    if (options.makeBackend) return {options.makeBackend(), "The caller brought it.", true};
    if (options.backend == BackendChoice::Cpu) return cpu(options, kCpuAskedFor);
    if (options.gpuLayers == 0) return cpu(options, kNoGpuLayers);
    kernels::CudaSearch search = kernels::findCudaBackend();
    if (options.backend == BackendChoice::Cuda) {
        if (!search.backend) throw Error(ErrorCode::Device, "CUDA was asked for, but " + search.reason + ".");
        return {std::move(search.backend), "CUDA was asked for.", true};
    }
    if (search.backend) return {std::move(search.backend), kGpuAnswers, true};
    return createFallback(options, search.reason);
}

std::string cpuReason(const std::string& whyNotGpu) {
    return "The CPU is used: " + whyNotGpu + (whyNotGpu.ends_with('.') ? "" : ".");
}

DeviceChoice createFallback(const LoadOptions& options, const std::string& whyNotGpu) {
    return cpu(options, cpuReason(whyNotGpu));
}

} // namespace altiplano::engine
