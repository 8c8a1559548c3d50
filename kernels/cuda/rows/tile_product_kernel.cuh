#pragma once

#include "rows/tile_finish.cuh"
#include "rows/tile_shape.cuh"
#include "rows/unpack.cuh"
#include "rows/wgmma.cuh"

/// Products with many tokens: wgmma reads tokens (its M side) and weights (its N side) from shared memory, so
/// that nothing but sums stands in registers. Half floats arrive there as they are; warps of their own make
/// them of what is packed, while others multiply. Pairs of blocks share their tokens: each reads half of them
/// and hands it to both.
namespace altiplano::kernels::cuda {

/// One thread: half floats to where they are multiplied, or what is packed to where it is unpacked.
template <class Shape>
__device__ __forceinline__ void copyTileWeights(const RowProduct& p, RowRing ring) {
    const RowTiles<Shape> tiles(p);
    const std::uint64_t policy = p.tokenTiles == 1 ? evictFirst() : evictNormal();
    const std::uint32_t offset = p.direct ? Shape::kTokenBytes : 0;
    for (std::uint32_t i = tiles.cluster; i < tiles.count(); i += tiles.clusters) {
        const RowTileOfBlock tile = tiles.tile(i);
        for (std::uint32_t unit = 0; unit < p.units; ++unit) {
            const std::uint32_t to = ring.beginFilling() + offset;
            ring.expect(p.direct ? Shape::kSlotBytes : p.packedBytes);
            tensorCopy(to, tile.part->map, unit, tile.firstGroup, ring.fullBarrier(), policy);
            ring.advance();
        }
    }
}

/// One thread: its block's half of the tokens.
template <class Shape>
__device__ __forceinline__ void copyTileTokens(const RowProduct& p, RowRing ring) {
    const RowTiles<Shape> tiles(p);
    const std::uint64_t policy = evictNormal();
    constexpr std::uint32_t kShare = Shape::kTokens / Shape::kPeers;
    for (std::uint32_t i = tiles.cluster; i < tiles.count(); i += tiles.clusters) {
        const std::uint32_t first = tiles.tile(i).firstToken + tiles.rank * kShare;
        for (std::uint32_t chunk = 0; chunk < p.chunks; ++chunk) {
            const std::uint32_t to = ring.beginFilling() + tiles.rank * kShare * 128;
            if (!p.direct) ring.expect(Shape::kTokenBytes);
            tensorCopyToPeers(to, p.inMap, first, chunk, ring.fullBarrier(), (1u << Shape::kPeers) - 1,
                              policy);
            ring.advance();
        }
    }
}

/// A warp.
template <class Shape, QuantType T>
__device__ __forceinline__ void unpackTiles(const RowProduct& p, std::uint32_t warp, RowRing ring,
                                            RowRing packed) {
    constexpr std::uint32_t kPairs = Shape::kGroups / 2, kUnit = packedTraits(T).unitBytes;
    const RowTiles<Shape> tiles(p);
    const std::uint32_t lane = threadIdx.x % 32;
    std::uint32_t turns = warp / Shape::kTeamWarps, // until it is the team's
        pair = warp % Shape::kTeamWarps;            // of row groups: the warp's next
    for (std::uint32_t i = tiles.cluster; i < tiles.count(); i += tiles.clusters) {
        for (std::uint32_t unit = 0; unit < p.units; ++unit) {
            const std::uint32_t from = packed.take();
#pragma unroll 1
            for (std::uint32_t part = 0; part < kUnitParts<T>; ++part) {
                if (turns-- == 0) {
                    turns = Shape::kTeams - 1;
                    const std::uint32_t to = ring.beginFilling() + Shape::kTokenBytes;
#pragma unroll 1
                    for (; pair < kPairs; pair += Shape::kTeamWarps) {
                        const std::uint32_t group = pair * 2 + lane / 16;
                        unpackPiece<T>(
                            {from + group * kUnit, part, lane % 8, lane / 8 % 2, to + group * 1024});
                    }
                    pair -= kPairs; // what one warp has less to do, it has more the next time
                    fenceSharedForCopies();
                    __syncwarp();
                    if (lane == 0) arrive(ring.fullBarrier());
                }
                ring.advance();
            }
            packed.release();
            packed.advance();
        }
    }
}

/// unpackTiles for the type that it finds.
template <class Shape>
__device__ __forceinline__ void unpackAny(const RowProduct& p, std::uint32_t warp, RowRing ring,
                                          RowRing packed) {
    switch (p.parts[0].matrix.type) {
    case QuantType::Q4_0:
        return unpackTiles<Shape, QuantType::Q4_0>(p, warp, ring, packed);
    case QuantType::Q4_1:
        return unpackTiles<Shape, QuantType::Q4_1>(p, warp, ring, packed);
    case QuantType::Q8_0:
        return unpackTiles<Shape, QuantType::Q8_0>(p, warp, ring, packed);
    case QuantType::Q4_K:
        return unpackTiles<Shape, QuantType::Q4_K>(p, warp, ring, packed);
    case QuantType::Q6_K:
        return unpackTiles<Shape, QuantType::Q6_K>(p, warp, ring, packed);
    default:
        return unpackTiles<Shape, QuantType::BF16>(p, warp, ring, packed);
    }
}

/// A warpgroup.
template <class Shape>
__device__ __forceinline__ void multiplyTiles(const RowProduct& p, RowRing ring) {
    const RowTiles<Shape> tiles(p);
    const std::uint32_t slab = threadIdx.x / 128 * Shape::kEach;
    waitForPreviousKernel();
    for (std::uint32_t i = tiles.cluster; i < tiles.count(); i += tiles.clusters) {
        float sums[2][Shape::kRows / 2];
#pragma unroll
        for (auto& set : sums)
#pragma unroll
            for (float& sum : set)
                sum = 0;
        std::uint32_t used = kMaxRowSlots; // the slot of the products before, still to be released
#pragma unroll 1
        for (std::uint32_t chunk = 0; chunk < p.chunks; ++chunk) {
            const std::uint32_t at = ring.take();
            const std::uint64_t tokens = tokenDescriptor(at + slab * kSlabBytes),
                                weights = weightDescriptor(at + Shape::kTokenBytes);
            beginWgmma();
#pragma unroll
            for (std::uint32_t k = 0; k < 4; ++k)
#pragma unroll
                for (std::uint32_t e = 0; e < Shape::kEach; ++e)
                    wgmmaTile<Shape::kRows>(sums[Shape::kEach == 2 ? e : k % 2],
                                            tokens + e * (kSlabBytes / 16) + k * kNextSixteen,
                                            weights + k * kNextWeights);
            commitWgmma();
            waitForWgmma<1>();
            if (used != kMaxRowSlots) ring.template release<Shape::kPeers>(used);
            used = ring.slot;
            ring.advance();
        }
        waitForWgmma<0>();
        ring.template release<Shape::kPeers>(used);
        if constexpr (Shape::kEach == 1) {
#pragma unroll
            for (std::uint32_t j = 0; j < Shape::kRows / 2; ++j)
                sums[0][j] += sums[1][j];
        }
#pragma unroll
        for (std::uint32_t e = 0; e < Shape::kEach; ++e)
            TileFinish<Shape::kRows>(p, tiles.tile(i), slab + e, sums[e]).run();
    }
}

template <class Shape>
__global__ void __launch_bounds__(Shape::kThreads, 1)
    tileProductKernel(const __grid_constant__ RowProduct p) {
    extern __shared__ std::uint8_t memory[];
    letNextKernelStart();
    const std::uint32_t base = divideUp(sharedAddress(memory), 1024) * 1024;
    const std::uint32_t barriers = base + Shape::kRoom;
    const RowRing ring{base, barriers, p.slots, Shape::kSlotBytes};
    const RowRing packed{base + p.slots * Shape::kSlotBytes, barriers + 16 * kMaxRowSlots, p.packedSlots,
                         p.packedSlotBytes};
    enterBlock(Shape::kPeers, [&] {
        ring.init(Shape::kConsumers / 32 * Shape::kPeers, p.direct ? 1 : 1 + Shape::kTeamWarps);
        packed.init(Shape::kUnpackWarps);
    });
    if (threadIdx.x >= Shape::kConsumers) {
        asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(Shape::kOtherRegisters));
        if (threadIdx.x < Shape::kProducers) {
            if (!p.direct) unpackAny<Shape>(p, (threadIdx.x - Shape::kConsumers) / 32, ring, packed);
        } else if (threadIdx.x == Shape::kProducers) {
            copyTileWeights<Shape>(p, p.direct ? ring : packed);
        } else if (threadIdx.x == Shape::kProducers + 32) {
            waitForPreviousKernel();
            fenceForBulkCopies();
            copyTileTokens<Shape>(p, ring);
        }
    } else {
        asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(Shape::kConsumerRegisters));
        multiplyTiles<Shape>(p, ring);
    }
    leaveBlock(Shape::kPeers);
}

} // namespace altiplano::kernels::cuda
