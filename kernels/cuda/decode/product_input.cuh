#pragma once

#include "decode/lane_dot.cuh"
#include "decode/product_shared.h"
#include "decode/ring.cuh"

/// The prologue of a product: its input into shared memory, times the norm's weight, as int8 and / or floats.
/// The norm's factor itself is applied to the sums at the end, so that one barrier is enough.
namespace altiplano::kernels::cuda {

/// float4 loads under way per thread: all of them for up to 4096 columns after a norm, 12288 else.
template <bool Norm>
inline constexpr std::uint32_t kBatch = Norm ? 2 : 6;

__device__ __forceinline__ void storeInput(float4 v, std::uint32_t i, const Activations& to, bool int8,
                                           bool floats) {
    if (floats)
        asm volatile("st.shared.v4.f32 [%0], {%1,%2,%3,%4};" ::"r"(to.floats + i * 16), "f"(v.x), "f"(v.y),
                     "f"(v.z), "f"(v.w));
    if (!int8) return;
    float largest = fmaxf(fmaxf(fabsf(v.x), fabsf(v.y)), fmaxf(fabsf(v.z), fabsf(v.w)));
    for (int offset = 1; offset < 8; offset *= 2)
        largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, offset));
    const float inverse = largest > 0 ? __fdividef(127.0f, largest) : 0.0f;
    const int a = __float2int_rn(v.x * inverse), b = __float2int_rn(v.y * inverse);
    const int c = __float2int_rn(v.z * inverse), d = __float2int_rn(v.w * inverse);
    const int packed = __byte_perm(__byte_perm(a, b, 0x0040), __byte_perm(c, d, 0x0040), 0x5410);
    int sum = __dp4a(packed, 0x01010101, 0);
    for (int offset = 1; offset < 8; offset *= 2)
        sum += __shfl_xor_sync(0xffffffffu, sum, offset);
    asm volatile("st.shared.s32 [%0], %1;" ::"r"(to.quants + i * 4), "r"(packed));
    if (i % 8 == 0) {
        asm volatile("st.shared.f32 [%0], %1;" ::"r"(to.scales + i / 8 * 4), "f"(largest * (1.0f / 127.0f)));
        asm volatile("st.shared.s32 [%0], %1;" ::"r"(to.sums + i / 8 * 4), "r"(sum));
    }
}

/// The norm's weights of a thread, loaded before the input is there: they are constant.
struct NormWeights {
    float4 first[kBatch<true>];

    __device__ __forceinline__ void load(const float* weight, std::uint32_t columns) {
#pragma unroll
        for (std::uint32_t j = 0; j < kBatch<true>; ++j) {
            const std::uint32_t i = threadIdx.x + j * kConsumers;
            first[j] = i * 4 < columns ? __ldg(reinterpret_cast<const float4*>(weight) + i) : float4{};
        }
    }
};

__device__ __forceinline__ float4 loadFour(const float* x, std::uint32_t i) {
    return __ldcg(reinterpret_cast<const float4*>(x) + i);
}

__device__ __forceinline__ float4 loadFour(const __half* x, std::uint32_t i) {
    const uint2 v = __ldcg(reinterpret_cast<const uint2*>(x) + i);
    constexpr float kBack = 1.0f / kHalfScale;
    return make_float4(lowHalf(v.x) * kBack, highHalf(v.x) * kBack, lowHalf(v.y) * kBack,
                       highHalf(v.y) * kBack);
}

/// Returns the sum of squares of this thread's inputs. All consumers call it.
template <bool Norm, class Input>
__device__ __forceinline__ float loadInput(const void* input, const float* weight, const NormWeights& weights,
                                           std::uint32_t columns, const Activations& to, bool int8,
                                           bool floats) {
    const auto* x = static_cast<const Input*>(input);
    const std::uint32_t padded = (columns + 255) / 256 * 64; // in float4
    float squares = 0;
    for (std::uint32_t base = 0; base < padded; base += kBatch<Norm> * kConsumers) {
        float4 v[kBatch<Norm>], w[kBatch<Norm>];
#pragma unroll
        for (std::uint32_t j = 0; j < kBatch<Norm>; ++j) {
            const std::uint32_t i = base + threadIdx.x + j * kConsumers;
            v[j] = i * 4 < columns ? loadFour(x, i) : float4{};
            if (Norm)
                w[j] = base == 0         ? weights.first[j]
                       : i * 4 < columns ? __ldg(reinterpret_cast<const float4*>(weight) + i)
                                         : float4{};
        }
#pragma unroll
        for (std::uint32_t j = 0; j < kBatch<Norm>; ++j) {
            const std::uint32_t i = base + threadIdx.x + j * kConsumers;
            float4 a = v[j];
            if (Norm) {
                squares += a.x * a.x + a.y * a.y + a.z * a.z + a.w * a.w;
                a.x *= w[j].x, a.y *= w[j].y, a.z *= w[j].z, a.w *= w[j].w;
            }
            if (base + j * kConsumers < padded && i < padded) storeInput(a, i, to, int8, floats);
        }
    }
    return squares;
}

} // namespace altiplano::kernels::cuda
