#pragma once

#include "kernels/quant_type.h"

#include <cstdint>
#include <cuda_fp16.h>

/// Device decoders of GGUF's blocks: 32 consecutive weights at a time, the formats as ggml documents them.
/// Same arithmetic order as kernels::dequantize, in float32.
namespace altiplano::kernels::cuda {

__device__ inline float halfAt(const std::uint8_t* p) {
    return __half2float(__ushort_as_half(static_cast<unsigned short>(p[0] | p[1] << 8)));
}

__device__ inline std::uint32_t wordAt(const std::uint8_t* p) {
    return p[0] | p[1] << 8 | p[2] << 16 | static_cast<std::uint32_t>(p[3]) << 24;
}

/// Scale and minimum of sub-block j of a Q4_K or Q5_K block, 6 bits each in 12 bytes.
__device__ inline void sixBitPair(const std::uint8_t* q, std::uint32_t j, std::uint32_t& scale,
                                  std::uint32_t& minimum) {
    if (j < 4) {
        scale = q[j] & 63;
        minimum = q[j + 4] & 63;
    } else {
        scale = (q[j + 4] & 15) | (q[j - 4] >> 6) << 4;
        minimum = (q[j + 4] >> 4) | (q[j] >> 6) << 4;
    }
}

__device__ constexpr std::int8_t kIq4Values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                                   1,    13,   25,  38,  53,  69,  89,  113};
__device__ constexpr std::int8_t kMxfp4Values[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

/// Weights [32 * block, 32 * block + 32) of a row of `columns` weights that starts at `row`. Columns past the
/// end give 0 (only the float types have rows that end within a block).
template <QuantType T>
__device__ void decodeBlock32(const std::uint8_t* row, std::uint32_t block, std::uint32_t columns,
                              float* out) {
    if constexpr (T == QuantType::F32 || T == QuantType::F16 || T == QuantType::BF16) {
        constexpr std::uint32_t kBytes = T == QuantType::F32 ? 4 : 2;
        for (std::uint32_t i = 0; i < 32; ++i) {
            const std::uint32_t column = block * 32 + i;
            const std::uint8_t* p = row + std::size_t{column} * kBytes;
            float value = 0;
            if (column < columns) {
                if constexpr (T == QuantType::F32)
                    value = __uint_as_float(wordAt(p));
                else if constexpr (T == QuantType::F16)
                    value = halfAt(p);
                else
                    value = __uint_as_float(static_cast<std::uint32_t>(p[0] | p[1] << 8) << 16);
            }
            out[i] = value;
        }
    } else if constexpr (T == QuantType::Q4_0 || T == QuantType::Q4_1 || T == QuantType::Q5_0 ||
                         T == QuantType::Q5_1) {
        constexpr bool kMinimum = T == QuantType::Q4_1 || T == QuantType::Q5_1;
        constexpr bool kFifth = T == QuantType::Q5_0 || T == QuantType::Q5_1;
        constexpr std::uint32_t kHead = kMinimum ? 4 : 2;
        const std::uint8_t* b = row + std::size_t{block} * (kHead + (kFifth ? 4 : 0) + 16);
        const float d = halfAt(b), m = kMinimum ? halfAt(b + 2) : 0.0f;
        const std::uint32_t fifth = kFifth ? wordAt(b + kHead) : 0;
        const std::uint8_t* q = b + kHead + (kFifth ? 4 : 0);
        for (std::uint32_t i = 0; i < 32; ++i) {
            int value = i < 16 ? q[i] & 15 : q[i - 16] >> 4;
            if (kFifth) value |= static_cast<int>(fifth >> i & 1) << 4;
            out[i] = kMinimum ? static_cast<float>(value) * d + m
                              : static_cast<float>(value - (kFifth ? 16 : 8)) * d;
        }
    } else if constexpr (T == QuantType::Q8_0) {
        const std::uint8_t* b = row + std::size_t{block} * 34;
        const float d = halfAt(b);
        for (std::uint32_t i = 0; i < 32; ++i)
            out[i] = static_cast<float>(static_cast<std::int8_t>(b[2 + i])) * d;
    } else if constexpr (T == QuantType::IQ4_NL) {
        const std::uint8_t* b = row + std::size_t{block} * 18;
        const float d = halfAt(b);
        for (std::uint32_t i = 0; i < 32; ++i)
            out[i] = d * static_cast<float>(kIq4Values[i < 16 ? b[2 + i] & 15 : b[2 + i - 16] >> 4]);
    } else if constexpr (T == QuantType::MXFP4) {
        const std::uint8_t* b = row + std::size_t{block} * 17;
        const std::uint32_t e = b[0]; // 2^(e - 128): the table holds twice the values
        const float d = __uint_as_float(e < 2 ? 0x00200000u << e : (e - 1) << 23);
        for (std::uint32_t i = 0; i < 32; ++i)
            out[i] = d * static_cast<float>(kMxfp4Values[i < 16 ? b[1 + i] & 15 : b[1 + i - 16] >> 4]);
    } else {
        const std::uint32_t s = block % 8; // which 32 of the 256
        const std::uint32_t half = s / 4, quarter = s % 4;
        if constexpr (T == QuantType::Q2_K) {
            const std::uint8_t* b = row + std::size_t{block / 8} * 84;
            const float d = halfAt(b + 80), dmin = halfAt(b + 82);
            for (std::uint32_t i = 0; i < 32; ++i) {
                const std::uint32_t scale = b[half * 8 + quarter * 2 + i / 16];
                const std::uint32_t q = b[16 + half * 32 + i] >> 2 * quarter & 3;
                out[i] = d * static_cast<float>(scale & 15) * static_cast<float>(q) -
                         dmin * static_cast<float>(scale >> 4);
            }
        } else if constexpr (T == QuantType::Q3_K) {
            const std::uint8_t* b = row + std::size_t{block / 8} * 110;
            const float d = halfAt(b + 108);
            for (std::uint32_t i = 0; i < 32; ++i) {
                const std::uint32_t n = half * 8 + quarter * 2 + i / 16;
                const std::uint32_t low = n < 8 ? b[96 + n] & 15 : b[96 + n - 8] >> 4;
                const std::uint32_t high = b[96 + 8 + n % 4] >> 2 * (n / 4) & 3;
                const int scale = static_cast<int>(low | high << 4) - 32;
                const int q =
                    (b[32 + half * 32 + i] >> 2 * quarter & 3) - ((b[i] >> (half * 4 + quarter) & 1) ? 0 : 4);
                out[i] = d * static_cast<float>(scale) * static_cast<float>(q);
            }
        } else if constexpr (T == QuantType::Q4_K || T == QuantType::Q5_K) {
            constexpr bool kFifth = T == QuantType::Q5_K;
            const std::uint8_t* b = row + std::size_t{block / 8} * (kFifth ? 176 : 144);
            std::uint32_t scale, minimum;
            sixBitPair(b + 4, s, scale, minimum);
            const float d = halfAt(b) * static_cast<float>(scale),
                        m = halfAt(b + 2) * static_cast<float>(minimum);
            const std::uint8_t* q = b + (kFifth ? 48 : 16) + s / 2 * 32;
            for (std::uint32_t i = 0; i < 32; ++i) {
                std::uint32_t value = s % 2 ? q[i] >> 4 : q[i] & 15;
                if (kFifth) value |= (b[16 + i] >> s & 1u) << 4;
                out[i] = d * static_cast<float>(value) - m;
            }
        } else if constexpr (T == QuantType::Q6_K) {
            const std::uint8_t* b = row + std::size_t{block / 8} * 210;
            const float d = halfAt(b + 208);
            for (std::uint32_t i = 0; i < 32; ++i) {
                const std::uint32_t low = b[half * 64 + (quarter & 1) * 32 + i] >> (quarter < 2 ? 0 : 4) & 15;
                const std::uint32_t high = b[128 + half * 32 + i] >> 2 * quarter & 3;
                const auto scale = static_cast<std::int8_t>(b[192 + half * 8 + quarter * 2 + i / 16]);
                out[i] = d * static_cast<float>(scale) *
                         static_cast<float>(static_cast<int>(low | high << 4) - 32);
            }
        } else if constexpr (T == QuantType::Q8_K) {
            const std::uint8_t* b = row + std::size_t{block / 8} * 292;
            const float d = __uint_as_float(wordAt(b));
            for (std::uint32_t i = 0; i < 32; ++i)
                out[i] = d * static_cast<float>(static_cast<std::int8_t>(b[4 + s * 32 + i]));
        } else if constexpr (T == QuantType::IQ4_XS) {
            const std::uint8_t* b = row + std::size_t{block / 8} * 136;
            const std::uint32_t low = b[4 + s / 2] >> 4 * (s % 2) & 15;
            const std::uint32_t high = static_cast<std::uint32_t>(b[2] | b[3] << 8) >> 2 * s & 3;
            const float d = halfAt(b) * static_cast<float>(static_cast<int>(low | high << 4) - 32);
            const std::uint8_t* q = b + 8 + s * 16;
            for (std::uint32_t i = 0; i < 32; ++i)
                out[i] = d * static_cast<float>(kIq4Values[i < 16 ? q[i] & 15 : q[i - 16] >> 4]);
        } else if constexpr (T == QuantType::TQ1_0) {
            const std::uint8_t* b = row + std::size_t{block / 8} * 54;
            const float d = halfAt(b + 52);
            for (std::uint32_t i = 0; i < 32; ++i) { // base-3 digits: 5 of 32 bytes, 5 of 16, 4 of 4
                const std::uint32_t n = s * 32 + i;
                std::uint32_t byte, digit;
                if (n < 160)
                    byte = n % 32, digit = n / 32;
                else if (n < 240)
                    byte = 32 + (n - 160) % 16, digit = (n - 160) / 16;
                else
                    byte = 48 + (n - 240) % 4, digit = (n - 240) / 4;
                constexpr std::uint8_t kPowers[5] = {1, 3, 9, 27, 81};
                const std::uint8_t shifted = static_cast<std::uint8_t>(b[byte] * kPowers[digit]);
                out[i] = static_cast<float>(shifted * 3 / 256 - 1) * d;
            }
        } else {
            static_assert(T == QuantType::TQ2_0);
            const std::uint8_t* b = row + std::size_t{block / 8} * 66;
            const float d = halfAt(b + 64);
            for (std::uint32_t i = 0; i < 32; ++i)
                out[i] = static_cast<float>((b[half * 32 + i] >> 2 * quarter & 3) - 1) * d;
        }
    }
}

} // namespace altiplano::kernels::cuda
