#pragma once

#include "kernels/quant_type.h"

#include <cstdint>

namespace altiplano::kernels::cuda {

/// How a type is packed for streaming. Rows stand in groups of 8. A group is a run of units along the
/// columns; a unit holds 8 rows x `unitColumns` weights in `unitBytes` bytes, as many as the file has. Lane
/// l of a warp owns row l % 8 and the (l / 8)-th quarter of the unit's columns; each kind of field lies in
/// planes of 32 equal pieces, lane after lane, so that a warp reads whole lines.
struct PackedTraits {
    std::uint32_t unitColumns = 0; ///< 0: the type is not packed
    std::uint32_t unitBytes = 0;
    std::uint32_t stageUnits = 0; ///< units of one ring stage, a multiple of 8 (one per consumer warp)
};

constexpr PackedTraits packedTraits(QuantType type) {
    switch (type) {
    case QuantType::Q4_0:
        return {128, 576, 32}; // 512 nibbles, 64 scales
    case QuantType::Q4_1:
        return {128, 640, 32}; // 512 nibbles, 64 scales, 64 minima
    case QuantType::Q8_0:
        return {128, 1088, 32}; // 2 x 512 bytes, 64 scales
    case QuantType::Q4_K:
        return {256, 1152, 16}; // 2 x 512 nibbles, 64 + 32 six-bit scales, 32 d and dmin
    case QuantType::Q6_K:
        return {256, 1680, 16}; // 2 x 512 nibbles, 512 upper bits, 128 scales, 16 d
    case QuantType::F16:
    case QuantType::BF16:
        return {64, 1024, 32}; // 2 x 512
    default:
        return {};
    }
}

inline constexpr std::uint32_t kGroupRows = 8;

/// Where a packed matrix keeps the rows of a tensor. Rows that RoPE turns together always stand side by side.
struct RowOrder {
    std::uint32_t stride = 1, offset = 0; ///< gate and up interleaved: 2 and 0 or 1
    std::uint32_t headDim = 0;            ///< not 0: within a head, dimension i and i + rotated / 2 become
    std::uint32_t rotated = 0;            ///<        rows 2i and 2i + 1

    constexpr std::uint32_t packedRow(std::uint32_t row) const {
        if (headDim != 0) {
            const std::uint32_t d = row % headDim, half = rotated / 2;
            if (d < rotated) row += (d < half ? 2 * d : 2 * (d - half) + 1) - d;
        }
        return row * stride + offset;
    }

    /// The tensor's row of a packed row, for stride 1.
    constexpr std::uint32_t tensorRow(std::uint32_t row) const {
        if (headDim == 0) return row;
        const std::uint32_t d = row % headDim;
        return d < rotated ? row - d + d / 2 + (d % 2) * (rotated / 2) : row;
    }
};

constexpr std::uint32_t divideUp(std::uint32_t a, std::uint32_t b) {
    return (a + b - 1) / b;
}

/// A weight matrix in device memory, packed or as the file has it (rows one after the other).
struct Matrix {
    const std::uint8_t* data = nullptr;
    QuantType type = QuantType::F32;
    bool packed = false;
    std::uint32_t rows = 0;
    std::uint32_t columns = 0;
    RowOrder order; ///< of a packed matrix; stride 1 unless the matrix is gate and up interleaved
    std::uint64_t rowStride = 0; ///< bytes from row to row where not packed
    const float* bias = nullptr; ///< [rows] in the tensor's order, or null

    constexpr std::uint32_t units() const { return divideUp(columns, packedTraits(type).unitColumns); }
    constexpr std::uint32_t groups() const { return divideUp(rows, kGroupRows); }
    constexpr std::uint64_t groupBytes() const {
        return std::uint64_t{units()} * packedTraits(type).unitBytes;
    }
};

} // namespace altiplano::kernels::cuda
