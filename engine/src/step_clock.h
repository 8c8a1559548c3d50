#pragma once

#include "engine/step_timing.h"

#include <algorithm>
#include <chrono>

namespace altiplano::engine {

inline std::int64_t steadyNs() {
    return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Measures steps. Every moment between two laps belongs to one phase, so that the phases of a step sum to
/// its wall time; see StepTiming for where a step begins and ends.
class StepClock {
public:
    /// Begins a step, unless the last one's end began it.
    void resume() {
        if (m_running) return;
        m_running = true;
        m_timing = {};
        m_timing.startNs = m_lastNs = steadyNs();
    }

    /// The time since the last lap was spent on this phase.
    void lap(HostPhase phase) {
        const std::int64_t now = steadyNs();
        m_timing.host(phase) += now - m_lastNs;
        m_lastNs = now;
    }

    /// So much of one phase's time was another's.
    void move(HostPhase from, HostPhase to, std::int64_t ns) {
        const std::int64_t part = std::min(ns, m_timing.host(from));
        m_timing.host(from) -= part;
        m_timing.host(to) += part;
    }

    StepTiming& timing() { return m_timing; }
    std::int64_t lastNs() const { return m_lastNs; }

    /// Ends the step at the last lap, and begins the next there.
    StepTiming finish() {
        StepTiming done = m_timing;
        done.wallNs = m_lastNs - done.startNs;
        m_timing = {};
        m_timing.startNs = m_lastNs;
        return done;
    }

    /// Nothing to do for now: the time until resume is nobody's.
    void pause() { m_running = false; }

private:
    StepTiming m_timing;
    std::int64_t m_lastNs = 0;
    bool m_running = false;
};

} // namespace altiplano::engine
