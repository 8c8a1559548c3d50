#pragma once

#include "engine/step_timing.h"

#include <QString>

#include <array>
#include <cstdint>

namespace altiplano::app {

/// The parts of a token's wall time, in the order in which they are stacked: what the device does, the layers
/// that a split model leaves to the CPU, what the host does meanwhile or between, and what nobody accounts
/// for.
enum class Phase : std::uint8_t {
    Embed,
    Qkv,
    Attention,
    Projection,
    FeedForward,
    Logits,
    DeviceSample,
    CpuEmbed,
    CpuQkv,
    CpuAttention,
    CpuProjection,
    CpuFeedForward,
    CpuLogits,
    Schedule,
    Prepare,
    Launch,
    Sample,
    Detokenize,
    Deliver,
    Other,
};
inline constexpr std::size_t kPhases = 20;
inline constexpr std::size_t kDeviceParts = engine::kDevicePhases;  ///< the first of them
inline constexpr std::size_t kCpuParts = engine::kDevicePhases - 1; ///< the next: the CPU's host samples

inline bool isDevicePhase(Phase phase) {
    return static_cast<std::size_t>(phase) < kDeviceParts;
}

/// Whether it is the CPU's part of a model that is split between a GPU and it.
inline bool isCpuPart(Phase phase) {
    return phase >= Phase::CpuEmbed && phase <= Phase::CpuLogits;
}

Phase partOf(engine::DevicePhase phase, bool cpuPart);

QString phaseTitle(Phase phase);    ///< "feed forward"
QString phaseSentence(Phase phase); ///< one sentence for those who do not know the word
QString phaseKey(Phase phase);      ///< for files: "device_feed_forward", "host_schedule", "other"

/// A step's wall time, divided. Where the host works while the device does, the device's time is shown, and
/// of the host's only what nothing hides; so the parts always sum to the wall time.
struct Breakdown {
    std::array<std::int64_t, kPhases> ns{};

    std::int64_t of(Phase phase) const { return ns[static_cast<std::size_t>(phase)]; }
    std::int64_t deviceNs() const;
    std::int64_t hostNs() const; ///< all but the device's and Other; with the CPU's part
    std::int64_t wallNs() const;
    Breakdown& operator+=(const Breakdown& other);
};

Breakdown breakdownOf(const engine::StepTiming& timing);

} // namespace altiplano::app
