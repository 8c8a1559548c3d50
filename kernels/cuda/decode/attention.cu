#include "decode/attention.h"

#include "decode/launch.h"
#include "decode/ring.cuh"
#include "kv_access.cuh"

#include <algorithm>
#include <cooperative_groups.h>

namespace altiplano::kernels::cuda {

namespace {

constexpr std::uint32_t kWarps = 8; // that compute; one more fills the ring
constexpr std::uint32_t kThreads = kWarps * 32 + 32;
constexpr std::uint32_t kMaxSlots = 8;
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
                                          std::uint32_t firstValid, std::uint32_t count, std::uint32_t part,
                                          std::uint32_t parts) {
    constexpr std::uint32_t kLanes = Dim / 8, kTokens = 32 / kLanes, kScales = kKvPageTokens * Dim;
    constexpr int kUnroll = 4;
    const std::uint32_t lane = threadIdx.x % 32, first = lane % kLanes * 8;
    for (std::uint32_t base = part * kTokens; base < count; base += kUnroll * parts * kTokens) {
        float scores[kUnroll];
        float largest = s.maximum;
#pragma unroll
        for (int i = 0; i < kUnroll; ++i) {
            const std::uint32_t t = base + i * parts * kTokens + lane / kLanes;
            const bool valid = t >= firstValid && t < count;
            float k[8], score = 0;
            loadEight<Dim, Type>(k, keys, keys + kScales, min(t, kKvPageTokens - 1), first);
#pragma unroll
            for (int j = 0; j < 8; ++j)
                score = fmaf(k[j], s.q[j], score);
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
            const std::uint32_t t = base + i * parts * kTokens + lane / kLanes;
            if (t < firstValid || t >= count) continue; // bytes that nobody wrote may be NaN
            const float weight = __expf(scores[i] - largest);
            s.total += weight;
            float v[8];
            loadEight<Dim, Type>(v, values, values + kScales, t, first);
#pragma unroll
            for (int j = 0; j < 8; ++j)
                s.sum[j] = fmaf(weight, v[j], s.sum[j]);
        }
    }
}

__device__ __forceinline__ void loadEightFloats(float (&out)[8], const float* from) {
    const float4 a = __ldcg(reinterpret_cast<const float4*>(from)),
                 b = __ldcg(reinterpret_cast<const float4*>(from) + 1);
    out[0] = a.x, out[1] = a.y, out[2] = a.z, out[3] = a.w;
    out[4] = b.x, out[5] = b.y, out[6] = b.z, out[7] = b.w;
}

/// Eight dimensions of the row's own K or V in a lane; four lanes hold a block of 32.
template <KvType Type>
struct OwnEight {
    float x[8]; ///< as given, then as it will be read
    std::int8_t quants[8];
    __half scale;

    __device__ __forceinline__ void round() {
        if constexpr (Type == KvType::F16) {
#pragma unroll
            for (int j = 0; j < 8; ++j)
                x[j] = __half2float(__float2half_rn(x[j]));
        } else {
            float largest = 0;
#pragma unroll
            for (int j = 0; j < 8; ++j)
                largest = fmaxf(largest, fabsf(x[j]));
            largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 1));
            largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 2));
            const float step = largest / 127.0f;
            scale = __float2half_rn(step);
#pragma unroll
            for (int j = 0; j < 8; ++j) {
                quants[j] = static_cast<std::int8_t>(__float2int_rn(step > 0 ? x[j] / step : 0.0f));
                x[j] = static_cast<float>(quants[j]) * __half2float(scale);
            }
        }
    }

    /// To the token's place in a head's share of a page; `first` is the first dimension.
    __device__ __forceinline__ void store(std::uint8_t* head, std::uint32_t dim, std::uint32_t token,
                                          std::uint32_t first) const {
        if constexpr (Type == KvType::F16) {
            __half2 h[4];
#pragma unroll
            for (int j = 0; j < 4; ++j)
                h[j] = __floats2half2_rn(x[2 * j], x[2 * j + 1]);
            *reinterpret_cast<uint4*>(head + (token * dim + first) * 2) = *reinterpret_cast<uint4*>(h);
        } else {
            *reinterpret_cast<uint2*>(head + token * dim + first) = *reinterpret_cast<const uint2*>(quants);
            if (first % 32 == 0)
                reinterpret_cast<__half*>(head + kKvPageTokens * dim)[token * (dim / 32) + first / 32] =
                    scale;
        }
    }
};

