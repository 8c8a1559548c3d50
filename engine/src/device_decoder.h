#pragma once

#include "active_request.h"
#include "engine/sampling.h"

#include "kernels/backend.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace altiplano::engine {

class Model;
class StepClock;
struct SchedulerOptions;

/// Decodes requests through a kernels::DecodeLoop: the device chooses their tokens, the host launches steps
/// ahead of what it has seen and takes the tokens as they come. A run lasts from start to close. Between the
/// two nothing else may use the execution state, and the pages of the run's sequences stay as they are: the
/// pool learns at the end which tokens have K/V. Whoever wants the run to end asks for drain, and takes the
/// steps that are under way; what the device ran past the end of an answer is forgotten.
class DeviceDecoder {
public:
    /// All of them must outlive the decoder.
    DeviceDecoder(const Model& model, kernels::ExecutionState& execution, KvPool& pool,
                  const SchedulerOptions& options);
    ~DeviceDecoder();

    /// Begins a run of requests that have one pending token each and have decoded before. False, and nothing
    /// done, where the device or the pool cannot: those are to be run by Program::execute.
    /// kernels::BackendError where the device fails.
    bool start(const std::vector<std::shared_ptr<ActiveRequest>>& requests);

    /// Whether steps tell what the device did when (StepTiming::spans); see Scheduler::recordSpans.
    void recordSpans(bool on) { m_recordSpans = on; }

    bool running() const { return !m_rows.empty(); }
    bool holds(const ActiveRequest& request) const; ///< its sequence belongs to the run

    /// Launches no more steps.
    void drain() { m_draining = true; }

    /// Hands the tokens of the next step to their requests, waiting for them. False where there is no next
    /// step: the run is to be closed. kernels::BackendError where the device fails.
    bool takeStep(StepClock& clock);

    /// Ends the run, and gives the sequences of ended requests back to the pool.
    void close();

    /// Ends a run whose device has failed, with what its sequences have computed.
    void abandon();

private:
    struct Row {
        std::shared_ptr<ActiveRequest> request;
        std::uint32_t start = 0;     ///< position of the first step
        std::uint32_t maxTokens = 0; ///< that the device may choose
        std::uint32_t pages = 0;     ///< that the device knows
        std::uint32_t taken = 0;     ///< steps whose token the request has
        bool last = false;           ///< the device chooses no more
        std::deque<kernels::DecodedToken> arrived;
    };

    bool canDecode(const ActiveRequest& request) const;
    bool makeLoop();
    bool reserve(std::uint32_t steps);
    void launchAhead(StepClock& clock);
    bool launch(std::uint32_t steps);
    std::uint32_t stepsAhead() const;
    std::int64_t stepNs() const;
    void waitALittle() const;
    void poll();
    bool stepArrived() const;
    void handOver(StepClock& clock);
    void noteTimes(StepTiming& timing, std::int64_t stepNs) const;
    std::int64_t stepEnd(std::int64_t stepNs, std::int64_t arrivedNs) const;

    const Model& m_model;
    kernels::ExecutionState& m_execution;
    KvPool& m_pool;
    const SchedulerOptions& m_options;
    std::vector<TokenId> m_turnEnds;
    std::unique_ptr<kernels::DecodeLoop> m_loop;
    bool m_hasNone = false; ///< the backend gives no loop

    std::vector<Row> m_rows;
    std::vector<kernels::DecodedToken> m_polled;
    std::uint32_t m_launched = 0, m_arrived = 0, m_taken = 0; ///< steps of this run
    bool m_draining = false;
    bool m_recordSpans = false;
    std::int64_t m_stepEndNs = 0; ///< of the newest step that was taken, by our clock; 0: none yet
    std::int64_t m_firstArrivalNs = 0, m_lastArrivalNs = 0;
};

} // namespace altiplano::engine
