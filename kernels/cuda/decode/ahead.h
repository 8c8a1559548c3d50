#pragma once

#include <cstdint>

namespace altiplano::kernels::cuda {

/// Weights that later kernels stream: towards its end a kernel asks for them, each block for its share, so
/// that memory does not idle in between. They wait in the L2 cache.
struct Ahead {
    const std::uint8_t* data = nullptr;
    std::uint64_t bytes = 0;

#ifdef __CUDACC__
    /// One thread of each block.
    __device__ __forceinline__ void fetch() const {
        constexpr std::uint32_t kAtOnce = 16 * 1024;
        const std::uint64_t share = bytes / gridDim.x / 16 * 16;
        const std::uint8_t* from = data + blockIdx.x * share;
        for (std::uint64_t done = 0; done < share; done += kAtOnce)
            asm volatile("cp.async.bulk.prefetch.L2.global [%0], %1;" ::"l"(from + done),
                         "r"(static_cast<std::uint32_t>(min(share - done, std::uint64_t{kAtOnce})))
                         : "memory");
    }
#endif
};

} // namespace altiplano::kernels::cuda
