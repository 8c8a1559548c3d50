#include "engine/step_timing.h"

namespace altiplano::engine {

std::string_view phaseName(HostPhase phase) {
    constexpr std::array<std::string_view, kHostPhases> kNames = {"schedule", "prepare",    "launch", "wait",
                                                                  "sample",   "detokenize", "deliver"};
    return kNames.at(static_cast<std::size_t>(phase));
}

std::string_view phaseName(DevicePhase phase) {
    constexpr std::array<std::string_view, kDevicePhases> kNames = {
        "embed", "qkv", "attention", "projection", "feed forward", "logits", "sample"};
    return kNames.at(static_cast<std::size_t>(phase));
}

} // namespace altiplano::engine
