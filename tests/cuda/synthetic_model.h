#pragma once

#include "kernels/step.h"

#include <deque>
#include <random>
#include <vector>

namespace altiplano::test {

/// The shape of a model made up in memory.
struct ModelSpec {
    kernels::PlanShape shape;
    kernels::QuantType embed = kernels::QuantType::F16;
    kernels::QuantType q = kernels::QuantType::F16, k = q, v = q, output = q, gate = q, up = q, down = q;
    kernels::QuantType head = kernels::QuantType::F16;
    kernels::RopePairing pairing = kernels::RopePairing::Adjacent;
    std::uint32_t rotated = 0; ///< of a head's dimensions; 0: all
    std::uint32_t window = 0;
    bool biases = false;
    bool tied = false; ///< the head is the embedding table
};

/// All weight matrices of one type.
ModelSpec uniformSpec(const kernels::PlanShape& shape, kernels::QuantType type);

/// A plan and the weights that its views point at.
struct SyntheticModel {
    kernels::Plan plan;
    std::deque<std::vector<std::byte>> storage;
};

/// Random weights, scaled so that activations keep their size from layer to layer. With `shareLayers` the
/// layers' weights lie in the same memory, each a block further on: different tensors, but little memory.
SyntheticModel makeModel(const ModelSpec& spec, std::mt19937_64& random, bool shareLayers = false);

} // namespace altiplano::test
