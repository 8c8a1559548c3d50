#pragma once

#include "engine/scheduler_options.h"

#include "kernels/backend.h"

#include <memory>

namespace altiplano::engine {

class Model;

/// The options with their defaults filled in; Error{BadRequest} for such that make no sense.
SchedulerOptions checkedOptions(SchedulerOptions options);

/// KV pages and workspace for a scheduler. Error{OutOfMemory} with smaller settings that fit.
std::unique_ptr<kernels::ExecutionState> createExecution(const Model& model, const SchedulerOptions& options);

} // namespace altiplano::engine
