#pragma once

// Only for *_avx2.cpp: how the weights of types with blocks of 32 columns come out of their tiles.

#include "cpu/tiles_avx2.h"

namespace altiplano::kernels {
namespace {

/// FP4's numbers (0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives), doubled and 12 higher.
ALTIPLANO_INLINE inline __m128i mxfp4Values() {
    return _mm_setr_epi8(12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0);
}

/// Bit 4 of quad j's bytes from a dword of 32 bits, one for each of 32 columns.
template <int j>
ALTIPLANO_INLINE inline __m256i fifthBits(__m256i bits) {
    constexpr int byte = j / 2, first = 1 << (4 * (j % 2));
    const __m256i select = _mm256_set1_epi32(first | first << 9 | first << 18 | first << 27);
    const __m256i spread = shuffleDwords<byte, byte, byte, byte>(bits);
    return bitAnd(_mm256_cmpeq_epi8(_mm256_and_si256(spread, select), select), 16);
}

/// Types with a scale for each block of 32: weight = scale * quad + offset. Quads are unsigned up to
/// kLargest, or signed where kLargest is 0 (then there is no offset).
template <QuantType type>
struct Tile32;

template <>
struct Tile32<QuantType::Q4_0> {
    static constexpr int kBytes = 8 * 18, kLargest = 15;
    static __m256 scale(const std::byte* b) { return loadHalves(b); }
    static __m256 offset(const std::byte* b) { return _mm256_mul_ps(scale(b), _mm256_set1_ps(-8)); }
    template <int j>
    static __m256i quad(const std::byte* b) {
        return nibbles<j>(b + 16);
    }
};

template <>
struct Tile32<QuantType::Q4_1> {
    static constexpr int kBytes = 8 * 20, kLargest = 15;
    static __m256 scale(const std::byte* b) { return loadHalves(b); }
    static __m256 offset(const std::byte* b) { return loadHalves(b + 16); }
    template <int j>
    static __m256i quad(const std::byte* b) {
        return nibbles<j>(b + 32);
    }
};

template <>
struct Tile32<QuantType::Q5_0> {
    static constexpr int kBytes = 8 * 22, kLargest = 31;
    static __m256 scale(const std::byte* b) { return loadHalves(b); }
    static __m256 offset(const std::byte* b) { return _mm256_mul_ps(scale(b), _mm256_set1_ps(-16)); }
    template <int j>
    static __m256i quad(const std::byte* b) {
        return _mm256_or_si256(nibbles<j>(b + 48), fifthBits<j>(load(b + 16)));
    }
};

template <>
struct Tile32<QuantType::Q5_1> {
    static constexpr int kBytes = 8 * 24, kLargest = 31;
    static __m256 scale(const std::byte* b) { return loadHalves(b); }
    static __m256 offset(const std::byte* b) { return loadHalves(b + 16); }
    template <int j>
    static __m256i quad(const std::byte* b) {
        return _mm256_or_si256(nibbles<j>(b + 64), fifthBits<j>(load(b + 32)));
    }
};

template <>
struct Tile32<QuantType::Q8_0> {
    static constexpr int kBytes = 8 * 34, kLargest = 0;
    static __m256 scale(const std::byte* b) { return loadHalves(b); }
    template <int j>
    static __m256i quad(const std::byte* b) {
        return load(b + 16 + 32 * j);
    }
};

template <>
struct Tile32<QuantType::IQ4_NL> {
    static constexpr int kBytes = 8 * 18, kLargest = 0;
    static __m256 scale(const std::byte* b) { return loadHalves(b); }
    template <int j, int above = 0>
    static __m256i quad(const std::byte* b) {
        return lookUp(iq4Values(above), nibbles<j>(b + 16));
    }
};

template <>
struct Tile32<QuantType::MXFP4> {
    static constexpr int kBytes = 8 * 17, kLargest = 24;
    /// 2^(e - 128) for an exponent byte e; below 2 it is a denormal float.
    static __m256 scale(const std::byte* b) {
        const __m256i e = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(b)));
        const __m256i normal = _mm256_slli_epi32(_mm256_sub_epi32(e, _mm256_set1_epi32(1)), 23);
        const __m256i denormal = _mm256_sllv_epi32(_mm256_set1_epi32(0x200000), e);
        return _mm256_castsi256_ps(
            _mm256_blendv_epi8(denormal, normal, _mm256_cmpgt_epi32(e, _mm256_set1_epi32(1))));
    }
    static __m256 offset(const std::byte* b) { return _mm256_mul_ps(scale(b), _mm256_set1_ps(-12)); }
    template <int j>
    static __m256i quad(const std::byte* b) {
        return lookUp(mxfp4Values(), nibbles<j>(b + 8));
    }
};

} // namespace
} // namespace altiplano::kernels
