#pragma once

#include "decode/layers_attention.cuh"
#include "decode/product_finish.cuh"
#include "device_time.cuh"

/// What a block of the cluster does from the first layer to the last.
namespace altiplano::kernels::cuda {

/// A place in every block's shared memory where the others' results arrive. Nobody writes the next layer's
/// before everybody has read this one's: each block has rows in every product, so that whoever is a step
/// ahead has results of everybody's last step.
struct Mailbox {
    std::uint32_t data, barrier, phase = 0;

    /// All consumers: waits for the next `bytes`.
    __device__ __forceinline__ void wait(std::uint32_t bytes) {
        if (threadIdx.x == 0) arriveExpecting(barrier, bytes);
        waitForRemote(barrier, phase);
        phase ^= 1;
    }

    /// All consumers: sends `chunks` x 16 bytes from this block's memory to chunk `first` and on in every
    /// block for which `wants(chunk, rank)`, a warp to each block.
    template <class Wants>
    __device__ __forceinline__ void send(const void* from, std::uint32_t first, std::uint32_t chunks,
                                         Wants&& wants) const {
        static_assert(kConsumerWarps == kClusterBlocks);
        const std::uint32_t rank = threadIdx.x / 32, to = remoteAddress(data + first * 16, rank),
                            remoteBarrier = remoteAddress(barrier, rank), source = sharedAddress(from);
        for (std::uint32_t i = threadIdx.x % 32; i < chunks; i += 32)
            if (wants(i, rank)) storeRemote(to + i * 16, shared128(source + i * 16), remoteBarrier);
    }

    __device__ __forceinline__ void sendToAll(const void* from, std::uint32_t first,
                                              std::uint32_t chunks) const {
        send(from, first, chunks, [](std::uint32_t, std::uint32_t) { return true; });
    }
};

/// Weights and old K/V of all layers, in the order in which the consumers take them.
template <QuantType T, KvType Kv>
__device__ __forceinline__ void produceLayers(const ClusterPlan& p, const DecodeAttention& a,
                                              const LayerTable* table, const Ring& ring, std::uint32_t rank,
                                              const Row& row) {
    Producer producer{ring, p.stagesInFlight};
    const AttentionShare share(p, rank);
    for (std::uint32_t i = 0; i < p.layers; ++i)
#pragma unroll 1
        for (std::uint32_t which = 0; which < kLayerProducts; ++which) {
            const LayerTable& layer = table[i];
            if (which == kQkvProduct || which == kGateUpProduct)
                producer.push(layer.norms[which / 2], p.hidden * 4);
            if (which == kOutputProduct) {
                const TokenRange range(a, layer.window, row.position, share.split);
                if (share.exists && share.split < range.splits)
                    produceKv<kClusterHeadDim, Kv, kKvPageTokens>(a, i, producer, share.kvHead, row, range);
            }
            produceProduct<T>(p.products[which], layer, rank, producer);
        }
}

/// The sixteen warps that compute.
template <QuantType T, KvType Kv>
class LayerConsumers {
public:
    __device__ __forceinline__ LayerConsumers(const ClusterPlan& plan, const ClusterRun& run,
                                              std::uint8_t* shared, const Ring& ring, std::uint32_t rank,
                                              const Row& row)
        : m_p(plan), m_run(run), m_shared(shared), m_ring(ring), m_rank(rank), m_share(plan, rank),
          m_range(run.attention, 0, row.position, m_share.split), m_position(row.position) {
        const ClusterShared& at = plan.shared;
        const std::uint32_t base = sharedAddress(shared), barriers = base + at.barriers + kMaxSlots * 16;
        m_input = {base + at.quants, base + at.scales, 0};
        m_x = {base + at.x, barriers};
        m_qkv = {base + at.qkv, barriers + 8};
        m_parts = {base + at.parts, barriers + 16};
        m_h = {base + at.h, barriers + 24};
        m_page = run.attention.rows.pages[row.pageTable + row.position / kKvPageTokens];
        const std::uint32_t kvHead = threadIdx.x / 32 / plan.splits;
        const bool exists = kvHead < plan.kvHeads;
        m_wanted[0] = exists ? kvHead * m_share.group * kClusterHeadDim : kNowhere;
        m_wanted[1] = exists ? (plan.heads + kvHead) * kClusterHeadDim : kNowhere;
        m_wanted[2] = exists ? (plan.heads + plan.kvHeads + kvHead) * kClusterHeadDim : kNowhere;
    }

