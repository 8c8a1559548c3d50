#pragma once

#include "engine_port.h"

#include "engine/model.h"

namespace altiplano::app {

/// How the settings are said to the engine.
engine::LoadOptions loadOptions(const EngineSettings& settings);
engine::SchedulerOptions schedulerOptions(const EngineSettings& settings);

/// The same of a request for this file. It gets no longer context than it was trained for, nor than the
/// memory limit allows. Errors as engine::contextWithin.
engine::LoadOptions loadOptions(const LoadRequest& request, const engine::GgufFile& file);

} // namespace altiplano::app
