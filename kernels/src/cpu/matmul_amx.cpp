#include "cpu/matmul.h"

#include "cpu/simd_amx.h"
#include "cpu/tiles_avx512.h"

// Prompts on AMX: weights and activations become bfloat16, and TDPBF16PS sums their products in float32. A
// weight is unpacked once for all rows of a batch, so that unlike int8 tiles (whose sums have to be scaled
// block by block) the inner loop does nothing but multiply. Rounding to bfloat16 costs less accuracy than
// quantizing activations to int8 does.

namespace altiplano::kernels {
namespace {

/// Tiles of 8 rows in one gemm call. The results of 512 rows (twice: gate and up) fit the second-level cache.
constexpr std::size_t kGemmTiles = 16, kWidth = 8 * kGemmTiles;

/// Most AMX tiles along the columns of a slab: 32 rows of its weights stay in the first-level cache.
constexpr std::size_t kSlabTiles = 20;

/// How far ahead of its use a weight is fetched, bytes.
constexpr std::size_t kPrefetch = 1024;

/// Columns are cut into slabs of nearly equal length. The packed rows lie slab by slab, each an array of AMX
/// tiles [rows / 16][columns of the slab / 32], so that what a panel of weights is multiplied by is
/// contiguous: its lines then spread over all sets of the second-level cache.
struct Slabs {
    std::size_t tiles; ///< of all columns
    std::size_t slab;  ///< tiles of a slab but the last; whole blocks of 256 columns where those divide

    ALTIPLANO_INLINE explicit Slabs(std::size_t columns) : tiles((columns + 31) / 32), slab(tiles) {
        if (tiles <= kSlabTiles) return;
        constexpr std::size_t kUsual = 16;
        const std::size_t count = (tiles + kUsual - 1) / kUsual;
        slab = columns % 256 == 0 ? kUsual : (tiles + count - 1) / count;
    }

    ALTIPLANO_INLINE std::size_t length(std::size_t firstTile) const {
        return tiles - firstTile < slab ? tiles - firstTile : slab;
    }
};

struct Scratch {
    std::byte weights[2 * kSlabTiles * kTileBytes]; ///< of 32 rows
    float edge[kTileSide * kWidth];                 ///< results of a last group of less than 16 rows
};

/// Fetches memory into the second-level cache, a few lines at a time between other work.
struct Fetch {
    const std::byte* at;
    std::size_t lines; ///< each time

