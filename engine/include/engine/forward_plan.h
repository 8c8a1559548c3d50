#pragma once

#include "kernels/step.h"

namespace altiplano::engine {

class GgufFile;
struct ModelConfig;

/// The forward pass of a LLaMA-family model as a list of fused steps, its weights views into `file`: the one
/// place where the order of a layer is written. Every tensor is there and has the shape that the
/// configuration gives it, else Error{BadFile}; Error{Unsupported} for a norm or bias that is not F32 and for a
/// tensor that has no place in the plan.
kernels::Plan forwardPlan(const GgufFile& file, const ModelConfig& config);

} // namespace altiplano::engine
