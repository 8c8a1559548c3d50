#pragma once

#include "rows/row_consumer.cuh"
#include "rows/row_finish.cuh"
#include "rows/tensor_maps.h"

/// The kernel behind multiplyRows. A block takes a tile of weight rows x tokens at a time. Two producer warps
/// fill rings with packed weights and with token tiles; warpgroups of consumers turn weights into fragments
/// and multiply. What the warpgroups hold in the end goes through shared memory, where the shares of those
/// that split the columns are added, and from there to its place.
namespace altiplano::kernels::cuda {

/// One thread.
template <class Shape, class Stage>
__device__ __forceinline__ void produceWeights(const RowProduct& p, RowRing ring) {
    const RowTiles<Shape> tiles(p);
    const std::uint64_t policy = p.tokenTiles == 1 ? evictFirst() : evictNormal();
    std::uint32_t begin, end;
    stagesOf<Shape>(p, divideUp(p.units, Stage::kUnits), begin, end);
    for (std::uint32_t i = tiles.cluster; i < tiles.count(); i += tiles.clusters) {
        const RowTileOfBlock tile = tiles.tile(i);
        for (std::uint32_t s = begin; s < end; ++s) {
            const std::uint32_t to = ring.beginFilling();
            ring.expect(Stage::kBytes);
            tensorCopy(to, tile.part->map, s * Stage::kUnits, tile.firstGroup, ring.fullBarrier(), policy);
            ring.advance();
        }
    }
}

/// One thread: the tokens' columns, its half of them to both blocks where a cluster shares them.
template <class Shape, class Stage>
__device__ __forceinline__ void produceTokens(const RowProduct& p, RowRing ring) {
    const RowTiles<Shape> tiles(p);
    const std::uint64_t policy = evictNormal();
    std::uint32_t begin, end;
    stagesOf<Shape>(p, divideUp(p.units, Stage::kUnits), begin, end);
    constexpr std::uint32_t kShare = Stage::kTokenBytes / Shape::kPeers;
    for (std::uint32_t i = tiles.cluster; i < tiles.count(); i += tiles.clusters) {
        const RowTileOfBlock tile = tiles.tile(i);
        for (std::uint32_t s = begin; s < end; ++s) {
            const std::uint32_t parts = Shape::kWholeStages ? 1 : partsOf<Stage>(p, s);
            for (std::uint32_t part = 0; part < parts; ++part) {
                const std::uint32_t to = ring.beginFilling(), chunk = s * Stage::kParts + part;
                ring.expect(Stage::kTokenBytes);
                if constexpr (Shape::kPeers == 1)
                    tensorCopy(to, p.inMap, tile.firstToken, chunk, ring.fullBarrier(), policy);
                else
                    tensorCopyToPeers(to + tiles.rank * kShare, p.inMap,
                                      tile.firstToken + tiles.rank * (Shape::kTokens / Shape::kPeers), chunk,
                                      ring.fullBarrier(), (1u << Shape::kPeers) - 1, policy);
                ring.advance();
            }
        }
    }
}
template <class Shape, QuantType T>
__device__ __forceinline__ void consumeRows(const RowProduct& p, RowRing weights, RowRing tokens,
                                            std::uint32_t staging, StagingBarrier<Shape>& barrier) {
    using Stage = RowStage<Shape, T>;
    const RowTiles<Shape> tiles(p);
    const std::uint32_t warpgroup = threadIdx.x / 128, split = warpgroup % Shape::kSplits;
    const std::uint32_t groupInTile = warpgroup / Shape::kSplits * 8 + threadIdx.x % 128 / 32 * 2;
    const std::uint32_t whole = p.chunks / Stage::kParts, rest = p.chunks % Stage::kParts;
    std::uint32_t begin, end;
    stagesOf<Shape>(p, divideUp(p.chunks, Stage::kParts), begin, end);
    const std::uint32_t wholeEnd = min(end, whole), first = begin + split;
    waitForPreviousKernel();
    for (std::uint32_t i = tiles.cluster; i < tiles.count(); i += tiles.clusters) {
        RowRing ownWeights = weights, ownTokens = tokens; // this warpgroup's stages
        ownWeights.advance(split);
        ownTokens.advance(Shape::kWholeStages ? split : split * Stage::kParts);
        RowConsumer<Shape, T> consumer{ownWeights, ownTokens, groupInTile * Stage::kGroupBytes, {}};
        consumer.multiplyStages(first, wholeEnd);
        waitForWgmma<0>();
        if (end > wholeEnd && (whole - begin) % Shape::kSplits == split) consumer.multiplyRest(rest);
        consumer.releaseUsed();
        weights.advance(end - begin);
        tokens.advance(Shape::kWholeStages
                           ? end - begin
                           : (end - begin) * Stage::kParts - (end > wholeEnd ? Stage::kParts - rest : 0));
        finishTile<Shape>(p, tiles.tile(i), consumer.sums, staging, barrier);
    }
}

template <class Shape, QuantType T>
__global__ void __launch_bounds__(Shape::kThreads, 1) rowProductKernel(const __grid_constant__ RowProduct p) {
    using Stage = RowStage<Shape, T>;
    extern __shared__ std::uint8_t memory[];
    letNextKernelStart();
    const std::uint32_t base = divideUp(sharedAddress(memory), 1024) * 1024;
    const std::uint32_t barriers = base + Stage::kBarriers;
    const RowRing tokens{base, barriers, Stage::kTokenSlots, Stage::kTokenBytes};
    const RowRing weights{base + Stage::kWeights, barriers + 16 * kMaxRowSlots, Stage::kSlots, Stage::kBytes};
    const bool split = Shape::kPeers == 1 && p.clusterBlocks > 1;
    StagingBarrier<Shape> staged{barriers + 32 * kMaxRowSlots, split ? p.clusterBlocks : 1, 0,
                                 split ? blockIdx.x % p.clusterBlocks : 0};
    enterBlock(p.clusterBlocks, [&] {
        tokens.init(4 * Shape::kSlabs * Shape::kPeers);
        weights.init(4 * Shape::kSlabs);
        initBarrier(staged.barrier, Shape::kConsumers / 32 * staged.blocks);
    });
    if (threadIdx.x >= Shape::kConsumers) {
        if constexpr (Shape::kLends)
            asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(Shape::kProducerRegisters));
        if (threadIdx.x == Shape::kConsumers) {
            produceWeights<Shape, Stage>(p, weights);
        } else if (threadIdx.x == Shape::kConsumers + 32) {
            waitForPreviousKernel();
            fenceForBulkCopies();
            produceTokens<Shape, Stage>(p, tokens);
        }
    } else {
        if constexpr (Shape::kLends)
            asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(Shape::kConsumerRegisters));
        consumeRows<Shape, T>(p, weights, tokens, base + Stage::kStaging, staged);
    }
    leaveBlock(p.clusterBlocks);
}

