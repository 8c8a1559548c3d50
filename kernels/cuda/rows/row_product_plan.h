#pragma once

#include "rows/row_product.h"

#include "decode/product.h"

/// What the kernel of a row product is told, and who launches it.
namespace altiplano::kernels::cuda {

struct RowPart {
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
    bool gate = false;
    std::uint32_t tokens = 0, tokenTiles = 0, rowTiles = 0;
    std::uint32_t units = 0; ///< of a row group
    std::uint64_t groupBytes = 0;
    std::uint32_t clusterBlocks = 1;
};

/// One for each way to work.
void launchFewRows(QuantType type, std::uint32_t tokenTile, const RowProduct& product, std::uint32_t blocks,
                   cudaStream_t stream);
void launchSomeRows(QuantType type, const RowProduct& product, std::uint32_t blocks, cudaStream_t stream);
void launchWideRows(QuantType type, const RowProduct& product, std::uint32_t blocks, cudaStream_t stream);
void launchManyRows(QuantType type, const RowProduct& product, std::uint32_t blocks, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
