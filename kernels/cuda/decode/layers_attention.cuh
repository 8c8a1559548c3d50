#pragma once

#include "decode/attention_block.cuh"
#include "decode/layers_product.cuh"

/// The attention of a layer in a cluster: the blocks share out the KV heads and their tokens; everybody gets
/// every part and puts them together while reading them.
namespace altiplano::kernels::cuda {

using ClusterParts = BlockParts<kClusterHeadDim, 1, kConsumerWarps>;

/// What a block attends to, and its warp.
struct AttentionShare {
    std::uint32_t kvHead, split, group;
    std::uint32_t headOfWarp, partOfWarp; ///< the query head within the group, and which part of its tokens
    std::uint32_t fewParts, manyParts;
    bool exists;

    __device__ __forceinline__ AttentionShare(const ClusterPlan& p, std::uint32_t rank)
        : kvHead(rank / p.splits), split(rank % p.splits), group(p.heads / p.kvHeads),
          headOfWarp(threadIdx.x / 32 % group), partOfWarp(threadIdx.x / 32 / group),
          fewParts(kAttentionWarps / group), manyParts(kConsumerWarps / group), exists(kvHead < p.kvHeads) {}

    /// Warps that share a query head's tokens: as in the attention kernel, so that results are the same,
    /// until its clusters would be larger than what is left here for a KV head.
    __device__ __forceinline__ std::uint32_t parts(const ClusterPlan& p, const TokenRange& range) const {
        return range.splits < p.splits ? fewParts : manyParts;
    }
};

/// Where dimension d of a head stands among its packed rows: RowOrder::packedRow without the division.
__device__ __forceinline__ std::uint32_t packedPlace(const RowOrder& order, std::uint32_t d) {
    const std::uint32_t half = order.rotated / 2;
    if (order.headDim == 0 || d >= order.rotated) return d;
    return d < half ? 2 * d : 2 * (d - half) + 1;
}

/// The block's range of tokens, and in the last split the row's own (which goes to `page`), for the query
/// heads of its KV head. q, k and v lie at `qkv` in the order of the packed rows. All consumers call it.
template <KvType Type>
__device__ __forceinline__ void
attendShare(const ClusterPlan& p, const DecodeAttention& a, const AttentionLayer& layer,
            const AttentionShare& share, const TokenRange& range, std::uint32_t position, std::uint32_t page,
            Ring& ring, std::uint32_t qkv, ClusterParts& block) {
    constexpr std::uint32_t kDim = kClusterHeadDim, kPiece = pieceBytes(Type, kDim, kKvPageTokens);
    const std::uint32_t warp = threadIdx.x / 32, lane = threadIdx.x % 32, first = lane % (kDim / 8) * 8;
    const std::uint32_t parts = share.parts(p, range), part = share.partOfWarp;
    const std::uint32_t head = share.kvHead * share.group + share.headOfWarp;
    const bool last = share.split + 1 == range.splits;
    const auto load = [&](float(&out)[8], std::uint32_t firstRow, bool turned) {
#pragma unroll
        for (std::uint32_t j = 0; j < 8; ++j)
            out[j] =
                sharedFloat(qkv + 4 * (firstRow + (turned ? packedPlace(p.order, first + j) : first + j)));
    };
    HeadState<kDim> states[1];
    HeadState<kDim>& state = states[0];
    load(state.q, head * kDim, true);
#pragma unroll
    for (int j = 0; j < 8; ++j) {
        state.q[j] *= layer.scale;
        state.sum[j] = 0;
    }
    for (std::uint32_t t = range.begin; t < range.end;) {
        const std::uint32_t count = min(kKvPageTokens - t % kKvPageTokens, range.end - t);
        const std::uint32_t piece = ring.take();
        const std::uint32_t firstValid = range.windowBegin > t ? range.windowBegin - t : 0;
        if (part < parts)
            addTokens<kDim, Type, kKvPageTokens>(state, piece, piece + kPiece, firstValid, count, part,
                                                 parts);
        ring.release();
        t += count;
    }
    if (last && part == 0) {
        OwnEight<Type> k, v;
        load(k.x, (p.heads + share.kvHead) * kDim, true);
        load(v.x, (p.heads + p.kvHeads + share.kvHead) * kDim, false);
        k.round();
        v.round();
        addOwnToken<kDim, Type>(state, k, v);
        if (warp == 0 && lane < kDim / 8) {
            const std::uint32_t token = position % kKvPageTokens;
            k.store(a.pool.head(layer.layer, page, false, share.kvHead), kDim, token, first);
            v.store(a.pool.head(layer.layer, page, true, share.kvHead), kDim, token, first);
            fenceForBulkCopies(); // a later step's
        }
    }
    block.put(states);
}

/// The block's part of each of its query heads, from its warps' parts.
__device__ __forceinline__ void combineWarps(const AttentionShare& share, std::uint32_t parts,
                                             const ClusterParts& block, float* staged) {
    constexpr std::uint32_t kDim = kClusterHeadDim;
    for (std::uint32_t i = threadIdx.x; i < share.group * kDim; i += kConsumers) {
        const std::uint32_t head = i / kDim, d = i % kDim;
        const Part part = block.get(head, d, share.group, parts);
        float* to = staged + head * kHeadPartFloats;
        to[d] = part.value;
        if (d == 0) {
            to[kDim] = part.largest;
            to[kDim + 1] = part.total;
        }
    }
}

/// Eight dimensions of the attention's output, from the parts of `splits` blocks.
__device__ __forceinline__ InputEight combineSplits(const ClusterPlan& p, std::uint32_t parts,
                                                    std::uint32_t splits, std::uint32_t eight) {
    constexpr std::uint32_t kDim = kClusterHeadDim, kBytes = kHeadPartFloats * 4;
    const std::uint32_t stride = p.heads * kBytes;
    const std::uint32_t head = parts + eight / (kDim / 8) * kBytes, first = eight % (kDim / 8) * 32;
    Part part[8];
    for (std::uint32_t s = 0; s < splits; ++s)
        part[0].largest = fmaxf(part[0].largest, sharedFloat(head + s * stride + kDim * 4));
    for (std::uint32_t s = 0; s < splits; ++s) {
        const std::uint32_t from = head + s * stride;
        const float largest = sharedFloat(from + kDim * 4), total = sharedFloat(from + kDim * 4 + 4);
        const InputEight values(shared128(from + first), shared128(from + first + 16));
#pragma unroll
        for (int j = 0; j < 8; ++j) {
            part[j].largest = part[0].largest;
            part[j].add(largest, values.x[j], total);
        }
    }
    InputEight out(uint4{}, uint4{});
#pragma unroll
    for (int j = 0; j < 8; ++j)
        out.x[j] = part[j].value / part[j].total;
    return out;
}

} // namespace altiplano::kernels::cuda
