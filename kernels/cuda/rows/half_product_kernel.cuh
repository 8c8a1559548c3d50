#pragma once

#include "rows/fragment.cuh"
#include "rows/row_finish.cuh"
#include "rows/wgmma.cuh"

/// Products with many tokens for which wgmma reads weights and tokens from shared memory, so that nothing but
/// sums stands in registers. Half floats arrive there as they are; a warpgroup of its own makes them of what
/// is packed, while others multiply. Blocks of a cluster share what they have in common: each reads a part
/// and hands it to the others.
namespace altiplano::kernels::cuda {

template <std::uint32_t Tokens, std::uint32_t Slabs, QuantType T>
struct HalfShape {
    static constexpr std::uint32_t kTokens = Tokens;
    static constexpr std::uint32_t kSlabs = Slabs; ///< 64 weight rows each, and a warpgroup
    static constexpr std::uint32_t kSplits = 1;
    static constexpr std::uint32_t kGroups = Slabs * 8;
    static constexpr QuantType kType = T;
    static constexpr bool kUnpacks = T != QuantType::F16; ///< a warpgroup makes halves of what arrives

    // Warpgroups: consumers, who unpacks, producers. Registers go to the consumers.
    static constexpr std::uint32_t kConsumers = Slabs * 128;
    static constexpr std::uint32_t kProducers = kConsumers + (kUnpacks ? 128 : 0); ///< their first thread
    static constexpr std::uint32_t kThreads = kProducers + 128;
    /// Their sum over the warpgroups is at most what they start with.
    static constexpr int kConsumerRegisters = !kUnpacks    ? Slabs == 2 ? 232 : 160
                                              : Slabs == 2 ? 176
                                                           : 112,
                         kUnpackRegisters = Slabs == 2 ? 112 : 104,
                         kProducerRegisters = !kUnpacks && Slabs > 2 ? 32 : 40;
    // A slot of the ring: 64 columns.
    static constexpr std::uint32_t kTokenBytes = Tokens * 128;
    static constexpr std::uint32_t kWeightBytes = kGroups * packedTraits(QuantType::F16).unitBytes;
    static constexpr std::uint32_t kSlotBytes = kTokenBytes + kWeightBytes;
    static constexpr std::uint32_t kBarrierBytes = (4 * kMaxRowSlots + 2) * 8;
    static constexpr std::uint32_t kRoom = kMaxSharedBytes - 1024 - kBarrierBytes;

    // A slot of packed weights: a unit of each row group.
    static constexpr std::uint32_t kParts = packedTraits(T).unitColumns / 64;
    static constexpr std::uint32_t kGroupBytes = packedTraits(T).unitBytes;
    static constexpr std::uint32_t kPackedBytes = kGroups * kGroupBytes;

    static constexpr std::uint32_t kSlots = !kUnpacks ? std::min(kRoom / kSlotBytes, kMaxRowSlots)
                                            : kRoom - 4 * kSlotBytes >= 2 * kPackedBytes ? 4
                                                                                         : 3;
    static constexpr std::uint32_t kPacked = kSlots * kSlotBytes;
    static constexpr std::uint32_t kPackedSlots =
        kUnpacks ? std::min((kRoom - kPacked) / kPackedBytes, kMaxRowSlots) : 0;
    static constexpr std::uint32_t kBarriers = kPacked + kPackedSlots * kPackedBytes;
    static constexpr std::uint32_t kSharedBytes = kBarriers + kBarrierBytes + 1024;

    // Sums leave through a slot, some tokens at a time.
    static constexpr std::uint32_t kPass = Slabs * 64 * 64 * 4 <= kSlotBytes ? 64 : 32;
    static_assert(kSlots >= 3 && Slabs * kPass * 64 * 4 <= kSlotBytes && (!kUnpacks || kPackedSlots >= 2));
};

/// A block's place in its cluster, and its tiles.
template <class Shape>
struct HalfTiles {
    const RowProduct& p;
    std::uint32_t split, row, token; ///< which of the splits, row peers and token peers it is
    std::uint32_t cluster, clusters;

    std::uint32_t first, last; ///< units of the columns: all, or this block's share

