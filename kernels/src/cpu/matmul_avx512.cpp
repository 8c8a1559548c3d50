#include "cpu/matmul.h"

#include "cpu/activations_avx512.h"
#include "cpu/tiles_avx512.h"

namespace altiplano::kernels {
namespace {

/// Tiles of one gemm call: 32 rows.
constexpr std::size_t kGemmTiles = 4;

/// Columns that a gemm unpacks at a time; a multiple of every block's length. The unpacked weights of 16 rows
/// then stay in the first-level cache.
constexpr std::size_t kStretch = 512;

/// 16 rows of unpacked weights, in the scratch memory of a thread. Here the weights are the signed bytes and
/// the activations the unsigned ones, 128 higher than they are: what is too much then depends on the weights
/// alone, so that a run's sums start from it and no row has to take its weights' zero off.
struct Panel {
    union {
        __m512i quads[kStretch / 4];
        __m512 columns[kStretch];
    };
    __m512i start[kStretch / 16]; ///< of the sums of a run of columns
    __m512 scale[kStretch / 16], offset[kStretch / 16];
};

Format formatOf(QuantType type) {
    return type == QuantType::F32 || type == QuantType::F16 || type == QuantType::BF16 ? kFloat : kInt8;
}

/// Strips of float weights that a gemv multiplies at once: each adds up in one chain, as a gemm does.
constexpr int kFloatStrips = 4;

/// Fetches what is read next. Where a strip ends, that is the one `strips` further.
class Ahead {
public:
    ALTIPLANO_INLINE explicit Ahead(std::size_t tileBytes, std::size_t done = 0, std::size_t strips = 1)
        : m_jump((2 * strips - 1) * tileBytes),
          m_left(tileBytes - done > kFetchAhead ? tileBytes - done - kFetchAhead : 0) {}

    /// The next `bytes` of both tiles are at `p`.
    ALTIPLANO_INLINE void prefetch(Strip p, std::size_t bytes) const {
        const Strip next = p.at(kFetchAhead + (m_left == 0 ? m_jump : 0));
        for (std::size_t at = 0; at < bytes; at += 64)
            prefetchLine(next.low + at), prefetchLine(next.high + at);
    }
    ALTIPLANO_INLINE void pass(std::size_t bytes) { m_left = m_left > bytes ? m_left - bytes : 0; }

private:
    std::size_t m_jump, m_left;
};

/// The tiles `index` and `index + 1`, or the same one twice where the matrix ends.
ALTIPLANO_INLINE inline Strip stripOf(const PackedMatrix& matrix, std::size_t index, std::size_t end) {
    return {matrix.tile(index), matrix.tile(index + 1 < end ? index + 1 : index)};
}

/// What one run of columns adds to the sum of 32, which `isFirst` starts: from the sum of its products and,
/// where the type has offsets, the sum of its activations.
template <bool offsets, bool isFirst>
ALTIPLANO_INLINE inline __m512 addRun(__m512 sum, __m512 dot, __m512 scale, __m512 offset, float xSum) {
    sum = isFirst ? _mm512_mul_ps(dot, scale) : _mm512_fmadd_ps(dot, scale, sum);
    return offsets ? _mm512_fmadd_ps(offset, _mm512_set1_ps(xSum), sum) : sum;
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
            ahead.pass(bytes / kParts);
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
            __m512 sum;
            unroll<kRuns * kShared>([&]<int r>() ALTIPLANO_INLINE {
                const int at = kRuns * kShared * part + r;
                __m512 product = _mm512_cvtepi32_ps(dot[r]); // exact, as is taking the zero off
                if constexpr (Type::kZero != 0)
                    product = _mm512_fnmadd_ps(_mm512_set1_ps(Type::kZero), _mm512_set1_ps(sums[r]), product);
                sum = addRun<Type::kZero == 0, r % kRuns == 0>(sum, product, scale[at], offset[at], sums[r]);
                if constexpr (r % kRuns == kRuns - 1)
                    y = _mm512_fmadd_ps(sum, _mm512_set1_ps(x.scales[r / kRuns]), y);
            });
            x = {x.quads + 32 * kShared, x.scales + kShared, x.sums16 + 2 * kShared, x.sums32 + kShared,
                 nullptr};
        }
    }
    return y;
}

