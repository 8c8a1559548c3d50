#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace altiplano::engine {

/// Phases of a step on the host and on the device, in the order in which they happen.
enum class HostPhase : std::uint8_t { Schedule, Prepare, Launch, Wait, Sample, Detokenize, Deliver };
enum class DevicePhase : std::uint8_t { Embed, Qkv, Attention, Projection, FeedForward, Logits, Sample };

/// Who drove a step: the host, kernel by kernel (and it chose the tokens), or the device itself, its steps
/// launched ahead as captured graphs or kernel by kernel.
enum class StepPath : std::uint8_t { Host, Graphs, Launches };

inline constexpr std::size_t kHostPhases = 7;
inline constexpr std::size_t kDevicePhases = 7;

std::string_view phaseName(HostPhase phase);
std::string_view phaseName(DevicePhase phase);

/// A stretch of time in which the device was at one phase of one layer.
struct DeviceSpan {
    std::int64_t startNs = 0; ///< steady clock
    std::uint32_t durationNs = 0;
    std::uint16_t layer = 0; ///< of the model; 0 for phases outside the layers, too
    DevicePhase phase = DevicePhase::Embed;
    bool cpuPart = false; ///< the CPU's, of a model that is split between a GPU and it
};

/// Where the time of one step went (one prompt chunk, or one decoded token of every active request).
/// A step lasts from the moment when the step before it had its tokens (or, after a pause, from the first
/// call) to the moment when it has its own: handing the previous step's events over is this step's Deliver.
/// The host phases sum to the wall time. Wait is the time in kernels::Program::execute after the device had
/// begun (until then it is Launch), within which the device phases happen; or, where the device decodes by
/// itself (path), the time until its tokens were there: the device worked on the step meanwhile or earlier,
/// its phases sum to how long. Their shares are then those of a step in many that was measured.
struct StepTiming {
    std::int64_t startNs = 0; ///< steady clock
    std::int64_t wallNs = 0;
    std::array<std::int64_t, kHostPhases> hostNs{};
    std::array<std::int64_t, kDevicePhases> deviceNs{};
    /// Of deviceNs, the CPU's part where a model is split between a GPU and it.
    std::array<std::int64_t, kDevicePhases> cpuPartNs{};
    std::uint32_t rows = 0;        ///< tokens run
    std::uint32_t decodeRows = 0;  ///< of them, those that gave a new token
    std::uint32_t kvTokens = 0;    ///< tokens in the pages that were attended to
    std::uint64_t weightBytes = 0; ///< weights read
    std::uint64_t kvBytes = 0;     ///< K/V read
    StepPath path = StepPath::Host;

    /// What the device did, in time order. Null unless Scheduler::recordSpans asked for it, and where the
    /// device cannot tell. Where the device decodes by itself they are the kernels of a step in many that was
    /// measured, at the time of this one; what is between two of them is then part of deviceNs only.
    std::shared_ptr<const std::vector<DeviceSpan>> spans;

    std::int64_t& host(HostPhase p) { return hostNs[static_cast<std::size_t>(p)]; }
    std::int64_t host(HostPhase p) const { return hostNs[static_cast<std::size_t>(p)]; }
    std::int64_t& device(DevicePhase p) { return deviceNs[static_cast<std::size_t>(p)]; }
    std::int64_t device(DevicePhase p) const { return deviceNs[static_cast<std::size_t>(p)]; }
};

} // namespace altiplano::engine
