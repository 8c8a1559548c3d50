#include "cpu/matmul.h"

#include "cpu/activations_avx512.h"
#include "cpu/tiles_avx512.h"

namespace altiplano::kernels {
namespace {

/// How far ahead of its use a tile is fetched, bytes.
constexpr std::size_t kPrefetch = 2048;

/// Tiles of one gemm call: 32 rows.
constexpr std::size_t kGemmTiles = 4;

/// Columns that a gemm unpacks at a time; a multiple of every block's length. The unpacked weights of 16 rows
/// then stay in the first-level cache.
constexpr std::size_t kStretch = 512;

/// 16 rows of unpacked weights, in the scratch memory of a thread.
struct Panel {
    union {
        __m512i quads[kStretch / 4];
        __m512 columns[kStretch];
    };
    __m512 scale[kStretch / 16], offset[kStretch / 16];
};

Format formatOf(QuantType type) {
    return type == QuantType::F32 || type == QuantType::F16 || type == QuantType::BF16 ? kFloat : kInt8;
}

/// Fetches what a gemv reads next. Where a pair of tiles ends, that is the next pair.
class Ahead {
public:
    ALTIPLANO_INLINE explicit Ahead(std::size_t tileBytes)
        : m_tile(tileBytes), m_left(tileBytes > kPrefetch ? tileBytes - kPrefetch : 0) {}

