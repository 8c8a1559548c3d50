#pragma once

#include <array>
#include <cstdint>

namespace altiplano::kernels {

/// Where the time of an execute call went, and what it had to read. Additive. Sample is a decode loop's:
/// after execute the host samples.
struct ExecuteTimes {
    enum Phase { Embed, Qkv, Attention, Projection, FeedForward, Logits, Sample, kPhases };
    std::array<std::int64_t, kPhases> ns{};
    std::uint64_t weightBytes = 0; ///< weights read, once per call however many rows
    std::uint64_t kvBytes = 0;     ///< K/V read

    ExecuteTimes& operator+=(const ExecuteTimes& other);
};

} // namespace altiplano::kernels