    __device__ __forceinline__ explicit HalfTiles(const RowProduct& product)
        : p(product), split(blockIdx.x % p.splits), row(blockIdx.x / p.splits % p.rowPeers),
          token(blockIdx.x / p.splits / p.rowPeers % p.tokenPeers), cluster(blockIdx.x / p.clusterBlocks),
          clusters(gridDim.x / p.clusterBlocks), first(p.units * split / p.splits),
          last(p.units * (split + 1) / p.splits) {}

    __device__ __forceinline__ std::uint32_t rank(std::uint32_t r, std::uint32_t t) const {
        return split + p.splits * (r + p.rowPeers * t);
    }
    __device__ __forceinline__ std::uint32_t count() const {
        return p.rowTiles / p.rowPeers * (p.tokenTiles / p.tokenPeers);
    }
    __device__ __forceinline__ RowTileOfBlock tile(std::uint32_t i) const {
        const std::uint32_t across = p.tokenTiles / p.tokenPeers;
        std::uint32_t rows = i / across * p.rowPeers + row, part = 0;
        const std::uint32_t firstToken = (i % across * p.tokenPeers + token) * Shape::kTokens;
        while (part + 1 < p.partCount && rows >= p.parts[part].tiles)
            rows -= p.parts[part++].tiles;
        const RowPart& m = p.parts[part];
        const std::uint32_t first = rows * Shape::kGroups;
        return {&m, first, rows < m.tiles ? min(Shape::kGroups, m.groups - first) : 0, firstToken};
    }
    /// Slots without columns that end a tile whose columns are split: one for the sums, before it what makes
    /// all splits equal.
    __device__ __forceinline__ std::uint32_t emptySlots() const {
        return p.splits == 1 ? 0 : (divideUp(p.units, p.splits) - (last - first)) * Shape::kParts + 1;
    }
};

/// One thread: halves to where they are multiplied. It also says how much a slot will hold.
template <class Shape>
__device__ __forceinline__ void copyWeights(const RowProduct& p, RowRing ring) {
    const HalfTiles<Shape> tiles(p);
    const std::uint64_t policy = evictNormal();
    const std::uint32_t share = Shape::kWeightBytes / p.tokenPeers, groups = Shape::kGroups / p.tokenPeers;
    std::uint32_t peers = 0;
    for (std::uint32_t t = 0; t < p.tokenPeers; ++t)
        peers |= 1u << tiles.rank(tiles.row, t);
    for (std::uint32_t i = tiles.cluster; i < tiles.count(); i += tiles.clusters) {
        const RowTileOfBlock tile = tiles.tile(i);
        const std::uint32_t bytes = Shape::kWeightBytes + Shape::kTokenBytes;
        const std::uint32_t first = tile.firstGroup + tiles.token * groups;
        for (std::uint32_t unit = tiles.first; unit < tiles.last; ++unit) {
            const std::uint32_t to = ring.beginFilling() + Shape::kTokenBytes + tiles.token * share;
            ring.expect(bytes);
            if (p.tokenPeers == 1)
                tensorCopy(to, tile.part->map, unit, first, ring.fullBarrier(), policy);
            else
                tensorCopyToPeers(to, tile.part->map, unit, first, ring.fullBarrier(), peers, policy);
            ring.advance();
        }
        for (std::uint32_t empty = tiles.emptySlots(); empty > 0; --empty) {
            ring.beginFilling();
            ring.expect(0);
            ring.advance();
        }
    }
}

/// One thread: a packed unit of each row group at a time.
template <class Shape>
__device__ __forceinline__ void copyPacked(const RowProduct& p, RowRing ring) {
    const HalfTiles<Shape> tiles(p);
    const std::uint64_t policy = p.tokenTiles == 1 ? evictFirst() : evictNormal();
    for (std::uint32_t i = tiles.cluster; i < tiles.count(); i += tiles.clusters) {
        const RowTileOfBlock tile = tiles.tile(i);
        for (std::uint32_t unit = tiles.first; unit < tiles.last; ++unit) {
            const std::uint32_t to = ring.beginFilling();
            ring.expect(Shape::kPackedBytes);
            tensorCopy(to, tile.part->map, unit, tile.firstGroup, ring.fullBarrier(), policy);
            ring.advance();
        }
    }
}

/// A warpgroup: makes halves of packed weights.
template <class Shape>
__device__ __forceinline__ void unpack(const RowProduct& p, RowRing ring, RowRing packed) {
    const HalfTiles<Shape> tiles(p);
    const std::uint32_t warp = threadIdx.x % 128 / 32, lane = threadIdx.x % 32;
    const auto pass = [&] { // a slot on
        fenceSharedForCopies();
        __syncwarp();
        if (lane == 0) arrive(ring.fullBarrier());
        ring.advance();
    };
    for (std::uint32_t i = tiles.cluster; i < tiles.count(); i += tiles.clusters) {
        for (std::uint32_t unit = tiles.first; unit < tiles.last; ++unit) {
            const std::uint32_t from = packed.take();
#pragma unroll
            for (std::uint32_t part = 0; part < Shape::kParts; ++part) {
                const std::uint32_t to = ring.beginFilling() + Shape::kTokenBytes + lane * 4;
#pragma unroll
                for (std::uint32_t j = 0; j < Shape::kGroups / 4; ++j) {
                    const std::uint32_t group = warp + 4 * j;
                    RowShare<Shape::kType> share;
                    share.load(from + group * Shape::kGroupBytes, part, lane);
                    const auto sixteen = [&]<int K>() {
                        __half2 first, second;
                        share.template sixteen<K>(first, second);
                        storeShared32(to + group * 1024 + K * 128, asBits(first));
                        storeShared32(to + group * 1024 + K * 128 + 512, asBits(second));
                    };
                    sixteen.template operator()<0>();
                    sixteen.template operator()<1>();
                    sixteen.template operator()<2>();
                    sixteen.template operator()<3>();
                }
                if (part + 1 == Shape::kParts) packed.release();
                pass();
            }
            packed.advance();
        }
        for (std::uint32_t empty = tiles.emptySlots(); empty > 0; --empty) {
            ring.beginFilling();
            pass();
        }
    }
}

/// One thread.
template <class Shape>
__device__ __forceinline__ void copyTokens(const RowProduct& p, RowRing ring) {
    const HalfTiles<Shape> tiles(p);
    const std::uint64_t policy = evictNormal();
    std::uint32_t peers = 0;
    for (std::uint32_t r = 0; r < p.rowPeers; ++r)
        peers |= 1u << tiles.rank(r, tiles.token);
    for (std::uint32_t i = tiles.cluster; i < tiles.count(); i += tiles.clusters) {
        const RowTileOfBlock tile = tiles.tile(i);
        const std::uint32_t share = Shape::kTokens / p.rowPeers, first = tile.firstToken + tiles.row * share;
        for (std::uint32_t part = tiles.first * Shape::kParts; part < tiles.last * Shape::kParts; ++part) {
            const std::uint32_t to = ring.beginFilling() + tiles.row * share * 128;
            if constexpr (Shape::kUnpacks) ring.expect(Shape::kTokenBytes);
            if (p.rowPeers == 1)
                tensorCopy(to, p.inMap, first, part, ring.fullBarrier(), policy);
            else
                tensorCopyToPeers(to, p.inMap, first, part, ring.fullBarrier(), peers, policy);
            ring.advance();
        }
        for (std::uint32_t empty = tiles.emptySlots(); empty > 0; --empty) {
            ring.beginFilling();
            if constexpr (Shape::kUnpacks) ring.expect(0);
            ring.advance();
        }
    }
}

/// Tells the blocks that fill a slot together that a warp of this one has read it.
struct SlotRelease {
    std::uint32_t blocks, target; ///< how many; this lane's

