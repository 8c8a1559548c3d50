#pragma once

#include "kernels/decode_loop.h"
#include "sampling_group.cuh"

/// Choosing among any number of tokens. Nothing is sorted: top-k, typical and top-p each look for the
/// distance (from the largest logit, or of the surprise from its mean) up to which tokens stay, by counting
/// mass into 256 bins, four times finer each.
namespace altiplano::kernels::cuda {

inline constexpr std::uint32_t kBins = 256;

struct AnyShared {
    Mass bins[kBins];
    Mass warpMass[33];
    Mass blockMass;
    float scratch[32];
    float nearest;
    std::uint32_t bin;
    Mass before;
    std::int32_t chosen; ///< rank 0's
};

/// The logits of this block, and who of them is still in.
struct Candidates : Share {
    float topK = INFINITY;    ///< stay up to this distance from the largest
    float typical = INFINITY; ///< stay up to this distance of the surprise from `entropy`
    float topP = INFINITY;
    float surprise0 = 0; ///< surprise of the largest
    float entropy = 0;

    __device__ float oddness(float d) const { return fminf(fabsf(d + surprise0 - entropy), kRange); }
    __device__ bool in(float d) const { return d <= topK && d <= topP && oddness(d) <= typical; }
};

/// Sum over the threads of all blocks; `blockMass` keeps each block's.
__device__ inline Mass groupSum(const Group& g, AnyShared& s, Mass value) {
    value = blockSum(value, s.warpMass);
    if (threadIdx.x == 0) s.blockMass = value;
    g.sync();
    Mass total = 0;
    for (std::uint32_t b = 0; b < g.size; ++b)
        total += *g.of(&s.blockMass, b);
    g.sync();
    return total;
}

/// The smallest distance (as `distanceOf` measures it) at which the mass up to it reaches `target`.
template <class DistanceOf, class WeightOf>
__device__ float reach(const Group& g, AnyShared& s, const Candidates& c, Mass target, DistanceOf distanceOf,
                       WeightOf weightOf) {
    std::uint32_t prefix = 0;
    for (int shift = 24; shift >= 0; shift -= 8) {
        for (std::uint32_t i = threadIdx.x; i < kBins; i += kSampleThreads)
            s.bins[i] = 0;
        __syncthreads();
        for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kSampleThreads) {
            const float d = c.distance(i);
            if (!c.in(d)) continue;
            const auto key = static_cast<std::uint32_t>(fminf(distanceOf(d) * 67108864.0f, 4294967040.0f));
            if (shift < 24 && key >> (shift + 8) != prefix) continue;
            atomicAdd(&s.bins[key >> shift & 255], weightOf(d));
        }
        g.sync();
        if (threadIdx.x < 32) { // eight bins a lane, summed over the blocks
            Mass own[8], sum = 0;
            for (int i = 0; i < 8; ++i) {
                own[i] = 0;
                for (std::uint32_t b = 0; b < g.size; ++b)
                    own[i] += g.of(s.bins, b)[threadIdx.x * 8 + i];
                sum += own[i];
            }
            Mass before = sum;
            for (int offset = 1; offset < 32; offset *= 2) {
                const Mass lower = __shfl_up_sync(kAllLanes, before, offset);
                if (threadIdx.x >= static_cast<unsigned>(offset)) before += lower;
            }
            const Mass total = __shfl_sync(kAllLanes, before, 31);
            before -= sum;
            const Mass wanted = target < total ? target : total;
            for (std::uint32_t i = 0; i < 8; ++i) {
                if (before < wanted && before + own[i] >= wanted) {
                    s.bin = threadIdx.x * 8 + i;
                    s.before = before;
                }
                before += own[i];
            }
            if (threadIdx.x == 0 && total == 0) s.bin = 255, s.before = 0;
        }
        g.sync();
        prefix = prefix << 8 | s.bin;
        target -= s.before < target ? s.before : target;
        __syncthreads();
    }
    // Whoever has this key stays: the distance just below the next key.
    return prefix >= 0xffffff00u ? INFINITY : (static_cast<float>(prefix) + 1.0f) / 67108864.0f;
}

