#pragma once

#include "decode/grid_attention.cuh"
#include "decode/grid_multiply.cuh"
#include "decode/product_finish.cuh"
#include "device_time.cuh"

/// What a block of the grid does from the first layer to the last.
namespace altiplano::kernels::cuda {

/// What the consumers tell the producer and what they look up: in shared memory.
struct GridBlock {
    GridAttentionShare share;
    std::uint32_t step; ///< that is being multiplied
};

/// The groups of a part and of those that are joined to it, and in the upper half how many parts these are.
__device__ __forceinline__ std::uint32_t joinedGroups(const GridStep& step, std::uint32_t first) {
    std::uint32_t groups = 0, i = first;
    do
        groups += step.parts[i++].groups;
    while (i < step.partCount && step.parts[i].joined);
    return groups | (i - first) << 16;
}

/// Weights and old K/V of all layers, in the order in which the consumers take them: one thread.
template <QuantType T, QuantType U, std::uint32_t Dim, KvType Kv>
__device__ __forceinline__ void produceGrid(const GridPlan& p, const DecodeAttention& a,
                                            const GridStep* steps, const volatile std::uint32_t* multiplied,
                                            GridProducer& producer, const GridAttentionShare& share,
                                            const Row& row) {
    const auto limit = [&](std::uint32_t step) {
        producer.inFlight = step > *multiplied ? p.stagesAhead : p.stagesInFlight;
    };
#pragma unroll 1
    for (std::uint32_t i = 0; i < p.layers * kLayerProducts; ++i) {
        const GridStep& step = steps[i];
        const std::uint32_t which = i % kLayerProducts;
        if (which == kOutputProduct && share.attends) {
            limit(i);
            produceKv<Dim, Kv, gridPieceTokens<Dim>()>(a, i / kLayerProducts, producer, share.kvHead, row,
                                                       share.range);
        }
        const GridProduct& product = p.products[which];
#pragma unroll 1
        for (std::uint32_t j = 0, groups = 0; j < step.partCount; j += groups >> 16) {
            const GridPart& part = step.parts[j];
            groups = joinedGroups(step, j);
            const std::uint32_t bytes =
                part.second != 0 ? packedTraits(U).unitBytes : packedTraits(T).unitBytes;
            const std::uint8_t* from = part.data;
#pragma unroll 1
            for (std::uint32_t g = 0; g < (groups & 0xffff); g += product.stageGroups)
#pragma unroll 1
                for (std::uint32_t u = 0; u < product.units; u += product.stageUnits) {
                    const std::uint32_t units = min(product.stageUnits, product.units - u) *
                                                min(product.stageGroups, (groups & 0xffff) - g);
                    limit(i);
                    producer.push(from, units * bytes);
                    from += units * bytes;
                }
        }
    }
    p.ahead.fetch();
}

/// The sixteen warps that compute.
template <QuantType T, QuantType U, std::uint32_t Dim, KvType Kv>
class GridConsumers {
public:
    __device__ __forceinline__ GridConsumers(const GridPlan& plan, const GridRun& run, std::uint8_t* shared,
                                             const GridRing& ring, const Row& row)
        : m_p(plan), m_run(run), m_shared(shared), m_ring(ring), m_position(row.position),
          m_page(run.attention.rows.pages[row.pageTable + row.position / kKvPageTokens]) {
        const std::uint32_t base = sharedAddress(shared);
        m_input = {base + plan.shared.quants, base + plan.shared.scales, 0};
    }

    /// Once the kernel before is complete.
    __device__ __forceinline__ void run() {
        const GridPart& own = at<GridStep>(m_p.shared.steps)[kOutputProduct].parts[0];
        if (threadIdx.x < own.groups * kGroupRows) ownX() = __ldcg(m_run.x + own.firstRow + threadIdx.x);
        for (std::uint32_t i = threadIdx.x; i < m_p.rotated / 2; i += kConsumers)
            at<float2>(m_p.shared.cosSin)[i] = __ldcg(m_run.cosSin + i);
        syncConsumers<kConsumers>();
        // Rolled up: less code than the instruction caches hold.
#pragma unroll 1
        for (m_layer = 0; m_layer < m_p.layers; ++m_layer) {
#pragma unroll 1
            for (std::uint32_t which = 0; which < kLayerProducts; ++which) {
                const GridStep& step = at<GridStep>(m_p.shared.steps)[m_layer * kLayerProducts + which];
                prepareFinish(which, step);
                if (which == kQkvProduct || which == kGateUpProduct) {
                    readX(which, step.norm);
                } else if (which == kOutputProduct) {
                    note(1);
                    attend();
                } else {
                    readH();
                }
                syncConsumers<kConsumers>();
                if (threadIdx.x == 0) block().step = m_layer * kLayerProducts + which;
                note(which + (which > 0));
                float factor = 1;
                if ((which == kQkvProduct || which == kGateUpProduct) && finishes(which))
                    factor = normFactor(step.epsilon);
                multiply(which, step);
                syncConsumers<kConsumers>();
                finish(which, factor);
            }
        }
        if (block().share.stores && threadIdx.x < 32) fenceForBulkCopies(); // of K and V in a later step
    }

private:
    static constexpr std::uint32_t kNoRow = ~0u;

