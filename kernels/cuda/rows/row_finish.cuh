#pragma once

#include "rows/row_shape.cuh"

/// The end of a tile: sums go from the registers in which wgmma leaves them straight to where the step wants
/// them. Where warpgroups or blocks have split the columns, their shares are added in shared memory before.
namespace altiplano::kernels::cuda {

/// What a thread does with its part of a tile: of each eight tokens, two of two rows (see wgmma).
struct FragmentFinish {
    const RowProduct& p;
    float* out[2] = {}; ///< of a row, at token 0; null: a row past the last
    float bias[2] = {};
    std::uint32_t row;        ///< the first of the two; the other is 8 on
    std::uint32_t firstToken; ///< of the thread
    std::uint32_t stride;
    bool accumulate;

    /// `slab`: which 64 rows of the tile.
    __device__ __forceinline__ FragmentFinish(const RowProduct& product, const RowTileOfBlock& tile,
                                              std::uint32_t slab)
        : p(product), stride(tile.part->out.stride), accumulate(tile.part->out.accumulate) {
        const RowPart& m = *tile.part;
        const std::uint32_t lane = threadIdx.x % 32, warp = threadIdx.x % 128 / 32;
        row = tile.firstGroup * kGroupRows + slab * 64 + warp * 16 + lane / 4;
        firstToken = tile.firstToken + lane % 4 * 2;
#pragma unroll
        for (std::uint32_t i = 0; i < 2; ++i) {
            const std::uint32_t r = row + 8 * i;
            if (tile.groups == 0 || r >= m.rows) continue;
            const std::uint32_t to = p.gate ? r : m.order.tensorRow(r);
            out[i] = m.out.data + to;
            if (p.gate) out[i] = reinterpret_cast<float*>(p.h.data); // not null
            if (m.bias) bias[i] = m.bias[to];
        }
    }

    /// What eight tokens' sums are added to and multiplied with. Asked for before anything is stored: nothing
    /// tells the compiler that the stores leave it alone.
    struct Before {
        float floats[4];
        float2 scale;
    };

    /// `eight`: which eight tokens of the tile.
    __device__ __forceinline__ void loadFloats(Before& before, std::uint32_t eight) const {
        const std::uint32_t token = firstToken + eight * 8;
#pragma unroll
        for (std::uint32_t e = 0; e < 4; ++e) {
            before.floats[e] = 0;
            if (accumulate && !p.gate && out[e / 2] && token + e % 2 < p.tokens)
                before.floats[e] = __ldcg(out[e / 2] + std::size_t{token + e % 2} * stride);
        }
    }
    __device__ __forceinline__ Before load(std::uint32_t eight) const {
        Before before;
        loadFloats(before, eight);
        const std::uint32_t token = firstToken + eight * 8;
        before.scale = make_float2(p.in.scale, p.in.scale);
        if (p.in.scales && token < p.tokens)
            before.scale = *reinterpret_cast<const float2*>(p.in.scales + token); // padded to even
        return before;
    }

