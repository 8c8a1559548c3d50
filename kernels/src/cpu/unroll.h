#pragma once

// Only for *_avx2.cpp, *_avx512.cpp, *_avx512bf16.cpp and *_amx.cpp. Everything here has internal linkage:
// code compiled for one instruction set must never be merged with another file's by the linker.

#include <cstddef>
#include <immintrin.h>
#include <utility>

#define ALTIPLANO_INLINE __attribute__((always_inline))

namespace altiplano::kernels {
namespace {

/// How far ahead of their use weights are fetched, bytes, where the CPU does not do it well by itself: it
/// does where a thread reads all of them in their order. Into the second-level cache: the first has room for
/// few misses at a time.
constexpr std::size_t kFetchAhead = 8192;
ALTIPLANO_INLINE inline void prefetchLine(const std::byte* p) {
    _mm_prefetch(reinterpret_cast<const char*>(p), _MM_HINT_T1);
}

/// f<0>(), f<1>(), ... f<n - 1>(): a loop that is unrolled whatever the compiler thinks of it.
template <int n, typename F>
ALTIPLANO_INLINE inline void unroll(F f) {
    [&]<int... i>(std::integer_sequence<int, i...>) ALTIPLANO_INLINE {
        (f.template operator()<i>(), ...);
    }
    (std::make_integer_sequence<int, n>{});
}

/// f<n>() with the first of the sizes, which ascend, that holds `count`; with the last one where none does.
template <int n, int... larger, typename F>
ALTIPLANO_INLINE inline void withSize(std::size_t count, F f) {
    if constexpr (sizeof...(larger) != 0)
        if (count > n) return withSize<larger...>(count, f);
    f.template operator()<n>();
}

} // namespace
} // namespace altiplano::kernels
