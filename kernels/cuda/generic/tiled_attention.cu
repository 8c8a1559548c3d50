#include "generic/generic.h"

#include "cuda_check.h"
#include "generic/attention_rows.cuh"
#include "generic/tensor_core.cuh"
#include "kv_access.cuh"

namespace altiplano::kernels::cuda {

namespace {

constexpr int kThreads = 128; // four warps of 16 rows

/// Shared memory of a block: keys and values of a page and of the next, rows padded against bank conflicts.
/// Queries pass through on their way to registers.
template <int Dim>
struct Tile {
    static constexpr int kPitch = Dim + 8;
    struct Page {
        __half keys[kKvPageTokens * kPitch];
        __half values[kKvPageTokens * kPitch];
    } pages[2];
};
static_assert(kTileRows == kKvPageTokens); // where the queries stand meanwhile

/// Eight elements of a head's page of q8_0 as halves.
__device__ inline uint4 eightHalves(const std::uint8_t* head, std::uint32_t dim, std::uint32_t token,
                                    std::uint32_t d) {
    const auto* quants = reinterpret_cast<const std::int8_t*>(head + token * dim + d);
    const auto* scales = reinterpret_cast<const __half*>(head + kKvPageTokens * dim);
    const float scale = __half2float(scales[token * (dim / 32) + d / 32]);
    __half2 h[4];
    for (int i = 0; i < 4; ++i)
        h[i] = __floats2half2_rn(static_cast<float>(quants[2 * i]) * scale,
                                 static_cast<float>(quants[2 * i + 1]) * scale);
    return *reinterpret_cast<uint4*>(h);
}

/// Sixteen bytes to shared memory, past the registers where the GPU can (compute capability 8.0), or zeros.
__device__ inline void copyLater(__half* to, const std::uint8_t* from, bool valid) {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(matrixAddress(to)), "l"(from),
                 "r"(valid ? 16 : 0)
                 : "memory");
#else
    *reinterpret_cast<uint4*>(to) = valid ? *reinterpret_cast<const uint4*>(from) : uint4{};
#endif
}

__device__ inline void endOfCopies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

/// Waits until at most `Pending` groups of copies are under way.
template <int Pending>
__device__ inline void waitForCopies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" ::"n"(Pending) : "memory");
#endif
}

/// A head's share of a page, its tokens before `valid`; zeros for the others, which nobody wrote: they may be
/// NaN.
template <int Dim, KvType Type>
__device__ inline void loadPage(typename Tile<Dim>::Page& to, const std::uint8_t* keys,
                                const std::uint8_t* values, std::uint32_t valid) {
    constexpr int kPieces = Dim / 8;
#pragma unroll 8
    for (int i = threadIdx.x; i < static_cast<int>(kKvPageTokens) * kPieces; i += kThreads) {
        const std::uint32_t token = i / kPieces, d = i % kPieces * 8;
        __half* key = to.keys + token * Tile<Dim>::kPitch + d;
        __half* value = to.values + token * Tile<Dim>::kPitch + d;
        if constexpr (Type == KvType::F16) {
            copyLater(key, keys + (token * Dim + d) * 2, token < valid);
            copyLater(value, values + (token * Dim + d) * 2, token < valid);
        } else {
            *reinterpret_cast<uint4*>(key) = token < valid ? eightHalves(keys, Dim, token, d) : uint4{};
            *reinterpret_cast<uint4*>(value) = token < valid ? eightHalves(values, Dim, token, d) : uint4{};
        }
    }
    endOfCopies();
}

