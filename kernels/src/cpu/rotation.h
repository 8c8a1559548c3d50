#pragma once

#include <cstddef>

namespace altiplano::kernels {

/// Multiplies `x` [n] by an orthogonal matrix that is its own inverse: Hadamard matrices along the diagonal,
/// as large as the largest power of two that divides n (nothing is done where that is below 4).
///
/// Keys and values are quantized in this basis: the few dimensions of a head that are much larger than others
/// spread over all of them and no longer set the scale of their block (Ashkboos et al. 2024, arXiv
/// 2404.00456). Queries are turned the same way, which leaves scores as they are, and results are turned
/// back.
void rotate(float* x, std::size_t n);

} // namespace altiplano::kernels
