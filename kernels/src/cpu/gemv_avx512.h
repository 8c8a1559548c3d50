#pragma once

#include "cpu/matmul.h"

namespace altiplano::kernels {

/// The gemv of kAvx512Matmul.
void gemvAvx512(const PackedMatrix& matrix, std::size_t firstTile, std::size_t count,
                const std::byte* activations, float* y);

} // namespace altiplano::kernels
