#include "generic/generic.h"

#include "cuda_check.h"
#include "generic/tensor_core.cuh"
#include "kv_access.cuh"

namespace altiplano::kernels::cuda {

namespace {

constexpr int kThreads = 128; // four warps of 16 rows
constexpr float kNoScore = -1e30f;

/// Shared memory of a block: queries, then keys and values of a page, rows padded against bank conflicts.
template <int Dim>
struct Tile {
    static constexpr int kPitch = Dim + 8;
    __half q[kTileRows * kPitch];
    __half keys[kKvPageTokens * kPitch];
    __half values[kKvPageTokens * kPitch];
};

/// Eight elements of a head's page as halves.
template <KvType Type>
__device__ inline uint4 eightHalves(const std::uint8_t* head, std::uint32_t dim, std::uint32_t token,
                                    std::uint32_t d) {
    if constexpr (Type == KvType::F16) {
        return *reinterpret_cast<const uint4*>(head + (token * dim + d) * 2);
    } else {
        const auto* quants = reinterpret_cast<const std::int8_t*>(head + token * dim + d);
        const auto* scales = reinterpret_cast<const __half*>(head + kKvPageTokens * dim);
        const float scale = __half2float(scales[token * (dim / 32) + d / 32]);
        __half2 h[4];
        for (int i = 0; i < 4; ++i)
            h[i] = __floats2half2_rn(static_cast<float>(quants[2 * i]) * scale,
                                     static_cast<float>(quants[2 * i + 1]) * scale);
        return *reinterpret_cast<uint4*>(h);
    }
}

__device__ inline unsigned packHalves(float a, float b) {
    const __half2 h = __floats2half2_rn(a, b);
    return *reinterpret_cast<const unsigned*>(&h);
}

/// A block per (tile of rows, head): FlashAttention-2's loop (Dao 2023, arXiv 2307.08691) over the sequence's
/// pages. A warp holds 16 rows; its scores never leave registers.
template <int Dim, KvType Type>
__global__ void __launch_bounds__(kThreads)
    tiledAttentionKernel(AttentionShape s, Rows rows, const RowTile* tiles, const float* q, KvPool pool,
                         std::uint32_t layer, float* out) {
    extern __shared__ __align__(16) std::uint8_t memory[];
    Tile<Dim>& tile = *reinterpret_cast<Tile<Dim>*>(memory);
    constexpr int kPitch = Tile<Dim>::kPitch, kPieces = Dim / 8;
    const RowTile t = tiles[blockIdx.x];
    const std::uint32_t head = blockIdx.y, kvHead = head / (s.heads / pool.kvHeads);
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const Row first = rows.rows[t.first];
    const std::uint32_t end = first.position + t.count; // one past the last row's position
    for (int i = threadIdx.x; i < static_cast<int>(kTileRows) * Dim; i += kThreads) {
        const std::uint32_t r = i / Dim, d = i % Dim;
        const float value =
            r < t.count ? q[((std::size_t{t.first} + r) * s.heads + head) * Dim + d] * s.scale : 0.0f;
        tile.q[r * kPitch + d] = __float2half_rn(value);
    }
    __syncthreads();
    unsigned queries[Dim / 16][4];
#pragma unroll
    for (int k = 0; k < Dim / 16; ++k)
        loadMatrices(queries[k], tile.q + (warp * 16 + lane % 16) * kPitch + k * 16 + lane / 16 * 8);

    float sums[Dim / 8][4] = {}, maxima[2] = {kNoScore, kNoScore}, totals[2] = {};
    const std::uint32_t begin =
        s.window != 0 && first.position + 1 > s.window ? first.position + 1 - s.window : 0;
    for (std::uint32_t page0 = begin / kKvPageTokens * kKvPageTokens; page0 < end; page0 += kKvPageTokens) {
        const std::uint32_t page = rows.pages[first.pageTable + page0 / kKvPageTokens];
        const std::uint8_t* keys = pool.head(layer, page, false, kvHead);
        const std::uint8_t* values = pool.head(layer, page, true, kvHead);
        __syncthreads();
        for (int i = threadIdx.x; i < static_cast<int>(kKvPageTokens) * kPieces; i += kThreads) {
            const std::uint32_t token = i / kPieces, d = i % kPieces * 8;
            const bool valid = page0 + token < end; // beyond lies what nobody wrote: it may be NaN
            auto* key = reinterpret_cast<uint4*>(tile.keys + token * kPitch + d);
            auto* value = reinterpret_cast<uint4*>(tile.values + token * kPitch + d);
            *key = valid ? eightHalves<Type>(keys, Dim, token, d) : uint4{};
            *value = valid ? eightHalves<Type>(values, Dim, token, d) : uint4{};
        }
        __syncthreads();
        float scores[8][4] = {};
#pragma unroll
        for (int k = 0; k < Dim / 16; ++k)
#pragma unroll
            for (int j = 0; j < 4; ++j) {
                unsigned b[4];
                loadMatrices(b, tile.keys + (j * 16 + lane / 16 * 8 + lane % 8) * kPitch + k * 16 +
                                    lane / 8 % 2 * 8);
                multiply(scores[2 * j], queries[k], b[0], b[1]);
                multiply(scores[2 * j + 1], queries[k], b[2], b[3]);
            }
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const std::uint32_t position = first.position + warp * 16 + half * 8 + lane / 4;
            float largest = maxima[half];
#pragma unroll
            for (int j = 0; j < 8; ++j)
#pragma unroll
                for (int e = 0; e < 2; ++e) {
                    const std::uint32_t token = page0 + j * 8 + lane % 4 * 2 + e;
                    float& score = scores[j][half * 2 + e];
                    if (token > position || (s.window != 0 && token + s.window <= position))
                        score = -INFINITY;
                    largest = fmaxf(largest, score);
                }
            largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 1));
            largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 2));
            const float keep = __expf(maxima[half] - largest);
            maxima[half] = largest;
            totals[half] *= keep;