/// Which tokens stay, stage by stage; returns the distance that min-p allows.
__device__ inline float restrict(const Group& g, AnyShared& s, Candidates& c, const DecodeSampling& p) {
    const auto same = [](float d) { return d; };
    const auto one = [](float) { return Mass{1}; };
    const auto massOfIt = [](float d) { return massOf(d); };
    const auto totalMass = [&] {
        Mass own = 0;
        for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kSampleThreads) {
            const float d = c.distance(i);
            if (c.in(d)) own += massOf(d);
        }
        return groupSum(g, s, own);
    };
    if (p.topK > 0) c.topK = reach(g, s, c, p.topK, same, one);
    if (p.typicalP < 1) {
        const Mass total = totalMass();
        Mass own = 0; // sum of mass times distance, eight bits finer
        for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kSampleThreads) {
            const float d = c.distance(i);
            if (c.in(d)) own += static_cast<Mass>(expf(-d) * d * 1073741824.0f);
        }
        const double mean = static_cast<double>(groupSum(g, s, own)) * 1024.0 / static_cast<double>(total);
        c.surprise0 = static_cast<float>(log(static_cast<double>(total) / static_cast<double>(kUnit)));
        c.entropy = static_cast<float>(mean) + c.surprise0;
        c.typical = reach(
            g, s, c, fractionOf(total, p.typicalP), [&](float d) { return c.oddness(d); }, massOfIt);
    }
    if (p.topP < 1) c.topP = reach(g, s, c, fractionOf(totalMass(), p.topP), same, massOfIt);
    if (p.minP <= 0) return INFINITY;
    float nearest = kRange; // the most probable that is left
    for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kSampleThreads) {
        const float d = c.distance(i);
        if (c.in(d)) nearest = fminf(nearest, d);
    }
    nearest = -blockMax(-nearest, s.scratch);
    __syncthreads();
    if (threadIdx.x == 0) s.nearest = nearest;
    g.sync();
    for (std::uint32_t b = 0; b < g.size; ++b)
        nearest = fminf(nearest, *g.of(&s.nearest, b));
    g.sync();
    return nearest - logf(fminf(p.minP, 1.0f));
}

/// Draws a token from those that are in; the block that holds it writes it to rank 0's `chosen`.
__device__ inline void draw(const Group& g, AnyShared& s, const Candidates& c, const DecodeSampling& p,
                            float minimum, std::uint64_t random) {
    const auto weight = [&](std::uint32_t i) {
        const float d = c.distance(i);
        return c.in(d) && d <= minimum ? massOf(d / p.temperature) : Mass{0};
    };
    Mass own = 0;
    for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kSampleThreads)
        own += weight(i);
    const Mass total = groupSum(g, s, own);
    Mass before = 0; // of lower blocks, then of lower threads
    for (std::uint32_t b = 0; b < g.rank; ++b)
        before += *g.of(&s.blockMass, b);
    Mass inclusive = own;
    for (int offset = 1; offset < 32; offset *= 2) {
        const Mass lower = __shfl_up_sync(kAllLanes, inclusive, offset);
        if (threadIdx.x % 32 >= static_cast<unsigned>(offset)) inclusive += lower;
    }
    for (std::uint32_t w = 0; w < threadIdx.x / 32; ++w)
        before += s.warpMass[w];
    before += inclusive - own;
    const Mass target = __umul64hi(random, total); // in [0, total)
    if (target < before || target >= before + own) return;
    for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kSampleThreads) {
        const Mass w = weight(i);
        if (target < before + w) {
            g.of(&s, 0)->chosen = static_cast<std::int32_t>(i);
            return;
        }
        before += w;
    }
}

} // namespace altiplano::kernels::cuda