template <QuantType type>
void gemvFloats(const Strip (&p)[kFloatStrips], std::size_t columns, const float* x, __m512* y) {
    constexpr std::size_t kBytes = type == QuantType::F32 ? 32 : 16; // of a column
    __m512 sums[kFloatStrips];
    unroll<kFloatStrips>([&]<int i>() ALTIPLANO_INLINE { sums[i] = _mm512_setzero_ps(); });
    Ahead ahead(kBytes * columns, 0, kFloatStrips);
    const auto add = [&](std::size_t k) ALTIPLANO_INLINE {
        unroll<kFloatStrips>([&]<int i>() ALTIPLANO_INLINE {
            sums[i] = _mm512_fmadd_ps(column<type>(p[i], k), _mm512_set1_ps(x[k]), sums[i]);
        });
    };
    std::size_t k = 0;
    for (; k + 4 <= columns; k += 4) {
        for (const Strip& strip : p)
            ahead.prefetch(strip.at(k * kBytes), 4 * kBytes);
        ahead.pass(4 * kBytes);
        unroll<4>([&]<int i>() ALTIPLANO_INLINE { add(k + i); });
    }
    for (; k < columns; ++k)
        add(k);
    unroll<kFloatStrips>([&]<int i>() ALTIPLANO_INLINE { y[i] = sums[i]; });
}

template <QuantType type>
void unpackStretch(Strip p, std::size_t columns, Ahead ahead, Panel& panel) {
    using Type = Unpack<type>;
    const std::size_t bytes = kTileRows * quantTraits(type).blockBytes;
    __m512i *quads = panel.quads, *start = panel.start;
    __m512 *scale = panel.scale, *offset = panel.offset;
    const __m512i zero = _mm512_set1_epi8(static_cast<char>(Type::kZero)), shift = _mm512_set1_epi8(-128);
    for (std::size_t k = 0; k < columns; k += 32 * Type::kSteps) {
        Type::scales(p, scale, offset);
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
        scale += Type::kSteps * Type::kRuns, offset += Type::kSteps * Type::kRuns;
    }
}

/// The results so far of `rows` <= n rows, which lie `kGemmTiles` tiles apart. A gemm adds up a row's runs (a
/// float weight's columns) in the same order as a gemv, so that both give the same bits.
template <int n>
ALTIPLANO_INLINE inline void loadRows(const float* c, std::size_t rows, __m512* y) {
    unroll<n>([&]<int t>() ALTIPLANO_INLINE {
        y[t] = t < rows ? _mm512_loadu_ps(c + 8 * kGemmTiles * t) : _mm512_setzero_ps();
    });
}
template <int n>
ALTIPLANO_INLINE inline void storeRows(const __m512* y, std::size_t rows, float* c) {
    unroll<n>([&]<int t>() ALTIPLANO_INLINE {
        if (t < rows) _mm512_storeu_ps(c + 8 * kGemmTiles * t, y[t]);
    });
}

/// c[row][0 .. 16) += the panel times the first `rows` <= n rows of a group.
template <int runs, bool offsets, int n>
void multiplyInt8(const Panel& panel, std::size_t columns, Activations x, std::size_t rows, float* c) {
    constexpr int kQuads = 8 / runs, kGroup = kGroupRows;
    __m512 y[n];
    loadRows<n>(c, rows, y);
    const float* sums = runs == 1 ? x.sums32 : x.sums16;
    const __m512i* quads = panel.quads;
    for (std::size_t step = 0; step < columns / 32; ++step, x.scales += kGroup) {
        __m512 sum[n];
        unroll<runs>([&]<int r>() ALTIPLANO_INLINE {
            const std::size_t run = step * runs + r;
            __m512i dot[n];
            unroll<n>([&]<int t>() ALTIPLANO_INLINE { dot[t] = panel.start[run]; });
            unroll<kQuads>([&]<int j>() ALTIPLANO_INLINE {
                const __m512i w = quads[j];
                unroll<n>([&]<int t>() ALTIPLANO_INLINE {
                    dot[t] = _mm512_dpbusd_epi32(dot[t], broadcast(x.quads + 4 * (j * kGroup + t)), w);
                    asm volatile("" : "+v"(dot[t])); // keep the order: else g++ hoists loads and spills
                });
            });
            const __m512 scale = panel.scale[run], offset = panel.offset[run];
            unroll<n>([&]<int t>() ALTIPLANO_INLINE {
                sum[t] = addRun<offsets, r == 0>(sum[t], _mm512_cvtepi32_ps(dot[t]), scale, offset, sums[t]);
            });
            quads += kQuads, sums += kGroup, x.quads += 4 * kQuads * kGroup;
        });
        unroll<n>([&]<int t>() ALTIPLANO_INLINE {
            y[t] = _mm512_fmadd_ps(sum[t], _mm512_set1_ps(x.scales[t]), y[t]);
        });
    }
    storeRows<n>(y, rows, c);
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
    __m512 y[n];
    loadRows<n>(c, rows, y);
    for (std::size_t k = 0; k < columns; ++k, x += kGroupRows) {
        const __m512 w = panel.columns[k];
        unroll<n>([&]<int t>() ALTIPLANO_INLINE { y[t] = _mm512_fmadd_ps(w, _mm512_set1_ps(x[t]), y[t]); });
    }
    storeRows<n>(y, rows, c);
}

