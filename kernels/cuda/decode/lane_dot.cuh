#pragma once

#include "decode/ptx.cuh"
#include "matrix.h"

/// What one lane does with its share of a packed unit (packedTraits): load it, and multiply it with the
/// activations of its columns.
namespace altiplano::kernels::cuda {

/// The activations of a block's product in shared memory: int8 in blocks of 32, each with a float scale and
/// the int sum of the int8 (side by side); or floats; zero past the last column.
struct Activations {
    std::uint32_t quants = 0, scales = 0, floats = 0; ///< shared addresses

    /// Of the token of that number, where each has `columns` (a multiple of 256).
    __device__ __forceinline__ Activations of(std::uint32_t token, std::uint32_t columns) const {
        return {quants + token * columns, scales + token * columns / 4, floats + token * columns * 4};
    }
};

/// `Blocks` x 32 int8 activations in registers.
template <int Blocks>
struct Int8Activations {
    int q[8 * Blocks];
    float scale[Blocks];
    int sum[Blocks];

    __device__ __forceinline__ void load(const Activations& a, std::uint32_t block) {
#pragma unroll
        for (int i = 0; i < 2 * Blocks; ++i) {
            const uint4 v = shared128(a.quants + block * 32 + 16 * i);
            q[4 * i] = static_cast<int>(v.x);
            q[4 * i + 1] = static_cast<int>(v.y);
            q[4 * i + 2] = static_cast<int>(v.z);
            q[4 * i + 3] = static_cast<int>(v.w);
        }
#pragma unroll
        for (int i = 0; i < Blocks; ++i) {
            const uint2 v = shared64(a.scales + (block + i) * 8);
            scale[i] = __uint_as_float(v.x);
            sum[i] = static_cast<int>(v.y);
        }
    }
};

/// Sixteen float activations.
struct FloatActivations {
    float x[16];

    __device__ __forceinline__ void load(const Activations& a, std::uint32_t sixteen) {
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            const uint4 v = shared128(a.floats + sixteen * 64 + 16 * i);
            x[4 * i] = __uint_as_float(v.x);
            x[4 * i + 1] = __uint_as_float(v.y);
            x[4 * i + 2] = __uint_as_float(v.z);
            x[4 * i + 3] = __uint_as_float(v.w);
        }
    }
};

/// Low nibbles of eight words... times the first block, high nibbles times the second: two int sums.
template <int Words>
__device__ __forceinline__ void dotNibbles(const std::uint32_t (&w)[Words], const int* low, const int* high,
                                           int& lowSum, int& highSum) {
    int shifted = 0; // high nibbles in place, 16 times too large
#pragma unroll
    for (int i = 0; i < Words; ++i) {
        lowSum = __dp4a(static_cast<int>(w[i] & 0x0F0F0F0Fu), low[i], lowSum);
        shifted = dotUnsignedSigned(w[i] & 0xF0F0F0F0u, high[i], shifted);
    }
    highSum += shifted >> 4;
}

template <QuantType T>
struct LaneWeights;

template <QuantType T>
using LaneActivations = typename LaneWeights<T>::Activations;

template <>
struct LaneWeights<QuantType::Q4_0> {
    using Activations = Int8Activations<1>;
    std::uint32_t w[4];
    std::uint32_t d;

    __device__ __forceinline__ void load(std::uint32_t unit, std::uint32_t lane) {
        const uint4 v = shared128(unit + lane * 16);
        w[0] = v.x, w[1] = v.y, w[2] = v.z, w[3] = v.w;
        d = shared16(unit + 512 + lane * 2);
    }
    __device__ __forceinline__ float dot(const Activations& a, float sum) const {
        int total = -8 * a.sum[0];
        dotNibbles(w, a.q, a.q + 4, total, total);
        return fmaf(lowHalf(d) * a.scale[0], static_cast<float>(total), sum);
    }
};

