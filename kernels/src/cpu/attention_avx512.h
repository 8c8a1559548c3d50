#pragma once

// Only for *_avx512.cpp and *_amx.cpp: what attention has in common, however scores are computed.

#include "cpu/attention_pages.h"
#include "cpu/simd_avx512.h"

namespace altiplano::kernels {
namespace {

/// How K and V are stored: sixteen numbers of a page.
struct HalfNumbers {
    static constexpr std::size_t kBytes = 2;
    static constexpr bool kScaled = false;
    ALTIPLANO_INLINE static __m512 sixteen(const std::byte* p) { return _mm512_cvtph_ps(loadHalf(p)); }
};
struct ByteNumbers {
    static constexpr std::size_t kBytes = 1;
    static constexpr bool kScaled = true;
    ALTIPLANO_INLINE static __m512 sixteen(const std::byte* p) {
        return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
    }
};

/// Dimension d of the 16 keys that start at slot 16 * block.
template <typename Number>
ALTIPLANO_INLINE inline __m512 keysAt(const KvLayout& layout, const std::byte* head, std::size_t block,
                                      std::size_t d) {
    const std::size_t row = block * layout.dims() + d;
    const __m512 numbers = Number::sixteen(head + row * kKeyLanes * Number::kBytes);
    if constexpr (!Number::kScaled) return numbers;
    return _mm512_mul_ps(numbers,
                         _mm512_cvtph_ps(loadHalf(head + layout.keyScales() + row / 32 * kKeyLanes * 2)));
}

/// Sixteen dimensions from d on of the value at slot `key`.
template <typename Number>
ALTIPLANO_INLINE inline __m512 valueAt(const KvLayout& layout, const std::byte* head, std::size_t key,
                                       std::size_t d) {
    const std::size_t at = key * layout.dims() + d;
    const __m512 numbers = Number::sixteen(head + layout.values() + at * Number::kBytes);
    if constexpr (!Number::kScaled) return numbers;
    std::uint16_t scale;
    __builtin_memcpy(&scale, head + layout.valueScales() + at / 32 * 2, 2);
    return times(numbers, _cvtsh_ss(scale));
}

/// The keys of a page that a query sees, one bit each.
ALTIPLANO_INLINE inline std::uint64_t seenBy(const AttentionTask& task, std::size_t query, std::size_t page) {
    const Span span = seenOf(task, query, page);
    if (span.begin == span.end) return 0;
    return ~std::uint64_t{0} >> (kKvPageTokens - (span.end - span.begin)) << span.begin;
}

/// 2^x for a weight, to 3e-6.
ALTIPLANO_INLINE inline __m512 powerOfTwo(__m512 x) {
    const __m512 n = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    const __m512 r = _mm512_sub_ps(x, n);
    __m512 y = _mm512_set1_ps(1.33335581e-3f);
    y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(9.61812911e-3f));
    y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(5.55041087e-2f));
    y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(2.40226507e-1f));
    y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(6.93147181e-1f));
    y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(1.0f));
    return _mm512_scalef_ps(y, n);
}

/// Turns scores [n][64] of a page into weights exp(score - max), zero where a query does not see, with the
/// new running maximums; shrinks what was summed before accordingly. Calls put(i, weights) with the four
/// vectors of each query, n <= 16; those from `queries` on see nothing, and have no max, sum and out.
template <int n, typename Put>
ALTIPLANO_INLINE inline void softmax(const std::uint64_t* seen, const float* scores, std::size_t queries,
                                     float* max, float* sum, float* out, std::size_t dims, Put put) {
    const auto in = static_cast<__mmask16>((1u << queries) - 1);
    alignas(64) float largest[16] = {}, base[16], sums[16] = {};
    const auto mask = [&](int i, int part)
                          ALTIPLANO_INLINE { return static_cast<__mmask16>(seen[i] >> 16 * part); };
    const __m512 nothing = _mm512_set1_ps(kNothing);
    for (int i = 0; i < n; ++i) {
        __m512 v = nothing;
        unroll<4>([&]<int k>() ALTIPLANO_INLINE {
            v = _mm512_mask_max_ps(v, mask(i, k), v, _mm512_loadu_ps(scores + i * 64 + 16 * k));
        });
        largest[i] = _mm512_reduce_max_ps(v);
    }
    const __m512 before = _mm512_mask_loadu_ps(nothing, in, max);
    const __m512 now = _mm512_mask_max_ps(before, in, before, _mm512_load_ps(largest));
    const __m512 log2e = _mm512_set1_ps(1.44269504f);
    _mm512_store_ps(base, _mm512_mul_ps(now, log2e));
    _mm512_mask_storeu_ps(max, in, now);
    const __mmask16 moved =
        _mm512_cmp_ps_mask(now, before, _CMP_GT_OQ) & _mm512_cmp_ps_mask(before, nothing, _CMP_NEQ_OQ);
    if (moved != 0) {
        alignas(64) float factors[16];
        const __m512 factor = powerOfTwo(_mm512_mul_ps(_mm512_sub_ps(before, now), log2e));
        _mm512_store_ps(factors, factor);
        _mm512_mask_storeu_ps(sum, moved, _mm512_mul_ps(_mm512_maskz_loadu_ps(moved, sum), factor));
        for (std::size_t i = 0; i < queries; ++i)
            for (std::size_t d = 0; moved >> i & 1 && d < dims; d += 16)
                _mm512_storeu_ps(out + i * dims + d, times(_mm512_loadu_ps(out + i * dims + d), factors[i]));
    }
    for (int i = 0; i < n; ++i) {
        __m512 weights[4];
        const __m512 zero = _mm512_set1_ps(base[i]);
        unroll<4>([&]<int k>() ALTIPLANO_INLINE {
            const __m512 x = _mm512_fmsub_ps(_mm512_loadu_ps(scores + i * 64 + 16 * k), log2e, zero);
            weights[k] = _mm512_maskz_mov_ps(mask(i, k), powerOfTwo(x));
        });
        sums[i] = _mm512_reduce_add_ps(
            _mm512_add_ps(_mm512_add_ps(weights[0], weights[1]), _mm512_add_ps(weights[2], weights[3])));
        put(i, weights);
    }
    _mm512_mask_storeu_ps(sum, in, _mm512_add_ps(_mm512_maskz_loadu_ps(in, sum), _mm512_load_ps(sums)));
}

} // namespace
} // namespace altiplano::kernels
