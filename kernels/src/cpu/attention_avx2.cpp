#include "cpu/attention_pages.h"
#include "cpu/simd_avx2.h"

namespace altiplano::kernels {
namespace {

/// Vectors of keys (or dimensions of values) at a time: for six queries 12 accumulators, 2 keys and 1 query
/// fit the 16 registers; with few queries, twice as many keep the multipliers busy.
constexpr int vectorsFor(int queries) {
    return queries <= 3 ? 4 : 2;
}

/// How K and V are stored: eight numbers of a page, and columns that share a scale.
struct HalfNumbers {
    static constexpr std::size_t kBytes = 2;
    static constexpr bool kScaled = false;
    ALTIPLANO_INLINE static __m256 eight(const std::byte* p) { return loadHalves(p); }
};
struct ByteNumbers {
    static constexpr std::size_t kBytes = 1;
    static constexpr bool kScaled = true;
    ALTIPLANO_INLINE static __m256 eight(const std::byte* p) {
        const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
        return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes));
    }
};

ALTIPLANO_INLINE inline float halfAt(const std::byte* p) {
    std::uint16_t bits;
    __builtin_memcpy(&bits, p, 2);
    return _cvtsh_ss(bits);
}

/// Scores of n queries against the 8 * w keys from a multiple of 16 on: scores[i * 64 + key].
template <typename Number, int n, int w>
ALTIPLANO_INLINE inline void scoreKeys(const float* q, std::size_t dims, const std::byte* keys,
                                       const std::byte* scales, float* scores) {
    const std::size_t stretch = Number::kScaled ? 32 : dims, lanes = kKeyLanes * Number::kBytes;
    for (std::size_t first = 0; first < dims; first += stretch) {
        __m256 sums[n][w];
        unroll<n * w>([&]<int i>() ALTIPLANO_INLINE { sums[i / w][i % w] = _mm256_setzero_ps(); });
        for (std::size_t d = first; d < first + stretch; ++d) {
            __m256 key[w];
            unroll<w>([&]<int v>() ALTIPLANO_INLINE {
                key[v] = Number::eight(keys + (v / 2 * dims + d) * lanes + v % 2 * lanes / 2);
            });
            unroll<n>([&]<int i>() ALTIPLANO_INLINE {
                const __m256 x = _mm256_broadcast_ss(q + i * dims + d);
                unroll<w>([&]<int v>()
                              ALTIPLANO_INLINE { sums[i][v] = _mm256_fmadd_ps(key[v], x, sums[i][v]); });
            });
        }
        unroll<n * w>([&]<int i>() ALTIPLANO_INLINE {
            constexpr int v = i % w;
            float* to = scores + i / w * kKvPageTokens + 8 * v;
            __m256 sum = sums[i / w][v];
            if constexpr (Number::kScaled) {
                const __m256 scale =
                    loadHalves(scales + 32 * (v / 2 * dims / 32 + first / 32) + 16 * (v % 2));
                sum = _mm256_fmadd_ps(sum, scale, first == 0 ? _mm256_setzero_ps() : _mm256_loadu_ps(to));
            }
            _mm256_storeu_ps(to, sum);
        });
    }
}

