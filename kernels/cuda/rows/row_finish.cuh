#pragma once

#include "rows/row_shape.cuh"

#include <cooperative_groups.h>

/// The end of a tile: from the warpgroups' registers through shared memory, where the shares of those that
/// split the columns are added, to where the step wants it.
namespace altiplano::kernels::cuda {

/// h of two pairs of gate and up, to its place in the token tiles.
__device__ __forceinline__ void finishGateUp(const RowProduct& p, const RowPart& m, std::uint32_t row,
                                             std::uint32_t token, const float (&v)[4]) {
#pragma unroll
    for (std::uint32_t i = 0; i < 2; ++i) {
        if (row + 2 * i >= m.rows) return;
        const float gate = v[2 * i] + (m.bias ? m.bias[row + 2 * i] : 0.0f),
                    up = v[2 * i + 1] + (m.bias ? m.bias[row + 2 * i + 1] : 0.0f);
        const float value = gate / (1.0f + __expf(-gate)) * up / kHiddenScale;
        const std::uint32_t column = row / 2 + i, in = column % 16;
        const std::uint32_t place =
            p.h.order == ColumnOrder::Natural ? column % 64 : column % 64 - in + in / 2 + in % 2 * 8;
        p.h.data[(std::size_t{column / 64} * p.h.tokens + token) * 64 + (place / 8 ^ token % 8) * 8 +
                 place % 8] = __float2half_rn(fminf(fmaxf(value, -65504.0f), 65504.0f));
    }
}

/// Four sums of adjacent packed rows to where they belong in the tensor's order.
__device__ __forceinline__ void finishApart(const RowPart& m, std::uint32_t row, std::uint32_t token,
                                            const float (&v)[4]) {
    float* out = m.out.data + std::size_t{token} * m.out.stride;
#pragma unroll
    for (std::uint32_t i = 0; i < 4; ++i) {
        if (row + i >= m.rows) return;
        const std::uint32_t to = m.order.tensorRow(row + i);
        out[to] = v[i] + (m.bias ? m.bias[to] : 0.0f) + (m.out.accumulate ? out[to] : 0.0f);
    }
}

/// Adds up the shares of a slab's warpgroups, and of the cluster's blocks where they split the columns.
template <class Shape>
__device__ __forceinline__ float4 sumShares(const float* staging, std::uint32_t blocks, std::uint32_t at) {
    float4 total{};
    for (std::uint32_t block = 0; block < blocks; ++block) {
        const float* from = staging;
        if (blocks > 1)
            from = cooperative_groups::this_cluster().map_shared_rank(const_cast<float*>(staging), block);
#pragma unroll
        for (std::uint32_t k = 0; k < Shape::kSplits; ++k) {
            const float4 v = *reinterpret_cast<const float4*>(from + k * Shape::kPass * Shape::kPitch + at);
            total.x += v.x, total.y += v.y, total.z += v.z, total.w += v.w;
        }
    }
    return total;
}

/// The barriers between filling the staging memory and reading it: of a slab's warpgroups, or of all
/// consumers of a cluster that splits the columns.
template <class Shape>
struct StagingBarrier {
    std::uint32_t barrier; ///< shared address
    std::uint32_t blocks;
    std::uint32_t phase = 0;

