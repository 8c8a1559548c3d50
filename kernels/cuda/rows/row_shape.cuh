#pragma once

#include "decode/launch.h"
#include "decode/ptx.cuh"
#include "rows/row_product_plan.h"
#include "rows/row_ring.cuh"

#include <algorithm>

/// How the blocks of a row product share out its work and their memory.
namespace altiplano::kernels::cuda {

/// How a block works.
template <std::uint32_t Tokens, std::uint32_t RowGroups, std::uint32_t Splits, std::uint32_t Peers>
struct RowShape {
    static constexpr std::uint32_t kTokens = Tokens;
    static constexpr std::uint32_t kSlabs = RowGroups; ///< 64 weight rows each
    static constexpr std::uint32_t kSplits =
        Splits;                                    ///< warpgroups of a slab, each with a share of the stages
    static constexpr std::uint32_t kPeers = Peers; ///< blocks of a cluster with the same tokens
    static constexpr std::uint32_t kWarpgroups = RowGroups * Splits;
    static constexpr std::uint32_t kConsumers = kWarpgroups * 128;
    /// Three warpgroups need more registers than an even share: the producers are a whole warpgroup, too,
    /// which lends them its own.
    static constexpr bool kLends = kWarpgroups == 3;
    static constexpr std::uint32_t kThreads = kConsumers + (kLends ? 128 : 64);
    static constexpr int kConsumerRegisters = 152, kProducerRegisters = 40;
    static constexpr std::uint32_t kGroups = RowGroups * 8; ///< row groups of a tile
    /// Few tokens travel a whole stage at a time, many 64 columns.
    static constexpr bool kWholeStages = Tokens <= 64;
    static constexpr std::uint32_t kPass = Tokens < 32 ? Tokens : Splits > 1 ? 32 : 64;
    static constexpr std::uint32_t kStagingBytes =
        kSplits == 1 && kPeers > 1 ? 0 : kWarpgroups* kPass * 64 * 4; ///< who shares columns adds up there
};

/// What a type adds to it.
template <class Shape, QuantType T>
struct RowStage {
    static constexpr PackedTraits kTraits = packedTraits(T);
    static constexpr std::uint32_t kUnits =
        kTraits.unitColumns == 256 || T == QuantType::Q8_0 ? 1 : 2; ///< of a group in a stage
    static constexpr std::uint32_t kParts = kUnits * kTraits.unitColumns / 64;
    static constexpr std::uint32_t kGroupBytes = kUnits * kTraits.unitBytes;
    static constexpr std::uint32_t kBytes = Shape::kGroups * kGroupBytes;
    static constexpr std::uint32_t kTokenParts = Shape::kWholeStages ? kParts : 1;
    static constexpr std::uint32_t kTokenBytes = Shape::kTokens * 128 * kTokenParts;
    /// Always the same warpgroup takes a slot, so that none meets a slot a round early.
    static constexpr std::uint32_t kSlots =
        std::clamp(60u * 1024 / kBytes / Shape::kSplits, 2u, kMaxRowSlots / Shape::kSplits) * Shape::kSplits;
    static constexpr std::uint32_t kBarrierBytes = (4 * kMaxRowSlots + 2) * 8;
    static constexpr std::uint32_t kTokenTurn =
        Shape::kSplits == 1 ? 1 : Shape::kSplits * (Shape::kWholeStages ? 1 : kParts);
    static constexpr std::uint32_t kTokenSlots =
        std::min((kMaxSharedBytes - 1024 - kBarrierBytes - Shape::kStagingBytes - kSlots * kBytes) /
                     kTokenBytes,
                 kMaxRowSlots) /
        kTokenTurn * kTokenTurn;
    // A slot is released once the same warpgroup has taken its next.
    static_assert(kTokenSlots >= (Shape::kWholeStages ? 2 : 1) * kTokenTurn && kTokenSlots >= 2);

    // Shared memory, from a multiple of 1024.
    static constexpr std::uint32_t kWeights = kTokenSlots * kTokenBytes;
    static constexpr std::uint32_t kStaging = kWeights + kSlots * kBytes;
    static constexpr std::uint32_t kBarriers = kStaging + Shape::kStagingBytes;
    static constexpr std::uint32_t kSharedBytes = kBarriers + kBarrierBytes + 1024;
};

/// A block's tile: where its rows begin, and which stages of the columns are its.
struct RowTileOfBlock {
    const RowPart* part;
    std::uint32_t firstGroup, groups; ///< groups: 0 for a block that only keeps its peers company
    std::uint32_t firstToken;
};

template <class Shape>
struct RowTiles {
    const RowProduct& p;
    std::uint32_t rank, cluster, clusters;

    __device__ __forceinline__ explicit RowTiles(const RowProduct& product)
        : p(product), rank(blockIdx.x % p.clusterBlocks), cluster(blockIdx.x / p.clusterBlocks),
          clusters(gridDim.x / p.clusterBlocks) {}

    __device__ __forceinline__ std::uint32_t count() const {
        return p.rowTiles / Shape::kPeers * p.tokenTiles;
    }

    __device__ __forceinline__ RowTileOfBlock tile(std::uint32_t i) const {
        std::uint32_t row = i / p.tokenTiles * Shape::kPeers + (Shape::kPeers > 1 ? rank : 0), part = 0;
        const std::uint32_t firstToken = i % p.tokenTiles * Shape::kTokens;
        while (part + 1 < p.partCount && row >= p.parts[part].tiles)
            row -= p.parts[part++].tiles;
        const RowPart& m = p.parts[part];
        const std::uint32_t first = row * Shape::kGroups;
        return {&m, first, row < m.tiles ? min(Shape::kGroups, m.matrix.groups() - first) : 0, firstToken};
    }
};

/// The stages [begin, end) of a block: all, or its share where a cluster splits the columns.
template <class Shape>
__device__ __forceinline__ void stagesOf(const RowProduct& p, std::uint32_t stages, std::uint32_t& begin,
                                         std::uint32_t& end) {
    const std::uint32_t splits = Shape::kPeers > 1 ? 1 : p.clusterBlocks, rank = blockIdx.x % p.clusterBlocks;
    begin = splits == 1 ? 0 : stages * rank / splits;
    end = splits == 1 ? stages : stages * (rank + 1) / splits;
}

/// Chunks of 64 columns in a stage.
template <class Stage>
__device__ __forceinline__ std::uint32_t partsOf(const RowProduct& p, std::uint32_t stage) {
    return min(Stage::kParts, p.chunks - stage * Stage::kParts);
}

/// One thread makes the block's barriers, and all of its cluster may use them.
template <class MakeBarriers>
__device__ __forceinline__ void enterBlock(std::uint32_t clusterBlocks, MakeBarriers&& make) {
    if (threadIdx.x == 0) {
        make();
        publishBarriers();
    }
    if (clusterBlocks > 1) {
        arriveAtCluster();
        waitForCluster();
    } else {
        __syncthreads();
    }
}

/// Nobody's memory goes while a peer may still use it.
__device__ __forceinline__ void leaveBlock(std::uint32_t clusterBlocks) {
    if (clusterBlocks == 1) return;
    __syncwarp();
    arriveAtCluster();
    waitForCluster();
}

} // namespace altiplano::kernels::cuda