template <>
struct LaneWeights<QuantType::Q4_1> {
    using Activations = Int8Activations<1>;
    std::uint32_t w[4];
    std::uint32_t d, m;

    __device__ __forceinline__ void load(std::uint32_t unit, std::uint32_t lane) {
        const uint4 v = shared128(unit + lane * 16);
        w[0] = v.x, w[1] = v.y, w[2] = v.z, w[3] = v.w;
        d = shared16(unit + 512 + lane * 2);
        m = shared16(unit + 576 + lane * 2);
    }
    __device__ __forceinline__ float dot(const Activations& a, float sum) const {
        int total = 0;
        dotNibbles(w, a.q, a.q + 4, total, total);
        const float value =
            fmaf(lowHalf(d), static_cast<float>(total), lowHalf(m) * static_cast<float>(a.sum[0]));
        return fmaf(value, a.scale[0], sum);
    }
};

template <>
struct LaneWeights<QuantType::Q8_0> {
    using Activations = Int8Activations<1>;
    std::uint32_t w[8];
    std::uint32_t d;

    __device__ __forceinline__ void load(std::uint32_t unit, std::uint32_t lane) {
        const uint4 v = shared128(unit + lane * 16), u = shared128(unit + 512 + lane * 16);
        w[0] = v.x, w[1] = v.y, w[2] = v.z, w[3] = v.w;
        w[4] = u.x, w[5] = u.y, w[6] = u.z, w[7] = u.w;
        d = shared16(unit + 1024 + lane * 2);
    }
    __device__ __forceinline__ float dot(const Activations& a, float sum) const {
        int total = 0;
#pragma unroll
        for (int i = 0; i < 8; ++i)
            total = __dp4a(static_cast<int>(w[i]), a.q[i], total);
        return fmaf(lowHalf(d) * a.scale[0], static_cast<float>(total), sum);
    }
};

template <>
struct LaneWeights<QuantType::Q4_K> {
    using Activations = Int8Activations<2>;
    std::uint32_t w[8];
    std::uint32_t bits; ///< scale, minimum, scale, minimum, 6 bits each
    std::uint32_t dm;   ///< d and dmin

    __device__ __forceinline__ void load(std::uint32_t unit, std::uint32_t lane) {
        const uint4 v = shared128(unit + lane * 16), u = shared128(unit + 512 + lane * 16);
        w[0] = v.x, w[1] = v.y, w[2] = v.z, w[3] = v.w;
        w[4] = u.x, w[5] = u.y, w[6] = u.z, w[7] = u.w;
        bits = shared16(unit + 1024 + lane * 2) | shared8(unit + 1088 + lane) << 16;
        dm = shared32(unit + 1120 + lane % 8 * 4);
    }
    __device__ __forceinline__ float dot(const Activations& a, float sum) const {
        int low = 0, high = 0;
        dotNibbles(w, a.q, a.q + 8, low, high);
        const int s0 = static_cast<int>(bits & 63) * low, s1 = static_cast<int>(bits >> 12 & 63) * high;
        const int m0 = static_cast<int>(bits >> 6 & 63) * a.sum[0],
                  m1 = static_cast<int>(bits >> 18 & 63) * a.sum[1];
        const float d = lowHalf(dm), dmin = highHalf(dm);
        const float first = fmaf(d, static_cast<float>(s0), -dmin * static_cast<float>(m0));
        const float second = fmaf(d, static_cast<float>(s1), -dmin * static_cast<float>(m1));
        return fmaf(a.scale[0], first, fmaf(a.scale[1], second, sum));
    }
};

template <>
struct LaneWeights<QuantType::Q6_K> {
    using Activations = Int8Activations<2>;
    std::uint32_t w[8];
    std::uint32_t upper[4];
    std::uint32_t scales; ///< four int8: two per 32 columns
    std::uint32_t d;

