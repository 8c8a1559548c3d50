#pragma once

#include "engine/model.h"
#include "engine/placement.h"

#include "kernels/backend.h"

#include <memory>
#include <stop_token>
#include <vector>

namespace altiplano::engine {

/// A model's weights on the devices that run it.
struct ModelWeights {
    /// A device and its parts of the model.
    struct Device {
        std::unique_ptr<kernels::Backend> backend;
        std::vector<const kernels::Program*> programs;
    };
    std::vector<Device> devices; ///< the GPU first
    std::unique_ptr<kernels::Program> program;
    Placement placement;
};

/// Chooses devices and moves the weights there; where a GPU turns out to have too little memory, less of the
/// model. Errors as Model::load.
ModelWeights loadWeights(const GgufFile& file, const ModelConfig& config, const LoadOptions& options,
                         const LoadProgress& progress, const std::stop_token& stop);

} // namespace altiplano::engine