    ALTIPLANO_INLINE void some() {
        for (std::size_t i = 0; i < lines; ++i, at += 64)
            _mm_prefetch(reinterpret_cast<const char*>(at), _MM_HINT_T1);
    }
    ALTIPLANO_INLINE Fetch after(std::size_t times) const { return {at + times * lines * 64, lines}; }
};

/// c [16 a x 16 b floats] = or += activation tiles times weight tiles, `tiles` along the columns. Activations
/// stream from the second-level cache, past the first, where the weights stay.
template <int a, int b>
void multiply(const std::byte* x, std::size_t xStride, const std::byte* w, std::size_t wStride,
              std::size_t tiles, float* c, bool add, Fetch fetch) {
    constexpr std::size_t kStride = kWidth * sizeof(float);
    float* below = c + kTileSide * kWidth;
    finishStores();
    if (add) {
        _tile_loadd(0, c, kStride);
        if constexpr (b == 2) _tile_loadd(1, c + 16, kStride);
        if constexpr (a == 2) _tile_loadd(2, below, kStride);
        if constexpr (a == 2 && b == 2) _tile_loadd(3, below + 16, kStride);
    } else {
        _tile_zero(0);
        _tile_zero(1);
        _tile_zero(2);
        _tile_zero(3);
    }
    for (std::size_t i = 0; i < tiles; ++i, x += kTileBytes, w += kTileBytes) {
        fetch.some();
        _tile_stream_loadd(4, x, 64);
        _tile_loadd(6, w, 64);
        _tile_dpbf16ps(0, 4, 6);
        if constexpr (b == 2) {
            _tile_loadd(7, w + wStride, 64);
            _tile_dpbf16ps(1, 4, 7);
        }
        if constexpr (a == 2) {
            _tile_stream_loadd(5, x + xStride, 64);
            _tile_dpbf16ps(2, 5, 6);
            if constexpr (b == 2) _tile_dpbf16ps(3, 5, 7);
        }
    }
    _tile_stored(0, c, kStride);
    if constexpr (b == 2) _tile_stored(1, c + 16, kStride);
    if constexpr (a == 2) _tile_stored(2, below, kStride);
    if constexpr (a == 2 && b == 2) _tile_stored(3, below + 16, kStride);
}

/// Two columns of 16 rows as pairs of bfloat16, cut off.
ALTIPLANO_INLINE inline __m512i pairs(__m512 even, __m512 odd) {
    constexpr int kOrAnd = 0xf8; // a | (b & c)
    return _mm512_ternarylogic_epi32(_mm512_srli_epi32(_mm512_castps_si512(even), 16),
                                     _mm512_castps_si512(odd), _mm512_set1_epi32(-65536), kOrAnd);
}

/// Cutting a bfloat16 off instead of rounding it makes it smaller; this factor makes up for it, on average
/// over all mantissas (weighted by their squares).
constexpr float kCutOff = 1 + 0.667f / 256;

/// A quad of 16 rows as two rows of an AMX weight tile, each row pairs of columns.
ALTIPLANO_INLINE inline void storeQuad(__m512i bytes, __m512 scale, __m512 offset, std::byte* tile) {
    // In bits 8 to 15 of 32768.0f a byte counts as units: no conversion from integers.
    const auto weight = [&](__m512i v) ALTIPLANO_INLINE {
        constexpr int kAndOr = 0xea; // (a & b) | c
        const __m512i number =
            _mm512_ternarylogic_epi32(v, _mm512_set1_epi32(0xff00), _mm512_set1_epi32(0x47000000), kAndOr);
        return _mm512_fmadd_ps(_mm512_castsi512_ps(number), scale, offset);
    };
    _mm512_store_si512(tile, pairs(weight(_mm512_slli_epi32(bytes, 8)), weight(bytes)));
    _mm512_store_si512(tile + 64,
                       pairs(weight(_mm512_srli_epi32(bytes, 8)), weight(_mm512_srli_epi32(bytes, 16))));
}

/// Unpacks 16 rows of a slab, from the blocks at `p` on, into weight tiles.
template <QuantType type>
void unpackQuantized(Strip p, std::size_t, std::size_t columns, std::byte* tile) {
    using Type = Unpack<type>;
    constexpr int kCount = Type::kRuns * Type::kSteps, kShared = Type::kShared;
    const std::size_t bytes = kTileRows * quantTraits(type).blockBytes;
    for (std::size_t k = 0; k < columns; k += 32 * Type::kSteps, p = p.at(bytes)) {
        __m512 scale[kCount], offset[kCount];
        Type::scales(p, scale, offset);
        for (std::size_t at = 0; at < bytes; at += 64)
            p.prefetch(kPrefetch + at);
        unroll<kCount>([&]<int i>() ALTIPLANO_INLINE {
            scale[i] = times(scale[i], kCutOff);
            offset[i] = Type::kZero != 0
                            ? times(scale[i], -32768 - Type::kZero)
                            : _mm512_fmadd_ps(scale[i], _mm512_set1_ps(-32768), times(offset[i], kCutOff));
        });
        for (int part = 0; part < Type::kSteps / kShared; ++part, tile += kShared * kTileBytes)
            unroll<8>([&]<int j>() ALTIPLANO_INLINE {
                __m512i u[kShared];
                Type::template quads<j>(p, part, u);
                unroll<kShared>([&]<int i>() ALTIPLANO_INLINE {
                    const int run = Type::kRuns * (kShared * part + i) + j * Type::kRuns / 8;
                    storeQuad(u[i], scale[run], offset[run], tile + i * kTileBytes + 128 * j);
                });
            });
    }
}

template <QuantType type>
void unpackFloats(Strip p, std::size_t first, std::size_t columns, std::byte* tile) {
    const auto weights = [&](std::size_t k) ALTIPLANO_INLINE {
        return k < columns ? column<type>(p, first + k) : _mm512_setzero_ps();
    };
    for (std::size_t k = 0; k < (columns + 31) / 32 * 32; k += 2, tile += 64)
        _mm512_store_si512(tile, interleaved(weights(k), weights(k + 1)));
}

/// Unpacks columns [first, first + columns) of 16 rows; for quantized types `p` starts there already.
using UnpackFunction = void (*)(Strip p, std::size_t first, std::size_t columns, std::byte* tile);

UnpackFunction unpackFunction(QuantType type) {
    switch (type) {
    case QuantType::F32:
        return unpackFloats<QuantType::F32>;
    case QuantType::F16:
        return unpackFloats<QuantType::F16>;
    case QuantType::BF16:
        return unpackFloats<QuantType::BF16>;
    case QuantType::Q4_0:
        return unpackQuantized<QuantType::Q4_0>;
    case QuantType::Q4_1:
        return unpackQuantized<QuantType::Q4_1>;
    case QuantType::Q5_0:
        return unpackQuantized<QuantType::Q5_0>;
    case QuantType::Q5_1:
        return unpackQuantized<QuantType::Q5_1>;
    case QuantType::Q8_0:
        return unpackQuantized<QuantType::Q8_0>;
    case QuantType::Q2_K:
        return unpackQuantized<QuantType::Q2_K>;
    case QuantType::Q3_K:
        return unpackQuantized<QuantType::Q3_K>;
    case QuantType::Q4_K:
        return unpackQuantized<QuantType::Q4_K>;
    case QuantType::Q5_K:
        return unpackQuantized<QuantType::Q5_K>;
    case QuantType::Q6_K:
        return unpackQuantized<QuantType::Q6_K>;
    case QuantType::Q8_K:
        return unpackQuantized<QuantType::Q8_K>;
    case QuantType::IQ4_NL:
        return unpackQuantized<QuantType::IQ4_NL>;
    case QuantType::IQ4_XS:
        return unpackQuantized<QuantType::IQ4_XS>;
    case QuantType::TQ1_0:
        return unpackQuantized<QuantType::TQ1_0>;
    case QuantType::TQ2_0:
        return unpackQuantized<QuantType::TQ2_0>;
    case QuantType::MXFP4:
        return unpackQuantized<QuantType::MXFP4>;
    }
    return nullptr;
}

bool isFloat(QuantType type) {
    return type == QuantType::F32 || type == QuantType::F16 || type == QuantType::BF16;
}

std::size_t groupsOf(std::size_t rows) {
    return (rows + kTileSide - 1) / kTileSide;
}

std::size_t activationBytes(std::uint8_t, std::size_t columns, std::size_t rows) {
    return groupsOf(rows) * Slabs(columns).tiles * kTileBytes;
}

void packRow(const float* x, std::size_t columns, std::size_t groups, std::size_t row, std::byte* out) {
    const Slabs slabs(columns);
    for (std::size_t first = 0; first < slabs.tiles; first += slabs.slab) {
        const std::size_t length = slabs.length(first);
        std::byte* tile = out + (first * groups + row / kTileSide * length) * kTileBytes;
        for (std::size_t i = 0; i < length; ++i, tile += kTileBytes) {
            const std::size_t k = 32 * (first + i), left = columns - k;
            const auto mask = left >= 32 ? 0xffffffffu : (1u << left) - 1;
            const __m512 low = _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask), x + k);
            const __m512 high = _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask >> 16), x + k + 16);
            _mm512_store_si512(tile + row % kTileSide * 64, bfloat16(low, high));
        }
    }
}

