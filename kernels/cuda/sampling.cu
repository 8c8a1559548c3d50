#include "sampling.h"

#include "cuda_check.h"
#include "decode/launch.h"
#include "matrix.h"
#include "warp.cuh"

#include <cooperative_groups.h>

/// The cluster of a row shares out the vocabulary. Nothing is sorted: top-k, typical and top-p each look for
/// the distance (from the largest logit, or of the surprise from its mean) up to which tokens stay, by
/// counting mass into 256 bins, four times finer each. Mass is fixed-point, so that the result does not
/// depend on the order in which threads add.
namespace altiplano::kernels::cuda {

namespace {

constexpr std::uint32_t kThreads = 1024;
constexpr std::uint32_t kBins = 256;
using Mass = unsigned long long;
constexpr float kUnit = 1099511627776.0f; // 2^40: mass of a token as probable as the most probable
constexpr float kRange = 64.0f;           // distances beyond, in nats, are all the same

struct Shared {
    Mass bins[kBins];
    Mass warpMass[33];
    Mass blockMass;
    unsigned long long best;
    float scratch[32];
    float values[2];
    std::uint32_t bin;
    Mass before;
    std::int32_t chosen;
};

/// The blocks of one row: one before compute capability 9.0.
struct Group {
    std::uint32_t rank, size;

    __device__ void sync() const {
#if __CUDA_ARCH__ >= 900
        if (size > 1) {
            cooperative_groups::this_cluster().sync();
            return;
        }
#endif
        __syncthreads();
    }
    template <class T>
    __device__ T* of(T* local, std::uint32_t block) const {
#if __CUDA_ARCH__ >= 900
        if (size > 1) return cooperative_groups::this_cluster().map_shared_rank(local, block);
#endif
        return local;
    }
};

/// The logits of a row that are this block's, and who of them is still in.
struct Candidates {
    const float* logits;
    std::uint32_t begin, end;
    float largest = 0;
    float topK = INFINITY;    ///< stay up to this distance from the largest
    float typical = INFINITY; ///< stay up to this distance of the surprise from `entropy`
    float topP = INFINITY;
    float surprise0 = 0; ///< surprise of the largest
    float entropy = 0;