    /// Once the kernel before is complete.
    __device__ __forceinline__ void run() {
        begin();
        // Rolled up: a layer in one piece is more code than the instruction caches hold.
#pragma unroll 1
        for (m_layer = 0; m_layer < m_p.layers; ++m_layer)
#pragma unroll 1
            for (std::uint32_t which = 0; which < kLayerProducts; ++which) {
                const LayerTable& layer = at<LayerTable>(m_p.shared.table)[m_layer];
                float factor = 1;
                if (which == kQkvProduct || which == kGateUpProduct) {
                    readNormed(m_layer + which > 0);
                    factor = normFactor(layer.epsilons[which / 2]);
                } else if (which == kOutputProduct) {
                    note(1);
                    attend(layer);
                } else {
                    m_h.wait(m_p.feedForward * 2);
                    prepareInput(m_p.feedForward, m_input, [&](std::uint32_t i) {
                        return InputEight(shared128(m_h.data + i * 16), kHiddenScale);
                    });
                    syncConsumers<kConsumers>();
                }
                note(which + (which > 0));
                product(which, layer, factor);
            }
    }

private:
    static constexpr std::uint32_t kNowhere = 1u << 31;

    template <class Element>
    __device__ __forceinline__ Element* at(std::uint32_t offset) const {
        return reinterpret_cast<Element*>(m_shared + offset);
    }

    /// That a step of the layer begins, where somebody measures.
    __device__ __forceinline__ void note(std::uint32_t step) const {
        if (m_run.stamps) noteTime(m_run.stamps + 2 * (m_layer * kLayerSteps + step));
    }

    __device__ __forceinline__ void begin() {
        const ClusterProduct& p = m_p.products[kOutputProduct];
        const std::uint32_t first = p.firstGroup(m_rank) * kGroupRows;
        if (first + threadIdx.x < p.firstGroup(m_rank + 1) * kGroupRows)
            at<float>(m_p.shared.ownX)[threadIdx.x] = __ldcg(m_run.x + first + threadIdx.x);
        if (threadIdx.x < m_p.hidden / 8)
            at<uint4>(m_p.shared.x)[threadIdx.x] =
                __ldcg(reinterpret_cast<const uint4*>(m_run.roundedX) + threadIdx.x);
        for (std::uint32_t i = threadIdx.x; i < m_p.ropes * m_p.pairs; i += kConsumers)
            at<float2>(m_p.shared.cosSin)[i] =
                __ldcg(m_run.cosSin + i / m_p.pairs * m_run.ropeStride + i % m_p.pairs);
        syncConsumers<kConsumers>();
    }

    /// x times the norm's weights as a product's input; the norm's factor is applied to the sums.
    __device__ __forceinline__ void readNormed(bool wait) {
        const bool mine = threadIdx.x < m_p.hidden / 8;
        float4 weights[2] = {};
        const std::uint32_t stage = m_ring.take();
        if (mine) {
            const InputEight w(shared128(stage + threadIdx.x * 32), shared128(stage + threadIdx.x * 32 + 16));
            weights[0] = make_float4(w.x[0], w.x[1], w.x[2], w.x[3]);
            weights[1] = make_float4(w.x[4], w.x[5], w.x[6], w.x[7]);
        }
        m_ring.release();
        if (wait) m_x.wait(m_p.hidden * 2);
        float squares = 0;
        prepareInput(m_p.hidden, m_input, [&](std::uint32_t i) {
            InputEight eight(shared128(m_x.data + i * 16), kInputScale);
            squares = eight.squares();
            eight.multiply(weights[0], weights[1]);
            return eight;
        });
        for (int offset = 16; offset > 0; offset /= 2)
            squares += __shfl_xor_sync(0xffffffffu, squares, offset);
        if (threadIdx.x % 32 == 0) at<float>(m_p.shared.squares)[threadIdx.x / 32] = squares;
        syncConsumers<kConsumers>();
    }

    __device__ __forceinline__ float normFactor(float epsilon) const {
        float total = 0;
        for (std::uint32_t w = 0; w < kConsumerWarps; ++w)
            total += at<float>(m_p.shared.squares)[w];
        return rsqrtf(total / static_cast<float>(m_p.hidden) + epsilon);
    }

