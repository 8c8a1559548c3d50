#include "cpu/matmul.h"

#include "cpu/strips_avx512.h"

// BF16 weights on CPUs that multiply bfloat16 without AMX: VDPBF16PS adds up the products of two columns at a
// time, twice what float32 gives. Activations are rounded to bfloat16. All other types are left to the
// kernels for AVX-512 VNNI.

namespace altiplano::kernels {
namespace {

constexpr std::uint8_t kPairs = kFormats; ///< the format of those activations: [columns / 2][n] pairs

/// Columns that a gemm unpacks at a time: 16 KiB of the first-level cache.
constexpr std::size_t kStretch = 512;

constexpr std::size_t kRun = kFloatRun / 2; ///< pairs of columns

/// 16 rows of weights, in the scratch memory of a thread: a pair of columns each.
struct Panel {
    __m512i pairs[kStretch / 2];
};

static_assert(sizeof(Panel) <= kPanelBytes);

/// A pair of columns of a tile; the second of a matrix that ends before it is zero.
ALTIPLANO_INLINE inline __m256i pairOf(const std::byte* tile, std::size_t k, std::size_t columns) {
    const std::byte* at = tile + 2 * kTileRows * k;
    if (k + 1 == columns)
        return _mm256_zextsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
    return loadHalf(at);
}

ALTIPLANO_INLINE inline __m256i interleaved(__m256i pair) {
    return _mm256_permutexvar_epi16(_mm256_setr_epi16(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15),
                                    pair);
}

ALTIPLANO_INLINE inline __m256 multiplyAdd(__m256 sum, __m256i weights, std::int32_t x) {
    return _mm256_dpbf16_ps(sum, (__m256bh)weights, (__m256bh)_mm256_set1_epi32(x));
}
ALTIPLANO_INLINE inline __m512 multiplyAdd(__m512 sum, __m512i weights, std::int32_t x) {
    return _mm512_dpbf16_ps(sum, (__m512bh)weights, (__m512bh)_mm512_set1_epi32(x));
}

/// Where a group of packed rows lies, and what is in it.
struct Layout {
    std::size_t columns, n;

    ALTIPLANO_INLINE Layout(std::size_t width, std::size_t rows)
        : columns(width), n(rows == 1 ? 1 : kGroupRows) {}
    ALTIPLANO_INLINE std::size_t groupBytes() const { return ((columns + 1) / 2 * 4 * n + 63) / 64 * 64; }
    ALTIPLANO_INLINE const std::int32_t* at(const std::byte* packed, std::size_t row, std::size_t k) const {
        return reinterpret_cast<const std::int32_t*>(packed + row / n * groupBytes()) + k / 2 * n;
    }
};

std::size_t activationBytes(std::uint8_t format, std::size_t columns, std::size_t rows) {
    if (format != kPairs) return kAvx512Matmul.activationBytes(format, columns, rows);
    const Layout layout(columns, rows);
    return (rows + layout.n - 1) / layout.n * layout.groupBytes();
}

void pack(std::uint8_t format, const float* x, std::size_t columns, std::size_t rows, std::size_t first,
          std::size_t count, std::byte* activations) {
    if (format != kPairs) return kAvx512Matmul.pack(format, x, columns, rows, first, count, activations);
    const Layout layout(columns, rows);
    for (std::size_t row = first; row < first + count; ++row, x += columns) {
        auto* to = const_cast<std::int32_t*>(layout.at(activations, row, 0)) + row % layout.n;
        for (std::size_t k = 0; k < columns; k += 16) {
            const std::size_t left = columns - k < 16 ? columns - k : 16;
            const __m512 floats = _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << left) - 1), x + k);
            alignas(32) std::int32_t pairs[8];
            _mm256_store_si256(reinterpret_cast<__m256i*>(pairs), (__m256i)_mm512_cvtneps_pbh(floats));
            for (std::size_t i = 0; i < (left + 1) / 2; ++i, to += layout.n)
                *to = pairs[i];
        }
    }
}

/// Both products add up a run of columns by themselves first: every second pair, and the others.
__m256 gemvTile(const std::byte* tile, std::size_t columns, const std::int32_t* x) {
    const std::size_t pairs = (columns + 1) / 2;
    __m256 y = _mm256_setzero_ps();
    std::size_t k = 0;
    while (k < pairs) {
        const std::size_t end = pairs - k < kRun ? pairs : k + kRun;
        __m256 even = _mm256_setzero_ps(), odd = even;
        const auto add = [&](__m256& sum) ALTIPLANO_INLINE {
            sum = multiplyAdd(sum, interleaved(pairOf(tile, 2 * k, columns)), x[k]);
            ++k;
        };
        while (k + 2 <= end)
            add(even), add(odd);
        if (k < end) add(even);
        y = _mm256_add_ps(y, _mm256_add_ps(even, odd));
    }
    return y;
}

