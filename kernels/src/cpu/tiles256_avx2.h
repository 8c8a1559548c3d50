#pragma once

// Only for *_avx2.cpp: how the weights of types with blocks of 256 columns come out of their tiles.

#include "cpu/tiles_avx2.h"

namespace altiplano::kernels {
namespace {

/// Types with blocks of 256 and an integer scale for each `kRun` columns: weight = d * scale * quad - dMin *
/// min. `scale<s>` gives (scale, scale) and `min<i>` (min 2i, min 2i + 1), both int16. Quads are unsigned up
/// to kLargest, or signed where kLargest is 0 (then there are no minimums).
template <QuantType type>
struct Tile256;

/// Types whose minimums are 32 * scale: 32 stands for zero.
template <typename Tile>
constexpr bool kCentered = false;

/// Types whose blocks are read from one end to the other, as far as memory is concerned: those the CPU
/// fetches by itself. The others have bits of the same weights in several places.
template <QuantType type>
constexpr bool kInOrder = type != QuantType::Q3_K&& type != QuantType::Q5_K&& type != QuantType::Q6_K;

/// Scale s as floats.
template <typename Tile, int s>
ALTIPLANO_INLINE inline __m256 wholeScale(const typename Tile::Scales& scales) {
    return _mm256_cvtepi32_ps(_mm256_srai_epi32(Tile::template scale<s>(scales), 16));
}

/// Byte s % 4 of dword vector s / 4, unsigned or signed, in both int16 of each lane.
template <int s>
ALTIPLANO_INLINE inline __m256i unsignedScale(const __m256i* bytes) {
    return shuffleDwords<s % 4, -1, s % 4, -1>(bytes[s / 4]);
}
template <int s>
ALTIPLANO_INLINE inline __m256i signedScale(const __m256i* bytes) {
    return _mm256_srai_epi16(shuffleDwords<-1, s % 4, -1, s % 4>(bytes[s / 4]), 8);
}
template <int i>
ALTIPLANO_INLINE inline __m256i unsignedPair(const __m256i* bytes) {
    return shuffleDwords<2 * i % 4, -1, 2 * i % 4 + 1, -1>(bytes[i / 2]);
}
template <int i>
ALTIPLANO_INLINE inline __m256i signedPair(const __m256i* bytes) {
    return _mm256_srai_epi16(shuffleDwords<-1, 2 * i % 4, -1, 2 * i % 4 + 1>(bytes[i / 2]), 8);
}

/// The two bits of quad q in 64 bytes that hold 256 columns, 128 to each half, 32 bytes to a half.
template <int q>
ALTIPLANO_INLINE inline __m256i twoBits(const std::byte* quants) {
    constexpr int half = q / 32, shift = q % 32 / 8, j = q % 8;
    return bitAnd(shiftRight<2 * shift>(load(quants + 32 * (8 * half + j))), 3);
}

template <>
struct Tile256<QuantType::Q2_K> {
    static constexpr int kBytes = 8 * 84, kRun = 16, kLargest = 3;
    struct Scales {
        __m256i scale[4], min[4];
    };
    static Scales scales(const std::byte* b) {
        Scales s;
        unroll<4>([&]<int i>() ALTIPLANO_INLINE {
            s.scale[i] = bitAnd(load(b + 32 * i), 15);
            s.min[i] = bitAnd(shiftRight<4>(load(b + 32 * i)), 15);
        });
        return s;
    }
    template <int s>
    static __m256i scale(const Scales& x) {
        return unsignedScale<s>(x.scale);
    }
    template <int i>
    static __m256i min(const Scales& x) {
        return unsignedPair<i>(x.min);
    }
    static __m256 d(const std::byte* b) { return loadHalves(b + 8 * 80); }
    static __m256 dMin(const std::byte* b) { return loadHalves(b + 8 * 82); }
    template <int q>
    static __m256i quad(const std::byte* b) {
        return twoBits<q>(b + 8 * 16);
    }
};

template <>
struct Tile256<QuantType::Q3_K> {
    static constexpr int kBytes = 8 * 110, kRun = 16, kLargest = 7;
    struct Scales {
        __m256i scale[4]; ///< -32 to 31
    };
    static Scales scales(const std::byte* b) {
        const __m256i low = load(b + 8 * 96), high = load(b + 8 * 100), top = load(b + 8 * 104);
        const auto join = [](__m256i four, __m256i two) ALTIPLANO_INLINE {
            const __m256i six = _mm256_or_si256(bitAnd(four, 15), shiftLeft<4>(bitAnd(two, 3)));
            return _mm256_sub_epi8(six, _mm256_set1_epi8(32));
        };
        return {{join(low, top), join(high, shiftRight<2>(top)), join(shiftRight<4>(low), shiftRight<4>(top)),
                 join(shiftRight<4>(high), shiftRight<6>(top))}};
    }
    template <int s>
    static __m256i scale(const Scales& x) {
        return signedScale<s>(x.scale);
    }
    template <int i>
    static __m256i min(const Scales& x) {
        return shiftLeft<2>(signedPair<i>(x.scale));
    }
    static __m256 d(const std::byte* b) { return loadHalves(b + 8 * 108); }
    static __m256 dMin(const std::byte* b) { return d(b); }
    template <int q>
    static __m256i quad(const std::byte* b) {
        constexpr int bit = q / 8;
        const __m256i high = load(b + 32 * (q % 8));
        const __m256i third =
            bit > 2 ? shiftRight<(bit > 2 ? bit - 2 : 0)>(high) : shiftLeft<(bit > 2 ? 0 : 2 - bit)>(high);
        return _mm256_or_si256(twoBits<q>(b + 8 * 32), bitAnd(third, 4));
    }
};

/// What Q4_K and Q5_K share: 6-bit scales and minimums.
struct SixBitScales {
    struct Scales {
        __m256i scale[2], min[2];
    };
    static Scales scales(const std::byte* b) {
        const __m256i first = load(b + 32), second = load(b + 64), last = load(b + 96);
        const auto join = [](__m256i four, __m256i top) ALTIPLANO_INLINE {
            return _mm256_or_si256(bitAnd(four, 15), bitAnd(shiftRight<2>(top), 48));
        };
        return {{bitAnd(first, 63), join(last, first)},
                {bitAnd(second, 63), join(shiftRight<4>(last), second)}};
    }
    template <int s>
    static __m256i scale(const Scales& x) {
        return unsignedScale<s>(x.scale);
    }
    template <int i>
    static __m256i min(const Scales& x) {
        return unsignedPair<i>(x.min);
    }
    static __m256 d(const std::byte* b) { return loadHalves(b); }
    static __m256 dMin(const std::byte* b) { return loadHalves(b + 16); }
};

template <>
struct Tile256<QuantType::Q4_K> : SixBitScales {
    static constexpr int kBytes = 8 * 144, kRun = 32, kLargest = 15;
    template <int q>
    static __m256i quad(const std::byte* b) {
        constexpr int pair = q / 16, odd = q / 8 % 2, j = q % 8;
        return bitAnd(shiftRight<4 * odd>(load(b + 8 * 16 + 32 * (8 * pair + j))), 15);
    }
};

template <>
struct Tile256<QuantType::Q5_K> : SixBitScales {
    static constexpr int kBytes = 8 * 176, kRun = 32, kLargest = 31;
    template <int q>
    static __m256i quad(const std::byte* b) {
        constexpr int pair = q / 16, bit = q / 8, j = q % 8;
        const __m256i high = load(b + 8 * 16 + 32 * j);
        const __m256i fifth =
            bit > 4 ? shiftRight<(bit > 4 ? bit - 4 : 0)>(high) : shiftLeft<(bit > 4 ? 0 : 4 - bit)>(high);
        const __m256i low = bitAnd(shiftRight<4 * (bit % 2)>(load(b + 8 * 48 + 32 * (8 * pair + j))), 15);
        return _mm256_or_si256(low, bitAnd(fifth, 16));
    }
};

template <>
struct Tile256<QuantType::Q6_K>;
template <>
constexpr bool kCentered<Tile256<QuantType::Q6_K>> = true;

template <>
struct Tile256<QuantType::Q6_K> {
    static constexpr int kBytes = 8 * 210, kRun = 16, kLargest = 63;
    struct Scales {
        __m256i scale[4];
    };
    static Scales scales(const std::byte* b) {
        const std::byte* s = b + 8 * 192;
        return {{load(s), load(s + 32), load(s + 64), load(s + 96)}};
    }
    template <int s>
    static __m256i scale(const Scales& x) {
        return signedScale<s>(x.scale);
    }
    template <int i>
    static __m256i min(const Scales& x) { // 32 * scale
        return shiftLeft<5>(signedPair<i>(x.scale));
    }
    static __m256 d(const std::byte* b) { return loadHalves(b + 8 * 208); }
    static __m256 dMin(const std::byte* b) { return d(b); }
    template <int q>
    static __m256i quad(const std::byte* b) {
        constexpr int half = q / 32, quarter = q % 32 / 8, j = q % 8;
        const __m256i low = load(b + 32 * (16 * half + 8 * (quarter % 2) + j));
        const __m256i high = load(b + 8 * 128 + 32 * (8 * half + j));
        const __m256i top = quarter < 2 ? shiftLeft<(quarter < 2 ? 4 - 2 * quarter : 0)>(high)
                                        : shiftRight<(quarter < 2 ? 0 : 2 * quarter - 4)>(high);
        return _mm256_or_si256(bitAnd(shiftRight<quarter / 2 * 4>(low), 15), bitAnd(top, 48));
    }
};

template <>
struct Tile256<QuantType::IQ4_XS> {
    static constexpr int kBytes = 8 * 136, kRun = 32, kLargest = 0;
    struct Scales {
        __m256i scale[2]; ///< -32 to 31
    };
    static Scales scales(const std::byte* b) {
        // Nibble s of the dword and bits 2s, 2s + 1 of the half go to byte s % 4 of vector s / 4.
        const __m256i low = load(b + 32);
        const __m256i high = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(b + 16)));
        const __m256i even = bitAnd(low, 15), odd = bitAnd(shiftRight<4>(low), 15);
        const __m256i first =
            _mm256_or_si256(shuffleDwords<0, -1, 1, -1>(even), shuffleDwords<-1, 0, -1, 1>(odd));
        const __m256i second =
            _mm256_or_si256(shuffleDwords<2, -1, 3, -1>(even), shuffleDwords<-1, 2, -1, 3>(odd));
        const auto top = [](__m256i byte) ALTIPLANO_INLINE { // two bits of each into a byte, at bits 4 and 5
            const __m256i a = _mm256_and_si256(_mm256_slli_epi32(byte, 4), _mm256_set1_epi32(0x30));
            const __m256i c = _mm256_and_si256(_mm256_slli_epi32(byte, 10), _mm256_set1_epi32(0x3000));
            const __m256i d = _mm256_and_si256(_mm256_slli_epi32(byte, 16), _mm256_set1_epi32(0x300000));
            const __m256i e = _mm256_and_si256(_mm256_slli_epi32(byte, 22), _mm256_set1_epi32(0x30000000));
            return _mm256_or_si256(_mm256_or_si256(a, c), _mm256_or_si256(d, e));
        };
        const __m256i bias = _mm256_set1_epi8(32);
        return {{_mm256_sub_epi8(_mm256_or_si256(first, top(high)), bias),
                 _mm256_sub_epi8(_mm256_or_si256(second, top(_mm256_srli_epi32(high, 8))), bias)}};
    }
    template <int s>
    static __m256i scale(const Scales& x) {
        return signedScale<s>(x.scale);
    }
    static __m256 d(const std::byte* b) { return loadHalves(b); }
    template <int q, int above = 0>
    static __m256i quad(const std::byte* b) {
        return lookUp(iq4Values(above), nibbles<q % 8>(b + 64 + 128 * (q / 8)));
    }
};

