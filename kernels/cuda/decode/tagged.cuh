#pragma once

#include <cstdint>
#include <cuda_fp16.h>

/// Values that the blocks of a running kernel hand each other through global memory. The lowest bit of every
/// 32-bit word is a tag that changes whenever its place is written anew, so that whoever waits for a word
/// sees from the word itself that it is there: no counter, no fence, one way through the L2 cache. Who reads
/// a word gets zero in its place: results do not depend on tags.
namespace altiplano::kernels::cuda {

/// threadIdx.x, read anew: what is computed from it is not kept in registers from one step to the next.
__device__ __forceinline__ std::uint32_t freshThread() {
    std::uint32_t thread;
    asm volatile("mov.u32 %0, %%tid.x;" : "=r"(thread));
    return thread;
}

__device__ __forceinline__ void storeTagged(std::uint32_t* to, std::uint32_t word, std::uint32_t tag) {
    asm volatile("st.relaxed.gpu.global.u32 [%0], %1;" ::"l"(to), "r"((word & ~1u) | tag) : "memory");
}

/// A pair of half floats; the first loses its lowest bit.
__device__ __forceinline__ std::uint32_t halfPair(__half low, __half high) {
    return __half_as_ushort(low) | static_cast<std::uint32_t>(__half_as_ushort(high)) << 16;
}

__device__ __forceinline__ uint4 loadWords(const std::uint32_t* from) {
    uint4 v;
    asm volatile("ld.relaxed.gpu.global.v4.u32 {%0,%1,%2,%3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(from)
                 : "memory");
    return v;
}

__device__ __forceinline__ bool hasTag(const uint4& v, std::uint32_t tag) {
    return (((v.x ^ tag) | (v.y ^ tag) | (v.z ^ tag) | (v.w ^ tag)) & 1) == 0;
}

/// Counts attempts: seconds without success mean that a block is lost. Better an error than a GPU that hangs.
struct Patience {
    std::uint32_t attempts = 0;

    __device__ __forceinline__ void fail() {
        if (++attempts == 1u << 22) __trap();
    }
};

/// The `Count` x four words at `at(j)` for which bit j of `wanted` is set, once all of them have the tag;
/// zero for the others. All are asked for at once.
template <std::uint32_t Count, class At>
__device__ __forceinline__ void awaitWords(uint4 (&v)[Count], std::uint32_t wanted, std::uint32_t tag,
                                           At&& at) {
    std::uint32_t missing = wanted;
    Patience patience;
#pragma unroll
    for (std::uint32_t j = 0; j < Count; ++j)
        v[j] = uint4{};
    while (missing != 0) {
#pragma unroll
        for (std::uint32_t j = 0; j < Count; ++j)
            if (missing >> j & 1) v[j] = loadWords(at(j));
#pragma unroll
        for (std::uint32_t j = 0; j < Count; ++j)
            if ((missing >> j & 1) && hasTag(v[j], tag)) missing &= ~(1u << j);
        patience.fail();
    }
#pragma unroll
    for (std::uint32_t j = 0; j < Count; ++j)
        v[j].x &= ~1u, v[j].y &= ~1u, v[j].z &= ~1u, v[j].w &= ~1u;
}

/// The first lane waits for its word; the others' are then there, too, or about to be.
__device__ __forceinline__ void awaitFirst(const std::uint32_t* from, std::uint32_t tag) {
    if (threadIdx.x % 32 == 0) {
        Patience patience;
        while (!hasTag(loadWords(from), tag))
            patience.fail();
    }
    __syncwarp();
}

} // namespace altiplano::kernels::cuda
