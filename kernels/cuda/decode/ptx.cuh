#pragma once

#include <cstdint>

/// The few instructions of compute capability 9.0 that CUDA C++ has no words for (PTX ISA 8.0).
namespace altiplano::kernels::cuda {

__device__ __forceinline__ std::uint32_t sharedAddress(const void* p) {
    return static_cast<std::uint32_t>(__cvta_generic_to_shared(p));
}

/// Waits until the kernels before this one in the stream are complete and their writes visible.
__device__ __forceinline__ void waitForPreviousKernel() {
    asm volatile("griddepcontrol.wait;" ::: "memory");
}

/// Lets the next kernel's blocks start where there is room.
__device__ __forceinline__ void letNextKernelStart() {
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
}

__device__ __forceinline__ void initBarrier(std::uint32_t barrier, std::uint32_t arrivals) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals));
}

__device__ __forceinline__ void publishBarriers() {
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
}

__device__ __forceinline__ void arriveExpecting(std::uint32_t barrier, std::uint32_t bytes) {
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes)
                 : "memory");
}

__device__ __forceinline__ void arrive(std::uint32_t barrier) {
    asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory");
}

__device__ __forceinline__ void waitBarrier(std::uint32_t barrier, std::uint32_t parity) {
    asm volatile("{\n"
                 ".reg .pred done;\n"
                 "again:\n"
                 "mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"
                 "@!done bra again;\n"
                 "}" ::"r"(barrier),
                 "r"(parity)
                 : "memory");
}

/// Copies global to shared memory past the registers; both addresses and the size are multiples of 16.
__device__ __forceinline__ void bulkCopy(std::uint32_t to, const void* from, std::uint32_t bytes,
                                         std::uint32_t barrier, std::uint64_t policy) {
    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes.L2::cache_hint [%0], "
                 "[%1], %2, [%3], %4;" ::"r"(to),
                 "l"(from), "r"(bytes), "r"(barrier), "l"(policy)
                 : "memory");
}

/// The two halves of a cluster's barrier, for every thread of its blocks.
__device__ __forceinline__ void arriveAtCluster() {
    asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory");
}
__device__ __forceinline__ void waitForCluster() {
    asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
}

/// This block's place in its cluster.
__device__ __forceinline__ std::uint32_t clusterRank() {
    std::uint32_t rank;
    asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
    return rank;
}

/// Where a shared address of this block lies in another block of the cluster.
__device__ __forceinline__ std::uint32_t remoteAddress(std::uint32_t address, std::uint32_t rank) {
    std::uint32_t remote;
    asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(remote) : "r"(address), "r"(rank));
    return remote;
}

/// Stores 16 bytes in another block's shared memory and counts them off that block's barrier when they are
/// there. Who has waited for the barrier with waitForRemote sees them.
__device__ __forceinline__ void storeRemote(std::uint32_t address, const uint4& v, std::uint32_t barrier) {
    asm volatile("st.async.weak.shared::cluster.mbarrier::complete_tx::bytes.v4.b32 [%0], {%1,%2,%3,%4}, "
                 "[%5];" ::"r"(address),
                 "r"(v.x), "r"(v.y), "r"(v.z), "r"(v.w), "r"(barrier)
                 : "memory");
}

/// As waitBarrier, for what other blocks have stored.
__device__ __forceinline__ void waitForRemote(std::uint32_t barrier, std::uint32_t parity) {
    asm volatile("{\n"
                 ".reg .pred done;\n"
                 "again:\n"
                 "mbarrier.try_wait.parity.acquire.cluster.shared::cta.b64 done, [%0], %1;\n"
                 "@!done bra again;\n"
                 "}" ::"r"(barrier),
                 "r"(parity)
                 : "memory");
}

/// Makes this thread's ordinary writes visible to later bulk copies.
__device__ __forceinline__ void fenceForBulkCopies() {
    asm volatile("fence.proxy.async;" ::: "memory");
}

/// The same for shared memory alone (without a fence of the whole GPU), and for wgmma.
__device__ __forceinline__ void fenceSharedForCopies() {
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}

/// What is read once per token should not push out what is read often.
__device__ __forceinline__ std::uint64_t evictFirst() {
    std::uint64_t policy;
    asm volatile("createpolicy.fractional.L2::evict_first.b64 %0, 1.0;" : "=l"(policy));
    return policy;
}

__device__ __forceinline__ uint4 shared128(std::uint32_t address) {
    uint4 v;
    asm volatile("ld.shared.v4.u32 {%0,%1,%2,%3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "r"(address));
    return v;
}

__device__ __forceinline__ float4 sharedFloats(std::uint32_t address) {
    const uint4 v = shared128(address);
    return make_float4(__uint_as_float(v.x), __uint_as_float(v.y), __uint_as_float(v.z),
                       __uint_as_float(v.w));
}

__device__ __forceinline__ void storeShared128(std::uint32_t address, const float4& v) {
    asm volatile("st.shared.v4.f32 [%0], {%1,%2,%3,%4};" ::"r"(address), "f"(v.x), "f"(v.y), "f"(v.z),
                 "f"(v.w)
                 : "memory");
}
__device__ __forceinline__ void storeShared128(std::uint32_t address, const uint4& v) {
    asm volatile("st.shared.v4.u32 [%0], {%1,%2,%3,%4};" ::"r"(address), "r"(v.x), "r"(v.y), "r"(v.z),
                 "r"(v.w)
                 : "memory");
}

__device__ __forceinline__ uint2 shared64(std::uint32_t address) {
    uint2 v;
    asm volatile("ld.shared.v2.u32 {%0,%1}, [%2];" : "=r"(v.x), "=r"(v.y) : "r"(address));
    return v;
}

__device__ __forceinline__ std::uint32_t shared32(std::uint32_t address) {
    std::uint32_t v;
    asm volatile("ld.shared.u32 %0, [%1];" : "=r"(v) : "r"(address));
    return v;
}

__device__ __forceinline__ std::uint32_t shared16(std::uint32_t address) {
    std::uint16_t v;
    asm volatile("ld.shared.u16 %0, [%1];" : "=h"(v) : "r"(address));
    return v;
}

__device__ __forceinline__ std::uint32_t shared8(std::uint32_t address) {
    std::uint32_t v;
    asm volatile("ld.shared.u8 %0, [%1];" : "=r"(v) : "r"(address));
    return v;
}

__device__ __forceinline__ void storeShared32(std::uint32_t address, std::uint32_t v) {
    asm volatile("st.shared.u32 [%0], %1;" ::"r"(address), "r"(v) : "memory");
}

/// c + the dot product of four unsigned bytes of a and four signed ones of b.
__device__ __forceinline__ int dotUnsignedSigned(std::uint32_t a, int b, int c) {
    int d;
    asm("dp4a.u32.s32 %0, %1, %2, %3;" : "=r"(d) : "r"(a), "r"(b), "r"(c));
    return d;
}

__device__ __forceinline__ float lowHalf(std::uint32_t pair) {
    float f;
    asm("{.reg .f16 lo, hi; mov.b32 {lo, hi}, %1; cvt.f32.f16 %0, lo;}" : "=f"(f) : "r"(pair));
    return f;
}

__device__ __forceinline__ float highHalf(std::uint32_t pair) {
    return lowHalf(pair >> 16);
}

} // namespace altiplano::kernels::cuda
