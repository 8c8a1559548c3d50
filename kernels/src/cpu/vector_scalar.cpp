#include "cpu/vector.h"

#include <cmath>

namespace altiplano::kernels {
namespace {

void rmsNorm(const float* x, const float* weight, float epsilon, std::size_t n, float* y) {
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i)
        squares += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    const double factor = 1.0 / std::sqrt(squares / static_cast<double>(n) + static_cast<double>(epsilon));
    for (std::size_t i = 0; i < n; ++i)
        y[i] = static_cast<float>(static_cast<double>(x[i]) * factor * static_cast<double>(weight[i]));
}

void siluMultiply(const float* gate, const float* up, std::size_t n, float* y) {
    for (std::size_t i = 0; i < n; ++i) {
        const double g = static_cast<double>(gate[i]);
        y[i] = static_cast<float>(g / (1.0 + std::exp(-g)) * static_cast<double>(up[i]));
    }
}

void add(const float* x, std::size_t n, float* y) {
    for (std::size_t i = 0; i < n; ++i)
        y[i] += x[i];
}

void rope(RopePairing pairing, const float* cosine, const float* sine, std::size_t pairs, const float* x,
          std::size_t n, float scale, float* y) {
    const bool adjacent = pairing == RopePairing::Adjacent;
    for (std::size_t i = 0; i < pairs; ++i) {
        const std::size_t a = adjacent ? 2 * i : i, b = adjacent ? 2 * i + 1 : i + pairs;
        y[a] = scale * (x[a] * cosine[i] - x[b] * sine[i]);
        y[b] = scale * (x[a] * sine[i] + x[b] * cosine[i]);
    }
    for (std::size_t i = 2 * pairs; i < n; ++i)
        y[i] = scale * x[i];
}

} // namespace

const VectorKernels kScalarVector{rmsNorm, siluMultiply, add, rope};

} // namespace altiplano::kernels
