#pragma once

#include "support/scripted_backend.h"
#include "support/scripted_state.h"

namespace altiplano::test {

/// The decode loop of a scripted device whose script has one.
std::unique_ptr<kernels::DecodeLoop> createScriptedDecodeLoop(std::shared_ptr<DeviceScript> script,
                                                              ScriptedState& state,
                                                              const kernels::DecodeLoopOptions& options,
                                                              std::uint32_t vocabulary);

} // namespace altiplano::test
