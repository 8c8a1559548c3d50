#pragma once

#include "decode/product.h"
#include "generic/generic.h"

namespace altiplano::kernels::cuda {

/// The attention of a decode step, row by row: the blocks of a cluster share out a KV head's tokens, each
/// block reads its K and V once for all query heads of the group, and the cluster combines the parts.
struct DecodeAttention {
    AttentionShape shape;
    KvPool pool;
    Rows rows;
    std::uint32_t layer = 0;
    std::uint32_t splits = 0; ///< blocks of a cluster
    /// Tokens times query heads that one block does as fast as several that must exchange their parts.
    std::uint32_t tokensOfOne = 96;
    std::uint32_t slots = 0;
    std::uint32_t stagesInFlight = 0;
    std::uint32_t sharedBytes = 0;
    const float* q = nullptr;     ///< [rows][heads x headDim]
    const float* newKv = nullptr; ///< k and v of each row, [rows][2][kvHeads x headDim]; go to the row's page
    float* out = nullptr;         ///< as q
    __half* roundedOut = nullptr; ///< the same, divided by kInputScale
    unsigned long long *began = nullptr, *ended = nullptr; ///< as Finish's
};

/// Chooses the splits; false where the kernel has not been compiled for the shape.
bool planAttention(DecodeAttention& attention, const StreamLimits& limits);

void streamAttention(const DecodeAttention& attention, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
