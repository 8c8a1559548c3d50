#include "rows/prompt_attention.h"

#include "generic/attention_rows.cuh"
#include "rows/row_shape.cuh"
#include "rows/tensor_maps.h"
#include "rows/wgmma.cuh"

namespace altiplano::kernels::cuda {

namespace {

static_assert(kTileRows == 64 && kKvPageTokens == 64); // wgmma's M side, and a slot of the ring

/// Two warpgroups with a head each, and for each of them a warp that fetches.
template <int Dim>
struct PromptAttention {
    static constexpr std::uint32_t kHeads = 2, kConsumers = kHeads * 128, kThreads = kConsumers + 128;
    static constexpr int kConsumerRegisters = 232, kProducerRegisters = 40;
    /// Keys or values of a page: 64 columns of all tokens, then the next 64.
    static constexpr std::uint32_t kSlotBytes = kKvPageTokens * Dim * 2, kSlots = 3;
    static constexpr std::uint32_t kRingBytes = kSlots * kSlotBytes, kBarrierBytes = 16 * kMaxRowSlots;
    static constexpr std::uint32_t kBarriers = 2 * kHeads * kRingBytes;
    static constexpr std::uint32_t kSharedBytes = kBarriers + 2 * kHeads * kBarrierBytes + 1024;
};

/// A warp's sixteen queries as wgmma's operands.
template <int Dim>
__device__ __forceinline__ void loadQueries(std::uint32_t (&queries)[Dim / 16][4], const float* q,
                                            std::uint32_t stride, std::uint32_t row, std::uint32_t count,
                                            float scale) {
    const std::uint32_t lane = threadIdx.x % 32;
#pragma unroll
    for (int k = 0; k < Dim / 16; ++k)
#pragma unroll
        for (int i = 0; i < 4; ++i) { // rows first, then columns
            const std::uint32_t r = row + i % 2 * 8;
            float2 v{};
            if (r < count)
                v = *reinterpret_cast<const float2*>(q + std::size_t{r} * stride + k * 16 + i / 2 * 8 +
                                                     lane % 4 * 2);
            queries[k][i] = packHalves(v.x * scale, v.y * scale);
        }
}

/// scores = queries x the keys at a shared address. Runs on.
template <int Dim>
__device__ __forceinline__ void multiplyKeys(float (&scores)[32], const std::uint32_t (&queries)[Dim / 16][4],
                                             std::uint32_t keys) {
#pragma unroll
    for (int k = 0; k < Dim / 16; ++k)
        wgmma<64>(scores, queries[k],
                  tokenDescriptor(keys + k / 4 * (kKvPageTokens * 128)) + k % 4 * kNextSixteen, k > 0);
    commitWgmma();
}

/// sums += weights x the values at a shared address. Runs on.
template <int Dim>
__device__ __forceinline__ void multiplyValues(float (&sums)[Dim / 2], const std::uint32_t (&weights)[4][4],
                                               std::uint32_t values) {
#pragma unroll
    for (int k = 0; k < 4; ++k)
        wgmmaAlong<Dim>(sums, weights[k], valueDescriptor(values) + k * kNextTokens);
    commitWgmma();
}

/// What no token of the sequence has written may be anything, even with a weight of zero.
template <int Dim>
__device__ __forceinline__ void clearValues(std::uint32_t values, std::uint32_t valid) {
    const std::uint32_t pieces = (kKvPageTokens - valid) * 8; // of 16 bytes, of 64 columns
    for (std::uint32_t i = threadIdx.x % 128; i < pieces * (Dim / 64); i += 128)
        storeShared128(values + i / pieces * (kKvPageTokens * 128) + (valid * 8 + i % pieces) * 16, uint4{});
    fenceSharedForCopies();
    asm volatile("bar.sync %0, 128;" ::"r"(threadIdx.x / 128 + 1) : "memory");
}

/// What a warpgroup and its fetching warp do: the rows of a tile, with a head.
struct AttentionTask {
    AttentionShape shape;
    RowTile tile;
    Row first;
    std::uint32_t head, begin, end; ///< tokens that any row sees

