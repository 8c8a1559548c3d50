#pragma once

#include "kernels/quant_type.h"

#include <cstddef>
#include <cstdint>

namespace altiplano::kernels {

/// Rows of a weight matrix that stand interleaved in one tile.
inline constexpr std::size_t kTileRows = 8;

/// How the CPU backend stores weights, whatever the instruction set. A matrix is cut into tiles of 8 rows
/// (the last one padded with zero rows), each as long as the matrix is wide. In a tile the blocks of the 8
/// rows that cover the same columns stand together, unit by unit: a unit is 1, 2 or 4 bytes of a GGUF block,
/// and the unit at byte `o` of row r's block is found at byte
///
///     8 * o + r * (bytes of the unit)
///
/// of the tile's block. So one vector of 8 dwords holds the same four (or eight) columns of 8 rows, one
/// vector of 8 halves holds 8 block scales, a dot product needs no horizontal sums, two tiles side by side
/// are a B tile of AMX, and the bytes per weight are exactly GGUF's.

/// Bytes of one tile: 8 rows.
[[gnu::always_inline]] inline std::size_t tileBytes(QuantType type, std::size_t columns) {
    return kTileRows * rowBytes(type, columns);
}

/// Interleaves `rows` (1 to 8) rows of GGUF blocks into a tile; missing ones become zero bytes, which is a
/// weight that never reaches anyone: results of padding rows are not used.
void packTile(QuantType type, const std::byte* source, std::size_t rows, std::size_t columns,
              std::byte* tile);

/// Writes row `row` (0 to 7) of a tile as GGUF blocks: the inverse of packTile.
void extractRow(QuantType type, const std::byte* tile, std::size_t row, std::size_t columns,
                std::byte* blocks);

} // namespace altiplano::kernels
