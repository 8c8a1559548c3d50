#pragma once

#include "decode/ptx.cuh"
#include "matrix.h"

#include <cuda_fp16.h>

/// Packed weights (packedTraits) to half floats in registers, as wgmma takes them. Which column of a sixteen
/// stands where is free as long as the tokens stand alike (ColumnOrder), and is chosen so that each thread
/// reads words of its own, side by side with its neighbours'.
namespace altiplano::kernels::cuda {

__device__ __forceinline__ __half2 asHalves(std::uint32_t bits) {
    return *reinterpret_cast<const __half2*>(&bits);
}

__device__ __forceinline__ std::uint32_t asBits(__half2 h) {
    return *reinterpret_cast<const std::uint32_t*>(&h);
}

__device__ __forceinline__ __half2 twice(std::uint32_t half) {
    return asHalves(__byte_perm(half, 0, 0x1010));
}

__device__ __forceinline__ std::uint32_t pick(std::uint32_t a, std::uint32_t mask, std::uint32_t bits) {
    std::uint32_t r; // (a & mask) | bits
    asm("lop3.b32 %0, %1, %2, %3, 0xEA;" : "=r"(r) : "r"(a), "r"(mask), "r"(bits));
    return r;
}

/// A half float 0x6400 + n is 1024 + n for n < 1024: integers become halves by their bits.
constexpr std::uint32_t k1024 = 0x64006400u;

/// Four nibbles of a word's bytes 0, 2 (first) and 1, 3 (second) as exact halves; `offset` is subtracted.
template <bool High>
__device__ __forceinline__ void nibbles(std::uint32_t word, float offset, __half2& first, __half2& second) {
    if constexpr (High) { // 1024 + 16 n
        const __half2 sixteenth = __float2half2_rn(1.0f / 16), less = __float2half2_rn(-64.0f - offset);
        first = __hfma2(asHalves(pick(word, 0x00F000F0u, k1024)), sixteenth, less);
        second = __hfma2(asHalves(pick(word >> 8, 0x00F000F0u, k1024)), sixteenth, less);
    } else {
        const __half2 less = __float2half2_rn(-1024.0f - offset);
        first = __hadd2(asHalves(pick(word, 0x000F000Fu, k1024)), less);
        second = __hadd2(asHalves(pick(word >> 8, 0x000F000Fu, k1024)), less);
    }
}

/// Bytes 0, 2 and 1, 3 of a word, less `offset`.
__device__ __forceinline__ void bytes(std::uint32_t word, float offset, __half2& first, __half2& second) {
    const __half2 less = __float2half2_rn(-1024.0f - offset);
    first = __hadd2(asHalves(__byte_perm(word, k1024, 0x7270)), less);
    second = __hadd2(asHalves(__byte_perm(word, k1024, 0x7371)), less);
}

/// Two of bfloat16; what a half float cannot hold becomes the largest that it can.
__device__ __forceinline__ __half2 bfloats(std::uint32_t pair) {
    constexpr float kLargest = 65504.0f;
    const float a = __uint_as_float(pair << 16), b = __uint_as_float(pair & 0xFFFF0000u);
    return __floats2half2_rn(fminf(fmaxf(a, -kLargest), kLargest), fminf(fmaxf(b, -kLargest), kLargest));
}

/// The share of a thread in 64 columns of one row of a group: loaded from shared memory as it lies there, and
/// turned into halves a sixteen at a time, in between products. `units` is the group's shared address, `part`
/// says which 64 columns, and the row is lane / 4.
template <QuantType T>
struct RowShare;

template <QuantType T>
inline constexpr std::uint32_t kUnitParts = packedTraits(T).unitColumns / 64;

template <QuantType T>
__device__ __forceinline__ std::uint32_t unitOf(std::uint32_t units, std::uint32_t part) {
    return units + part / kUnitParts<T> * packedTraits(T).unitBytes;
}

template <>
struct RowShare<QuantType::Q4_0> {
    std::uint32_t word[2], d[2];

    __device__ __forceinline__ void load(std::uint32_t units, std::uint32_t part, std::uint32_t lane) {
        const std::uint32_t unit = unitOf<QuantType::Q4_0>(units, part), block = part % 2 * 2;
#pragma unroll
        for (std::uint32_t i = 0; i < 2; ++i) {
            word[i] = shared32(unit + (block + i) * 128 + lane * 4);
            d[i] = shared16(unit + 512 + ((block + i) * 8 + lane / 4) * 2);
        }
    }
    template <int K>
    __device__ __forceinline__ void sixteen(__half2& first, __half2& second) const {
        nibbles<K % 2 != 0>(word[K / 2], 8, first, second);
        first = __hmul2(first, twice(d[K / 2]));
        second = __hmul2(second, twice(d[K / 2]));
    }
};

template <>
struct RowShare<QuantType::Q4_1> {
    std::uint32_t word[2], d[2], m[2];

    __device__ __forceinline__ void load(std::uint32_t units, std::uint32_t part, std::uint32_t lane) {
        const std::uint32_t unit = unitOf<QuantType::Q4_1>(units, part), block = part % 2 * 2;
#pragma unroll
        for (std::uint32_t i = 0; i < 2; ++i) {
            word[i] = shared32(unit + (block + i) * 128 + lane * 4);
            d[i] = shared16(unit + 512 + ((block + i) * 8 + lane / 4) * 2);
            m[i] = shared16(unit + 576 + ((block + i) * 8 + lane / 4) * 2);
        }
    }
    template <int K>
    __device__ __forceinline__ void sixteen(__half2& first, __half2& second) const {
        nibbles<K % 2 != 0>(word[K / 2], 0, first, second);
        first = __hfma2(first, twice(d[K / 2]), twice(m[K / 2]));
        second = __hfma2(second, twice(d[K / 2]), twice(m[K / 2]));
    }
};

template <>
struct RowShare<QuantType::Q8_0> {
    std::uint32_t word[4], d[2];

