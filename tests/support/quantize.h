#pragma once

#include "kernels/quant_type.h"

#include <cstddef>
#include <random>
#include <span>
#include <vector>

namespace altiplano::test {

/// True for the formats that `quantize` writes; the others only have random blocks.
bool canQuantize(kernels::QuantType type);

/// Stores weights (a multiple of the block length) as F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1 or Q8_0, each to
/// the nearest number of its block. Throws std::invalid_argument for another type.
std::vector<std::byte> quantize(kernels::QuantType type, std::span<const float> weights);

/// `count` random weights (a multiple of the block length) of any type: valid blocks with random scales,
/// whose values have a mean near 0 and a standard deviation of `deviation`.
std::vector<std::byte> randomWeights(kernels::QuantType type, std::size_t count, float deviation,
                                     std::mt19937_64& random);

} // namespace altiplano::test
