#pragma once

#include "engine/generation.h"
#include "engine/scheduler_options.h"

#include <cstdint>
#include <memory>
#include <stop_token>

namespace altiplano::engine {

class Model;

/// Runs requests against one model in bounded slices: each runSlice does at most one prompt chunk and one
/// decode step, for all active requests together. While all of them decode and the device can do it alone, a
/// slice hands over one step's tokens and launches others ahead. KV pages of finished requests stay as a
/// prefix cache until the pool needs them; a request that the pool has no room for waits, or gives its pages
/// up to an older one and is computed again. All calls from one thread; a request's stop token may be
/// requested from any.
class Scheduler {
public:
    /// Error{OutOfMemory} with a smaller context that fits, Error{BadRequest} for options that make no sense.
    Scheduler(std::shared_ptr<const Model> model, const SchedulerOptions& options);
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    /// Queues a request. Every event of it comes to `listener`, during runSlice. A listener may submit; one
    /// that throws is treated as if its request had been stopped.
    void submit(GenerationRequest request, GenerationListener listener, std::stop_token stop = {});

    /// Does a slice of work; false when nothing is left to do.
    bool runSlice();

    /// Whether the steps from now on carry what the device did when (StepTiming::spans): for whoever draws
    /// it, some microseconds and kilobytes a step.
    void recordSpans(bool on);

    const SchedulerOptions& options() const;
    std::uint64_t bytes() const;   ///< KV pool and workspace
    std::uint64_t kvBytes() const; ///< of them, the KV pool

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace altiplano::engine
