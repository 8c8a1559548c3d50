#include "generic/generic.h"

#include "cuda_check.h"
#include "type_dispatch.cuh"

namespace altiplano::kernels::cuda {

namespace {

template <class S>
__global__ void embedKernel(Matrix table, Rows rows, float* x) {
    const Row row = rows.rows[blockIdx.y];
    const std::uint32_t block = blockIdx.x * blockDim.x + threadIdx.x;
    if (block * 32 >= table.columns) return;
    float values[32];
    S::decode32(table, static_cast<std::uint32_t>(row.token), block, values);
    float* out = x + std::size_t{blockIdx.y} * table.columns + block * 32;
#pragma unroll
    for (std::uint32_t i = 0; i < 32; ++i)
        if (block * 32 + i < table.columns) out[i] = values[i];
}

} // namespace

void embed(const Matrix& table, const Rows& rows, float* x, cudaStream_t stream) {
    const dim3 grid(divideUp(divideUp(table.columns, 32), 32), rows.count);
    dispatchStorage(table, [&](auto storage) {
        embedKernel<decltype(storage)><<<grid, 32, 0, stream>>>(table, rows, x);
    });
    check(cudaGetLastError(), "embedding tokens");
}

} // namespace altiplano::kernels::cuda
