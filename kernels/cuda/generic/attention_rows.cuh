#pragma once

#include "generic/generic.h"

/// What a warp holds of sixteen rows of tiled attention: FlashAttention-2's online softmax (Dao 2023, arXiv
/// 2307.08691). A thread has rows lane / 4 and that + 8, and of each eight columns two (as mma and wgmma
/// leave sums: [j][2 half + e]).
namespace altiplano::kernels::cuda {

__device__ inline unsigned packHalves(float a, float b) {
    const __half2 h = __floats2half2_rn(a, b);
    return *reinterpret_cast<const unsigned*>(&h);
}

/// Queries are multiplied with this, so that scores are powers of two in place of e.
__device__ inline float queryScale(const AttentionShape& s) {
    return s.scale * 1.4426950408889634f;
}

template <int Dim>
struct AttentionRows {
    float sums[Dim / 2] = {};
    float maxima[2] = {-1e30f, -1e30f}, totals[2] = {};

    /// `position` of the thread's first row; `page0` of the scores' first token: not every row sees every
    /// token.
    __device__ __forceinline__ static void mask(float (&scores)[32], std::uint32_t position,
                                                std::uint32_t page0, std::uint32_t window) {
        const std::uint32_t lane = threadIdx.x % 32;
#pragma unroll
        for (std::uint32_t i = 0; i < 32; ++i) {
            const std::uint32_t token = page0 + i / 4 * 8 + lane % 4 * 2 + i % 2,
                                row = position + i / 2 % 2 * 8;
            if (token > row || (window != 0 && token + window <= row)) scores[i] = -INFINITY;
        }
    }

    /// Scores become weights. Returns what the sums are to be multiplied with before these weights' values
    /// are added.
    __device__ __forceinline__ float2 weigh(float (&scores)[32]) {
        float keep[2];
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            float largest = maxima[half];
#pragma unroll
            for (int j = 0; j < 8; ++j)
                largest = fmaxf(largest, fmaxf(scores[4 * j + 2 * half], scores[4 * j + 2 * half + 1]));
            largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 1));
            largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 2));
            keep[half] = exp2f(maxima[half] - largest);
            maxima[half] = largest;
            totals[half] *= keep[half];
#pragma unroll
            for (int j = 0; j < 8; ++j)
#pragma unroll
                for (int e = 0; e < 2; ++e) {
                    float& score = scores[4 * j + 2 * half + e];
                    score = exp2f(score - largest);
                    totals[half] += score;
                }
        }
        return {keep[0], keep[1]};
    }

    __device__ __forceinline__ void rescale(float2 keep) {
#pragma unroll
        for (int i = 0; i < Dim / 2; ++i)
            sums[i] *= i / 2 % 2 ? keep.y : keep.x;
    }

    /// `row`: the thread's first, of `count` in the tile that starts at row `first`.
    __device__ __forceinline__ void store(const AttentionOutput& out, std::uint32_t first, std::uint32_t row,
                                          std::uint32_t count, std::uint32_t head, std::uint32_t heads) {
        const std::uint32_t lane = threadIdx.x % 32;
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            totals[half] += __shfl_xor_sync(0xffffffffu, totals[half], 1);
            totals[half] += __shfl_xor_sync(0xffffffffu, totals[half], 2);
            const std::uint32_t r = row + half * 8;
            if (r >= count) continue;
            const float factor = 1.0f / totals[half];
            if (out.floats) {
                float* to = out.floats + ((std::size_t{first} + r) * heads + head) * Dim + lane % 4 * 2;
#pragma unroll
                for (int j = 0; j < Dim / 8; ++j)
                    *reinterpret_cast<float2*>(to + j * 8) =
                        make_float2(sums[4 * j + 2 * half] * factor, sums[4 * j + 2 * half + 1] * factor);
                continue;
            }
            __half* to = out.tiles.data + std::size_t{first + r} * out.tiles.stride + head * Dim;
            const bool evenOdd = out.tiles.order == ColumnOrder::EvenOdd, odd = lane % 2 != 0;
#pragma unroll
            for (int j = 0; j < Dim / 8; ++j) {
                float a = sums[4 * j + 2 * half] * factor, b = sums[4 * j + 2 * half + 1] * factor;
                std::uint32_t place = j * 8 + lane % 4 * 2;
                if (evenOdd) { // with its neighbour: two even columns for one, two odd ones for the other
                    const float other = __shfl_xor_sync(0xFu << lane / 4 * 4, odd ? a : b, 1);
                    a = odd ? other : a, b = odd ? b : other;
                    place = j / 2 * 16 + j % 2 * 4 + lane % 4 / 2 * 2 + (odd ? 8 : 0);
                }
                *reinterpret_cast<__half2*>(to + place) = __floats2half2_rn(a, b);
            }
        }
    }
};

} // namespace altiplano::kernels::cuda
