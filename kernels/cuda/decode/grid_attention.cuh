#pragma once

#include "decode/attention_block.cuh"
#include "decode/grid.h"
#include "decode/grid_ring.cuh"
#include "decode/product_input.cuh"
#include "decode/tagged.cuh"

/// The attention of a layer in a grid: some of the blocks share out the KV heads and their tokens; everybody
/// reads every part and puts them together.
namespace altiplano::kernels::cuda {

template <std::uint32_t Dim>
using GridParts = BlockParts<Dim, 1, kGridAttentionWarps>;

/// What a block attends to, the same in every layer: worked out once and kept in shared memory, since
/// divisions take long. Blocks past the last head attend to nothing.
struct GridAttentionShare {
    std::uint32_t head, kvHead, split;
    bool attends, last; ///< last: it has the row's own token
    bool stores;        ///< and writes it to its page
    TokenRange range;

    __device__ __forceinline__ GridAttentionShare(const GridPlan& p, const DecodeAttention& a,
                                                  std::uint32_t position)
        : head(blockIdx.x / p.splits), kvHead(head / (p.heads / p.kvHeads)), split(blockIdx.x % p.splits),
          range(a, p.window, position, split) {
        attends = head < p.heads && split < range.splits;
        last = split + 1 == range.splits;
        stores = attends && last && head % (p.heads / p.kvHeads) == 0;
    }
};

template <std::uint32_t Dim>
constexpr std::uint32_t gridPieceTokens() {
    return Dim <= 64 ? kKvPageTokens : kKvPageTokens * 64 / Dim;
}

__device__ __forceinline__ void toFloats(float (&out)[8], const uint4& a, const uint4& b) {
    const std::uint32_t words[8] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
#pragma unroll
    for (int i = 0; i < 8; ++i)
        out[i] = __uint_as_float(words[i]);
}

/// The block's range of tokens, and in the last split the row's own (which goes to `page`), for its query
/// head: `block` gets every warp's part. The first warps call it.
template <std::uint32_t Dim, KvType Type>
__device__ __forceinline__ void attendInGrid(const GridPlan& p, const KvPool& pool, std::uint32_t layer,
                                             const GridAttentionShare& share, std::uint32_t position,
                                             std::uint32_t page, GridRing& ring, const std::uint32_t* qkv,
                                             std::uint32_t tag, GridParts<Dim>& block) {
    constexpr std::uint32_t kTokens = gridPieceTokens<Dim>(), kPiece = pieceBytes(Type, Dim, kTokens);
    const std::uint32_t thread = freshThread(), warp = thread / 32, first = thread % (Dim / 8) * 8;
    const TokenRange range = share.range;
    const bool own = share.last && warp == 0;
    HeadState<Dim> states[1];
    HeadState<Dim>& state = states[0];
    {
        const std::uint32_t *query = qkv + share.head * Dim + first,
                            *key = qkv + (p.heads + share.kvHead) * Dim + first;
        uint4 words[6];
        awaitWords(words, own ? 63 : 3, tag, [&](std::uint32_t j) {
            return (j < 2 ? query : key + (j / 2 - 1) * p.kvHeads * Dim) + j % 2 * 4;
        });
        toFloats(state.q, words[0], words[1]);
#pragma unroll
        for (int j = 0; j < 8; ++j) {
            state.q[j] *= p.scale;
            state.sum[j] = 0;
        }
        if (own) {
            OwnEight<Type> k, v;
            toFloats(k.x, words[2], words[3]);
            toFloats(v.x, words[4], words[5]);
            k.round();
            v.round();
            addOwnToken<Dim, Type>(state, k, v);
            if (share.stores && thread < Dim / 8) {
                const std::uint32_t token = position % kKvPageTokens;
                k.store(pool.head(layer, page, false, share.kvHead), Dim, token, first);
                v.store(pool.head(layer, page, true, share.kvHead), Dim, token, first);
            }
        }
    }
    for (std::uint32_t t = range.begin; t < range.end;) {
        const std::uint32_t count = min(kTokens - t % kTokens, range.end - t);
        const std::uint32_t piece = ring.take();
        addTokens<Dim, Type, kTokens, 2>(state, piece, piece + kPiece,
                                         range.windowBegin > t ? range.windowBegin - t : 0, count, warp,
                                         kGridAttentionWarps);
        ring.release();
        t += count;
    }
    block.put(states);
}

/// The block's part of its query head, from its warps' parts, to everybody.
template <std::uint32_t Dim>
__device__ __forceinline__ void sendAttention(const GridPlan& p, const GridAttentionShare& share,
                                              const GridParts<Dim>& block, std::uint32_t* exchange,
                                              std::uint32_t tag) {
    const std::uint32_t d = freshThread();
    if (d >= Dim) return; // whole warps
    Part part;
#pragma unroll
    for (std::uint32_t w = 0; w < kGridAttentionWarps; ++w)
        part.largest = fmaxf(part.largest, block.parts[w * block.kPitch + Dim]);
#pragma unroll
    for (std::uint32_t w = 0; w < kGridAttentionWarps; ++w) {
        const float* one = block.parts + w * block.kPitch;
        part.add(one[Dim], one[d], one[Dim + 1]);
    }
    const std::uint32_t at = share.split * p.heads + share.head;
    const __half mine = __float2half_rn(__fdividef(part.value, part.total) * (1 / kInputScale)),
                 pair = __shfl_xor_sync(0xffffffffu, mine, 1);
    if (d % 2 == 0)
        storeTagged(exchange + p.exchange.attention + (at * Dim + d) / 2, halfPair(mine, pair), tag);
    if (d != 0 || share.range.splits == 1) return;
    const float words[4] = {part.largest, part.total, 0, 0};
    for (std::uint32_t i = 0; i < 4; ++i)
        storeTagged(exchange + p.exchange.softmax + at * 4 + i, __float_as_uint(words[i]), tag);
}

/// Eight dimensions of the attention's output, from the parts of `splits` blocks.
template <std::uint32_t Dim>
__device__ __forceinline__ InputEight gatherAttention(const GridPlan& p, const std::uint32_t* exchange,
                                                      std::uint32_t splits, std::uint32_t eight,
                                                      std::uint32_t tag) {
    const std::uint32_t* values = exchange + p.exchange.attention + eight * 4;
    if (splits == 1) {
        uint4 v[1];
        awaitWords(v, 1, tag, [&](std::uint32_t) { return values; });
        return InputEight(v[0], kInputScale);
    }
    const std::uint32_t* softmax = exchange + p.exchange.softmax + eight / (Dim / 8) * 4;
    InputEight out(uint4{}, uint4{});
    float largest = kNoScore, total = 0;
#pragma unroll 1
    for (std::uint32_t s = 0; s < splits; ++s) {
        uint4 v[2];
        awaitWords(v, 3, tag, [&](std::uint32_t j) {
            return j == 0 ? values + s * p.heads * (Dim / 2) : softmax + s * p.heads * 4;
        });
        const float before = largest;
        largest = fmaxf(largest, __uint_as_float(v[1].x));
        const float keep = __expf(before - largest),
                    weight = __expf(__uint_as_float(v[1].x) - largest) * __uint_as_float(v[1].y);
        const InputEight part(v[0], kInputScale);
        total = total * keep + weight;
#pragma unroll
        for (int j = 0; j < 8; ++j)
            out.x[j] = fmaf(weight, part.x[j], out.x[j] * keep);
    }
    const float scale = __fdividef(1, total * kInputScale);
#pragma unroll
    for (int j = 0; j < 8; ++j) // as one block's would come
        out.x[j] = __half2float(__float2half_rn(out.x[j] * scale)) * kInputScale;
    return out;
}

} // namespace altiplano::kernels::cuda
