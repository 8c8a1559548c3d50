#pragma once

#include "kernels/step.h"

#include "decode/grid.h"
#include "decode/layers.h"
#include "decode/product.h"
#include "matrix.h"
#include "rows/token_tiles.h"

#include <optional>
#include <variant>
#include <vector>

/// A plan as it stands on a device: the steps of kernels::Plan with device weights in place of views. Where
/// `products` is not empty, the fast kernels can run the step for one row.
namespace altiplano::kernels::cuda {

struct DeviceNorm {
    const float* weight = nullptr;
    float epsilon = 0;
};

struct DeviceEmbed {
    Matrix table;
};

struct DeviceQkv {
    std::uint32_t layer = 0; ///< from 0 in this plan
    std::uint32_t rope = 0;  ///< index into DevicePlan::ropes
    DeviceNorm norm;
    Matrix q, k, v;
    std::vector<Product> products;
};

struct DeviceAttention {
    std::uint32_t layer = 0;
    float scale = 0;
    std::uint32_t window = 0;
    ColumnOrder outOrder = ColumnOrder::Natural; ///< for several rows, how the next step wants it
};

/// x += W in: the attention's output and the feed-forward's down projection.
struct DeviceResidual {
    bool fromAttention = false; ///< in = attention, else h
    bool halfInput = false;     ///< for one row, h is half floats
    Matrix weight;
    std::vector<Product> products;
};

struct DeviceGateUp {
    DeviceNorm norm;
    Matrix gate, up;                           ///< `up` is empty where `gate` holds both, interleaved
    bool halfOutput = false;                   ///< for one row, h goes to the next step as half floats
    ColumnOrder hOrder = ColumnOrder::Natural; ///< for several rows, how the next step wants h
    std::vector<Product> products;
};

struct DeviceLogits {
    DeviceNorm norm;
    Matrix head;
    std::vector<Product> products;
};

using DeviceStep =
    std::variant<DeviceEmbed, DeviceQkv, DeviceAttention, DeviceResidual, DeviceGateUp, DeviceLogits>;

struct DeviceRope {
    const float* inverseFrequency = nullptr;
    std::uint32_t pairs = 0;
    bool halves = false;
    float magnitude = 1;
};

struct DevicePlan {
    PlanShape shape;
    std::uint32_t layers = 0; ///< of this plan
    std::vector<DeviceRope> ropes;
    std::vector<DeviceStep> steps;
    StreamLimits limits;
    std::optional<ClusterPlan> cluster; ///< for one row, in place of the layers' steps
    std::optional<GridPlan> grid;       ///< likewise
    bool beginsWithEmbed = false, endsWithLogits = false;
    std::uint32_t widest = 0; ///< most columns of a matrix
    /// Most sequences that take the fast kernels, all at once where they fit: several rows at once are for
    /// int8 inputs, and beyond these few tensor cores are faster.
    std::uint32_t streamTokens = 1;
    std::uint64_t weightBytes = 0;
};

} // namespace altiplano::kernels::cuda
