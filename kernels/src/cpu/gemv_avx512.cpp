#include "cpu/gemv_avx512.h"

#include "cpu/activations_avx512.h"
#include "cpu/tiles256_avx2.h"
#include "cpu/tiles32_avx2.h"
#include "cpu/tiles_avx512.h"
#include "cpu/with_type.h"

// One row: tile by tile, in vectors of 8 rows, so that a thread reads its weights in their order in memory.
// Two tiles side by side in vectors of 16 rows would be fewer instructions, but the CPU's own fetching loses
// its way where both end: 15 GB/s of Q4_0 for a Zen 4 core, 22 if they are fetched by instructions,
// against 30.

namespace altiplano::kernels {
namespace {

/// What stands for zero in the bytes of unsignedQuad.
template <QuantType type, typename Tile>
constexpr int kZeroOf = Tile::kLargest == 0 ? 128 : Unpack<type>::kZero;

template <QuantType type, typename Tile, int q>
ALTIPLANO_INLINE inline __m256i unsignedQuad(const std::byte* b) {
    if constexpr (Tile::kLargest != 0)
        return Tile::template quad<q>(b);
    else if constexpr (type == QuantType::IQ4_NL || type == QuantType::IQ4_XS)
        return Tile::template quad<q, 128>(b);
    else
        return _mm256_xor_si256(Tile::template quad<q>(b), _mm256_set1_epi8(-128));
}

/// The dot product of quads [first, first + count) with a row's, exact: what stands for zero is taken off.
template <QuantType type, typename Tile, int first, int count>
ALTIPLANO_INLINE inline __m256 dotRun(const std::byte* b, const std::int8_t* x, float xSum) {
    __m256i dot = _mm256_setzero_si256();
    unroll<count>([&]<int j>() ALTIPLANO_INLINE {
        const __m256i quad = unsignedQuad<type, Tile, first + j>(b);
        dot = _mm256_dpbusd_epi32(dot, quad, broadcast(x + 4 * (first + j)));
    });
    const __m256 product = _mm256_cvtepi32_ps(dot);
    constexpr int zero = kZeroOf<type, Tile>;
    return zero == 0 ? product : _mm256_fnmadd_ps(_mm256_set1_ps(zero), _mm256_set1_ps(xSum), product);
}

/// Both add up as multiply32 and multiply256 of matmul_avx512.cpp do.
template <QuantType type>
__attribute__((flatten)) __m256 gemvTile32(const std::byte* b, std::size_t columns, Activations x) {
    using Tile = Tile32<type>;
    __m256 y = _mm256_setzero_ps();
    for (std::size_t i = 0; i < columns / 32; ++i, b += Tile::kBytes, x.quads += 32) {
        const __m256 dot = dotRun<type, Tile, 0, 8>(b, x.quads, x.sums32[i]);
        __m256 sum = _mm256_mul_ps(dot, Tile::scale(b));
        if constexpr (kZeroOf<type, Tile> == 0)
            sum = _mm256_fmadd_ps(Tile::offset(b), _mm256_set1_ps(x.sums32[i]), sum);
        y = _mm256_fmadd_ps(sum, _mm256_set1_ps(x.scales[i]), y);
    }
    return y;
}

template <QuantType type>
__attribute__((flatten)) __m256 gemvTile256(const std::byte* b, std::size_t columns, Activations x) {
    using Tile = Tile256<type>;
    constexpr int kRuns = 256 / Tile::kRun;
    __m256 y = _mm256_setzero_ps();
    for (std::size_t i = 0; i < columns / 256; ++i, b += Tile::kBytes, x.quads += 256) {
        if constexpr (!kInOrder<type>)
            for (std::size_t at = 0; at < Tile::kBytes; at += 64)
                prefetchLine(b + kFetchAhead + at);
        const auto scales = Tile::scales(b);
        const float* sums = Tile::kRun == 16 ? x.sums16 : x.sums32;
        __m256 sum = _mm256_setzero_ps();
        unroll<kRuns>([&]<int r>() ALTIPLANO_INLINE {
            const __m256 dot =
                dotRun<type, Tile, r * Tile::kRun / 4, Tile::kRun / 4>(b, x.quads, sums[kRuns * i + r]);
            sum = _mm256_fmadd_ps(dot, wholeScale<Tile, r>(scales), sum);
        });
        sum = _mm256_mul_ps(sum, Tile::d(b));
        if constexpr (kZeroOf<type, Tile> == 0) {
            const std::int32_t* pairs = (Tile::kRun == 16 ? x.pairs16 : x.pairs32) + kRuns / 2 * i;
            __m256i mins = _mm256_setzero_si256();
            unroll<kRuns / 2>([&]<int j>() ALTIPLANO_INLINE {
                mins = _mm256_dpwssd_epi32(mins, Tile::template min<j>(scales), broadcast(pairs + j));
            });
            sum = _mm256_fnmadd_ps(_mm256_cvtepi32_ps(mins), Tile::dMin(b), sum);
        }
        y = _mm256_fmadd_ps(sum, _mm256_set1_ps(x.scales[i]), y);
    }
    return y;
}

/// Ternary numbers: all of a block are multiplied as integers.
template <QuantType type>
ALTIPLANO_INLINE inline __m256i dotTernary(const std::byte* b, const std::int8_t* x) {
    const auto add = [](__m256i sum, __m256i bytes, const std::int8_t* at)
                         ALTIPLANO_INLINE { return _mm256_dpbusd_epi32(sum, bytes, broadcast(at)); };
    constexpr int kChains = 4; // of a kind
    __m256i even[kChains], odd[kChains];
    unroll<kChains>([&]<int i>() ALTIPLANO_INLINE { even[i] = odd[i] = _mm256_setzero_si256(); });
    if constexpr (type == QuantType::TQ2_0) {
        // Two bits stay where they are in their byte, and their sum is divided by what they then are too
        // much.
        unroll<16>([&]<int i>() ALTIPLANO_INLINE {
            const __m256i bytes = load(b + 32 * i);
            unroll<4>([&]<int bits>() ALTIPLANO_INLINE {
                __m256i& sum = i % 2 ? odd[bits] : even[bits];
                sum = add(sum, bitAnd(bytes, 3 << 2 * bits), x + 128 * (i / 8) + 32 * bits + 4 * (i % 8));
            });
        });
        __m256i sum = _mm256_setzero_si256();
        unroll<4>([&]<int bits>() ALTIPLANO_INLINE {
            const __m256i both = _mm256_add_epi32(even[bits], odd[bits]);
            sum = _mm256_add_epi32(sum, _mm256_srai_epi32(both, 2 * bits));
        });
        return sum;
    } else {
        // A byte is a fraction of 256 whose digits to the base of 3 are wanted. Three times the fraction is
        // the first digit and another fraction, that of the next: digit = (3 * fraction - next) / 256. So
        // both fractions are multiplied, and the digits themselves never come out.
        const auto digits = [&]<int i, int count, int apart>(int first) ALTIPLANO_INLINE {
            __m256i fraction = load(b + 32 * i);
            unroll<count>([&]<int digit>() ALTIPLANO_INLINE {
                const std::int8_t* at = x + first + apart * digit;
                even[i % kChains] = add(even[i % kChains], fraction, at);
                fraction = _mm256_add_epi8(fraction, _mm256_add_epi8(fraction, fraction));
                odd[i % kChains] = add(odd[i % kChains], fraction, at);
            });
        };
        unroll<8>([&]<int i>() ALTIPLANO_INLINE { digits.template operator()<i, 5, 32>(4 * i); });
        unroll<4>([&]<int i>() ALTIPLANO_INLINE { digits.template operator()<8 + i, 5, 16>(160 + 4 * i); });
        digits.template operator()<12, 4, 4>(240);
        unroll<kChains - 1>([&]<int i>() ALTIPLANO_INLINE {
            even[0] = _mm256_add_epi32(even[0], even[i + 1]);
            odd[0] = _mm256_add_epi32(odd[0], odd[i + 1]);
        });
        const __m256i twice = _mm256_add_epi32(even[0], even[0]);
        return _mm256_srai_epi32(_mm256_sub_epi32(_mm256_add_epi32(twice, even[0]), odd[0]), 8);
    }
}

template <QuantType type>
__attribute__((flatten)) __m256 gemvTileTernary(const std::byte* b, std::size_t columns, Activations x) {
    using Tile = Tile256<type>;
    __m256 y = _mm256_setzero_ps();
    for (std::size_t i = 0; i < columns / 256; ++i, b += Tile::kBytes, x.quads += 256, x.pairs32 += 4) {
        __m256i dot = dotTernary<type>(b, x.quads);
        unroll<4>([&]<int j>() ALTIPLANO_INLINE { // 1 stands for zero
            dot = _mm256_dpwssd_epi32(dot, _mm256_set1_epi16(-1), broadcast(x.pairs32 + j));
        });
        const __m256 sum = _mm256_mul_ps(_mm256_cvtepi32_ps(dot), Tile::d(b));
        y = _mm256_fmadd_ps(sum, _mm256_set1_ps(x.scales[i]), y);
    }
    return y;
}

/// Adds up as multiplyFloats does.
template <QuantType type>
__m256 gemvTileFloat(const std::byte* tile, std::size_t columns, const float* x) {
    __m256 y = _mm256_setzero_ps();
    std::size_t k = 0;
    while (k < columns) {
        const std::size_t end = columns - k < kFloatRun ? columns : k + kFloatRun;
        __m256 sums[kFloatChains];
        unroll<kFloatChains>([&]<int i>() ALTIPLANO_INLINE { sums[i] = _mm256_setzero_ps(); });
        for (; k + kFloatChains <= end; k += kFloatChains)
            unroll<kFloatChains>([&]<int i>() ALTIPLANO_INLINE {
                sums[i] = _mm256_fmadd_ps(column<type>(tile, k + i), _mm256_set1_ps(x[k + i]), sums[i]);
            });
        for (; k < end; ++k)
            sums[0] = _mm256_fmadd_ps(column<type>(tile, k), _mm256_set1_ps(x[k]), sums[0]);
        y = _mm256_add_ps(y, _mm256_add_ps(sums[0], sums[1]));
    }
    return y;
}

template <QuantType type>
void gemvTiles(const std::byte* tiles, std::size_t count, std::size_t columns, const Activations& x,
               float* y) {
    const std::size_t bytes = tileBytes(type, columns);
    const auto one = [&](const std::byte* tile) ALTIPLANO_INLINE {
        if constexpr (formatOf(type) == kFloat)
            return gemvTileFloat<type>(tile, columns, x.floats);
        else if constexpr (formatOf(type) == kInt8)
            return gemvTile32<type>(tile, columns, x);
        else if constexpr (type == QuantType::TQ1_0 || type == QuantType::TQ2_0)
            return gemvTileTernary<type>(tile, columns, x);
        else
            return gemvTile256<type>(tile, columns, x);
    };
    for (std::size_t i = 0; i < count; ++i)
        _mm256_storeu_ps(y + 8 * i, one(tiles + i * bytes));
}

} // namespace

void gemvAvx512(const PackedMatrix& matrix, std::size_t firstTile, std::size_t count,
                const std::byte* activations, float* y) {
    const ActivationLayout layout(formatOf(matrix.type), matrix.columns, 1);
    withType(matrix.type, [&]<QuantType type>() {
        gemvTiles<type>(matrix.tile(firstTile), count, matrix.columns, layout.at(activations, 0, 0), y);
    });
}

} // namespace altiplano::kernels
