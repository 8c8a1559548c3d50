#pragma once

// Only for *_avx2.cpp: activation rows as the AVX2 kernels take them.

#include "cpu/simd_avx2.h"

#include "kernels/quant_type.h"

namespace altiplano::kernels {
namespace {

/// Rows are packed in groups of 5 (the last one may be smaller): as many as give a 16 x 5 tile of the product
/// whose 10 accumulators, 2 weights and 1 activation fit the 16 registers. In a group of n rows everything is
/// interleaved: first column (or block) 0 of each row, then column 1 of each.
constexpr std::size_t kGroupRows = 5;

/// Float: as they are. Int8PerBlock: a scale for each 32 columns. Int8PerSuperblock: one for each 256.
enum Format : std::uint8_t { Float, Int8PerBlock, Int8PerSuperblock, kFormats };

std::uint8_t formatOf(QuantType type) {
    switch (type) {
    case QuantType::F32:
    case QuantType::F16:
    case QuantType::BF16:
        return Float;
    case QuantType::Q4_0:
    case QuantType::Q4_1:
    case QuantType::Q5_0:
    case QuantType::Q5_1:
    case QuantType::Q8_0:
    case QuantType::IQ4_NL:
    case QuantType::MXFP4:
        return Int8PerBlock;
    default:
        return Int8PerSuperblock;
    }
}

/// The columns from `column` on (a multiple of 256, or of 32 where the format has blocks of 32) of one group.
/// Which members are set depends on the format.
struct Activations {
    const float* floats = nullptr;      ///< Float: [columns][n]
    const std::int8_t* quads = nullptr; ///< int8 formats: [columns / 4][n] of 4 bytes; value = scale * byte
    const float* scales = nullptr;      ///< [columns / 32 or 256][n]
    const float* sums = nullptr;        ///< Int8PerBlock: scale * (sum of a block's bytes), [columns / 32][n]
    const std::int32_t* pairs16 =
        nullptr; ///< Int8PerSuperblock: int16 sums of two runs of 16, [columns / 32][n]
    const std::int32_t* pairs32 = nullptr; ///< and of two runs of 32, [columns / 64][n]
    /// Int8PerSuperblock: -32 times the int16 sums of the first two and of the last two columns of a run's
    /// four quads, [columns / 16][n]. What a run's int16 sums start from where 32 stands for zero.
    const std::int32_t* starts = nullptr;
};

/// Where each part of the packed rows lies. Parts are 64-byte aligned; a row's share of each is the same, so
/// a group that starts at row r starts r shares into each part.
struct ActivationLayout {
    Format format;
    std::size_t columns, rows;
    std::size_t scales = 0, sums = 0,
                bytes = 0; ///< offsets of the parts; `sums` also of the pairs of runs of 16
    std::size_t pairs32 = 0, starts = 0;

    ActivationLayout(std::uint8_t number, std::size_t width, std::size_t height)
        : format(static_cast<Format>(number)), columns(width), rows(height) {
        const auto aligned = [](std::size_t n) { return (n + 63) / 64 * 64; };
        if (format == Float) {
            bytes = aligned(rows * columns * 4);
            return;
        }
        const std::size_t block = format == Int8PerBlock ? 32 : 256;
        scales = aligned(rows * columns);
        sums = scales + aligned(rows * (columns / block) * 4);
        pairs32 = sums + aligned(rows * (columns / 32) * 4);
        starts = pairs32 + aligned(rows * (columns / 64) * 4);
        bytes = format == Int8PerBlock ? pairs32 : starts + aligned(rows * (columns / 16) * 4);
    }

    Activations at(const std::byte* base, std::size_t firstRow, std::size_t n, std::size_t column) const {
        const auto part = [&](std::size_t offset, std::size_t columnsEach) ALTIPLANO_INLINE {
            return base + offset + 4 * (firstRow * (columns / columnsEach) + n * (column / columnsEach));
        };
        Activations a;
        if (format == Float) {
            a.floats = reinterpret_cast<const float*>(part(0, 1));
            return a;
        }
        a.quads = reinterpret_cast<const std::int8_t*>(part(0, 4));
        a.scales = reinterpret_cast<const float*>(part(scales, format == Int8PerBlock ? 32 : 256));
        a.sums = reinterpret_cast<const float*>(part(sums, 32));
        a.pairs16 = reinterpret_cast<const std::int32_t*>(part(sums, 32));
        a.pairs32 = reinterpret_cast<const std::int32_t*>(part(pairs32, 64));
        a.starts = reinterpret_cast<const std::int32_t*>(part(starts, 16));
        return a;
    }
};

/// 32 floats times `factor`, rounded to nearest.
ALTIPLANO_INLINE inline __m256i quantize32(const float* x, __m256 factor) {
    const auto eight = [&](int i) ALTIPLANO_INLINE {
        return _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x + 8 * i), factor));
    };
    const __m256i words =
        _mm256_packs_epi16(_mm256_packs_epi32(eight(0), eight(1)), _mm256_packs_epi32(eight(2), eight(3)));
    return _mm256_permutevar8x32_epi32(words, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

ALTIPLANO_INLINE inline float largestMagnitude(const float* x, std::size_t n) {
    __m256 largest = _mm256_setzero_ps();
    for (std::size_t i = 0; i < n; i += 8)
        largest = _mm256_max_ps(largest, absolute(_mm256_loadu_ps(x + i)));
    return largestOf(largest);
}

/// Writes the 8 dwords of a vector `n` dwords apart.
ALTIPLANO_INLINE inline void scatter(__m256i v, std::int32_t* to, std::size_t n) {
    if (n == 1) {
        store(to, v);
        return;
    }
    alignas(32) std::int32_t dwords[8];
    store(dwords, v);
    unroll<8>([&]<int i>() ALTIPLANO_INLINE { to[i * n] = dwords[i]; });
}

/// The sums of the two halves of 32 int8.
struct Sums {
    std::int32_t first, second;
};
ALTIPLANO_INLINE inline Sums sumHalves(__m256i bytes) {
    const __m256i dwords =
        _mm256_madd_epi16(_mm256_maddubs_epi16(_mm256_set1_epi8(1), bytes), _mm256_set1_epi16(1));
    __m128i sums = _mm_hadd_epi32(_mm256_castsi256_si128(dwords), _mm256_extracti128_si256(dwords, 1));
    sums = _mm_hadd_epi32(sums, sums);
    return {_mm_cvtsi128_si32(sums), _mm_extract_epi32(sums, 1)};
}

/// -32 times the sums of a run's even and odd int16 pairs, for both halves of 32 int8: see
/// Activations::starts.
ALTIPLANO_INLINE inline Sums startsOf(__m256i bytes) {
    __m256i pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(1), bytes);
    pairs = _mm256_add_epi16(pairs, _mm256_srli_si256(pairs, 8));
    pairs = _mm256_add_epi16(pairs, _mm256_srli_si256(pairs, 4));
    pairs = _mm256_sub_epi16(_mm256_setzero_si256(), _mm256_slli_epi16(pairs, 5));
    return {_mm256_extract_epi32(pairs, 0), _mm256_extract_epi32(pairs, 4)};
}

