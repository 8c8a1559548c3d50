#pragma once

#include "device_plan.h"
#include "memory.h"

#include "kernels/backend.h"

#include <optional>

namespace altiplano::kernels::cuda {

struct UploadedPlan {
    DeviceArray<std::uint8_t> memory;
    DevicePlan plan;
    DeviceArray<LayerTable> layers; ///< that plan.cluster names
    DeviceArray<GridStep> steps;    ///< that plan.grid names
};

/// Bytes of device memory that uploadPlan takes, and afterwards a state.
MemoryNeed memoryNeeded(const Plan& plan, const StreamLimits& streaming, const StateLimits& limits);

/// Moves a plan's weights to the current device; empty when the observer asked to stop.
std::optional<UploadedPlan> uploadPlan(const Plan& plan, const StreamLimits& limits,
                                       const UploadObserver& observer);

} // namespace altiplano::kernels::cuda
