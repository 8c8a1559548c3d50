#pragma once

#include "device_plan.h"
#include "rows.h"
#include "step_stamps.h"

#include "kernels/backend.h"

#include <memory>
#include <vector>

namespace altiplano::kernels::cuda {

/// Times the phases of one execute call with events between its steps.
class PhaseTimes {
public:
    PhaseTimes(const DevicePlan& plan, cudaStream_t stream, bool enabled)
        : m_plan(plan), m_stream(stream), m_enabled(enabled) {}

    void begin(std::size_t step) { begin(phaseOf(m_plan.steps[step])); }

    void begin(ExecuteTimes::Phase phase) {
        if (!m_enabled) return;
        if (!m_marks.empty() && m_marks.back().phase == phase) return;
        mark(phase);
    }

    void end() {
        if (m_enabled) mark(ExecuteTimes::kPhases);
    }

    /// Of a call that has ended: true once the device is done with it.
    bool isComplete() const { return cudaEventQuery(*m_marks.back().event) == cudaSuccess; }

    /// Whether it has an end only: the kernels themselves noted the rest.
    bool isStamped() const { return m_marks.size() == 1; }

    /// Once complete.
    void addTo(std::array<std::int64_t, ExecuteTimes::kPhases>& ns) const {
        for (std::size_t i = 0; i + 1 < m_marks.size(); ++i) {
            float ms = 0;
            check(cudaEventElapsedTime(&ms, *m_marks[i].event, *m_marks[i + 1].event), "reading a timer");
            ns[m_marks[i].phase] += static_cast<std::int64_t>(static_cast<double>(ms) * 1e6);
        }
    }

    /// After the stream has been waited for.
    void addTo(ExecuteTimes& times, const Batch& batch, const KvPool& pool) const {
        addTo(times.ns);
        times.weightBytes += m_plan.weightBytes;
        const std::uint64_t token = pool.pageBytes / kKvPageTokens * m_plan.layers;
        for (std::size_t i = 0; i < batch.rows.size(); ++i) { // K/V of a sequence are read once a call
            const bool newest =
                i + 1 == batch.rows.size() || batch.rows[i + 1].sequence != batch.rows[i].sequence;
            if (newest) times.kvBytes += token * (batch.rows[i].position + 1);
        }
    }

private:
    struct Mark {
        ExecuteTimes::Phase phase;
        std::unique_ptr<Event> event;
    };

    void mark(ExecuteTimes::Phase phase) {
        m_marks.push_back({phase, std::make_unique<Event>()});
        check(cudaEventRecord(*m_marks.back().event, m_stream), "starting a timer");
    }

    const DevicePlan& m_plan;
    cudaStream_t m_stream;
    bool m_enabled;
    std::vector<Mark> m_marks;
};

/// Times the phases of one step in kInterval of a decode loop. Where all its kernels can, they note their
/// beginning: such a step runs like any other. Else it is launched kernel by kernel, with events between its
/// phases, which keep one phase's kernels from starting under the last of another: it takes longer than a
/// captured one, which is why it is rare. The first step is measured, so that there is always an answer.
class LoopTimes {
public:
    /// `steps` are to be launched; true: measure the first of them.
    bool isDue(std::uint32_t steps) {
        m_since += steps;
        return !m_running && m_since >= kInterval;
    }

    /// With events.
    PhaseTimes& start(const DevicePlan& plan, cudaStream_t stream) {
        m_since = 0;
        m_running = std::make_unique<PhaseTimes>(plan, stream, true);
        return *m_running;
    }

    /// Where the kernels of the next step note the time.
    unsigned long long* stamps(const DevicePlan& plan, cudaStream_t stream) {
        return m_stamps.prepare(plan, stream);
    }

    /// A step that notes the time has been launched.
    void fetchStamps(const DevicePlan& plan, cudaStream_t stream) {
        m_stamps.fetch(stream);
        start(plan, stream).end();
    }

    /// Takes the times of a step that is complete.
    void collect(const DevicePlan& plan) {
        if (!m_running || !m_running->isComplete()) return;
        m_phases = {};
        m_spans = nullptr;
        m_running->addTo(m_phases);
        if (m_running->isStamped()) m_spans = m_stamps.read(plan, plan.steps.size() + 1, m_phases);
        m_running.reset();
    }

    const std::array<std::int64_t, ExecuteTimes::kPhases>& phases() const { return m_phases; }
    const std::shared_ptr<const std::vector<PhaseSpan>>& spans() const { return m_spans; }

private:
    static constexpr std::uint32_t kInterval = 200;

    std::unique_ptr<PhaseTimes> m_running;
    StepStamps m_stamps;
    std::array<std::int64_t, ExecuteTimes::kPhases> m_phases{};
    std::shared_ptr<const std::vector<PhaseSpan>> m_spans;
    std::uint32_t m_since = kInterval;
};

} // namespace altiplano::kernels::cuda
