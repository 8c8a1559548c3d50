#pragma once

#include "decode/lane_dot.cuh"
#include "decode/product_shared.h"
#include "decode/ring.cuh"

/// The stream of a product: one thread sends the block's row groups through the ring, eight warps multiply.
namespace altiplano::kernels::cuda {

/// The groups [begin, end) of a part that a block owns; empty where begin >= end.
struct Share {
    std::uint32_t begin, end;
};

__device__ __forceinline__ Share shareOf(const Product& p, std::uint32_t firstGroupOfPart,
                                         std::uint32_t groups) {
    const std::uint32_t begin = max(static_cast<std::uint32_t>(p.firstGroup[blockIdx.x]), firstGroupOfPart);
    const std::uint32_t end =
        min(static_cast<std::uint32_t>(p.firstGroup[blockIdx.x + 1]), firstGroupOfPart + groups);
    return {begin - firstGroupOfPart, end > begin ? end - firstGroupOfPart : begin - firstGroupOfPart};
}

/// Few stages are under way until the block has its input (which the barrier `inputReady` tells), since the
/// input would else queue behind them.
__device__ __forceinline__ void produce(const Product& p, const Ring& ring, std::uint32_t inputReady) {
    Producer producer{ring, p.stagesBeforeInput};
    std::uint32_t first = 0;
    for (std::uint32_t i = 0; i < p.partCount; ++i) {
        const StreamPart& part = p.parts[i];
        const Share share = shareOf(p, first, part.groups);
        const std::uint8_t* from = part.data + std::uint64_t{share.begin} * part.groupBytes;
        for (std::uint32_t g = share.begin; g < share.end; g += part.stageGroups)
            for (std::uint32_t u = 0; u < part.units; u += part.stageUnits) {
                const std::uint32_t units =
                    min(part.stageUnits, part.units - u) * min(part.stageGroups, share.end - g);
                if (isComplete(inputReady, 0)) producer.inFlight = p.stagesInFlight;
                producer.push(from, units * part.unitBytes);
                from += units * part.unitBytes;
            }
        first += part.groups;
    }
}

/// Sums over the quarters of a warp for four groups at once: the lanes of quarter i get group i's.
__device__ __forceinline__ float sumQuarters(const float (&sums)[4]) {
    const std::uint32_t quarter = threadIdx.x % 32 / 8;
    const bool upper = quarter >= 2, odd = quarter % 2 != 0;
    const float a = (upper ? sums[2] : sums[0]) + __shfl_xor_sync(0xffffffffu, upper ? sums[0] : sums[2], 16);
    const float b = (upper ? sums[3] : sums[1]) + __shfl_xor_sync(0xffffffffu, upper ? sums[1] : sums[3], 16);
    return (odd ? b : a) + __shfl_xor_sync(0xffffffffu, odd ? a : b, 8);
}

/// Multiplies `groups` groups; partials[group][warp of the group][row] get each warp's share of the sums. A
/// lane sees the same columns of every group: where a group is one stage (`Resident`), their activations stay
/// in registers.
template <QuantType T, bool Resident>
__device__ __forceinline__ void consumePart(Ring& ring, const StreamPart& part, std::uint32_t groups,
                                            const Activations& input, float* partials) {
    constexpr PackedTraits kTraits = packedTraits(T);
    constexpr std::uint32_t kPerWarp = kTraits.stageUnits / kConsumerWarps;
    constexpr std::uint32_t kPerUnit = kUsesFloats<T> ? 4 : kTraits.unitColumns / 32; // activation blocks
    const std::uint32_t lane = threadIdx.x % 32, warp = threadIdx.x / 32, units = part.units;
    const std::uint32_t inGroup = warp % part.groupWarps, groupOfStage = warp / part.groupWarps;
    const auto blockOf = [&](std::uint32_t unit) { return unit * kPerUnit + lane / 8 * (kPerUnit / 4); };

    LaneActivations<T> resident[Resident ? kPerWarp : 1];
    if constexpr (Resident) {
#pragma unroll
        for (std::uint32_t j = 0; j < kPerWarp; ++j)
            if (inGroup + kConsumerWarps * j < units)
                resident[j].load(input, blockOf(inGroup + kConsumerWarps * j));
    }

    // The share of this lane in the stage that holds units [first, first + stageUnits) of its group.
    const auto multiplyStage = [&](std::uint32_t first, bool valid, float sum) {
        const std::uint32_t stage = ring.take() + (groupOfStage * units + inGroup) * kTraits.unitBytes;
        const std::uint32_t left = units - first;
        LaneWeights<T> weights[kPerWarp];
        const auto dot = [&](std::uint32_t j) {
            if constexpr (Resident) {
                sum = weights[j].dot(resident[j], sum);
            } else {
                LaneActivations<T> a;
                a.load(input, blockOf(first + inGroup + kConsumerWarps * j));
                sum = weights[j].dot(a, sum);
            }
        };
        if (left >= kTraits.stageUnits && valid) { // without a question per unit
#pragma unroll
            for (std::uint32_t j = 0; j < kPerWarp; ++j)
                weights[j].load(stage + j * kConsumerWarps * kTraits.unitBytes, lane);
            ring.release();
#pragma unroll
            for (std::uint32_t j = 0; j < kPerWarp; ++j)
                dot(j);
            return sum;
        }
        const auto has = [&](std::uint32_t j) { return valid && inGroup + kConsumerWarps * j < left; };
#pragma unroll
        for (std::uint32_t j = 0; j < kPerWarp; ++j)
            if (has(j)) weights[j].load(stage + j * kConsumerWarps * kTraits.unitBytes, lane);
        ring.release();
#pragma unroll
        for (std::uint32_t j = 0; j < kPerWarp; ++j)
            if (has(j)) dot(j);
        return sum;
    };

    for (std::uint32_t g = 0; g < groups; g += 4 * part.stageGroups) {
        float sums[4] = {};
#pragma unroll
        for (std::uint32_t i = 0; i < 4; ++i) {
            const std::uint32_t group = g + i * part.stageGroups;
            if (group >= groups) break;
            const bool valid = group + groupOfStage < groups;
            if constexpr (Resident) {
                sums[i] = multiplyStage(0, valid, 0);
            } else {
                for (std::uint32_t first = 0; first < units; first += kTraits.stageUnits)
                    sums[i] = multiplyStage(first, valid, sums[i]);
            }
        }
        const float sum = sumQuarters(sums);
        const std::uint32_t group = g + lane / 8 * part.stageGroups + groupOfStage;
        if (group < groups) partials[group * kSumPitch + inGroup * kGroupRows + lane % kGroupRows] = sum;
    }
}

template <QuantType T>
__device__ __forceinline__ void consumeType(Ring& ring, const StreamPart& part, std::uint32_t groups,
                                            const Activations& input, float* partials) {
    constexpr std::uint32_t kUnits = packedTraits(T).stageUnits;
    if (!kUsesFloats<T> && part.units <= kUnits)
        consumePart<T, !kUsesFloats<T>>(ring, part, groups, input, partials);
    else
        consumePart<T, 0>(ring, part, groups, input, partials);
}

/// Every part is of type T or U.
template <QuantType T, QuantType U>
__device__ __forceinline__ void consume(const Product& p, Ring& ring, const Activations& input,
                                        float* partials) {
    std::uint32_t first = 0;
    for (std::uint32_t i = 0; i < p.partCount; ++i) {
        const StreamPart& part = p.parts[i];
        const Share share = shareOf(p, first, part.groups);
        const std::uint32_t groups = share.end - share.begin;
        first += part.groups;
        if (groups == 0) continue;
        if (T == U || part.type == T)
            consumeType<T>(ring, part, groups, input, partials);
        else
            consumeType<U>(ring, part, groups, input, partials);
        partials += groups * kSumPitch;
    }
}

} // namespace altiplano::kernels::cuda
