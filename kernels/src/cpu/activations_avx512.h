#pragma once

// Only for *_avx512.cpp: activation rows as the AVX-512 matrix kernels take them.

#include "cpu/simd_avx512.h"

namespace altiplano::kernels {
namespace {

/// How a row is packed: int8 with a float scale for each 32 columns, or float32.
enum Format : std::uint8_t { kInt8, kFloat, kFormats };

/// Rows that stand interleaved, so that one step of a gemm finds what it broadcasts side by side: as many as
/// keep both ports busy during the latency of VPDPBUSD.
constexpr std::size_t kGroupRows = 12;

/// Some rows of a packed group, from some column on. With n interleaved rows (kGroupRows, or 1 for gemv):
struct Activations {
    const std::int8_t* quads; ///< [columns / 4][n][4]; of interleaved rows 128 higher, as unsigned bytes
    const float* scales;      ///< [columns / 32][n]
    const float* sums16;      ///< [columns / 16][n], of the int8 of 16 columns
    const float* sums32;      ///< [columns / 32][n], of 32 columns
    const float* floats;      ///< [columns][n]
};

/// Where the parts of packed rows lie: group after group, each [quads][scales][sums16][sums32] or [floats].
class ActivationLayout {
public:
    ALTIPLANO_INLINE ActivationLayout(Format format, std::size_t columns, std::size_t rows)
        : m_columns(columns), m_n(rows == 1 ? 1 : kGroupRows),
          m_groupBytes((m_n * (format == kFloat ? 4 * columns : columns + columns / 2) + 63) / 64 * 64) {}

    ALTIPLANO_INLINE std::size_t bytes(std::size_t rows) const {
        return (rows + m_n - 1) / m_n * m_groupBytes;
    }

    /// The group that row `row` starts, from column `k` on; `k` is a multiple of 32.
    ALTIPLANO_INLINE Activations at(const std::byte* packed, std::size_t row, std::size_t k) const {
        const std::byte* group = packed + row / m_n * m_groupBytes;
        const auto* quads = reinterpret_cast<const std::int8_t*>(group);
        const auto* scales = reinterpret_cast<const float*>(group + m_n * m_columns);
        const float* sums16 = scales + m_n * m_columns / 32;
        const float* sums32 = sums16 + m_n * m_columns / 16;
        return {quads + m_n * k, scales + m_n * k / 32, sums16 + m_n * k / 16, sums32 + m_n * k / 32,
                reinterpret_cast<const float*>(group) + m_n * k};
    }

    ALTIPLANO_INLINE std::size_t interleaved() const { return m_n; }

private:
    std::size_t m_columns, m_n, m_groupBytes;
};

/// Quantizes 32 columns of row `lane` of a group of n.
ALTIPLANO_INLINE inline void packInt8(const float* x, const Activations& to, std::size_t lane,
                                      std::size_t n) {
    const __m512 low = _mm512_loadu_ps(x), high = _mm512_loadu_ps(x + 16);
    const float largest = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_abs_ps(low), _mm512_abs_ps(high)));
    const float scale = largest / 127.0f;
    const __m512 factor = _mm512_set1_ps(largest > 0 ? 127.0f / largest : 0.0f);
    const __m512i a = _mm512_cvtps_epi32(_mm512_mul_ps(low, factor));
    const __m512i b = _mm512_cvtps_epi32(_mm512_mul_ps(high, factor));
    const auto sumLow = static_cast<float>(_mm512_reduce_add_epi32(a));
    const auto sumHigh = static_cast<float>(_mm512_reduce_add_epi32(b));

    alignas(64) std::int32_t quads[8];
    const __m128i shift = _mm_set1_epi8(n == 1 ? 0 : -128);
    _mm_store_si128(reinterpret_cast<__m128i*>(quads), _mm_xor_si128(_mm512_cvtepi32_epi8(a), shift));
    _mm_store_si128(reinterpret_cast<__m128i*>(quads + 4), _mm_xor_si128(_mm512_cvtepi32_epi8(b), shift));
    auto* out = const_cast<std::int8_t*>(to.quads) + 4 * lane;
    for (std::size_t i = 0; i < 8; ++i)
        __builtin_memcpy(out + 4 * n * i, quads + i, 4);
    const_cast<float*>(to.scales)[lane] = scale;
    const_cast<float*>(to.sums16)[lane] = sumLow;
    const_cast<float*>(to.sums16)[n + lane] = sumHigh;
    const_cast<float*>(to.sums32)[lane] = sumLow + sumHigh;
}

} // namespace
} // namespace altiplano::kernels