    __device__ __forceinline__ AttentionTask(const AttentionShape& s, const Rows& rows, const RowTile& t,
                                             std::uint32_t h)
        : shape(s), tile(t), first(rows.rows[t.first]), head(h), end(first.position + t.count) {
        const std::uint32_t seen =
            s.window != 0 && first.position + 1 > s.window ? first.position + 1 - s.window : 0;
        begin = seen / kKvPageTokens * kKvPageTokens;
    }
};

/// One thread: keys and values, page by page.
template <int Dim>
__device__ __forceinline__ void fetchPages(const CUtensorMap& map, const AttentionTask& task,
                                           const std::uint32_t* pages, std::uint32_t kvHeads, RowRing keys,
                                           RowRing values) {
    const std::uint32_t kvHead = task.head / (task.shape.heads / kvHeads);
    const std::uint64_t policy = evictNormal();
    const auto fetch = [&](RowRing& ring, std::uint32_t row) {
        const std::uint32_t to = ring.beginFilling();
        ring.expect(PromptAttention<Dim>::kSlotBytes);
        tensorCopy(to, map, row, 0, ring.fullBarrier(), policy);
        ring.advance();
    };
    for (std::uint32_t token = task.begin; token < task.end; token += kKvPageTokens) {
        const std::uint32_t page = pages[task.first.pageTable + token / kKvPageTokens],
                            row = (page * 2 * kvHeads + kvHead) * kKvPageTokens;
        fetch(keys, row);
        fetch(values, row + kvHeads * kKvPageTokens);
    }
}

/// A warpgroup. While the scores of a page are weighed, the values of the page before are added.
template <int Dim>
__device__ __forceinline__ void attend(const AttentionTask& task, const float* q, const AttentionOutput& out,
                                       RowRing keys, RowRing values) {
    const AttentionShape& s = task.shape;
    const std::uint32_t row = threadIdx.x % 128 / 32 * 16 + threadIdx.x % 32 / 4;
    const std::uint32_t position = task.first.position + row;
    std::uint32_t queries[Dim / 16][4];
    loadQueries<Dim>(queries, q + (std::size_t{task.tile.first} * s.heads + task.head) * Dim, s.heads * Dim,
                     row, task.tile.count, queryScale(s));
#pragma unroll
    for (auto& operand : queries)
        completeOperand(operand);
    AttentionRows<Dim> held;
    float scores[32];
    std::uint32_t weights[4][4]; // the scores as wgmma's operands
    const auto weigh = [&](std::uint32_t page0) {
        if (page0 + kKvPageTokens > task.first.position || s.window != 0)
            held.mask(scores, position, page0, s.window);
        const float2 keep = held.weigh(scores);
        waitForWgmma<0>(); // the values of the page before
        held.rescale(keep);
#pragma unroll
        for (int i = 0; i < 16; ++i)
            weights[i / 4][i % 4] = packHalves(scores[2 * i], scores[2 * i + 1]);
#pragma unroll
        for (auto& operand : weights)
            completeOperand(operand);
    };
    const std::uint32_t firstKeys = keys.take();
    beginWgmma();
    multiplyKeys<Dim>(scores, queries, firstKeys);
    waitForWgmma<0>();
    keys.release();
    keys.advance();
    weigh(task.begin);
#pragma unroll 1
    for (std::uint32_t page0 = task.begin + kKvPageTokens; page0 < task.end; page0 += kKvPageTokens) {
        const std::uint32_t keysAt = keys.take(), valuesAt = values.take();
        beginWgmma();
        multiplyKeys<Dim>(scores, queries, keysAt);
        multiplyValues<Dim>(held.sums, weights, valuesAt);
        waitForWgmma<1>();
        keys.release();
        keys.advance();
        weigh(page0);
        values.release();
        values.advance();
    }
    const std::uint32_t valuesAt = values.take(), valid = task.end % kKvPageTokens;
    if (valid != 0) clearValues<Dim>(valuesAt, valid);
    beginWgmma();
    multiplyValues<Dim>(held.sums, weights, valuesAt);
    waitForWgmma<0>();
    held.store(out, task.tile.first, row, task.tile.count, task.head, s.heads);
}

/// A block per (pair of heads, tile of rows).
template <int Dim>
__global__ void __launch_bounds__(PromptAttention<Dim>::kThreads, 1)
    promptAttentionKernel(const __grid_constant__ CUtensorMap map, AttentionShape shape, Rows rows,
                          const RowTile* tiles, const float* q, std::uint32_t kvHeads, AttentionOutput out) {
    using Shape = PromptAttention<Dim>;
    extern __shared__ std::uint8_t memory[];
    letNextKernelStart();
    const bool fetches = threadIdx.x >= Shape::kConsumers;
    const std::uint32_t base = divideUp(sharedAddress(memory), 1024) * 1024;
    const std::uint32_t mine = fetches ? (threadIdx.x - Shape::kConsumers) / 32 : threadIdx.x / 128;
    const auto ring = [&](std::uint32_t i) {
        return RowRing{base + i * Shape::kRingBytes, base + Shape::kBarriers + i * Shape::kBarrierBytes,
                       Shape::kSlots, Shape::kSlotBytes};
    };
    enterBlock(1, [&] {
        for (std::uint32_t i = 0; i < 2 * Shape::kHeads; ++i)
            ring(i).init(4);
    });
    waitForPreviousKernel();
    const std::uint32_t head = blockIdx.x * Shape::kHeads + mine;
    const bool idle = mine >= Shape::kHeads || head >= shape.heads;
    const AttentionTask task(shape, rows, tiles[gridDim.y - 1 - blockIdx.y], head); // the longest first
    if (fetches) {
        asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(Shape::kProducerRegisters));
        if (idle || threadIdx.x % 32 != 0) return;
        fenceForBulkCopies();
        fetchPages<Dim>(map, task, rows.pages, kvHeads, ring(2 * mine), ring(2 * mine + 1));
    } else {
        asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(Shape::kConsumerRegisters));
        if (!idle) attend<Dim>(task, q, out, ring(2 * mine), ring(2 * mine + 1));
    }
}

template <int Dim>
void launch(const AttentionShape& shape, const Rows& rows, const RowTile* tiles, std::uint32_t tileCount,
            const float* q, const KvPool& pool, std::uint32_t layer, const AttentionOutput& out,
            cudaStream_t stream) {
    using Shape = PromptAttention<Dim>;
    const auto kernel = promptAttentionKernel<Dim>;
    prepareKernel(kernel, Shape::kSharedBytes);
    launchDependent(kernel, dim3(divideUp(shape.heads, Shape::kHeads), tileCount), Shape::kThreads,
                    Shape::kSharedBytes, 1, stream, pageMap(pool, layer), shape, rows, tiles, q, pool.kvHeads,
                    out);
}

} // namespace

void promptAttention(const AttentionShape& shape, const Rows& rows, const RowTile* tiles,
                     std::uint32_t tileCount, const float* q, const KvPool& pool, std::uint32_t layer,
                     const AttentionOutput& out, cudaStream_t stream) {
    (pool.headDim == 64 ? launch<64> : launch<128>)(shape, rows, tiles, tileCount, q, pool, layer, out,
                                                    stream);
}

} // namespace altiplano::kernels::cuda