    __device__ __forceinline__ void sync(std::uint32_t slab) {
        if (blocks == 1) {
            asm volatile("bar.sync %0, %1;" ::"r"(slab + 1), "n"(Shape::kSplits * 128) : "memory");
            return;
        }
        __syncwarp();
        if (threadIdx.x % 32 < blocks) publishToPeer(barrier, threadIdx.x % 32);
        waitBarrierOfCluster(barrier, phase);
        phase ^= 1;
    }
};

template <class Shape, std::size_t Sums>
__device__ __forceinline__ void finishTile(const RowProduct& p, const RowTileOfBlock& tile,
                                           const float (&sums)[Sums], float* staging,
                                           StagingBarrier<Shape>& barrier) {
    constexpr std::uint32_t kItems = Shape::kPass * 16, kThreads = Shape::kSplits * 128, kBatch = 4;
    const std::uint32_t lane = threadIdx.x % 32, warpgroup = threadIdx.x / 128,
                        slab = warpgroup / Shape::kSplits;
    const std::uint32_t rank = blockIdx.x % p.clusterBlocks;
    float* mine = staging + warpgroup * Shape::kPass * Shape::kPitch;
    const float* slabs = staging + slab * Shape::kSplits * Shape::kPass * Shape::kPitch;
    const std::uint32_t rowInSlab = threadIdx.x % 128 / 32 * 16 + lane / 4;
    // Of the pass's items (a token, four rows) those of this block, where a cluster splits the columns.
    const std::uint32_t share = kItems / barrier.blocks, first = barrier.blocks > 1 ? rank * share : 0;
    const std::uint32_t firstItem = first + threadIdx.x % kThreads,
                        lastItem = tile.groups ? first + share : 0;
    const RowPart& m = *tile.part;
    const std::uint32_t row0 = tile.firstGroup * kGroupRows + slab * 64;
#pragma unroll
    for (std::uint32_t pass = 0; pass < Shape::kTokens / Shape::kPass; ++pass) {
#pragma unroll
        for (std::uint32_t j = 0; j < Shape::kPass / 8; ++j)
#pragma unroll
            for (std::uint32_t e = 0; e < 4; ++e)
                mine[(8 * j + lane % 4 * 2 + e % 2) * Shape::kPitch + rowInSlab + e / 2 * 8] =
                    sums[(pass * (Shape::kPass / 8) + j) * 4 + e];
        barrier.sync(slab);
        const auto token = [&](std::uint32_t item) {
            return tile.firstToken + pass * Shape::kPass + item / 16;
        };
        const auto row = [&](std::uint32_t item) { return row0 + item % 16 * 4; };
        const auto wanted = [&](std::uint32_t item) {
            return item < lastItem && token(item) < p.tokens && row(item) < m.rows;
        };
        const auto sumOf = [&](std::uint32_t item) {
            const float4 sum =
                sumShares<Shape>(slabs, barrier.blocks, item / 16 * Shape::kPitch + item % 16 * 4);
            const float scale = p.in.scales ? p.in.scales[token(item)] : p.in.scale;
            return make_float4(sum.x * scale, sum.y * scale, sum.z * scale, sum.w * scale);
        };
        if (m.fours && !p.gate) { // several reads under way at a time
#pragma unroll 1
            for (std::uint32_t item = firstItem; item < lastItem; item += kBatch * kThreads) {
                float4 before[kBatch];
#pragma unroll
                for (std::uint32_t b = 0; b < kBatch; ++b) {
                    const std::uint32_t i = item + b * kThreads;
                    before[b] = float4{};
                    if (m.out.accumulate && wanted(i))
                        before[b] = __ldcg(reinterpret_cast<const float4*>(
                            m.out.data + std::size_t{token(i)} * m.out.stride + row(i)));
                }
#pragma unroll
                for (std::uint32_t b = 0; b < kBatch; ++b) {
                    const std::uint32_t i = item + b * kThreads;
                    if (!wanted(i)) continue;
                    const float4 v = sumOf(i);
                    const float4 bias = m.bias ? *reinterpret_cast<const float4*>(m.bias + row(i)) : float4{};
                    *reinterpret_cast<float4*>(m.out.data + std::size_t{token(i)} * m.out.stride + row(i)) =
                        make_float4(v.x + bias.x + before[b].x, v.y + bias.y + before[b].y,
                                    v.z + bias.z + before[b].z, v.w + bias.w + before[b].w);
                }
            }
        } else {
#pragma unroll 2
            for (std::uint32_t item = firstItem; item < lastItem; item += kThreads) {
                if (!wanted(item)) continue;
                const float4 sum = sumOf(item);
                const float v[4] = {sum.x, sum.y, sum.z, sum.w};
                if (p.gate)
                    finishGateUp(p, m, row(item), token(item), v);
                else
                    finishApart(m, row(item), token(item), v);
            }
        }
        barrier.sync(slab);
    }
}

} // namespace altiplano::kernels::cuda
