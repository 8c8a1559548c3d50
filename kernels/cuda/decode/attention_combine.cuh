#pragma once

#include "decode/attention_tokens.cuh"
#include "decode/ring.cuh"

#include <cooperative_groups.h>

/// Putting together the softmax parts of a KV head: the lanes of a warp, the warps of a block, and the blocks
/// of a cluster.
namespace altiplano::kernels::cuda {

inline constexpr std::uint32_t kAttentionWarps = 8; ///< that compute; one more fills the ring
inline constexpr std::uint32_t kMaxSplits = 16;

/// The sums of one element, not divided by the total yet.
struct Part {
    float largest = kNoScore, value = 0, total = 0;

    __device__ __forceinline__ void add(float otherLargest, float otherValue, float otherTotal) {
        const float weight = __expf(otherLargest - largest); // `largest` is that of all parts
        value += weight * otherValue;
        total += weight * otherTotal;
    }
};

/// The states of a block's warps: [set * warps + warp][Dim sums, maximum, total].
template <std::uint32_t Dim, std::uint32_t Sets, std::uint32_t Warps = kAttentionWarps>
struct BlockParts {
    static constexpr std::uint32_t kPitch = Dim + 4;
    float parts[Sets * Warps * kPitch];

    /// Combines the lanes of this warp.
    __device__ __forceinline__ void put(HeadState<Dim> (&states)[Sets]) {
        constexpr std::uint32_t kLanes = Dim / 8;
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
            float* to = parts + (set * Warps + warp) * kPitch;
            if (lane < kLanes) {
                reinterpret_cast<float4*>(to)[2 * lane] = make_float4(s.sum[0], s.sum[1], s.sum[2], s.sum[3]);
                reinterpret_cast<float4*>(to)[2 * lane + 1] =
                    make_float4(s.sum[4], s.sum[5], s.sum[6], s.sum[7]);
            }
            if (lane == 0) {
                to[Dim] = s.maximum;
                to[Dim + 1] = s.total;
            }
        }
    }

    /// Dimension d of a head whose warps stand `step` apart.
    __device__ __forceinline__ Part get(std::uint32_t head, std::uint32_t d, std::uint32_t step,
                                        std::uint32_t count) const {
        const float* from = parts + head * kPitch;
        Part part;
        for (std::uint32_t p = 0; p < count; ++p)
            part.largest = fmaxf(part.largest, from[p * step * kPitch + Dim]);
        for (std::uint32_t p = 0; p < count; ++p) {
            const float* one = from + p * step * kPitch;
            part.add(one[Dim], one[d], one[Dim + 1]);
        }
        return part;
    }
};

/// What the blocks of a cluster send each other: for a share of the group's elements, each block's sums, and
/// each block's maximum and total per head.
template <std::uint32_t Dim, std::uint32_t Sets>
struct Exchange {
    static constexpr std::uint32_t kMaxHeads = Sets * kAttentionWarps;
    float sums[kMaxHeads * Dim + kMaxSplits]; ///< [split][element of the share]
    float maxima[kMaxSplits][kMaxHeads];
    float totals[kMaxSplits][kMaxHeads];

    /// Sends element i, of which every block owns `share`.
    __device__ __forceinline__ void send(const Part& part, std::uint32_t i, std::uint32_t share,
                                         std::uint32_t split) {
        const auto cluster = cooperative_groups::this_cluster();
        const std::uint32_t head = i / Dim, owner = i / share;
        cluster.map_shared_rank(sums, owner)[split * share + i % share] = part.value;
        if (i % Dim == 0 || i % share == 0) { // whoever owns a part of the head needs them
            cluster.map_shared_rank(&maxima[split][head], owner)[0] = part.largest;
            cluster.map_shared_rank(&totals[split][head], owner)[0] = part.total;
        }
    }

    /// Element `i` of this block's share.
    __device__ __forceinline__ Part get(std::uint32_t head, std::uint32_t i, std::uint32_t share,
                                        std::uint32_t splits) const {
        Part part;
        for (std::uint32_t s = 0; s < splits; ++s)
            part.largest = fmaxf(part.largest, maxima[s][head]);
        for (std::uint32_t s = 0; s < splits; ++s)
            part.add(maxima[s][head], sums[s * share + i], totals[s][head]);
        return part;
    }
};

} // namespace altiplano::kernels::cuda