/// Turns one query's scores of a page into weights exp(score - max), zero beyond its span, with the new
/// running maximum; returns the factor by which what was summed before has to shrink. `masked` where the span
/// is not whole vectors from `whole`'s begin to its end.
template <bool masked>
ALTIPLANO_INLINE inline float softmax(Span span, float* scores, Span whole, float& max, float& sum) {
    const __m256 nothing = _mm256_set1_ps(kNothing);
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const auto inSpan = [&](std::size_t i) ALTIPLANO_INLINE {
        const __m256i key = _mm256_add_epi32(lanes, _mm256_set1_epi32(static_cast<int>(i)));
        const __m256i early = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(span.begin)), key);
        const __m256i notLate = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(span.end)), key);
        return _mm256_castsi256_ps(_mm256_andnot_si256(early, notLate));
    };
    const std::size_t first = whole.begin / 8 * 8;
    __m256 largest = nothing;
    for (std::size_t i = first; i < whole.end; i += 8) {
        const __m256 score = _mm256_loadu_ps(scores + i);
        largest = _mm256_max_ps(largest, masked ? _mm256_blendv_ps(nothing, score, inSpan(i)) : score);
    }
    const float before = max, pageMax = largestOf(largest);
    if (pageMax > max) max = pageMax;
    const __m256 newMax = _mm256_set1_ps(max);
    __m256 total = _mm256_setzero_ps();
    for (std::size_t i = first; i < whole.end; i += 8) {
        __m256 weight = exponential(_mm256_sub_ps(_mm256_loadu_ps(scores + i), newMax));
        if constexpr (masked) weight = _mm256_and_ps(weight, inSpan(i));
        total = _mm256_add_ps(total, weight);
        _mm256_storeu_ps(scores + i, weight);
    }
    const float factor =
        before == kNothing ? 0.0f : _mm256_cvtss_f32(exponential(_mm256_set1_ps(before - max)));
    sum = sum * factor + sumOf(total);
    return factor;
}

/// out[i] = out[i] * factor[i] + weights[i] * values, dimensions [d, d + 8 * w).
template <typename Number, int n, int w>
ALTIPLANO_INLINE inline void addValues(const float* weights, const float* factors, Span span,
                                       const std::byte* values, const std::byte* scales, std::size_t dims,
                                       std::size_t d, float* out) {
    __m256 sums[n][w];
    unroll<n * w>([&]<int i>() ALTIPLANO_INLINE {
        const __m256 before = _mm256_loadu_ps(out + i / w * dims + d + i % w * 8);
        sums[i / w][i % w] = _mm256_mul_ps(before, _mm256_set1_ps(factors[i / w]));
    });
    for (std::size_t key = span.begin; key < span.end; ++key) {
        __m256 value[w];
        unroll<w>([&]<int v>() ALTIPLANO_INLINE {
            value[v] = Number::eight(values + (key * dims + d + 8 * v) * Number::kBytes);
            if constexpr (Number::kScaled) {
                const float scale = halfAt(scales + 2 * (key * (dims / 32) + (d + 8 * v) / 32));
                value[v] = _mm256_mul_ps(value[v], _mm256_set1_ps(scale));
            }
        });
        unroll<n>([&]<int i>() ALTIPLANO_INLINE {
            const __m256 x = _mm256_broadcast_ss(weights + i * kKvPageTokens + key);
            unroll<w>([&]<int v>()
                          ALTIPLANO_INLINE { sums[i][v] = _mm256_fmadd_ps(value[v], x, sums[i][v]); });
        });
    }
    unroll<n * w>([&]<int i>() ALTIPLANO_INLINE {
        _mm256_storeu_ps(out + i / w * dims + d + i % w * 8, sums[i / w][i % w]);
    });
}

/// Queries [first, first + n) against one page.
template <typename Number, int n>
void attendPage(const AttentionTask& task, std::size_t first, std::size_t page) {
    const KvLayout& layout = *task.layout;
    const std::size_t dims = layout.dims();
    Span spans[n], whole{kKvPageTokens, 0};
    for (std::size_t i = 0; i < n; ++i) {
        spans[i] = seenOf(task, first + i, page);
        if (spans[i].begin == spans[i].end) continue;
        whole = {smaller(whole.begin, spans[i].begin), larger(whole.end, spans[i].end)};
    }
    if (whole.end == 0) return;

    const std::byte* keys = task.pool + task.pages[page] * layout.pageBytes();
    const float* q = task.q + first * dims;
    constexpr int w = vectorsFor(n);
    constexpr std::size_t kWide = 8 * w;
    alignas(32) float scores[n * kKvPageTokens];
    for (std::size_t key = whole.begin / kWide * kWide; key < whole.end; key += kWide)
        scoreKeys<Number, n, w>(q, dims, keys + key * dims * Number::kBytes,
                                keys + layout.keyScales() + key * (dims / 32) * 2, scores + key);
    float factors[n];
    for (std::size_t i = 0; i < n; ++i) {
        const bool aligned = spans[i].begin % 8 == 0 && spans[i].end % 8 == 0;
        const bool all = aligned && spans[i].begin == whole.begin && spans[i].end == whole.end;
        factors[i] = (all ? softmax<false> : softmax<true>)(spans[i], scores + i * kKvPageTokens, whole,
                                                            task.max[first + i], task.sum[first + i]);
    }

    const std::byte *values = keys + layout.values(), *scales = keys + layout.valueScales();
    float* out = task.out + first * dims;
    std::size_t d = 0;
    for (; d + kWide <= dims; d += kWide)
        addValues<Number, n, w>(scores, factors, whole, values, scales, dims, d, out);
    if (d < dims) addValues<Number, n, 2>(scores, factors, whole, values, scales, dims, d, out);
}

