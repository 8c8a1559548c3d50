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

} // namespace

void ropeTable(const Rows& rows, const float* inverseFrequency, std::uint32_t pairs, float magnitude,
               float2* cosSin, cudaStream_t stream) {
    if (pairs == 0) return;
    ropeTableKernel<<<rows.count, pairs, 0, stream>>>(rows, inverseFrequency, pairs, magnitude, cosSin);
    check(cudaGetLastError(), "preparing rotary embeddings");
}

void ropeAndStore(const RopeShape& shape, const Rows& rows, const float2* cosSin, float* q, float* k,
                  const float* v, const KvPool& pool, std::uint32_t layer, cudaStream_t stream) {
    const dim3 grid(rows.count, divideUp(shape.heads + 2 * shape.kvHeads, 4));
    if (shape.dependent)
        return launchDependent(ropeAndStoreKernel, grid, 128, 0, 1, stream, shape, rows, cosSin, q, k, v,
                               pool, layer);
    ropeAndStoreKernel<<<grid, 128, 0, stream>>>(shape, rows, cosSin, q, k, v, pool, layer);
    check(cudaGetLastError(), "storing keys and values");
}

} // namespace altiplano::kernels::cuda