    /// Multiplies the input with the block's groups, finishes its rows and sends them to whom they concern.
    __device__ __forceinline__ void product(std::uint32_t which, const LayerTable& layer, float factor) {
        const ClusterProduct& p = m_p.products[which];
        const std::uint32_t units = p.units, begin = p.firstGroup(m_rank),
                            groups = p.firstGroup(m_rank + 1) - begin;
        auto* partials = at<float>(m_p.shared.partials);
        multiplyUnits<T>(units, groups * units, m_ring, m_input, partials);
        syncConsumers<kConsumers>();
        const bool mine = threadIdx.x < groups * kGroupRows;
        float value = 0;
        if (mine) {
            const float* sums =
                partials + threadIdx.x / kGroupRows * units * kGroupRows + threadIdx.x % kGroupRows;
#pragma unroll 4
            for (std::uint32_t u = 0; u < units; ++u)
                value += sums[u * kGroupRows];
        }
        value *= factor;
        const float pair = __shfl_xor_sync(0xffffffffu, value, 1);
        const bool last = which == kDownProduct && m_layer + 1 == m_p.layers;
        if (mine) {
            const std::uint32_t row = begin * kGroupRows + threadIdx.x;
            if (which == kQkvProduct)
                finishQkv(layer, row, value, pair);
            else if (which == kGateUpProduct)
                finishGateUp(layer, row, value, pair);
            else
                finishResidual(layer.biases[which == kOutputProduct ? kOutput : kDown], row, value, last);
        }
        syncConsumers<kConsumers>();
        const void* staged = m_shared + m_p.shared.staged;
        if (which == kQkvProduct)
            m_qkv.send(staged, begin * 2, groups * 2, [&](std::uint32_t chunk, std::uint32_t) {
                const std::uint32_t row = begin * kGroupRows + chunk * 4;
                return row - m_wanted[0] < m_share.group * kClusterHeadDim ||
                       row - m_wanted[1] < kClusterHeadDim || row - m_wanted[2] < kClusterHeadDim;
            });
        else if (which == kGateUpProduct)
            m_h.sendToAll(staged, begin / 2, groups / 2);
        else if (!last)
            m_x.sendToAll(staged, begin, groups);
    }

    __device__ __forceinline__ void finishQkv(const LayerTable& layer, std::uint32_t row, float value,
                                              float pair) const {
        const std::uint32_t qRows = m_p.heads * kClusterHeadDim, kvRows = m_p.kvHeads * kClusterHeadDim;
        const LayerMatrix matrix = row < qRows ? kQ : row < qRows + kvRows ? kK : kV;
        const std::uint32_t r = row - (matrix == kQ ? 0 : matrix == kK ? qRows : qRows + kvRows);
        const std::uint32_t d = r % kClusterHeadDim;
        const bool turns = matrix != kV;
        if (const float* bias = layer.biases[matrix]) { // added before the turn
            value += __ldg(bias + (turns ? m_p.order.tensorRow(r) : r));
            pair += __ldg(bias + (turns ? m_p.order.tensorRow(r ^ 1) : r ^ 1));
        }
        if (turns && d < 2 * m_p.pairs) {
            const float2 cs = at<float2>(m_p.shared.cosSin)[layer.rope * m_p.pairs + d / 2];
            value = d % 2 == 0 ? value * cs.x - pair * cs.y : value * cs.x + pair * cs.y;
        }
        at<float>(m_p.shared.staged)[threadIdx.x] = value;
    }

    __device__ __forceinline__ void finishGateUp(const LayerTable& layer, std::uint32_t row, float gate,
                                                 float up) const {
        if (threadIdx.x % 2 != 0) return;
        if (const float* bias = layer.biases[kGateUp]) {
            gate += __ldg(bias + row);
            up += __ldg(bias + row + 1);
        }
        at<__half>(m_p.shared.staged)[threadIdx.x / 2] =
            roundedHalf(__fdividef(gate, 1.0f + __expf(-gate)) * up, kHiddenScale);
    }

    /// x += W in, for the rows of x that are this block's.
    __device__ __forceinline__ void finishResidual(const float* bias, std::uint32_t row, float value,
                                                   bool last) const {
        float& x = at<float>(m_p.shared.ownX)[threadIdx.x];
        x += bias ? value + __ldg(bias + row) : value;
        const __half rounded = roundedHalf(x, kInputScale);
        at<__half>(m_p.shared.staged)[threadIdx.x] = rounded;
        if (!last) return;
        m_run.x[row] = x;
        m_run.roundedX[row] = rounded;
    }

