#include "generic/generic.h"

#include "cuda_check.h"
#include "warp.cuh"

namespace altiplano::kernels::cuda {

namespace {

__global__ void rmsNormKernel(const float* x, const float* weight, float epsilon, float* out,
                              std::uint32_t columns) {
    __shared__ float scratch[32];
    x += std::size_t{blockIdx.x} * columns;
    out += std::size_t{blockIdx.x} * columns;
    float squares = 0;
    for (std::uint32_t i = threadIdx.x; i < columns; i += blockDim.x)
        squares += x[i] * x[i];
    const float factor = rsqrtf(blockSum(squares, scratch) / static_cast<float>(columns) + epsilon);
    for (std::uint32_t i = threadIdx.x; i < columns; i += blockDim.x)
        out[i] = x[i] * factor * weight[i];
}

__global__ void siluMultiplyKernel(const float* gateUp, bool interleaved, std::uint32_t width, float* h) {
    const std::uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= width) return;
    const float* row = gateUp + std::size_t{blockIdx.y} * 2 * width;
    const float gate = interleaved ? row[2 * i] : row[i], up = interleaved ? row[2 * i + 1] : row[width + i];
    h[std::size_t{blockIdx.y} * width + i] = gate / (1.0f + __expf(-gate)) * up;
}

__global__ void gatherRowsKernel(const float* x, const std::uint32_t* indices, std::uint32_t columns,
                                 float* out) {
    const float* from = x + std::size_t{indices[blockIdx.x]} * columns;
    for (std::uint32_t i = threadIdx.x; i < columns; i += blockDim.x)
        out[std::size_t{blockIdx.x} * columns + i] = from[i];
}

} // namespace

void rmsNorm(const float* x, const float* weight, float epsilon, float* out, std::uint32_t columns,
             std::uint32_t rows, cudaStream_t stream) {
    rmsNormKernel<<<rows, 256, 0, stream>>>(x, weight, epsilon, out, columns);
    check(cudaGetLastError(), "normalizing");
}

void siluMultiply(const float* gateUp, bool interleaved, std::uint32_t width, std::uint32_t rows, float* h,
                  cudaStream_t stream) {
    siluMultiplyKernel<<<dim3(divideUp(width, 256), rows), 256, 0, stream>>>(gateUp, interleaved, width, h);
    check(cudaGetLastError(), "gating");
}

void gatherRows(const float* x, const std::uint32_t* indices, std::uint32_t columns, std::uint32_t rows,
                float* out, cudaStream_t stream) {
    gatherRowsKernel<<<rows, 256, 0, stream>>>(x, indices, columns, out);
    check(cudaGetLastError(), "gathering rows");
}

} // namespace altiplano::kernels::cuda
