#pragma once

#include "device_plan.h"
#include "memory.h"

#include "kernels/execute_times.h"

#include <array>
#include <memory>
#include <vector>

namespace altiplano::kernels::cuda {

inline ExecuteTimes::Phase phaseOf(const DeviceStep& step) {
    if (std::holds_alternative<DeviceEmbed>(step)) return ExecuteTimes::Embed;
    if (std::holds_alternative<DeviceQkv>(step)) return ExecuteTimes::Qkv;
    if (std::holds_alternative<DeviceAttention>(step)) return ExecuteTimes::Attention;
    if (std::holds_alternative<DeviceLogits>(step)) return ExecuteTimes::Logits;
    if (const auto* residual = std::get_if<DeviceResidual>(&step); residual && residual->fromAttention)
        return ExecuteTimes::Projection;
    return ExecuteTimes::FeedForward;
}

/// When each step of a plan, and sampling after them, began and ended, as the kernels note it themselves (see
/// StepRunner::stamps): two clock values a step.
class StepStamps {
public:
    /// Where they are to note it, in `stream`: device memory of this object.
    unsigned long long* prepare(const DevicePlan& plan, cudaStream_t stream) {
        if (m_noted.size() == 0) {
            m_noted = DeviceArray<unsigned long long>(2 * (plan.steps.size() + 1));
            m_seen = PinnedArray<unsigned long long>(2 * (plan.steps.size() + 1));
            check(cudaMemsetAsync(m_noted.get(), 0, m_noted.bytes(), stream),
                  "preparing a timer"); // ends only grow
        }
        return m_noted.get();
    }

    /// After what notes it has been launched.
    void fetch(cudaStream_t stream) {
        check(cudaMemcpyAsync(m_seen.get(), m_noted.get(), m_noted.bytes(), cudaMemcpyDeviceToHost, stream),
              "reading a timer");
    }

    /// Once fetched and waited for: the first `count` steps as spans, and added to their phases. A step that
    /// noted no end, or has one of an earlier measurement, went on until the next began.
    std::shared_ptr<const std::vector<PhaseSpan>>
    read(const DevicePlan& plan, std::size_t count,
         std::array<std::int64_t, ExecuteTimes::kPhases>& phases) const {
        const unsigned long long* seen = m_seen.get();
        auto spans = std::make_shared<std::vector<PhaseSpan>>();
        std::uint32_t layer = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const bool sampling = i == plan.steps.size();
            const auto phase = sampling ? ExecuteTimes::Sample : phaseOf(plan.steps[i]);
            if (const auto* qkv = sampling ? nullptr : std::get_if<DeviceQkv>(&plan.steps[i]))
                layer = qkv->layer;
            const bool inLayer = phase >= ExecuteTimes::Qkv && phase <= ExecuteTimes::FeedForward;
            const unsigned long long began = seen[2 * i], ended = seen[2 * i + 1];
            const unsigned long long next = i + 1 == count ? ended : seen[2 * i + 2];
            phases[phase] += static_cast<std::int64_t>(next - began);
            spans->push_back(
                {static_cast<std::int64_t>(began - seen[0]),
                 static_cast<std::uint32_t>((ended > began && ended < next ? ended : next) - began),
                 static_cast<std::uint16_t>(inLayer ? layer : 0), phase});
        }
        return spans;
    }

private:
    DeviceArray<unsigned long long> m_noted;
    PinnedArray<unsigned long long> m_seen;
};

} // namespace altiplano::kernels::cuda