    /// What a thread does with the sum of its row, worked out while the input is awaited.
    struct RowEnd {
        std::uint32_t to; ///< in the exchange, in words
        float cosine, sine;
        std::uint32_t row;
    };

    template <class Element>
    __device__ __forceinline__ Element* at(std::uint32_t offset) const {
        return reinterpret_cast<Element*>(m_shared + offset);
    }
    __device__ __forceinline__ GridBlock& block() const {
        return *at<GridBlock>(m_p.shared.share);
    }

    /// The thread's row of the residual stream.
    __device__ __forceinline__ float& ownX() const {
        return at<float>(m_p.shared.x)[threadIdx.x];
    }

    /// Of what is written in a layer: another one than the layer before's. The number of layers is even, so
    /// that this holds from step to step, too.
    static __device__ __forceinline__ std::uint32_t tagOf(std::uint32_t layer) {
        return ~layer & 1;
    }

    /// That a step of the layer begins, where somebody measures.
    __device__ __forceinline__ void note(std::uint32_t step) const {
        if (m_run.stamps) noteTime(m_run.stamps + 2 * (m_layer * kLayerSteps + step));
    }

    static __device__ __forceinline__ std::uint32_t padded(std::uint32_t columns) {
        return (columns + 255) / 256 * 32;
    }

    /// Whether the thread's warp has rows to finish.
    __device__ __forceinline__ bool finishes(std::uint32_t which) const {
        return freshThread() / 32 * 32 < m_p.products[which].maxGroups * kGroupRows;
    }

    /// Which row the thread finishes and where it goes.
    __device__ __forceinline__ void prepareFinish(std::uint32_t which, const GridStep& step) const {
        const std::uint32_t thread = freshThread();
        if (thread >= m_p.products[which].maxGroups * kGroupRows) return;
        std::uint32_t place = thread, part = 0;
        while (part < step.partCount && place >= step.parts[part].groups * kGroupRows)
            place -= step.parts[part++].groups * kGroupRows;
        RowEnd mine{kNoRow, 1, 0, 0};
        if (part < step.partCount) {
            const GridExchange& e = m_p.exchange;
            const std::uint32_t row = mine.row = step.parts[part].firstRow + place,
                                role = step.parts[part].role;
            if (which == kQkvProduct) {
                const std::uint32_t d = row % Dim, half = m_p.order.rotated / 2;
                const bool halves = m_p.order.headDim != 0 && role < 2 && d < m_p.order.rotated;
                const std::uint32_t first = role == 0 ? 0 : (m_p.heads + (role - 1) * m_p.kvHeads) * Dim;
                mine.to = e.qkv + first + row - d + (halves ? d / 2 + d % 2 * half : d);
                if (role < 2 && d < m_p.rotated) {
                    const float2 cs = at<float2>(m_p.shared.cosSin)[d / 2];
                    mine.cosine = cs.x;
                    mine.sine = d % 2 == 0 ? -cs.y : cs.y;
                }
            } else if (which == kGateUpProduct) {
                mine.to = e.h + row / 4;
            } else {
                mine.to = e.x[which == kDownProduct] + row / 2;
            }
        }
        at<RowEnd>(m_p.shared.finish)[thread] = mine;
    }

