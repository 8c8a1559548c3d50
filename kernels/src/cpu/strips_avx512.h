#pragma once

// Only for *_avx512.cpp and *_avx512bf16.cpp: what their gemms share, whatever they multiply.

#include "cpu/activations_avx512.h"
#include "cpu/matmul.h"

namespace altiplano::kernels {
namespace {

/// Tiles of one gemm call: 32 rows.
constexpr std::size_t kGemmTiles = 4;

/// Enough for what a gemm unpacks at a time.
constexpr std::size_t kPanelBytes = 48 * 1024;

/// Fetches what is read next. Where a strip ends, that is the next one.
class Ahead {
public:
    ALTIPLANO_INLINE Ahead(std::size_t tileBytes, std::size_t done)
        : m_jump(tileBytes), m_left(tileBytes - done > kFetchAhead ? tileBytes - done - kFetchAhead : 0) {}

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

/// use<n>() for `rows` rows of a group.
template <typename Use>
ALTIPLANO_INLINE inline void forRows(std::size_t rows, Use use) {
    withSize<1, 2, 3, 4, 6, 8, kGroupRows>(rows, use);
}

/// use(tile, first, count) for each strip of two tiles of a gemm of `rows` rows, and each stretch of its
/// columns.
template <typename Use>
ALTIPLANO_INLINE inline void forStretches(std::size_t tiles, std::size_t columns, std::size_t stretch,
                                          std::size_t rows, Use use) {
    const std::size_t strips = (tiles + 1) / 2, stretches = (columns + stretch - 1) / stretch;
    for (std::size_t step = 0; step < strips * stretches; ++step) {
        // Of few rows the weights are read from memory in their order, of many the activations from the
        // second-level cache.
        const bool few = rows <= kGroupRows;
        const std::size_t strip = few ? step / stretches : step % strips;
        const std::size_t k = (few ? step % stretches : step / strips) * stretch;
        use(2 * strip, k, columns - k < stretch ? columns - k : stretch);
    }
}

} // namespace
} // namespace altiplano::kernels
