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

/// Tiles of float weights that are multiplied at once: each adds up in one chain, as in a gemm.
constexpr std::size_t kFloatTiles = 8;

/// What stands for zero in the unsigned bytes that `quad` gives.
template <QuantType type, typename Tile>
constexpr int kZeroOf = Tile::kLargest == 0 ? 128 : Unpack<type>::kZero;

/// The dot product of quads [first, first + count) with a row's, exact: what stands for zero is taken off.
template <QuantType type, typename Tile, int first, int count>
ALTIPLANO_INLINE inline __m256 dotRun(const std::byte* b, const std::int8_t* x, float xSum) {
    __m256i dot = _mm256_setzero_si256();
    unroll<count>([&]<int j>() ALTIPLANO_INLINE {
        __m256i quad = Tile::template quad<first + j>(b);
        if constexpr (Tile::kLargest == 0) quad = _mm256_xor_si256(quad, _mm256_set1_epi8(-128));
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

template <QuantType type, int n>
void gemvFloats(const std::byte* tiles, std::size_t columns, const float* x, float* y) {
    constexpr std::size_t kBytes = type == QuantType::F32 ? 32 : 16; // of a column
    __m256 sums[n];
    unroll<n>([&]<int i>() ALTIPLANO_INLINE { sums[i] = _mm256_setzero_ps(); });
    for (std::size_t k = 0; k < columns; ++k)
        unroll<n>([&]<int i>() ALTIPLANO_INLINE {
            const std::byte* tile = tiles + i * columns * kBytes;
            sums[i] = _mm256_fmadd_ps(column<type>(tile, k), _mm256_set1_ps(x[k]), sums[i]);
        });
    unroll<n>([&]<int i>() ALTIPLANO_INLINE { _mm256_storeu_ps(y + 8 * i, sums[i]); });
}

template <QuantType type>
void gemvTiles(const std::byte* tiles, std::size_t count, std::size_t columns, const Activations& x,
               float* y) {
    const std::size_t bytes = tileBytes(type, columns);
    if constexpr (formatOf(type) == kFloat) {
        for (; count >= kFloatTiles; count -= kFloatTiles, tiles += kFloatTiles * bytes, y += 8 * kFloatTiles)
            gemvFloats<type, kFloatTiles>(tiles, columns, x.floats, y);
        for (; count > 0; --count, tiles += bytes, y += 8)
            gemvFloats<type, 1>(tiles, columns, x.floats, y);
    } else {
        for (std::size_t i = 0; i < count; ++i, tiles += bytes)
            if constexpr (formatOf(type) == kInt8)
                _mm256_storeu_ps(y + 8 * i, gemvTile32<type>(tiles, columns, x));
            else
                _mm256_storeu_ps(y + 8 * i, gemvTile256<type>(tiles, columns, x));
    }
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
