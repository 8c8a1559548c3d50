#include "cpu/matmul.h"

#include "cpu/activations_avx512.h"
#include "cpu/gemv_avx512.h"
#include "cpu/strips_avx512.h"
#include "cpu/tiles256_avx2.h"
#include "cpu/tiles_avx512.h"
#include "cpu/with_type.h"

namespace altiplano::kernels {
namespace {

/// Columns that a gemm unpacks at a time; a multiple of every block's length. The unpacked weights of 16 rows
/// then stay in the first-level cache.
constexpr std::size_t kStretch = 1024, kFloatStretch = 512;

/// 16 rows of unpacked weights, in the scratch memory of a thread. Here the weights are the signed bytes and
/// the activations the unsigned ones, 128 higher than they are: what is too much then depends on the weights
/// alone, so that a run's sums start from it and no row has to take its weights' zero off.
struct Panel {
    union {
        __m512i quads[kStretch / 4];
        __m512 columns[kFloatStretch];
    };
    __m512i start[kStretch / 16]; ///< of the sums of a run of columns
    __m512 scale[kStretch / 16];  ///< of a run; in blocks of 256 still to be multiplied by d
    __m512 offset[kStretch / 32]; ///< of a block of 32
    __m512 d[kStretch / 256], dMin[kStretch / 256]; ///< of a block of 256
    __m512i mins[kStretch / 32];                    ///< of two runs of a block of 256, as int16
};

static_assert(sizeof(Panel) <= kPanelBytes);

ALTIPLANO_INLINE inline __m512i broadcastDword(const void* p) {
    std::int32_t bits;
    __builtin_memcpy(&bits, p, 4);
    return _mm512_set1_epi32(bits);
}

/// The same of both tiles of a strip.
template <typename Of>
ALTIPLANO_INLINE inline __m512 floatsOf(Strip p, Of of) {
    return _mm512_insertf32x8(_mm512_castps256_ps512(of(p.low)), of(p.high), 1);
}

/// The scales of a strip's block of 256, and its minimums where it has such.
template <QuantType type>
ALTIPLANO_INLINE inline void unpackScales(Strip p, std::size_t block, Panel& panel) {
    using Tile = Tile256<type>;
    constexpr int kRuns = 256 / Tile::kRun;
    const auto low = Tile::scales(p.low), high = Tile::scales(p.high);
    unroll<kRuns>([&]<int r>() ALTIPLANO_INLINE {
        const __m256 scale = wholeScale<Tile, r>(low), above = wholeScale<Tile, r>(high);
        panel.scale[kRuns * block + r] = _mm512_insertf32x8(_mm512_castps256_ps512(scale), above, 1);
    });
    panel.d[block] = floatsOf(p, [](const std::byte* b) ALTIPLANO_INLINE { return Tile::d(b); });
    if constexpr (Unpack<type>::kZero == 0) {
        panel.dMin[block] = floatsOf(p, [](const std::byte* b) ALTIPLANO_INLINE { return Tile::dMin(b); });
        unroll<kRuns / 2>([&]<int i>() ALTIPLANO_INLINE {
            panel.mins[kRuns / 2 * block + i] = _mm512_inserti64x4(
                _mm512_castsi256_si512(Tile::template min<i>(low)), Tile::template min<i>(high), 1);
        });
    }
}

template <QuantType type>
__attribute__((flatten)) void unpackStretch(Strip p, std::size_t columns, Ahead ahead, Panel& panel) {
    using Type = Unpack<type>;
    const std::size_t bytes = kTileRows * quantTraits(type).blockBytes;
    __m512i *quads = panel.quads, *start = panel.start;
    const __m512i zero = _mm512_set1_epi8(static_cast<char>(Type::kZero)), shift = _mm512_set1_epi8(-128);
    for (std::size_t k = 0; k < columns; k += 32 * Type::kSteps) {
        if constexpr (formatOf(type) == kInt8)
            Type::scales(p, panel.scale + k / 32, panel.offset + k / 32);
        else
            unpackScales<type>(p, k / 256, panel);
        ahead.prefetch(p, bytes);
        ahead.pass(bytes);
        for (int part = 0; part < Type::kSteps / Type::kShared; ++part) {
            constexpr int kRuns = Type::kRuns, kQuads = 8 / kRuns;
            __m512i tooMuch[kRuns * Type::kShared];
            unroll<8>([&]<int j>() ALTIPLANO_INLINE {
                __m512i u[Type::kShared];
                Type::template quads<j>(p, part, u);
                unroll<Type::kShared>([&]<int i>() ALTIPLANO_INLINE {
                    const __m512i weights = quads[8 * i + j] = _mm512_sub_epi8(u[i], zero);
                    __m512i& sum = tooMuch[kRuns * i + j / kQuads];
                    sum = _mm512_dpbusd_epi32(j % kQuads == 0 ? _mm512_setzero_si512() : sum, shift, weights);
                });
            });
            unroll<kRuns * Type::kShared>([&]<int r>() ALTIPLANO_INLINE {
                start[r] = _mm512_sub_epi32(_mm512_setzero_si512(), tooMuch[r]);
            });
            quads += 8 * Type::kShared, start += kRuns * Type::kShared;
        }
        p = p.at(bytes);
    }
}

/// The dot products of a run of quads with the first n rows of a group, exact.
template <int quads, int n>
ALTIPLANO_INLINE inline void dotRun(const __m512i* panel, __m512i start, const std::int8_t* x,
                                    __m512i (&dot)[n]) {
    unroll<n>([&]<int t>() ALTIPLANO_INLINE { dot[t] = start; });
    unroll<quads>([&]<int j>() ALTIPLANO_INLINE {
        const __m512i w = panel[j];
        unroll<n>([&]<int t>() ALTIPLANO_INLINE {
            dot[t] = _mm512_dpbusd_epi32(dot[t], broadcastDword(x + 4 * (j * kGroupRows + t)), w);
            asm volatile("" : "+v"(dot[t])); // keep the order: else g++ hoists loads and spills
        });
    });
}

/// c[row][0 .. 16) += the panel times the first `rows` <= n rows of a group, for types with blocks of 32.
template <bool offsets, int n>
void multiply32(const Panel& panel, std::size_t columns, Activations x, std::size_t rows, float* c) {
    __m512 y[n];
    loadRows<n>(c, rows, y);
    for (std::size_t b = 0; b < columns / 32; ++b) {
        __m512i dot[n];
        dotRun<8>(panel.quads + 8 * b, panel.start[b], x.quads, dot);
        const __m512 scale = panel.scale[b], offset = panel.offset[b];
        unroll<n>([&]<int t>() ALTIPLANO_INLINE {
            __m512 sum = _mm512_mul_ps(_mm512_cvtepi32_ps(dot[t]), scale);
            if constexpr (offsets) sum = _mm512_fmadd_ps(offset, _mm512_set1_ps(x.sums32[t]), sum);
            y[t] = _mm512_fmadd_ps(sum, _mm512_set1_ps(x.scales[t]), y[t]);
        });
        x.quads += 32 * kGroupRows, x.scales += kGroupRows, x.sums32 += kGroupRows;
    }
    storeRows<n>(y, rows, c);
}

/// The same for types with blocks of 256, which have scales for each `run` columns.
template <int run, bool offsets, int n>
void multiply256(const Panel& panel, std::size_t columns, Activations x, std::size_t rows, float* c) {
    constexpr int kRuns = 256 / run;
    const __m512i* quads = panel.quads;
    const std::int32_t* pairs = run == 16 ? x.pairs16 : x.pairs32;
    for (std::size_t b = 0; b < columns / 256; ++b, x.scales += kGroupRows) {
        __m512 sum[n];
        unroll<n>([&]<int t>() ALTIPLANO_INLINE { sum[t] = _mm512_setzero_ps(); });
        for (std::size_t r = kRuns * b; r < kRuns * (b + 1); ++r, quads += run / 4) {
            __m512i dot[n];
            dotRun<run / 4>(quads, panel.start[r], x.quads, dot);
            const __m512 scale = panel.scale[r];
            unroll<n>([&]<int t>() ALTIPLANO_INLINE {
                sum[t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dot[t]), scale, sum[t]);
            });
            x.quads += run * kGroupRows;
        }
        unroll<n>([&]<int t>() ALTIPLANO_INLINE { sum[t] = _mm512_mul_ps(sum[t], panel.d[b]); });
        if constexpr (offsets) {
            const __m512i* mins = panel.mins + kRuns / 2 * b;
            unroll<n>([&]<int t>() ALTIPLANO_INLINE {
                __m512i all = _mm512_setzero_si512();
                unroll<kRuns / 2>([&]<int i>() ALTIPLANO_INLINE {
                    all = _mm512_dpwssd_epi32(all, mins[i], broadcastDword(pairs + i * kGroupRows + t));
                });
                sum[t] = _mm512_fnmadd_ps(_mm512_cvtepi32_ps(all), panel.dMin[b], sum[t]);
            });
            pairs += kRuns / 2 * kGroupRows;
        }
        __m512 y[n]; // beside the sums too many for registers
        loadRows<n>(c, rows, y);
        unroll<n>([&]<int t>() ALTIPLANO_INLINE {
            y[t] = _mm512_fmadd_ps(sum[t], _mm512_set1_ps(x.scales[t]), y[t]);
        });
        storeRows<n>(y, rows, c);
    }
}

template <QuantType type>
void unpackFloats(Strip p, std::size_t first, std::size_t columns, Ahead ahead, Panel& panel) {
    constexpr std::size_t kBytes = type == QuantType::F32 ? 32 : 16, kTogether = 64 / kBytes;
    for (std::size_t k = 0; k < columns; ++k) {
        if (k % kTogether == 0) {
            ahead.prefetch(p.at((first + k) * kBytes), 64);
            ahead.pass(64);
        }
        panel.columns[k] = column<type>(p, first + k);
    }
}

template <int n>
void multiplyFloats(const Panel& panel, std::size_t columns, const float* x, std::size_t rows, float* c) {
    std::size_t k = 0;
    while (k < columns) {
        const std::size_t end = columns - k < kFloatRun ? columns : k + kFloatRun;
        __m512 sums[kFloatChains][n];
        const auto add = [&]<int i>() ALTIPLANO_INLINE {
            const __m512 w = panel.columns[k];
            unroll<n>([&]<int t>() ALTIPLANO_INLINE {
                sums[i][t] = _mm512_fmadd_ps(w, _mm512_set1_ps(x[t]), sums[i][t]);
            });
            ++k, x += kGroupRows;
        };
        unroll<kFloatChains>([&]<int i>() ALTIPLANO_INLINE {
            unroll<n>([&]<int t>() ALTIPLANO_INLINE { sums[i][t] = _mm512_setzero_ps(); });
        });
        while (k + kFloatChains <= end)
            unroll<kFloatChains>([&]<int i>() ALTIPLANO_INLINE { add.template operator()<i>(); });
        while (k < end)
            add.template operator()<0>();
        __m512 y[n];
        loadRows<n>(c, rows, y);
        unroll<n>([&]<int t>() ALTIPLANO_INLINE {
            y[t] = _mm512_add_ps(y[t], _mm512_add_ps(sums[0][t], sums[1][t]));
        });
        storeRows<n>(y, rows, c);
    }
}

/// Unpacks columns [first, first + columns) of a strip (block by block: of tiles that start at `first`).
template <QuantType type>
ALTIPLANO_INLINE inline void unpack(Strip p, std::size_t first, std::size_t columns, Ahead ahead,
                                    Panel& panel) {
    if constexpr (formatOf(type) == kFloat)
        unpackFloats<type>(p, first, columns, ahead, panel);
    else
        unpackStretch<type>(p.at(tileBytes(type, first)), columns, ahead, panel);
}

template <QuantType type>
ALTIPLANO_INLINE inline void multiply(const Panel& panel, std::size_t columns, const Activations& x,
                                      std::size_t rows, float* c) {
    forRows(rows, [&]<int n>() ALTIPLANO_INLINE {
        if constexpr (formatOf(type) == kFloat)
            multiplyFloats<n>(panel, columns, x.floats, rows, c);
        else if constexpr (formatOf(type) == kInt8)
            multiply32<Unpack<type>::kZero == 0, n>(panel, columns, x, rows, c);
        else
            multiply256<Tile256<type>::kRun, Unpack<type>::kZero == 0, n>(panel, columns, x, rows, c);
    });
}

std::size_t activationBytes(std::uint8_t format, std::size_t columns, std::size_t rows) {
    return ActivationLayout(static_cast<Format>(format), columns, rows).bytes(rows);
}

void pack(std::uint8_t format, const float* x, std::size_t columns, std::size_t rows, std::size_t first,
          std::size_t count, std::byte* activations) {
    const ActivationLayout layout(static_cast<Format>(format), columns, rows);
    const std::size_t n = layout.interleaved();
    for (std::size_t row = first; row < first + count; ++row) {
        const float* from = x + (row - first) * columns;
        if (format == kFloat) {
            auto* to = const_cast<float*>(layout.at(activations, row, 0).floats) + row % n;
            for (std::size_t k = 0; k < columns; ++k)
                to[n * k] = from[k];
        } else if (format == kInt8) {
            for (std::size_t k = 0; k < columns; k += 32)
                packBlock<32>(from + k, layout.at(activations, row, k), row % n, n);
        } else {
            for (std::size_t k = 0; k < columns; k += 256)
                packBlock<256>(from + k, layout.at(activations, row, k), row % n, n);
        }
    }
}

template <QuantType type>
void gemmOf(const PackedMatrix& matrix, std::size_t firstTile, std::size_t tiles,
            const std::byte* activations, std::size_t rows, std::size_t first, std::size_t count, float* c,
            std::byte* scratch) {
    const ActivationLayout layout(formatOf(type), matrix.columns, rows);
    const std::size_t wholeTile = tileBytes(type, matrix.columns);
    constexpr std::size_t kLength = formatOf(type) == kFloat ? kFloatStretch : kStretch;
    Panel& panel = *reinterpret_cast<Panel*>(scratch);
    __builtin_memset(c, 0, count * 8 * kGemmTiles * sizeof(float));
    forStretches(
        tiles, matrix.columns, kLength, count, [&](std::size_t i, std::size_t k, std::size_t columns) {
            const Ahead ahead(wholeTile, wholeTile * k / matrix.columns);
            unpack<type>(stripOf(matrix, firstTile + i, firstTile + tiles), k, columns, ahead, panel);
            for (std::size_t row = 0; row < count; row += kGroupRows) {
                const std::size_t left = count - row;
                multiply<type>(panel, columns, layout.at(activations, first + row, k),
                               left < kGroupRows ? left : kGroupRows, c + 8 * (row * kGemmTiles + i));
            }
        });
}

void gemm(const PackedMatrix& matrix, std::size_t firstTile, std::size_t tiles, const std::byte* activations,
          std::size_t rows, std::size_t first, std::size_t count, float* c, std::byte* scratch) {
    if (rows == 1) return gemvAvx512(matrix, firstTile, tiles, activations, c);
    withType(matrix.type, [&]<QuantType type>() {
        gemmOf<type>(matrix, firstTile, tiles, activations, rows, first, count, c, scratch);
    });
}

} // namespace

const MatmulKernels kAvx512Matmul{
    .format = [](QuantType type) -> std::uint8_t { return formatOf(type); },
    .formats = kFormats,
    .groupRows = kGroupRows,
    .gemmTiles = kGemmTiles,
    .activationBytes = activationBytes,
    .scratchBytes = kPanelBytes,
    .pack = pack,
    .gemv = gemvAvx512,
    .gemm = gemm,
};

} // namespace altiplano::kernels
