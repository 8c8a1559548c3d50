#pragma once

#include "matrix.h"
#include "rows.h"
#include "rows/token_tiles.h"

#include <cuda_fp16.h>
#include <cuda_runtime_api.h>

/// Kernels for any shape, type, row count and device. All activations are float32, one row after the other.
namespace altiplano::kernels::cuda {

/// x[row] = table[token of row]
void embed(const Matrix& table, const Rows& rows, float* x, cudaStream_t stream);

/// out = x / rms(x) * weight, per row of `columns`
void rmsNorm(const float* x, const float* weight, float epsilon, float* out, std::uint32_t columns,
             std::uint32_t rows, cudaStream_t stream);

/// Where a product goes: out[row * stride + weight row], added to what is there where `accumulate`.
struct Output {
    float* data = nullptr;
    std::uint32_t stride = 0;
    bool accumulate = false;
};

/// out = W in + bias for few rows: float32 throughout.
void matvec(const Matrix& weight, const float* in, std::uint32_t rows, const Output& out,
            cudaStream_t stream);

/// Rows [first, first + count) of W as half floats in the tensor's order, each padded with zeros to `stride`
/// (a multiple of 32). `first` and `count` are multiples of whole groups and of whole heads where rows are
/// paired.
void dequantizeToHalf(const Matrix& weight, std::uint32_t first, std::uint32_t count, __half* out,
                      std::uint32_t stride, cudaStream_t stream);

/// in (or its RMS norm, where `normWeight` is not null) as half floats, padded likewise; each row divided by
/// scales[row], a power of two that keeps it in range.
void toHalf(const float* in, const float* normWeight, float epsilon, std::uint32_t columns, __half* out,
            float* scales, std::uint32_t stride, std::uint32_t rows, cudaStream_t stream);

/// Rows of `in` and of `weights` that a block of gemm multiplies.
inline constexpr std::uint32_t kGemmTile = 128;

/// out[row][n] = scales[row] * in[row] . weights[n] + bias[n] on tensor cores, float32 sums.
void gemm(const __half* in, const float* scales, const __half* weights, std::uint32_t stride,
          std::uint32_t rows, std::uint32_t weightRows, const float* bias, const Output& out,
          cudaStream_t stream);

/// Sine and cosine for each row: cosSin[row][pair], times `magnitude`.
void ropeTable(const Rows& rows, const float* inverseFrequency, std::uint32_t pairs, float magnitude,
               float2* cosSin, cudaStream_t stream);

struct RopeShape {
    std::uint32_t heads = 0, kvHeads = 0, headDim = 0;
    std::uint32_t pairs = 0;    ///< turned pairs of a head
    bool halves = false;        ///< pair i is dimensions i and i + pairs, else 2i and 2i + 1
    std::uint32_t kvStride = 0; ///< floats from row to row of k, and of v
    bool dependent = false;     ///< may start while the kernel before ends: compute capability 9.0
};

/// Turns q and k in place and writes k and v to the rows' KV pages.
void ropeAndStore(const RopeShape& shape, const Rows& rows, const float2* cosSin, float* q, float* k,
                  const float* v, const KvPool& pool, std::uint32_t layer, cudaStream_t stream);

struct AttentionShape {
    std::uint32_t heads = 0;
    float scale = 0;
    std::uint32_t window = 0;
};

/// out = softmax(scale q K^T) V over each row's own pages, up to and with its own position.
void attention(const AttentionShape& shape, const Rows& rows, const float* q, const KvPool& pool,
               std::uint32_t layer, float* out, cudaStream_t stream);

/// Up to kTileRows rows of one sequence, one position after the other.
struct RowTile {
    std::uint32_t first = 0, count = 0;
};
inline constexpr std::uint32_t kTileRows = 64;

/// Whether tiledAttention is compiled for the shape.
bool canTileAttention(const KvPool& pool);

/// Where attention goes: to floats, or to the token rows of the product that follows.
struct AttentionOutput {
    float* floats = nullptr;
    TokenTiles tiles; ///< where `floats` is null
};

/// The same as attention, for prompts: a tile of rows at a time, on tensor cores.
void tiledAttention(const AttentionShape& shape, const Rows& rows, const RowTile* tiles,
                    std::uint32_t tileCount, const float* q, const KvPool& pool, std::uint32_t layer,
                    const AttentionOutput& out, cudaStream_t stream);

/// h = silu(gate) * up. `gateUp` [rows x 2 * width]: the two interleaved, or gate before up.
void siluMultiply(const float* gateUp, bool interleaved, std::uint32_t width, std::uint32_t rows, float* h,
                  cudaStream_t stream);

/// out[i] = x[indices[i]]
void gatherRows(const float* x, const std::uint32_t* indices, std::uint32_t columns, std::uint32_t rows,
                float* out, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
