#pragma once

#include "decode/attention.h"
#include "decode/layers.h"
#include "decode/product.h"

#include "kernels/step.h"

#include <optional>
#include <vector>

/// All layers of a decode step for one row in one kernel over all multiprocessors, a block on each. Blocks
/// hand each other their results as tagged words (tagged.cuh), and weights stream on across the borders of
/// steps, so that memory works while a result is waited for.
///
/// The launch is cooperative: it waits until all blocks are resident, whoever else uses the device, so that
/// none waits for one that cannot start. Should a word not come all the same, the kernel ends with an error.
namespace altiplano::kernels::cuda {

struct DevicePlan;

inline constexpr std::uint32_t kGridAttentionWarps = 8; ///< that attend in a block
inline constexpr std::uint32_t kGridSplits = 4;         ///< most blocks that share a query head's tokens
inline constexpr std::uint32_t kGridTokens = 128;       ///< of a head that one block does as fast as several
inline constexpr std::uint32_t kGridRingHead = 16 * 20; ///< of the ring in shared memory, before its data

/// A block's rows of one matrix.
struct GridPart {
    const std::uint8_t* data = nullptr;
    std::uint32_t firstRow = 0; ///< packed
    std::uint16_t groups = 0;
    std::uint8_t second = 0; ///< 1: of the second of the plan's types
    std::uint8_t role = 0;   ///< which matrix of the product it is
    bool joined = false;     ///< goes on where the part before ends, and is streamed with it
};

/// A block's share of one product of one layer.
struct alignas(16) GridStep {
    GridPart parts[kMaxParts];
    const float* norm = nullptr; ///< of the input
    float epsilon = 0;
    std::uint32_t partCount = 0;
};

/// What a product's matrices have in common; see StreamPart.
struct GridProduct {
    std::uint32_t columns = 0, units = 0, stageUnits = 0, groupWarps = 1, stageGroups = 1, maxGroups = 0;
};

/// Where in a state's exchange (32-bit words) what is handed on.
struct GridExchange {
    std::uint32_t x[2] =
        {};                ///< after attention and after the feed-forward: pairs of half floats / kInputScale
    std::uint32_t h = 0;   ///< pairs of half floats / kHiddenScale
    std::uint32_t qkv = 0; ///< floats: q, k, v
    std::uint32_t attention = 0; ///< [split] pairs of half floats / kInputScale
    std::uint32_t softmax = 0;   ///< [split][head] maximum, total and two that are not used
    std::uint32_t words = 0;
};

struct GridShared {
    std::uint32_t ring, ringBytes, steps, quants, scales, squares, partials, softmax, finish, cosSin, x,
        share, end;
};

/// How a plan's layers run in one grid.
struct GridPlan {
    const GridStep* steps = nullptr; ///< [block][layer][product], in device memory
    std::uint32_t blocks = 0, layers = 0, hidden = 0, heads = 0, kvHeads = 0, headDim = 0, rotated = 0;
    RowOrder order;                                            ///< of q and k
    QuantType first = QuantType::F32, second = QuantType::F32; ///< of the matrices
    GridProduct products[kLayerProducts];
    float scale = 0; ///< of attention
    std::uint32_t splits = 0;
    std::uint32_t tokens = 0; ///< from this position on a kernel for each step is faster
    std::uint32_t window = 0;
    /// Most stages under way per block for the product that is being multiplied, and for those after it: what
    /// blocks hand each other must not queue up behind them.
    std::uint32_t stagesInFlight = 4, stagesAhead = 1;
    GridShared shared{};
    GridExchange exchange;
    Ahead ahead; ///< of the logits
};

/// A state's arrays.
struct GridRun {
    DecodeAttention attention; ///< its pool, rows and heads
    std::uint32_t* exchange = nullptr;
    float* x = nullptr;         ///< in and out
    __half* roundedX = nullptr; ///< the same, divided by kInputScale
    const float2* cosSin = nullptr;
    unsigned long long* stamps = nullptr; ///< where not null, in [2 i] when each of the layers' steps began
};

GridExchange gridExchange(const PlanShape& shape);

/// How the layers of a plan run in one grid, where that is the faster way and the kernel takes their shapes.
/// `steps` are what the device needs, not there yet.
std::optional<GridPlan> planGrid(const DevicePlan& plan, std::vector<GridStep>& steps);

/// Once per plan and kind of K/V; false where the device cannot run all blocks at once.
bool prepareGrid(const GridPlan& plan, KvType kvType);

void runGrid(const GridPlan& plan, const GridRun& run, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
