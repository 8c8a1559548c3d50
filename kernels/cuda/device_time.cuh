#pragma once

namespace altiplano::kernels::cuda {

/// Nanoseconds by the device's clock, which moves on in steps of 32 ns (Hopper) to 1 us.
__device__ __forceinline__ unsigned long long deviceTime() {
    unsigned long long now;
    asm volatile("mov.u64 %0, %globaltimer;" : "=l"(now));
    return now;
}

/// One thread of the kernel notes the time, where somebody measures (`stamp` is not null).
__device__ __forceinline__ void noteTime(unsigned long long* stamp) {
    if (stamp && threadIdx.x == 0 && blockIdx.x == 0 && blockIdx.y == 0) *stamp = deviceTime();
}

/// Each block notes when it is done: the last one's time remains.
__device__ __forceinline__ void noteEnd(unsigned long long* stamp) {
    if (stamp && threadIdx.x == 0) atomicMax(stamp, deviceTime());
}

} // namespace altiplano::kernels::cuda
