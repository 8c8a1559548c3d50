#pragma once

#include "cpu/cpu_model.h"
#include "cpu/page_buffer.h"

#include "kernels/backend.h"

#include <cstdint>
#include <span>
#include <vector>

namespace altiplano::kernels {

/// Queries of one attention job: enough to read a page of K and V once for many, few enough to stay in cache.
inline constexpr std::size_t kAttentionQueries = 192;

/// KV pages and the scratch memory of one execution.
class CpuState {
public:
    CpuState(const CpuModel& model, const StateLimits& limits, std::uint32_t threads);

    /// What the constructor would take.
    static std::uint64_t bytesFor(const CpuModel& model, const StateLimits& limits, std::uint32_t threads);

    std::uint64_t bytes() const { return m_kv.bytes() + m_scratch.bytes(); }
    void copyPage(std::uint32_t from, std::uint32_t to);

    const StateLimits& limits() const { return m_limits; }
    const KvLayout& kvLayout() const { return m_layout; }
    std::byte* kvPool() const { return m_kv.data(); }

    /// Activations of the batch, [rows x width]. `feedForward` shares its memory with q, k and v, which are
    /// not needed any more then. Attention's result takes the place of q.
    float *x, *q, *k, *v, *feedForward;
    std::vector<float*> cosine, sine;                     ///< of each RoPE, [rows x pairs]
    std::vector<std::byte*> packedPrompts, packedAnswers; ///< packed activations, for each format

    /// Attention over a long context by several jobs: the results of their segments, see AttentionTask.
    float *partialOut, *partialMax, *partialSum;

    /// One thread's own memory.
    struct Thread {
        float* rows;                    ///< some rows on their way to be packed
        std::vector<std::byte*> packed; ///< the packed row of a batch of one, for each format
        float *product, *secondProduct; ///< of a gemm, or of a gemv's tiles
        std::byte* kernelScratch;
        float *q, *out, *max, *sum;                  ///< an attention job's
        float *segmentOut, *segmentMax, *segmentSum; ///< and of a later segment of what it sees
        std::byte* blocks;                           ///< a row of GGUF blocks
    };
    std::vector<Thread> threads;

private:
    /// Hands out pieces of the scratch memory; with no memory it only adds up.
    class Arena;
    void carve(Arena& arena, const CpuModel& model, std::uint32_t threadCount);
    CpuState(const StateLimits& limits) : m_limits(limits) {}

    StateLimits m_limits;
    KvLayout m_layout;
    PageBuffer m_kv;
    PageBuffer m_scratch;
};

/// Tiles of one job where few rows are multiplied: about 32 KiB of weights, at most so many.
inline constexpr std::size_t kGemvTiles = 64;

/// Most segments that attention cuts what a token sees into.
inline constexpr std::size_t kMaxSegments = 16;

/// Jobs for each thread that balance well enough: with more at hand nothing is cut smaller.
inline constexpr std::size_t kJobsPerThread = 4;

} // namespace altiplano::kernels
