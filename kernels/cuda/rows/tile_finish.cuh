#pragma once

#include "rows/row_shape.cuh"

#include <cuda_fp16.h>

/// The end of a tile whose tokens are wgmma's M side: of each eight weight rows a thread holds two that are
/// neighbours, of two tokens, and writes them where the step wants them.
namespace altiplano::kernels::cuda {

template <std::uint32_t Rows>
struct TileFinish {
    static constexpr std::uint32_t kEights = Rows / 8;

    const RowProduct& p;
    const Output& to;
    const Matrix& m;
    bool pairs;               ///< RowPart's
    float (&sums)[Rows / 2];  ///< [4 j + 2 i + k]: weight row 8 j + k of token 8 i
    std::uint32_t row, token; ///< the first
    bool wanted[2];           ///< of the two tokens

    /// `slab`: which 64 tokens of the tile.
    __device__ __forceinline__ TileFinish(const RowProduct& product, const RowTileOfBlock& tile,
                                          std::uint32_t slab, float (&s)[Rows / 2])
        : p(product), to(tile.part->out), m(tile.part->matrix), pairs(tile.part->pairs), sums(s) {
        const std::uint32_t lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
        row = tile.firstGroup * kGroupRows + lane % 4 * 2;
        token = tile.firstToken + slab * 64 + warp * 16 + lane / 4;
#pragma unroll
        for (std::uint32_t i = 0; i < 2; ++i)
            wanted[i] = tile.groups != 0 && token + 8 * i < p.tokens;
    }

    __device__ __forceinline__ void run() {
        scale();
        if (m.bias) addBias();
        if (p.gate)
            storeHidden();
        else if (!pairs)
            storeOneByOne();
        else if (to.accumulate)
            storePairs<true>();
        else
            storePairs<false>();
    }

private:
    __device__ __forceinline__ void scale() {
#pragma unroll
        for (std::uint32_t i = 0; i < 2; ++i) {
            const float by = !p.in.scales ? p.in.scale : wanted[i] ? p.in.scales[token + 8 * i] : 0;
#pragma unroll
            for (std::uint32_t j = 0; j < kEights; ++j) {
                sums[4 * j + 2 * i] *= by;
                sums[4 * j + 2 * i + 1] *= by;
            }
        }
    }

    __device__ __forceinline__ void addBias() {
#pragma unroll
        for (std::uint32_t j = 0; j < kEights; ++j)
#pragma unroll
            for (std::uint32_t k = 0; k < 2; ++k) {
                const std::uint32_t r = row + 8 * j + k;
                const float bias = r < m.rows ? m.bias[p.gate ? r : m.order.tensorRow(r)] : 0;
                sums[4 * j + k] += bias;
                sums[4 * j + 2 + k] += bias;
            }
    }

    /// Two floats at a time. Adding waits for nothing, and each float is added to once: the sum is always the
    /// same.
    template <bool Accumulate>
    __device__ __forceinline__ void storePairs() const {
        const std::uint32_t left = m.rows > row ? m.rows - row : 0;
#pragma unroll
        for (std::uint32_t i = 0; i < 2; ++i) {
            float* out = to.data + std::size_t{token + 8 * i} * to.stride + row;
#pragma unroll
            for (std::uint32_t j = 0; j < kEights; ++j) {
                const float a = sums[4 * j + 2 * i], b = sums[4 * j + 2 * i + 1];
                if (!wanted[i] || 8 * j >= left) continue;
                if constexpr (Accumulate)
                    asm volatile("red.global.add.v2.f32 [%0], {%1, %2};" ::"l"(out + 8 * j), "f"(a), "f"(b)
                                 : "memory");
                else
                    *reinterpret_cast<float2*>(out + 8 * j) = make_float2(a, b);
            }
        }
    }

    /// Rows that stand apart, or at odd places.
    __device__ __forceinline__ void storeOneByOne() const {
#pragma unroll
        for (std::uint32_t j = 0; j < kEights; ++j)
#pragma unroll
            for (std::uint32_t k = 0; k < 2; ++k) {
                const std::uint32_t r = row + 8 * j + k;
                if (r >= m.rows) continue;
                float* out = to.data + std::size_t{token} * to.stride + m.order.tensorRow(r);
#pragma unroll
                for (std::uint32_t i = 0; i < 2; ++i) {
                    float& at = out[std::size_t{8 * i} * to.stride];
                    const float sum = sums[4 * j + 2 * i + k];
                    if (wanted[i]) at = to.accumulate ? at + sum : sum;
                }
            }
    }

    /// h of gate and up, which are rows side by side. Two threads exchange what makes neighbours in h.
    __device__ __forceinline__ void storeHidden() const {
        const bool natural = p.h.order == ColumnOrder::Natural;
        const std::uint32_t lane = threadIdx.x % 32, partner = natural ? 1 : 2;
        const bool second = (lane & partner) != 0;
        const std::uint32_t first = row / 2 - lane % 4 + (second ? 4 : 0) + (lane % 4 & ~partner);
        __half* out = p.h.data + std::size_t{token} * p.h.stride;
#pragma unroll
        for (std::uint32_t j = 0; j < kEights; j += 2) {
            const __half2 a = hidden(j), b = hidden(j + 1), keep = second ? b : a, give = second ? a : b;
            const __half2 got = __shfl_xor_sync(0xFFFFFFFFu, give, static_cast<int>(partner));
            const __half2 low = second ? got : keep, high = second ? keep : got;
            const std::uint32_t column = first + 4 * j, in = column % 16;
            const std::uint32_t place = natural ? column : column - in + in / 2 + in % 2 * 8;
            const bool inside = column < p.h.columns;
            auto* at = reinterpret_cast<__half2*>(out + place);
            if (inside && wanted[0]) *at = __lows2half2(low, high);
            if (inside && wanted[1]) at[4 * p.h.stride] = __highs2half2(low, high);
        }
    }

    /// Of both tokens.
    __device__ __forceinline__ __half2 hidden(std::uint32_t j) const {
        const auto of = [](float gate, float up) {
            const float value = __fdividef(gate, 1.0f + __expf(-gate)) * (up / kHiddenScale);
            return fminf(fmaxf(value, -65504.0f), 65504.0f);
        };
        return __floats2half2_rn(of(sums[4 * j], sums[4 * j + 1]), of(sums[4 * j + 2], sums[4 * j + 3]));
    }
};

} // namespace altiplano::kernels::cuda
