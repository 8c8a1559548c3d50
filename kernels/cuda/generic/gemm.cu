#include "generic/generic.h"

#include "cuda_check.h"

namespace altiplano::kernels::cuda {

namespace {

constexpr int kTile = 128; // rows of `in` and of `weights` that a block multiplies
constexpr int kDepth = 32; // columns per stage
constexpr int kPitch = 40; // halves from row to row in shared memory: no bank conflicts
constexpr int kStages = 3;
constexpr int kStageHalves = 2 * kTile * kPitch;
constexpr int kSharedBytes = kStages * kStageHalves * 2;

__device__ inline unsigned sharedAddress(const void* p) {
    return static_cast<unsigned>(__cvta_generic_to_shared(p));
}

/// 16 bytes from global to shared memory, or zeros; asynchronous where the device can.
__device__ inline void copy16(__half* to, const __half* from, bool valid) {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(sharedAddress(to)), "l"(from),
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

__device__ inline void loadMatrices(unsigned (&r)[4], const __half* p) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(sharedAddress(p)));
}

/// c += a b for a 16 x 16 and b 16 x 8.
__device__ inline void multiply(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
#if __CUDA_ARCH__ >= 800
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
                 "{%0,%1,%2,%3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#else
    asm volatile(
        "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5}, {%6}, {%0,%1,%2,%3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(b0));
    asm volatile(
        "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5}, {%6}, {%0,%1,%2,%3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[2]), "r"(a[3]), "r"(b1));
#endif
}

__global__ void __launch_bounds__(256)
    gemmKernel(const __half* in, const float* scales, const __half* weights, std::uint32_t stride,
               std::uint32_t rows, std::uint32_t weightRows, const float* bias, Output out) {
    extern __shared__ __align__(128) __half shared[];
    const int thread = static_cast<int>(threadIdx.x), lane = thread % 32, warp = thread / 32;
    const std::uint32_t row0 = blockIdx.x * kTile, weight0 = blockIdx.y * kTile;
    const int warpRow = warp / 4 * 64,
              warpColumn = warp % 4 * 32; // a warp's 64 x 32 of the block's 128 x 128

    const auto load = [&](int stage, std::uint32_t column) {
        __half* a = shared + stage * kStageHalves;
        __half* b = a + kTile * kPitch;
#pragma unroll
        for (int i = 0; i < kTile * kDepth / 8 / 256; ++i) {
            const int piece = thread + i * 256, r = piece / (kDepth / 8), c = piece % (kDepth / 8) * 8;
            const bool inRows = row0 + r < rows, inWeights = weight0 + r < weightRows;
            copy16(a + r * kPitch + c, in + std::size_t{inRows ? row0 + r : 0} * stride + column + c, inRows);
            copy16(b + r * kPitch + c,
                   weights + std::size_t{inWeights ? weight0 + r : 0} * stride + column + c, inWeights);
        }
    };

    float sums[4][4][4] = {};
    const int steps = static_cast<int>(stride / kDepth);
    for (int s = 0; s < kStages - 1; ++s) {
        if (s < steps) load(s, s * kDepth);
        commitCopies();
    }
    for (int step = 0; step < steps; ++step) {
        waitForCopies<kStages - 2>();
        if (step + kStages - 1 < steps) load((step + kStages - 1) % kStages, (step + kStages - 1) * kDepth);
        commitCopies();
        const __half* a = shared + step % kStages * kStageHalves;
        const __half* b = a + kTile * kPitch;
#pragma unroll
        for (int k = 0; k < kDepth; k += 16) {
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
    check(cudaFuncSetAttribute(gemmKernel, cudaFuncAttributeMaxDynamicSharedMemorySize, kSharedBytes),
          "preparing a kernel");
    const dim3 grid(divideUp(rows, kTile), divideUp(weightRows, kTile));
    gemmKernel<<<grid, 256, kSharedBytes, stream>>>(in, scales, weights, stride, rows, weightRows, bias, out);
    check(cudaGetLastError(), "multiplying matrices");
}

} // namespace altiplano::kernels::cuda
