#pragma once

// Only for *_avx512.cpp and *_amx.cpp: what attention has in common, however scores are computed.

#include "cpu/attention.h"
#include "cpu/simd_avx512.h"

namespace altiplano::kernels {
namespace {

constexpr float kNothing = -__builtin_inff();

ALTIPLANO_INLINE inline std::size_t smaller(std::size_t a, std::size_t b) {
    return a < b ? a : b;
}
ALTIPLANO_INLINE inline std::size_t larger(std::size_t a, std::size_t b) {
    return a < b ? b : a;
}

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
    const std::size_t own = task.position + query / task.group, first = page * kKvPageTokens;
    std::size_t begin = larger(first, task.begin);
    if (task.window != 0 && own + 1 > task.window) begin = larger(begin, own + 1 - task.window);
    const std::size_t end = smaller(smaller(own + 1, task.end), first + kKvPageTokens);
    if (begin >= end) return 0;
    return ~std::uint64_t{0} >> (kKvPageTokens - (end - begin)) << (begin - first);
}

/// Turns a query's scores of a page into weights exp(score - max), zero where it does not see, with the new
/// running maximum; shrinks what was summed before accordingly.
ALTIPLANO_INLINE inline void softmax(std::uint64_t seen, const float* scores, __m512* weights, float& max,
                                     float& sum, float* out, std::size_t dims) {
    __m512 part[4], largest = _mm512_set1_ps(kNothing);
    unroll<4>([&]<int i>() ALTIPLANO_INLINE {
        const auto mask = static_cast<__mmask16>(seen >> 16 * i);
        part[i] = _mm512_mask_loadu_ps(_mm512_set1_ps(kNothing), mask, scores + 16 * i);
        largest = _mm512_max_ps(largest, part[i]);
    });
    const float before = max, pageMax = _mm512_reduce_max_ps(largest);
    if (pageMax > before) {
        max = pageMax;
        if (before != kNothing) {
            const __m512 factor = exponential(_mm512_set1_ps(before - max));
            sum *= _mm512_cvtss_f32(factor);
            for (std::size_t d = 0; d < dims; d += 16)
                _mm512_storeu_ps(out + d, _mm512_mul_ps(_mm512_loadu_ps(out + d), factor));
        }
    }
    const __m512 newMax = _mm512_set1_ps(max);
    unroll<4>([&]<int i>() ALTIPLANO_INLINE {
        const auto mask = static_cast<__mmask16>(seen >> 16 * i);
        weights[i] = _mm512_maskz_mov_ps(mask, exponential(_mm512_sub_ps(part[i], newMax)));
    });
    sum += _mm512_reduce_add_ps(
        _mm512_add_ps(_mm512_add_ps(weights[0], weights[1]), _mm512_add_ps(weights[2], weights[3])));
}

ALTIPLANO_INLINE inline void clearResults(const AttentionTask& task) {
    for (std::size_t i = 0; i < task.queries; ++i)
        task.max[i] = kNothing, task.sum[i] = 0;
    __builtin_memset(task.out, 0, task.queries * task.layout->dims() * sizeof(float));
}

} // namespace
} // namespace altiplano::kernels
