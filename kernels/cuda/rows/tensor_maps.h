#pragma once

#include "matrix.h"
#include "rows.h"
#include "rows/token_tiles.h"

#include <cuda.h>

/// How the copy engine sees a packed matrix: [row group][unit][bytes of a unit].
namespace altiplano::kernels::cuda {

/// For copies of `groups` row groups x `units` units at a time. What lies past the matrix arrives as zeros.
CUtensorMap weightMap(const Matrix& matrix, std::uint32_t units, std::uint32_t groups);

/// For copies of `chunks` times 64 columns of `tokens` tokens at a time: [64 columns][token][column], each
/// token's 16-byte piece i at piece i ^ token % 8, as wgmma wants them.
CUtensorMap tokenMap(const TokenTiles& tokens, std::uint32_t count, std::uint32_t chunks);

/// For copies of a head's keys or values of a page: as tokenMap lays out 64 tokens, 64 columns after the
/// other. Rows are the layer's, each `pool.headDim` half floats.
CUtensorMap pageMap(const KvPool& pool, std::uint32_t layer);

} // namespace altiplano::kernels::cuda
