#pragma once

#include "warp.cuh"

#include <cooperative_groups.h>
#include <cstdint>

/// What the sampler's selections share: the blocks of a row, its logits, and probability mass.
namespace altiplano::kernels::cuda {

inline constexpr std::uint32_t kSampleThreads = 1024;

/// Probability mass in fixed point, so that sums do not depend on the order in which threads add.
using Mass = unsigned long long;
inline constexpr float kUnit = 1099511627776.0f; ///< 2^40: mass of a token as probable as the most probable
inline constexpr float kRange = 64.0f;           ///< distances beyond, in nats, are all the same

/// The blocks of one row: one before compute capability 9.0.
struct Group {
    std::uint32_t rank, size;

    __device__ void sync() const {
#if __CUDA_ARCH__ >= 900
        if (size > 1) {
            cooperative_groups::this_cluster().sync();
            return;
        }
#endif
        __syncthreads();
    }
    template <class T>
    __device__ T* of(T* local, std::uint32_t block) const {
#if __CUDA_ARCH__ >= 900
        if (size > 1) return cooperative_groups::this_cluster().map_shared_rank(local, block);
#endif
        return local;
    }
};

/// The logits of a row that are this block's.
struct Share {
    const float* logits;
    std::uint32_t begin, end;
    float largest = 0; ///< of all blocks

    /// How far a logit is from the largest, in nats.
    __device__ float distance(std::uint32_t i) const {
        const float d = largest - logits[i];
        return d >= 0 && d < kRange ? d : kRange; // NaN too
    }
};

__device__ inline Mass massOf(float distance) {
    return static_cast<Mass>(expf(-distance) * kUnit);
}

__device__ inline Mass fractionOf(Mass total, float part) {
    return static_cast<Mass>(static_cast<double>(total) * static_cast<double>(part));
}

/// Sums of a block's threads; `warpMass` [33] is shared memory and keeps the sums of the warps.
__device__ inline Mass blockSum(Mass value, Mass* warpMass) {
    for (int offset = 16; offset > 0; offset /= 2)
        value += __shfl_xor_sync(kAllLanes, value, offset);
    __syncthreads();
    if (threadIdx.x % 32 == 0) warpMass[threadIdx.x / 32] = value;
    __syncthreads();
    value = warpMass[threadIdx.x % 32];
    for (int offset = 16; offset > 0; offset /= 2)
        value += __shfl_xor_sync(kAllLanes, value, offset);
    return value;
}

/// The sum of the values of this thread and those before it in the block.
__device__ inline Mass inclusiveScan(Mass value, Mass* warpMass) {
    const std::uint32_t lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    for (int offset = 1; offset < 32; offset *= 2) {
        const Mass lower = __shfl_up_sync(kAllLanes, value, offset);
        if (lane >= static_cast<unsigned>(offset)) value += lower;
    }
    __syncthreads();
    if (lane == 31) warpMass[warp] = value;
    __syncthreads();
    Mass before = lane < warp ? warpMass[lane] : 0;
    for (int offset = 16; offset > 0; offset /= 2)
        before += __shfl_xor_sync(kAllLanes, before, offset);
    return before + value;
}

} // namespace altiplano::kernels::cuda
