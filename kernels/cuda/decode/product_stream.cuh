#pragma once

#include "decode/lane_dot.cuh"
#include "decode/product_shared.h"
#include "decode/ring.cuh"

/// The stream of a product: one thread sends the block's row groups through the ring, sixteen warps multiply.
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

__device__ __forceinline__ void produce(const Product& p, const Ring& ring) {
    Producer producer{ring, p.stagesInFlight};
    std::uint32_t first = 0;
    for (std::uint32_t i = 0; i < p.partCount; ++i) {
        const StreamPart& part = p.parts[i];
        const Share share = shareOf(p, first, part.groups);
        const std::uint8_t* from = part.data + std::uint64_t{share.begin} * part.groupBytes;
        for (std::uint32_t g = share.begin; g < share.end; g += part.stageGroups)
            for (std::uint32_t u = 0; u < part.units; u += part.stageUnits) {
                const std::uint32_t units =
                    min(part.stageUnits, part.units - u) * min(part.stageGroups, share.end - g);
                producer.push(from, units * part.unitBytes);
                from += units * part.unitBytes;
            }
        first += part.groups;
    }
}

/// Multiplies `groups` groups; partials[group][warp of the group][row] get each warp's share of the sums, a
/// token's `pitch` floats after those of the one before. A lane sees the same columns of every group: where a
/// group is one stage (`Resident`), their activations stay in registers. Few instructions, since every kernel
/// of a step meets a cold instruction cache. `part` tells units, groupWarps and stageGroups, as StreamPart.
template <QuantType T, bool Resident, std::uint32_t Tokens, class Part, class AnyRing>
__device__ __forceinline__ void consumePart(AnyRing& ring, const Part& part, std::uint32_t groups,
                                            const Activations& input, std::uint32_t columns, float* partials,
                                            std::uint32_t pitch) {
    constexpr PackedTraits kTraits = packedTraits(T);
    constexpr std::uint32_t kPerWarp = kTraits.stageUnits / kConsumerWarps;
    constexpr std::uint32_t kAtOnce = // weights in registers, so that they fit
        sizeof(LaneWeights<T>) * kPerWarp <= 96 ? kPerWarp : kPerWarp / 2;
    constexpr std::uint32_t kPerUnit = kUsesFloats<T> ? 4 : kTraits.unitColumns / 32; // activation blocks
    const std::uint32_t lane = threadIdx.x % 32, warp = threadIdx.x / 32, units = part.units;
    const std::uint32_t inGroup = warp & (part.groupWarps - 1), // a power of two
        groupOfStage = warp >> (__ffs(static_cast<int>(part.groupWarps)) - 1);
    const std::uint32_t offset = (groupOfStage * units + inGroup) * kTraits.unitBytes;
    const auto blockOf = [&](std::uint32_t unit) { return unit * kPerUnit + lane / 8 * (kPerUnit / 4); };

    LaneActivations<T> resident[Resident ? kPerWarp : 1];
    if constexpr (Resident) {
#pragma unroll
        for (std::uint32_t j = 0; j < kPerWarp; ++j)
            if (inGroup + kConsumerWarps * j < units)
                resident[j].load(input, blockOf(inGroup + kConsumerWarps * j));
    }
    float* to = partials + groupOfStage * kSumPitch + inGroup * kGroupRows + lane;
#pragma unroll 1
    for (std::uint32_t g = 0; g < groups; g += part.stageGroups) {
        const bool valid = g + groupOfStage < groups;
        float sums[Tokens] = {};
        std::uint32_t first = 0;
#pragma unroll 1
        do {
            const auto has = [&](std::uint32_t j) {
                return valid && first + inGroup + kConsumerWarps * j < units;
            };
            const std::uint32_t stage = ring.take() + offset;
#pragma unroll
            for (std::uint32_t base = 0; base < kPerWarp; base += kAtOnce) {
                LaneWeights<T> weights[kAtOnce];
#pragma unroll
                for (std::uint32_t j = 0; j < kAtOnce; ++j)
                    if (has(base + j))
                        weights[j].load(stage + (base + j) * kConsumerWarps * kTraits.unitBytes, lane);
                if (base + kAtOnce == kPerWarp) ring.release();
#pragma unroll
                for (std::uint32_t j = 0; j < kAtOnce; ++j) {
                    if (!has(base + j)) break;
                    if constexpr (Resident) {
                        sums[0] = weights[j].dot(resident[base + j], sums[0]);
                    } else {
                        const std::uint32_t block = blockOf(first + inGroup + kConsumerWarps * (base + j));
#pragma unroll
                        for (std::uint32_t t = 0; t < Tokens; ++t) {
                            LaneActivations<T> a;
                            a.load(input.of(t, columns), block);
                            sums[t] = weights[j].dot(a, sums[t]);
                        }
                    }
                }
            }
            first += kTraits.stageUnits;
        } while (!Resident && first < units);
#pragma unroll
        for (std::uint32_t t = 0; t < Tokens; ++t) {
            float sum = sums[t];
            sum += __shfl_xor_sync(0xffffffffu, sum, 8);
            sum += __shfl_xor_sync(0xffffffffu, sum, 16);
            if (valid && lane < kGroupRows) to[t * pitch] = sum;
        }
        to += part.stageGroups * kSumPitch;
    }
}

template <QuantType T, std::uint32_t Tokens, class Part, class AnyRing>
__device__ __forceinline__ void consumeType(std::uint32_t columnCount, std::uint32_t pitch, AnyRing& ring,
                                            const Part& part, std::uint32_t groups, const Activations& input,
                                            float* partials) {
    constexpr std::uint32_t kUnits = packedTraits(T).stageUnits;
    constexpr bool kMayReside = !kUsesFloats<T> && Tokens == 1;
    const std::uint32_t columns = (columnCount + 255) / 256 * 256;
    if (kMayReside && part.units <= kUnits)
        consumePart<T, kMayReside, Tokens>(ring, part, groups, input, columns, partials, pitch);
    else
        consumePart<T, false, Tokens>(ring, part, groups, input, columns, partials, pitch);
}

/// Every part is of type T or U.
template <QuantType T, QuantType U, std::uint32_t Tokens>
__device__ __forceinline__ void consume(const Product& p, Ring& ring, const Activations& input,
                                        float* partials) {
    const std::uint32_t pitch = p.maxGroups * kSumPitch;
    std::uint32_t first = 0;
    for (std::uint32_t i = 0; i < p.partCount; ++i) {
        const StreamPart& part = p.parts[i];
        const Share share = shareOf(p, first, part.groups);
        const std::uint32_t groups = share.end - share.begin;
        first += part.groups;
        if (groups == 0) continue;
        if (T == U || part.type == T)
            consumeType<T, Tokens>(p.columns, pitch, ring, part, groups, input, partials);
        else
            consumeType<U, Tokens>(p.columns, pitch, ring, part, groups, input, partials);
        partials += groups * kSumPitch;
    }
}

} // namespace altiplano::kernels::cuda
