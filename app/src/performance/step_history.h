#pragma once

#include "engine/step_timing.h"

#include <cstddef>
#include <vector>

namespace altiplano::app {

/// The newest steps, in a ring: adding one costs a copy and never memory. Only steps that decode and read no
/// prompt are kept: they can be compared with one another.
class StepHistory {
public:
    explicit StepHistory(std::size_t capacity) : m_steps(capacity) {}

    /// Adds a step, unless it is the newest again (every request of a step hears of it) or reads a prompt.
    bool add(const engine::StepTiming& step) {
        if (step.wallNs <= 0 || step.decodeRows == 0 || step.rows != step.decodeRows) return false;
        if (m_count > 0 && fromNewest(0).startNs == step.startNs) return false;
        m_steps[m_next] = step;
        m_next = (m_next + 1) % m_steps.size();
        if (m_count < m_steps.size()) ++m_count;
        return true;
    }
    void clear() { m_count = 0; }

    std::size_t size() const { return m_count; }
    std::size_t capacity() const { return m_steps.size(); }

    /// 0: the newest.
    const engine::StepTiming& fromNewest(std::size_t age) const {
        return m_steps[(m_next + m_steps.size() - 1 - age) % m_steps.size()];
    }

private:
    std::vector<engine::StepTiming> m_steps;
    std::size_t m_next = 0;
    std::size_t m_count = 0;
};

} // namespace altiplano::app
