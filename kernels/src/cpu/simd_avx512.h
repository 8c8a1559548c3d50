#pragma once

// Only for *_avx512.cpp and *_amx.cpp, see unroll.h.

#include "cpu/unroll.h"

#include <cstdint>
#include <immintrin.h>

namespace altiplano::kernels {
namespace {

/// The same block of two neighbouring tiles (see tile_layout.h): 16 rows of weights. A lane of a vector is a
/// row; the four bytes of a lane are four consecutive columns, called a quad.
struct Strip {
    const std::byte* low;  ///< rows 0 to 7
    const std::byte* high; ///< rows 8 to 15

    ALTIPLANO_INLINE Strip at(std::size_t bytes) const { return {low + bytes, high + bytes}; }

    ALTIPLANO_INLINE void prefetch(std::size_t bytes) const {
        _mm_prefetch(reinterpret_cast<const char*>(low) + bytes, _MM_HINT_T0);
        _mm_prefetch(reinterpret_cast<const char*>(high) + bytes, _MM_HINT_T0);
    }
};

ALTIPLANO_INLINE inline __m256i loadHalf(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}

/// The unit of 4 bytes at `offset` of each row's block.
ALTIPLANO_INLINE inline __m512i dwords(Strip p, std::size_t offset) {
    return _mm512_inserti64x4(_mm512_castsi256_si512(loadHalf(p.low + 8 * offset)),
                              loadHalf(p.high + 8 * offset), 1);
}

/// The unit of 2 bytes at `offset` of each row's block.
ALTIPLANO_INLINE inline __m256i words(Strip p, std::size_t offset) {
    const auto load = [](const std::byte* at)
                          ALTIPLANO_INLINE { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); };
    return _mm256_inserti128_si256(_mm256_castsi128_si256(load(p.low + 8 * offset)),
                                   load(p.high + 8 * offset), 1);
}

/// The half floats at `offset` of each row's block.
ALTIPLANO_INLINE inline __m512 halves(Strip p, std::size_t offset) {
    return _mm512_cvtph_ps(words(p, offset));
}

ALTIPLANO_INLINE inline __m512i bitAnd(__m512i v, int byte) {
    return _mm512_and_si512(v, _mm512_set1_epi8(static_cast<char>(byte)));
}

/// Shifts the bits of every byte; bits that cross a byte's border are the caller's to mask.
ALTIPLANO_INLINE inline __m512i shiftRight(__m512i v, int bits) {
    return _mm512_srlv_epi16(v, _mm512_set1_epi16(static_cast<short>(bits)));
}
/// Byte `i` of every dword, as a number.
template <int i>
ALTIPLANO_INLINE inline __m512 unsignedByte(__m512i v) {
    return _mm512_cvtepi32_ps(
        _mm512_and_si512(i == 0 ? v : _mm512_srli_epi32(v, 8 * i), _mm512_set1_epi32(255)));
}
template <int i>
ALTIPLANO_INLINE inline __m512 signedByte(__m512i v) {
    return _mm512_cvtepi32_ps(_mm512_srai_epi32(i == 3 ? v : _mm512_slli_epi32(v, 24 - 8 * i), 24));
}

ALTIPLANO_INLINE inline __m512 times(__m512 v, float factor) {
    return _mm512_mul_ps(v, _mm512_set1_ps(factor));
}

/// e^x to 2 units in the last place: 2^n times a Taylor polynomial of 2^r, |r| <= 1/2.
ALTIPLANO_INLINE inline __m512 exponential(__m512 x) {
    const __m512 t = times(x, 1.44269504f);
    const __m512 n = _mm512_roundscale_ps(t, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    // x log2(e) - n, with the rounding error of t made good
    __m512 r = _mm512_fmsub_ps(x, _mm512_set1_ps(1.44269504f), n);
    r = _mm512_fmadd_ps(x, _mm512_set1_ps(1.92596299e-8f), r);
    __m512 y = _mm512_set1_ps(1.54035304e-4f);
    y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(1.33335581e-3f));
    y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(9.61812911e-3f));
    y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(5.55041087e-2f));
    y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(2.40226507e-1f));
    y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(6.93147181e-1f));
    y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(1.0f));
    return _mm512_scalef_ps(y, n);
}

} // namespace
} // namespace altiplano::kernels
