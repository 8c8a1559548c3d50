#pragma once

#include "rows/row_product.h"

#include "decode/product.h"

#include <cuda.h>

/// What the kernel of a row product is told, and who launches it.
namespace altiplano::kernels::cuda {

struct RowPart {
    CUtensorMap map; ///< of its data
    const std::uint8_t* data = nullptr;
    const float* bias = nullptr;
    Output out;
    RowOrder order;
    std::uint32_t rows = 0, groups = 0;
    std::uint32_t tiles = 0; ///< of this part's rows
    bool fours = false;      ///< four adjacent rows go to four adjacent, aligned floats
};

struct RowProduct {
    RowPart parts[kMaxParts];
    std::uint32_t partCount = 0;
    TokenTiles in, h;
    CUtensorMap inMap;
    bool gate = false;
    std::uint32_t tokens = 0, tokenTiles = 0, rowTiles = 0;
    std::uint32_t units = 0; ///< of a row group
    std::uint64_t groupBytes = 0;
    std::uint32_t clusterBlocks = 1;
    /// Of the blocks of a cluster: with the same tokens, with the same weight rows, with the same tile.
    std::uint32_t rowPeers = 1, tokenPeers = 1, splits = 1;
};

/// One for each way to work.
void launchFewRows(QuantType type, std::uint32_t tokenTile, const RowProduct& product, std::uint32_t blocks,
                   cudaStream_t stream);
void launchSomeRows(QuantType type, const RowProduct& product, std::uint32_t blocks, cudaStream_t stream);
void launchWideRows(QuantType type, const RowProduct& product, std::uint32_t blocks, cudaStream_t stream);
void launchManyRows(QuantType type, const RowProduct& product, std::uint32_t blocks, cudaStream_t stream);

/// Tiles of 64 `slabs` rows x 128 tokens, 2 or 3, of F16; of Q4_0, 3.
void launchHalfRows(QuantType type, std::uint32_t slabs, const RowProduct& product, std::uint32_t blocks,
                    cudaStream_t stream);

} // namespace altiplano::kernels::cuda
