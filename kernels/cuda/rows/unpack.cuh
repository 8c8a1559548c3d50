#pragma once

#include "rows/fragment.cuh"

/// Packed weights (packedTraits) to half floats in shared memory, as wgmma reads them (weightDescriptor): of
/// a row group 64 columns at a time, by sixteen threads. Each takes a row and half of the columns and reads
/// sixteen bytes at a time. The columns of a sixteen stand in the order of columnOrder.
namespace altiplano::kernels::cuda {

/// What a thread unpacks: `unit` is a shared address, `part` says which 64 of the unit's columns, `row` which
/// of the group's rows, `piece` which half, and `to` is where row 0's first eight halves go.
struct UnpackPiece {
    std::uint32_t unit, part, row, piece, to;

    /// Sixteen weights at a time: those of even columns, then those of odd ones.
    __device__ __forceinline__ void store(std::uint32_t sixteen, const __half2 (&even)[4],
                                          const __half2 (&odd)[4]) const {
        const std::uint32_t at = to + sixteen * 128 + row * 16;
        storeShared128(at, make_uint4(asBits(even[0]), asBits(even[1]), asBits(even[2]), asBits(even[3])));
        storeShared128(at + 512, make_uint4(asBits(odd[0]), asBits(odd[1]), asBits(odd[2]), asBits(odd[3])));
    }
    /// convert(i, even, odd) makes four weights of word i.
    template <class Convert>
    __device__ __forceinline__ void store(std::uint32_t sixteen, Convert&& convert) const {
        __half2 even[4], odd[4];
#pragma unroll
        for (std::uint32_t i = 0; i < 4; ++i)
            convert(i, even[i], odd[i]);
        store(sixteen, even, odd);
    }
};

/// Four words in registers.
struct Words {
    std::uint32_t word[4];

    __device__ __forceinline__ explicit Words(std::uint32_t address) {
        const uint4 v = shared128(address);
        word[0] = v.x, word[1] = v.y, word[2] = v.z, word[3] = v.w;
    }
    __device__ __forceinline__ std::uint32_t operator[](std::uint32_t i) const { return word[i]; }
};

template <QuantType T>
__device__ __forceinline__ void unpackPiece(const UnpackPiece& p) {
    if constexpr (T == QuantType::Q4_0 || T == QuantType::Q4_1) {
        constexpr bool kMinimum = T == QuantType::Q4_1;
        const std::uint32_t lane = (p.part * 2 + p.piece) * 8 + p.row;
        const Words words(p.unit + lane * 16);
        const __half2 d = twice(shared16(p.unit + 512 + lane * 2));
        const __half2 m = kMinimum ? twice(shared16(p.unit + 576 + lane * 2)) : d;
        const auto scaled = [&](__half2 v) { return kMinimum ? __hfma2(v, d, m) : __hmul2(v, d); };
        const auto sixteen = [&]<bool High>() {
            p.store(p.piece * 2 + High, [&](std::uint32_t i, __half2& even, __half2& odd) {
                nibbles<High>(words[i], kMinimum ? 0 : 8, even, odd);
                even = scaled(even);
                odd = scaled(odd);
            });
        };
        sixteen.template operator()<false>();
        sixteen.template operator()<true>();
    } else if constexpr (T == QuantType::Q8_0) {
        const std::uint32_t lane = (p.part * 2 + p.piece) * 8 + p.row;
        const __half2 d = twice(shared16(p.unit + 1024 + lane * 2));
#pragma unroll
        for (std::uint32_t half = 0; half < 2; ++half) {
            const Words words(p.unit + half * 512 + lane * 16);
            p.store(p.piece * 2 + half, [&](std::uint32_t i, __half2& even, __half2& odd) {
                bytes(words[i] ^ 0x80808080u, 128, even, odd);
                even = __hmul2(even, d);
                odd = __hmul2(odd, d);
            });
        }
    } else if constexpr (T == QuantType::Q4_K) {
        const std::uint32_t lane = p.part * 8 + p.row;
        const Words words(p.unit + p.piece * 512 + lane * 16);
        const std::uint32_t bits = shared16(p.unit + 1024 + lane * 2) | shared8(p.unit + 1088 + lane) << 16,
                            dm = shared32(p.unit + 1120 + p.row * 4);
        const auto sixteen = [&]<bool High>() {
            const std::uint32_t six = bits >> (High ? 12 : 0);
            const __half2 scale = __float2half2_rn(lowHalf(dm) * static_cast<float>(six & 63));
            const __half2 minimum = __float2half2_rn(-highHalf(dm) * static_cast<float>(six >> 6 & 63));
            p.store(p.piece + 2 * High, [&](std::uint32_t i, __half2& even, __half2& odd) {
                nibbles<High>(words[i], 0, even, odd);
                even = __hfma2(even, scale, minimum);
                odd = __hfma2(odd, scale, minimum);
            });
        };
        sixteen.template operator()<false>();
        sixteen.template operator()<true>();
    } else if constexpr (T == QuantType::Q6_K) {
        const std::uint32_t lane = p.part * 8 + p.row;
        const Words words(p.unit + p.piece * 512 + lane * 16);
        const uint2 upper = shared64(p.unit + 1024 + lane * 16 + p.piece * 8);
        const std::uint32_t scales = shared32(p.unit + 1536 + lane * 4) >> p.piece * 8;
        const float d = lowHalf(shared16(p.unit + 1664 + p.row * 2));
        const auto sixteen = [&]<bool High>() {
            const int six = static_cast<int>(scales << (High ? 8 : 24)) >> 24;
            const __half2 scale = __float2half2_rn(d * static_cast<float>(six));
            p.store(p.piece + 2 * High, [&](std::uint32_t i, __half2& even, __half2& odd) {
                const std::uint32_t two = (i < 2 ? upper.x : upper.y) >> i % 2 * 4;
                bytes(High ? pick(words[i] >> 4, 0x0F0F0F0Fu, two << 2 & 0x30303030u)
                           : pick(words[i], 0x0F0F0F0Fu, two << 4 & 0x30303030u),
                      32, even, odd);
                even = __hmul2(even, scale);
                odd = __hmul2(odd, scale);
            });
        };
        sixteen.template operator()<false>();
        sixteen.template operator()<true>();
    } else {
        static_assert(T == QuantType::BF16); // where each weight stands is the same
#pragma unroll
        for (std::uint32_t i = 0; i < 4; ++i) {
            const std::uint32_t at = i * 256 + p.piece * 128 + p.row * 16;
            const Words words(p.unit + at);
            storeShared128(p.to + at, make_uint4(asBits(bfloats(words[0])), asBits(bfloats(words[1])),
                                                 asBits(bfloats(words[2])), asBits(bfloats(words[3]))));
        }
    }
}

} // namespace altiplano::kernels::cuda
