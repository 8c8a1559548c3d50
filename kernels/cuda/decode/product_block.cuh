#pragma once

#include "decode/product_finish.cuh"
#include "decode/product_input.cuh"
#include "decode/product_stream.cuh"

/// A block's part of a product, from its input to its results.
namespace altiplano::kernels::cuda {

/// A sum of the block, found before the input is there: which row, of which token.
struct BlockRow {
    std::uint32_t token, place; ///< the token's place-th row in the block
    std::uint32_t part, row;    ///< part == partCount: none

    template <std::uint32_t Tokens>
    static __device__ __forceinline__ BlockRow of(const Product& p, std::uint32_t i) {
        BlockRow r{0, i, p.partCount, 0};
        if constexpr (Tokens > 1) {
            const std::uint32_t rows =
                max(p.firstGroup[blockIdx.x + 1] - p.firstGroup[blockIdx.x], 1) * kGroupRows;
            r.token = i / rows;
            r.place = i % rows;
            if (r.token >= p.tokens) {
                r.token = 0;
                return r;
            }
        }
        locate(p, r.place, r.part, r.row);
        return r;
    }
};

/// Called by all consumers when the input is there; `inputDone` by all of them when they have read it.
/// `first` is the thread's first row and `weights` its first norm weights.
template <QuantType T, QuantType U, std::uint32_t Tokens>
__device__ __forceinline__ void runProduct(const Product& p, const ProductInput& in, const Finish& finish,
                                           std::uint8_t* shared, Ring& ring, BlockRow mine,
                                           const NormWeights& weights) {
    const ProductShared& at = p.shared;
    const std::uint32_t base = sharedAddress(shared);
    const Activations input{base + at.quants, base + at.scales, base + at.floats};
    float squares = loadInput<kUsesFloats<T>, Tokens>(in, weights, p.columns, p.tokens, input);
    auto* squareSums = reinterpret_cast<float*>(shared + at.squares);
    if (in.norm) {
        for (int offset = 16; offset > 0; offset /= 2)
            squares += __shfl_xor_sync(0xffffffffu, squares, offset);
        if (threadIdx.x % 32 == 0) squareSums[threadIdx.x / 32] = squares;
    }
    float2 early{};
    if (mine.part < p.partCount) early = readEarly(finish, p.parts[mine.part].role, mine.row, mine.token);
    syncConsumers<kConsumers>();

    const auto factorOf = [&](std::uint32_t token) {
        constexpr std::uint32_t kWarps = kConsumerWarps / Tokens;
        float total = 0;
        for (std::uint32_t w = 0; w < kWarps; ++w)
            total += squareSums[token * kWarps + w];
        return rsqrtf(total / static_cast<float>(p.columns) + in.epsilon);
    };
    float factor = in.norm ? factorOf(mine.token) : 1;
    auto* partials = reinterpret_cast<float*>(shared + at.partials);
    consume<T, U, Tokens>(p, ring, input, partials);
    syncConsumers<kConsumers>();

    const std::uint32_t rows = (p.firstGroup[blockIdx.x + 1] - p.firstGroup[blockIdx.x]) * kGroupRows;
    for (std::uint32_t first = 0; first < rows * p.tokens; first += kConsumers) {
        if (first > 0) {
            mine = BlockRow::of<Tokens>(p, first + threadIdx.x);
            if (mine.part < p.partCount)
                early = readEarly(finish, p.parts[mine.part].role, mine.row, mine.token);
            if (Tokens > 1 && in.norm) factor = factorOf(mine.token);
        }
        float value = 0;
        if (mine.part < p.partCount) {
            const float* sums = partials + (mine.token * p.maxGroups + mine.place / kGroupRows) * kSumPitch +
                                mine.place % kGroupRows;
            const std::uint32_t warps = p.parts[mine.part].groupWarps;
#pragma unroll
            for (std::uint32_t w = 0; w < kConsumerWarps; ++w)
                if (w < warps) value += sums[w * kGroupRows];
        }
        value *= factor;
        const float pair = __shfl_xor_sync(0xffffffffu, value, 1);
        if (mine.part < p.partCount)
            finishRow(finish, p.parts[mine.part],
                      RowSum{mine.row, mine.token, mine.place % 2 == 0, value, pair}, early);
    }
}

} // namespace altiplano::kernels::cuda
