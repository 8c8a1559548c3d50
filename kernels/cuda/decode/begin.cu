#include "decode/begin.h"

#include "decode/launch.h"
#include "decode/product.h"
#include "decode/ptx.cuh"
#include "device_time.cuh"
#include "type_dispatch.cuh"

namespace altiplano::kernels::cuda {

namespace {

template <class S>
__global__ void beginKernel(Matrix table, Rows rows, float* x, __half* rounded, const float* inverseFrequency,
                            std::uint32_t pairs, float magnitude, float2* cosSin,
                            unsigned long long* stamps) {
    waitForPreviousKernel();
    noteTime(stamps);
    letNextKernelStart();
    const std::uint32_t token = blockIdx.y;
    const Row row = rows.rows[token];
    x += token * table.columns;
    rounded += token * table.columns;
    cosSin += token * pairs;
    const std::uint32_t block = blockIdx.x * blockDim.x + threadIdx.x;
    if (block * 32 < table.columns) {
        float values[32];
        S::decode32(table, static_cast<std::uint32_t>(row.token), block, values);
#pragma unroll
        for (std::uint32_t i = 0; i < 32; ++i)
            if (block * 32 + i < table.columns) {
                x[block * 32 + i] = values[i];
                rounded[block * 32 + i] = __float2half_rn(values[i] / kInputScale);
            }
    }
    for (std::uint32_t i = block; i < pairs; i += gridDim.x * blockDim.x) {
        float sine, cosine;
        sincosf(static_cast<float>(row.position) * inverseFrequency[i], &sine, &cosine);
        cosSin[i] = make_float2(cosine * magnitude, sine * magnitude);
    }
    if (stamps) noteEnd(stamps + 1);
}

} // namespace

void beginStep(const Matrix& table, const Rows& rows, float* x, __half* rounded,
               const float* inverseFrequency, std::uint32_t pairs, float magnitude, float2* cosSin,
               unsigned long long* stamps, cudaStream_t stream) {
    constexpr std::uint32_t kThreads = 32;
    const dim3 blocks(divideUp(divideUp(table.columns, 32), kThreads), rows.count);
    dispatchStorage(table, [&](auto storage) {
        launchDependent(beginKernel<decltype(storage)>, blocks, kThreads, 0, 1, stream, table, rows, x,
                        rounded, inverseFrequency, pairs, magnitude, cosSin, stamps);
    });
}

} // namespace altiplano::kernels::cuda