void pack(std::uint8_t, const float* x, std::size_t columns, std::size_t rows, std::size_t first,
          std::size_t count, std::byte* activations) {
    for (std::size_t row = first; row < first + count; ++row)
        packRow(x + (row - first) * columns, columns, groupsOf(rows), row, activations);
}

/// One slab of a gemm: the weights of a panel (32 rows, or the last 16) times all groups of rows.
struct Panel {
    const std::byte* x; ///< the first group's tiles
    std::size_t tiles;  ///< along the columns
    const std::byte* weights;
    bool add;

    template <int b>
    void multiplyGroups(std::size_t count, float* c, float* edge, Fetch fetch) const {
        const std::size_t stride = tiles * kTileBytes, wStride = kSlabTiles * kTileBytes;
        std::size_t row = 0;
        for (; row + 32 <= count; row += 32, fetch = fetch.after(tiles))
            multiply<2, b>(x + row / 16 * stride, stride, weights, wStride, tiles, c + row * kWidth, add,
                           fetch);
        for (; row < count; row += 16)
            multiply<1, b>(x + row / 16 * stride, stride, weights, wStride, tiles,
                           row + 16 <= count ? c + row * kWidth : edge, add, Fetch{nullptr, 0});
    }
};

void gemm(const PackedMatrix& matrix, std::size_t firstTile, std::size_t tiles, const std::byte* activations,
          std::size_t rows, std::size_t first, std::size_t count, float* c, std::byte* scratchMemory) {
    auto& scratch = *reinterpret_cast<Scratch*>(scratchMemory);
    const UnpackFunction unpack = unpackFunction(matrix.type);
    const Slabs slabs(matrix.columns);
    const std::size_t end = firstTile + tiles;
    const auto strip = [&](std::size_t tile) {
        return Strip{matrix.tile(tile), matrix.tile(tile + 1 < end ? tile + 1 : tile)};
    };
    const auto rowsOf = [&](std::size_t at) {
        return activations + (at * groupsOf(rows) + first / kTileSide * slabs.length(at)) * kTileBytes;
    };
    const std::size_t panels = (tiles + 3) / 4, blocks = count / 32;
    const TileRegisters registers;
    for (std::size_t at = 0; at < slabs.tiles; at += slabs.slab) {
        const std::size_t length = slabs.length(at), column = 32 * at;
        const std::size_t columns =
            matrix.columns - column < 32 * length ? matrix.columns - column : 32 * length;
        const std::size_t bytes = isFloat(matrix.type) ? 0 : tileBytes(matrix.type, column);
        const Panel panel{rowsOf(at), length, scratch.weights, at != 0};
        // Meanwhile the next slab's rows come nearer; after the last, the first's for the next strip of
        // tiles.
        const std::size_t next = at + slabs.slab < slabs.tiles ? at + slabs.slab : 0;
        const std::size_t lines = groupsOf(count) * slabs.length(next) * (kTileBytes / 64);
        const std::size_t turns = panels * blocks * length;
        Fetch fetch{rowsOf(next), next == at || turns == 0 ? 0 : (lines + turns - 1) / turns};
        for (std::size_t i = 0; i < tiles; i += 4, fetch = fetch.after(blocks * length)) {
            unpack(strip(firstTile + i).at(bytes), column, columns, scratch.weights);
            if (i + 2 < tiles) {
                unpack(strip(firstTile + i + 2).at(bytes), column, columns,
                       scratch.weights + kSlabTiles * kTileBytes);
                panel.multiplyGroups<2>(count, c + 8 * i, scratch.edge + 8 * i, fetch);
            } else {
                panel.multiplyGroups<1>(count, c + 8 * i, scratch.edge + 8 * i, fetch);
            }
        }
    }
    const std::size_t whole = count / kTileSide * kTileSide;
    if (whole < count)
        __builtin_memcpy(c + whole * kWidth, scratch.edge, (count - whole) * kWidth * sizeof(float));
}

} // namespace

const MatmulKernels kAmxMatmul{
    .format = [](QuantType) -> std::uint8_t { return 0; },
    .formats = 1,
    .groupRows = kTileSide,
    .gemmTiles = kGemmTiles,
    .activationBytes = activationBytes,
    .scratchBytes = sizeof(Scratch),
    .pack = pack,
    .gemv = nullptr,
    .gemm = gemm,
};

} // namespace altiplano::kernels
