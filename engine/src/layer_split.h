#pragma once

#include "engine/placement.h"

#include "kernels/backend.h"

#include <cstdint>
#include <vector>

namespace altiplano::engine {

struct SchedulerOptions;

/// What a scheduler with these options will ask of Program::createState.
kernels::StateLimits stateLimits(const SchedulerOptions& options);

/// The plan in three: the embedding; the first `layers` layers; the rest with the head. Hidden states go from
/// one to the next.
std::vector<kernels::Plan> splitPlan(const kernels::Plan& plan, std::uint32_t layers);

/// How many of a plan's first layers fit on the device, with K/V and workspace, into so many bytes; all of
/// them: with embedding and head.
std::uint32_t layersThatFit(const kernels::Plan& plan, const kernels::Backend& gpu,
                            const kernels::StateLimits& limits, std::uint64_t bytes);

/// Chooses how many of the plan's layers run on a GPU with so many free bytes (0: not known): `asked`, or
/// where that is negative as many as fit.
/// Error{OutOfMemory} with the number that fits where so many do not.
Placement placeLayers(const kernels::Plan& plan, const kernels::Backend& gpu, std::uint64_t free,
                      std::int32_t asked, const SchedulerOptions& runWith);

} // namespace altiplano::engine
