#include "generic/generic.h"

#include "cuda_check.h"
#include "type_dispatch.cuh"
#include "warp.cuh"

namespace altiplano::kernels::cuda {

namespace {

constexpr float kLargestHalf = 65504.0f;

template <class S>
__global__ void dequantizeKernel(Matrix w, std::uint32_t first, std::uint32_t count, __half* out,
                                 std::uint32_t stride) {
    const std::uint32_t blocks = stride / 32;
    const std::uint64_t i = blockIdx.x * std::uint64_t{blockDim.x} + threadIdx.x;
    if (i >= std::uint64_t{blocks} * count) return;
    // Eight neighbouring threads take the rows of one group, whose packed pieces are neighbours too.
    std::uint32_t row, block;
    if constexpr (S::kPacked) {
        const auto group = static_cast<std::uint32_t>(i / (blocks * kGroupRows));
        const std::uint32_t rowsHere = min(count - group * kGroupRows, kGroupRows);
        const auto within = static_cast<std::uint32_t>(i - std::uint64_t{group} * blocks * kGroupRows);
        row = group * kGroupRows + within % rowsHere;
        block = within / rowsHere;
    } else {
        row = static_cast<std::uint32_t>(i / blocks);
        block = static_cast<std::uint32_t>(i % blocks);
    }
    float values[32];
    if (block * 32 < w.columns)
        S::decode32(w, first + row, block, values);
    else
        for (float& v : values)
            v = 0;
    auto* to = reinterpret_cast<uint4*>(out + std::size_t{w.order.tensorRow(first + row) - first} * stride +
                                        block * 32);
#pragma unroll
    for (int part = 0; part < 4; ++part) {
        __half2 h[4];
#pragma unroll
        for (int j = 0; j < 4; ++j) {
            const float a = values[part * 8 + j * 2], b = values[part * 8 + j * 2 + 1];
            h[j] = __floats2half2_rn(fminf(fmaxf(a, -kLargestHalf), kLargestHalf),
                                     fminf(fmaxf(b, -kLargestHalf), kLargestHalf));
        }
        to[part] = *reinterpret_cast<uint4*>(h);
    }
}

__global__ void toHalfKernel(const float* in, const float* normWeight, float epsilon, std::uint32_t columns,
                             __half* out, float* scales, std::uint32_t stride) {
    __shared__ float scratch[32];
    const float* x = in + std::size_t{blockIdx.x} * columns;
    float squares = 0, largest = 0;
    for (std::uint32_t i = threadIdx.x; i < columns; i += blockDim.x) {
        squares += x[i] * x[i];
        largest = fmaxf(largest, fabsf(normWeight ? x[i] * normWeight[i] : x[i]));
    }
    float factor = 1;
    if (normWeight) factor = rsqrtf(blockSum(squares, scratch) / static_cast<float>(columns) + epsilon);
    largest = blockMax(largest, scratch) * factor;
    constexpr float kRange = 16384.0f;
    const float scale = largest > kRange ? exp2f(ceilf(log2f(largest / kRange))) : 1.0f;
    factor /= scale;
    if (threadIdx.x == 0) scales[blockIdx.x] = scale;
    for (std::uint32_t i = threadIdx.x; i < stride; i += blockDim.x) {
        float value = 0;
        if (i < columns) value = (normWeight ? x[i] * normWeight[i] : x[i]) * factor;
        out[std::size_t{blockIdx.x} * stride + i] = __float2half_rn(value);
    }
}

} // namespace

void dequantizeToHalf(const Matrix& weight, std::uint32_t first, std::uint32_t count, __half* out,
                      std::uint32_t stride, cudaStream_t stream) {
    const std::uint64_t pieces = std::uint64_t{stride / 32} * count;
    const auto blocks = static_cast<std::uint32_t>((pieces + 127) / 128);
    dispatchStorage(weight, [&](auto storage) {
        dequantizeKernel<decltype(storage)><<<blocks, 128, 0, stream>>>(weight, first, count, out, stride);
    });
    check(cudaGetLastError(), "dequantizing weights");
}

void toHalf(const float* in, const float* normWeight, float epsilon, std::uint32_t columns, __half* out,
            float* scales, std::uint32_t stride, std::uint32_t rows, cudaStream_t stream) {
    toHalfKernel<<<rows, 256, 0, stream>>>(in, normWeight, epsilon, columns, out, scales, stride);
    check(cudaGetLastError(), "rounding activations");
}

} // namespace altiplano::kernels::cuda
