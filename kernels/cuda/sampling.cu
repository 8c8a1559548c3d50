#include "sampling.h"

#include "cuda_check.h"
#include "decode/launch.h"
#include "device_time.cuh"
#include "matrix.h"
#include "sampling_any.cuh"
#include "sampling_few.cuh"

namespace altiplano::kernels::cuda {

namespace {

struct Shared {
    unsigned long long best;
    AnyShared any;
    FewShared few;
};

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

__device__ float logitOf(unsigned long long order) {
    const auto bits = static_cast<std::uint32_t>(order >> 32);
    return __uint_as_float(bits & 0x80000000u ? bits & 0x7fffffffu : ~bits);
}

/// The best logit of this thread.
__device__ unsigned long long shareBest(const Share& c) {
    constexpr std::uint32_t kAtOnce = 8; // loads under way
    unsigned long long best = 0;
    for (std::uint32_t first = c.begin + threadIdx.x; first < c.end; first += kAtOnce * kSampleThreads) {
        float logits[kAtOnce];
#pragma unroll
        for (std::uint32_t j = 0; j < kAtOnce; ++j) {
            const std::uint32_t i = first + j * kSampleThreads;
            logits[j] = i < c.end ? c.logits[i] : -INFINITY;
        }
#pragma unroll
        for (std::uint32_t j = 0; j < kAtOnce; ++j)
            best = max(best, orderOf(logits[j], first + j * kSampleThreads));
    }
    return best;
}

/// The largest of all threads of all blocks; s.best is zero before.
__device__ unsigned long long groupBest(const Group& g, Shared& s, unsigned long long best) {
    for (int offset = 16; offset > 0; offset /= 2)
        best = max(best, __shfl_xor_sync(kAllLanes, best, offset));
    if (threadIdx.x % 32 == 0) atomicMax(&s.best, best);
    g.sync();
    best = 0;
    for (std::uint32_t b = 0; b < g.size; ++b)
        best = max(best, *g.of(&s.best, b));
    return best;
}

/// Draws a token; rank 0 gets it.
__device__ std::int32_t draw(const Group& g, Shared& s, Candidates& c, const DecodeSampling& p, float nearest,
                             std::uint64_t random) {
    if (mayBeFew(p)) {
        Mass total = 0;
        if (p.topK == 0 && p.topP < 1) {
            for (std::uint32_t i = c.begin + threadIdx.x; i < c.end; i += kSampleThreads)
                total += massOf(c.distance(i));
            total = groupSum(g, s.any, total);
        }
        const std::uint32_t count = gatherFew(g, s.few, c, p, nearest, total);
        if (count <= kFew) return g.rank == 0 ? chooseAmongFew(s.few, count, p, total, random) : 0;
    }
    const float minimum = restrict(g, s.any, c, p);
    draw(g, s.any, c, p, minimum, random);
    g.sync();
    return s.any.chosen;
}

/// What the end of a step needs of a sequence's state, read at its start.
struct Progress {
    std::uint32_t remaining, emitted, recentCount, position;
    unsigned long long stepEndNs;
    bool mayStop;           ///< this thread has one of the stop tokens,
    std::int32_t stopToken; ///< this one

    __device__ Progress(const SequenceState& state, const Row& row)
        : remaining(state.remaining), emitted(state.emitted), recentCount(state.recentCount),
          position(row.position), stepEndNs(state.stepEndNs),
          mayStop(threadIdx.x < min(state.stopCount, kMaxStopTokens)),
          stopToken(mayStop ? state.stop[threadIdx.x] : 0) {}
};

/// Feeds the token back and tells the host; every thread of one block calls it.
__device__ void finish(const Progress& was, SequenceState& state, Row& row, TokenMessage* messages,
                       std::int32_t token) {
    const bool stops = __syncthreads_or(was.mayStop && was.stopToken == token);
    if (threadIdx.x > 0) return;
    const bool last = stops || was.remaining == 1 || token == DecodedToken::kNoToken;
    const unsigned long long now = deviceTime();
    const unsigned long long duration =
        was.stepEndNs == 0 ? 0 : (now - was.stepEndNs + kDurationUnitNs / 2) / kDurationUnitNs;
    const std::uint32_t number = was.emitted;
    const TokenMessage message = static_cast<TokenMessage>((number + 1) & kNumberMask) << 52 |
                                 (duration <= kDurationMask ? duration << 32 : 0) |
                                 (last ? 0x80000000ull : 0ull) |
                                 (static_cast<std::uint32_t>(token) & kTokenMask);
    *const_cast<volatile TokenMessage*>(messages + number % kTokenSlots) = message;
    state.recent[was.recentCount % kMaxPenaltyWindow] = token;
    state.recentCount = was.recentCount + 1;
    state.remaining = last ? 0 : was.remaining - 1;
    state.emitted = number + 1;
    state.stepEndNs = now;
    if (!last) {
        row.token = token;
        row.position = was.position + 1;
    }
}

__global__ void __launch_bounds__(kSampleThreads) sampleKernel(Sampling k) {
    __shared__ Shared s;
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
    if (threadIdx.x == 0) s.best = 0;
    s.few.clear();
    __syncthreads();
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
    noteTime(k.stamps);
    const std::uint32_t r = blockIdx.x / k.clusterBlocks;
    const Group g{blockIdx.x % k.clusterBlocks, k.clusterBlocks};
    SequenceState& state = k.sequences[r];
    const DecodeSampling p = state.sampling;
    const Progress progress(state, k.rows[r]);
    const std::uint32_t share = divideUp(k.vocabulary, g.size);
    float* logits = k.logits + std::size_t{r} * k.vocabulary;
    Candidates c{{logits, min(g.rank * share, k.vocabulary), min((g.rank + 1) * share, k.vocabulary)}};
    std::int32_t token = DecodedToken::kNoToken; // where no logit is finite
    if (threadIdx.x == 0) s.any.chosen = token;
    if (p.penaltyWindow > 0) {
        penalize(state, logits, c.begin, c.end);
        __syncthreads();
    }
    const unsigned long long own = shareBest(c), best = groupBest(g, s, own);
    if (best != 0) {
        token = static_cast<std::int32_t>(~static_cast<std::uint32_t>(best));
        if (p.temperature > 0) {
            c.largest = logitOf(best);
            const float nearest = own == 0 ? kRange : fminf(c.largest - logitOf(own), kRange);
            token = draw(g, s, c, p, nearest, randomBits(p.seed, state.chosen + progress.emitted));
        }
    }
    g.sync(); // nobody leaves while others read its memory
    if (g.rank == 0 && progress.remaining > 0)
        finish(progress, state, k.rows[r], k.messages + std::size_t{r} * kTokenSlots, token);
    if (k.stamps) noteTime(k.stamps + 1);
}

} // namespace

void sample(const Sampling& sampling, cudaStream_t stream) {
    const std::uint32_t blocks = sampling.rowCount * sampling.clusterBlocks;
    if (sampling.dependent) {
        launchDependent(sampleKernel, blocks, kSampleThreads, 0, sampling.clusterBlocks, stream, sampling);
    } else {
        sampleKernel<<<blocks, kSampleThreads, 0, stream>>>(sampling);
        check(cudaGetLastError(), "sampling");
    }
}

} // namespace altiplano::kernels::cuda
