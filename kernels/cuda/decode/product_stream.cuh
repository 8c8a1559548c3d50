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

__device__ __forceinline__ void produce(const Product& p, const Ring& ring) {
    Producer producer{ring, p.stagesInFlight};
    std::uint32_t first = 0;
    for (std::uint32_t i = 0; i < p.partCount; ++i) {
        const Matrix& m = p.parts[i];
        const PackedTraits traits = packedTraits(m.type);
        const std::uint32_t groups = m.groups(), units = m.units();
        const Share share = shareOf(p, first, groups);
        const std::uint8_t* from = m.data + share.begin * m.groupBytes();
        for (std::uint32_t g = share.begin; g < share.end; ++g)
            for (std::uint32_t u = 0; u < units; u += traits.stageUnits) {
                const std::uint32_t bytes = min(traits.stageUnits, units - u) * traits.unitBytes;
                producer.push(from, bytes);
                from += bytes;
            }
        first += groups;
    }
}

/// Multiplies `groups` groups; partials[group][warp][row] get each warp's share of the sums. Where a group is
/// one stage (`Resident`), a lane's activations are the same for every group and stay in registers.
template <QuantType T, bool Resident>
__device__ __forceinline__ void consumePart(Ring& ring, std::uint32_t groups, std::uint32_t units,
                                            const Activations& input, float* partials) {
    constexpr PackedTraits kTraits = packedTraits(T);
    constexpr std::uint32_t kPerWarp = kTraits.stageUnits / kConsumerWarps;
    constexpr std::uint32_t kPerUnit = kUsesFloats<T> ? 4 : kTraits.unitColumns / 32; // activation blocks
    const std::uint32_t lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const auto blockOf = [&](std::uint32_t unit) { return unit * kPerUnit + lane / 8 * (kPerUnit / 4); };

    LaneActivations<T> resident[Resident ? kPerWarp : 1];
    if constexpr (Resident) {
#pragma unroll
        for (std::uint32_t j = 0; j < kPerWarp; ++j)
            if (warp + kConsumerWarps * j < units)
                resident[j].load(input, blockOf(warp + kConsumerWarps * j));
    }
    const auto fetch = [&](LaneWeights<T>* weights, std::uint32_t firstUnit) {
        const std::uint32_t stage = ring.take();
#pragma unroll
        for (std::uint32_t j = 0; j < kPerWarp; ++j) {
            const std::uint32_t u = warp + kConsumerWarps * j;
            if (firstUnit + u < units) weights[j].load(stage + u * kTraits.unitBytes, lane);
        }
        ring.release();
    };
    const auto finish = [&](float sum, std::uint32_t group) {
        sum += __shfl_xor_sync(0xffffffffu, sum, 8);
        sum += __shfl_xor_sync(0xffffffffu, sum, 16);
        if (lane < kGroupRows) partials[group * kSumPitch + warp * kGroupRows + lane] = sum;
    };

    // The next stage's weights go to registers before the current ones are multiplied.
    LaneWeights<T> current[kPerWarp], next[kPerWarp];
    fetch(current, 0);
    for (std::uint32_t g = 0; g < groups; ++g) {
        float sum = 0;
        for (std::uint32_t first = 0; first < units; first += kTraits.stageUnits) {
            if (!Resident && first + kTraits.stageUnits < units)
                fetch(next, first + kTraits.stageUnits);
            else if (g + 1 < groups)
                fetch(next, 0);
#pragma unroll
            for (std::uint32_t j = 0; j < kPerWarp; ++j) {
                const std::uint32_t u = first + warp + kConsumerWarps * j;
                if (u >= units) continue;
                if constexpr (Resident) {
                    sum = current[j].dot(resident[j], sum);
                } else {
                    LaneActivations<T> a;
                    a.load(input, blockOf(u));
                    sum = current[j].dot(a, sum);
                }
            }
#pragma unroll
            for (std::uint32_t j = 0; j < kPerWarp; ++j)
                current[j] = next[j];
            if (Resident) break;
        }
        finish(sum, g);
    }
}

template <QuantType T>
__device__ __forceinline__ void consumeType(Ring& ring, std::uint32_t groups, std::uint32_t units,
                                            const Activations& input, float* partials) {
    if (units <= packedTraits(T).stageUnits)
        consumePart<T, true>(ring, groups, units, input, partials);
    else
        consumePart<T, false>(ring, groups, units, input, partials);
}

/// Every part is of type T or U.
template <QuantType T, QuantType U>
__device__ __forceinline__ void consume(const Product& p, Ring& ring, const Activations& input,
                                        float* partials) {
    std::uint32_t first = 0;
    for (std::uint32_t i = 0; i < p.partCount; ++i) {
        const Matrix& m = p.parts[i];
        const Share share = shareOf(p, first, m.groups());
        const std::uint32_t groups = share.end - share.begin;
        first += m.groups();
        if (groups == 0) continue;
        if (T == U || m.type == T)
            consumeType<T>(ring, groups, m.units(), input, partials);
        else
            consumeType<U>(ring, groups, m.units(), input, partials);
        partials += groups * kSumPitch;
    }
}

} // namespace altiplano::kernels::cuda
