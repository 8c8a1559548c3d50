#include "generic/generic.h"

#include "cuda_check.h"
#include "type_dispatch.cuh"
#include "warp.cuh"

#include <algorithm>

namespace altiplano::kernels::cuda {

namespace {

constexpr std::uint32_t kRowsAtOnce = 4;

/// One warp per weight row, lanes along the columns; each weight is decoded once for up to kRowsAtOnce rows.
template <class S>
__global__ void matvecKernel(Matrix w, const float* in, std::uint32_t rows, Output out) {
    const std::uint32_t n = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    if (n >= w.rows) return;
    float sums[kRowsAtOnce] = {};
    for (std::uint32_t block = threadIdx.x % 32; block * 32 < w.columns; block += 32) {
        float values[32];
        S::decode32(w, n, block, values);
        for (std::uint32_t r = 0; r < kRowsAtOnce && r < rows; ++r) {
            const float* a = in + std::size_t{r} * w.columns + block * 32;
            float sum = 0;
#pragma unroll
            for (std::uint32_t i = 0; i < 32; ++i)
                if (block * 32 + i < w.columns) sum = fmaf(values[i], a[i], sum);
            sums[r] += sum;
        }
    }
    const std::uint32_t tensorRow = w.order.tensorRow(n);
#pragma unroll
    for (std::uint32_t r = 0; r < kRowsAtOnce; ++r) {
        float sum = warpSum(sums[r]);
        if (r >= rows || threadIdx.x % 32 != 0) continue;
        if (w.bias) sum += w.bias[tensorRow];
        float* p = out.data + std::size_t{r} * out.stride + tensorRow;
        *p = out.accumulate ? *p + sum : sum;
    }
}

} // namespace

void matvec(const Matrix& weight, const float* in, std::uint32_t rows, const Output& out,
            cudaStream_t stream) {
    constexpr std::uint32_t kWarps = 4;
    dispatchStorage(weight, [&](auto storage) {
        for (std::uint32_t r = 0; r < rows; r += kRowsAtOnce) {
            const Output part{out.data + std::size_t{r} * out.stride, out.stride, out.accumulate};
            matvecKernel<decltype(storage)><<<divideUp(weight.rows, kWarps), kWarps * 32, 0, stream>>>(
                weight, in + std::size_t{r} * weight.columns, std::min(rows - r, kRowsAtOnce), part);
        }
    });
    check(cudaGetLastError(), "multiplying by a matrix");
}

} // namespace altiplano::kernels::cuda