/// The last block of a cluster adds the row's own token, straight from the product's result, and stores it.
template <std::uint32_t Dim, KvType Type>
__device__ __forceinline__ void addOwnToken(HeadState<Dim>& s, OwnEight<Type>& k, OwnEight<Type>& v) {
    constexpr std::uint32_t kLanes = Dim / 8;
    float score = 0;
#pragma unroll
    for (int j = 0; j < 8; ++j)
        score = fmaf(k.x[j], s.q[j], score);
#pragma unroll
    for (std::uint32_t offset = kLanes / 2; offset > 0; offset /= 2)
        score += __shfl_xor_sync(0xffffffffu, score, offset);
    if (threadIdx.x % 32 >= kLanes) return; // the other lanes of the warp hold other tokens
    const float largest = fmaxf(s.maximum, score), keep = __expf(s.maximum - largest),
                weight = __expf(score - largest);
    s.maximum = largest;
    s.total = s.total * keep + weight;
#pragma unroll
    for (int j = 0; j < 8; ++j)
        s.sum[j] = s.sum[j] * keep + weight * v.x[j];
}

/// What the blocks of a cluster send each other: for a share of the group's elements, each block's sums, and
/// each block's maximum and total per head.
template <std::uint32_t Dim, std::uint32_t Sets>
struct Exchange {
    static constexpr std::uint32_t kMaxHeads = Sets * kWarps;
    float sums[kMaxHeads * Dim + kMaxSplits]; ///< [split][element of the share]
    float maxima[kMaxSplits][kMaxHeads];
    float totals[kMaxSplits][kMaxHeads];
};

/// Combines the lanes of each warp, then the warps of each head, and sends every block its share.
template <std::uint32_t Dim, std::uint32_t Sets>
__device__ __forceinline__ void
combineBlock(HeadState<Dim> (&states)[Sets], std::uint32_t group, std::uint32_t parts, float* scratch,
             Exchange<Dim, Sets>& exchange, std::uint32_t split, std::uint32_t splits) {
    constexpr std::uint32_t kLanes = Dim / 8, kPitch = Dim + 4;
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
        float* to = scratch + (set * kWarps + warp) * kPitch;
        if (lane < kLanes) {
            reinterpret_cast<float4*>(to)[2 * lane] = make_float4(s.sum[0], s.sum[1], s.sum[2], s.sum[3]);
            reinterpret_cast<float4*>(to)[2 * lane + 1] = make_float4(s.sum[4], s.sum[5], s.sum[6], s.sum[7]);
        }
        if (lane == 0) {
            to[Dim] = s.maximum;
            to[Dim + 1] = s.total;
        }
    }
    syncConsumers<kWarps * 32>();
    waitForCluster(); // everybody has started, so that everybody's memory is there
    const auto cluster = cooperative_groups::this_cluster();
    const std::uint32_t elements = group * Dim, share = (elements + splits - 1) / splits;
    for (std::uint32_t i = threadIdx.x; i < elements; i += kWarps * 32) {
        const std::uint32_t head = i / Dim, d = i % Dim;
        const float* from = scratch + head * kPitch; // warps of one head stand `group` apart
        const std::uint32_t step = group * kPitch;
        float largest = kNoScore, value = 0, total = 0;
        for (std::uint32_t p = 0; p < parts; ++p)
            largest = fmaxf(largest, from[p * step + Dim]);
        for (std::uint32_t p = 0; p < parts; ++p) {
            const float weight = __expf(from[p * step + Dim] - largest);
            value += weight * from[p * step + d];
            total += weight * from[p * step + Dim + 1];
        }
        const std::uint32_t owner = i / share;
        cluster.map_shared_rank(exchange.sums, owner)[split * share + i % share] = value;
        if (d == 0 || i % share == 0) { // whoever owns a part of the head needs them
            cluster.map_shared_rank(&exchange.maxima[split][head], owner)[0] = largest;
            cluster.map_shared_rank(&exchange.totals[split][head], owner)[0] = total;
        }
    }
}

