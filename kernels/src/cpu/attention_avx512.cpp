#include "cpu/attention_avx512.h"

namespace altiplano::kernels {
namespace {

/// Vectors of keys (or dimensions of values) at a time: as many as keep both multipliers busy.
constexpr int vectorsFor(int queries) {
    return queries <= 4 ? 4 : 2;
}

/// Fetches the next page of a head while this one is computed, a few lines at a time.
class NextPage {
public:
    ALTIPLANO_INLINE NextPage(const std::byte* head, std::size_t bytes) : m_at(head), m_end(head + bytes) {}

    ALTIPLANO_INLINE void prefetch() {
        if (m_at >= m_end) return;
        _mm_prefetch(reinterpret_cast<const char*>(m_at), _MM_HINT_T0);
        _mm_prefetch(reinterpret_cast<const char*>(m_at + 64), _MM_HINT_T0);
        m_at += 128;
    }

private:
    const std::byte *m_at, *m_end;
};

/// scores[i * 64 + key] of n queries against 16 * w keys.
template <typename Number, int n, int w>
ALTIPLANO_INLINE inline void scoreKeys(const KvLayout& layout, const float* q, const std::byte* head,
                                       std::size_t block, float* scores, NextPage& next) {
    const std::size_t dims = layout.dims();
    __m512 sums[n][w];
    unroll<n * w>([&]<int i>() ALTIPLANO_INLINE { sums[i / w][i % w] = _mm512_setzero_ps(); });
    for (std::size_t d = 0; d < dims; ++d) {
        next.prefetch();
        __m512 key[w];
        unroll<w>([&]<int v>() ALTIPLANO_INLINE { key[v] = keysAt<Number>(layout, head, block + v, d); });
        unroll<n>([&]<int i>() ALTIPLANO_INLINE {
            const __m512 x = _mm512_set1_ps(q[i * dims + d]);
            unroll<w>([&]<int v>() ALTIPLANO_INLINE { sums[i][v] = _mm512_fmadd_ps(key[v], x, sums[i][v]); });
        });
    }
    unroll<n * w>([&]<int i>() ALTIPLANO_INLINE {
        _mm512_store_ps(scores + i / w * kKvPageTokens + (block + i % w) * 16, sums[i / w][i % w]);
    });
}

/// out[i] += weights[i] * values [first, end), dimensions [d, d + 16 * w).
template <typename Number, int n, int w>
ALTIPLANO_INLINE inline void addValues(const KvLayout& layout, const float* weights, const std::byte* head,
                                       std::size_t first, std::size_t end, std::size_t d, float* out,
                                       NextPage& next) {
    const std::size_t dims = layout.dims();
    __m512 sums[n][w];
    unroll<n * w>([&]<int i>() ALTIPLANO_INLINE {
        sums[i / w][i % w] = _mm512_loadu_ps(out + i / w * dims + d + i % w * 16);
    });
    for (std::size_t key = first; key < end; ++key) {
        next.prefetch();
        __m512 value[w];
        unroll<w>([&]<int v>()
                      ALTIPLANO_INLINE { value[v] = valueAt<Number>(layout, head, key, d + 16 * v); });
        unroll<n>([&]<int i>() ALTIPLANO_INLINE {
            const __m512 x = _mm512_set1_ps(weights[i * kKvPageTokens + key]);
            unroll<w>([&]<int v>()
                          ALTIPLANO_INLINE { sums[i][v] = _mm512_fmadd_ps(value[v], x, sums[i][v]); });
        });
    }
    unroll<n * w>([&]<int i>() ALTIPLANO_INLINE {
        _mm512_storeu_ps(out + i / w * dims + d + i % w * 16, sums[i / w][i % w]);
    });
}

/// Queries [first, first + n) against one page.
template <typename Number, int n>
void attendPage(const AttentionTask& task, std::size_t first, std::size_t page) {
    const KvLayout& layout = *task.layout;
    const std::size_t dims = layout.dims();
    std::uint64_t seen[n], any = 0;
    for (std::size_t i = 0; i < n; ++i)
        any |= seen[i] = seenBy(task, first + i, page);
    if (any == 0) return;
    const auto begin = static_cast<std::size_t>(__builtin_ctzll(any));
    const auto end = kKvPageTokens - static_cast<std::size_t>(__builtin_clzll(any));

    const auto headOf = [&](std::size_t p) { return task.pool + task.pages[p] * layout.pageBytes(); };
    const std::byte* head = headOf(page);
    const bool more = (page + 1) * kKvPageTokens < task.end;
    NextPage next(headOf(more ? page + 1 : page), more ? layout.headBytes() : 0);

    alignas(64) float scores[n * kKvPageTokens];
    constexpr int w = vectorsFor(n);
    for (std::size_t block = begin / 16 / w * w; block * 16 < end; block += w)
        scoreKeys<Number, n, w>(layout, task.q + first * dims, head, block, scores, next);
    float* out = task.out + first * dims;
    softmax<n>(seen, scores, n, task.max + first, task.sum + first, out, dims,
               [&](int i, const __m512* weights) ALTIPLANO_INLINE {
                   unroll<4>([&]<int k>() ALTIPLANO_INLINE {
                       _mm512_store_ps(scores + i * static_cast<int>(kKvPageTokens) + 16 * k, weights[k]);
                   });
               });
    std::size_t d = 0;
    for (; d + 16 * w <= dims; d += 16 * w)
        addValues<Number, n, w>(layout, scores, head, begin, end, d, out, next);
    for (; d < dims; d += 16)
        addValues<Number, n, 1>(layout, scores, head, begin, end, d, out, next);
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

/// Sixteen numbers (fewer where the mask says so) as half floats.
ALTIPLANO_INLINE inline __m256i halvesOf(const float* x, __mmask16 mask) {
    return _mm512_cvtps_ph(_mm512_maskz_loadu_ps(mask, x), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

/// Quantizes up to 32 numbers, `step` bytes apart.
void putBlock(const float* x, std::size_t n, std::byte* numbers, std::size_t step, std::byte* scale) {
    const unsigned mask = n >= 32 ? 0xffffffffu : (1u << n) - 1;
    const __m512 low = _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask), x);
    const __m512 high = _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask >> 16), x + 16);
    const float largest = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_abs_ps(low), _mm512_abs_ps(high)));
    const auto half = static_cast<std::uint16_t>(
        _mm_cvtsi128_si32(_mm_cvtps_ph(_mm_set_ss(largest / 127.0f), _MM_FROUND_TO_NEAREST_INT)));
    __builtin_memcpy(scale, &half, 2);
    const float stored = _cvtsh_ss(half), factor = stored > 0 ? 1.0f / stored : 0.0f;
    alignas(16) std::byte bytes[32];
    const auto put = [&](std::byte* to, __m512 v) ALTIPLANO_INLINE {
        _mm_store_si128(reinterpret_cast<__m128i*>(to),
                        _mm512_cvtsepi32_epi8(_mm512_cvtps_epi32(times(v, factor))));
    };
    put(bytes, low);
    put(bytes + 16, high);
    for (std::size_t i = 0; i < n; ++i)
        numbers[i * step] = bytes[i];
}

void store(const KvLayout& layout, std::byte* head, std::size_t slot, const float* k, const float* v) {
    const std::size_t dims = layout.dims(), block16 = slot / kKeyLanes, lane = slot % kKeyLanes;
    if (layout.type == KvType::F16) {
        std::byte* key = head + 2 * (block16 * dims * kKeyLanes + lane);
        std::byte* value = head + layout.values() + 2 * slot * dims;
        for (std::size_t i = 0; i < layout.headDim; i += 16) {
            const std::size_t n = smaller(16, layout.headDim - i);
            const auto mask = static_cast<__mmask16>((1u << n) - 1);
            alignas(32) std::uint16_t keys[16];
            _mm256_store_si256(reinterpret_cast<__m256i*>(keys), halvesOf(k + i, mask));
            for (std::size_t j = 0; j < n; ++j)
                __builtin_memcpy(key + 2 * kKeyLanes * (i + j), keys + j, 2);
            _mm256_mask_storeu_epi16(value + 2 * i, mask, halvesOf(v + i, mask));
        }
        return;
    }
    storeBlocks(layout, head, slot, k, v, putBlock);
}

} // namespace

const AttentionKernels kAvx512Attention{store, attend};

} // namespace altiplano::kernels
