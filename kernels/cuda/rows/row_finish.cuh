#pragma once

#include "rows/row_shape.cuh"

/// The end of a tile: sums go from the registers in which wgmma leaves them straight to where the step wants
/// them. Where warpgroups or blocks have split the columns, their shares are added in shared memory before.
namespace altiplano::kernels::cuda {

/// Stores that happen or do not: without branches, of which the end of a tile would have thousands.
__device__ __forceinline__ void storeIf(bool wanted, float* to, float v) {
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %2, 0;\n@p st.global.f32 [%0], %1;\n}" ::"l"(to), "f"(v),
                 "r"(static_cast<int>(wanted))
                 : "memory");
}
__device__ __forceinline__ void storeIf(bool wanted, __half* to, __half v) {
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %2, 0;\n@p st.global.b16 [%0], %1;\n}" ::"l"(to),
                 "h"(*reinterpret_cast<const unsigned short*>(&v)), "r"(static_cast<int>(wanted))
                 : "memory");
}
/// Nobody waits for what is there. Each float is added to once, so that the sum is always the same.
__device__ __forceinline__ void addIf(bool wanted, float* to, float v) {
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %2, 0;\n@p red.global.add.f32 [%0], %1;\n}" ::"l"(to),
                 "f"(v), "r"(static_cast<int>(wanted))
                 : "memory");
}

/// What a thread does with its part of a tile: of each eight tokens, two of two rows (see wgmma).
template <bool Gate, bool Accumulate>
struct FragmentFinish {
    const RowProduct& p;
    float* out[2]; ///< of a row, at the thread's first token
    __half* h[2];
    float bias[2] = {};
    bool wanted[2];           ///< rows before the last
    std::uint32_t firstToken; ///< of the thread
    std::uint32_t stride;     ///< from token to token

    /// `slab`: which 64 rows of the tile.
    __device__ __forceinline__ FragmentFinish(const RowProduct& product, const RowTileOfBlock& tile,
                                              std::uint32_t slab)
        : p(product), stride(Gate ? product.h.stride : tile.part->out.stride) {
        const Matrix& m = tile.part->matrix;
        const std::uint32_t lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
        const std::uint32_t row = tile.firstGroup * kGroupRows + slab * 64 + warp * 16 + lane / 4;
        firstToken = tile.firstToken + lane % 4 * 2;
        if (Gate && isUp()) ++firstToken;
#pragma unroll
        for (std::uint32_t i = 0; i < 2; ++i) {
            const std::uint32_t r = row + 8 * i;
            wanted[i] = tile.groups != 0 && r < m.rows;
            const std::uint32_t to = Gate ? r : m.order.tensorRow(r);
            if (m.bias && wanted[i]) bias[i] = m.bias[to];
            if constexpr (Gate) {
                const std::uint32_t column = r / 2, in = column % 16;
                const std::uint32_t place =
                    p.h.order == ColumnOrder::Natural ? column : column - in + in / 2 + in % 2 * 8;
                h[i] = p.h.data + std::size_t{firstToken} * stride + place;
            } else {
                out[i] = tile.part->out.data + std::size_t{firstToken} * stride + to;
            }
        }
    }

    /// What the sums of eight tokens are multiplied with. `eight`: which ones of the tile. Asked for before
    /// anything is stored: nothing tells the compiler that the stores leave it alone.
    __device__ __forceinline__ float2 scale(std::uint32_t eight) const {
        const std::uint32_t token = firstToken - (Gate && isUp()) + eight * 8;
        if (!p.in.scales || token >= p.tokens) return make_float2(p.in.scale, p.in.scale);
        return *reinterpret_cast<const float2*>(p.in.scales + token); // padded to even
    }

    __device__ __forceinline__ void store(const float (&sums)[4], const float2& scale,
                                          std::uint32_t eight) const {
        float v[4];
#pragma unroll
        for (std::uint32_t e = 0; e < 4; ++e)
            v[e] = bias[e / 2] + sums[e] * (e % 2 ? scale.y : scale.x);
        if constexpr (Gate) {
            hidden(v, eight);
        } else {
#pragma unroll
            for (std::uint32_t e = 0; e < 4; ++e) {
                const bool now = wanted[e / 2] & (firstToken + eight * 8 + e % 2 < p.tokens);
                float* to = out[e / 2] + std::size_t{eight * 8 + e % 2} * stride;
                Accumulate ? addIf(now, to, v[e]) : storeIf(now, to, v[e]);
            }
        }
    }

private:
    __device__ __forceinline__ static bool isUp() {
        return threadIdx.x / 4 % 2 != 0;
    }

    /// Gate and up are rows side by side, and so are the threads that have them: each makes h of one token.
    __device__ __forceinline__ void hidden(const float (&v)[4], std::uint32_t eight) const {
        const bool now = firstToken + eight * 8 < p.tokens;
#pragma unroll
        for (std::uint32_t i = 0; i < 2; ++i) {
            const float other = __shfl_xor_sync(0xFFFFFFFFu, isUp() ? v[2 * i] : v[2 * i + 1], 4);
            const float gate = isUp() ? other : v[2 * i], up = isUp() ? v[2 * i + 1] : other;
            const float value = __fdividef(gate, 1.0f + __expf(-gate)) * (up / kHiddenScale);
            storeIf(wanted[i] & now, h[i] + std::size_t{eight * 8} * stride,
                    __float2half_rn(fminf(fmaxf(value, -65504.0f), 65504.0f)));
        }
    }
};