    /// `bytes` of both tiles at `p` are about to be read.
    ALTIPLANO_INLINE void prefetch(Strip p, std::size_t bytes) {
        const Strip next = p.at(kPrefetch + (m_left == 0 ? m_tile : 0));
        for (std::size_t at = 0; at < bytes; at += 64)
            next.prefetch(at);
        m_left = m_left > bytes ? m_left - bytes : 0;
    }

private:
    std::size_t m_tile, m_left;
};

/// The tiles `index` and `index + 1`, or the same one twice where the matrix ends.
ALTIPLANO_INLINE inline Strip stripOf(const PackedMatrix& matrix, std::size_t index, std::size_t end) {
    return {matrix.tile(index), matrix.tile(index + 1 < end ? index + 1 : index)};
}

/// y + what one run of columns adds, from the sum of its products and the sum of its activations.
template <int zero>
ALTIPLANO_INLINE inline __m512 addRun(__m512 y, __m512i dot, __m512 scale, __m512 offset, float xScale,
                                      float xSum) {
    __m512 sum = _mm512_cvtepi32_ps(dot);
    if constexpr (zero != 0)
        sum = _mm512_mul_ps(_mm512_fnmadd_ps(_mm512_set1_ps(zero), _mm512_set1_ps(xSum), sum), scale);
    else
        sum = _mm512_fmadd_ps(offset, _mm512_set1_ps(xSum), _mm512_mul_ps(sum, scale));
    return _mm512_fmadd_ps(sum, _mm512_set1_ps(xScale), y);
}

ALTIPLANO_INLINE inline __m512i broadcast(const std::int8_t* quad) {
    std::int32_t bits;
    __builtin_memcpy(&bits, quad, 4);
    return _mm512_set1_epi32(bits);
}

template <QuantType type>
__m512 gemvStrip(Strip p, std::size_t columns, Activations x) {
    using Type = Unpack<type>;
    constexpr int kRuns = Type::kRuns, kQuads = 8 / kRuns, kShared = Type::kShared;
    constexpr int kParts = Type::kSteps / kShared;
    const std::size_t bytes = kTileRows * quantTraits(type).blockBytes;
    Ahead ahead(tileBytes(type, columns));
    __m512 y = _mm512_setzero_ps();
    for (std::size_t k = 0; k < columns; k += 32 * Type::kSteps, p = p.at(bytes)) {
        __m512 scale[kRuns * Type::kSteps], offset[kRuns * Type::kSteps];
        Type::scales(p, scale, offset);
        for (int part = 0; part < kParts; ++part) {
            ahead.prefetch(p.at(part * bytes / kParts), bytes / kParts);
            __m512i dot[kRuns * kShared];
            unroll<kRuns>([&]<int run>() ALTIPLANO_INLINE {
                unroll<kShared>([&]<int i>()
                                    ALTIPLANO_INLINE { dot[kRuns * i + run] = _mm512_setzero_si512(); });
                unroll<kQuads>([&]<int q>() ALTIPLANO_INLINE {
                    constexpr int j = run * kQuads + q;
                    __m512i u[kShared];
                    Type::template quads<j>(p, part, u);
                    unroll<kShared>([&]<int i>() ALTIPLANO_INLINE {
                        __m512i& sum = dot[kRuns * i + run];
                        sum = _mm512_dpbusd_epi32(sum, u[i], broadcast(x.quads + 32 * i + 4 * j));
                    });
                });
            });
            const float* sums = kRuns == 1 ? x.sums32 : x.sums16;
            unroll<kRuns * kShared>([&]<int r>() ALTIPLANO_INLINE {
                const int at = kRuns * kShared * part + r;
                y = addRun<Type::kZero>(y, dot[r], scale[at], offset[at], x.scales[r / kRuns], sums[r]);
            });
            x = {x.quads + 32 * kShared, x.scales + kShared, x.sums16 + 2 * kShared, x.sums32 + kShared,
                 nullptr};
        }
    }
    return y;
}

template <QuantType type>
__m512 gemvFloats(Strip p, std::size_t columns, const float* x) {
    constexpr std::size_t kBytes = type == QuantType::F32 ? 32 : 16; // of a column
    __m512 sums[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
    Ahead ahead(kBytes * columns);
    std::size_t k = 0;
    for (; k + 4 <= columns; k += 4) {
        ahead.prefetch(p.at(k * kBytes), 4 * kBytes);
        unroll<4>([&]<int i>() ALTIPLANO_INLINE {
            sums[i] = _mm512_fmadd_ps(column<type>(p, k + i), _mm512_set1_ps(x[k + i]), sums[i]);
        });
    }
    for (; k < columns; ++k)
        sums[0] = _mm512_fmadd_ps(column<type>(p, k), _mm512_set1_ps(x[k]), sums[0]);
    return _mm512_add_ps(_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3]));
}

template <QuantType type>
void unpackStretch(Strip p, std::size_t columns, Panel& panel) {
    using Type = Unpack<type>;
    __m512i* quads = panel.quads;
    __m512 *scale = panel.scale, *offset = panel.offset;
    for (std::size_t k = 0; k < columns; k += 32 * Type::kSteps) {
        Type::scales(p, scale, offset);
        for (int part = 0; part < Type::kSteps / Type::kShared; ++part, quads += 8 * Type::kShared)
            unroll<8>([&]<int j>() ALTIPLANO_INLINE {
                __m512i u[Type::kShared];
                Type::template quads<j>(p, part, u);
                unroll<Type::kShared>([&]<int i>() ALTIPLANO_INLINE { quads[8 * i + j] = u[i]; });
            });
        p = p.at(kTileRows * quantTraits(type).blockBytes);
        scale += Type::kSteps * Type::kRuns, offset += Type::kSteps * Type::kRuns;
    }
}

/// The results so far of a group's rows, which lie `kGemmTiles` tiles apart. A gemm adds up a row's runs in
/// the same order as a gemv, so that both give the same bits.
ALTIPLANO_INLINE inline void loadRows(const float* c, std::size_t rows, __m512* y) {
    unroll<kGroupRows>([&]<int t>() ALTIPLANO_INLINE {
        y[t] = t < rows ? _mm512_loadu_ps(c + 8 * kGemmTiles * t) : _mm512_setzero_ps();
    });
}
ALTIPLANO_INLINE inline void storeRows(const __m512* y, std::size_t rows, float* c) {
    unroll<kGroupRows>([&]<int t>() ALTIPLANO_INLINE {
        if (t < rows) _mm512_storeu_ps(c + 8 * kGemmTiles * t, y[t]);
    });
}

/// c[row][0 .. 16) += the panel times the rows of a group; rows of c are `kGemmTiles` tiles apart.
template <int runs, int zero>
void multiplyInt8(const Panel& panel, std::size_t columns, Activations x, std::size_t rows, float* c) {
    constexpr int n = kGroupRows, kQuads = 8 / runs;
    __m512 y[n];
    loadRows(c, rows, y);
    const float* sums = runs == 1 ? x.sums32 : x.sums16;
    const __m512i* quads = panel.quads;
    for (std::size_t run = 0; run < columns / 32 * runs; ++run, quads += kQuads, sums += n) {
        __m512i dot[n];
        unroll<n>([&]<int t>() ALTIPLANO_INLINE { dot[t] = _mm512_setzero_si512(); });
        unroll<kQuads>([&]<int j>() ALTIPLANO_INLINE {
            const __m512i w = quads[j];
            unroll<n>([&]<int t>() ALTIPLANO_INLINE {
                dot[t] = _mm512_dpbusd_epi32(dot[t], w, broadcast(x.quads + 4 * (j * n + t)));
                asm volatile("" : "+v"(dot[t])); // keep the order: else g++ hoists loads and spills
            });
        });
        const __m512 scale = panel.scale[run], offset = panel.offset[run];
        const float* scales = x.scales + run / runs * n;
        unroll<n>([&]<int t>() ALTIPLANO_INLINE {
            y[t] = addRun<zero>(y[t], dot[t], scale, offset, scales[t], sums[t]);
        });
        x.quads += 4 * kQuads * n;
    }
    storeRows(y, rows, c);
}

template <QuantType type>
void unpackFloats(Strip p, std::size_t first, std::size_t columns, Panel& panel) {
    for (std::size_t k = 0; k < columns; ++k)
        panel.columns[k] = column<type>(p, first + k);
}

void multiplyFloats(const Panel& panel, std::size_t columns, const float* x, std::size_t rows, float* c) {
    constexpr int n = kGroupRows;
    __m512 y[n];
    loadRows(c, rows, y);
    for (std::size_t k = 0; k < columns; ++k, x += n) {
        const __m512 w = panel.columns[k];
        unroll<n>([&]<int t>() ALTIPLANO_INLINE { y[t] = _mm512_fmadd_ps(w, _mm512_set1_ps(x[t]), y[t]); });
    }
    storeRows(y, rows, c);
}

/// The kernels of one weight type.
struct TypeKernels {
    __m512 (*gemv)(Strip p, std::size_t columns, const Activations& x);
    /// Unpacks columns [first, first + columns) of a strip (block by block: of tiles that start at `first`).
    void (*unpack)(Strip p, std::size_t first, std::size_t columns, Panel& panel);
    void (*multiply)(const Panel& panel, std::size_t columns, const Activations& x, std::size_t rows,
                     float* c);
};

template <QuantType type>
constexpr TypeKernels quantized() {
    return {[](Strip p, std::size_t columns, const Activations& x) { return gemvStrip<type>(p, columns, x); },
            [](Strip p, std::size_t first, std::size_t columns, Panel& panel) {
                unpackStretch<type>(p.at(tileBytes(type, first)), columns, panel);
            },
            [](const Panel& panel, std::size_t columns, const Activations& x, std::size_t rows, float* c) {
                multiplyInt8<Unpack<type>::kRuns, Unpack<type>::kZero>(panel, columns, x, rows, c);
            }};
}

template <QuantType type>
constexpr TypeKernels floats() {
    return {[](Strip p, std::size_t columns, const Activations& x) {
                return gemvFloats<type>(p, columns, x.floats);
            },
            unpackFloats<type>,
            [](const Panel& panel, std::size_t columns, const Activations& x, std::size_t rows, float* c) {
                multiplyFloats(panel, columns, x.floats, rows, c);
            }};
}

TypeKernels kernelsOf(QuantType type) {
    switch (type) {
    case QuantType::F32:
        return floats<QuantType::F32>();
    case QuantType::F16:
        return floats<QuantType::F16>();
    case QuantType::BF16:
        return floats<QuantType::BF16>();
    case QuantType::Q4_0:
        return quantized<QuantType::Q4_0>();
    case QuantType::Q4_1:
        return quantized<QuantType::Q4_1>();
    case QuantType::Q5_0:
        return quantized<QuantType::Q5_0>();
    case QuantType::Q5_1:
        return quantized<QuantType::Q5_1>();
    case QuantType::Q8_0:
        return quantized<QuantType::Q8_0>();
    case QuantType::Q2_K:
        return quantized<QuantType::Q2_K>();
    case QuantType::Q3_K:
        return quantized<QuantType::Q3_K>();
    case QuantType::Q4_K:
        return quantized<QuantType::Q4_K>();
    case QuantType::Q5_K:
        return quantized<QuantType::Q5_K>();
    case QuantType::Q6_K:
        return quantized<QuantType::Q6_K>();
    case QuantType::Q8_K:
        return quantized<QuantType::Q8_K>();
    case QuantType::IQ4_NL:
        return quantized<QuantType::IQ4_NL>();
    case QuantType::IQ4_XS:
        return quantized<QuantType::IQ4_XS>();
    case QuantType::TQ1_0:
        return quantized<QuantType::TQ1_0>();
    case QuantType::TQ2_0:
        return quantized<QuantType::TQ2_0>();
    case QuantType::MXFP4:
        return quantized<QuantType::MXFP4>();
    }
    return {};
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
        } else {
            for (std::size_t k = 0; k < columns; k += 32)
                packInt8(from + k, layout.at(activations, row, k), row % n, n);
        }
    }
}

