#pragma once

#include "kernels/decode_loop.h"
#include "sampling_group.cuh"

/// Choosing where few tokens can be drawn, which is nearly always: the blocks of the row gather them, and one
/// block sorts them and walks through the stages on the sorted list.
namespace altiplano::kernels::cuda {

inline constexpr std::uint32_t kFew = kSampleThreads;
inline constexpr std::uint32_t kLevels = 512; ///< steps of distance, finer near the most probable token

struct FewShared {
    std::uint32_t levels[kLevels]; ///< what the block's threads hold at most, by level
    std::uint32_t level;
    std::uint32_t count;             ///< rank 0's: tokens gathered, also those past kFew
    unsigned long long keys[kFew];   ///< rank 0's: distance << 32 | token
    unsigned long long oddest[kFew]; ///< distance from the mean << 32 | index in keys
    Mass warpMass[33];
    std::int32_t chosen;

    __device__ void clear() {
        for (std::uint32_t i = threadIdx.x; i < kLevels; i += kSampleThreads)
            levels[i] = 0;
        if (threadIdx.x == 0) level = kLevels, count = 0;
    }
};

/// Whether the stages bound the tokens by something that gatherFew can find.
__device__ inline bool mayBeFew(const DecodeSampling& p) {
    return p.topK > 0 ? p.topK <= kFew / 2 : p.typicalP >= 1 && (p.topP < 1 || p.minP > 0);
}

/// 64 levels for each doubling of distance + 1.
__device__ inline std::uint32_t levelOf(float distance) {
    return (__float_as_uint(distance + 1) - __float_as_uint(1.0f)) >> 17;
}

/// Gathers at least the tokens that the stages may leave into rank 0's keys and returns how many there are;
/// more than kFew: too many. `nearest` is the smallest distance among this thread's tokens, `total` the mass
/// of all tokens (needed without top-k). If the best of k threads lie within a level, so do the k best
/// tokens.
__device__ inline std::uint32_t gatherFew(const Group& g, FewShared& s, const Share& c,
                                          const DecodeSampling& p, float nearest, Mass total) {
    constexpr float kSmallUnit = 131072; // 2^17: even 8 x 1024 of them stay below 2^32
    const bool byCount = p.topK > 0;
    const std::uint32_t weight =
        byCount ? nearest < kRange : static_cast<std::uint32_t>(expf(-nearest) * kSmallUnit);
    const float mass = static_cast<float>(total) / kUnit * p.topP * kSmallUnit;
    const std::uint32_t wanted = byCount      ? p.topK
                                 : p.topP < 1 ? static_cast<std::uint32_t>(fminf(mass, 4e9f)) + 1
                                              : 0xffffffffu;
    if (weight > 0) atomicAdd(&s.levels[levelOf(nearest)], weight);
    g.sync();
    std::uint32_t own = 0;
    if (threadIdx.x < kLevels)
        for (std::uint32_t b = 0; b < g.size; ++b)
            own += g.of(s.levels, b)[threadIdx.x];
    const Mass upTo = inclusiveScan(own, s.warpMass);
    if (upTo >= wanted && upTo - own < wanted) s.level = threadIdx.x;
    __syncthreads();
    std::uint32_t level = s.level;
    if (p.minP > 0 && p.typicalP >= 1) level = min(level, levelOf(fminf(-logf(fminf(p.minP, 1.0f)), kRange)));
    if (level >= kLevels) return kFew + 1;

    FewShared& first = *g.of(&s, 0);
    const std::uint32_t lane = threadIdx.x % 32;
    for (std::uint32_t base = c.begin + threadIdx.x - lane; base < c.end; base += kSampleThreads) {
        const std::uint32_t i = base + lane;
        const float d = i < c.end ? c.distance(i) : kRange;
        const bool in = d < kRange && levelOf(d) <= level;
        const unsigned lanes = __ballot_sync(kAllLanes, in);
        if (lanes == 0) continue;
        std::uint32_t at = 0;
        if (lane == 0) at = atomicAdd(&first.count, static_cast<unsigned>(__popc(lanes)));
        at = __shfl_sync(kAllLanes, at, 0) + static_cast<unsigned>(__popc(lanes & ((1u << lane) - 1)));
        if (in && at < kFew) first.keys[at] = static_cast<unsigned long long>(__float_as_uint(d)) << 32 | i;
    }
    g.sync();
    return first.count;
}

/// Sorts the first `count` keys, ascending (bitonic; Batcher 1968).
__device__ inline void sortKeys(unsigned long long* keys, std::uint32_t count) {
    std::uint32_t size = 2;
    while (size < count)
        size *= 2;
    const std::uint32_t t = threadIdx.x;
    if (t >= count && t < size) keys[t] = ~0ull;
    __syncthreads();
    for (std::uint32_t run = 2; run <= size; run *= 2)
        for (std::uint32_t step = run / 2; step > 0; step /= 2) {
            const std::uint32_t low = t / step * 2 * step + t % step, high = low + step;
            if (t < size / 2) {
                const unsigned long long a = keys[low], b = keys[high];
                if ((a > b) == ((low & run) == 0)) keys[low] = b, keys[high] = a;
            }
            __syncthreads();
        }
}

/// Draws from the `count` gathered tokens; called by every thread of rank 0's block, all get the token.
__device__ inline std::int32_t chooseAmongFew(FewShared& s, std::uint32_t count, const DecodeSampling& p,
                                              Mass total, std::uint64_t random) {
    const std::uint32_t t = threadIdx.x;
    sortKeys(s.keys, count);
    if (p.topK > 0) count = min(count, p.topK);
    const auto distanceAt = [&](std::uint32_t i) {
        return __uint_as_float(static_cast<unsigned>(s.keys[i] >> 32));
    };
    float d = t < count ? distanceAt(t) : kRange;
    Mass mass = t < count ? massOf(d) : 0;

    if (p.typicalP < 1) {
        const Mass all = blockSum(mass, s.warpMass);
        const Mass weighted =
            t < count ? static_cast<Mass>(expf(-d) * d * 1073741824.0f) : 0; // 10 bits coarser
        const auto mean = static_cast<float>(static_cast<double>(blockSum(weighted, s.warpMass)) * 1024.0 /
                                             static_cast<double>(all));
        if (t < count)
            s.oddest[t] = static_cast<unsigned long long>(__float_as_uint(fabsf(d - mean))) << 32 | t;
        sortKeys(s.oddest, count);
        const std::uint32_t index = t < count ? static_cast<std::uint32_t>(s.oddest[t]) : 0;
        const Mass own = t < count ? massOf(distanceAt(index)) : 0;
        const Mass before = inclusiveScan(own, s.warpMass) - own;
        const bool in = t < count && before < max(fractionOf(all, p.typicalP), Mass{1});
        if (t < count && !in) s.keys[index] = ~0ull;
        const std::uint32_t left = static_cast<std::uint32_t>(__syncthreads_count(in));
        sortKeys(s.keys, count);
        count = left;
        d = t < count ? distanceAt(t) : kRange;
        mass = t < count ? massOf(d) : 0;
    }
    if (p.topP < 1) {
        if (p.topK > 0) total = blockSum(mass, s.warpMass);
        const Mass before = inclusiveScan(mass, s.warpMass) - mass;
        count = static_cast<std::uint32_t>(
            __syncthreads_count(t < count && before < max(fractionOf(total, p.topP), Mass{1})));
    }
    const float nearest = distanceAt(0);
    if (p.minP > 0)
        count = static_cast<std::uint32_t>(
            __syncthreads_count(t < count && d <= nearest - logf(fminf(p.minP, 1.0f))));
    const Mass weight = t < count ? massOf((d - nearest) / p.temperature) : 0;
    const Mass upTo = inclusiveScan(weight, s.warpMass);
    const Mass target = __umul64hi(random, blockSum(weight, s.warpMass)); // below the sum
    if (target < upTo && target >= upTo - weight) s.chosen = static_cast<std::int32_t>(s.keys[t]);
    __syncthreads();
    return s.chosen;
}

} // namespace altiplano::kernels::cuda
