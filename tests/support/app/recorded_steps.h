#pragma once

#include "engine/step_timing.h"

#include <vector>

namespace altiplano::app {

/// A made-up stream of decode steps with round numbers, as a CPU engine would tell them: each of `wallUs`
/// microseconds, of which the device phases take 2, 10, 20, 10, 40 and 10 per cent in their order, sampling
/// 4, delivery 2, and 2 are unaccounted for.
inline std::vector<engine::StepTiming> recordedSteps(std::size_t count, std::int64_t wallUs = 10'000) {
    using engine::DevicePhase;
    using engine::HostPhase;
    std::vector<engine::StepTiming> steps;
    const std::int64_t percent = wallUs * 10; // of the step, in nanoseconds
    std::int64_t start = 1'000'000;
    for (std::size_t i = 0; i < count; ++i) {
        engine::StepTiming step;
        step.startNs = start;
        step.wallNs = 100 * percent;
        start += step.wallNs;
        step.host(HostPhase::Deliver) = 2 * percent;
        step.host(HostPhase::Wait) = 94 * percent;
        step.host(HostPhase::Sample) = 4 * percent;
        step.device(DevicePhase::Embed) = 2 * percent;
        step.device(DevicePhase::Qkv) = 10 * percent;
        step.device(DevicePhase::Attention) = 20 * percent;
        step.device(DevicePhase::Projection) = 10 * percent;
        step.device(DevicePhase::FeedForward) = 40 * percent;
        step.device(DevicePhase::Logits) = 10 * percent;
        step.rows = step.decodeRows = 1;
        step.kvTokens = static_cast<std::uint32_t>(100 + i);
        step.weightBytes = 90'000'000;
        step.kvBytes = 10'000'000;
        auto spans = std::make_shared<std::vector<engine::DeviceSpan>>();
        std::int64_t at = step.startNs + step.host(HostPhase::Deliver);
        const auto add = [&](DevicePhase phase, std::uint16_t layer, std::int64_t ns) {
            spans->push_back({at, static_cast<std::uint32_t>(ns), layer, phase});
            at += ns;
        };
        add(DevicePhase::Embed, 0, step.device(DevicePhase::Embed));
        for (const std::uint16_t layer : {std::uint16_t{0}, std::uint16_t{1}})
            for (const DevicePhase phase : {DevicePhase::Qkv, DevicePhase::Attention, DevicePhase::Projection,
                                            DevicePhase::FeedForward})
                add(phase, layer, step.device(phase) / 2);
        add(DevicePhase::Logits, 0, step.device(DevicePhase::Logits));
        step.spans = std::move(spans);
        steps.push_back(step);
    }
    return steps;
}

/// The same of a model that is split: its second layer, embedding and head are the CPU's.
inline std::vector<engine::StepTiming> splitSteps(std::size_t count, std::int64_t wallUs = 10'000) {
    using engine::DevicePhase;
    std::vector<engine::StepTiming> steps = recordedSteps(count, wallUs);
    for (engine::StepTiming& step : steps) {
        auto spans = std::make_shared<std::vector<engine::DeviceSpan>>(*step.spans);
        for (engine::DeviceSpan& span : *spans) {
            const bool outside = span.phase == DevicePhase::Embed || span.phase == DevicePhase::Logits;
            span.cpuPart = outside || span.layer == 1;
            if (span.cpuPart) step.cpuPartNs[static_cast<std::size_t>(span.phase)] += span.durationNs;
        }
        step.spans = std::move(spans);
    }
    return steps;
}

} // namespace altiplano::app
