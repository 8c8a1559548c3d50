#pragma once

// Only for *_avx2.cpp, see unroll.h.

#include "cpu/unroll.h"

#include <cstdint>
#include <immintrin.h>

namespace altiplano::kernels {
namespace {

/// Keeps an accumulator in its register. g++ 12 sees integer additions as plain +, hoists all products of an
/// unrolled loop above the sums and spills them: 1.4 to 1.7 times slower.
ALTIPLANO_INLINE inline void pin(__m256i& v) {
    asm volatile("" : "+x"(v));
}

ALTIPLANO_INLINE inline __m256i load(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}

ALTIPLANO_INLINE inline void store(void* p, __m256i v) {
    _mm256_storeu_si256(static_cast<__m256i*>(p), v);
}

/// Four bytes, or two int16, or an int32, in every lane.
ALTIPLANO_INLINE inline __m256i broadcast(const void* p) {
    std::int32_t bits;
    __builtin_memcpy(&bits, p, 4);
    return _mm256_set1_epi32(bits);
}

/// Eight half floats.
ALTIPLANO_INLINE inline __m256 loadHalves(const void* p) {
    return _mm256_cvtph_ps(_mm_loadu_si128(static_cast<const __m128i*>(p)));
}

ALTIPLANO_INLINE inline __m256i bitAnd(__m256i v, int byte) {
    return _mm256_and_si256(v, _mm256_set1_epi8(static_cast<char>(byte)));
}

/// Shifts the bits of every byte; bits that cross a byte's border are the caller's to mask.
template <int n>
ALTIPLANO_INLINE inline __m256i shiftRight(__m256i v) {
    return n == 0 ? v : _mm256_srli_epi16(v, n);
}
template <int n>
ALTIPLANO_INLINE inline __m256i shiftLeft(__m256i v) {
    return n == 0 ? v : _mm256_slli_epi16(v, n);
}

/// A shuffle of bytes within each dword; -1 gives zero.
template <int a, int b, int c, int d>
ALTIPLANO_INLINE inline __m256i shuffleDwords(__m256i v) {
    constexpr auto at = [](int index, int base) { return static_cast<char>(index < 0 ? -1 : index + base); };
    const __m128i half =
        _mm_setr_epi8(at(a, 0), at(b, 0), at(c, 0), at(d, 0), at(a, 4), at(b, 4), at(c, 4), at(d, 4),
                      at(a, 8), at(b, 8), at(c, 8), at(d, 8), at(a, 12), at(b, 12), at(c, 12), at(d, 12));
    return _mm256_shuffle_epi8(v, _mm256_broadcastsi128_si256(half));
}

ALTIPLANO_INLINE inline float sumOf(__m256 v) {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}

ALTIPLANO_INLINE inline float largestOf(__m256 v) {
    __m128 m = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    m = _mm_max_ps(m, _mm_movehl_ps(m, m));
    return _mm_cvtss_f32(_mm_max_ss(m, _mm_movehdup_ps(m)));
}

ALTIPLANO_INLINE inline __m256 absolute(__m256 v) {
    return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), v);
}

/// e^x to 2 units in the last place, by Cody and Waite's reduction and the polynomial of Cephes' expf; x is
/// clamped to where the result is a normal number.
ALTIPLANO_INLINE inline __m256 exponential(__m256 x) {
    x = _mm256_min_ps(_mm256_max_ps(x, _mm256_set1_ps(-87.0f)), _mm256_set1_ps(88.0f));
    const __m256 n = _mm256_round_ps(_mm256_mul_ps(x, _mm256_set1_ps(1.44269504f)),
                                     _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(0.693359375f), x);
    r = _mm256_fmadd_ps(n, _mm256_set1_ps(2.12194440e-4f), r);
    __m256 y = _mm256_set1_ps(1.9875691500e-4f);
    y = _mm256_fmadd_ps(y, r, _mm256_set1_ps(1.3981999507e-3f));
    y = _mm256_fmadd_ps(y, r, _mm256_set1_ps(8.3334519073e-3f));
    y = _mm256_fmadd_ps(y, r, _mm256_set1_ps(4.1665795894e-2f));
    y = _mm256_fmadd_ps(y, r, _mm256_set1_ps(1.6666665459e-1f));
    y = _mm256_fmadd_ps(y, r, _mm256_set1_ps(5.0000001201e-1f));
    y = _mm256_fmadd_ps(_mm256_mul_ps(r, r), y, _mm256_add_ps(r, _mm256_set1_ps(1.0f)));
    const __m256i power =
        _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
    return _mm256_mul_ps(y, _mm256_castsi256_ps(power));
}

} // namespace
} // namespace altiplano::kernels
