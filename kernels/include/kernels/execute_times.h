#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace altiplano::kernels {

struct PhaseSpan;

/// Where the time of an execute call went, and what it had to read. Additive. Sample is a decode loop's:
/// after execute the host samples.
struct ExecuteTimes {
    enum Phase { Embed, Qkv, Attention, Projection, FeedForward, Logits, Sample, kPhases };
    std::array<std::int64_t, kPhases> ns{};
    /// Of ns, what the CPU took beside a GPU. Programs leave it alone: whoever joins them fills it in.
    std::array<std::int64_t, kPhases> cpuPartNs{};
    std::uint64_t weightBytes = 0; ///< weights read, once per call however many rows
    std::uint64_t kvBytes = 0;     ///< K/V read
    std::int64_t launchNs = 0;     ///< from the call until the device's threads had begun, where it has some

    /// Where not null, takes what the device did when; every phase of every layer. Not added up.
    std::vector<PhaseSpan>* spans = nullptr;

    ExecuteTimes& operator+=(const ExecuteTimes& other);
};

/// A stretch of time in which a device was at one phase of one layer (of those that it runs).
struct PhaseSpan {
    std::int64_t startNs = 0; ///< steady clock; of a decode loop: since its step began
    std::uint32_t durationNs = 0;
    std::uint16_t layer = 0; ///< 0 for phases outside the layers, too
    ExecuteTimes::Phase phase = ExecuteTimes::Embed;
    bool cpuPart = false; ///< as ExecuteTimes::cpuPartNs
};

} // namespace altiplano::kernels
