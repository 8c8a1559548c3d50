#pragma once

#include "cuda_check.h"

#include <cuda_runtime.h>

namespace altiplano::kernels::cuda {

/// Launches a kernel that may start while the one before it in the stream is ending (it waits for that one's
/// results itself), in clusters of `clusterBlocks`.
template <class... Parameters, class... Arguments>
void launchDependent(void (*kernel)(Parameters...), dim3 grid, std::uint32_t threads,
                     std::uint32_t sharedBytes, std::uint32_t clusterBlocks, cudaStream_t stream,
                     Arguments... arguments) {
    cudaLaunchAttribute attributes[2] = {};
    attributes[0].id = cudaLaunchAttributeProgrammaticStreamSerialization;
    attributes[0].val.programmaticStreamSerializationAllowed = 1;
    attributes[1].id = cudaLaunchAttributeClusterDimension;
    attributes[1].val.clusterDim = {clusterBlocks, 1, 1};
    cudaLaunchConfig_t config = {};
    config.gridDim = grid;
    config.blockDim = threads;
    config.dynamicSmemBytes = sharedBytes;
    config.stream = stream;
    config.attrs = attributes;
    config.numAttrs = clusterBlocks > 1 ? 2 : 1;
    check(cudaLaunchKernelEx(&config, kernel, static_cast<Parameters>(arguments)...), "launching a kernel");
}

/// How many clusters of a kernel the device runs at the same time; 0 where it cannot form them.
template <class Kernel>
std::uint32_t clustersAtOnce(Kernel* kernel, std::uint32_t threads, std::uint32_t sharedBytes,
                             std::uint32_t clusterBlocks) {
    cudaLaunchAttribute attribute = {};
    attribute.id = cudaLaunchAttributeClusterDimension;
    attribute.val.clusterDim = {clusterBlocks, 1, 1};
    cudaLaunchConfig_t config = {};
    config.gridDim = clusterBlocks;
    config.blockDim = threads;
    config.dynamicSmemBytes = sharedBytes;
    config.attrs = &attribute;
    config.numAttrs = 1;
    int clusters = 0;
    if (cudaOccupancyMaxActiveClusters(&clusters, kernel, &config) != cudaSuccess) {
        static_cast<void>(cudaGetLastError());
        return 0;
    }
    return static_cast<std::uint32_t>(clusters);
}

/// What a block may have on compute capability 9.0, less what the system keeps.
inline constexpr std::uint32_t kMaxSharedBytes = 227 * 1024;

/// Once per kernel and device: all of shared memory, and no cache resize between kernels.
template <class Kernel>
void prepareKernel(Kernel* kernel, std::uint32_t sharedBytes) {
    check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                               static_cast<int>(sharedBytes)),
          "preparing a kernel");
    check(cudaFuncSetAttribute(kernel, cudaFuncAttributePreferredSharedMemoryCarveout, 100),
          "preparing a kernel");
}

} // namespace altiplano::kernels::cuda