template <std::uint32_t Dim, KvType Type, std::uint32_t Sets>
__global__ void __launch_bounds__(kThreads, 1) attentionKernel(const __grid_constant__ DecodeAttention a) {
    extern __shared__ __align__(128) std::uint8_t shared[];
    __shared__ __align__(8) std::uint64_t barriers[2 * kMaxSlots];
    __shared__ __align__(16) float scratch[Sets * kWarps * (Dim + 4)];
    __shared__ Exchange<Dim, Sets> exchange;
    letNextKernelStart();
    arriveAtCluster();
    constexpr std::uint32_t kPiece = pieceBytes(Type, Dim);
    const std::uint32_t barrier = sharedAddress(barriers);
    Ring ring{sharedAddress(shared), barrier, barrier + kMaxSlots * 8, a.slots, 2 * kPiece};
    if (threadIdx.x == 0) ring.init(kWarps);
    __syncthreads();
    // Position and pages were complete before any kernel of this step could start.
    const std::uint32_t kvHead = blockIdx.x / a.splits, split = blockIdx.x % a.splits;
    const Row row = a.rows.rows[0];
    const TokenRange range = rangeOf(a, row.position, split);
    const std::uint32_t group = a.shape.heads / a.pool.kvHeads;
    if (threadIdx.x >= kWarps * 32) {
        if (threadIdx.x == kWarps * 32) produceKv<Dim, Type>(a, ring, kvHead, row, range);
        __syncwarp(); // the producer's lane comes back
        waitForCluster();
    } else {
        const std::uint32_t warp = threadIdx.x / 32, lane = threadIdx.x % 32, first = lane % (Dim / 8) * 8;
        const std::uint32_t parts = max(1u, kWarps / group), part = group >= kWarps ? 0 : warp / group;
        const bool last = split + 1 == a.splits;
        const std::uint32_t windowBegin =
            a.shape.window != 0 && row.position + 1 > a.shape.window ? row.position + 1 - a.shape.window : 0;
        std::uint32_t page = 0;
        if (last) page = a.rows.pages[row.pageTable + row.position / kKvPageTokens];
        waitForPreviousKernel();
        HeadState<Dim> states[Sets];
#pragma unroll
        for (std::uint32_t set = 0; set < Sets; ++set) {
            const std::uint32_t head = group >= kWarps ? warp + set * kWarps : warp % group;
            loadEightFloats(states[set].q,
                            a.q + (std::size_t{kvHead} * group + min(head, group - 1)) * Dim + first);
#pragma unroll
            for (int j = 0; j < 8; ++j) {
                states[set].q[j] *= a.shape.scale;
                states[set].sum[j] = 0;
            }
        }
        OwnEight<Type> k, v;
        if (last && part == 0) {
            loadEightFloats(k.x, a.newKv + kvHead * Dim + first);
            loadEightFloats(v.x, a.newKv + (a.pool.kvHeads + kvHead) * Dim + first);
        }
        for (std::uint32_t t = range.begin; t < range.end;) {
            const std::uint32_t count = min(kKvPageTokens - t % kKvPageTokens, range.end - t);
            const std::uint32_t piece = ring.take();
            const std::uint32_t firstValid = windowBegin > t ? windowBegin - t : 0;
            if (part < parts)
#pragma unroll
                for (std::uint32_t set = 0; set < Sets; ++set)
                    addTokens<Dim, Type>(states[set], piece, piece + kPiece, firstValid, count, part, parts);
            ring.release();
            t += count;
        }
        if (last && part == 0) {
            k.round();
            v.round();
#pragma unroll
            for (std::uint32_t set = 0; set < Sets; ++set)
                addOwnToken<Dim, Type>(states[set], k, v);
            if (warp == 0 && lane < Dim / 8) {
                k.store(a.pool.head(a.layer, page, false, kvHead), Dim, row.position % kKvPageTokens, first);
                v.store(a.pool.head(a.layer, page, true, kvHead), Dim, row.position % kKvPageTokens, first);
                fenceForBulkCopies(); // a later step's
            }
        }
        combineBlock<Dim, Sets>(states, group, parts, scratch, exchange, split, a.splits);
    }
    arriveAtCluster();
    waitForCluster();
    const std::uint32_t elements = group * Dim, share = (elements + a.splits - 1) / a.splits;
    const std::uint32_t begin = split * share, end = min(begin + share, elements);
    for (std::uint32_t i = begin + threadIdx.x; i < end; i += kThreads) {
        const std::uint32_t head = i / Dim;
        float largest = kNoScore, value = 0, total = 0;
        for (std::uint32_t s = 0; s < a.splits; ++s)
            largest = fmaxf(largest, exchange.maxima[s][head]);
        for (std::uint32_t s = 0; s < a.splits; ++s) {
            const float weight = __expf(exchange.maxima[s][head] - largest);
            value += weight * exchange.sums[s * share + i - begin];
            total += weight * exchange.totals[s][head];
        }
        a.out[std::size_t{kvHead} * elements + i] = value / total;
    }
}

