#pragma once

#include "decode/ptx.cuh"
#include "kv_access.cuh"

/// Attention over tokens in shared memory: each query head's online softmax (Milakov and Gimelshein 2018) in
/// the lanes of a warp.
namespace altiplano::kernels::cuda {

inline constexpr float kNoScore = -1e30f; // of a part that has seen no token: finite, so that differences are

/// Eight consecutive elements of a token as floats, from shared memory. `rows` and `scales` point at token 0.
template <std::uint32_t Dim, KvType Type>
__device__ __forceinline__ void loadEight(float* out, std::uint32_t rows, std::uint32_t scales,
                                          std::uint32_t token, std::uint32_t first) {
    if constexpr (Type == KvType::F16) {
        const uint4 v = shared128(rows + (token * Dim + first) * 2);
        const std::uint32_t words[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            out[2 * i] = lowHalf(words[i]);
            out[2 * i + 1] = highHalf(words[i]);
        }
    } else {
        const float scale = lowHalf(shared16(scales + (token * (Dim / 32) + first / 32) * 2));
#pragma unroll
        for (int i = 0; i < 2; ++i) {
            const std::uint32_t word = shared32(rows + token * Dim + first + 4 * i);
#pragma unroll
            for (int j = 0; j < 4; ++j)
                out[4 * i + j] = scale * static_cast<float>(static_cast<int>(word << (24 - 8 * j)) >> 24);
        }
    }
}

/// The online softmax of one query head in Dim / 8 lanes: eight dimensions a lane.
template <std::uint32_t Dim>
struct HeadState {
    float q[8];
    float sum[8];
    float maximum = kNoScore, total = 0;
};

/// Adds `count` tokens of a piece. The warp takes every `parts`-th row of 32 / (Dim / 8) tokens, from `part`.
template <std::uint32_t Dim, KvType Type, std::uint32_t PieceTokens, int Unroll = 4>
__device__ __forceinline__ void addTokens(HeadState<Dim>& s, std::uint32_t keys, std::uint32_t values,
                                          std::uint32_t firstValid, std::uint32_t count, std::uint32_t part,
                                          std::uint32_t parts) {
    constexpr std::uint32_t kLanes = Dim / 8, kTokens = 32 / kLanes, kScales = PieceTokens * Dim;
    constexpr int kUnroll = Unroll;
    const std::uint32_t lane = threadIdx.x % 32, first = lane % kLanes * 8;
    for (std::uint32_t base = part * kTokens; base < count; base += kUnroll * parts * kTokens) {
        float scores[kUnroll];
        float largest = s.maximum;
#pragma unroll
        for (int i = 0; i < kUnroll; ++i) {
            const std::uint32_t t = base + i * parts * kTokens + lane / kLanes;
            const bool valid = t >= firstValid && t < count;
            float k[8], score = 0;
            loadEight<Dim, Type>(k, keys, keys + kScales, min(t, PieceTokens - 1), first);
#pragma unroll
            for (int j = 0; j < 8; ++j)
                score = fmaf(k[j], s.q[j], score);
#pragma unroll
            for (std::uint32_t offset = kLanes / 2; offset > 0; offset /= 2)
                score += __shfl_xor_sync(0xffffffffu, score, offset);
            scores[i] = valid ? score : -INFINITY;
            largest = fmaxf(largest, scores[i]);
        }
        const float keep = __expf(s.maximum - largest);
        s.maximum = largest;
        s.total *= keep;
#pragma unroll
        for (int j = 0; j < 8; ++j)
            s.sum[j] *= keep;
#pragma unroll
        for (int i = 0; i < kUnroll; ++i) {
            const std::uint32_t t = base + i * parts * kTokens + lane / kLanes;
            if (t < firstValid || t >= count) continue; // bytes that nobody wrote may be NaN
            const float weight = __expf(scores[i] - largest);
            s.total += weight;
            float v[8];
            loadEight<Dim, Type>(v, values, values + kScales, t, first);
#pragma unroll
            for (int j = 0; j < 8; ++j)
                s.sum[j] = fmaf(weight, v[j], s.sum[j]);
        }
    }
}

__device__ __forceinline__ void loadEightFloats(float (&out)[8], const float* from) {
    const float4 a = __ldcg(reinterpret_cast<const float4*>(from)),
                 b = __ldcg(reinterpret_cast<const float4*>(from) + 1);
    out[0] = a.x, out[1] = a.y, out[2] = a.z, out[3] = a.w;
    out[4] = b.x, out[5] = b.y, out[6] = b.z, out[7] = b.w;
}

/// Eight dimensions of the row's own K or V in a lane; four lanes hold a block of 32.
template <KvType Type>
struct OwnEight {
    float x[8]; ///< as given, then as it will be read
    std::int8_t quants[8];
    __half scale;

    __device__ __forceinline__ void round() {
        if constexpr (Type == KvType::F16) {
#pragma unroll
            for (int j = 0; j < 8; ++j)
                x[j] = __half2float(__float2half_rn(x[j]));
        } else {
            float largest = 0;
#pragma unroll
            for (int j = 0; j < 8; ++j)
                largest = fmaxf(largest, fabsf(x[j]));
            largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 1));
            largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, 2));
            const float step = largest / 127.0f;
            scale = __float2half_rn(step);
#pragma unroll
            for (int j = 0; j < 8; ++j) {
                quants[j] = static_cast<std::int8_t>(__float2int_rn(step > 0 ? x[j] / step : 0.0f));
                x[j] = static_cast<float>(quants[j]) * __half2float(scale);
            }
        }
    }

    /// To the token's place in a head's share of a page; `first` is the first dimension.
    __device__ __forceinline__ void store(std::uint8_t* head, std::uint32_t dim, std::uint32_t token,
                                          std::uint32_t first) const {
        if constexpr (Type == KvType::F16) {
            __half2 h[4];
#pragma unroll
            for (int j = 0; j < 4; ++j)
                h[j] = __floats2half2_rn(x[2 * j], x[2 * j + 1]);
            *reinterpret_cast<uint4*>(head + (token * dim + first) * 2) = *reinterpret_cast<uint4*>(h);
        } else {
            *reinterpret_cast<uint2*>(head + token * dim + first) = *reinterpret_cast<const uint2*>(quants);
            if (first % 32 == 0)
                reinterpret_cast<__half*>(head + kKvPageTokens * dim)[token * (dim / 32) + first / 32] =
                    scale;
        }
    }
};

/// The last block of a cluster adds the row's own token, straight from the product's result, and stores it.
template <std::uint32_t Dim, KvType Type>
__device__ __forceinline__ void addOwnToken(HeadState<Dim>& s, OwnEight<Type>& k, OwnEight<Type>& v) {
    constexpr std::uint32_t kLanes = Dim / 8;
    float score = 0;
#pragma unroll
    for (int j = 0; j < 8; ++j)
        score = fmaf(k.x[j], s.q[j], score);
#pragma unroll
    for (std::uint32_t offset = kLanes / 2; offset > 0; offset /= 2)
        score += __shfl_xor_sync(0xffffffffu, score, offset);
    if (threadIdx.x % 32 >= kLanes) return; // the other lanes of the warp hold other tokens
    const float largest = fmaxf(s.maximum, score), keep = __expf(s.maximum - largest),
                weight = __expf(score - largest);
    s.maximum = largest;
    s.total = s.total * keep + weight;
#pragma unroll
    for (int j = 0; j < 8; ++j)
        s.sum[j] = s.sum[j] * keep + weight * v.x[j];
}

} // namespace altiplano::kernels::cuda
