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

/// Of h where it travels as half floats: keeps values of up to a million in range.
inline constexpr float kHalfScale = 1.0f / 16;

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
    std::uint32_t slots, barriers, quants, scales, sums, floats, squares, inputReady, partials, end;
};

/// A stack of packed matrices over the same input, and how its rows are shared out.
struct Product {
    StreamPart parts[kMaxParts];
    std::uint32_t partCount = 0;
    std::uint32_t columns = 0;
    std::uint32_t slots = 0, slotBytes = 0, stagesBeforeInput = 0, stagesInFlight = 0;
    std::uint32_t maxGroups = 0; ///< most row groups of a block
    std::uint32_t blocks = 0;
    bool int8Input = false, floatInput = false;
    ProductShared shared;
    std::uint16_t firstGroup[kMaxBlocks + 1] = {}; ///< block b owns groups [firstGroup[b], firstGroup[b + 1])
};

/// What a device offers, and the knobs that are tuned on it.
struct StreamLimits {
    std::uint32_t multiprocessors = 0;
    std::uint32_t sharedBytesPerBlock = 0;
    /// Under way per multiprocessor; more only queues up, in front of what others wait for.
    std::uint32_t bytesBeforeInput = 36 * 1024, bytesInFlight = 54 * 1024;
};

/// The products (one, unless the types differ in a way that no kernel is compiled for) that multiply these
/// matrices; empty where the fast kernels cannot.
std::vector<Product> planProducts(std::span<const Matrix> matrices, const StreamLimits& limits);

/// The step that a product is part of.
enum class Use { Qkv, Residual, GateUp, Logits };

/// Once per product and device, before its first launch.
void prepare(const Product& product, Use use);

/// The input of a product: floats, or half floats of h times kHalfScale.
struct NormInput {
    const void* x = nullptr;
    const float* weight = nullptr;
    float epsilon = 0;
};

/// q = turned; k (turned) and v to `newKv`, [2][kvRows]: the attention kernel stores them.
struct QkvResult {
    float* q = nullptr;
    float* newKv = nullptr;
    const float2* cosSin = nullptr;
    std::uint32_t headDim = 0, rotated = 0, kvRows = 0;
};

/// Launches with programmatic dependence on the kernel before.
void streamQkv(const Product& product, const NormInput& in, const QkvResult& out, cudaStream_t stream);
void streamResidual(const Product& product, const float* in, float* x, cudaStream_t stream);
void streamGateUp(const Product& product, const NormInput& in, float* h, cudaStream_t stream);

/// The same with h as half floats, so that the next product has half the bytes to wait for.
void streamGateUp(const Product& product, const NormInput& in, __half* h, cudaStream_t stream);
void streamResidual(const Product& product, const __half* in, float* x, cudaStream_t stream);
void streamLogits(const Product& product, const NormInput& in, float* logits, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
