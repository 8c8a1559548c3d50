#pragma once

// Only for *_avx2.cpp: the matrix-matrix product of two tiles (16 rows) with groups of activation rows. A
// stretch of the tiles' columns is unpacked into a panel in the first-level cache, then multiplied by every
// group.

#include "cpu/activations_avx2.h"
#include "cpu/tiles256_avx2.h"
#include "cpu/tiles32_avx2.h"

namespace altiplano::kernels {
namespace {

/// Tiles of one gemm call, and so the distance of two rows of its result.
constexpr std::size_t kGemmTiles = 8, kWidth = 8 * kGemmTiles;

constexpr std::size_t kPanelColumns = 512;
constexpr std::size_t kFloatPanelColumns = 256;

/// The unpacked stretch. The middle index is the tile.
struct alignas(64) Panel {
    std::byte quads[kPanelColumns / 4][2][32];
    std::byte magnitudes[kPanelColumns / 4][2][32]; ///< of the quads of signed types
    float scale[kPanelColumns / 32][2][8];          ///< of a block of 32, or of 256 (then: d)
    float offset[kPanelColumns / 32][2][8];         ///< likewise (then: -dMin)
    std::int16_t scales[kPanelColumns / 16][2][16]; ///< of the runs of a superblock, each twice
    std::int16_t mins[kPanelColumns / 32][2][16];   ///< of two neighbouring runs
};

struct alignas(64) FloatPanel {
    float columns[kFloatPanelColumns][2][8];
};

/// Products of bytes up to `largest` and activations up to 127 that an int16 can sum: a power of two.
constexpr int quadsPerSum(int largest) {
    int quads = 1;
    while (largest != 0 && 2 * quads * 254 * largest <= 32767)
        quads *= 2;
    return quads;
}

template <int largest>
ALTIPLANO_INLINE inline void putQuad(Panel& panel, std::size_t index, int tile, __m256i quad) {
    store(panel.quads[index][tile], quad);
    if constexpr (largest == 0) store(panel.magnitudes[index][tile], _mm256_abs_epi8(quad));
}

template <typename Tile>
__attribute__((flatten)) void unpack32(const std::byte* tile, int side, std::size_t columns, Panel& panel) {
    for (std::size_t b = 0; b < columns / 32; ++b, tile += Tile::kBytes) {
        _mm256_store_ps(panel.scale[b][side], Tile::scale(tile));
        if constexpr (Tile::kLargest != 0) _mm256_store_ps(panel.offset[b][side], Tile::offset(tile));
        unroll<8>([&]<int j>() ALTIPLANO_INLINE {
            putQuad<Tile::kLargest>(panel, 8 * b + j, side, Tile::template quad<j>(tile));
        });
    }
}

template <typename Tile>
__attribute__((flatten)) void unpack256(const std::byte* tile, int side, std::size_t columns, Panel& panel) {
    constexpr int kRuns = 256 / Tile::kRun;
    for (std::size_t b = 0; b < columns / 256; ++b, tile += Tile::kBytes) {
        const auto scales = Tile::scales(tile);
        unroll<kRuns>([&]<int s>() ALTIPLANO_INLINE {
            store(panel.scales[kRuns * b + s][side], Tile::template scale<s>(scales));
        });
        _mm256_store_ps(panel.scale[b][side], Tile::d(tile));
        if constexpr (Tile::kLargest != 0 && !kCentered<Tile>) {
            unroll<kRuns / 2>([&]<int i>() ALTIPLANO_INLINE {
                store(panel.mins[kRuns / 2 * b + i][side], Tile::template min<i>(scales));
            });
            _mm256_store_ps(panel.offset[b][side], _mm256_sub_ps(_mm256_setzero_ps(), Tile::dMin(tile)));
        }
        unroll<64>([&]<int q>() ALTIPLANO_INLINE {
            putQuad<Tile::kLargest>(panel, 64 * b + q, side, Tile::template quad<q>(tile));
        });
    }
}

/// The dot products of a run of `quads` quads from `first` on with n rows, for both tiles, each pair of
/// products multiplied by a factor (a scale twice, or ones): left[t] and right[t], int32. Unsigned quads are
/// summed in int16 as long as that is exact, since all vector units are busy and widening each product would
/// cost 1.7 times as much; signed ones have no room for that.
template <int largest, int quads, int n>
ALTIPLANO_INLINE inline void dotRun(const Panel& panel, std::size_t first, const std::int8_t* x,
                                    __m256i factorLeft, __m256i factorRight, __m256i (&left)[n],
                                    __m256i (&right)[n]) {
    if constexpr (largest == 0) {
        unroll<quads>([&]<int j>() ALTIPLANO_INLINE {
            const auto& quad = panel.quads[first + j];
            const __m256i a = load(panel.magnitudes[first + j][0]), b = load(panel.magnitudes[first + j][1]);
            unroll<n>([&]<int t>() ALTIPLANO_INLINE {
                const __m256i v = broadcast(x + 4 * (j * n + t));
                const __m256i l = _mm256_maddubs_epi16(a, _mm256_sign_epi8(v, load(quad[0])));
                const __m256i r = _mm256_maddubs_epi16(b, _mm256_sign_epi8(v, load(quad[1])));
                const __m256i wideL = _mm256_madd_epi16(l, factorLeft),
                              wideR = _mm256_madd_epi16(r, factorRight);
                left[t] = j == 0 ? wideL : _mm256_add_epi32(left[t], wideL);
                right[t] = j == 0 ? wideR : _mm256_add_epi32(right[t], wideR);
                pin(left[t]);
                pin(right[t]);
            });
        });
    } else {
        constexpr int kSum = quadsPerSum(largest) < quads ? quadsPerSum(largest) : quads;
        unroll<quads / kSum>([&]<int i>() ALTIPLANO_INLINE {
            __m256i sumL[n], sumR[n];
            unroll<kSum>([&]<int j>() ALTIPLANO_INLINE {
                const auto& quad = panel.quads[first + i * kSum + j];
                const __m256i a = load(quad[0]), b = load(quad[1]);
                unroll<n>([&]<int t>() ALTIPLANO_INLINE {
                    const __m256i v = broadcast(x + 4 * ((i * kSum + j) * n + t));
                    const __m256i l = _mm256_maddubs_epi16(a, v), r = _mm256_maddubs_epi16(b, v);
                    sumL[t] = j == 0 ? l : _mm256_add_epi16(sumL[t], l);
                    sumR[t] = j == 0 ? r : _mm256_add_epi16(sumR[t], r);
                    pin(sumL[t]);
                    pin(sumR[t]);
                });
            });
            unroll<n>([&]<int t>() ALTIPLANO_INLINE {
                const __m256i l = _mm256_madd_epi16(sumL[t], factorLeft),
                              r = _mm256_madd_epi16(sumR[t], factorRight);
                left[t] = i == 0 ? l : _mm256_add_epi32(left[t], l);
                right[t] = i == 0 ? r : _mm256_add_epi32(right[t], r);
            });
        });
    }
}

/// c[row][0 .. 16) += panel * activations, for types with blocks of 32; rows of c are kWidth apart.
template <int largest, int n>
void multiply32(const Panel& panel, std::size_t columns, Activations x, float* c) {
    const __m256i ones = _mm256_set1_epi16(1);
    for (std::size_t b = 0; b < columns / 32; ++b, x.quads += 32 * n, x.scales += n, x.sums += n) {
        __m256i left[n], right[n];
        dotRun<largest, 8, n>(panel, 8 * b, x.quads, ones, ones, left, right);
        const auto add = [&](__m256i sum, int side, int t) ALTIPLANO_INLINE {
            float* to = c + kWidth * t + 8 * side;
            __m256 y = _mm256_load_ps(to);
            if constexpr (largest != 0)
                y = _mm256_fmadd_ps(_mm256_load_ps(panel.offset[b][side]), _mm256_set1_ps(x.sums[t]), y);
            const __m256 scaled =
                _mm256_mul_ps(_mm256_cvtepi32_ps(sum), _mm256_load_ps(panel.scale[b][side]));
            _mm256_store_ps(to, _mm256_fmadd_ps(scaled, _mm256_set1_ps(x.scales[t]), y));
        };
        unroll<n>([&]<int t>() ALTIPLANO_INLINE {
            add(left[t], 0, t);
            add(right[t], 1, t);
        });
    }
}

/// Adds the dot products of a run of four quads with n rows, times its scale, to left[t] and right[t]. The
/// quads' zero is 32, which the rows' `starts` take off; so the sums fit an int16 (8 * 32 * 127), although on
/// the way there they may wrap around.
template <int n>
ALTIPLANO_INLINE inline void addCenteredRun(const Panel& panel, std::size_t first, const std::int8_t* x,
                                            const std::int32_t* starts, __m256i scaleLeft, __m256i scaleRight,
                                            __m256i (&left)[n], __m256i (&right)[n]) {
    __m256i sumL[n], sumR[n];
    unroll<4>([&]<int j>() ALTIPLANO_INLINE {
        const auto& quad = panel.quads[first + j];
        const __m256i a = load(quad[0]), b = load(quad[1]);
        unroll<n>([&]<int t>() ALTIPLANO_INLINE {
            if constexpr (j == 0) sumL[t] = sumR[t] = broadcast(starts + t);
            const __m256i v = broadcast(x + 4 * (j * n + t));
            sumL[t] = _mm256_add_epi16(sumL[t], _mm256_maddubs_epi16(a, v));
            sumR[t] = _mm256_add_epi16(sumR[t], _mm256_maddubs_epi16(b, v));
            pin(sumL[t]);
            pin(sumR[t]);
        });
    });
    unroll<n>([&]<int t>() ALTIPLANO_INLINE {
        left[t] = _mm256_add_epi32(left[t], _mm256_madd_epi16(sumL[t], scaleLeft));
        right[t] = _mm256_add_epi32(right[t], _mm256_madd_epi16(sumR[t], scaleRight));
    });
}

/// The same for types with superblocks of 256 that have a scale for each `run` columns.
template <int largest, int run, bool centered, int n>
void multiply256(const Panel& panel, std::size_t columns, Activations x, float* c) {
    constexpr int kRuns = 256 / run;
    for (std::size_t b = 0; b < columns / 256; ++b, x.scales += n, x.pairs16 += 8 * n, x.pairs32 += 4 * n) {
        __m256i left[n], right[n]; // beside a run's sums too many for registers: added to in memory
        unroll<n>([&]<int t>() ALTIPLANO_INLINE { left[t] = right[t] = _mm256_setzero_si256(); });
        for (std::size_t s = kRuns * b; s < kRuns * (b + 1); ++s, x.quads += run * n) {
            if constexpr (centered) {
                addCenteredRun<n>(panel, run / 4 * s, x.quads, x.starts, load(panel.scales[s][0]),
                                  load(panel.scales[s][1]), left, right);
                x.starts += n;
                continue;
            }
            __m256i l[n], r[n];
            dotRun<largest, run / 4, n>(panel, run / 4 * s, x.quads, load(panel.scales[s][0]),
                                        load(panel.scales[s][1]), l, r);
            unroll<n>([&]<int t>() ALTIPLANO_INLINE {
                left[t] = _mm256_add_epi32(left[t], l[t]);
                right[t] = _mm256_add_epi32(right[t], r[t]);
            });
        }
        const std::int32_t* pairs = run == 16 ? x.pairs16 : x.pairs32;
        const auto add = [&](__m256i sum, int side, int t) ALTIPLANO_INLINE {
            __m256 y = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), _mm256_load_ps(panel.scale[b][side]));
            if constexpr (largest != 0 && !centered) {
                __m256i mins = _mm256_setzero_si256();
                unroll<kRuns / 2>([&]<int i>() ALTIPLANO_INLINE {
                    const __m256i min = load(panel.mins[kRuns / 2 * b + i][side]);
                    mins = _mm256_add_epi32(mins, _mm256_madd_epi16(min, broadcast(pairs + i * n + t)));
                });
                y = _mm256_fmadd_ps(_mm256_cvtepi32_ps(mins), _mm256_load_ps(panel.offset[b][side]), y);
            }
            float* to = c + kWidth * t + 8 * side;
            _mm256_store_ps(to, _mm256_fmadd_ps(y, _mm256_set1_ps(x.scales[t]), _mm256_load_ps(to)));
        };
        unroll<n>([&]<int t>() ALTIPLANO_INLINE {
            add(left[t], 0, t);
            add(right[t], 1, t);
        });
    }
}

/// The same for floats.
template <int n>
void multiplyFloats(const FloatPanel& panel, std::size_t columns, const float* x, float* c) {
    __m256 left[n], right[n];
    unroll<n>([&]<int t>() ALTIPLANO_INLINE {
        left[t] = _mm256_load_ps(c + kWidth * t);
        right[t] = _mm256_load_ps(c + kWidth * t + 8);
    });
    for (std::size_t k = 0; k < columns; ++k, x += n) {
        const __m256 a = _mm256_load_ps(panel.columns[k][0]), b = _mm256_load_ps(panel.columns[k][1]);
        unroll<n>([&]<int t>() ALTIPLANO_INLINE {
            const __m256 v = _mm256_broadcast_ss(x + t);
            left[t] = _mm256_fmadd_ps(a, v, left[t]);
            right[t] = _mm256_fmadd_ps(b, v, right[t]);
        });
    }
    unroll<n>([&]<int t>() ALTIPLANO_INLINE {
        _mm256_store_ps(c + kWidth * t, left[t]);
        _mm256_store_ps(c + kWidth * t + 8, right[t]);
    });
}

} // namespace
} // namespace altiplano::kernels
