#pragma once

#include "rows/fragment.cuh"
#include "rows/row_shape.cuh"
#include "rows/wgmma.cuh"

namespace altiplano::kernels::cuda {

/// What a consumer warp holds of its tile.
template <class Shape, QuantType T>
struct RowConsumer {
    using Stage = RowStage<Shape, T>;
    RowRing &weights, &tokens;
    std::uint32_t groupOffset; ///< of this warp's row groups in a stage
    float sums[Shape::kTokens / 2];
    std::uint32_t add = 0;             ///< 0: the next product starts from zero
    std::uint32_t used = kMaxRowSlots; ///< token slot of the product before, still to be released

    __device__ __forceinline__ void releaseUsed() {
        if (used != kMaxRowSlots) tokens.template release<Shape::kPeers>(used);
    }

    /// Stages first, first + kSplits, ... before `end`, all whole. While 64 columns are multiplied, the next
    /// 64 become halves. Advances the rings by kSplits stages for each. Products may still run afterwards.
    __device__ __forceinline__ void multiplyStages(std::uint32_t first, std::uint32_t end) {
        const std::uint32_t lane = threadIdx.x % 32;
        std::uint32_t a[2][4][4];
        for (std::uint32_t s = first; s < end; s += Shape::kSplits) {
            const std::uint32_t stage = weights.take() + groupOffset;
#pragma unroll
            for (std::uint32_t part = 0; part < Stage::kParts; ++part) {
                std::uint32_t(&operands)[4][4] = a[part % 2];
                FragmentShare<T> share;
                share.load(stage, Stage::kGroupBytes, part, lane);
                forSixteens([&]<int K>() { share.template sixteen<K>(operands[K]); });
                if (part + 1 == Stage::kParts) {
                    weights.release();
                    weights.advance(Shape::kSplits);
                }
                multiply<1>(operands, part);
            }
            tokens.advance(Shape::kWholeStages ? Shape::kSplits : (Shape::kSplits - 1) * Stage::kParts);
        }
    }

    /// A last stage of fewer parts, simply.
    __device__ __forceinline__ void multiplyRest(std::uint32_t parts) {
        const std::uint32_t lane = threadIdx.x % 32, stage = weights.take() + groupOffset;
        std::uint32_t a[4][4];
#pragma unroll 1
        for (std::uint32_t part = 0; part < parts; ++part) {
            FragmentShare<T> share;
            share.load(stage, Stage::kGroupBytes, part, lane);
            forSixteens([&]<int K>() { share.template sixteen<K>(a[K]); });
            multiply<0>(a, part);
        }
        weights.release();
    }

private:
    /// Adds the products of 64 columns and leaves those of `Pending` times 64 running.
    template <int Pending>
    __device__ __forceinline__ void multiply(std::uint32_t (&a)[4][4], std::uint32_t part) {
        const bool newSlot = !Shape::kWholeStages || part == 0;
        std::uint32_t at = newSlot ? tokens.take() : tokens.address();
        if (Shape::kWholeStages) at += part * Shape::kTokens * 128;
        const std::uint64_t b = tokenDescriptor(at);
        forSixteens([&]<int K>() { completeOperand(a[K]); });
        beginWgmma();
        forSixteens(
            [&]<int K>() { wgmma<Shape::kTokens>(sums, a[K], b + K * kNextSixteen, K == 0 ? add : 1); });
        commitWgmma();
        waitForWgmma<Pending>();
        add = 1;
        if (newSlot) {
            releaseUsed();
            used = tokens.slot;
        }
        if (!Shape::kWholeStages) tokens.advance(1);
    }

    template <class F>
    __device__ __forceinline__ static void forSixteens(F&& f) {
        f.template operator()<0>();
        f.template operator()<1>();
        f.template operator()<2>();
        f.template operator()<3>();
    }
};

} // namespace altiplano::kernels::cuda