/// The barriers between filling the staging memory and reading it: of a slab's warpgroups, or of all
/// consumers of a cluster that splits the columns.
template <class Shape>
struct StagingBarrier {
    std::uint32_t barrier; ///< shared address
    std::uint32_t blocks;
    std::uint32_t firstBlock = 0, rank = 0; ///< in the cluster, and among them
    std::uint32_t phase = 0;

    __device__ __forceinline__ void sync(std::uint32_t slab) {
        if (blocks == 1) {
            asm volatile("bar.sync %0, %1;" ::"r"(slab + 1), "n"(Shape::kSplits * 128) : "memory");
            return;
        }
        __syncwarp();
        if (threadIdx.x % 32 < blocks) publishToPeer(barrier, firstBlock + threadIdx.x % 32);
        waitBarrierOfCluster(barrier, phase);
        phase ^= 1;
    }
};

/// Sixteen bytes of another block's shared memory.
__device__ __forceinline__ float4 remoteShared128(std::uint32_t address) {
    float4 v;
    asm volatile("ld.shared::cluster.v4.f32 {%0,%1,%2,%3}, [%4];"
                 : "=f"(v.x), "=f"(v.y), "=f"(v.z), "=f"(v.w)
                 : "r"(address)
                 : "memory");
    return v;
}

/// The sums of whole columns.
template <class Shape, class Finish, std::size_t Sums>
__device__ __forceinline__ void finishWhole(const Finish& finish, const RowTileOfBlock& tile,
                                            const float (&sums)[Sums]) {
    const TokenTiles& in = finish.p.in;
    float scales[Shape::kTokens / 32]; // a token's scale stands in lane token % 32
#pragma unroll
    for (std::uint32_t i = 0; i < Shape::kTokens / 32; ++i) {
        const std::uint32_t token = tile.firstToken + i * 32 + threadIdx.x % 32;
        scales[i] = in.scales && token < finish.p.tokens ? in.scales[token] : in.scale;
    }
#pragma unroll
    for (std::uint32_t j = 0; j < Sums / 4; ++j) {
        const std::uint32_t lane = j % 4 * 8 + threadIdx.x % 4 * 2;
        const float2 scale = {__shfl_sync(0xFFFFFFFFu, scales[j / 4], lane),
                              __shfl_sync(0xFFFFFFFFu, scales[j / 4], lane + 1)};
        const float v[4] = {sums[4 * j], sums[4 * j + 1], sums[4 * j + 2], sums[4 * j + 3]};
        finish.store(v, scale, j);
    }
}

/// Sums of which each warpgroup and block has a share: of a pass's eights each adds up and finishes some.
template <class Shape, class Finish, std::size_t Sums>
__device__ __forceinline__ void finishShares(const Finish& finish, std::uint32_t slab,
                                             const float (&sums)[Sums], std::uint32_t staging,
                                             StagingBarrier<Shape>& barrier) {
    constexpr std::uint32_t kEights = Shape::kPass / 8;
    const std::uint32_t split = threadIdx.x / 128 % Shape::kSplits, sharers = Shape::kSplits * barrier.blocks,
                        mine = barrier.rank * Shape::kSplits + split;
    const auto at = [&](std::uint32_t k, std::uint32_t eight) {
        return staging + (((slab * Shape::kSplits + k) * kEights + eight) * 128 + threadIdx.x % 128) * 16;
    };
#pragma unroll 1
    for (std::uint32_t pass = 0; pass < Shape::kTokens / Shape::kPass; ++pass) {
#pragma unroll
        for (std::uint32_t j = 0; j < Sums / 4; ++j) // sums stand in registers
            if (j / kEights == pass)
                storeShared128(at(split, j % kEights),
                               make_float4(sums[4 * j], sums[4 * j + 1], sums[4 * j + 2], sums[4 * j + 3]));
        float2 next = finish.scale(pass * kEights + mine);
        barrier.sync(slab);
#pragma unroll 1
        for (std::uint32_t eight = mine; eight < kEights; eight += sharers) {
            const float2 scale = next;
            next = finish.scale(pass * kEights + eight + sharers);
            float v[4] = {};
            for (std::uint32_t block = 0; block < barrier.blocks; ++block)
#pragma unroll
                for (std::uint32_t k = 0; k < Shape::kSplits; ++k) {
                    const float4 a =
                        barrier.blocks == 1
                            ? sharedFloats(at(k, eight))
                            : remoteShared128(remoteAddress(at(k, eight), barrier.firstBlock + block));
                    v[0] += a.x, v[1] += a.y, v[2] += a.z, v[3] += a.w;
                }
            finish.store(v, scale, pass * kEights + eight);
        }
        barrier.sync(slab);
    }
}

/// `staging`: shared address of memory for the shares of all warpgroups.
template <class Shape, std::size_t Sums>
__device__ __forceinline__ void finishTile(const RowProduct& p, const RowTileOfBlock& tile,
                                           const float (&sums)[Sums], std::uint32_t staging,
                                           StagingBarrier<Shape>& barrier) {
    const std::uint32_t slab = threadIdx.x / 128 / Shape::kSplits;
    const auto finishWith = [&](const auto& finish) {
        if constexpr (Shape::kSplits == 1) {
            if (barrier.blocks == 1) return finishWhole<Shape>(finish, tile, sums);
        }
        finishShares<Shape>(finish, slab, sums, staging, barrier);
    };
    if (p.gate)
        finishWith(FragmentFinish<true, false>(p, tile, slab));
    else if (tile.part->out.accumulate)
        finishWith(FragmentFinish<false, true>(p, tile, slab));
    else
        finishWith(FragmentFinish<false, false>(p, tile, slab));
}

} // namespace altiplano::kernels::cuda