    __device__ float distance(std::uint32_t i) const {
        const float d = largest - logits[i];
        return d >= 0 && d < kRange ? d : kRange; // NaN too
    }
    __device__ float oddness(float d) const { return fminf(fabsf(d + surprise0 - entropy), kRange); }
    __device__ bool in(float d) const { return d <= topK && d <= topP && oddness(d) <= typical; }
};

__device__ Mass massOf(float distance) {
    return static_cast<Mass>(expf(-distance) * kUnit);
}

__device__ Mass groupSum(const Group& g, Shared& s, Mass value) {
    for (int offset = 16; offset > 0; offset /= 2)
        value += __shfl_xor_sync(kAllLanes, value, offset);
    __syncthreads();
    if (threadIdx.x % 32 == 0) s.warpMass[threadIdx.x / 32] = value;
    __syncthreads();
    if (threadIdx.x == 0) {
        s.blockMass = 0;
        for (std::uint32_t w = 0; w < kThreads / 32; ++w)
            s.blockMass += s.warpMass[w];
    }
    g.sync();
    Mass total = 0;
    for (std::uint32_t b = 0; b < g.size; ++b)
        total += *g.of(&s.blockMass, b);
    g.sync();
    return total;
}

/// The smallest distance (as `distanceOf` measures it) at which the mass up to it reaches `target`.
template <class DistanceOf, class WeightOf>
__device__ float reach(const Group& g, Shared& s, const Candidates& c, Mass target, DistanceOf distanceOf,
                       WeightOf weightOf) {
    std::uint32_t prefix = 0;
    for (int shift = 24; shift >= 0; shift -= 8) {
        for (std::uint32_t i = threadIdx.x; i < kBins; i += kThreads)
            s.bins[i] = 0;
        __syncthreads();
        for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kThreads) {
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

__device__ std::uint64_t randomBits(std::uint64_t seed, std::uint64_t counter) { // splitmix64
    std::uint64_t z = seed + (counter + 1) * 0x9E3779B97F4A7C15ull;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ z >> 27) * 0x94D049BB133111EBull;
    return z ^ z >> 31;
}

/// Repetition, presence and frequency penalties on this block's logits.
__device__ void penalize(const SequenceState& state, float* logits, std::uint32_t begin, std::uint32_t end) {
    const DecodeSampling& p = state.sampling;
    const std::uint32_t window = min(min(p.penaltyWindow, state.recentCount), kMaxPenaltyWindow);
    if (threadIdx.x >= window) return;
    const auto recent = [&](std::uint32_t back) { // back = 0: the newest
        return state.recent[(state.recentCount - 1 - back) % kMaxPenaltyWindow];
    };
    const std::int32_t token = recent(threadIdx.x);
    if (token < 0 || static_cast<std::uint32_t>(token) < begin || static_cast<std::uint32_t>(token) >= end)
        return;
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < window; ++i) {
        if (recent(i) != token) continue;
        if (i < threadIdx.x) return; // a newer one of the same does it
        ++count;
    }
    float& logit = logits[token];
    logit = logit > 0 ? logit / p.repetitionPenalty : logit * p.repetitionPenalty;
    logit -= p.presencePenalty + p.frequencyPenalty * static_cast<float>(count);
}

/// Largest logit first, lowest token among equals; 0 for logits that are not finite.
__device__ unsigned long long orderOf(float logit, std::uint32_t token) {
    if (!(logit < INFINITY) || logit == -INFINITY) return 0;
    const std::uint32_t bits = __float_as_uint(logit);
    return static_cast<unsigned long long>(bits & 0x80000000u ? ~bits : bits | 0x80000000u) << 32 | ~token;
}

__device__ unsigned long long groupBest(const Group& g, Shared& s, const Candidates& c) {
    if (threadIdx.x == 0) s.best = 0;
    __syncthreads();
    unsigned long long best = 0;
    for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kThreads) {
        const unsigned long long order = orderOf(c.logits[i], i);
        if (order > best) best = order;
    }
    for (int offset = 16; offset > 0; offset /= 2) {
        const unsigned long long other = __shfl_xor_sync(kAllLanes, best, offset);
        if (other > best) best = other;
    }
    if (threadIdx.x % 32 == 0) atomicMax(&s.best, best);
    g.sync();
    best = 0;
    for (std::uint32_t b = 0; b < g.size; ++b) {
        const unsigned long long other = *g.of(&s.best, b);
        if (other > best) best = other;
    }
    g.sync();
    return best;
}

/// Draws a token from those that are in; the block that holds it writes it to rank 0's `chosen`.
__device__ void draw(const Group& g, Shared& s, const Candidates& c, const DecodeSampling& p, float minimum,
                     std::uint64_t random) {
    const auto weight = [&](std::uint32_t i) {
        const float d = c.distance(i);
        return c.in(d) && d <= minimum ? massOf(d / p.temperature) : Mass{0};
    };
    Mass own = 0;
    for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kThreads)
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
    for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kThreads) {
        const Mass w = weight(i);
        if (target < before + w) {
            g.of(&s, 0)->chosen = static_cast<std::int32_t>(i);
            return;
        }
        before += w;
    }
}

/// Which tokens stay, stage by stage; returns the distance that min-p allows.
__device__ float restrict(const Group& g, Shared& s, Candidates& c, const DecodeSampling& p) {
    const auto same = [](float d) { return d; };
    const auto one = [](float) { return Mass{1}; };
    const auto massOfIt = [](float d) { return massOf(d); };
    const auto fraction = [](Mass total, float part) {
        return static_cast<Mass>(static_cast<double>(total) * part);
    };
    const auto totalMass = [&] {
        Mass own = 0;
        for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kThreads) {
            const float d = c.distance(i);
            if (c.in(d)) own += massOf(d);
        }
        return groupSum(g, s, own);
    };
    if (p.topK > 0) c.topK = reach(g, s, c, p.topK, same, one);
    if (p.typicalP < 1) {
        const Mass total = totalMass();
        Mass own = 0; // sum of mass times distance, eight bits finer
        for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kThreads) {
            const float d = c.distance(i);
            if (c.in(d)) own += static_cast<Mass>(expf(-d) * d * 1073741824.0f);
        }
        const double mean = static_cast<double>(groupSum(g, s, own)) * 1024.0 / static_cast<double>(total);
        c.surprise0 = static_cast<float>(log(static_cast<double>(total) / static_cast<double>(kUnit)));
        c.entropy = static_cast<float>(mean) + c.surprise0;
        c.typical = reach(
            g, s, c, fraction(total, p.typicalP), [&](float d) { return c.oddness(d); }, massOfIt);
    }
    if (p.topP < 1) c.topP = reach(g, s, c, fraction(totalMass(), p.topP), same, massOfIt);
    if (p.minP <= 0) return INFINITY;
    float nearest = kRange; // the most probable that is left
    for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kThreads) {
        const float d = c.distance(i);
        if (c.in(d)) nearest = fminf(nearest, d);
    }
    nearest = -blockMax(-nearest, s.scratch);
    __syncthreads();
    if (threadIdx.x == 0) s.values[0] = nearest;
    g.sync();
    for (std::uint32_t b = 0; b < g.size; ++b)
        nearest = fminf(nearest, *g.of(&s.values[0], b));
    g.sync();
    return nearest - logf(fminf(p.minP, 1.0f));
}

