#pragma once

#include "kernels/step.h"

#include <cstddef>

namespace altiplano::kernels {

/// The kernels of one instruction set for what happens between the matrices. All arrays float32, any length.
struct VectorKernels {
    /// y = x / sqrt(mean(x^2) + epsilon) * weight
    void (*rmsNorm)(const float* x, const float* weight, float epsilon, std::size_t n, float* y);

    /// y = silu(gate) * up. `y` may be `gate` or `up`.
    void (*siluMultiply)(const float* gate, const float* up, std::size_t n, float* y);

    /// y += x
    void (*add)(const float* x, std::size_t n, float* y);

    /// y = scale * x, with its first 2 * pairs elements turned by RoPE's angles. `y` may not overlap `x`.
    void (*rope)(RopePairing pairing, const float* cosine, const float* sine, std::size_t pairs,
                 const float* x, std::size_t n, float scale, float* y);
};

extern const VectorKernels kScalarVector;
extern const VectorKernels kAvx2Vector;
extern const VectorKernels kAvx512Vector;

} // namespace altiplano::kernels