void gemv(const PackedMatrix& matrix, std::size_t firstTile, std::size_t count, const std::byte* activations,
          float* y) {
    if (matrix.type != QuantType::BF16) return kAvx512Matmul.gemv(matrix, firstTile, count, activations, y);
    const std::int32_t* x = Layout(matrix.columns, 1).at(activations, 0, 0);
    for (std::size_t i = 0; i < count; ++i)
        _mm256_storeu_ps(y + kTileRows * i, gemvTile(matrix.tile(firstTile + i), matrix.columns, x));
}

void unpack(Strip p, std::size_t first, std::size_t count, std::size_t columns, Ahead ahead, Panel& panel) {
    for (std::size_t k = first; k < first + count; k += 2) {
        if (k % 4 == 0) {
            ahead.prefetch(p.at(2 * kTileRows * k), 64);
            ahead.pass(64);
        }
        panel.pairs[(k - first) / 2] =
            _mm512_inserti64x4(_mm512_castsi256_si512(interleaved(pairOf(p.low, k, columns))),
                               interleaved(pairOf(p.high, k, columns)), 1);
    }
}

/// c[row][0 .. 16) += the panel times the first `rows` <= n rows of a group.
template <int n>
void multiply(const Panel& panel, std::size_t columns, const std::int32_t* x, std::size_t rows, float* c) {
    const std::size_t pairs = (columns + 1) / 2;
    std::size_t k = 0;
    while (k < pairs) {
        const std::size_t end = pairs - k < kRun ? pairs : k + kRun;
        __m512 even[n], odd[n];
        unroll<n>([&]<int t>() ALTIPLANO_INLINE { even[t] = odd[t] = _mm512_setzero_ps(); });
        const auto add = [&](__m512(&sums)[n]) ALTIPLANO_INLINE {
            const __m512i w = panel.pairs[k];
            unroll<n>([&]<int t>() ALTIPLANO_INLINE { sums[t] = multiplyAdd(sums[t], w, x[t]); });
            ++k, x += kGroupRows;
        };
        while (k + 2 <= end)
            add(even), add(odd);
        if (k < end) add(even);
        __m512 y[n];
        loadRows<n>(c, rows, y);
        unroll<n>([&]<int t>()
                      ALTIPLANO_INLINE { y[t] = _mm512_add_ps(y[t], _mm512_add_ps(even[t], odd[t])); });
        storeRows<n>(y, rows, c);
    }
}

void gemm(const PackedMatrix& matrix, std::size_t firstTile, std::size_t tiles, const std::byte* activations,
          std::size_t rows, std::size_t first, std::size_t count, float* c, std::byte* scratch) {
    if (matrix.type != QuantType::BF16)
        return kAvx512Matmul.gemm(matrix, firstTile, tiles, activations, rows, first, count, c, scratch);
    if (rows == 1) return gemv(matrix, firstTile, tiles, activations, c);
    const Layout layout(matrix.columns, rows);
    const std::size_t wholeTile = tileBytes(matrix.type, matrix.columns);
    Panel& panel = *reinterpret_cast<Panel*>(scratch);
    __builtin_memset(c, 0, count * kTileRows * kGemmTiles * sizeof(float));
    forStretches(tiles, matrix.columns, kStretch, count,
                 [&](std::size_t i, std::size_t k, std::size_t columns) {
                     const Ahead ahead(wholeTile, wholeTile * k / matrix.columns);
                     unpack(stripOf(matrix, firstTile + i, firstTile + tiles), k, columns, matrix.columns,
                            ahead, panel);
                     for (std::size_t row = 0; row < count; row += kGroupRows) {
                         const std::size_t n = count - row < kGroupRows ? count - row : kGroupRows;
                         forRows(n, [&]<int most>() ALTIPLANO_INLINE {
                             multiply<most>(panel, columns, layout.at(activations, first + row, k), n,
                                            c + kTileRows * (row * kGemmTiles + i));
                         });
                     }
                 });
}

} // namespace

const MatmulKernels kAvx512Bf16Matmul{
    .format = [](QuantType type) -> std::uint8_t {
        return type == QuantType::BF16 ? kPairs : kAvx512Matmul.format(type);
    },
    .formats = kPairs + 1,
    .groupRows = kGroupRows,
    .gemmTiles = kGemmTiles,
    .activationBytes = activationBytes,
    .scratchBytes = kPanelBytes,
    .pack = pack,
    .gemv = gemv,
    .gemm = gemm,
};

} // namespace altiplano::kernels
