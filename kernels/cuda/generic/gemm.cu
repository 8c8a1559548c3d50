#include "generic/generic.h"

#include "cuda_check.h"
#include "generic/tensor_core.cuh"

namespace altiplano::kernels::cuda {

namespace {

constexpr int kTile = kGemmTile;

/// Columns of a stage, and stages in shared memory: enough under way to hide the L2 cache's latency, as far
/// as the device's shared memory goes.
template <int Depth, int Stages>
struct Pipeline {
    static constexpr int kPitch = Depth + 8; // halves from row to row: no bank conflicts
    static constexpr int kStageHalves = 2 * kTile * kPitch;
    static constexpr int kSharedBytes = Stages * kStageHalves * 2;
};

/// 16 bytes from global to shared memory, or zeros; asynchronous where the device can.
__device__ inline void copy16(__half* to, const __half* from, bool valid) {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(matrixAddress(to)), "l"(from),
                 "r"(valid ? 16 : 0));
#else
    *reinterpret_cast<uint4*>(to) = valid ? *reinterpret_cast<const uint4*>(from) : uint4{};
#endif
}

__device__ inline void commitCopies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;");
#endif
}

template <int Pending>
__device__ inline void waitForCopies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" ::"n"(Pending));
#endif
    __syncthreads();
}

template <int Depth, int Stages>
__global__ void __launch_bounds__(256)
    gemmKernel(const __half* in, const float* scales, const __half* weights, std::uint32_t stride,
               std::uint32_t rows, std::uint32_t weightRows, const float* bias, Output out) {
    extern __shared__ __align__(128) __half shared[];
    constexpr int kPitch = Pipeline<Depth, Stages>::kPitch,
                  kStageHalves = Pipeline<Depth, Stages>::kStageHalves;
    const int thread = static_cast<int>(threadIdx.x), lane = thread % 32, warp = thread / 32;
    const std::uint32_t row0 = blockIdx.x * kTile, weight0 = blockIdx.y * kTile;
    const int warpRow = warp / 4 * 64,
              warpColumn = warp % 4 * 32; // a warp's 64 x 32 of the block's 128 x 128

    const auto load = [&](int stage, std::uint32_t column) {
        __half* a = shared + stage * kStageHalves;
        __half* b = a + kTile * kPitch;
#pragma unroll
        for (int i = 0; i < kTile * Depth / 8 / 256; ++i) {
            const int piece = thread + i * 256, r = piece / (Depth / 8), c = piece % (Depth / 8) * 8;
            const bool inRows = row0 + r < rows, inWeights = weight0 + r < weightRows;
            copy16(a + r * kPitch + c, in + std::size_t{inRows ? row0 + r : 0} * stride + column + c, inRows);
            copy16(b + r * kPitch + c,
                   weights + std::size_t{inWeights ? weight0 + r : 0} * stride + column + c, inWeights);
        }
    };

    float sums[4][4][4] = {};
    const int steps = static_cast<int>(stride / Depth);
    for (int s = 0; s < Stages - 1; ++s) {
        if (s < steps) load(s, s * Depth);
        commitCopies();
    }
    for (int step = 0; step < steps; ++step) {
        waitForCopies<Stages - 2>();
        if (step + Stages - 1 < steps) load((step + Stages - 1) % Stages, (step + Stages - 1) * Depth);
        commitCopies();
        const __half* a = shared + step % Stages * kStageHalves;
        const __half* b = a + kTile * kPitch;
#pragma unroll
        for (int k = 0; k < Depth; k += 16) {
            unsigned fragA[4][4], fragB[2][4];
#pragma unroll
            for (int i = 0; i < 4; ++i)
                loadMatrices(fragA[i], a + (warpRow + i * 16 + lane % 16) * kPitch + k + lane / 16 * 8);
#pragma unroll
            for (int j = 0; j < 2; ++j)
                loadMatrices(fragB[j], b + (warpColumn + j * 16 + lane / 16 * 8 + lane % 8) * kPitch + k +
                                           lane / 8 % 2 * 8);
#pragma unroll
            for (int i = 0; i < 4; ++i)
#pragma unroll
                for (int j = 0; j < 4; ++j)
                    multiply(sums[i][j], fragA[i], fragB[j / 2][j % 2 * 2], fragB[j / 2][j % 2 * 2 + 1]);
        }
    }
#pragma unroll
    for (int i = 0; i < 4; ++i)
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const std::uint32_t row = row0 + warpRow + i * 16 + half * 8 + lane / 4;
            if (row >= rows) continue;
            const float scale = scales[row];
#pragma unroll
            for (int j = 0; j < 4; ++j)
#pragma unroll
                for (int e = 0; e < 2; ++e) {
                    const std::uint32_t n = weight0 + warpColumn + j * 8 + lane % 4 * 2 + e;
                    if (n >= weightRows) continue;
                    const float value = sums[i][j][half * 2 + e] * scale + (bias ? bias[n] : 0.0f);
                    float* p = out.data + std::size_t{row} * out.stride + n;
                    *p = out.accumulate ? *p + value : value;
                }
        }
}

} // namespace

void gemm(const __half* in, const float* scales, const __half* weights, std::uint32_t stride,
          std::uint32_t rows, std::uint32_t weightRows, const float* bias, const Output& out,
          cudaStream_t stream) {
    int device = 0, shared = 0;
    check(cudaGetDevice(&device), "choosing the GPU");
    check(cudaDeviceGetAttribute(&shared, cudaDevAttrMaxSharedMemoryPerBlockOptin, device),
          "reading the GPU's properties");
    const auto launch = [&]<int Depth, int Stages>() {
        constexpr int kBytes = Pipeline<Depth, Stages>::kSharedBytes;
        const auto kernel = gemmKernel<Depth, Stages>;
        check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, kBytes),
              "preparing a kernel");
        const dim3 grid(divideUp(rows, kTile), divideUp(weightRows, kTile));
        kernel<<<grid, 256, kBytes, stream>>>(in, scales, weights, stride, rows, weightRows, bias, out);
    };
    if (stride % 64 == 0 && shared >= Pipeline<64, 4>::kSharedBytes)
        launch.template operator()<64, 4>();
    else
        launch.template operator()<32, 3>();
    check(cudaGetLastError(), "multiplying matrices");
}

} // namespace altiplano::kernels::cuda