/// Ternary types: weight = d * (quad - 1), so that every scale and minimum is 1.
struct NoScales {};

template <>
struct Tile256<QuantType::TQ2_0> {
    static constexpr int kBytes = 8 * 66, kRun = 32, kLargest = 2;
    using Scales = NoScales;
    static Scales scales(const std::byte*) { return {}; }
    template <int s>
    static __m256i scale(Scales) {
        return _mm256_set1_epi16(1);
    }
    template <int i>
    static __m256i min(Scales) {
        return _mm256_set1_epi16(1);
    }
    static __m256 d(const std::byte* b) { return loadHalves(b + 8 * 64); }
    static __m256 dMin(const std::byte* b) { return d(b); }
    template <int q>
    static __m256i quad(const std::byte* b) {
        return twoBits<q>(b);
    }
};

template <>
struct Tile256<QuantType::TQ1_0> {
    static constexpr int kBytes = 8 * 54, kRun = 32, kLargest = 2;
    using Scales = NoScales;
    static Scales scales(const std::byte*) { return {}; }
    template <int s>
    static __m256i scale(Scales) {
        return _mm256_set1_epi16(1);
    }
    template <int i>
    static __m256i min(Scales) {
        return _mm256_set1_epi16(1);
    }
    static __m256 d(const std::byte* b) { return loadHalves(b + 8 * 52); }
    static __m256 dMin(const std::byte* b) { return d(b); }
    template <int q>
    static __m256i quad(const std::byte* b) {
        // 32 bytes hold five digits of columns 0 to 159, 16 bytes of 160 to 239, 4 bytes four of 240 to 255.
        if constexpr (q < 40)
            return digit<q / 8>(load(b + 32 * (q % 8)));
        else if constexpr (q < 60)
            return digit<(q - 40) / 4>(load(b + 32 * (8 + q % 4)));
        else
            return digit<q - 60>(load(b + 32 * 12));
    }

private:
    /// Digit n of each byte, which is a fraction of 256 in base 3: floor(3 * (byte * 3^n mod 256) / 256).
    template <int n>
    static __m256i digit(__m256i bytes) {
        constexpr int kPowers[] = {1, 3, 9, 27, 81};
        const __m256i power = _mm256_set1_epi16(static_cast<short>(kPowers[n])), three = _mm256_set1_epi16(3);
        const auto of = [&](__m256i wide) ALTIPLANO_INLINE {
            const __m256i rest = _mm256_and_si256(_mm256_mullo_epi16(wide, power), _mm256_set1_epi16(255));
            return _mm256_srli_epi16(_mm256_mullo_epi16(rest, three), 8);
        };
        const __m256i even = of(_mm256_and_si256(bytes, _mm256_set1_epi16(255)));
        return _mm256_or_si256(even, _mm256_slli_epi16(of(_mm256_srli_epi16(bytes, 8)), 8));
    }
};

template <>
struct Tile256<QuantType::Q8_K> {
    static constexpr int kBytes = 8 * 292, kRun = 32, kLargest = 0;
    using Scales = NoScales;
    static Scales scales(const std::byte*) { return {}; }
    template <int s>
    static __m256i scale(Scales) {
        return _mm256_set1_epi16(1);
    }
    static __m256 d(const std::byte* b) { return _mm256_loadu_ps(reinterpret_cast<const float*>(b)); }
    template <int q>
    static __m256i quad(const std::byte* b) {
        return load(b + 32 + 32 * q);
    }
};

} // namespace
} // namespace altiplano::kernels
