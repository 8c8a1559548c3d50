#pragma once

#include "block_decode.cuh"
#include "matrix.h"

/// Writing and reading the packed layout that packedTraits describes. `unit` points at a unit, `row` is the
/// row within its group, `quarter` the quarter of its columns: lane = quarter * 8 + row.
namespace altiplano::kernels::cuda {

__device__ inline void copyBytes(std::uint8_t* to, const std::uint8_t* from, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i)
        to[i] = from[i];
}

/// Packs one lane's share of unit `u` from a row in GGUF's layout.
template <QuantType T>
__device__ void packLane(std::uint8_t* unit, std::uint32_t row, std::uint32_t quarter,
                         const std::uint8_t* source, std::uint32_t u, std::uint32_t columns) {
    const std::uint32_t lane = quarter * 8 + row;
    if constexpr (T == QuantType::Q4_0 || T == QuantType::Q4_1 || T == QuantType::Q8_0) {
        constexpr std::uint32_t kHead = T == QuantType::Q4_1 ? 4 : 2,
                                kQuants = T == QuantType::Q8_0 ? 32 : 16;
        const std::uint32_t block = u * 4 + quarter;
        if (block * 32 >= columns) return; // the padding stays zero
        const std::uint8_t* b = source + std::size_t{block} * (kHead + kQuants);
        for (std::uint32_t plane = 0; plane < kQuants / 16; ++plane)
            copyBytes(unit + plane * 512 + lane * 16, b + kHead + plane * 16, 16);
        for (std::uint32_t field = 0; field < kHead / 2; ++field)
            copyBytes(unit + kQuants * 32 + field * 64 + lane * 2, b + field * 2, 2);
    } else if constexpr (T == QuantType::Q4_K) {
        const std::uint8_t* b = source + std::size_t{u} * 144;
        copyBytes(unit + lane * 16, b + 16 + quarter * 32, 16);
        copyBytes(unit + 512 + lane * 16, b + 32 + quarter * 32, 16);
        std::uint32_t s0, m0, s1, m1;
        sixBitPair(b + 4, 2 * quarter, s0, m0);
        sixBitPair(b + 4, 2 * quarter + 1, s1, m1);
        const std::uint32_t bits = s0 | m0 << 6 | s1 << 12 | m1 << 18;
        unit[1024 + lane * 2] = static_cast<std::uint8_t>(bits);
        unit[1025 + lane * 2] = static_cast<std::uint8_t>(bits >> 8);
        unit[1088 + lane] = static_cast<std::uint8_t>(bits >> 16);
        if (quarter == 0) copyBytes(unit + 1120 + row * 4, b, 4);
    } else if constexpr (T == QuantType::Q6_K) {
        const std::uint8_t* b = source + std::size_t{u} * 210;
        const std::uint32_t half = quarter / 2, first = quarter % 2 * 2; // sub-blocks first and first + 1
        const auto low = [&](std::uint32_t sub, std::uint32_t i) {
            return b[half * 64 + (sub & 1) * 32 + i] >> (sub < 2 ? 0 : 4) & 15u;
        };
        const auto high = [&](std::uint32_t sub, std::uint32_t i) {
            return b[128 + half * 32 + i] >> 2 * sub & 3u;
        };
        for (std::uint32_t i = 0; i < 32; ++i)
            unit[i / 16 * 512 + lane * 16 + i % 16] =
                static_cast<std::uint8_t>(low(first, i) | low(first + 1, i) << 4);
        for (std::uint32_t i = 0; i < 16; ++i) { // upper bits of two words of quants in each word
            const std::uint32_t a = i / 4 * 8 + i % 4, c = a + 4;
            unit[1024 + lane * 16 + i] = static_cast<std::uint8_t>(
                high(first, a) | high(first + 1, a) << 2 | high(first, c) << 4 | high(first + 1, c) << 6);
        }
        copyBytes(unit + 1536 + lane * 4, b + 192 + half * 8 + first * 2, 4);
        if (quarter == 0) copyBytes(unit + 1664 + row * 2, b + 208, 2);
    } else {
        static_assert(T == QuantType::F16 || T == QuantType::BF16);
        for (std::uint32_t i = 0; i < 16; ++i) {
            const std::uint32_t column = u * 64 + quarter * 16 + i;
            if (column < columns)
                copyBytes(unit + i / 8 * 512 + lane * 16 + i % 8 * 2, source + std::size_t{column} * 2, 2);
        }
    }
}

