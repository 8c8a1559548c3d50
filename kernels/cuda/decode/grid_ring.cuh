#pragma once

#include "decode/grid.h"
#include "decode/ring.cuh"

/// A ring whose stages take as many bytes as they need: matrices of two types and K/V go through it.
namespace altiplano::kernels::cuda {

inline constexpr std::uint32_t kGridStages = 16; ///< most stages in the ring
// Before the data: barriers that say a stage is full and empty, and where it begins.
static_assert(kGridRingHead == kGridStages * (8 + 8 + 4));

/// The consumers' side.
struct GridRing {
    std::uint32_t head; ///< shared address
    std::uint32_t taken = 0;

    __device__ __forceinline__ std::uint32_t full(std::uint32_t stage) const {
        return head + stage % kGridStages * 8;
    }
    __device__ __forceinline__ std::uint32_t empty(std::uint32_t stage) const {
        return head + (kGridStages + stage % kGridStages) * 8;
    }
    __device__ __forceinline__ std::uint32_t begin(std::uint32_t stage) const {
        return head + kGridStages * 16 + stage % kGridStages * 4;
    }
    static __device__ __forceinline__ std::uint32_t parity(std::uint32_t stage) {
        return stage / kGridStages & 1;
    }

    __device__ __forceinline__ void init(std::uint32_t consumerWarps) const {
        for (std::uint32_t i = 0; i < kGridStages; ++i) {
            initBarrier(full(i), 1);
            initBarrier(empty(i), consumerWarps);
        }
        publishBarriers();
    }

    /// The address of the next stage, once it is there.
    __device__ __forceinline__ std::uint32_t take() const {
        waitBarrier(full(taken), parity(taken));
        return shared32(begin(taken));
    }

    /// This warp has read the stage.
    __device__ __forceinline__ void release() {
        __syncwarp();
        if (threadIdx.x % 32 == 0) arrive(empty(taken));
        ++taken;
    }
};

/// The side that fills it: one thread.
struct GridProducer {
    GridRing ring;
    std::uint32_t data, bytes;  ///< shared address
    std::uint32_t inFlight = 2; ///< most stages under way
    std::uint32_t issued = 0, landed = 0, freed = 0, next = 0;
    std::uint64_t policy = evictFirst();

    /// As Producer's; the stage takes `room` bytes.
    __device__ __forceinline__ std::uint32_t begin(std::uint32_t copied, std::uint32_t room) {
        room = (room + 127) / 128 * 128;
        if (issued - freed == kGridStages) freeOldest();
        if (next + room > bytes) { // goes on from the start: what lies behind is older than what lies there
            while (issued != freed && oldest() >= next)
                freeOldest();
            next = 0;
        }
        while (issued != freed && oldest() >= next && oldest() < next + room)
            freeOldest();
        for (; issued - landed >= inFlight; ++landed)
            waitBarrier(ring.full(landed), GridRing::parity(landed));
        storeShared32(ring.begin(issued), data + next);
        arriveExpecting(ring.full(issued), copied);
        const std::uint32_t to = data + next;
        next += room;
        return to;
    }

    __device__ __forceinline__ void copy(std::uint32_t to, const void* from, std::uint32_t count) const {
        bulkCopy(to, from, count, ring.full(issued), policy);
    }

    __device__ __forceinline__ void advance() { ++issued; }

    __device__ __forceinline__ void push(const void* from, std::uint32_t count) {
        copy(begin(count, count), from, count);
        advance();
    }

private:
    __device__ __forceinline__ std::uint32_t oldest() const { return shared32(ring.begin(freed)) - data; }

    __device__ __forceinline__ void freeOldest() {
        waitBarrier(ring.empty(freed), GridRing::parity(freed));
        ++freed;
    }
};

} // namespace altiplano::kernels::cuda
