#pragma once

#include "decode/ptx.cuh"

namespace altiplano::kernels::cuda {

/// The stages of a block's stream in shared memory. One thread fills them with bulk copies; the consumer
/// warps take them in the same order. The ring is deep, so that it fills while the previous kernel ends, but
/// few bytes are under way at a time: more would only queue up in front of the reads that others wait for.
struct Ring {
    std::uint32_t data = 0, full = 0, empty = 0; ///< shared addresses: slots, and two barriers a slot
    std::uint32_t slots = 0, slotBytes = 0;
    std::uint32_t slot = 0, phase = 0;

    __device__ __forceinline__ void init(std::uint32_t consumerWarps) const {
        for (std::uint32_t i = 0; i < slots; ++i) {
            initBarrier(full + 8 * i, 1);
            initBarrier(empty + 8 * i, consumerWarps);
        }
        publishBarriers();
    }

    __device__ __forceinline__ void advance() {
        if (++slot == slots) {
            slot = 0;
            phase ^= 1;
        }
    }

    /// Consumer: the address of the next stage, once it is there.
    __device__ __forceinline__ std::uint32_t take() const {
        waitBarrier(full + 8 * slot, phase);
        return data + slot * slotBytes;
    }

    /// Consumer: this warp has read the stage.
    __device__ __forceinline__ void release() {
        __syncwarp();
        if (threadIdx.x % 32 == 0) arrive(empty + 8 * slot);
        advance();
    }
};

/// The filling side of a ring.
struct Producer {
    Ring ring;
    std::uint32_t inFlight = 2; ///< most stages under way
    std::uint32_t underWay = 0, landedSlot = 0, landedPhase = 0;
    std::uint64_t policy = evictFirst();

    /// Waits for a free slot; the caller then copies exactly `bytes` into the address it gets, to wherever
    /// it likes in the slot.
    __device__ __forceinline__ std::uint32_t begin(std::uint32_t bytes, std::uint32_t /*room*/ = 0) {
        waitBarrier(ring.empty + 8 * ring.slot, ring.phase ^ 1);
        for (; underWay >= inFlight; --underWay) {
            waitBarrier(ring.full + 8 * landedSlot, landedPhase);
            if (++landedSlot == ring.slots) {
                landedSlot = 0;
                landedPhase ^= 1;
            }
        }
        ++underWay;
        arriveExpecting(ring.full + 8 * ring.slot, bytes);
        return ring.data + ring.slot * ring.slotBytes;
    }

    __device__ __forceinline__ void copy(std::uint32_t to, const void* from, std::uint32_t bytes) const {
        bulkCopy(to, from, bytes, ring.full + 8 * ring.slot, policy);
    }

    __device__ __forceinline__ void advance() { ring.advance(); }

    __device__ __forceinline__ void push(const void* from, std::uint32_t bytes) {
        copy(begin(bytes), from, bytes);
        ring.advance();
    }
};

/// A barrier of the consumer warps alone.
template <std::uint32_t Threads>
__device__ __forceinline__ void syncConsumers() {
    asm volatile("bar.sync 1, %0;" ::"n"(Threads) : "memory");
}

} // namespace altiplano::kernels::cuda
