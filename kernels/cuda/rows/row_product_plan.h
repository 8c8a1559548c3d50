#pragma once

#include "rows/row_product.h"

#include "decode/product.h"

#include <cuda.h>

/// What the kernels of a row product are told, and who launches them.
namespace altiplano::kernels::cuda {

struct RowPart {
    CUtensorMap map; ///< of the matrix
    Matrix matrix;
    Output out;
    std::uint32_t tiles = 0; ///< of this part's rows
    bool pairs = false;      ///< two adjacent rows go to two adjacent, aligned floats
};

struct RowProduct {
    RowPart parts[kMaxParts];
    std::uint32_t partCount = 0;
    TokenTiles in, h;
    CUtensorMap inMap;
    bool gate = false;
    std::uint32_t tokens = 0, tokenTiles = 0, rowTiles = 0;
    std::uint32_t units = 0, chunks = 0; ///< of a row group; a chunk: 64 columns
    std::uint32_t clusterBlocks = 1;

    // Of tileProductKernel.
    bool direct = false; ///< weights are multiplied as they are
    std::uint32_t slots = 0, packedSlots = 0, packedSlotBytes = 0;
    std::uint32_t packedBytes = 0; ///< a unit of each row group of a tile

    /// Cuts the parts into tiles of so many row groups; how many there are.
    std::uint32_t tileRows(std::uint32_t groups) {
        std::uint32_t all = 0;
        for (std::uint32_t i = 0; i < partCount; ++i)
            all += parts[i].tiles = divideUp(parts[i].matrix.groups(), groups);
        return all;
    }
};

/// One for each way to work.
void launchFewRows(QuantType type, std::uint32_t tokenTile, const RowProduct& product, std::uint32_t blocks,
                   cudaStream_t stream);
void launchSomeRows(QuantType type, const RowProduct& product, std::uint32_t blocks, cudaStream_t stream);
void launchWideRows(QuantType type, const RowProduct& product, std::uint32_t blocks, cudaStream_t stream);
void launchManyRows(QuantType type, const RowProduct& product, std::uint32_t blocks, cudaStream_t stream);

/// More than 64 tokens, in tiles of the shape that suits their number.
void launchTileRows(const RowProduct& product, std::uint32_t multiprocessors, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