template <class F>
bool dispatchShape(const DecodeAttention& a, F&& f) {
    const std::uint32_t group = a.shape.heads / a.pool.kvHeads;
    const auto byGroup = [&]<std::uint32_t Dim, KvType Type>() {
        if (group <= kWarps)
            f(attentionKernel<Dim, Type, 1>);
        else
            f(attentionKernel<Dim, Type, 2>);
        return group <= 2 * kWarps;
    };
    const auto byType = [&]<std::uint32_t Dim>() {
        return a.pool.type == KvType::F16 ? byGroup.template operator()<Dim, KvType::F16>()
                                          : byGroup.template operator()<Dim, KvType::Q8_0>();
    };
    if (group > 2 * kWarps) return false;
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
    constexpr std::uint32_t kStatic = 36 * 1024; // what the kernel keeps besides the ring
    a.slots = std::min(kMaxSlots, (limits.sharedBytesPerBlock - kStatic) / slotBytes);
    a.stagesInFlight = std::clamp(limits.bytesInFlight / slotBytes, 2u, a.slots);
    a.sharedBytes = a.slots * slotBytes;
    return dispatchShape(a, [&](auto kernel) {
        prepareKernel(kernel, a.sharedBytes);
        check(cudaFuncSetAttribute(kernel, cudaFuncAttributeNonPortableClusterSizeAllowed, 1),
              "preparing a kernel");
        // As many splits as let all clusters run at once: a second wave would cost more than they gain.
        for (a.splits = std::clamp(limits.multiprocessors / a.pool.kvHeads, 1u, kMaxSplits); a.splits > 1;
             --a.splits)
            if (clustersAtOnce(kernel, kThreads, a.sharedBytes, a.splits) >= a.pool.kvHeads) break;
    });
}

void streamAttention(const DecodeAttention& a, cudaStream_t stream) {
    dispatchShape(a, [&](auto kernel) {
        launchDependent(kernel, a.pool.kvHeads * a.splits, kThreads, a.sharedBytes, a.splits, stream, a);
    });
}

} // namespace altiplano::kernels::cuda
