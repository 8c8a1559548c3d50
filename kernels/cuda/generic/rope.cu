#include "generic/generic.h"

#include "cuda_check.h"
#include "decode/launch.h"
#include "decode/ptx.cuh"
#include "kv_access.cuh"

namespace altiplano::kernels::cuda {

namespace {

__global__ void ropeTableKernel(Rows rows, const float* inverseFrequency, std::uint32_t pairs,
                                float magnitude, float2* cosSin) {
    const std::uint32_t pair = threadIdx.x;
    const float angle = static_cast<float>(rows.rows[blockIdx.x].position) * inverseFrequency[pair];
    float sine, cosine;
    sincosf(angle, &sine, &cosine);
    cosSin[blockIdx.x * pairs + pair] = make_float2(cosine * magnitude, sine * magnitude);
}

/// A warp per (row, head of q, k or v).
__global__ void ropeAndStoreKernel(RopeShape s, Rows rows, const float2* cosSin, float* q, float* k,
                                   const float* v, KvPool pool, std::uint32_t layer) {
#if __CUDA_ARCH__ >= 900
    letNextKernelStart();
    waitForPreviousKernel();
#endif
    const std::uint32_t lane = threadIdx.x % 32;
    const std::uint32_t r = blockIdx.x, head = blockIdx.y * (blockDim.x / 32) + threadIdx.x / 32;
    if (head >= s.heads + 2 * s.kvHeads) return;
    const bool isQuery = head < s.heads, isValue = head >= s.heads + s.kvHeads;
    const std::uint32_t kvHead = isQuery ? 0 : (head - s.heads) % s.kvHeads;
    float* x = isQuery
                   ? q + (std::size_t{r} * s.heads + head) * s.headDim
                   : (isValue ? const_cast<float*>(v) : k) + std::size_t{r} * s.kvStride + kvHead * s.headDim;
    if (!isValue) {
        for (std::uint32_t i = lane; i < s.pairs; i += 32) {
            const float2 cs = cosSin[r * s.pairs + i];
            float& a = x[s.halves ? i : 2 * i];
            float& b = x[s.halves ? i + s.pairs : 2 * i + 1];
            const float turned = a * cs.x - b * cs.y;
            b = a * cs.y + b * cs.x;
            a = turned;
        }
        __syncwarp();
    }
    if (isQuery) return;
    const Row row = rows.rows[r];
    const std::uint32_t page = rows.pages[row.pageTable + row.position / kKvPageTokens];
    std::uint8_t* to = pool.head(layer, page, isValue, kvHead);
    for (std::uint32_t block = 0; block * 32 < s.headDim; ++block) {
        const std::uint32_t d = block * 32 + lane;
        writeKv(to, pool.type, s.headDim, row.position % kKvPageTokens, block, d < s.headDim ? x[d] : 0.0f);
    }
}

constexpr std::uint32_t kWarpHeads = 4;

/// The same for half float pages where all of a head is turned and pairs stand side by side: a warp takes
/// several heads of a row, all under way at once.
template <std::uint32_t Dim>
__global__ void __launch_bounds__(128)
    ropeAdjacentKernel(RopeShape s, Rows rows, const float2* cosSin, float* q, float* k, const float* v,
                       KvPool pool, std::uint32_t layer) {
#if __CUDA_ARCH__ >= 900
    letNextKernelStart();
    waitForPreviousKernel();
#endif
    constexpr std::uint32_t kEach = Dim / 64; // pairs of a head that a lane has
    const std::uint32_t lane = threadIdx.x % 32, r = blockIdx.x, heads = s.heads + 2 * s.kvHeads;
    const std::uint32_t first = (blockIdx.y * (blockDim.x / 32) + threadIdx.x / 32) * kWarpHeads;
    float2* x[kWarpHeads];
    float2 value[kWarpHeads][kEach], turn[kEach];
#pragma unroll
    for (std::uint32_t i = 0; i < kWarpHeads; ++i) {
        const std::uint32_t head = first + i;
        float* from = head < s.heads               ? q + (std::size_t{r} * s.heads + head) * Dim
                      : head < s.heads + s.kvHeads ? k + std::size_t{r} * s.kvStride + (head - s.heads) * Dim
                                                   : const_cast<float*>(v) + std::size_t{r} * s.kvStride +
                                                         (head - s.heads - s.kvHeads) * Dim;
        x[i] = reinterpret_cast<float2*>(from) + lane;
#pragma unroll
        for (std::uint32_t e = 0; e < kEach; ++e)
            if (head < heads) value[i][e] = x[i][e * 32];
    }
#pragma unroll
    for (std::uint32_t e = 0; e < kEach; ++e)
        turn[e] = cosSin[r * (Dim / 2) + lane + e * 32];
    const Row row = rows.rows[r];
    const std::uint32_t page =
        first + kWarpHeads > s.heads ? rows.pages[row.pageTable + row.position / kKvPageTokens] : 0;
#pragma unroll
    for (std::uint32_t i = 0; i < kWarpHeads; ++i) {
        const std::uint32_t head = first + i;
        const bool isQuery = head < s.heads, isValue = head >= s.heads + s.kvHeads;
        if (head >= heads) return;
#pragma unroll
        for (std::uint32_t e = 0; e < kEach; ++e) {
            const float2 a = value[i][e], t = turn[e];
            const float2 turned = isValue ? a : make_float2(a.x * t.x - a.y * t.y, a.x * t.y + a.y * t.x);
            if (!isValue) x[i][e * 32] = turned;
            if (isQuery) continue;
            auto* to =
                reinterpret_cast<__half2*>(pool.head(layer, page, isValue, (head - s.heads) % s.kvHeads) +
                                           row.position % kKvPageTokens * Dim * 2);
            to[lane + e * 32] = __floats2half2_rn(turned.x, turned.y);
        }
    }
}

} // namespace

void ropeTable(const Rows& rows, const float* inverseFrequency, std::uint32_t pairs, float magnitude,
               float2* cosSin, cudaStream_t stream) {
    if (pairs == 0) return;
    ropeTableKernel<<<rows.count, pairs, 0, stream>>>(rows, inverseFrequency, pairs, magnitude, cosSin);
    check(cudaGetLastError(), "preparing rotary embeddings");
}

void ropeAndStore(const RopeShape& shape, const Rows& rows, const float2* cosSin, float* q, float* k,
                  const float* v, const KvPool& pool, std::uint32_t layer, cudaStream_t stream) {
    const bool adjacent = !shape.halves && pool.type == KvType::F16 && shape.pairs * 2 == shape.headDim &&
                          shape.kvStride % 2 == 0 && (shape.headDim == 64 || shape.headDim == 128);
    if (adjacent && shape.dependent) {
        const dim3 grid(rows.count, divideUp(shape.heads + 2 * shape.kvHeads, 4 * kWarpHeads));
        return launchDependent(shape.headDim == 64 ? ropeAdjacentKernel<64> : ropeAdjacentKernel<128>, grid,
                               128, 0, 1, stream, shape, rows, cosSin, q, k, v, pool, layer);
    }
    const dim3 grid(rows.count, divideUp(shape.heads + 2 * shape.kvHeads, 4));
    if (shape.dependent)
        return launchDependent(ropeAndStoreKernel, grid, 128, 0, 1, stream, shape, rows, cosSin, q, k, v,
                               pool, layer);
    ropeAndStoreKernel<<<grid, 128, 0, stream>>>(shape, rows, cosSin, q, k, v, pool, layer);
    check(cudaGetLastError(), "storing keys and values");
}

} // namespace altiplano::kernels::cuda
