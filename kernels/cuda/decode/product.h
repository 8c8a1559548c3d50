#pragma once

#include "matrix.h"
#include "rows.h"

#include <cuda_fp16.h>
#include <cuda_runtime_api.h>
#include <span>
#include <vector>

/// The fast products of a decode step for one row (compute capability 9.0): each is one kernel that norms and
/// quantizes its input, streams packed weights through a shared-memory ring, and finishes its step. Weights
/// start to move before the previous kernel has ended.
namespace altiplano::kernels::cuda {

inline constexpr std::uint32_t kMaxBlocks = 192; ///< of a product kernel: one per multiprocessor
inline constexpr std::uint32_t kMaxParts = 3;

/// What the kernels of a step hand each other travels as half floats, divided by these: the residual stream
/// (and the attention's output) may reach 260,000, h a million.
inline constexpr float kInputScale = 4, kHiddenScale = 16;

/// A packed matrix as a kernel streams it: everything worked out beforehand.
struct StreamPart {
    const std::uint8_t* data = nullptr;
    const float* bias = nullptr;
    std::uint32_t groups = 0, groupBytes = 0;
    std::uint32_t units = 0; ///< of a group
    std::uint32_t stageUnits = 0, unitBytes = 0;
    std::uint32_t groupWarps = 0;  ///< warps that share a group: 16, or fewer where a group has fewer units
    std::uint32_t stageGroups = 0; ///< groups of a stage: 1, or as many as the 16 warps take at once
    std::uint32_t rows = 0;
    RowOrder order;
    QuantType type = QuantType::F32;
    std::uint32_t role = 0; ///< which matrix of the step it is
};

/// Where a product kernel keeps what in shared memory, in bytes from its start.
struct ProductShared {
    std::uint32_t slots, barriers, quants, scales, floats, squares, partials, end;
};

/// A stack of packed matrices over the same input, and how its rows are shared out.
struct Product {
    StreamPart parts[kMaxParts];
    std::uint32_t partCount = 0;
    std::uint32_t columns = 0;
    std::uint32_t slots = 0, slotBytes = 0, stagesInFlight = 0;
    std::uint32_t maxGroups = 0; ///< most row groups of a block
    std::uint32_t blocks = 0;
    bool int8Input = false, floatInput = false;
    ProductShared shared;
    std::uint16_t firstGroup[kMaxBlocks + 1] = {}; ///< block b owns groups [firstGroup[b], firstGroup[b + 1])
};

/// What a device offers, and the knobs that are tuned on it.
struct StreamLimits {
    std::uint32_t multiprocessors = 0;
    std::uint32_t sharedBytesPerBlock = 0; ///< 0: the fast kernels cannot run
    bool warpgroupProducts = false; ///< the products of several rows (rows/): compute capability 9.0 alone
    /// Under way per multiprocessor; more only queues up, in front of what others wait for.
    std::uint32_t bytesInFlight = 54 * 1024;
};

/// The products (one, unless the types differ in a way that no kernel is compiled for) that multiply these
/// matrices; empty where the fast kernels cannot.
std::vector<Product> planProducts(std::span<const Matrix> matrices, const StreamLimits& limits);

/// Once per product and device, before its first launch.
void prepare(const Product& product);

/// The input of a product, normed where there is a weight: half floats times `scale`, and the floats they
/// come from, which weights that are floats are multiplied with where they are given.
struct ProductInput {
    const __half* rounded = nullptr;
    float scale = 1;
    const float* floats = nullptr;
    const float* norm = nullptr;
    float epsilon = 0;
};

/// q = turned; k (turned) and v to `newKv`, [2][kvRows]: the attention kernel stores them.
struct QkvResult {
    float* q = nullptr;
    float* newKv = nullptr;
    const float2* cosSin = nullptr;
    std::uint32_t headDim = 0, rotated = 0, kvRows = 0;
};

/// The step that a product is part of: q, k and v; x += W in; h = silu(gate) * up; the logits.
enum class Use { Qkv, Residual, GateUp, Logits };

/// What a step does with its sums, and where they go.
struct Finish {
    Use use = Use::Logits;
    QkvResult qkv;             ///< Qkv
    float* out = nullptr;      ///< x, h or the logits
    __half* rounded = nullptr; ///< x divided by kInputScale, or h by kHiddenScale (then h itself is left out)
};

/// Launches with programmatic dependence on the kernel before.
void streamProduct(const Product& product, const ProductInput& in, const Finish& finish, cudaStream_t stream);

/// to[i] = from[i] / scale, for inputs that another kernel left as floats.
void roundInput(const float* from, __half* to, float scale, std::uint32_t count, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
