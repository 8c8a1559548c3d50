#pragma once

#include "decode/attention.h"
#include "device_plan.h"
#include "memory.h"
#include "rows/row_product.h"
#include "step_stamps.h"

#include "kernels/backend.h"

namespace altiplano::kernels::cuda {

/// Most weights that are rounded to half floats for tensor cores at a time.
inline constexpr std::uint64_t kHalfWeightBytes = 128u << 20;

/// Rows of logits computed at a time.
inline constexpr std::uint32_t kLogitRows = 32;

/// Up to this many separate rows go through the fast kernels one after the other.
inline constexpr std::uint32_t kFastRows = 32;

/// Activations of up to `rows` rows.
struct Scratch {
    DeviceArray<float> x, normed, q, k, v, newKv, attention, gateUp, h, logits, scales;
    DeviceArray<float2> cosSin;                     ///< [ropes][rows][pairs]
    DeviceArray<__half> roundedX, roundedAttention; ///< inputs of the fast products
    DeviceArray<__half> halfInput, halfWeights, hTiles;
    DeviceArray<Row> rows;
    DeviceArray<std::uint32_t> pages, gather;
    DeviceArray<std::uint32_t> exchange; ///< of the blocks of a grid
    DeviceArray<RowTile> tiles;

    /// Visits every array with its element count: the same code sizes, allocates and sums up.
    template <class Visit>
    void visit(const DevicePlan& plan, const StateLimits& limits, Visit&& each) {
        const PlanShape& s = plan.shape;
        const std::size_t n = std::max(limits.maxRows, 1u), kv = std::size_t{s.kvHeads} * s.headDim;
        const std::size_t heads = std::size_t{s.heads} * s.headDim, wide = (plan.widest + 31) / 32 * 32;
        std::size_t pairs = 0;
        for (const DeviceRope& r : plan.ropes)
            pairs = std::max<std::size_t>(pairs, r.pairs);
        each(x, n * s.hidden);
        each(normed, n * s.hidden);
        each(roundedX, n * s.hidden);
        each(roundedAttention, n * heads);
        each(q, n * heads);
        each(k, n * kv);
        each(v, n * kv);
        each(newKv, std::min<std::size_t>(n, kFastRows) * 2 * kv);
        each(attention, n * heads);
        each(gateUp, n * 2 * s.feedForward);
        each(h, n * s.feedForward);
        each(logits, plan.endsWithLogits ? std::min<std::size_t>(n, kLogitRows) * s.vocabulary : 0);
        each(scales, n + 1); // read two at a time
        each(cosSin, plan.ropes.size() * n * pairs);
        const std::size_t padded = paddedTokens(static_cast<std::uint32_t>(n));
        each(halfInput, padded * tokenStride(plan.widest));
        each(hTiles, plan.limits.warpgroupProducts ? padded * tokenStride(s.feedForward) : 0);
        each(halfWeights, std::max<std::size_t>(kHalfWeightBytes / 2, wide * s.headDim * kGroupRows));
        each(rows, n);
        // A decode loop's page tables may each name every page.
        each(pages, std::size_t{limits.kvPages} * std::min<std::size_t>(n, kFastRows) + n);
        each(gather, n);
        each(exchange, gridExchange(s).words);
        each(tiles, n);
    }
};

class CudaState final : public ExecutionState {
public:
    CudaState(const DevicePlan& plan, const StateLimits& limits);
    ~CudaState() override;

    std::uint64_t bytes() const override { return m_bytes; }
    void copyPage(std::uint32_t from, std::uint32_t to, std::uint32_t tokens) override;

    static std::uint64_t bytesFor(const DevicePlan& plan, const StateLimits& limits);

    StateLimits limits;
    Stream stream;
    DeviceArray<std::uint8_t> kv;
    KvPool pool;
    Scratch scratch;
    PinnedArray<std::uint8_t> staging; ///< rows and page tables on their way in, logits on their way out
    DecodeAttention attention;         ///< planned for one row
    bool fastAttention = false;
    bool inCluster = false;         ///< one row's layers run as DevicePlan::cluster
    bool inGrid = false;            ///< one row's layers run as DevicePlan::grid
    std::uint32_t atOnceTokens = 0; ///< from this position on a kernel for each step is faster
    StepStamps stamps;              ///< of a timed row

private:
    std::uint64_t m_bytes = 0;
};

} // namespace altiplano::kernels::cuda