    __device__ __forceinline__ void store(const float (&sums)[4], const Before& before,
                                          std::uint32_t eight) const {
        const std::uint32_t token = firstToken + eight * 8;
        float v[4];
#pragma unroll
        for (std::uint32_t e = 0; e < 4; ++e)
            v[e] = before.floats[e] + sums[e] * (e % 2 ? before.scale.y : before.scale.x) + bias[e / 2];
        if (p.gate) return hidden(v, token);
#pragma unroll
        for (std::uint32_t e = 0; e < 4; ++e)
            if (out[e / 2] && token + e % 2 < p.tokens)
                out[e / 2][std::size_t{token + e % 2} * stride] = v[e];
    }

private:
    /// Gate and up are rows side by side, and so are the threads that have them: each makes h of one token.
    __device__ __forceinline__ void hidden(const float (&v)[4], std::uint32_t token) const {
        const bool isUp = threadIdx.x / 4 % 2 != 0;
        token += isUp;
#pragma unroll
        for (std::uint32_t i = 0; i < 2; ++i) {
            const float other = __shfl_xor_sync(0xFFFFFFFFu, isUp ? v[2 * i] : v[2 * i + 1], 4);
            const float gate = isUp ? other : v[2 * i], up = isUp ? v[2 * i + 1] : other;
            if (!out[i] || token >= p.tokens) continue;
            const float value = gate / (1.0f + __expf(-gate)) * up / kHiddenScale;
            const std::uint32_t column = row / 2 + 4 * i, in = column % 16;
            const std::uint32_t place =
                p.h.order == ColumnOrder::Natural ? column : column - in + in / 2 + in % 2 * 8;
            p.h.data[std::size_t{token} * p.h.stride + place] =
                __float2half_rn(fminf(fmaxf(value, -65504.0f), 65504.0f));
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

/// `staging`: shared address of memory for the shares of all warpgroups.
template <class Shape, std::size_t Sums>
__device__ __forceinline__ void finishTile(const RowProduct& p, const RowTileOfBlock& tile,
                                           const float (&sums)[Sums], std::uint32_t staging,
                                           StagingBarrier<Shape>& barrier) {
    const std::uint32_t warpgroup = threadIdx.x / 128, slab = warpgroup / Shape::kSplits;
    const FragmentFinish finish(p, tile, slab);
    if constexpr (Shape::kSplits == 1) {
        if (barrier.blocks == 1) {
            constexpr std::uint32_t kAtOnce = 4;
            float scales[Shape::kTokens / 32]; // a token's scale stands in lane token % 32
#pragma unroll
            for (std::uint32_t i = 0; i < Shape::kTokens / 32; ++i) {
                const std::uint32_t token = tile.firstToken + i * 32 + threadIdx.x % 32;
                scales[i] = p.in.scales && token < p.tokens ? p.in.scales[token] : p.in.scale;
            }
#pragma unroll
            for (std::uint32_t j = 0; j < Sums / 4; j += kAtOnce) {
                FragmentFinish::Before before[kAtOnce];
#pragma unroll
                for (std::uint32_t i = 0; i < kAtOnce; ++i) {
                    finish.loadFloats(before[i], j + i);
                    const std::uint32_t lane = i * 8 + threadIdx.x % 4 * 2;
                    before[i].scale.x = __shfl_sync(0xFFFFFFFFu, scales[j / 4], lane);
                    before[i].scale.y = __shfl_sync(0xFFFFFFFFu, scales[j / 4], lane + 1);
                }
#pragma unroll
                for (std::uint32_t i = 0; i < kAtOnce; ++i) {
                    const std::uint32_t at = (j + i) * 4;
                    const float v[4] = {sums[at], sums[at + 1], sums[at + 2], sums[at + 3]};
                    finish.store(v, before[i], j + i);
                }
            }
            return;
        }
    }
    // Of a pass's eights each warpgroup and block adds up and finishes some.
    constexpr std::uint32_t kEights = Shape::kPass / 8;
    const std::uint32_t sharers = Shape::kSplits * barrier.blocks,
                        mine = barrier.rank * Shape::kSplits + warpgroup % Shape::kSplits;
    const auto at = [&](std::uint32_t split, std::uint32_t eight) {
        return staging + (((slab * Shape::kSplits + split) * kEights + eight) * 128 + threadIdx.x % 128) * 16;
    };
#pragma unroll 1
    for (std::uint32_t pass = 0; pass < Shape::kTokens / Shape::kPass; ++pass) {
#pragma unroll
        for (std::uint32_t j = 0; j < Sums / 4; ++j) // sums stand in registers
            if (j / kEights == pass)
                storeShared128(at(warpgroup % Shape::kSplits, j % kEights),
                               make_float4(sums[4 * j], sums[4 * j + 1], sums[4 * j + 2], sums[4 * j + 3]));
        FragmentFinish::Before next = finish.load(pass * kEights + mine);
        barrier.sync(slab);
#pragma unroll 1
        for (std::uint32_t eight = mine; eight < kEights; eight += sharers) {
            const FragmentFinish::Before before = next;
            next = finish.load(pass * kEights + eight + sharers);
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
            finish.store(v, before, pass * kEights + eight);
        }
        barrier.sync(slab);
    }
}

} // namespace altiplano::kernels::cuda