    __device__ __forceinline__ void load(std::uint32_t unit, std::uint32_t lane) {
        const uint4 v = shared128(unit + lane * 16), u = shared128(unit + 512 + lane * 16);
        w[0] = v.x, w[1] = v.y, w[2] = v.z, w[3] = v.w;
        w[4] = u.x, w[5] = u.y, w[6] = u.z, w[7] = u.w;
        const uint4 h = shared128(unit + 1024 + lane * 16);
        upper[0] = h.x, upper[1] = h.y, upper[2] = h.z, upper[3] = h.w;
        scales = shared32(unit + 1536 + lane * 4);
        d = shared16(unit + 1664 + lane % 8 * 2);
    }
    /// The six bits go to the top of each byte: with the sign bit turned over that is 4 * (q - 32).
    __device__ __forceinline__ float dot(const Activations& a, float sum) const {
        int sums[4] = {}; // [32 columns][16 of them]
#pragma unroll
        for (int i = 0; i < 8; ++i) {
            const std::uint32_t h = upper[i / 2] >> i % 2 * 4;
            const std::uint32_t low = ((w[i] << 2 & 0x3C3C3C3Cu) | (h << 6 & 0xC0C0C0C0u)) ^ 0x80808080u;
            const std::uint32_t high = ((w[i] >> 2 & 0x3C3C3C3Cu) | (h << 4 & 0xC0C0C0C0u)) ^ 0x80808080u;
            sums[i / 4] = __dp4a(static_cast<int>(low), a.q[i], sums[i / 4]);
            sums[2 + i / 4] = __dp4a(static_cast<int>(high), a.q[8 + i], sums[2 + i / 4]);
        }
        const auto scale = [&](int i) { return static_cast<int>(scales << (24 - 8 * i)) >> 24; };
        const int first = scale(0) * sums[0] + scale(1) * sums[1],
                  second = scale(2) * sums[2] + scale(3) * sums[3];
        const float value =
            fmaf(a.scale[0], static_cast<float>(first), a.scale[1] * static_cast<float>(second));
        return fmaf(0.25f * lowHalf(d), value, sum);
    }
};

template <>
struct LaneWeights<QuantType::F16> {
    using Activations = FloatActivations;
    std::uint32_t w[8];

    __device__ __forceinline__ void load(std::uint32_t unit, std::uint32_t lane) {
        const uint4 v = shared128(unit + lane * 16), u = shared128(unit + 512 + lane * 16);
        w[0] = v.x, w[1] = v.y, w[2] = v.z, w[3] = v.w;
        w[4] = u.x, w[5] = u.y, w[6] = u.z, w[7] = u.w;
    }
    __device__ __forceinline__ float dot(const Activations& a, float sum) const {
#pragma unroll
        for (int i = 0; i < 8; ++i)
            sum = fmaf(highHalf(w[i]), a.x[2 * i + 1], fmaf(lowHalf(w[i]), a.x[2 * i], sum));
        return sum;
    }
};

template <>
struct LaneWeights<QuantType::BF16> {
    using Activations = FloatActivations;
    std::uint32_t w[8];

    __device__ __forceinline__ void load(std::uint32_t unit, std::uint32_t lane) {
        const uint4 v = shared128(unit + lane * 16), u = shared128(unit + 512 + lane * 16);
        w[0] = v.x, w[1] = v.y, w[2] = v.z, w[3] = v.w;
        w[4] = u.x, w[5] = u.y, w[6] = u.z, w[7] = u.w;
    }
    __device__ __forceinline__ float dot(const Activations& a, float sum) const {
#pragma unroll
        for (int i = 0; i < 8; ++i)
            sum = fmaf(__uint_as_float(w[i] & 0xFFFF0000u), a.x[2 * i + 1],
                       fmaf(__uint_as_float(w[i] << 16), a.x[2 * i], sum));
        return sum;
    }
};

template <QuantType T>
inline constexpr bool kUsesFloats = T == QuantType::F16 || T == QuantType::BF16;

} // namespace altiplano::kernels::cuda