/// A block per (tile of rows, head). A warp holds 16 rows; its scores never leave registers.
template <int Dim, KvType Type>
__global__ void __launch_bounds__(kThreads)
    tiledAttentionKernel(AttentionShape s, Rows rows, const RowTile* tiles, const float* q, KvPool pool,
                         std::uint32_t layer, AttentionOutput out) {
    extern __shared__ __align__(16) std::uint8_t memory[];
    Tile<Dim>& tile = *reinterpret_cast<Tile<Dim>*>(memory);
    constexpr int kPitch = Tile<Dim>::kPitch;
    const RowTile t = tiles[gridDim.x - 1 - blockIdx.x]; // what takes longest begins first
    const std::uint32_t head = blockIdx.y, kvHead = head / (s.heads / pool.kvHeads);
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const Row first = rows.rows[t.first];
    const std::uint32_t end = first.position + t.count; // one past the last row's position
    const std::uint32_t begin =
        s.window != 0 && first.position + 1 > s.window ? first.position + 1 - s.window : 0;
    const auto load = [&](std::uint32_t page0) {
        if (page0 >= end) return endOfCopies();
        const std::uint32_t page = rows.pages[first.pageTable + page0 / kKvPageTokens];
        loadPage<Dim, Type>(tile.pages[page0 / kKvPageTokens % 2], pool.head(layer, page, false, kvHead),
                            pool.head(layer, page, true, kvHead), end - page0);
    };
    const std::uint32_t firstPage = begin / kKvPageTokens;
    load(firstPage * kKvPageTokens);
    __half* passing = tile.pages[(firstPage + 1) % 2].keys;
    const float scale = queryScale(s);
#pragma unroll 8
    for (int i = threadIdx.x; i < static_cast<int>(kTileRows) * Dim / 4; i += kThreads) {
        const std::uint32_t r = i / (Dim / 4), d = i % (Dim / 4) * 4;
        float4 v{};
        if (r < t.count)
            v = *reinterpret_cast<const float4*>(q + ((std::size_t{t.first} + r) * s.heads + head) * Dim + d);
        *reinterpret_cast<uint2*>(passing + r * kPitch + d) =
            make_uint2(packHalves(v.x * scale, v.y * scale), packHalves(v.z * scale, v.w * scale));
    }
    __syncthreads();
    unsigned queries[Dim / 16][4];
#pragma unroll
    for (int k = 0; k < Dim / 16; ++k)
        loadMatrices(queries[k], passing + (warp * 16 + lane % 16) * kPitch + k * 16 + lane / 16 * 8);

    AttentionRows<Dim> held;
    const std::uint32_t row = warp * 16 + lane / 4;
    for (std::uint32_t page0 = firstPage * kKvPageTokens; page0 < end; page0 += kKvPageTokens) {
        __syncthreads(); // nobody reads any more what the next page replaces
        load(page0 + kKvPageTokens);
        waitForCopies<1>();
        __syncthreads();
        const typename Tile<Dim>::Page& now = tile.pages[page0 / kKvPageTokens % 2];
        float scores[32] = {};
#pragma unroll
        for (int k = 0; k < Dim / 16; ++k)
#pragma unroll
            for (int j = 0; j < 4; ++j) {
                unsigned b[4];
                loadMatrices(b, now.keys + (j * 16 + lane / 16 * 8 + lane % 8) * kPitch + k * 16 +
                                    lane / 8 % 2 * 8);
                multiply(scores + 8 * j, queries[k], b[0], b[1]);
                multiply(scores + 8 * j + 4, queries[k], b[2], b[3]);
            }
        if (page0 + kKvPageTokens > first.position || s.window != 0)
            held.mask(scores, first.position + row, page0, s.window);
        held.rescale(held.weigh(scores));
#pragma unroll
        for (int k = 0; k < 4; ++k) { // 16 tokens at a time
            const float* w = scores + 8 * k;
            const unsigned weights[4] = {packHalves(w[0], w[1]), packHalves(w[2], w[3]),
                                         packHalves(w[4], w[5]), packHalves(w[6], w[7])};
#pragma unroll
            for (int j = 0; j < Dim / 16; ++j) {
                unsigned b[4];
                loadTransposed(b, now.values + (k * 16 + lane / 8 % 2 * 8 + lane % 8) * kPitch + j * 16 +
                                      lane / 16 * 8);
                multiply(held.sums + 8 * j, weights, b[0], b[1]);
                multiply(held.sums + 8 * j + 4, weights, b[2], b[3]);
            }
        }
    }
    held.store(out, t.first, row, t.count, head, s.heads);
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
                    const AttentionOutput& out, cudaStream_t stream) {
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
