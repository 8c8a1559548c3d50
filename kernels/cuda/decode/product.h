#pragma once

#include "matrix.h"
#include "rows.h"

#include <cuda_runtime_api.h>
#include <span>
#include <vector>

/// The fast products of a decode step for one row (compute capability 9.0): each is one kernel that norms and
/// quantizes its input, streams packed weights through a shared-memory ring, and finishes its step. Weights
/// start to move before the previous kernel has ended.
namespace altiplano::kernels::cuda {

inline constexpr std::uint32_t kMaxBlocks = 192; ///< of a product kernel: one per multiprocessor
inline constexpr std::uint32_t kMaxParts = 3;

/// A stack of packed matrices over the same input, and how its rows are shared out.
struct Product {
    Matrix parts[kMaxParts];
    std::uint8_t roles[kMaxParts] = {}; ///< which matrix of the step each part is
    std::uint32_t partCount = 0;
    std::uint32_t columns = 0;
    std::uint32_t slots = 0, slotBytes = 0, stagesInFlight = 0;
    std::uint32_t maxGroups = 0; ///< most row groups of a block
    std::uint32_t blocks = 0;
    bool int8Input = false, floatInput = false;
    std::uint32_t sharedBytes = 0;
    std::uint16_t firstGroup[kMaxBlocks + 1] = {}; ///< block b owns groups [firstGroup[b], firstGroup[b + 1])
};

/// What a device offers, and the knobs that are tuned on it.
struct StreamLimits {
    std::uint32_t multiprocessors = 0;
    std::uint32_t sharedBytesPerBlock = 0;
    std::uint32_t bytesInFlight = 54 * 1024; ///< per multiprocessor; more only queues up
};

/// The products (one, unless the types differ in a way that no kernel is compiled for) that multiply these
/// matrices; empty where the fast kernels cannot.
std::vector<Product> planProducts(std::span<const Matrix> matrices, const StreamLimits& limits);

/// The step that a product is part of.
enum class Use { Qkv, Residual, GateUp, Logits };

/// Once per product and device, before its first launch.
void prepare(const Product& product, Use use);

struct NormInput {
    const float* x = nullptr;
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
void streamLogits(const Product& product, const NormInput& in, float* logits, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
