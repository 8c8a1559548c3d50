#pragma once

#include "engine/model.h"

#include "kernels/backend.h"

#include <memory>
#include <string>

namespace altiplano::engine {

/// Why the CPU, where the options say so.
inline constexpr const char* kCpuAskedFor = "The CPU was asked for.";
inline constexpr const char* kNoGpuLayers = "No layers on the GPU were asked for.";
inline constexpr const char* kGpuAnswers = "The GPU answers and is the fastest device here.";

/// How the CPU runs with these options: on no more threads than there are CPUs.
kernels::CpuOptions cpuOptions(const LoadOptions& options);

/// A device to run on, and the sentence that says why this one.
struct DeviceChoice {
    std::unique_ptr<kernels::Backend> backend;
    std::string reason;
    bool isGpu = false;
};

/// The device that the options ask for; Auto takes the GPU where one answers, else the CPU. Error{Device}
/// when the one asked for is not there, Error{Unsupported} for instructions that the CPU lacks.
DeviceChoice createBackend(const LoadOptions& options);

/// "The CPU is used: ..."
std::string cpuReason(const std::string& whyNotGpu);

/// The CPU, after a GPU that had been chosen could not take the model, or beside one that takes only some
/// layers.
DeviceChoice createFallback(const LoadOptions& options, const std::string& whyNotGpu);

} // namespace altiplano::engine
