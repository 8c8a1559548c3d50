#pragma once

#include <cstdint>
#include <string>

namespace altiplano::engine {

/// Which layers of a model run where, and why. The first `gpuLayers` run on the GPU, the others on the CPU;
/// where all of them do, so do embedding and head, which are the CPU's otherwise. What it would be before
/// loading: engine/forecast.h.
struct Placement {
    std::uint32_t layers = 0; ///< of the model
    std::uint32_t gpuLayers = 0;
    std::uint64_t gpuBytes = 0;     ///< weights, K/V and workspace there; 0: not known
    std::uint64_t gpuFreeBytes = 0; ///< what was free there before; 0: not known, or no GPU
    std::string reason;             ///< a sentence
};

} // namespace altiplano::engine
