#include "cpu/matmul.h"

#include "cpu/panel_avx2.h"

namespace altiplano::kernels {
namespace {

template <int bytes>
ALTIPLANO_INLINE inline void prefetch(const std::byte* b) {
    unroll<(bytes + 63) / 64>([&]<int i>() ALTIPLANO_INLINE { prefetchLine(b + kFetchAhead + 64 * i); });
}

/// As dotRun, for one tile and one row, straight from the tile's block.
template <typename Tile, int first, int quads>
ALTIPLANO_INLINE inline __m256i dotBlock(const std::byte* b, const std::int8_t* x, __m256i factor) {
    constexpr int kSum = quadsPerSum(Tile::kLargest) < quads ? quadsPerSum(Tile::kLargest) : quads;
    __m256i total;
    unroll<quads / kSum>([&]<int i>() ALTIPLANO_INLINE {
        __m256i sum;
        unroll<kSum>([&]<int j>() ALTIPLANO_INLINE {
            constexpr int q = first + i * kSum + j;
            const __m256i quad = Tile::template quad<q>(b), v = broadcast(x + 4 * q);
            const __m256i product =
                Tile::kLargest != 0 ? _mm256_maddubs_epi16(quad, v)
                                    : _mm256_maddubs_epi16(_mm256_abs_epi8(quad), _mm256_sign_epi8(v, quad));
            sum = j == 0 ? product : _mm256_add_epi16(sum, product);
        });
        const __m256i wide = _mm256_madd_epi16(sum, factor);
        total = i == 0 ? wide : _mm256_add_epi32(total, wide);
    });
    return total;
}

template <typename Tile>
__attribute__((flatten)) void gemvTile32(const std::byte* tile, std::size_t columns, const Activations& x,
                                         float* y) {
    const __m256i ones = _mm256_set1_epi16(1);
    __m256 sum = _mm256_setzero_ps();
    for (std::size_t b = 0; b < columns / 32; ++b, tile += Tile::kBytes) {
        const __m256 dot = _mm256_cvtepi32_ps(dotBlock<Tile, 0, 8>(tile, x.quads + 32 * b, ones));
        if constexpr (Tile::kLargest != 0)
            sum = _mm256_fmadd_ps(Tile::offset(tile), _mm256_set1_ps(x.sums[b]), sum);
        sum = _mm256_fmadd_ps(_mm256_mul_ps(dot, Tile::scale(tile)), _mm256_set1_ps(x.scales[b]), sum);
    }
    _mm256_storeu_ps(y, sum);
}

template <QuantType type>
__attribute__((flatten)) void gemvTile256(const std::byte* tile, std::size_t columns, const Activations& x,
                                          float* y) {
    using Tile = Tile256<type>;
    constexpr int kRuns = 256 / Tile::kRun;
    const std::int32_t* pairs = Tile::kRun == 16 ? x.pairs16 : x.pairs32;
    __m256 sum = _mm256_setzero_ps();
    for (std::size_t b = 0; b < columns / 256; ++b, tile += Tile::kBytes, pairs += kRuns / 2) {
        const auto scales = Tile::scales(tile);
        __m256i dot = _mm256_setzero_si256(), mins = dot;
        if constexpr (!kInOrder<type>) prefetch<Tile::kBytes>(tile);
        unroll<kRuns>([&]<int s>() ALTIPLANO_INLINE {
            const __m256i run = dotBlock<Tile, s * Tile::kRun / 4, Tile::kRun / 4>(
                tile, x.quads + 256 * b, Tile::template scale<s>(scales));
            dot = _mm256_add_epi32(dot, run);
        });
        if constexpr (Tile::kLargest != 0)
            unroll<kRuns / 2>([&]<int i>() ALTIPLANO_INLINE {
                mins = _mm256_add_epi32(
                    mins, _mm256_madd_epi16(Tile::template min<i>(scales), broadcast(pairs + i)));
            });
        if constexpr (kCentered<Tile>) dot = _mm256_sub_epi32(dot, mins);
        __m256 part = _mm256_mul_ps(_mm256_cvtepi32_ps(dot), Tile::d(tile));
        if constexpr (Tile::kLargest != 0 && !kCentered<Tile>)
            part = _mm256_fnmadd_ps(_mm256_cvtepi32_ps(mins), Tile::dMin(tile), part);
        sum = _mm256_fmadd_ps(part, _mm256_set1_ps(x.scales[b]), sum);
    }
    _mm256_storeu_ps(y, sum);
}

/// The products of n tiles, one after the other in memory. Each adds up in one chain, as a gemm does, so that
/// both give the same bits; several keep the multipliers busy.
template <QuantType type, int n>
void gemvFloats(const std::byte* tiles, std::size_t columns, const float* x, float* y) {
    constexpr std::size_t kBytes = type == QuantType::F32 ? 32 : 16; // of a column
    __m256 sums[n];
    unroll<n>([&]<int i>() ALTIPLANO_INLINE { sums[i] = _mm256_setzero_ps(); });
    const auto add = [&](std::size_t k) ALTIPLANO_INLINE {
        const __m256 v = _mm256_broadcast_ss(x + k);
        unroll<n>([&]<int i>() ALTIPLANO_INLINE {
            sums[i] = _mm256_fmadd_ps(column<type>(tiles + i * columns * kBytes, k), v, sums[i]);
        });
    };
    std::size_t k = 0;
    for (; k + 4 <= columns; k += 4) {
        unroll<n>([&]<int i>()
                      ALTIPLANO_INLINE { prefetch<4 * kBytes>(tiles + (i * columns + k) * kBytes); });
        unroll<4>([&]<int i>() ALTIPLANO_INLINE { add(k + i); });
    }
    for (; k < columns; ++k)
        add(k);
    unroll<n>([&]<int i>() ALTIPLANO_INLINE { _mm256_storeu_ps(y + 8 * i, sums[i]); });
}

/// One matrix-matrix product: some tiles, one after the other in memory, times packed rows.
struct GemmTask {
    const std::byte* tiles;
    std::size_t count, bytes; ///< of tiles; of each
    std::size_t columns;
    const std::byte* activations;
    std::size_t rows, first, rowCount;
    float* c;
    std::byte* scratch;
};

/// For every pair of tiles and every stretch of columns: unpack(tile, side, column, columns) for both tiles
/// (which may be the same), then multiply<n>(columns, activations, c) for every group.
template <typename Unpack, typename Multiply>
ALTIPLANO_INLINE inline void forStretches(const GemmTask& task, Format format, std::size_t stretch,
                                          Unpack unpack, Multiply multiply) {
    const ActivationLayout layout(format, task.columns, task.rows);
    __builtin_memset(task.c, 0, task.rowCount * kWidth * sizeof(float));
    const auto multiplyPair = [&](std::size_t i, std::size_t k) ALTIPLANO_INLINE {
        const std::size_t columns = task.columns - k < stretch ? task.columns - k : stretch;
        const std::byte* tile = task.tiles + i * task.bytes;
        unpack(tile, 0, k, columns);
        unpack(i + 1 < task.count ? tile + task.bytes : tile, 1, k, columns);
        for (std::size_t row = task.first; row < task.first + task.rowCount; row += kGroupRows) {
            const std::size_t n = task.rows - row < kGroupRows ? task.rows - row : kGroupRows;
            const Activations x = layout.at(task.activations, row, n, k);
            float* c = task.c + kWidth * (row - task.first) + 8 * i;
            static_assert(kGroupRows == 5);
            withSize<1, 2, 3, 4, 5>(
                n, [&]<int rows>() ALTIPLANO_INLINE { multiply.template operator()<rows>(columns, x, c); });
        }
    };
    const bool few = task.rowCount <= kGroupRows;
    const std::size_t pairs = (task.count + 1) / 2, stretches = (task.columns + stretch - 1) / stretch;
    for (std::size_t step = 0; step < pairs * stretches; ++step) {
        if (few) // the weights are read from memory in their order,
            multiplyPair(2 * (step / stretches), step % stretches * stretch);
        else // the activations of a stretch stay in the second-level cache
            multiplyPair(2 * (step % pairs), step / pairs * stretch);
    }
}

template <typename Tile>
void gemm32(const GemmTask& task) {
    Panel& panel = *reinterpret_cast<Panel*>(task.scratch);
    forStretches(
        task, Int8PerBlock, kPanelColumns,
        [&](const std::byte* tile, int side, std::size_t k, std::size_t columns)
            ALTIPLANO_INLINE { unpack32<Tile>(tile + k / 32 * Tile::kBytes, side, columns, panel); },
        [&]<int n>(std::size_t columns, const Activations& x, float* c)
            ALTIPLANO_INLINE { multiply32<Tile::kLargest, n>(panel, columns, x, c); });
}

template <typename Tile>
void gemm256(const GemmTask& task) {
    Panel& panel = *reinterpret_cast<Panel*>(task.scratch);
    forStretches(
        task, Int8PerSuperblock, kPanelColumns,
        [&](const std::byte* tile, int side, std::size_t k, std::size_t columns)
            ALTIPLANO_INLINE { unpack256<Tile>(tile + k / 256 * Tile::kBytes, side, columns, panel); },
        [&]<int n>(std::size_t columns, const Activations& x, float* c) ALTIPLANO_INLINE {
            multiply256<Tile::kLargest, Tile::kRun, kCentered<Tile>, n>(panel, columns, x, c);
        });
}

template <QuantType type>
void gemmFloats(const GemmTask& task) {
    FloatPanel& panel = *reinterpret_cast<FloatPanel*>(task.scratch);
    forStretches(
        task, Float, kFloatPanelColumns,
        [&](const std::byte* tile, int side, std::size_t first, std::size_t columns) ALTIPLANO_INLINE {
            for (std::size_t k = 0; k < columns; ++k)
                _mm256_store_ps(panel.columns[k][side], column<type>(tile, first + k));
        },
        [&]<int n>(std::size_t columns, const Activations& x, float* c)
            ALTIPLANO_INLINE { multiplyFloats<n>(panel, columns, x.floats, c); });
}

/// The two products of one weight type.
struct TypeKernels {
    void (*gemv)(const std::byte* tiles, std::size_t count, std::size_t columns, const Activations& x,
                 float* y);
    void (*gemm)(const GemmTask& task);
};

template <QuantType type, auto gemvTile>
void gemvTiles(const std::byte* tiles, std::size_t count, std::size_t columns, const Activations& x,
               float* y) {
    const std::size_t bytes = tileBytes(type, columns);
    for (std::size_t i = 0; i < count; ++i)
        gemvTile(tiles + i * bytes, columns, x, y + kTileRows * i);
}

template <QuantType type>
void gemvFloatTiles(const std::byte* tiles, std::size_t count, std::size_t columns, const Activations& x,
                    float* y) {
    constexpr int kTogether = 4;
    const std::size_t bytes = tileBytes(type, columns);
    std::size_t i = 0;
    for (; i + kTogether <= count; i += kTogether)
        gemvFloats<type, kTogether>(tiles + i * bytes, columns, x.floats, y + kTileRows * i);
    for (; i < count; ++i)
        gemvFloats<type, 1>(tiles + i * bytes, columns, x.floats, y + kTileRows * i);
}

template <QuantType type>
constexpr TypeKernels kernels32{gemvTiles<type, gemvTile32<Tile32<type>>>, gemm32<Tile32<type>>};
template <QuantType type>
constexpr TypeKernels kernels256{gemvTiles<type, gemvTile256<type>>, gemm256<Tile256<type>>};
template <QuantType type>
constexpr TypeKernels kernelsFloat{gemvFloatTiles<type>, gemmFloats<type>};

TypeKernels kernelsOf(QuantType type) {
    switch (type) {
    case QuantType::F32:
        return kernelsFloat<QuantType::F32>;
    case QuantType::F16:
        return kernelsFloat<QuantType::F16>;
    case QuantType::BF16:
        return kernelsFloat<QuantType::BF16>;
    case QuantType::Q4_0:
        return kernels32<QuantType::Q4_0>;
    case QuantType::Q4_1:
        return kernels32<QuantType::Q4_1>;
    case QuantType::Q5_0:
        return kernels32<QuantType::Q5_0>;
    case QuantType::Q5_1:
        return kernels32<QuantType::Q5_1>;
    case QuantType::Q8_0:
        return kernels32<QuantType::Q8_0>;
    case QuantType::IQ4_NL:
        return kernels32<QuantType::IQ4_NL>;
    case QuantType::MXFP4:
        return kernels32<QuantType::MXFP4>;
    case QuantType::Q2_K:
        return kernels256<QuantType::Q2_K>;
    case QuantType::Q3_K:
        return kernels256<QuantType::Q3_K>;
    case QuantType::Q4_K:
        return kernels256<QuantType::Q4_K>;
    case QuantType::Q5_K:
        return kernels256<QuantType::Q5_K>;
    case QuantType::Q6_K:
        return kernels256<QuantType::Q6_K>;
    case QuantType::Q8_K:
        return kernels256<QuantType::Q8_K>;
    case QuantType::IQ4_XS:
        return kernels256<QuantType::IQ4_XS>;
    case QuantType::TQ1_0:
        return kernels256<QuantType::TQ1_0>;
    case QuantType::TQ2_0:
        return kernels256<QuantType::TQ2_0>;
    }
    return {};
}

std::size_t activationBytes(std::uint8_t format, std::size_t columns, std::size_t rows) {
    return ActivationLayout(format, columns, rows).bytes;
}

void gemv(const PackedMatrix& matrix, std::size_t firstTile, std::size_t count, const std::byte* activations,
          float* y) {
    const Activations x = ActivationLayout(formatOf(matrix.type), matrix.columns, 1).at(activations, 0, 1, 0);
    kernelsOf(matrix.type).gemv(matrix.tile(firstTile), count, matrix.columns, x, y);
}

void gemm(const PackedMatrix& matrix, std::size_t firstTile, std::size_t tiles, const std::byte* activations,
          std::size_t rows, std::size_t first, std::size_t count, float* c, std::byte* scratch) {
    kernelsOf(matrix.type)
        .gemm({matrix.tile(firstTile), tiles, tileBytes(matrix.type, matrix.columns), matrix.columns,
               activations, rows, first, count, c, scratch});
}

} // namespace

const MatmulKernels kAvx2Matmul{
    .format = formatOf,
    .formats = kFormats,
    .groupRows = kGroupRows,
    .gemmTiles = kGemmTiles,
    .activationBytes = activationBytes,
    .scratchBytes = sizeof(Panel) > sizeof(FloatPanel) ? sizeof(Panel) : sizeof(FloatPanel),
    .pack = packActivations,
    .gemv = gemv,
    .gemm = gemm,
};

} // namespace altiplano::kernels
