#pragma once

#include "decode/lane_dot.cuh"
#include "decode/product_shared.h"
#include "decode/ring.cuh"

/// The prologue of a product: its input into shared memory, times the norm's weight, as int8 and / or floats.
/// The norm's factor itself is applied to the sums at the end, so that one barrier is enough.
namespace altiplano::kernels::cuda {

/// Eight inputs of a thread, and what becomes of them.
struct InputEight {
    float x[8];

    __device__ __forceinline__ InputEight(const uint4& a, const uint4& b) {
        const std::uint32_t words[8] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
#pragma unroll
        for (int i = 0; i < 8; ++i)
            x[i] = __uint_as_float(words[i]);
    }

    __device__ __forceinline__ InputEight(const uint4& halves, float scale) {
        const std::uint32_t words[4] = {halves.x, halves.y, halves.z, halves.w};
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            x[2 * i] = lowHalf(words[i]) * scale;
            x[2 * i + 1] = highHalf(words[i]) * scale;
        }
    }

    __device__ __forceinline__ float squares() const {
        float sum = 0;
#pragma unroll
        for (int i = 0; i < 8; ++i)
            sum = fmaf(x[i], x[i], sum);
        return sum;
    }

    __device__ __forceinline__ void multiply(const float4& a, const float4& b) {
        x[0] *= a.x, x[1] *= a.y, x[2] *= a.z, x[3] *= a.w;
        x[4] *= b.x, x[5] *= b.y, x[6] *= b.z, x[7] *= b.w;
    }

    __device__ __forceinline__ void storeFloats(std::uint32_t to) const {
#pragma unroll
        for (int i = 0; i < 2; ++i)
            asm volatile("st.shared.v4.f32 [%0], {%1,%2,%3,%4};" ::"r"(to + i * 16), "f"(x[4 * i]),
                         "f"(x[4 * i + 1]), "f"(x[4 * i + 2]), "f"(x[4 * i + 3]));
    }

    /// Four lanes share a block of 32.
    __device__ __forceinline__ void storeInt8(const Activations& to, std::uint32_t eight) const {
        float largest = 0;
#pragma unroll
        for (int i = 0; i < 8; ++i)
            largest = fmaxf(largest, fabsf(x[i]));
        largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 1));
        largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 2));
        const float inverse = largest > 0 ? __fdividef(127.0f, largest) : 0.0f;
        constexpr float kRound = 12582912; // 1.5 * 2^23: the sum's low byte is the rounded value
        std::uint32_t q[8];
#pragma unroll
        for (int i = 0; i < 8; ++i)
            q[i] = __float_as_uint(fmaf(x[i], inverse, kRound));
        const auto pack = [&](int i) {
            return __byte_perm(__byte_perm(q[i], q[i + 1], 0x0040), __byte_perm(q[i + 2], q[i + 3], 0x0040),
                               0x5410);
        };
        const std::uint32_t low = pack(0), high = pack(4);
        int sum = __dp4a(static_cast<int>(low), 0x01010101, __dp4a(static_cast<int>(high), 0x01010101, 0));
        sum += __shfl_xor_sync(0xffffffffu, sum, 1);
        sum += __shfl_xor_sync(0xffffffffu, sum, 2);
        asm volatile("st.shared.v2.u32 [%0], {%1,%2};" ::"r"(to.quants + eight * 8), "r"(low), "r"(high));
        if (eight % 4 == 0)
            asm volatile("st.shared.v2.u32 [%0], {%1,%2};" ::"r"(to.scales + eight / 4 * 8),
                         "r"(__float_as_uint(largest * (1.0f / 127.0f))), "r"(sum));
    }
};

/// The norm's weights of a thread's first inputs, loaded before the input is there: they are constant.
struct NormWeights {
    float4 first[2];

    __device__ __forceinline__ void load(const float* weight, std::uint32_t eight) {
#pragma unroll
        for (std::uint32_t i = 0; i < 2; ++i)
            first[i] = __ldg(reinterpret_cast<const float4*>(weight) + eight * 2 + i);
    }
};

/// Returns the sum of squares of this thread's inputs, all of one token. All consumers call it. Past the last
/// of the product's tokens that one is loaded again.
template <bool Floats, std::uint32_t Tokens>
__device__ __forceinline__ float loadInput(const ProductInput& in, NormWeights weights, std::uint32_t columns,
                                           std::uint32_t tokens, const Activations& all) {
    constexpr std::uint32_t kBatch = 4; // loads under way per thread: all of up to 16384 columns of one token
    constexpr std::uint32_t kThreads = consumersOf(Tokens);
    const std::uint32_t padded = (columns + 255) / 256 * 32, eights = columns / 8;
    const std::uint32_t token = Tokens == 1 ? 0 : threadIdx.x / kThreads, thread = threadIdx.x % kThreads;
    const std::uint32_t skipped = Tokens == 1 ? 0 : min(token, tokens - 1) * eights;
    const auto* halves = reinterpret_cast<const uint4*>(in.rounded) + skipped;
    const auto* floats = reinterpret_cast<const uint4*>(in.floats);
    if (Floats && floats) floats += 2 * skipped;
    const Activations to = all.of(token, padded * 8);
    float squares = 0;
    for (std::uint32_t base = 0; base < padded; base += kBatch * kThreads) {
        uint4 v[kBatch], w[Floats ? kBatch : 1];
#pragma unroll
        for (std::uint32_t j = 0; j < kBatch; ++j) {
            const std::uint32_t i = base + j * kThreads + thread;
            v[j] = w[Floats ? j : 0] = uint4{};
            if (i >= eights) continue;
            if (Floats && floats) {
                v[j] = __ldcg(floats + 2 * i);
                w[Floats ? j : 0] = __ldcg(floats + 2 * i + 1);
            } else {
                v[j] = __ldcg(halves + i);
            }
        }
#pragma unroll
        for (std::uint32_t j = 0; j < kBatch; ++j) {
            const std::uint32_t i = base + j * kThreads + thread;
            if (i >= padded) break; // whole warps
            InputEight eight =
                Floats && floats ? InputEight(v[j], w[Floats ? j : 0]) : InputEight(v[j], in.scale);
            if (in.norm) {
                squares += eight.squares();
                if (base + j > 0 && i < eights) weights.load(in.norm, i);
                eight.multiply(weights.first[0], weights.first[1]);
            }
            if (Floats)
                eight.storeFloats(to.floats + i * 32);
            else
                eight.storeInt8(to, i);
        }
    }
    return squares;
}

} // namespace altiplano::kernels::cuda