/// Weights [32 * block, 32 * block + 32) of a row within its group, which starts at `group`.
template <QuantType T>
__device__ void decodePacked32(const std::uint8_t* group, std::uint32_t row, std::uint32_t block,
                               float* out) {
    constexpr PackedTraits kTraits = packedTraits(T);
    constexpr std::uint32_t kBlocks = kTraits.unitColumns / 32;
    const std::uint8_t* unit = group + std::size_t{block / kBlocks} * kTraits.unitBytes;
    const std::uint32_t in = block % kBlocks;
    // Sixteen bytes at a time: units and planes are aligned for it.
    alignas(16) std::uint8_t q[16], r[16], h[16];
    const auto load = [unit](std::uint8_t* bytes, std::uint32_t plane, std::uint32_t lane) {
        *reinterpret_cast<uint4*>(bytes) = *reinterpret_cast<const uint4*>(unit + plane + lane * 16);
    };
    if constexpr (T == QuantType::Q4_0 || T == QuantType::Q4_1) {
        const std::uint32_t lane = in * 8 + row;
        const float d = halfAt(unit + 512 + lane * 2);
        const float m = T == QuantType::Q4_1 ? halfAt(unit + 576 + lane * 2) : -8.0f * d;
        load(q, 0, lane);
#pragma unroll
        for (std::uint32_t i = 0; i < 16; ++i) {
            out[i] = d * static_cast<float>(q[i] & 15) + m;
            out[i + 16] = d * static_cast<float>(q[i] >> 4) + m;
        }
    } else if constexpr (T == QuantType::Q8_0) {
        const std::uint32_t lane = in * 8 + row;
        const float d = halfAt(unit + 1024 + lane * 2);
        load(q, 0, lane);
        load(r, 512, lane);
#pragma unroll
        for (std::uint32_t i = 0; i < 32; ++i)
            out[i] = d * static_cast<float>(static_cast<std::int8_t>(i < 16 ? q[i % 16] : r[i % 16]));
    } else if constexpr (T == QuantType::Q4_K) {
        const std::uint32_t lane = in / 2 * 8 + row, shift = in % 2 * 12, nibble = in % 2 * 4;
        const std::uint32_t bits =
            unit[1024 + lane * 2] | unit[1025 + lane * 2] << 8 | unit[1088 + lane] << 16;
        const float d = halfAt(unit + 1120 + row * 4) * static_cast<float>(bits >> shift & 63);
        const float m = halfAt(unit + 1122 + row * 4) * static_cast<float>(bits >> (shift + 6) & 63);
        load(q, 0, lane);
        load(r, 512, lane);
#pragma unroll
        for (std::uint32_t i = 0; i < 32; ++i)
            out[i] = d * static_cast<float>((i < 16 ? q[i % 16] : r[i % 16]) >> nibble & 15) - m;
    } else if constexpr (T == QuantType::Q6_K) {
        const std::uint32_t lane = in / 2 * 8 + row, upper = in % 2;
        const float d = halfAt(unit + 1664 + row * 2);
        load(q, 0, lane);
        load(r, 512, lane);
        load(h, 1024, lane);
#pragma unroll
        for (std::uint32_t i = 0; i < 32; ++i) {
            const std::uint32_t low = (i < 16 ? q[i % 16] : r[i % 16]) >> upper * 4 & 15;
            const std::uint32_t high = h[i / 8 * 4 + i % 4] >> (i / 4 % 2 * 4 + upper * 2) & 3;
            const auto scale = static_cast<std::int8_t>(unit[1536 + lane * 4 + upper * 2 + i / 16]);
            out[i] =
                d * static_cast<float>(scale) * static_cast<float>(static_cast<int>(low | high << 4) - 32);
        }
    } else {
        static_assert(T == QuantType::F16 || T == QuantType::BF16);
#pragma unroll
        for (std::uint32_t part = 0; part < 4; ++part) {
            load(q, part % 2 * 512, (in * 2 + part / 2) * 8 + row);
#pragma unroll
            for (std::uint32_t i = 0; i < 8; ++i) {
                if constexpr (T == QuantType::F16)
                    out[part * 8 + i] = halfAt(q + 2 * i);
                else
                    out[part * 8 + i] =
                        __uint_as_float(static_cast<std::uint32_t>(q[2 * i] | q[2 * i + 1] << 8) << 16);
            }
        }
    }
}

} // namespace altiplano::kernels::cuda
