#pragma once

#include "generic/generic.h"
#include "rows/token_tiles.h"

#include <span>

/// Products of packed matrices with several rows of activations, on Hopper's tensor cores (compute capability
/// 9.0 and nothing else): the weights' blocks become half floats on their way into them, so that nothing but
/// the packed weights is read. From two rows to whole prompts.
namespace altiplano::kernels::cuda {

/// Tokens are padded to a multiple of this: what a block multiplies at a time.
constexpr std::uint32_t tokenTile(std::uint32_t tokens) {
    for (const std::uint32_t tile : {8u, 16u, 32u, 64u})
        if (tokens <= tile) return tile;
    return 128;
}

constexpr std::uint32_t paddedTokens(std::uint32_t tokens) {
    return divideUp(tokens, tokenTile(tokens)) * tokenTile(tokens);
}

/// out[i] (+)= matrices[i] in + bias, for up to kMaxParts packed matrices of one type and width. The launch
/// depends on the kernel before.
void multiplyRows(std::span<const Matrix> matrices, const TokenTiles& in, std::uint32_t tokens,
                  std::span<const Output> out, std::uint32_t multiprocessors, cudaStream_t stream);

/// h = silu(gate) * up for a packed matrix of gate and up, interleaved; h as token tiles, divided by
/// kHiddenScale.
void multiplyGateUp(const Matrix& gateUp, const TokenTiles& in, std::uint32_t tokens, const TokenTiles& h,
                    std::uint32_t multiprocessors, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