void gemv(const PackedMatrix& matrix, std::size_t firstTile, std::size_t count, const std::byte* activations,
          float* y) {
    const TypeKernels kernels = kernelsOf(matrix.type);
    const ActivationLayout layout(formatOf(matrix.type), matrix.columns, 1);
    const Activations x = layout.at(activations, 0, 0);
    const std::size_t end = firstTile + count;
    for (std::size_t i = firstTile; i < end; i += 2, y += 16) {
        const __m512 sums = kernels.gemv(stripOf(matrix, i, end), matrix.columns, x);
        _mm512_mask_storeu_ps(y, i + 1 < end ? 0xffff : 0xff, sums);
    }
}

void gemm(const PackedMatrix& matrix, std::size_t firstTile, std::size_t tiles, const std::byte* activations,
          std::size_t rows, std::size_t first, std::size_t count, float* c, std::byte* scratch) {
    if (rows == 1) return gemv(matrix, firstTile, tiles, activations, c);
    const TypeKernels kernels = kernelsOf(matrix.type);
    const ActivationLayout layout(formatOf(matrix.type), matrix.columns, rows);
    Panel& panel = *reinterpret_cast<Panel*>(scratch);
    __builtin_memset(c, 0, count * 8 * kGemmTiles * sizeof(float));
    for (std::size_t k = 0; k < matrix.columns; k += kStretch) {
        const std::size_t columns = matrix.columns - k < kStretch ? matrix.columns - k : kStretch;
        for (std::size_t i = 0; i < tiles; i += 2) {
            kernels.unpack(stripOf(matrix, firstTile + i, firstTile + tiles), k, columns, panel);
            for (std::size_t row = 0; row < count; row += kGroupRows) {
                const std::size_t left = count - row;
                kernels.multiply(panel, columns, layout.at(activations, first + row, k),
                                 left < kGroupRows ? left : kGroupRows, c + 8 * (row * kGemmTiles + i));
            }
        }
    }
}

} // namespace

const MatmulKernels kAvx512Matmul{
    .format = [](QuantType type) -> std::uint8_t { return formatOf(type); },
    .formats = kFormats,
    .groupRows = kGroupRows,
    .gemmTiles = kGemmTiles,
    .activationBytes = activationBytes,
    .scratchBytes = sizeof(Panel),
    .pack = pack,
    .gemv = gemv,
    .gemm = gemm,
};

} // namespace altiplano::kernels