template <typename Number>
void attendAll(const AttentionTask& task) {
    attendPages(task, [&]<int n>(std::size_t first, std::size_t page)
                          ALTIPLANO_INLINE { attendPage<Number, n>(task, first, page); });
}

void attend(const AttentionTask& task) {
    if (task.layout->type == KvType::F16)
        attendAll<HalfNumbers>(task);
    else
        attendAll<ByteNumbers>(task);
}

void putHalf(std::byte* p, float value) {
    const __m128i half = _mm_cvtps_ph(_mm_set_ss(value), _MM_FROUND_TO_NEAREST_INT);
    const auto bits = static_cast<std::uint16_t>(_mm_cvtsi128_si32(half));
    __builtin_memcpy(p, &bits, 2);
}

ALTIPLANO_INLINE inline __m128i eightHalves(const float* x) {
    return _mm256_cvtps_ph(_mm256_loadu_ps(x), _MM_FROUND_TO_NEAREST_INT);
}

/// Quantizes up to 32 numbers, `step` bytes apart.
void putBlock(const float* x, std::size_t n, std::byte* numbers, std::size_t step, std::byte* scale) {
    float largest = 0;
    for (std::size_t i = 0; i < n; ++i)
        largest = __builtin_fmaxf(largest, __builtin_fabsf(x[i]));
    putHalf(scale, largest / 127.0f);
    const float stored = halfAt(scale), factor = stored > 0 ? 1.0f / stored : 0.0f;
    for (std::size_t i = 0; i < n; ++i) {
        const float number = __builtin_fmaxf(-127.0f, __builtin_fminf(127.0f, x[i] * factor));
        numbers[i * step] = static_cast<std::byte>(_mm_cvtss_si32(_mm_set_ss(number)));
    }
}

void store(const KvLayout& layout, std::byte* head, std::size_t slot, const float* k, const float* v) {
    const std::size_t dims = layout.dims(), block16 = slot / kKeyLanes, lane = slot % kKeyLanes;
    if (layout.type == KvType::F16) {
        std::byte* key = head + 2 * (block16 * dims * kKeyLanes + lane);
        std::byte* value = head + layout.values() + 2 * slot * dims;
        std::size_t i = 0;
        for (; i + 8 <= layout.headDim; i += 8) {
            alignas(16) std::uint16_t halves[8];
            _mm_store_si128(reinterpret_cast<__m128i*>(halves), eightHalves(k + i));
            unroll<8>([&]<int j>() ALTIPLANO_INLINE {
                __builtin_memcpy(key + 2 * kKeyLanes * (i + j), halves + j, 2);
            });
            _mm_storeu_si128(reinterpret_cast<__m128i*>(value + 2 * i), eightHalves(v + i));
        }
        for (; i < layout.headDim; ++i) {
            putHalf(key + 2 * kKeyLanes * i, k[i]);
            putHalf(value + 2 * i, v[i]);
        }
        return;
    }
    storeBlocks(layout, head, slot, k, v, putBlock);
}

} // namespace

const AttentionKernels kAvx2Attention{store, attend};

} // namespace altiplano::kernels
