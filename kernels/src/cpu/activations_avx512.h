#pragma once

// Only for *_avx512.cpp: activation rows as the AVX-512 matrix kernels take them.

#include "cpu/simd_avx512.h"

#include "kernels/quant_type.h"

namespace altiplano::kernels {
namespace {

/// How a row is packed: int8 with a float scale for each 32 or each 256 columns, or float32.
enum Format : std::uint8_t { kInt8, kWideInt8, kFloat, kFormats };

constexpr Format formatOf(QuantType type) {
    using enum QuantType;
    switch (type) {
    case F32:
    case F16:
    case BF16:
        return kFloat;
    case Q4_0:
    case Q4_1:
    case Q5_0:
    case Q5_1:
    case Q8_0:
    case IQ4_NL:
    case MXFP4:
        return kInt8;
    default: // blocks of 256
        return kWideInt8;
    }
}

/// Rows that stand interleaved, so that one step of a gemm finds what it broadcasts side by side: as many as
/// keep both ports busy during the latency of VPDPBUSD.
constexpr std::size_t kGroupRows = 12;

/// Columns of float weights whose products are added up by themselves first, in that many chains: column
/// after column, each to the next chain. So a gemv, too, has enough to do at a time while it reads in order.
constexpr std::size_t kFloatRun = 128, kFloatChains = 2;

/// Some rows of a packed group, from some column on. With n interleaved rows (kGroupRows, or 1 for gemv):
struct Activations {
    const std::int8_t* quads;    ///< [columns / 4][n][4]; of interleaved rows 128 higher, as unsigned bytes
    const float* scales;         ///< [columns / 32 or 256][n]
    const float* sums32;         ///< [columns / 32][n], of the int8 of 32 columns
    const float* sums16;         ///< kWideInt8: [columns / 16][n], of 16 columns
    const std::int32_t* pairs16; ///< kWideInt8: [columns / 32][n], two of sums16 as int16
    const std::int32_t* pairs32; ///< kWideInt8: [columns / 64][n], two of sums32
    const float* floats;         ///< [columns][n]
};

/// Where the parts of packed rows lie: group after group, each with the parts of Activations in their order.
class ActivationLayout {
public:
    ALTIPLANO_INLINE ActivationLayout(Format format, std::size_t columns, std::size_t rows)
        : m_columns(columns), m_n(rows == 1 ? 1 : kGroupRows), m_block(format == kInt8 ? 32 : 256) {
        const std::size_t numbers = 4 * m_n * columns; // bytes of one for each column
        m_sums32 = numbers / 4 + numbers / m_block;
        m_sums16 = m_sums32 + numbers / 32;
        m_pairs16 = m_sums16 + numbers / 16;
        m_pairs32 = m_pairs16 + numbers / 32;
        const std::size_t bytes = format == kFloat  ? numbers
                                  : format == kInt8 ? m_sums16
                                                    : m_pairs32 + numbers / 64;
        m_groupBytes = (bytes + 63) / 64 * 64;
    }

    ALTIPLANO_INLINE std::size_t bytes(std::size_t rows) const {
        return (rows + m_n - 1) / m_n * m_groupBytes;
    }

    /// The group that row `row` starts, from column `k` on; `k` is a multiple of a scale's columns.
    ALTIPLANO_INLINE Activations at(const std::byte* packed, std::size_t row, std::size_t k) const {
        const std::byte* group = packed + row / m_n * m_groupBytes;
        const auto part = [&](std::size_t offset, std::size_t columnsEach)
                              ALTIPLANO_INLINE { return group + offset + 4 * m_n * (k / columnsEach); };
        return {reinterpret_cast<const std::int8_t*>(part(0, 4)),
                reinterpret_cast<const float*>(part(m_n * m_columns, m_block)),
                reinterpret_cast<const float*>(part(m_sums32, 32)),
                reinterpret_cast<const float*>(part(m_sums16, 16)),
                reinterpret_cast<const std::int32_t*>(part(m_pairs16, 32)),
                reinterpret_cast<const std::int32_t*>(part(m_pairs32, 64)),
                reinterpret_cast<const float*>(part(0, 1))};
    }

    ALTIPLANO_INLINE std::size_t interleaved() const { return m_n; }

private:
    std::size_t m_columns, m_n, m_block, m_sums32, m_sums16, m_pairs16, m_pairs32, m_groupBytes;
};

ALTIPLANO_INLINE inline std::int32_t pairOf(std::int32_t low, std::int32_t high) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(high) << 16 |
                                     (static_cast<std::uint32_t>(low) & 0xffffu));
}

/// Quantizes the columns that share a scale: 32 or 256 of row `lane` of a group of n.
template <std::size_t columns>
void packBlock(const float* x, const Activations& to, std::size_t lane, std::size_t n) {
    __m512 magnitudes = _mm512_setzero_ps();
    for (std::size_t k = 0; k < columns; k += 16)
        magnitudes = _mm512_max_ps(magnitudes, _mm512_abs_ps(_mm512_loadu_ps(x + k)));
    const float largest = _mm512_reduce_max_ps(magnitudes);
    const __m512 factor = _mm512_set1_ps(largest > 0 ? 127.0f / largest : 0.0f);
    const_cast<float*>(to.scales)[lane] = largest / 127.0f;

    std::int32_t before = 0; // the sum of the 32 columns before
    for (std::size_t i = 0; i < columns / 32; ++i, x += 32) {
        const __m512i a = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(x), factor));
        const __m512i b = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(x + 16), factor));
        const std::int32_t low = _mm512_reduce_add_epi32(a), high = _mm512_reduce_add_epi32(b);

        alignas(64) std::int32_t quads[8];
        const __m128i shift = _mm_set1_epi8(n == 1 ? 0 : -128);
        _mm_store_si128(reinterpret_cast<__m128i*>(quads), _mm_xor_si128(_mm512_cvtepi32_epi8(a), shift));
        _mm_store_si128(reinterpret_cast<__m128i*>(quads + 4), _mm_xor_si128(_mm512_cvtepi32_epi8(b), shift));
        auto* out = const_cast<std::int8_t*>(to.quads) + 4 * (8 * i * n + lane);
        for (std::size_t j = 0; j < 8; ++j)
            __builtin_memcpy(out + 4 * n * j, quads + j, 4);
        const_cast<float*>(to.sums32)[n * i + lane] = static_cast<float>(low + high);
        if constexpr (columns == 256) {
            const_cast<float*>(to.sums16)[n * (2 * i) + lane] = static_cast<float>(low);
            const_cast<float*>(to.sums16)[n * (2 * i + 1) + lane] = static_cast<float>(high);
            const_cast<std::int32_t*>(to.pairs16)[n * i + lane] = pairOf(low, high);
            if (i % 2) const_cast<std::int32_t*>(to.pairs32)[n * (i / 2) + lane] = pairOf(before, low + high);
            before = low + high;
        }
    }
}

} // namespace
} // namespace altiplano::kernels
