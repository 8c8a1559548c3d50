#include "decode/attention.h"

#include "decode/launch.h"
#include "decode/ring.cuh"
#include "kv_access.cuh"

#include <algorithm>
#include <cooperative_groups.h>

namespace altiplano::kernels::cuda {

namespace {

constexpr std::uint32_t kMaxSplits = 16;
constexpr float kNoScore = -1e30f; // of a part that has seen no token: finite, so that differences are

/// Bytes of K (or V) of one piece in a slot: up to a page of tokens, laid out like a page.
constexpr std::uint32_t pieceBytes(KvType type, std::uint32_t headDim) {
    return static_cast<std::uint32_t>(KvPool::bytesPerHead(type, headDim));
}

/// The earlier tokens [begin, end) of one split; whole sixteens, so that scales stay aligned for bulk copies.
struct TokenRange {
    std::uint32_t begin, end;
};

__device__ __forceinline__ TokenRange rangeOf(const DecodeAttention& a, std::uint32_t position,
                                              std::uint32_t split) {
    const std::uint32_t first =
        a.shape.window != 0 && position + 1 > a.shape.window ? position + 1 - a.shape.window : 0;
    const std::uint32_t aligned = first / 16 * 16;
    const std::uint32_t chunk = ((position - aligned + a.splits - 1) / a.splits + 15) / 16 * 16;
    return {min(aligned + split * chunk, position), min(aligned + (split + 1) * chunk, position)};
}

template <std::uint32_t Dim, KvType Type>
__device__ __forceinline__ void produceKv(const DecodeAttention& a, Ring ring, std::uint32_t kvHead,
                                          const Row& row, TokenRange range) {
    constexpr std::uint32_t kSize = Type == KvType::F16 ? 2 : 1, kPiece = pieceBytes(Type, Dim),
                            kScales = Dim / 32 * 2;
    Producer producer{ring, a.stagesInFlight};
    for (std::uint32_t t = range.begin; t < range.end;) {
        const std::uint32_t in = t % kKvPageTokens, count = min(kKvPageTokens - in, range.end - t);
        const std::uint32_t padded =
            (count + 15) / 16 * 16; // the copy's alignment; the rest is not looked at
        const std::uint32_t page = a.rows.pages[row.pageTable + t / kKvPageTokens];
        const std::uint32_t to =
            producer.begin(2 * padded * (Dim * kSize + (Type == KvType::Q8_0 ? kScales : 0)));
        for (std::uint32_t value = 0; value < 2; ++value) {
            const std::uint8_t* head = a.pool.head(a.layer, page, value != 0, kvHead);
            producer.copy(to + value * kPiece, head + in * Dim * kSize, padded * Dim * kSize);
            if (Type == KvType::Q8_0)
                producer.copy(to + value * kPiece + kKvPageTokens * Dim,
                              head + kKvPageTokens * Dim + in * kScales, padded * kScales);
        }
        producer.ring.advance();
        t += count;
    }
}

/// Eight consecutive elements of a token as floats, from shared memory. `rows` and `scales` point at token 0.
template <std::uint32_t Dim, KvType Type>
__device__ __forceinline__ void loadEight(float* out, std::uint32_t rows, std::uint32_t scales,
                                          std::uint32_t token, std::uint32_t first) {
    if constexpr (Type == KvType::F16) {
        const uint4 v = shared128(rows + (token * Dim + first) * 2);
        const std::uint32_t words[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            out[2 * i] = lowHalf(words[i]);
            out[2 * i + 1] = highHalf(words[i]);
        }
    } else {
        const float scale = lowHalf(shared16(scales + (token * (Dim / 32) + first / 32) * 2));
#pragma unroll
        for (int i = 0; i < 2; ++i) {
            const std::uint32_t word = shared32(rows + token * Dim + first + 4 * i);
#pragma unroll
            for (int j = 0; j < 4; ++j)
                out[4 * i + j] = scale * static_cast<float>(static_cast<int>(word << (24 - 8 * j)) >> 24);
        }
    }
}

/// The online softmax of one query head in Dim / 8 lanes: eight dimensions a lane.
template <std::uint32_t Dim>
struct HeadState {
    float q[8];
    float sum[8];
    float maximum = kNoScore, total = 0;
};

/// Adds `count` tokens of a piece. The warp takes every `parts`-th row of 32 / (Dim / 8) tokens, from `part`.
template <std::uint32_t Dim, KvType Type>
__device__ __forceinline__ void addTokens(HeadState<Dim>& s, std::uint32_t keys, std::uint32_t values,
                                          std::uint32_t scaleOffset, std::uint32_t firstValid,
                                          std::uint32_t count, std::uint32_t part, std::uint32_t parts) {
    constexpr std::uint32_t kLanes = Dim / 8, kTokens = 32 / kLanes;
    constexpr int kUnroll = 8;
    const std::uint32_t lane = threadIdx.x % 32, first = lane % kLanes * 8;
    for (std::uint32_t base = 0; base < count; base += kUnroll * parts * kTokens) {
        float scores[kUnroll];
        float largest = s.maximum;
#pragma unroll
        for (int i = 0; i < kUnroll; ++i) {
            const std::uint32_t t = base + (i * parts + part) * kTokens + lane / kLanes;
            const bool valid = t >= firstValid && t < count;
            float score = 0;
            if (valid) {
                float k[8];
                loadEight<Dim, Type>(k, keys, keys + scaleOffset, t, first);
#pragma unroll
                for (int j = 0; j < 8; ++j)
                    score = fmaf(k[j], s.q[j], score);
            }
#pragma unroll
            for (std::uint32_t offset = kLanes / 2; offset > 0; offset /= 2)
                score += __shfl_xor_sync(0xffffffffu, score, offset);
            scores[i] = valid ? score : -INFINITY;
            largest = fmaxf(largest, scores[i]);
        }
        const float keep = __expf(s.maximum - largest);
        s.maximum = largest;
        s.total *= keep;
#pragma unroll
        for (int j = 0; j < 8; ++j)
            s.sum[j] *= keep;
#pragma unroll
        for (int i = 0; i < kUnroll; ++i) {
            const std::uint32_t t = base + (i * parts + part) * kTokens + lane / kLanes;
            if (t < firstValid || t >= count) continue;
            const float weight = __expf(scores[i] - largest);
            s.total += weight;
            float v[8];
            loadEight<Dim, Type>(v, values, values + scaleOffset, t, first);
#pragma unroll
            for (int j = 0; j < 8; ++j)
                s.sum[j] = fmaf(weight, v[j], s.sum[j]);
        }
    }
}

/// A block's results in shared memory, read by the whole cluster: per head its sums, maximum and total.
struct Partial {
    float* sums; ///< [heads of the group][Dim]
    float* maxima;
    float* totals;
};

/// Combines the lane groups of each warp, then the warps of each head.
template <std::uint32_t Dim, std::uint32_t Sets>
__device__ __forceinline__ void combineBlock(HeadState<Dim> (&states)[Sets], std::uint32_t group,
                                             std::uint32_t parts, float* scratch, const Partial& partial) {
    constexpr std::uint32_t kLanes = Dim / 8, kPitch = Dim + 2;
    const std::uint32_t lane = threadIdx.x % 32, warp = threadIdx.x / 32;
#pragma unroll
    for (std::uint32_t set = 0; set < Sets; ++set) {
        HeadState<Dim>& s = states[set];
#pragma unroll
        for (std::uint32_t offset = kLanes; offset < 32; offset *= 2) {
            const float other = __shfl_xor_sync(0xffffffffu, s.maximum, offset),
                        largest = fmaxf(s.maximum, other);
            const float mine = __expf(s.maximum - largest);
            s.maximum = largest;
            s.total *= mine;
            s.total += __shfl_xor_sync(0xffffffffu, s.total, offset);
#pragma unroll
            for (int j = 0; j < 8; ++j) {
                s.sum[j] *= mine;
                s.sum[j] += __shfl_xor_sync(0xffffffffu, s.sum[j], offset);
            }
        }
        float* to = scratch + (set * kConsumerWarps + warp) * kPitch;
        if (lane < kLanes)
            for (int j = 0; j < 8; ++j)
                to[lane * 8 + j] = s.sum[j];
        if (lane == 0) {
            to[Dim] = s.maximum;
            to[Dim + 1] = s.total;
        }
    }
    syncConsumers();
    for (std::uint32_t i = threadIdx.x; i < group * Dim; i += kConsumers) {
        const std::uint32_t head = i / Dim, d = i % Dim;
        const std::uint32_t firstWarp = group > kConsumerWarps ? head % kConsumerWarps : head;
        const float* from = scratch + (head / kConsumerWarps * kConsumerWarps + firstWarp) * kPitch;
        const std::uint32_t step = group * kPitch; // warps of one head stand `group` apart
        float largest = kNoScore, value = 0, total = 0;
        for (std::uint32_t p = 0; p < parts; ++p)
            largest = fmaxf(largest, from[p * step + Dim]);
        for (std::uint32_t p = 0; p < parts; ++p) {
            const float weight = __expf(from[p * step + Dim] - largest);
            value += weight * from[p * step + d];
            total += weight * from[p * step + Dim + 1];
        }
        partial.sums[i] = value;
        if (d == 0) {
            partial.maxima[head] = largest;
            partial.totals[head] = total;
        }
    }
}

/// Rounds the row's own K and V, stores them in its page and keeps a copy at `current` (laid out like a
/// page).
template <std::uint32_t Dim, KvType Type>
__device__ __forceinline__ void storeCurrent(const DecodeAttention& a, const Row& row, std::uint32_t kvHead,
                                             std::uint8_t* current, std::uint32_t currentBytes) {
    constexpr std::uint32_t kBlocks = Dim / 32, kSize = Type == KvType::F16 ? 2 : 1;
    const std::uint32_t lane = threadIdx.x % 32, token = row.position % kKvPageTokens;
    const std::uint32_t page = a.rows.pages[row.pageTable + row.position / kKvPageTokens];
    for (std::uint32_t w = threadIdx.x / 32; w < 2 * kBlocks; w += kConsumerWarps) {
        const std::uint32_t value = w / kBlocks, d = w % kBlocks * 32 + lane;
        const KvElement e = roundKv(Type, __ldcg(a.newKv + (value * a.pool.kvHeads + kvHead) * Dim + d));
        std::uint8_t* head = a.pool.head(a.layer, page, value != 0, kvHead);
        storeKv(head + token * Dim * kSize, head + kKvPageTokens * Dim + token * kBlocks * 2, Type, d, e);
        std::uint8_t* copy = current + value * currentBytes;
        storeKv(copy, copy + Dim * kSize, Type, d, e);
    }
}

template <std::uint32_t Dim, KvType Type, std::uint32_t Sets>
__global__ void __launch_bounds__(kStreamThreads, 1)
    attentionKernel(const __grid_constant__ DecodeAttention a) {
    extern __shared__ __align__(128) std::uint8_t shared[];
    __shared__ __align__(16) std::uint8_t current[2][Dim * 2 + 16];
    __shared__ __align__(8) std::uint64_t barriers[2 * 16];
    __shared__ float scratch[Sets * kConsumerWarps * (Dim + 2)];
    __shared__ float sums[Sets * kConsumerWarps * Dim], maxima[Sets * kConsumerWarps],
        totals[Sets * kConsumerWarps];
    letNextKernelStart();
    constexpr std::uint32_t kPiece = pieceBytes(Type, Dim);
    const std::uint32_t barrier = sharedAddress(barriers);
    Ring ring{sharedAddress(shared), barrier, barrier + 16 * 8, a.slots, 2 * kPiece};
    if (threadIdx.x == 0) ring.init();
    __syncthreads();
    // Position and pages were complete before any kernel of this step could start.
    const std::uint32_t kvHead = blockIdx.x / a.splits, split = blockIdx.x % a.splits;
    const Row row = a.rows.rows[0];
    const TokenRange range = rangeOf(a, row.position, split);
    const bool producer = threadIdx.x >= kConsumers;
    const std::uint32_t group = a.shape.heads / a.pool.kvHeads;
    const Partial partial{sums, maxima, totals};
    if (producer) {
        if (threadIdx.x == kConsumers) produceKv<Dim, Type>(a, ring, kvHead, row, range);
    } else {
        waitForPreviousKernel();
        const std::uint32_t warp = threadIdx.x / 32, lane = threadIdx.x % 32;
        const std::uint32_t parts = max(1u, kConsumerWarps / group),
                            part = group >= kConsumerWarps ? 0 : warp / group;
        HeadState<Dim> states[Sets];
#pragma unroll
        for (std::uint32_t set = 0; set < Sets; ++set) {
            const std::uint32_t head = group >= kConsumerWarps ? warp + set * kConsumerWarps : warp % group;
            const float* q =
                a.q + (std::size_t{kvHead} * group + min(head, group - 1)) * Dim + lane % (Dim / 8) * 8;
#pragma unroll
            for (int j = 0; j < 8; ++j) {
                states[set].q[j] = __ldcg(q + j) * a.shape.scale;
                states[set].sum[j] = 0;
            }
        }
        const bool last = split + 1 == a.splits;
        if (last) {
            storeCurrent<Dim, Type>(a, row, kvHead, current[0], sizeof current[0]);
            fenceForBulkCopies(); // a later step's
            syncConsumers();
        }
        const std::uint32_t windowBegin =
            a.shape.window != 0 && row.position + 1 > a.shape.window ? row.position + 1 - a.shape.window : 0;
        for (std::uint32_t t = range.begin; t < range.end;) {
            const std::uint32_t count = min(kKvPageTokens - t % kKvPageTokens, range.end - t);
            const std::uint32_t piece = ring.take();
            const std::uint32_t firstValid = windowBegin > t ? windowBegin - t : 0;
            if (part < parts)
#pragma unroll
                for (std::uint32_t set = 0; set < Sets; ++set)
                    addTokens<Dim, Type>(states[set], piece, piece + kPiece, kKvPageTokens * Dim, firstValid,
                                         count, part, parts);
            ring.release();
            t += count;
        }
        if (last && part == 0)
#pragma unroll
            for (std::uint32_t set = 0; set < Sets; ++set)
                addTokens<Dim, Type>(states[set], sharedAddress(current[0]), sharedAddress(current[1]), Dim,
                                     0, 1, 0, 1);
        combineBlock<Dim, Sets>(states, group, parts, scratch, partial);
    }
    __syncwarp(); // the producer's lane comes back
    const auto cluster = cooperative_groups::this_cluster();
    cluster.sync();
    const std::uint32_t elements = group * Dim, share = (elements + a.splits - 1) / a.splits;
    for (std::uint32_t i = split * share + threadIdx.x; i < min((split + 1) * share, elements);
         i += kStreamThreads) {
        const std::uint32_t head = i / Dim;
        float largest = kNoScore, value = 0, total = 0;
        for (std::uint32_t s = 0; s < a.splits; ++s)
            largest = fmaxf(largest, cluster.map_shared_rank(maxima, s)[head]);
        for (std::uint32_t s = 0; s < a.splits; ++s) {
            const float weight = __expf(cluster.map_shared_rank(maxima, s)[head] - largest);
            value += weight * cluster.map_shared_rank(sums, s)[i];
            total += weight * cluster.map_shared_rank(totals, s)[head];
        }
        a.out[std::size_t{kvHead} * elements + i] = value / total;
    }
    cluster.sync(); // nobody leaves while its memory is read
}

template <class F>
bool dispatchShape(const DecodeAttention& a, F&& f) {
    const std::uint32_t group = a.shape.heads / a.pool.kvHeads;
    const auto byGroup = [&]<std::uint32_t Dim, KvType Type>() {
        if (group <= kConsumerWarps)
            f(attentionKernel<Dim, Type, 1>);
        else
            f(attentionKernel<Dim, Type, 2>);
        return group <= 2 * kConsumerWarps;
    };
    const auto byType = [&]<std::uint32_t Dim>() {
        return a.pool.type == KvType::F16 ? byGroup.template operator()<Dim, KvType::F16>()
                                          : byGroup.template operator()<Dim, KvType::Q8_0>();
    };
    if (group > 2 * kConsumerWarps) return false;
    switch (a.pool.headDim) {
    case 64:
        return byType.template operator()<64>();
    case 128:
        return byType.template operator()<128>();
    default:
        return false;
    }
}

} // namespace

bool planAttention(DecodeAttention& a, const StreamLimits& limits) {
    if (limits.sharedBytesPerBlock == 0) return false;
    const std::uint32_t slotBytes = 2 * pieceBytes(a.pool.type, a.pool.headDim);
    constexpr std::uint32_t kStatic = 24 * 1024; // what the kernel keeps besides the ring
    a.splits = std::clamp(limits.multiprocessors / a.pool.kvHeads, 1u, kMaxSplits);
    a.slots = std::min(8u, (limits.sharedBytesPerBlock - kStatic) / slotBytes);
    a.stagesInFlight = std::clamp(limits.bytesInFlight / slotBytes, 2u, a.slots);
    a.sharedBytes = a.slots * slotBytes;
    return dispatchShape(a, [&](auto kernel) {
        prepareKernel(kernel, a.sharedBytes);
        check(cudaFuncSetAttribute(kernel, cudaFuncAttributeNonPortableClusterSizeAllowed, 1),
              "preparing a kernel");
    });
}

void streamAttention(const DecodeAttention& a, cudaStream_t stream) {
    dispatchShape(a, [&](auto kernel) {
        launchDependent(kernel, a.pool.kvHeads * a.splits, kStreamThreads, a.sharedBytes, a.splits, stream,
                        a);
    });
}

} // namespace altiplano::kernels::cuda
