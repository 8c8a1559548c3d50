#pragma once

// Only for *_avx512.cpp and *_amx.cpp: how weights come out of their blocks, 16 rows at a time.

#include "cpu/simd_avx512.h"

#include "kernels/quant_type.h"

namespace altiplano::kernels {
namespace {

/// A quantized type. Every weight is scale * (u - kZero), or scale * u + offset where kZero is 0, with u an
/// unsigned byte. A block has kSteps times 32 columns and kRuns scales to each, 1 or 2; kShared steps lie in
/// the same bytes.
///
///   scales(p, scale, offset)  those of a block, [kSteps * kRuns] each; no offsets where kZero is not 0
///   quads<j>(p, part, u)      the bytes u[i], i < kShared, of columns 32s + 4j to 32s + 4j + 3, where
///                             s = kShared * part + i
template <QuantType type>
struct Unpack;

/// What types with one scale for a block of 32 have in common.
template <int zero>
struct Block32 {
    static constexpr int kSteps = 1, kShared = 1, kRuns = 1, kZero = zero;
};
/// And those with blocks of 256.
template <int shared, int runs, int zero>
struct Block256 {
    static constexpr int kSteps = 8, kShared = shared, kRuns = runs, kZero = zero;
};

/// Quad j of 32 columns stored as 16 bytes at `offset`: first the low nibbles, then the high ones.
template <int j>
ALTIPLANO_INLINE inline __m512i nibbles(Strip p, std::size_t offset) {
    const __m512i both = dwords(p, offset + 4 * (j % 4));
    return bitAnd(j < 4 ? both : _mm512_srli_epi16(both, 4), 15);
}

/// a | (b & mask), a byte at a time.
ALTIPLANO_INLINE inline __m512i orAnd(__m512i a, __m512i b, int mask) {
    return _mm512_ternarylogic_epi32(a, b, _mm512_set1_epi8(static_cast<char>(mask)), 0xf8);
}

/// Four times two bits.
ALTIPLANO_INLINE inline void twoBits(__m512i bytes, __m512i* u) {
    unroll<4>([&]<int i>() ALTIPLANO_INLINE { u[i] = bitAnd(_mm512_srli_epi16(bytes, 2 * i), 3); });
}

/// u with 16 added where the column's bit is set in a dword of 32 bits at `offset`.
template <int j>
ALTIPLANO_INLINE inline __m512i addFifthBits(__m512i u, Strip p, std::size_t offset) {
    constexpr int byte = j / 2, first = 1 << (4 * (j % 2));
    const __m512i spread = _mm512_shuffle_epi8(
        dwords(p, offset), _mm512_broadcast_i32x4(_mm_setr_epi8(
                               byte, byte, byte, byte, byte + 4, byte + 4, byte + 4, byte + 4, byte + 8,
                               byte + 8, byte + 8, byte + 8, byte + 12, byte + 12, byte + 12, byte + 12)));
    const __m512i select = _mm512_set1_epi32(first | first << 9 | first << 18 | first << 27);
    return _mm512_mask_add_epi8(u, _mm512_test_epi8_mask(spread, select), u, _mm512_set1_epi8(16));
}

/// A table of 16 bytes.
ALTIPLANO_INLINE inline __m512i lookUp(__m128i table, __m512i nibbles) {
    return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(table), nibbles);
}
/// IQ4's numbers (-127, -104, -83, ... 113), 127 higher.
ALTIPLANO_INLINE inline __m128i iq4Table() {
    return _mm_setr_epi8(0, 23, 44, 62, 78, 92, 105, 117, static_cast<char>(128), static_cast<char>(140),
                         static_cast<char>(152), static_cast<char>(165), static_cast<char>(180),
                         static_cast<char>(196), static_cast<char>(216), static_cast<char>(240));
}
/// FP4's numbers (0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives), doubled and 12 higher.
ALTIPLANO_INLINE inline __m128i fp4Table() {
    return _mm_setr_epi8(12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0);
}

template <>
struct Unpack<QuantType::Q4_0> : Block32<8> {
    static void scales(Strip p, __m512* scale, __m512*) { scale[0] = halves(p, 0); }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int, __m512i* u) {
        u[0] = nibbles<j>(p, 2);
    }
};

