#pragma once

#include "decode/attention.h"
#include "decode/product.h"

#include <optional>
#include <vector>

/// All layers of a decode step for one row in one kernel: a single cluster of sixteen blocks, which hand each
/// other their results through distributed shared memory. For models whose layers are so small that a kernel
/// per step would spend its time starting and ending; sixteen multiprocessors read and multiply such a layer
/// sooner than five kernels can begin.
namespace altiplano::kernels::cuda {

struct DevicePlan;

inline constexpr std::uint32_t kClusterBlocks = 16;
inline constexpr std::uint32_t kClusterHeadDim = 64; ///< the only one that the kernel is compiled for
/// From this position on, more blocks attend sooner than the sixteen.
inline constexpr std::uint32_t kClusterTokens = 2048;
/// The steps of a layer in a plan: q, k and v; attention; projection; gate and up; down.
inline constexpr std::uint32_t kLayerSteps = 5;
inline constexpr std::uint32_t kStageUnits = 16; ///< most units of a ring stage: one a warp
/// A head's part of a softmax as blocks hand it on: sums, maximum, total and padding.
inline constexpr std::uint32_t kHeadPartFloats = kClusterHeadDim + 4;

/// The matrices of a layer in the order of its steps.
enum LayerMatrix : std::uint32_t { kQ, kK, kV, kOutput, kGateUp, kDown, kLayerMatrices };
/// The products of a layer; the first multiplies three matrices.
enum LayerProduct : std::uint32_t {
    kQkvProduct,
    kOutputProduct,
    kGateUpProduct,
    kDownProduct,
    kLayerProducts
};

/// What differs from layer to layer.
struct alignas(16) LayerTable {
    const std::uint8_t* matrices[kLayerMatrices] = {};
    const float* biases[kLayerMatrices] = {};
    const float* norms[2] = {}; ///< before q, k, v and before gate and up
    float epsilons[2] = {};
    float scale = 0; ///< of the attention
    std::uint32_t window = 0;
    std::uint32_t rope = 0;
};

/// A product as the cluster runs it: the groups of its stacked matrices in equal shares.
struct ClusterProduct {
    std::uint32_t columns = 0, units = 0; ///< units of a group
    std::uint32_t firstMatrix = 0, matrixCount = 0;
    std::uint32_t ends[3] = {};    ///< of the stacked matrices, in groups
    std::uint32_t shareGroups = 1; ///< a block's groups are a multiple of these

    std::uint32_t shares = 0; ///< groups / shareGroups

    constexpr std::uint32_t firstGroup(std::uint32_t block) const {
        return shares * block / kClusterBlocks * shareGroups;
    }
    constexpr std::uint32_t mostGroups() const { return divideUp(shares, kClusterBlocks) * shareGroups; }
};

/// Where a block keeps what in shared memory, in bytes from its start.
struct ClusterShared {
    std::uint32_t slots, barriers, table, x, ownX, qkv, parts, h, quants, scales, squares, partials, staged,
        softmax, cosSin, end;
};

/// How a plan's layers run in one cluster.
struct ClusterPlan {
    const LayerTable* table = nullptr; ///< in device memory
    std::uint32_t layers = 0, hidden = 0, heads = 0, kvHeads = 0, feedForward = 0;
    std::uint32_t splits = 0;           ///< most blocks that share a KV head's tokens
    std::uint32_t ropes = 0, pairs = 0; ///< pairs of every rope
    RowOrder order;                     ///< of q and k
    QuantType type = QuantType::F32;    ///< of all matrices
    ClusterProduct products[kLayerProducts];
    std::uint32_t slots = 0, slotBytes = 0, stagesInFlight = 0;
    ClusterShared shared{};
};

/// A state's arrays.
struct ClusterRun {
    DecodeAttention attention;  ///< its pool, rows and heads
    float* x = nullptr;         ///< in and out
    __half* roundedX = nullptr; ///< the same, divided by kInputScale
    const float2* cosSin = nullptr;
    std::uint32_t ropeStride = 0;         ///< of cosSin
    unsigned long long* stamps = nullptr; ///< where not null, in [2 i] when each of the layers' steps began
};

/// How the layers of a plan run in one cluster, where that is the faster way and the kernel takes their
/// shapes: layers of a few megabytes, matrices of one type, heads of 64. `table` is what the device needs,
/// not there yet.
std::optional<ClusterPlan> planCluster(const DevicePlan& plan, std::vector<LayerTable>& table);

/// Once per plan and kind of K/V; false where the device cannot run such a cluster.
bool prepareCluster(const ClusterPlan& plan, KvType kvType);

/// Launches with programmatic dependence on the kernel before.
void runCluster(const ClusterPlan& plan, const ClusterRun& run, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
