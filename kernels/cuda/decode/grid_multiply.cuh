#pragma once

#include "decode/grid_ring.cuh"
#include "decode/product_stream.cuh"

/// How a block of the grid multiplies: as consumePart does, but whatever is in registers is written on every
/// way, or the compiler would keep its place through all steps of the kernel. A warp that has no unit in a
/// stage multiplies the first one, for nothing.
namespace altiplano::kernels::cuda {

/// A warp's place in a stage of sixteen units.
struct GridLane {
    std::uint32_t inGroup, groupOfStage, offset; ///< of the warp's first unit in a stage, in bytes

    __device__ __forceinline__ GridLane(const GridProduct& p, std::uint32_t unitBytes) {
        const std::uint32_t warp = threadIdx.x / 32;
        inGroup = warp & (p.groupWarps - 1); // a power of two
        groupOfStage = warp >> (__ffs(static_cast<int>(p.groupWarps)) - 1);
        offset = (groupOfStage * p.units + inGroup) * unitBytes;
    }
};

template <std::uint32_t Count>
__device__ __forceinline__ void sumQuarterUnits(float (&sums)[Count]) {
#pragma unroll
    for (int offset = 8; offset <= 16; offset *= 2)
#pragma unroll
        for (std::uint32_t i = 0; i < Count; ++i)
            sums[i] += __shfl_xor_sync(0xffffffffu, sums[i], offset);
}

/// Groups of at most a stage, all of the same columns: two stages at a time, so that one's latencies pass
/// under the other.
template <QuantType T>
__device__ __forceinline__ void multiplyShort(GridRing& ring, const GridProduct& p, std::uint32_t groups,
                                              const Activations& input, float* partials) {
    constexpr PackedTraits kTraits = packedTraits(T);
    constexpr std::uint32_t kPerUnit = kTraits.unitColumns / 32;
    const std::uint32_t lane = threadIdx.x % 32;
    const GridLane at(p, kTraits.unitBytes);
    const bool hasUnit = at.inGroup < p.units;
    const std::uint32_t offset = hasUnit ? at.offset : 0;
    // Of the groups at which stages begin, those below `left` have one for this warp.
    const std::uint32_t left = at.groupOfStage < groups ? groups - at.groupOfStage : 0;
    LaneActivations<T> activations;
    activations.load(input, (hasUnit ? at.inGroup : 0) * kPerUnit + lane / 8 * (kPerUnit / 4));
    const auto load = [&](LaneWeights<T>& weights, std::uint32_t g) {
        weights.load(ring.take() + (g < left ? offset : 0), lane);
        ring.release();
    };
    float* to = partials + at.groupOfStage * kSumPitch + at.inGroup * kGroupRows + lane;
#pragma unroll 1
    for (std::uint32_t g = 0; g < groups; g += 2 * p.stageGroups) {
        const std::uint32_t next = g + p.stageGroups;
        float sums[2] = {};
        LaneWeights<T> first;
        load(first, g);
        if (next < groups) {
            LaneWeights<T> second;
            load(second, next);
            sums[0] = first.dot(activations, 0);
            sums[1] = second.dot(activations, 0);
        } else {
            sums[0] = first.dot(activations, 0);
        }
        sumQuarterUnits(sums);
        if (lane < kGroupRows) {
            if (g < left) to[0] = hasUnit ? sums[0] : 0;
            if (next < left) to[p.stageGroups * kSumPitch] = hasUnit ? sums[1] : 0;
        }
        to += 2 * p.stageGroups * kSumPitch;
    }
}

/// Groups of several stages.
template <QuantType T>
__device__ __forceinline__ void multiplyLong(GridRing& ring, const GridProduct& p, std::uint32_t groups,
                                             const Activations& input, float* partials) {
    constexpr PackedTraits kTraits = packedTraits(T);
    constexpr std::uint32_t kPerUnit = kTraits.unitColumns / 32;
    const std::uint32_t lane = threadIdx.x % 32, warp = threadIdx.x / 32, offset = warp * kTraits.unitBytes;
    float* to = partials + warp * kGroupRows + lane;
#pragma unroll 1
    for (std::uint32_t g = 0; g < groups; ++g, to += kSumPitch) {
        float sums[1] = {};
#pragma unroll 1
        for (std::uint32_t u = 0; u < p.units; u += 2 * kConsumerWarps) {
            const auto load = [&](LaneWeights<T>& weights, std::uint32_t unit) {
                weights.load(ring.take() + (unit < p.units ? offset : 0), lane);
                ring.release();
            };
            const auto add = [&](const LaneWeights<T>& weights, std::uint32_t unit) {
                LaneActivations<T> activations;
                activations.load(input, (unit < p.units ? unit : 0) * kPerUnit + lane / 8 * (kPerUnit / 4));
                const float sum = weights.dot(activations, 0);
                if (unit < p.units) sums[0] += sum;
            };
            LaneWeights<T> first;
            load(first, u + warp);
            if (u + kConsumerWarps < p.units) {
                LaneWeights<T> second;
                load(second, u + kConsumerWarps + warp);
                add(first, u + warp);
                add(second, u + kConsumerWarps + warp);
            } else {
                add(first, u + warp);
            }
        }
        sumQuarterUnits(sums);
        if (lane < kGroupRows) to[0] = sums[0];
    }
}

template <QuantType T>
__device__ __forceinline__ void multiplyInGrid(GridRing& ring, const GridProduct& p, std::uint32_t groups,
                                               const Activations& input, float* partials) {
    if constexpr (packedTraits(T).stageUnits == kConsumerWarps) {
        p.units <= kConsumerWarps ? multiplyShort<T>(ring, p, groups, input, partials)
                                  : multiplyLong<T>(ring, p, groups, input, partials);
    } else {
        const std::uint32_t columns = (p.columns + 255) / 256 * 256;
        p.units <= packedTraits(T).stageUnits
            ? consumePart<T, true, 1>(ring, p, groups, input, columns, partials, 0)
            : consumePart<T, false, 1>(ring, p, groups, input, columns, partials, 0);
    }
}

} // namespace altiplano::kernels::cuda