template <>
struct Unpack<QuantType::Q4_1> : Block32<0> {
    static void scales(Strip p, __m512* scale, __m512* offset) {
        scale[0] = halves(p, 0);
        offset[0] = halves(p, 2);
    }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int, __m512i* u) {
        u[0] = nibbles<j>(p, 4);
    }
};

template <>
struct Unpack<QuantType::Q5_0> : Block32<16> {
    static void scales(Strip p, __m512* scale, __m512*) { scale[0] = halves(p, 0); }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int, __m512i* u) {
        u[0] = addFifthBits<j>(nibbles<j>(p, 6), p, 2);
    }
};

template <>
struct Unpack<QuantType::Q5_1> : Block32<0> {
    static void scales(Strip p, __m512* scale, __m512* offset) {
        scale[0] = halves(p, 0);
        offset[0] = halves(p, 2);
    }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int, __m512i* u) {
        u[0] = addFifthBits<j>(nibbles<j>(p, 8), p, 4);
    }
};

template <>
struct Unpack<QuantType::Q8_0> : Block32<128> {
    static void scales(Strip p, __m512* scale, __m512*) { scale[0] = halves(p, 0); }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int, __m512i* u) {
        u[0] = _mm512_xor_si512(dwords(p, 2 + 4 * j), _mm512_set1_epi8(-128));
    }
};

template <>
struct Unpack<QuantType::IQ4_NL> : Block32<127> {
    static void scales(Strip p, __m512* scale, __m512*) { scale[0] = halves(p, 0); }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int, __m512i* u) {
        u[0] = lookUp(iq4Table(), nibbles<j>(p, 2));
    }
};

template <>
struct Unpack<QuantType::MXFP4> : Block32<12> {
    static void scales(Strip p, __m512* scale, __m512*) {
        // 2^(e - 128); below e = 2 that is a denormal float.
        const auto load = [](const std::byte* at) ALTIPLANO_INLINE {
            return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at));
        };
        const __m512i e = _mm512_cvtepu8_epi32(_mm_unpacklo_epi64(load(p.low), load(p.high)));
        const __m512i normal = _mm512_slli_epi32(_mm512_sub_epi32(e, _mm512_set1_epi32(1)), 23);
        const __m512i denormal = _mm512_sllv_epi32(_mm512_set1_epi32(0x200000), e);
        const __mmask16 small = _mm512_cmplt_epu32_mask(e, _mm512_set1_epi32(2));
        scale[0] = _mm512_castsi512_ps(_mm512_mask_mov_epi32(normal, small, denormal));
    }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int, __m512i* u) {
        u[0] = lookUp(fp4Table(), nibbles<j>(p, 1));
    }
};

template <>
struct Unpack<QuantType::Q2_K> : Block256<4, 2, 0> {
    static void scales(Strip p, __m512* scale, __m512* offset) {
        const __m512 d = halves(p, 80), dMin = times(halves(p, 82), -1);
        unroll<4>([&]<int i>() ALTIPLANO_INLINE {
            const __m512i both = dwords(p, 4 * i);
            const __m512i low = bitAnd(both, 15), high = bitAnd(_mm512_srli_epi16(both, 4), 15);
            unroll<4>([&]<int k>() ALTIPLANO_INLINE {
                scale[4 * i + k] = _mm512_mul_ps(d, unsignedByte<k>(low));
                offset[4 * i + k] = _mm512_mul_ps(dMin, unsignedByte<k>(high));
            });
        });
    }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int part, __m512i* u) {
        twoBits(dwords(p, static_cast<std::size_t>(16 + 32 * part + 4 * j)), u);
    }
};

template <>
struct Unpack<QuantType::Q3_K> : Block256<4, 2, 4> {
    static void scales(Strip p, __m512* scale, __m512*) {
        const __m512 d = halves(p, 108);
        const __m512i low[2] = {dwords(p, 96), dwords(p, 100)}, top = dwords(p, 104);
        unroll<4>([&]<int i>() ALTIPLANO_INLINE {
            const __m512i four = bitAnd(_mm512_srli_epi16(low[i % 2], i / 2 * 4), 15);
            const __m512i two = bitAnd(_mm512_srli_epi16(top, 2 * i), 3);
            const __m512i six = _mm512_or_si512(four, _mm512_slli_epi16(two, 4));
            unroll<4>([&]<int k>() ALTIPLANO_INLINE {
                scale[4 * i + k] = _mm512_mul_ps(d, _mm512_sub_ps(unsignedByte<k>(six), _mm512_set1_ps(32)));
            });
        });
    }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int part, __m512i* u) {
        const __m512i thirds = shiftRight(dwords(p, 4 * j), 4 * part);
        twoBits(dwords(p, static_cast<std::size_t>(32 + 32 * part + 4 * j)), u);
        u[0] = orAnd(u[0], _mm512_slli_epi16(thirds, 2), 4);
        u[1] = orAnd(u[1], _mm512_slli_epi16(thirds, 1), 4);
        u[2] = orAnd(u[2], thirds, 4);
        u[3] = orAnd(u[3], _mm512_srli_epi16(thirds, 1), 4);
    }
};