    /// From q, k and v to the output projection's input.
    __device__ __forceinline__ void attend(const LayerTable& layer) {
        if (layer.window != m_window) {
            m_window = layer.window;
            m_range = TokenRange(m_run.attention, m_window, m_position, m_share.split);
        }
        const TokenRange& range = m_range;
        const std::uint32_t group = m_share.group;
        if (m_share.exists) {
            m_qkv.wait((group + 2) * kClusterHeadDim * 4);
            if (m_share.split < range.splits) {
                auto& softmax = *at<ClusterParts>(m_p.shared.softmax);
                auto* staged = at<float>(m_p.shared.staged);
                attendShare<Kv>(m_p, m_run.attention, {m_layer, layer.scale, layer.window}, m_share, range,
                                m_position, m_page, m_ring, m_qkv.data, softmax);
                syncConsumers<kConsumers>();
                combineWarps(m_share, m_share.parts(m_p, range), softmax, staged);
                syncConsumers<kConsumers>();
                constexpr std::uint32_t kChunks = kHeadPartFloats / 4;
                m_parts.sendToAll(staged, (m_share.split * m_p.heads + m_share.kvHead * group) * kChunks,
                                  group * kChunks);
            }
        }
        m_parts.wait(range.splits * m_p.heads * kHeadPartFloats * 4);
        prepareInput(m_p.heads * kClusterHeadDim, m_input, [&](std::uint32_t i) {
            InputEight eight = combineSplits(m_p, m_parts.data, range.splits, i);
#pragma unroll
            for (int j = 0; j < 8; ++j) // as the product of several kernels takes it
                eight.x[j] = __half2float(__float2half_rn(eight.x[j] / kInputScale)) * kInputScale;
            return eight;
        });
        syncConsumers<kConsumers>();
    }

    const ClusterPlan& m_p;
    const ClusterRun& m_run;
    std::uint8_t* m_shared;
    Ring m_ring;
    std::uint32_t m_rank;
    AttentionShare m_share;
    TokenRange m_range;
    std::uint32_t m_position, m_page, m_window = 0, m_layer = 0;
    std::uint32_t m_wanted[3]; ///< first rows of q, k and v that the block of this warp's number attends with
    Activations m_input;
    Mailbox m_x, m_qkv, m_parts, m_h;
};

/// All threads of a block of the cluster.
template <QuantType T, KvType Kv>
__device__ __forceinline__ void runLayers(const ClusterPlan& p, const ClusterRun& run, std::uint8_t* shared) {
    const std::uint32_t rank = clusterRank(), base = sharedAddress(shared),
                        barriers = base + p.shared.barriers;
    const Ring ring{base + p.shared.slots, barriers, barriers + kMaxSlots * 8, p.slots, p.slotBytes};
    auto* table = reinterpret_cast<LayerTable*>(shared + p.shared.table);
    for (std::uint32_t i = threadIdx.x; i < p.layers * sizeof(LayerTable) / 16; i += kStreamThreads)
        reinterpret_cast<uint4*>(table)[i] = __ldg(reinterpret_cast<const uint4*>(p.table) + i);
    if (threadIdx.x == 0) {
        for (std::uint32_t i = 0; i < 4; ++i)
            initBarrier(barriers + kMaxSlots * 16 + 8 * i, 1);
        ring.init(kConsumerWarps);
    }
    __syncthreads();
    arriveAtCluster();
    // Position and pages were complete before any kernel of this step could start.
    const Row row = run.attention.rows.rows[0];
    if (threadIdx.x >= kConsumers) {
        if (threadIdx.x == kConsumers) produceLayers<T, Kv>(p, run.attention, table, ring, rank, row);
        __syncwarp();
        waitForCluster();
    } else {
        LayerConsumers<T, Kv> consumers(p, run, shared, ring, rank, row);
        waitForCluster(); // everybody's barriers are there
        waitForPreviousKernel();
        consumers.run();
        __syncwarp();
    }
    arriveAtCluster(); // a block's memory is there until the last one needs it no more
    waitForCluster();
}

} // namespace altiplano::kernels::cuda
