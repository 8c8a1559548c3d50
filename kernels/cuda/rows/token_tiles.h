#pragma once

#include "matrix.h"

#include <cuda_fp16.h>
#include <cuda_runtime_api.h>

/// The activations of several rows as half floats, laid out for bulk copies straight into what wgmma reads.
namespace altiplano::kernels::cuda {

/// How the columns of each sixteen stand: it suits how a weight type's values come out of its bytes.
enum class ColumnOrder : std::uint8_t {
    Natural,
    EvenOdd ///< the even ones, then the odd ones
};

constexpr ColumnOrder columnOrder(QuantType type, bool packed) {
    return !packed || type == QuantType::F16 || type == QuantType::BF16 ? ColumnOrder::Natural
                                                                        : ColumnOrder::EvenOdd;
}

/// One token after the other. Tokens past the last hold anything; columns past the last hold finite values.
struct TokenTiles {
    __half* data = nullptr;
    const float* scales = nullptr; ///< per token, what its values are to be multiplied with; or null
    float scale = 1;               ///< the same for all tokens
    std::uint32_t tokens = 0;      ///< with padding: a multiple of 8
    ColumnOrder order = ColumnOrder::Natural;
    std::uint32_t columns = 0; ///< with padding
    std::uint32_t stride = 0;  ///< halves from token to token
};

/// Columns are padded to whole units of any packed type.
constexpr std::uint32_t paddedColumns(std::uint32_t columns) {
    return divideUp(columns, 256) * 256;
}

/// From token to token: no power of two.
constexpr std::uint32_t tokenStride(std::uint32_t columns) {
    return paddedColumns(columns) + 64;
}

/// Rows of floats that become token tiles: all of them, or those that `indices` names.
struct TokenRows {
    const float* data = nullptr;
    const std::uint32_t* indices = nullptr;
    std::uint32_t columns = 0, count = 0;
    const float* normWeight = nullptr; ///< not null: their RMS norm
    float epsilon = 0;
};

/// Each token divided by scales[token], a power of two that keeps it in range. The launch depends on the
/// kernel before (compute capability 9.0).
void toTokenTiles(const TokenRows& rows, const TokenTiles& tiles, float* scales, cudaStream_t stream);

/// Rows [first, first + count) of a matrix of any type as a packed matrix of half floats in `out`, padding
/// and all. `first` is a multiple of kGroupRows.
Matrix unpackToHalf(const Matrix& weight, std::uint32_t first, std::uint32_t count, std::uint8_t* out,
                    cudaStream_t stream);

} // namespace altiplano::kernels::cuda
