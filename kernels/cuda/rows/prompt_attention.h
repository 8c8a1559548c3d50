#pragma once

#include "generic/generic.h"

/// tiledAttention on Hopper's tensor cores (compute capability 9.0 and nothing else), for half float pages
/// and heads that canTileAttention takes. The launch depends on the kernel before.
namespace altiplano::kernels::cuda {

void promptAttention(const AttentionShape& shape, const Rows& rows, const RowTile* tiles,
                     std::uint32_t tileCount, const float* q, const KvPool& pool, std::uint32_t layer,
                     const AttentionOutput& out, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
