#pragma once

#include "rows/row_shape.cuh"

/// How the blocks of tileProductKernel share out their work and their memory.
namespace altiplano::kernels::cuda {

inline constexpr std::uint32_t kSlabTokens = 64, kSlabBytes = kSlabTokens * 128; ///< of 64 columns

/// A tile of 128 tokens, or 256 (`Each` 2), x `Rows` weight rows, by two warpgroups. Products that add to the
/// same sums wait for each other, so a warpgroup has two sets of them: of different tokens, or of even and
/// odd sixteens of the columns.
template <std::uint32_t Each, std::uint32_t Rows>
struct TileShape {
    static constexpr std::uint32_t kEach = Each; ///< slabs of a warpgroup
    static constexpr std::uint32_t kTokens = 2 * Each * kSlabTokens;
    static constexpr std::uint32_t kRows = Rows, kGroups = Rows / kGroupRows;
    static constexpr std::uint32_t kPeers = 2; ///< blocks of a cluster, with the same tokens

    // Warps: consumers, then who unpacks, then two producers.
    static constexpr std::uint32_t kConsumers = 256, kThreads = 512;
    static constexpr std::uint32_t kTeams = 2, kTeamWarps = 3; ///< teams take turns at unpacking 64 columns
    static constexpr std::uint32_t kUnpackWarps = kTeams * kTeamWarps;
    static constexpr std::uint32_t kProducers = kConsumers + kUnpackWarps * 32;
    /// Registers go to the consumers. Their sum is what the block starts with.
    static constexpr int kConsumerRegisters = 168, kOtherRegisters = 88;

    // A slot of the ring: 64 columns of tokens, then of weights.
    static constexpr std::uint32_t kTokenBytes = kTokens * 128;
    static constexpr std::uint32_t kSlotBytes = kTokenBytes + Rows * 128;
    static constexpr std::uint32_t kBarrierBytes = 4 * kMaxRowSlots * 8;
    static constexpr std::uint32_t kRoom = kMaxSharedBytes - 1024 - kBarrierBytes; ///< for two rings
    static_assert(kGroups % 2 == 0);
};

} // namespace altiplano::kernels::cuda
