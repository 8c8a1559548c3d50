#pragma once

#include "decode/layers.h"
#include "decode/product_input.cuh"
#include "decode/ring.cuh"

/// A block's share of a product of one layer: how its weights come, and how they are multiplied.
namespace altiplano::kernels::cuda {

/// Sends the block's units through the ring; a stage may hold units of several matrices.
template <QuantType T>
__device__ __forceinline__ void produceProduct(const ClusterProduct& p, const LayerTable& layer,
                                               std::uint32_t rank, Producer& producer) {
    constexpr std::uint32_t kBytes = packedTraits(T).unitBytes;
    const std::uint32_t end = p.firstGroup(rank + 1) * p.units;
    for (std::uint32_t u = p.firstGroup(rank) * p.units; u < end; u += kStageUnits) {
        const std::uint32_t last = min(u + kStageUnits, end);
        std::uint32_t to = producer.begin((last - u) * kBytes);
        for (std::uint32_t i = 0, first = 0; i < p.matrixCount; first = p.ends[i++] * p.units) {
            const std::uint32_t from = max(u, first), until = min(last, p.ends[i] * p.units);
            if (from >= until) continue;
            producer.copy(to, layer.matrices[p.firstMatrix + i] + std::uint64_t{from - first} * kBytes,
                          (until - from) * kBytes);
            to += (until - from) * kBytes;
        }
        producer.ring.advance();
    }
}

/// Sums over the four quarters of a unit's columns: four units at once, so that lane l ends with unit l / 8's
/// row l % 8, from every lane's four sums.
__device__ __forceinline__ float sumQuarters(const float (&sums)[4]) {
    const bool odd = threadIdx.x & 8, upper = threadIdx.x & 16;
    const auto swap = [](float keep, float give, int offset) {
        return keep + __shfl_xor_sync(0xffffffffu, give, offset);
    };
    const float low = swap(odd ? sums[1] : sums[0], odd ? sums[0] : sums[1], 8),
                high = swap(odd ? sums[3] : sums[2], odd ? sums[2] : sums[3], 8);
    return swap(upper ? high : low, upper ? low : high, 16);
}

/// partials[unit of the block][row of its group] get the units' sums. A stage is sixteen units, one for each
/// warp; weights of four stages are in registers at a time.
template <QuantType T>
__device__ __forceinline__ void multiplyUnits(std::uint32_t units, std::uint32_t count, Ring& ring,
                                              const Activations& input, float* partials) {
    constexpr PackedTraits kTraits = packedTraits(T);
    constexpr std::uint32_t kBlocks = kTraits.unitColumns / 32;
    const std::uint32_t lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const std::uint32_t step = kConsumerWarps % units;
    std::uint32_t unit = warp % units; // of its group
#pragma unroll 1
    for (std::uint32_t first = warp; first < count + warp; first += 4 * kConsumerWarps) {
        LaneWeights<T> weights[4];
        float sums[4] = {};
#pragma unroll
        for (std::uint32_t j = 0; j < 4; ++j) {
            if (first - warp + j * kConsumerWarps >= count) break;
            const std::uint32_t stage = ring.take();
            if (first + j * kConsumerWarps < count) weights[j].load(stage + warp * kTraits.unitBytes, lane);
            ring.release();
        }
#pragma unroll
        for (std::uint32_t j = 0; j < 4; ++j) {
            if (first + j * kConsumerWarps >= count) break;
            LaneActivations<T> activations;
            activations.load(input, unit * kBlocks + lane / 8 * (kBlocks / 4));
            sums[j] = weights[j].dot(activations, 0);
            unit += step;
            if (unit >= units) unit -= units;
        }
        const float sum = sumQuarters(sums);
        const std::uint32_t mine = first + lane / 8 * kConsumerWarps;
        if (mine < count) partials[mine * kGroupRows + lane % 8] = sum;
    }
}

/// Brings inputs into the form that products take, with zeros up to the next multiple of 256: `source(i)` is
/// the i-th eight. All consumers call it.
template <class Source>
__device__ __forceinline__ void prepareInput(std::uint32_t columns, const Activations& to, Source&& source) {
    const std::uint32_t eights = columns / 8, padded = (columns + 255) / 256 * 32;
    if (threadIdx.x >= padded) return; // whole warps
    const InputEight eight = threadIdx.x < eights ? source(threadIdx.x) : InputEight(uint4{}, uint4{});
    eight.storeInt8(to, threadIdx.x);
}

__device__ __forceinline__ float sharedFloat(std::uint32_t address) {
    return __uint_as_float(shared32(address));
}

} // namespace altiplano::kernels::cuda
