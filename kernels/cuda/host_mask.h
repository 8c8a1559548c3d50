#pragma once

#include "sampling.h"

#include <cuda_runtime_api.h>

namespace altiplano::kernels::cuda {

/// Which tokens a sequence may choose next, from the host, in pinned memory.
struct HostMasks {
    std::uint32_t* bits = nullptr; ///< [rows x words]: bit i % 32 of word i / 32 for token i
    std::uint32_t* number =
        nullptr; ///< [rows]: of the token (from 1) that the bits are for; kNoMask, kGiveUp
    std::uint32_t words = 0;

    static constexpr std::uint32_t kNoMask = 0xfffffffe; ///< the sequence does not wait for masks
    static constexpr std::uint32_t kGiveUp = 0xffffffff; ///< no mask will come: the sequence ends here
};

/// Waits for every row's mask of the token that is to be chosen, and takes the logits of what it does not
/// allow.
void applyMasks(const HostMasks& masks, SequenceState* sequences, float* logits, std::uint32_t vocabulary,
                std::uint32_t rows, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
