#pragma once

#include "engine/generation.h"

#include "kernels/batch.h"

#include <cstdint>
#include <memory>
#include <stop_token>

namespace altiplano::engine {

class Model;

struct SchedulerOptions {
    std::uint32_t contextTokens = 4096; ///< per sequence; at most what the pool holds
    std::uint32_t poolTokens = 0;       ///< KV pool; 0: contextTokens
    kernels::KvType kvType = kernels::KvType::F16;
    std::uint32_t promptChunk = 512;    ///< most rows of one step
    std::uint32_t maxSequences = 8;     ///< decoded together; more wait
};

/// Runs requests against one model in bounded slices: each runSlice does at most one prompt chunk and one
/// decode step, for all active requests together. KV pages of finished requests stay as a prefix cache until
/// the pool needs them. All calls from one thread; a request's stop token may be requested from any.
class Scheduler {
public:
    /// Error{OutOfMemory} with a smaller context that fits.
    Scheduler(std::shared_ptr<const Model> model, const SchedulerOptions& options);
    ~Scheduler();

    /// Queues a request. Every event of it comes to `listener`, during runSlice.
    void submit(GenerationRequest request, GenerationListener listener, std::stop_token stop = {});

    /// Does a slice of work; false when nothing is left to do.
    bool runSlice();

    const SchedulerOptions& options() const;
    std::uint64_t bytes() const; ///< KV pool and workspace

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace altiplano::engine
