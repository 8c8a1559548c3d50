#pragma once

#include "endpoint.h"
#include "engine/generation.h"

#include <QByteArray>

namespace altiplano::app {

/// The body of a POST to chat/completions that streams. A sampling value that stands as SamplingParams has it
/// is left to the server: its models' makers know better ones, and some models refuse any. What a server of
/// this kind does not take is left out. Earlier thoughts (<think>) are not sent back.
QByteArray chatBody(const engine::GenerationRequest& request, const QString& model, ServerKind server);

} // namespace altiplano::app