template <class Shape, QuantType T>
void launchRowProduct(const RowProduct& p, std::uint32_t blocks, cudaStream_t stream) {
    const auto kernel = rowProductKernel<Shape, T>;
    RowProduct q = p;
    q.inMap = tokenMap(p.in, Shape::kTokens / Shape::kPeers, RowStage<Shape, T>::kTokenParts);
    for (std::uint32_t i = 0; i < q.partCount; ++i)
        q.parts[i].map = weightMap(q.parts[i].matrix, RowStage<Shape, T>::kUnits, Shape::kGroups);
    prepareKernel(kernel, RowStage<Shape, T>::kSharedBytes);
    launchDependent(kernel, blocks, Shape::kThreads, RowStage<Shape, T>::kSharedBytes, p.clusterBlocks,
                    stream, q);
}

/// For the packed type that it finds.
template <class Shape>
void launchRowProduct(QuantType type, const RowProduct& p, std::uint32_t blocks, cudaStream_t stream) {
    switch (type) {
    case QuantType::Q4_0:
        return launchRowProduct<Shape, QuantType::Q4_0>(p, blocks, stream);
    case QuantType::Q4_1:
        return launchRowProduct<Shape, QuantType::Q4_1>(p, blocks, stream);
    case QuantType::Q8_0:
        return launchRowProduct<Shape, QuantType::Q8_0>(p, blocks, stream);
    case QuantType::Q4_K:
        return launchRowProduct<Shape, QuantType::Q4_K>(p, blocks, stream);
    case QuantType::Q6_K:
        return launchRowProduct<Shape, QuantType::Q6_K>(p, blocks, stream);
    case QuantType::F16:
        return launchRowProduct<Shape, QuantType::F16>(p, blocks, stream);
    default:
        return launchRowProduct<Shape, QuantType::BF16>(p, blocks, stream);
    }
}

} // namespace altiplano::kernels::cuda