/// The 6-bit scales and minimums of Q4_K and Q5_K, in 12 bytes at offset 4.
ALTIPLANO_INLINE inline void scalesK(Strip p, __m512* scale, __m512* offset) {
    const __m512 d = halves(p, 0), dMin = times(halves(p, 2), -1);
    const __m512i a = dwords(p, 4), b = dwords(p, 8), c = dwords(p, 12);
    const __m512i sc[2] = {bitAnd(a, 63), orAnd(bitAnd(c, 15), _mm512_srli_epi16(a, 2), 0x30)};
    const __m512i m[2] = {bitAnd(b, 63),
                          orAnd(bitAnd(_mm512_srli_epi16(c, 4), 15), _mm512_srli_epi16(b, 2), 0x30)};
    unroll<8>([&]<int i>() ALTIPLANO_INLINE {
        scale[i] = _mm512_mul_ps(d, unsignedByte<i % 4>(sc[i / 4]));
        offset[i] = _mm512_mul_ps(dMin, unsignedByte<i % 4>(m[i / 4]));
    });
}

template <>
struct Unpack<QuantType::Q4_K> : Block256<2, 1, 0> {
    static void scales(Strip p, __m512* scale, __m512* offset) { scalesK(p, scale, offset); }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int part, __m512i* u) {
        const __m512i both = dwords(p, static_cast<std::size_t>(16 + 32 * part + 4 * j));
        u[0] = bitAnd(both, 15);
        u[1] = bitAnd(_mm512_srli_epi16(both, 4), 15);
    }
};

template <>
struct Unpack<QuantType::Q5_K> : Block256<2, 1, 0> {
    static void scales(Strip p, __m512* scale, __m512* offset) { scalesK(p, scale, offset); }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int part, __m512i* u) {
        const __m512i both = dwords(p, static_cast<std::size_t>(48 + 32 * part + 4 * j));
        const __m512i fifths = shiftRight(dwords(p, 16 + 4 * j), 2 * part);
        u[0] = orAnd(bitAnd(both, 15), _mm512_slli_epi16(fifths, 4), 16);
        u[1] = orAnd(bitAnd(_mm512_srli_epi16(both, 4), 15), _mm512_slli_epi16(fifths, 3), 16);
    }
};

template <>
struct Unpack<QuantType::Q6_K> : Block256<4, 2, 32> {
    static void scales(Strip p, __m512* scale, __m512*) {
        const __m512 d = halves(p, 208);
        unroll<4>([&]<int i>() ALTIPLANO_INLINE {
            const __m512i bytes = dwords(p, 192 + 4 * i);
            unroll<4>([&]<int k>()
                          ALTIPLANO_INLINE { scale[4 * i + k] = _mm512_mul_ps(d, signedByte<k>(bytes)); });
        });
    }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int part, __m512i* u) {
        const auto at = static_cast<std::size_t>(64 * part + 4 * j);
        const __m512i a = dwords(p, at), b = dwords(p, at + 32);
        const __m512i top = dwords(p, static_cast<std::size_t>(128 + 32 * part + 4 * j));
        u[0] = orAnd(bitAnd(a, 15), _mm512_slli_epi16(top, 4), 0x30);
        u[1] = orAnd(bitAnd(b, 15), _mm512_slli_epi16(top, 2), 0x30);
        u[2] = orAnd(bitAnd(_mm512_srli_epi16(a, 4), 15), top, 0x30);
        u[3] = orAnd(bitAnd(_mm512_srli_epi16(b, 4), 15), _mm512_srli_epi16(top, 2), 0x30);
    }
};

