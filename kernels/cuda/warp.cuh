#pragma once

#include <cstdint>

namespace altiplano::kernels::cuda {

inline constexpr unsigned kAllLanes = 0xffffffffu;

__device__ inline float warpSum(float value) {
    for (int offset = 16; offset > 0; offset /= 2)
        value += __shfl_xor_sync(kAllLanes, value, offset);
    return value;
}

__device__ inline float warpMax(float value) {
    for (int offset = 16; offset > 0; offset /= 2)
        value = fmaxf(value, __shfl_xor_sync(kAllLanes, value, offset));
    return value;
}

/// Sum over a block of at most 1024 threads; every thread gets it. `scratch` [32] is shared memory.
__device__ inline float blockSum(float value, float* scratch) {
    value = warpSum(value);
    __syncthreads();
    if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32] = value;
    __syncthreads();
    return warpSum(threadIdx.x % 32 < blockDim.x / 32 ? scratch[threadIdx.x % 32] : 0.0f);
}

__device__ inline float blockMax(float value, float* scratch) {
    value = warpMax(value);
    __syncthreads();
    if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32] = value;
    __syncthreads();
    return warpMax(threadIdx.x % 32 < blockDim.x / 32 ? scratch[threadIdx.x % 32] : -INFINITY);
}

} // namespace altiplano::kernels::cuda
