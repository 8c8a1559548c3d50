#pragma once

#include "decode/ahead.h"
#include "matrix.h"
#include "rows.h"

#include <cuda_fp16.h>
#include <cuda_runtime_api.h>
#include <span>
#include <vector>

/// The fast products of a decode step for one token or a few of different sequences (compute capability 9.0):
/// each is one kernel that norms and quantizes its inputs, streams packed weights through a shared-memory
/// ring, and finishes its step. Weights start to move before the previous kernel has ended.
namespace altiplano::kernels::cuda {

inline constexpr std::uint32_t kMaxBlocks = 192; ///< of a product kernel: one per multiprocessor
inline constexpr std::uint32_t kMaxParts = 3;
inline constexpr std::uint32_t kMaxStreamTokens = 4; ///< that a product kernel takes at once

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
    std::uint32_t tokens = 1; ///< inputs
    Ahead ahead;              ///< of the product after it
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
    /// Asked for per multiprocessor ahead of the next product: more delays what others still wait for. Before
    /// attention that is K, V and the queries; after it little is waited for: the blocks of the output
    /// projection have all their weights while attention still runs.
    std::uint32_t aheadBytes = 24 * 1024, aheadOfAttention = 8 * 1024, aheadAfterAttention = 72 * 1024;
    bool layersAtOnce = true; ///< all layers run in one kernel (layers.h, grid.h) where they can
};

/// The products (one, unless the types differ in a way that no kernel is compiled for) that multiply these
/// matrices; empty where the fast kernels cannot.
std::vector<Product> planProducts(std::span<const Matrix> matrices, const StreamLimits& limits);

/// The same product over `tokens` inputs; `slots` == 0 where they do not fit. 1, or up to kMaxStreamTokens
/// where the input is int8.
Product forTokens(Product product, std::uint32_t tokens, const StreamLimits& limits);

/// A product, and how much it may ask for per multiprocessor.
struct ChainLink {
    Product* product;
    std::uint32_t bytes;
};

/// Has every product ask for the beginning of the next one's weights, and the last for the first one's: the
/// order in which a step streams them.
void chainProducts(std::span<const ChainLink> links, const StreamLimits& limits);

/// Once per product and device, before its first launch.
void prepare(Product product);

/// The input of a product, normed where there is a weight: half floats times `scale`, and the floats they
/// come from, which weights that are floats are multiplied with where they are given. Those of several tokens
/// stand one after the other.
struct ProductInput {
    const __half* rounded = nullptr;
    float scale = 1;
    const float* floats = nullptr;
    const float* norm = nullptr;
    float epsilon = 0;

    /// From the token of that number on, where each has `columns`.
    ProductInput from(std::size_t token, std::uint32_t columns) const {
        ProductInput in = *this;
        in.rounded += token * columns;
        if (in.floats) in.floats += token * columns;
        return in;
    }
};

/// q = turned; k (turned) and v to `newKv`, [2][kvRows]: the attention kernel stores them.
struct QkvResult {
    float* q = nullptr;
    float* newKv = nullptr;
    const float2* cosSin = nullptr;
    std::uint32_t headDim = 0, rotated = 0, kvRows = 0, heads = 0; ///< `heads` x headDim: elements of q
};

/// The step that a product is part of: q, k and v; x += W in; h = silu(gate) * up; the logits.
enum class Use { Qkv, Residual, GateUp, Logits };

/// What a step does with its sums, and where they go: those of several tokens one after the other.
struct Finish {
    Use use = Use::Logits;
    QkvResult qkv;             ///< Qkv
    float* out = nullptr;      ///< x, h or the logits
    std::uint32_t outs = 0;    ///< elements of `out` or `rounded` for a token
    __half* rounded = nullptr; ///< x divided by kInputScale, or h by kHiddenScale (then h itself is left out)
    /// Get the device's time when the input is there and when the last block is done; may be null.
    unsigned long long *began = nullptr, *ended = nullptr;

    /// From the token of that number on.
    Finish from(std::size_t token) const {
        Finish f = *this;
        if (f.out) f.out += token * outs;
        if (f.rounded) f.rounded += token * outs;
        f.qkv.q += token * qkv.heads * qkv.headDim;
        f.qkv.newKv += token * 2 * qkv.kvRows;
        f.qkv.cosSin += token * (qkv.rotated / 2);
        return f;
    }
};

/// Launches with programmatic dependence on the kernel before.
void streamProduct(const Product& product, const ProductInput& in, const Finish& finish, cudaStream_t stream);

/// to[i] = from[i] / scale, for inputs that another kernel left as floats.
void roundInput(const float* from, __half* to, float scale, std::uint32_t count, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