/// Feeds the token back and tells the host; one thread.
__device__ void finish(SequenceState& state, Row& row, TokenMessage* messages, std::int32_t token) {
    state.recent[state.recentCount % kMaxPenaltyWindow] = token;
    ++state.recentCount;
    bool last = state.remaining == 1 || token == DecodedToken::kNoToken;
    for (std::uint32_t i = 0; i < state.stopCount; ++i)
        last |= state.stop[i] == token;
    state.remaining = last ? 0 : state.remaining - 1;
    if (!last) {
        row.token = token;
        ++row.position;
    }
    unsigned long long now;
    asm volatile("mov.u64 %0, %globaltimer;" : "=l"(now));
    const unsigned long long duration =
        state.stepEndNs == 0 ? 0 : (now - state.stepEndNs + kDurationUnitNs / 2) / kDurationUnitNs;
    state.stepEndNs = now;
    const std::uint32_t number = state.emitted++;
    const TokenMessage message = static_cast<TokenMessage>((number + 1) & kNumberMask) << 52 |
                                 (duration <= kDurationMask ? duration << 32 : 0) |
                                 (last ? 0x80000000ull : 0ull) |
                                 (static_cast<std::uint32_t>(token) & kTokenMask);
    *const_cast<volatile TokenMessage*>(messages + number % kTokenSlots) = message;
}

__global__ void __launch_bounds__(kThreads) sampleKernel(Sampling k) {
    __shared__ Shared s;
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
    const std::uint32_t r = blockIdx.x / k.clusterBlocks;
    const Group g{blockIdx.x % k.clusterBlocks, k.clusterBlocks};
    SequenceState& state = k.sequences[r];
    const bool done = state.remaining == 0;
    const std::uint32_t share = divideUp(k.vocabulary, g.size);
    float* logits = k.logits + std::size_t{r} * k.vocabulary;
    Candidates c{logits, min(g.rank * share, k.vocabulary), min((g.rank + 1) * share, k.vocabulary)};
    penalize(state, logits, c.begin, c.end);
    if (threadIdx.x == 0) s.chosen = DecodedToken::kNoToken; // where no logit is finite
    __syncthreads();
    const unsigned long long best = groupBest(g, s, c);
    const auto greedy = static_cast<std::int32_t>(~static_cast<std::uint32_t>(best));
    const DecodeSampling p = state.sampling;
    if (best == 0 || p.temperature <= 0) {
        if (best != 0 && threadIdx.x == 0) s.chosen = greedy;
    } else {
        c.largest = logits[greedy];
        const float minimum = restrict(g, s, c, p);
        draw(g, s, c, p, minimum, randomBits(p.seed, state.chosen + state.emitted));
    }
    g.sync();
    if (g.rank == 0 && threadIdx.x == 0 && !done)
        finish(state, k.rows[r], k.messages + std::size_t{r} * kTokenSlots, s.chosen);
}

} // namespace

void sample(const Sampling& sampling, cudaStream_t stream) {
    const std::uint32_t blocks = sampling.rowCount * sampling.clusterBlocks;
    if (sampling.dependent) {
        launchDependent(sampleKernel, blocks, kThreads, 0, sampling.clusterBlocks, stream, sampling);
    } else {
        sampleKernel<<<blocks, kThreads, 0, stream>>>(sampling);
        check(cudaGetLastError(), "sampling");
    }
}

} // namespace altiplano::kernels::cuda
