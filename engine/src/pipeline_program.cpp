#include "pipeline_program.h"

#include <array>
#include <chrono>
#include <span>

namespace altiplano::engine {

namespace {

class PipelineState final : public kernels::ExecutionState {
public:
    std::uint64_t bytes() const override {
        std::uint64_t sum = hidden.size() * sizeof(float);
        for (const auto& part : parts)
            sum += part->bytes();
        return sum;
    }
    void copyPage(std::uint32_t from, std::uint32_t to, std::uint32_t tokens) override {
        for (const auto& part : parts)
            part->copyPage(from, to, tokens);
    }

    std::vector<std::unique_ptr<kernels::ExecutionState>> parts;
    std::vector<float> hidden; ///< [rows x hidden], on its way from part to part
};

/// What a part adds to the times of a step.
class PartClock {
public:
    explicit PartClock(kernels::ExecuteTimes* times) : m_times(times) {
        if (!times) return;
        m_before = times->ns;
        if (times->spans) m_firstSpan = times->spans->size();
        m_startNs = std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
    }

    void note(const PipelineProgram::Part& part) const {
        if (!m_times) return;
        if (m_times->spans && m_times->spans->size() == m_firstSpan) addSpans();
        for (std::size_t phase = 0; phase < m_before.size() && part.onCpu; ++phase)
            m_times->cpuPartNs[phase] += m_times->ns[phase] - m_before[phase];
        if (!m_times->spans) return;
        for (kernels::PhaseSpan& span : std::span(*m_times->spans).subspan(m_firstSpan)) {
            span.cpuPart = part.onCpu;
            span.layer = static_cast<std::uint16_t>(span.layer + part.firstLayer);
        }
    }

private:
    /// The phases one after the other, for a device that does not tell.
    void addSpans() const {
        std::int64_t at = m_startNs;
        for (std::size_t phase = 0; phase < m_before.size(); ++phase) {
            const std::int64_t ns = m_times->ns[phase] - m_before[phase];
            if (ns <= 0) continue;
            m_times->spans->push_back(
                {at, static_cast<std::uint32_t>(ns), 0, static_cast<kernels::ExecuteTimes::Phase>(phase)});
            at += ns;
        }
    }

    kernels::ExecuteTimes* m_times;
    std::array<std::int64_t, kernels::ExecuteTimes::kPhases> m_before{};
    std::size_t m_firstSpan = 0;
    std::int64_t m_startNs = 0;
};

} // namespace

std::uint64_t PipelineProgram::weightBytes() const {
    std::uint64_t sum = 0;
    for (const Part& part : m_parts)
        sum += part.program->weightBytes();
    return sum;
}

std::uint64_t PipelineProgram::stateBytes(const kernels::StateLimits& limits) const {
    std::uint64_t sum = std::uint64_t{limits.maxRows} * m_hidden * sizeof(float);
    for (const Part& part : m_parts)
        sum += part.program->stateBytes(limits);
    return sum;
}

std::unique_ptr<kernels::ExecutionState>
PipelineProgram::createState(const kernels::StateLimits& limits) const {
    auto state = std::make_unique<PipelineState>();
    for (const Part& part : m_parts)
        state->parts.push_back(part.program->createState(limits));
    state->hidden.resize(std::size_t{limits.maxRows} * m_hidden);
    return state;
}

bool PipelineProgram::execute(kernels::ExecutionState& executionState, const kernels::Batch& batch,
                              std::span<float> logits, std::span<float>, const std::stop_token& stop,
                              kernels::ExecuteTimes* times) const {
    auto& state = static_cast<PipelineState&>(executionState);
    const std::size_t floats = batch.rows.size() * m_hidden;
    if (floats > state.hidden.size())
        throw kernels::BackendError(kernels::BackendError::Kind::Unsupported,
                                    "The batch has more rows than its state was made for.");
    const std::span<float> hidden = std::span(state.hidden).first(floats);
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const bool last = i + 1 == m_parts.size();
        const PartClock clock(times);
        if (!m_parts[i].program->execute(*state.parts[i], batch, last ? logits : std::span<float>(), hidden,
                                         stop, times))
            return false;
        clock.note(m_parts[i]);
    }
    return true;
}

} // namespace altiplano::engine
