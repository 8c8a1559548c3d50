#pragma once

#include "engine/generation.h"
#include "settings/setting.h"

#include <functional>

namespace altiplano::app {

/// What can be set about how a model answers: the system prompt, how it samples, when it ends.
const std::vector<Setting>& generationSettings();

/// Puts the values into the request: its sampling and limits, and the system prompt, if there is one, as the
/// first message.
void applyGeneration(const std::function<QVariant(const Setting&)>& valueOf,
                     engine::GenerationRequest& request);

} // namespace altiplano::app