    /// x times the norm's weights as a product's input; the norm's factor is applied to the sums.
    __device__ __forceinline__ void readX(std::uint32_t which, const float* norm) const {
        const std::uint32_t thread = freshThread();
        const bool tagged = m_layer + which > 0;
        const std::uint32_t tag = tagOf(which == kQkvProduct ? m_layer - 1 : m_layer);
        const std::uint32_t* x = tagged ? m_run.exchange + m_p.exchange.x[which == kQkvProduct]
                                        : reinterpret_cast<const std::uint32_t*>(m_run.roundedX);
        const std::uint32_t eights = m_p.hidden / 8;
        float squares = 0;
#pragma unroll 1
        for (std::uint32_t i = thread; i < padded(m_p.hidden); i += kConsumers) { // whole warps
            NormWeights weights{};
            if (i < eights) weights.load(norm, i);
            uint4 v[1] = {};
            if (tagged) {
                awaitWords(v, i < eights, tag, [&](std::uint32_t) { return x + i * 4; });
            } else if (i < eights) {
                v[0] = __ldcg(reinterpret_cast<const uint4*>(x) + i);
            }
            InputEight eight(v[0], kInputScale);
            squares += eight.squares();
            eight.multiply(weights.first[0], weights.first[1]);
            eight.storeInt8(m_input, i);
        }
        for (int offset = 16; offset > 0; offset /= 2)
            squares += __shfl_xor_sync(0xffffffffu, squares, offset);
        if (thread % 32 == 0) at<float>(m_p.shared.squares)[thread / 32] = squares;
    }

    __device__ __forceinline__ float normFactor(float epsilon) const {
        float4 total{};
#pragma unroll
        for (std::uint32_t w = 0; w < kConsumerWarps / 4; ++w) {
            const float4 v = at<float4>(m_p.shared.squares)[w];
            total.x += v.x, total.y += v.y, total.z += v.z, total.w += v.w;
        }
        return rsqrtf(__fdividef(total.x + total.y + (total.z + total.w), static_cast<float>(m_p.hidden)) +
                      epsilon);
    }

    /// h as a product's input. All of it is several times x: a lane of each warp asks until it is there.
    __device__ __forceinline__ void readH() const {
        const std::uint32_t thread = freshThread();
        constexpr std::uint32_t kBatch = 4;
        const std::uint32_t* h = m_run.exchange + m_p.exchange.h;
        const std::uint32_t columns = m_p.products[kDownProduct].columns, eights = columns / 8;
#pragma unroll 1
        for (std::uint32_t first = thread; first < padded(columns); first += kBatch * kConsumers) {
            std::uint32_t wanted = 0;
#pragma unroll
            for (std::uint32_t j = 0; j < kBatch; ++j)
                wanted |= (first + j * kConsumers < eights) << j;
            uint4 v[kBatch];
            if (first / 32 * 32 < eights) awaitFirst(h + first * 4, tagOf(m_layer));
            awaitWords(v, wanted, tagOf(m_layer),
                       [&](std::uint32_t j) { return h + (first + j * kConsumers) * 4; });
#pragma unroll
            for (std::uint32_t j = 0; j < kBatch; ++j) {
                const std::uint32_t i = first + j * kConsumers;
                if (i < padded(columns)) InputEight(v[j], kHiddenScale).storeInt8(m_input, i); // whole warps
            }
        }
    }

    /// From q, k and v to the output projection's input.
    __device__ __forceinline__ void attend() {
        const GridAttentionShare& share = block().share;
        const std::uint32_t tag = tagOf(m_layer);
        if (share.attends) {
            auto& parts = *at<GridParts<Dim>>(m_p.shared.softmax);
            if (freshThread() / 32 < kGridAttentionWarps)
                attendInGrid<Dim, Kv>(m_p, m_run.attention.pool, m_layer, share, m_position, m_page, m_ring,
                                      m_run.exchange + m_p.exchange.qkv, tag, parts);
            else
                passPieces(share.range);
            syncConsumers<kConsumers>();
            sendAttention<Dim>(m_p, share, parts, m_run.exchange, tag);
        }
        const std::uint32_t columns = m_p.heads * Dim;
#pragma unroll 1
        for (std::uint32_t i = freshThread(); i < padded(columns); i += kConsumers)
            (i < columns / 8 ? gatherAttention<Dim>(m_p, m_run.exchange, share.range.splits, i, tag)
                             : InputEight(uint4{}, uint4{}))
                .storeInt8(m_input, i);
    }

    /// Warps that do not attend let the others' K and V go by.
    __device__ __forceinline__ void passPieces(const TokenRange& range) {
        constexpr std::uint32_t kTokens = gridPieceTokens<Dim>();
        for (std::uint32_t t = range.begin, end = range.end; t < end; t += kTokens - t % kTokens) {
            m_ring.take();
            m_ring.release();
        }
    }

    __device__ __forceinline__ void multiply(std::uint32_t which, const GridStep& step) {
        const GridProduct& p = m_p.products[which];
        auto* to = at<float>(m_p.shared.partials);
#pragma unroll 1
        for (std::uint32_t i = 0, joined = 0; i < step.partCount; i += joined >> 16) {
            joined = joinedGroups(step, i);
            const std::uint32_t groups = joined & 0xffff;
            if (T == U || step.parts[i].second == 0)
                multiplyInGrid<T>(m_ring, p, groups, m_input, to);
            else
                multiplyInGrid<U>(m_ring, p, groups, m_input, to);
            to += groups * kSumPitch;
        }
    }