#pragma unroll
            for (int j = 0; j < Dim / 8; ++j) {
                sums[j][half * 2] *= keep;
                sums[j][half * 2 + 1] *= keep;
            }
#pragma unroll
            for (int j = 0; j < 8; ++j)
#pragma unroll
                for (int e = 0; e < 2; ++e) {
                    float& score = scores[j][half * 2 + e];
                    score = __expf(score - largest);
                    totals[half] += score;
                }
        }
#pragma unroll
        for (int k = 0; k < 4; ++k) { // 16 tokens at a time
            const auto& low = scores[2 * k];
            const auto& high = scores[2 * k + 1];
            const unsigned weights[4] = {packHalves(low[0], low[1]), packHalves(low[2], low[3]),
                                         packHalves(high[0], high[1]), packHalves(high[2], high[3])};
#pragma unroll
            for (int j = 0; j < Dim / 16; ++j) {
                unsigned b[4];
                loadTransposed(b, tile.values + (k * 16 + lane / 8 % 2 * 8 + lane % 8) * kPitch + j * 16 +
                                      lane / 16 * 8);
                multiply(sums[2 * j], weights, b[0], b[1]);
                multiply(sums[2 * j + 1], weights, b[2], b[3]);
            }
        }
    }
#pragma unroll
    for (int half = 0; half < 2; ++half) {
        totals[half] += __shfl_xor_sync(0xffffffffu, totals[half], 1);
        totals[half] += __shfl_xor_sync(0xffffffffu, totals[half], 2);
        const std::uint32_t r = warp * 16 + half * 8 + lane / 4;
        if (r >= t.count) continue;
        float* to = out + ((std::size_t{t.first} + r) * s.heads + head) * Dim + lane % 4 * 2;
        const float factor = 1.0f / totals[half];
#pragma unroll
        for (int j = 0; j < Dim / 8; ++j)
            *reinterpret_cast<float2*>(to + j * 8) =
                make_float2(sums[j][half * 2] * factor, sums[j][half * 2 + 1] * factor);
    }
}

/// Calls `f` with the kernel for the pool's shape and its shared memory.
template <class F>
bool dispatchShape(const KvPool& pool, F&& f) {
    const bool half = pool.type == KvType::F16;
    switch (pool.headDim) {
    case 64:
        f(half ? tiledAttentionKernel<64, KvType::F16> : tiledAttentionKernel<64, KvType::Q8_0>,
          sizeof(Tile<64>));
        return true;
    case 128:
        f(half ? tiledAttentionKernel<128, KvType::F16> : tiledAttentionKernel<128, KvType::Q8_0>,
          sizeof(Tile<128>));
        return true;
    default:
        return false;
    }
}

} // namespace

bool canTileAttention(const KvPool& pool) {
    return dispatchShape(pool, [](auto, std::size_t) {});
}

void tiledAttention(const AttentionShape& shape, const Rows& rows, const RowTile* tiles,
                    std::uint32_t tileCount, const float* q, const KvPool& pool, std::uint32_t layer,
                    float* out, cudaStream_t stream) {
    dispatchShape(pool, [&](auto kernel, std::size_t bytes) {
        check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                   static_cast<int>(bytes)),
              "preparing a kernel");
        kernel<<<dim3(tileCount, shape.heads), kThreads, bytes, stream>>>(shape, rows, tiles, q, pool, layer,
                                                                          out);
    });
    check(cudaGetLastError(), "attending");
}

} // namespace altiplano::kernels::cuda
