#pragma once

#include "kernels/step.h"

#include <cstdint>

namespace altiplano::engine {

class GgufFile;
struct ModelConfig;

/// The forward pass of a LLaMA-family model as a list of fused steps, its weights views into `file`: the one
/// place where the order of a layer is written. Every tensor is there and has the shape that the
/// configuration gives it, else Error{BadFile}; Error{Unsupported} for a norm or bias that is not F32 and for
/// a tensor that has no place in the plan.
kernels::Plan forwardPlan(const GgufFile& file, const ModelConfig& config);

/// Bytes of a plan's weights; a tensor that is named twice (tied embedding) counts once.
std::uint64_t planBytes(const kernels::Plan& plan);

} // namespace altiplano::engine