    /// Finishes the thread's row and hands it on.
    __device__ __forceinline__ void finish(std::uint32_t which, float factor) const {
        const std::uint32_t thread = freshThread();
        if (!finishes(which)) return;
        const RowEnd mine = thread < m_p.products[which].maxGroups * kGroupRows
                                ? at<RowEnd>(m_p.shared.finish)[thread]
                                : RowEnd{kNoRow, 1, 0, 0};
        const bool exists = mine.to != kNoRow;
        const float* sums =
            at<float>(m_p.shared.partials) + thread / kGroupRows * kSumPitch + thread % kGroupRows;
        float value = 0, more = 0;
        if (exists) {
#pragma unroll
            for (std::uint32_t w = 0; w < kConsumerWarps; w += 2) {
                if (w < m_p.products[which].groupWarps) value += sums[w * kGroupRows];
                if (w + 1 < m_p.products[which].groupWarps) more += sums[(w + 1) * kGroupRows];
            }
        }
        value = (value + more) * factor;
        const std::uint32_t tag = tagOf(m_layer);
        std::uint32_t* to = m_run.exchange + mine.to;
        if (which == kQkvProduct) {
            const float pair = __shfl_xor_sync(0xffffffffu, value, 1);
            if (exists) storeTagged(to, __float_as_uint(value * mine.cosine + pair * mine.sine), tag);
        } else if (which == kGateUpProduct) {
            const float up = __shfl_down_sync(0xffffffffu, value, 1);
            const __half h = roundedHalf(__fdividef(value, 1.0f + __expf(-value)) * up, kHiddenScale),
                         pair = __shfl_down_sync(0xffffffffu, h, 2);
            if (exists && thread % 4 == 0) storeTagged(to, halfPair(h, pair), tag);
        } else {
            const float x = exists ? ownX() + value : 0;
            const __half rounded = roundedHalf(x, kInputScale),
                         pair = __shfl_down_sync(0xffffffffu, rounded, 1);
            if (!exists) return;
            if (thread % 2 == 0) storeTagged(to, halfPair(rounded, pair), tag);
            ownX() = x;
            if (which == kDownProduct && m_layer + 1 == m_p.layers) {
                m_run.x[mine.row] = x;
                m_run.roundedX[mine.row] = rounded;
            }
        }
    }

    const GridPlan& m_p;
    const GridRun& m_run;
    std::uint8_t* m_shared;
    GridRing m_ring;
    std::uint32_t m_position, m_page;
    std::uint32_t m_layer = 0;
    Activations m_input;
};

/// All threads of a block.
template <QuantType T, QuantType U, std::uint32_t Dim, KvType Kv>
__device__ __forceinline__ void runGridLayers(const GridPlan& p, const GridRun& run, std::uint8_t* shared) {
    const std::uint32_t base = sharedAddress(shared);
    const GridRing ring{base};
    const std::uint32_t words = p.layers * kLayerProducts * sizeof(GridStep) / 16;
    const auto* from = reinterpret_cast<const uint4*>(p.steps) + std::size_t{blockIdx.x} * words;
    for (std::uint32_t i = threadIdx.x; i < words; i += kStreamThreads)
        reinterpret_cast<uint4*>(shared + p.shared.steps)[i] = __ldg(from + i);
    // Position and pages were complete before any kernel of this step could start.
    const Row row = run.attention.rows.rows[0];
    auto* block = reinterpret_cast<GridBlock*>(shared + p.shared.share);
    if (threadIdx.x == 0) {
        *block = {GridAttentionShare(p, run.attention, row.position), 0};
        ring.init(kConsumerWarps);
    }
    __syncthreads();
    if (threadIdx.x >= kConsumers) {
        if (threadIdx.x != kConsumers) return;
        GridProducer producer{ring, base + p.shared.ring, p.shared.ringBytes};
        const GridAttentionShare share = block->share;
        produceGrid<T, U, Dim, Kv>(p, run.attention,
                                   reinterpret_cast<const GridStep*>(shared + p.shared.steps), &block->step,
                                   producer, share, row);
        return;
    }
    GridConsumers<T, U, Dim, Kv> consumers(p, run, shared, ring, row);
    waitForPreviousKernel();
    consumers.run();
}

} // namespace altiplano::kernels::cuda
