#pragma once

#include "decode/product_finish.cuh"
#include "decode/product_input.cuh"
#include "decode/product_stream.cuh"

/// A block's part of a product, from its input to its results.
namespace altiplano::kernels::cuda {

/// A row of the block, found before the input is there.
struct BlockRow {
    std::uint32_t part, row; ///< part == partCount: none

    __device__ __forceinline__ BlockRow(const Product& p, std::uint32_t t) : row(0) {
        locate(p, t, part, row);
    }
};

/// Called by all consumers when the input is there; `inputDone` by all of them when they have read it.
/// `first` is the thread's first row and `weights` its first norm weights.
template <QuantType T, QuantType U>
__device__ __forceinline__ void runProduct(const Product& p, const ProductInput& in, const Finish& finish,
                                           std::uint8_t* shared, Ring& ring, BlockRow mine,
                                           const NormWeights& weights) {
    const ProductShared& at = p.shared;
    const std::uint32_t base = sharedAddress(shared);
    const Activations input{base + at.quants, base + at.scales, base + at.floats};
    float squares = loadInput<kUsesFloats<T>>(in, weights, p.columns, input);
    auto* squareSums = reinterpret_cast<float*>(shared + at.squares);
    if (in.norm) {
        for (int offset = 16; offset > 0; offset /= 2)
            squares += __shfl_xor_sync(0xffffffffu, squares, offset);
        if (threadIdx.x % 32 == 0) squareSums[threadIdx.x / 32] = squares;
    }
    float2 early{};
    if (mine.part < p.partCount) early = readEarly(finish, p.parts[mine.part].role, mine.row);
    syncConsumers<kConsumers>();

    float factor = 1;
    if (in.norm) {
        float total = 0;
        for (std::uint32_t w = 0; w < kConsumerWarps; ++w)
            total += squareSums[w];
        factor = rsqrtf(total / static_cast<float>(p.columns) + in.epsilon);
    }
    auto* partials = reinterpret_cast<float*>(shared + at.partials);
    consume<T, U>(p, ring, input, partials);
    syncConsumers<kConsumers>();

    const std::uint32_t rows = (p.firstGroup[blockIdx.x + 1] - p.firstGroup[blockIdx.x]) * kGroupRows;
    for (std::uint32_t first = 0; first < rows; first += kConsumers) {
        const std::uint32_t t = first + threadIdx.x;
        if (first > 0) {
            mine = BlockRow(p, t);
            if (mine.part < p.partCount) early = readEarly(finish, p.parts[mine.part].role, mine.row);
        }
        float value = 0;
        if (mine.part < p.partCount) {
            const float* sums = partials + t / kGroupRows * kSumPitch + t % kGroupRows;
            const std::uint32_t warps = p.parts[mine.part].groupWarps;
#pragma unroll
            for (std::uint32_t w = 0; w < kConsumerWarps; ++w)
                if (w < warps) value += sums[w * kGroupRows];
        }
        value *= factor;
        const float pair = __shfl_xor_sync(0xffffffffu, value, 1);
        if (mine.part < p.partCount)
            finishRow(finish, p.parts[mine.part], RowSum{mine.row, t % 2 == 0, value, pair}, early);
    }
}

} // namespace altiplano::kernels::cuda
