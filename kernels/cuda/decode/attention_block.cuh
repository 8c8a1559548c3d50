#pragma once

#include "decode/attention.h"
#include "decode/attention_combine.cuh"

/// A block's share of a decode step's attention: which tokens, how they come, and what it makes of them.
namespace altiplano::kernels::cuda {

/// What differs from layer to layer.
struct AttentionLayer {
    std::uint32_t layer;
    float scale;
    std::uint32_t window;
};

/// Bytes of K (or V) of one piece of `tokens` tokens in a slot, laid out like a page.
constexpr std::uint32_t pieceBytes(KvType type, std::uint32_t headDim, std::uint32_t tokens) {
    return static_cast<std::uint32_t>(KvPool::bytesPerHead(type, headDim)) / kKvPageTokens * tokens;
}

/// The earlier tokens [begin, end) of one of `splits` splits; blocks past them have nothing to do. Whole
/// sixteens of tokens, so that scales stay aligned for bulk copies.
struct TokenRange {
    std::uint32_t splits, begin, end;
    std::uint32_t windowBegin; ///< first token that is looked at

    __device__ __forceinline__ TokenRange(const DecodeAttention& a, std::uint32_t window,
                                          std::uint32_t position, std::uint32_t split) {
        windowBegin = window != 0 && position + 1 > window ? position + 1 - window : 0;
        const std::uint32_t aligned = windowBegin / 16 * 16, tokens = position - aligned,
                            group = a.shape.heads / a.pool.kvHeads;
        splits = min((tokens * group + a.tokensOfOne) / a.tokensOfOne, a.splits);
        const std::uint32_t chunk = ((tokens + splits - 1) / splits + 15) / 16 * 16;
        begin = min(aligned + split * chunk, position);
        end = min(aligned + (split + 1) * chunk, position);
    }
};

/// Sends a range through the ring, in pieces of at most `PieceTokens` tokens of one page: K, then V.
template <std::uint32_t Dim, KvType Type, std::uint32_t PieceTokens, class AnyProducer>
__device__ __forceinline__ void produceKv(const DecodeAttention& a, std::uint32_t layer,
                                          AnyProducer& producer, std::uint32_t kvHead, const Row& row,
                                          TokenRange range) {
    constexpr std::uint32_t kSize = Type == KvType::F16 ? 2 : 1, kPiece = pieceBytes(Type, Dim, PieceTokens),
                            kScales = Dim / 32 * 2;
    for (std::uint32_t t = range.begin; t < range.end;) {
        const std::uint32_t in = t % kKvPageTokens, count = min(PieceTokens - t % PieceTokens, range.end - t);
        const std::uint32_t padded =
            (count + 15) / 16 * 16; // the copy's alignment; the rest is not looked at
        const std::uint32_t page = a.rows.pages[row.pageTable + t / kKvPageTokens];
        const std::uint32_t to =
            producer.begin(2 * padded * (Dim * kSize + (Type == KvType::Q8_0 ? kScales : 0)), 2 * kPiece);
        for (std::uint32_t value = 0; value < 2; ++value) {
            const std::uint8_t* head = a.pool.head(layer, page, value != 0, kvHead);
            producer.copy(to + value * kPiece, head + in * Dim * kSize, padded * Dim * kSize);
            if (Type == KvType::Q8_0)
                producer.copy(to + value * kPiece + PieceTokens * Dim,
                              head + kKvPageTokens * Dim + in * kScales, padded * kScales);
        }
        producer.advance();
        t += count;
    }
}

/// Writes the row's own K and V to its page, once the input is there. Called by a warp that nobody waits for:
/// the fence takes as long as the writes.
template <std::uint32_t Dim, KvType Type>
__device__ __forceinline__ void storeOwnToken(const DecodeAttention& a, std::uint32_t kvHead, const Row& row,
                                              std::uint32_t page) {
    const std::uint32_t lane = threadIdx.x % 32, first = lane % (Dim / 8) * 8;
    OwnEight<Type> k, v;
    loadEightFloats(k.x, a.newKv + kvHead * Dim + first);
    loadEightFloats(v.x, a.newKv + (a.pool.kvHeads + kvHead) * Dim + first);
    k.round();
    v.round();
    if (lane >= Dim / 8) return;
    const std::uint32_t token = row.position % kKvPageTokens;
    k.store(a.pool.head(a.layer, page, false, kvHead), Dim, token, first);
    v.store(a.pool.head(a.layer, page, true, kvHead), Dim, token, first);
    fenceForBulkCopies(); // a later step's
}

/// The block's range of a KV head, and in the last split the row's own token, for all query heads of the
/// group; `block` gets every warp's part. Called by kAttentionWarps warps when the input is there.
template <std::uint32_t Dim, KvType Type, std::uint32_t Sets, std::uint32_t PieceTokens>
__device__ __forceinline__ void attendRange(const DecodeAttention& a, const AttentionLayer& layer, Ring& ring,
                                            std::uint32_t kvHead, const TokenRange& range, bool last,
                                            BlockParts<Dim, Sets>& block) {
    constexpr std::uint32_t kPiece = pieceBytes(Type, Dim, PieceTokens);
    const std::uint32_t warp = threadIdx.x / 32, lane = threadIdx.x % 32, first = lane % (Dim / 8) * 8;
    const std::uint32_t group = a.shape.heads / a.pool.kvHeads;
    const std::uint32_t parts = max(1u, kAttentionWarps / group),
                        part = group >= kAttentionWarps ? 0 : warp / group;
    HeadState<Dim> states[Sets];
#pragma unroll
    for (std::uint32_t set = 0; set < Sets; ++set) {
        const std::uint32_t head = group >= kAttentionWarps ? warp + set * kAttentionWarps : warp % group;
        loadEightFloats(states[set].q,
                        a.q + (std::size_t{kvHead} * group + min(head, group - 1)) * Dim + first);
#pragma unroll
        for (int j = 0; j < 8; ++j) {
            states[set].q[j] *= layer.scale;
            states[set].sum[j] = 0;
        }
    }
    OwnEight<Type> k, v;
    if (last && part == 0) {
        loadEightFloats(k.x, a.newKv + kvHead * Dim + first);
        loadEightFloats(v.x, a.newKv + (a.pool.kvHeads + kvHead) * Dim + first);
    }
    for (std::uint32_t t = range.begin; t < range.end;) {
        const std::uint32_t count = min(PieceTokens - t % PieceTokens, range.end - t);
        const std::uint32_t piece = ring.take();
        const std::uint32_t firstValid = range.windowBegin > t ? range.windowBegin - t : 0;
        if (part < parts)
#pragma unroll
            for (std::uint32_t set = 0; set < Sets; ++set)
                addTokens<Dim, Type, PieceTokens>(states[set], piece, piece + kPiece, firstValid, count, part,
                                                  parts);
        ring.release();
        t += count;
    }
    if (last && part == 0) {
        k.round();
        v.round();
#pragma unroll
        for (std::uint32_t set = 0; set < Sets; ++set)
            addOwnToken<Dim, Type>(states[set], k, v);
    }
    block.put(states);
}

__device__ __forceinline__ void storeAttention(const DecodeAttention& a, std::size_t i, const Part& part) {
    const float value = part.value / part.total;
    a.out[i] = value;
    a.roundedOut[i] = __float2half_rn(value / kInputScale);
}

} // namespace altiplano::kernels::cuda
