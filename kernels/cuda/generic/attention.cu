#include "generic/generic.h"

#include "cuda_check.h"
#include "kv_access.cuh"
#include "warp.cuh"

namespace altiplano::kernels::cuda {

namespace {

constexpr std::uint32_t kWarps = 4;
constexpr std::uint32_t kMaxHeadDim = 256;
constexpr std::uint32_t kPerLane = kMaxHeadDim / 32;

/// A block per (row, head). Each warp takes every fourth token with an online softmax of its own; at the end
/// the four are combined.
__global__ void attentionKernel(AttentionShape s, Rows rows, const float* q, KvPool pool, std::uint32_t layer,
                                float* out) {
    __shared__ float sums[kWarps][kMaxHeadDim];
    __shared__ float maxima[kWarps], totals[kWarps];
    const std::uint32_t lane = threadIdx.x % 32, warp = threadIdx.x / 32, head = blockIdx.x,
                        dim = pool.headDim;
    const std::uint32_t kvHead = head / (s.heads / pool.kvHeads);
    const Row row = rows.rows[blockIdx.y];
    const std::uint32_t end = row.position + 1, begin = s.window != 0 && end > s.window ? end - s.window : 0;
    const std::size_t at = (std::size_t{blockIdx.y} * s.heads + head) * dim;

    float query[kPerLane], sum[kPerLane] = {};
#pragma unroll
    for (std::uint32_t i = 0; i < kPerLane; ++i)
        query[i] = i * 32 + lane < dim ? q[at + i * 32 + lane] * s.scale : 0.0f;
    float maximum = -INFINITY, total = 0;
    for (std::uint32_t t = begin + warp; t < end; t += kWarps) {
        const std::uint32_t page = rows.pages[row.pageTable + t / kKvPageTokens];
        const std::uint8_t* keys = pool.head(layer, page, false, kvHead);
        const std::uint8_t* values = pool.head(layer, page, true, kvHead);
        float score = 0;
#pragma unroll
        for (std::uint32_t i = 0; i < kPerLane; ++i)
            if (i * 32 + lane < dim)
                score += query[i] * readKv(keys, pool.type, dim, t % kKvPageTokens, i * 32 + lane);
        score = warpSum(score);
        const float larger = fmaxf(maximum, score);
        const float keep = __expf(maximum - larger), weight = __expf(score - larger);
        maximum = larger;
        total = total * keep + weight;
#pragma unroll
        for (std::uint32_t i = 0; i < kPerLane; ++i)
            if (i * 32 + lane < dim)
                sum[i] =
                    sum[i] * keep + weight * readKv(values, pool.type, dim, t % kKvPageTokens, i * 32 + lane);
    }
#pragma unroll
    for (std::uint32_t i = 0; i < kPerLane; ++i)
        sums[warp][i * 32 + lane] = sum[i];
    if (lane == 0) {
        maxima[warp] = maximum;
        totals[warp] = total;
    }
    __syncthreads();
    float best = maxima[0];
    for (std::uint32_t w = 1; w < kWarps; ++w)
        best = fmaxf(best, maxima[w]);
    for (std::uint32_t d = threadIdx.x; d < dim; d += blockDim.x) {
        float value = 0, divisor = 0;
        for (std::uint32_t w = 0; w < kWarps; ++w) {
            const float weight = __expf(maxima[w] - best); // 0 for a warp that saw no token
            value += weight * sums[w][d];
            divisor += weight * totals[w];
        }
        out[at + d] = value / divisor;
    }
}

} // namespace

void attention(const AttentionShape& shape, const Rows& rows, const float* q, const KvPool& pool,
               std::uint32_t layer, float* out, cudaStream_t stream) {
    attentionKernel<<<dim3(shape.heads, rows.count), kWarps * 32, 0, stream>>>(shape, rows, q, pool, layer,
                                                                               out);
    check(cudaGetLastError(), "attending");
}

} // namespace altiplano::kernels::cuda