    __device__ __forceinline__ void load(std::uint32_t units, std::uint32_t part, std::uint32_t lane) {
        const std::uint32_t unit = unitOf<QuantType::Q8_0>(units, part), block = part % 2 * 2;
#pragma unroll
        for (std::uint32_t i = 0; i < 2; ++i) {
            word[2 * i] = shared32(unit + (block + i) * 128 + lane * 4);
            word[2 * i + 1] = shared32(unit + 512 + (block + i) * 128 + lane * 4);
            d[i] = shared16(unit + 1024 + ((block + i) * 8 + lane / 4) * 2);
        }
    }
    template <int K>
    __device__ __forceinline__ void sixteen(__half2& first, __half2& second) const {
        bytes(word[K] ^ 0x80808080u, 128, first, second);
        first = __hmul2(first, twice(d[K / 2]));
        second = __hmul2(second, twice(d[K / 2]));
    }
};

template <>
struct RowShare<QuantType::Q4_K> {
    std::uint32_t word[2], low, high, dm; ///< low, high: scale, minimum, scale, minimum, 6 bits each

    __device__ __forceinline__ void load(std::uint32_t units, std::uint32_t part, std::uint32_t lane) {
        const std::uint32_t unit = unitOf<QuantType::Q4_K>(units, part), quarter = part % 4;
        const std::uint32_t at = quarter * 8 + lane / 4;
        word[0] = shared32(unit + quarter * 128 + lane * 4);
        word[1] = shared32(unit + 512 + quarter * 128 + lane * 4);
        low = shared16(unit + 1024 + at * 2);
        high = shared8(unit + 1088 + at);
        dm = shared32(unit + 1120 + lane / 4 * 4);
    }
    template <int K>
    __device__ __forceinline__ void sixteen(__half2& first, __half2& second) const {
        const std::uint32_t bits = (low | high << 16) >> K / 2 * 12;
        const __half2 scale = __float2half2_rn(lowHalf(dm) * static_cast<float>(bits & 63));
        const __half2 minimum = __float2half2_rn(-highHalf(dm) * static_cast<float>(bits >> 6 & 63));
        nibbles<K / 2 != 0>(word[K % 2], 0, first, second);
        first = __hfma2(first, scale, minimum);
        second = __hfma2(second, scale, minimum);
    }
};

template <>
struct RowShare<QuantType::Q6_K> {
    std::uint32_t word[2], upper[2], scales, d;

    __device__ __forceinline__ void load(std::uint32_t units, std::uint32_t part, std::uint32_t lane) {
        const std::uint32_t unit = unitOf<QuantType::Q6_K>(units, part), quarter = part % 4;
        const std::uint32_t at = quarter * 8 + lane / 4, third = lane % 4;
#pragma unroll
        for (std::uint32_t i = 0; i < 2; ++i) {
            word[i] = shared32(unit + i * 512 + quarter * 128 + lane * 4);
            upper[i] = shared32(unit + 1024 + at * 16 + (2 * i + third / 2) * 4) >> third % 2 * 4;
        }
        scales = shared32(unit + 1536 + at * 4);
        d = shared16(unit + 1664 + lane / 4 * 2);
    }
    template <int K>
    __device__ __forceinline__ void sixteen(__half2& first, __half2& second) const {
        const std::uint32_t i = K % 2;
        bytes(K < 2 ? pick(word[i], 0x0F0F0F0Fu, upper[i] << 4 & 0x30303030u)
                    : pick(word[i] >> 4, 0x0F0F0F0Fu, upper[i] << 2 & 0x30303030u),
              32, first, second);
        const int scale = static_cast<int>(scales << (24 - 8 * K)) >> 24;
        const __half2 s = __float2half2_rn(lowHalf(d) * static_cast<float>(scale));
        first = __hmul2(first, s);
        second = __hmul2(second, s);
    }
};

template <QuantType T>
requires(T == QuantType::F16 || T == QuantType::BF16) struct RowShare<T> {
    std::uint32_t word[8];

    __device__ __forceinline__ void load(std::uint32_t units, std::uint32_t part, std::uint32_t lane) {
        const std::uint32_t unit = unitOf<T>(units, part);
#pragma unroll
        for (std::uint32_t i = 0; i < 8; ++i)
            word[i] = shared32(unit + i % 2 * 512 + i / 2 * 128 + lane * 4);
    }
    template <int K>
    __device__ __forceinline__ void sixteen(__half2& first, __half2& second) const {
        first = T == QuantType::F16 ? asHalves(word[2 * K]) : bfloats(word[2 * K]);
        second = T == QuantType::F16 ? asHalves(word[2 * K + 1]) : bfloats(word[2 * K + 1]);
    }
};

/// The same of the two rows that a thread holds of wgmma's 64: of two groups.
template <QuantType T>
struct FragmentShare {
    RowShare<T> rows[2];

    __device__ __forceinline__ void load(std::uint32_t group, std::uint32_t groupBytes, std::uint32_t part,
                                         std::uint32_t lane) {
        rows[0].load(group, part, lane);
        rows[1].load(group + groupBytes, part, lane);
    }
    /// wgmma's operand for the K-th sixteen.
    template <int K>
    __device__ __forceinline__ void sixteen(std::uint32_t (&a)[4]) const {
#pragma unroll
        for (int i = 0; i < 2; ++i) {
            __half2 first, second;
            rows[i].template sixteen<K>(first, second);
            a[i] = asBits(first);
            a[2 + i] = asBits(second);
        }
    }
};

} // namespace altiplano::kernels::cuda
