#pragma once

#include "rows.h"

#include <cuda_fp16.h>

namespace altiplano::kernels::cuda {

/// One element of a head's share of a page.
__device__ inline float readKv(const std::uint8_t* head, KvType type, std::uint32_t headDim,
                               std::uint32_t token, std::uint32_t d) {
    if (type == KvType::F16) return __half2float(reinterpret_cast<const __half*>(head)[token * headDim + d]);
    const auto* scales = reinterpret_cast<const __half*>(head + kKvPageTokens * headDim);
    return static_cast<float>(reinterpret_cast<const std::int8_t*>(head)[token * headDim + d]) *
           __half2float(scales[token * (headDim / 32) + d / 32]);
}

/// A block of 32 elements of K or V in stored form, one element per lane.
struct KvElement {
    __half half;       ///< f16
    std::int8_t quant; ///< q8_0
    __half scale;      ///< q8_0
};

/// Called by whole warps.
__device__ inline KvElement roundKv(KvType type, float value) {
    if (type == KvType::F16) return {__float2half_rn(value), 0, {}};
    float largest = fabsf(value);
    for (int offset = 16; offset > 0; offset /= 2)
        largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, offset));
    const float scale = largest / 127.0f;
    return {{},
            static_cast<std::int8_t>(__float2int_rn(scale > 0 ? value / scale : 0.0f)),
            __float2half_rn(scale)};
}

/// Stores element `d` of a token: `elements` and `scales` point at the token's first.
__device__ inline void storeKv(void* elements, void* scales, KvType type, std::uint32_t d,
                               const KvElement& e) {
    if (type == KvType::F16) {
        static_cast<__half*>(elements)[d] = e.half;
    } else {
        static_cast<std::int8_t*>(elements)[d] = e.quant;
        if (d % 32 == 0) static_cast<__half*>(scales)[d / 32] = e.scale;
    }
}

/// Writes elements [32 * block, +32) of a token of a page as a whole warp; lanes past headDim write nothing.
__device__ inline void writeKv(std::uint8_t* head, KvType type, std::uint32_t headDim, std::uint32_t token,
                               std::uint32_t block, float value) {
    const KvElement element = roundKv(type, value);
    const std::uint32_t d = block * 32 + threadIdx.x % 32;
    const std::uint32_t size = type == KvType::F16 ? 2 : 1;
    if (d < headDim)
        storeKv(head + token * headDim * size, head + kKvPageTokens * headDim + token * (headDim / 32) * 2,
                type, d, element);
}

} // namespace altiplano::kernels::cuda
