#pragma once

// Only for *_avx2.cpp: how the weights of a tile (see tile_layout.h) come out of their blocks. A lane of a
// vector is a row of the tile; the four bytes of a lane are four consecutive columns, called a quad.

#include "cpu/simd_avx2.h"

#include "kernels/quant_type.h"

namespace altiplano::kernels {
namespace {

/// The 16 signed numbers that a nibble may stand for.
ALTIPLANO_INLINE inline __m256i lookUp(__m128i values, __m256i nibbles) {
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(values), nibbles);
}
/// IQ4's numbers, or bytes that are `above` higher.
ALTIPLANO_INLINE inline __m128i iq4Values(int above) {
    return _mm_add_epi8(
        _mm_setr_epi8(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113),
        _mm_set1_epi8(static_cast<char>(above)));
}
/// Quad j of 32 columns stored as 16 bytes: first the low nibbles, then the high ones.
template <int j>
ALTIPLANO_INLINE inline __m256i nibbles(const std::byte* quants) {
    return bitAnd(shiftRight<j / 4 * 4>(load(quants + 32 * (j % 4))), 15);
}

/// Eight weights of one column, one of each row.
template <QuantType type>
ALTIPLANO_INLINE inline __m256 column(const std::byte* tile, std::size_t k) {
    if constexpr (type == QuantType::F32)
        return _mm256_loadu_ps(reinterpret_cast<const float*>(tile + 32 * k));
    else if constexpr (type == QuantType::F16)
        return loadHalves(tile + 16 * k);
    else
        return _mm256_castsi256_ps(_mm256_slli_epi32(
            _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(tile + 16 * k))), 16));
}

} // namespace
} // namespace altiplano::kernels
