#pragma once

#include "device_plan.h"
#include "memory.h"
#include "rows.h"

#include "kernels/backend.h"

#include <memory>
#include <vector>

namespace altiplano::kernels::cuda {

/// Times the phases of one execute call with events between its steps.
class PhaseTimes {
public:
    PhaseTimes(const DevicePlan& plan, cudaStream_t stream, bool enabled)
        : m_plan(plan), m_stream(stream), m_enabled(enabled) {}

    void begin(std::size_t step) {
        if (!m_enabled) return;
        const ExecuteTimes::Phase phase = phaseOf(m_plan.steps[step]);
        if (!m_marks.empty() && m_marks.back().phase == phase) return;
        mark(phase);
    }

    void end() {
        if (m_enabled) mark(ExecuteTimes::kPhases);
    }

    /// After the stream has been waited for.
    void addTo(ExecuteTimes& times, const Batch& batch, const KvPool& pool) const {
        for (std::size_t i = 0; i + 1 < m_marks.size(); ++i) {
            float ms = 0;
            check(cudaEventElapsedTime(&ms, *m_marks[i].event, *m_marks[i + 1].event), "reading a timer");
            times.ns[m_marks[i].phase] += static_cast<std::int64_t>(static_cast<double>(ms) * 1e6);
        }
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

    static ExecuteTimes::Phase phaseOf(const DeviceStep& step) {
        if (std::holds_alternative<DeviceEmbed>(step)) return ExecuteTimes::Embed;
        if (std::holds_alternative<DeviceQkv>(step)) return ExecuteTimes::Qkv;
        if (std::holds_alternative<DeviceAttention>(step)) return ExecuteTimes::Attention;
        if (std::holds_alternative<DeviceLogits>(step)) return ExecuteTimes::Logits;
        if (const auto* residual = std::get_if<DeviceResidual>(&step); residual && residual->fromAttention)
            return ExecuteTimes::Projection;
        return ExecuteTimes::FeedForward;
    }

    void mark(ExecuteTimes::Phase phase) {
        m_marks.push_back({phase, std::make_unique<Event>()});
        check(cudaEventRecord(*m_marks.back().event, m_stream), "starting a timer");
    }

    const DevicePlan& m_plan;
    cudaStream_t m_stream;
    bool m_enabled;
    std::vector<Mark> m_marks;
};

} // namespace altiplano::kernels::cuda