/// The same scale for all 256 columns.
ALTIPLANO_INLINE inline void repeat(__m512 d, __m512* scale) {
    unroll<8>([&]<int i>() ALTIPLANO_INLINE { scale[i] = d; });
}

template <>
struct Unpack<QuantType::Q8_K> : Block256<1, 1, 128> {
    static void scales(Strip p, __m512* scale, __m512*) { repeat(_mm512_castsi512_ps(dwords(p, 0)), scale); }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int part, __m512i* u) {
        const __m512i q = dwords(p, static_cast<std::size_t>(4 + 32 * part + 4 * j));
        u[0] = _mm512_xor_si512(q, _mm512_set1_epi8(-128));
    }
};

template <>
struct Unpack<QuantType::IQ4_XS> : Block256<1, 1, 127> {
    static void scales(Strip p, __m512* scale, __m512*) {
        const __m512 d = halves(p, 0);
        const __m512i top = _mm512_cvtepu16_epi32(words(p, 2)), low = dwords(p, 4);
        unroll<8>([&]<int i>() ALTIPLANO_INLINE {
            const __m512i four = _mm512_and_si512(_mm512_srli_epi32(low, 4 * i), _mm512_set1_epi32(15));
            const __m512i two = _mm512_and_si512(_mm512_srli_epi32(top, 2 * i), _mm512_set1_epi32(3));
            const __m512i six = _mm512_or_si512(four, _mm512_slli_epi32(two, 4));
            scale[i] = _mm512_mul_ps(d, _mm512_cvtepi32_ps(_mm512_sub_epi32(six, _mm512_set1_epi32(32))));
        });
    }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int part, __m512i* u) {
        u[0] = lookUp(iq4Table(), nibbles<j>(p, static_cast<std::size_t>(8 + 16 * part)));
    }
};

template <>
struct Unpack<QuantType::TQ1_0> : Block256<1, 1, 1> {
    static void scales(Strip p, __m512* scale, __m512*) { repeat(halves(p, 52), scale); }

    /// A byte holds five digits of base 3 as a fraction of 256: digit n is the whole part of 3 times what is
    /// left of it after n multiplications. Digit n of 32 bytes are 32 columns, five times; then of 16 bytes
    /// 16 columns, five times; then of the last 4 bytes 4 columns, four times.
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int part, __m512i* u) {
        const int rest = 8 * part + j - 40; // quads after those of the first 32 bytes
        const int at = part < 5 ? 4 * j : rest < 20 ? 32 + rest % 4 * 4 : 48;
        const int digit = part < 5 ? part : rest < 20 ? rest / 4 : rest - 20;
        const __m512i power = _mm512_set1_epi16(static_cast<short>(kPowers[digit]));
        const __m512i bytes = dwords(p, static_cast<std::size_t>(at)), low = _mm512_set1_epi16(255);
        const auto third = [&](__m512i v) ALTIPLANO_INLINE {
            const __m512i left = _mm512_and_si512(_mm512_mullo_epi16(v, power), low);
            return _mm512_srli_epi16(_mm512_mullo_epi16(left, _mm512_set1_epi16(3)), 8);
        };
        u[0] = _mm512_or_si512(third(_mm512_and_si512(bytes, low)),
                               _mm512_slli_epi16(third(_mm512_srli_epi16(bytes, 8)), 8));
    }

private:
    static constexpr int kPowers[] = {1, 3, 9, 27, 81};
};

template <>
struct Unpack<QuantType::TQ2_0> : Block256<4, 1, 1> {
    static void scales(Strip p, __m512* scale, __m512*) { repeat(halves(p, 64), scale); }
    template <int j>
    ALTIPLANO_INLINE static void quads(Strip p, int part, __m512i* u) {
        twoBits(dwords(p, static_cast<std::size_t>(32 * part + 4 * j)), u);
    }
};

/// A column of 16 rows of F32, F16 or BF16.
template <QuantType type>
ALTIPLANO_INLINE inline __m512 column(Strip p, std::size_t k) {
    if constexpr (type == QuantType::F32)
        return _mm512_castsi512_ps(dwords(p, 4 * k));
    else if constexpr (type == QuantType::F16)
        return halves(p, 2 * k);
    else
        return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(words(p, 2 * k)), 16));
}

} // namespace
} // namespace altiplano::kernels
