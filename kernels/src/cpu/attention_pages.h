#pragma once

// Only for *_avx2.cpp, *_avx512.cpp and *_amx.cpp (see unroll.h): the way through the pages, and what a query
// sees of one.

#include "cpu/attention.h"
#include "cpu/unroll.h"

namespace altiplano::kernels {
namespace {

constexpr float kNothing = -__builtin_inff();

ALTIPLANO_INLINE inline std::size_t smaller(std::size_t a, std::size_t b) {
    return a < b ? a : b;
}
ALTIPLANO_INLINE inline std::size_t larger(std::size_t a, std::size_t b) {
    return a < b ? b : a;
}

/// Keys (or values) of a page; none where begin is end.
struct Span {
    std::size_t begin, end;
};

/// Those that a query sees.
ALTIPLANO_INLINE inline Span seenOf(const AttentionTask& task, std::size_t query, std::size_t page) {
    const std::size_t own = task.position + query / task.group, first = page * kKvPageTokens;
    std::size_t begin = larger(first, task.begin);
    if (task.window != 0 && own + 1 > task.window) begin = larger(begin, own + 1 - task.window);
    const std::size_t end = smaller(smaller(own + 1, task.end), first + kKvPageTokens);
    return begin < end ? Span{begin - first, end - first} : Span{0, 0};
}

ALTIPLANO_INLINE inline void clearResults(const AttentionTask& task) {
    for (std::size_t i = 0; i < task.queries; ++i)
        task.max[i] = kNothing, task.sum[i] = 0;
    __builtin_memset(task.out, 0, task.queries * task.layout->dims() * sizeof(float));
}

/// Calls attendPage<n>(query, page) for every page and every n queries from `query` on, up to six: as many as
/// both sets have registers for.
template <typename AttendPage>
ALTIPLANO_INLINE inline void attendPages(const AttentionTask& task, AttendPage attendPage) {
    clearResults(task);
    for (std::size_t page = task.begin / kKvPageTokens; page * kKvPageTokens < task.end; ++page)
        for (std::size_t i = 0; i < task.queries; i += 6)
            withSize<1, 2, 3, 4, 5, 6>(task.queries - i, [&]<int n>() ALTIPLANO_INLINE {
                attendPage.template operator()<n>(i, page);
            });
}

/// Stores K and V as q8_0 by putBlock(numbers, count, to, step, scale), `step` being the bytes from one to
/// the next.
template <typename PutBlock>
ALTIPLANO_INLINE inline void storeBlocks(const KvLayout& layout, std::byte* head, std::size_t slot,
                                         const float* k, const float* v, PutBlock putBlock) {
    const std::size_t dims = layout.dims(), blocks = dims / 32;
    const std::size_t block16 = slot / kKeyLanes, lane = slot % kKeyLanes;
    for (std::size_t b = 0; b < blocks; ++b) {
        const std::size_t first = 32 * b, n = smaller(32, layout.headDim - first);
        putBlock(k + first, n, head + (block16 * dims + first) * kKeyLanes + lane, kKeyLanes,
                 head + layout.keyScales() + 2 * ((block16 * blocks + b) * kKeyLanes + lane));
        putBlock(v + first, n, head + layout.values() + slot * dims + first, std::size_t{1},
                 head + layout.valueScales() + 2 * (slot * blocks + b));
    }
}

} // namespace
} // namespace altiplano::kernels
