#pragma once

#include "decode/ptx.cuh"

#include <cuda.h>

namespace altiplano::kernels::cuda {

inline constexpr std::uint32_t kMaxRowSlots = 16;

/// Arrives at the barrier at the same shared address of the cluster's block `rank`, having read what was
/// there.
__device__ __forceinline__ void arriveAtPeer(std::uint32_t barrier, std::uint32_t rank) {
    asm volatile("{\n.reg .b32 remote;\n"
                 "mapa.shared::cluster.u32 remote, %0, %1;\n"
                 "mbarrier.arrive.shared::cluster.b64 _, [remote];\n}" ::"r"(barrier),
                 "r"(rank)
                 : "memory");
}

/// The same for what this block has written and that one will read.
__device__ __forceinline__ void publishToPeer(std::uint32_t barrier, std::uint32_t rank) {
    asm volatile("{\n.reg .b32 remote;\n"
                 "mapa.shared::cluster.u32 remote, %0, %1;\n"
                 "mbarrier.arrive.release.cluster.shared::cluster.b64 _, [remote];\n}" ::"r"(barrier),
                 "r"(rank)
                 : "memory");
}

/// waitBarrier for what other blocks of the cluster wrote.
__device__ __forceinline__ void waitBarrierOfCluster(std::uint32_t barrier, std::uint32_t parity) {
    asm volatile("{\n.reg .pred done;\n"
                 "again:\n"
                 "mbarrier.try_wait.parity.acquire.cluster.shared::cta.b64 done, [%0], %1;\n"
                 "@!done bra again;\n}" ::"r"(barrier),
                 "r"(parity)
                 : "memory");
}

/// Copies a box of a packed matrix (weightMap) from row group `group`, unit `unit` on.
__device__ __forceinline__ void tensorCopy(std::uint32_t to, const CUtensorMap& map, std::uint32_t unit,
                                           std::uint32_t group, std::uint32_t barrier, std::uint64_t policy) {
    asm volatile("cp.async.bulk.tensor.3d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.L2::"
                 "cache_hint [%0], [%1, {%2, %3, %4}], [%5], %6;" ::"r"(to),
                 "l"(&map), "r"(0), "r"(unit), "r"(group), "r"(barrier), "l"(policy)
                 : "memory");
}

/// tensorCopy into the same place of several blocks of the cluster.
__device__ __forceinline__ void tensorCopyToPeers(std::uint32_t to, const CUtensorMap& map,
                                                  std::uint32_t unit, std::uint32_t group,
                                                  std::uint32_t barrier, std::uint32_t peers,
                                                  std::uint64_t policy) {
    asm volatile("cp.async.bulk.tensor.3d.shared::cluster.global.tile.mbarrier::complete_tx::bytes."
                 "multicast::cluster.L2::cache_hint [%0], [%1, {%2, %3, %4}], [%5], %6, %7;" ::"r"(to),
                 "l"(&map), "r"(0), "r"(unit), "r"(group), "r"(barrier),
                 "h"(static_cast<std::uint16_t>(peers)), "l"(policy)
                 : "memory");
}

__device__ __forceinline__ std::uint64_t evictNormal() {
    std::uint64_t policy;
    asm volatile("createpolicy.fractional.L2::evict_normal.b64 %0, 1.0;" : "=l"(policy));
    return policy;
}

/// A ring of slots as one of its users sees it: whoever fills it, or one of the warps that empty it. Warps
/// that have no use for a slot pass over it.
struct RowRing {
    std::uint32_t data, barriers, slots, slotBytes; ///< shared addresses; full barriers, then empty ones
    std::uint32_t slot = 0, phase = 0;

    __device__ __forceinline__ std::uint32_t address() const { return data + slot * slotBytes; }
    __device__ __forceinline__ std::uint32_t fullBarrier() const { return barriers + 8 * slot; }
    __device__ __forceinline__ std::uint32_t emptyBarrier(std::uint32_t s) const {
        return barriers + 8 * (kMaxRowSlots + s);
    }

    __device__ __forceinline__ void init(std::uint32_t readers, std::uint32_t writers = 1) const {
        for (std::uint32_t i = 0; i < slots; ++i) {
            initBarrier(barriers + 8 * i, writers);
            initBarrier(emptyBarrier(i), readers);
        }
    }

    __device__ __forceinline__ void advance(std::uint32_t by) {
        for (slot += by; slot >= slots; slot -= slots)
            phase ^= 1;
    }

    __device__ __forceinline__ void advance() {
        if (++slot < slots) return;
        slot = 0;
        phase ^= 1;
    }

    __device__ __forceinline__ std::uint32_t beginFilling() const {
        waitBarrier(emptyBarrier(slot), phase ^ 1);
        return address();
    }
    __device__ __forceinline__ void expect(std::uint32_t bytes) const {
        if (bytes == 0)
            arrive(fullBarrier());
        else
            arriveExpecting(fullBarrier(), bytes);
    }

    __device__ __forceinline__ std::uint32_t take() const {
        waitBarrier(fullBarrier(), phase);
        return address();
    }
    __device__ __forceinline__ void release() const {
        __syncwarp();
        if (threadIdx.x % 32 == 0) arrive(emptyBarrier(slot));
    }
    /// A slot that `Peers` blocks of the cluster fill together.
    template <std::uint32_t Peers>
    __device__ __forceinline__ void release(std::uint32_t s) const {
        __syncwarp();
        if constexpr (Peers == 1) {
            if (threadIdx.x % 32 == 0) arrive(emptyBarrier(s));
        } else {
            if (threadIdx.x % 32 < Peers) arriveAtPeer(emptyBarrier(s), threadIdx.x % 32);
        }
    }
};

} // namespace altiplano::kernels::cuda