/// use<n>() for `rows` rows of a group.
template <typename Use>
ALTIPLANO_INLINE inline void forRows(std::size_t rows, Use use) {
    withSize<1, 2, 3, 4, 6, 8, kGroupRows>(rows, use);
}

/// The kernels of one weight type.
struct TypeKernels {
    /// y[i] = the sums of strips[i] times the row, i < count.
    void (*gemv)(const Strip (&strips)[kFloatStrips], int count, std::size_t columns, const Activations& x,
                 __m512* y);
    /// Unpacks columns [first, first + columns) of a strip (block by block: of tiles that start at `first`).
    void (*unpack)(Strip p, std::size_t first, std::size_t columns, Ahead ahead, Panel& panel);
    void (*multiply)(const Panel& panel, std::size_t columns, const Activations& x, std::size_t rows,
                     float* c);
};

template <QuantType type>
constexpr TypeKernels quantized() {
    return {[](const Strip(&strips)[kFloatStrips], int count, std::size_t columns, const Activations& x,
               __m512* y) {
                for (int i = 0; i < count; ++i)
                    y[i] = gemvStrip<type>(strips[i], columns, x);
            },
            [](Strip p, std::size_t first, std::size_t columns, Ahead ahead, Panel& panel) {
                unpackStretch<type>(p.at(tileBytes(type, first)), columns, ahead, panel);
            },
            [](const Panel& panel, std::size_t columns, const Activations& x, std::size_t rows, float* c) {
                forRows(rows, [&]<int n>() ALTIPLANO_INLINE {
                    multiplyInt8<Unpack<type>::kRuns, Unpack<type>::kZero == 0, n>(panel, columns, x, rows,
                                                                                   c);
                });
            }};
}

template <QuantType type>
constexpr TypeKernels floats() {
    return {[](const Strip(&strips)[kFloatStrips], int, std::size_t columns, const Activations& x,
               __m512* y) { gemvFloats<type>(strips, columns, x.floats, y); },
            unpackFloats<type>,
            [](const Panel& panel, std::size_t columns, const Activations& x, std::size_t rows, float* c) {
                forRows(rows, [&]<int n>()
                                  ALTIPLANO_INLINE { multiplyFloats<n>(panel, columns, x.floats, rows, c); });
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
    for (std::size_t tile = firstTile; tile < end; tile += 2 * kFloatStrips) {
        Strip strips[kFloatStrips];
        int n = 0;
        for (int i = 0; i < kFloatStrips; ++i) {
            const std::size_t at = tile + 2 * static_cast<std::size_t>(i);
            strips[i] = stripOf(matrix, at < end ? at : tile, end);
            n += at < end;
        }
        __m512 sums[kFloatStrips];
        kernels.gemv(strips, n, matrix.columns, x, sums);
        for (int i = 0; i < n; ++i, y += 16)
            _mm512_mask_storeu_ps(y, tile + 2 * static_cast<std::size_t>(i) + 1 < end ? 0xffff : 0xff,
                                  sums[i]);
    }
}

void gemm(const PackedMatrix& matrix, std::size_t firstTile, std::size_t tiles, const std::byte* activations,
          std::size_t rows, std::size_t first, std::size_t count, float* c, std::byte* scratch) {
    if (rows == 1) return gemv(matrix, firstTile, tiles, activations, c);
    const TypeKernels kernels = kernelsOf(matrix.type);
    const ActivationLayout layout(formatOf(matrix.type), matrix.columns, rows);
    const std::size_t wholeTile = tileBytes(matrix.type, matrix.columns);
    Panel& panel = *reinterpret_cast<Panel*>(scratch);
    __builtin_memset(c, 0, count * 8 * kGemmTiles * sizeof(float));
    const auto multiply = [&](std::size_t i, std::size_t k) {
        const std::size_t columns = matrix.columns - k < kStretch ? matrix.columns - k : kStretch;
        const Ahead ahead(wholeTile, wholeTile * k / matrix.columns);
        kernels.unpack(stripOf(matrix, firstTile + i, firstTile + tiles), k, columns, ahead, panel);
        for (std::size_t row = 0; row < count; row += kGroupRows) {
            const std::size_t left = count - row;
            kernels.multiply(panel, columns, layout.at(activations, first + row, k),
                             left < kGroupRows ? left : kGroupRows, c + 8 * (row * kGemmTiles + i));
        }
    };
    if (count <= kGroupRows) // the weights are read from memory in their order,
        for (std::size_t i = 0; i < tiles; i += 2)
            for (std::size_t k = 0; k < matrix.columns; k += kStretch)
                multiply(i, k);
    else // the activations from the second-level cache
        for (std::size_t k = 0; k < matrix.columns; k += kStretch)
            for (std::size_t i = 0; i < tiles; i += 2)
                multiply(i, k);
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