    template <class Tiles>
    __device__ __forceinline__ explicit SlotRelease(const Tiles& tiles) {
        const RowProduct& p = tiles.p;
        const std::uint32_t lane = threadIdx.x % 32;
        blocks = p.rowPeers + p.tokenPeers - 1;
        target = lane < p.rowPeers
                     ? tiles.rank(lane, tiles.token)
                     : tiles.rank(tiles.row, (tiles.token + lane - p.rowPeers + 1) % p.tokenPeers);
    }
    __device__ __forceinline__ void operator()(const RowRing& ring, std::uint32_t slot) const {
        __syncwarp();
        if (threadIdx.x % 32 < blocks) arriveAtPeer(ring.emptyBarrier(slot), target);
    }
};

template <class Shape>
__device__ __forceinline__ void consumeHalves(const RowProduct& p, RowRing ring,
                                              StagingBarrier<Shape>& barrier) {
    const HalfTiles<Shape> tiles(p);
    const SlotRelease release(tiles);
    const std::uint32_t slab = threadIdx.x / 128, parts = (tiles.last - tiles.first) * Shape::kParts;
    const std::uint32_t weights = Shape::kTokenBytes + slab * (Shape::kWeightBytes / Shape::kSlabs);
    waitForPreviousKernel();
    for (std::uint32_t i = tiles.cluster; i < tiles.count(); i += tiles.clusters) {
        float sums[Shape::kTokens / 2];
#pragma unroll
        for (std::uint32_t j = 0; j < Shape::kTokens / 2; ++j)
            sums[j] = 0;
        std::uint32_t used = kMaxRowSlots;
#pragma unroll 1
        for (std::uint32_t part = 0; part < parts; ++part) {
            const std::uint32_t at = ring.take();
            const std::uint64_t a = weightDescriptor(at + weights), b = tokenDescriptor(at);
            beginWgmma();
#pragma unroll
            for (std::uint32_t k = 0; k < 4; ++k)
                wgmmaShared<Shape::kTokens>(sums, a + k * kNextWeights, b + k * kNextSixteen, 1);
            commitWgmma();
            waitForWgmma<1>();
            if (used != kMaxRowSlots) release(ring, used);
            used = ring.slot;
            ring.advance();
        }
        waitForWgmma<0>();
        release(ring, used);
        for (std::uint32_t empty = tiles.emptySlots(); empty > 1; --empty) {
            ring.take();
            release(ring, ring.slot);
            ring.advance();
        }
        if (p.splits > 1) ring.take();
        finishTile<Shape>(p, tiles.tile(i), sums, ring.address(), barrier);
        if (p.splits == 1) continue;
        fenceSharedForCopies();
        release(ring, ring.slot);
        ring.advance();
    }
}

template <class Shape>
__global__ void __launch_bounds__(Shape::kThreads, 1)
    halfProductKernel(const __grid_constant__ RowProduct p) {
    extern __shared__ std::uint8_t memory[];
    letNextKernelStart();
    const std::uint32_t base = divideUp(sharedAddress(memory), 1024) * 1024;
    const std::uint32_t barriers = base + Shape::kBarriers;
    const RowRing ring{base, barriers, Shape::kSlots, Shape::kSlotBytes};
    const RowRing packed{base + Shape::kPacked, barriers + 16 * kMaxRowSlots, Shape::kPackedSlots,
                         Shape::kPackedBytes};
    const std::uint32_t split = blockIdx.x % p.splits;
    StagingBarrier<Shape> staged{barriers + 32 * kMaxRowSlots, p.splits, blockIdx.x % p.clusterBlocks - split,
                                 split};
    if (threadIdx.x == 0) {
        ring.init(4 * Shape::kSlabs * (p.rowPeers + p.tokenPeers - 1), Shape::kUnpacks ? 5 : 1);
        if constexpr (Shape::kUnpacks) packed.init(4);
        initBarrier(staged.barrier, Shape::kConsumers / 32 * staged.blocks);
        publishBarriers();
    }
    if (p.clusterBlocks > 1) {
        arriveAtCluster();
        waitForCluster();
    } else {
        __syncthreads();
    }
    if (threadIdx.x >= Shape::kProducers) {
        asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(Shape::kProducerRegisters));
        if (threadIdx.x == Shape::kProducers) {
            if constexpr (Shape::kUnpacks)
                copyPacked<Shape>(p, packed);
            else
                copyWeights<Shape>(p, ring);
        } else if (threadIdx.x == Shape::kProducers + 32) {
            waitForPreviousKernel();
            fenceForBulkCopies();
            copyTokens<Shape>(p, ring);
        }
    } else if (Shape::kUnpacks && threadIdx.x >= Shape::kConsumers) {
        if constexpr (Shape::kUnpacks) {
            if constexpr (Shape::kThreads > 512)
                asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(Shape::kUnpackRegisters));
            else
                asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(Shape::kUnpackRegisters));
            unpack<Shape>(p, ring, packed);
        }
    } else {
        asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(Shape::kConsumerRegisters));
        consumeHalves<Shape>(p, ring, staged);
    }
    if (p.clusterBlocks > 1) { // nobody's memory goes while a peer may still use it
        __syncwarp();
        arriveAtCluster();
        waitForCluster();
    }
}

} // namespace altiplano::kernels::cuda