/// Packs one row as the first of an interleaved group of n; `at` is that row's place.
ALTIPLANO_INLINE inline void packBlocks(const float* x, std::size_t columns, std::size_t n,
                                        std::int32_t* quads, float* scales, float* sums) {
    for (std::size_t b = 0; b < columns / 32; ++b, x += 32) {
        const float largest = largestMagnitude(x, 32), scale = largest / 127.0f;
        const __m256i bytes = quantize32(x, _mm256_set1_ps(largest > 0 ? 127.0f / largest : 0.0f));
        const Sums halves = sumHalves(bytes);
        scatter(bytes, quads + 8 * b * n, n);
        scales[b * n] = scale;
        sums[b * n] = scale * static_cast<float>(halves.first + halves.second);
    }
}

ALTIPLANO_INLINE inline std::int32_t pairOf(std::int32_t low, std::int32_t high) {
    return static_cast<std::int32_t>((static_cast<std::uint32_t>(high) << 16) |
                                     (static_cast<std::uint32_t>(low) & 0xffffu));
}

ALTIPLANO_INLINE inline void packSuperblocks(const float* x, std::size_t columns, std::size_t n,
                                             std::int32_t* quads, float* scales, std::int32_t* pairs16,
                                             std::int32_t* pairs32, std::int32_t* starts) {
    for (std::size_t b = 0; b < columns / 256; ++b) {
        const float largest = largestMagnitude(x, 256);
        const __m256 factor = _mm256_set1_ps(largest > 0 ? 127.0f / largest : 0.0f);
        scales[b * n] = largest / 127.0f;
        std::int32_t even = 0;
        for (std::size_t i = 0; i < 8; ++i, x += 32) {
            const std::size_t run = 8 * b + i;
            const __m256i bytes = quantize32(x, factor);
            const Sums halves = sumHalves(bytes);
            scatter(bytes, quads + 8 * run * n, n);
            pairs16[run * n] = pairOf(halves.first, halves.second);
            const Sums start = startsOf(bytes);
            starts[2 * run * n] = start.first;
            starts[(2 * run + 1) * n] = start.second;
            const std::int32_t sum = halves.first + halves.second;
            if (i % 2 == 0)
                even = sum;
            else
                pairs32[run / 2 * n] = pairOf(even, sum);
        }
    }
}

/// Packs rows [first, first + count), as MatmulKernels::pack.
void packActivations(std::uint8_t format, const float* x, std::size_t columns, std::size_t rows,
                     std::size_t first, std::size_t count, std::byte* activations) {
    const ActivationLayout layout(format, columns, rows);
    for (std::size_t row = first; row < first + count; ++row) {
        const std::size_t group = row / kGroupRows * kGroupRows, t = row - group;
        const std::size_t n = rows - group < kGroupRows ? rows - group : kGroupRows;
        const float* from = x + (row - first) * columns;
        const Activations a = layout.at(activations, group, n, 0);
        const auto place = [&]<typename T>(const T* part)
                               ALTIPLANO_INLINE { return const_cast<T*>(part) + t; };
        auto* quads = reinterpret_cast<std::int32_t*>(const_cast<std::int8_t*>(a.quads)) + t;
        if (layout.format == Float)
            for (std::size_t k = 0; k < columns; ++k)
                place(a.floats)[k * n] = from[k];
        else if (layout.format == Int8PerBlock)
            packBlocks(from, columns, n, quads, place(a.scales), place(a.sums));
        else
            packSuperblocks(from, columns, n, quads, place(a.scales), place(a.pairs16), place(a.pairs32),
                            place(a.starts));
    }
}

} // namespace
} // namespace altiplano::kernels
