#pragma once

#include "decode/product.h"
#include "decode/ptx.cuh"

/// The epilogue of a product: what a step does with its sums.
namespace altiplano::kernels::cuda {

/// A finished sum of a weight row. `pair` is the sum of the row that stands beside it in the packed matrix.
struct RowSum {
    std::uint32_t row, token; ///< packed row
    bool even;
    float value, pair;
};

__device__ inline float withBias(const StreamPart& m, std::uint32_t tensorRow, float value) {
    return m.bias ? value + m.bias[tensorRow] : value;
}

/// What a step needs of a row besides its sum, read as soon as the input is there, so that nothing is waited
/// for at the end: the turn of a dimension, or the residual.
__device__ __forceinline__ float2 readEarly(const Finish& f, std::uint32_t role, std::uint32_t row,
                                            std::uint32_t token) {
    if (f.use == Use::Residual) return make_float2(__ldcg(f.out + token * f.outs + row), 0);
    if (f.use != Use::Qkv || role == 2) return make_float2(1, 0);
    const std::uint32_t d = row % f.qkv.headDim;
    return d < f.qkv.rotated ? __ldcg(f.qkv.cosSin + (token * f.qkv.rotated + d) / 2) : make_float2(1, 0);
}

__device__ __forceinline__ void finishQkv(const QkvResult& out, const StreamPart& m, const RowSum& s,
                                          float2 cs) {
    const std::uint32_t row = m.order.tensorRow(s.row);
    float value = withBias(m, row, s.value);
    if (m.role < 2 && s.row % out.headDim < out.rotated) {
        // Packed rows 2i and 2i + 1 turn together whatever the pairing; the bias is added before the turn.
        const std::uint32_t other = m.order.tensorRow(s.row ^ 1);
        const float pair = other < m.rows ? withBias(m, other, s.pair) : 0.0f;
        value = s.even ? value * cs.x - pair * cs.y : value * cs.x + pair * cs.y;
    }
    if (m.role == 0)
        out.q[s.token * out.heads * out.headDim + row] = value;
    else
        out.newKv[(2 * s.token + (m.role == 2)) * out.kvRows + row] = value;
}

__device__ inline __half roundedHalf(float value, float scale) {
    constexpr float kLargest = 65504;
    return __float2half_rn(fminf(fmaxf(value / scale, -kLargest), kLargest));
}

__device__ __forceinline__ void finishRow(const Finish& f, const StreamPart& m, const RowSum& s,
                                          float2 early) {
    const std::uint32_t first = s.token * f.outs;
    switch (f.use) {
    case Use::Qkv:
        return finishQkv(f.qkv, m, s, early);
    case Use::Residual: {
        const float value = early.x + withBias(m, s.row, s.value);
        f.out[first + s.row] = value;
        if (f.rounded) f.rounded[first + s.row] = roundedHalf(value, kInputScale);
        return;
    }
    case Use::GateUp: {
        if (!s.even) return;
        const float gate = withBias(m, s.row, s.value), up = withBias(m, s.row + 1, s.pair);
        const float value = __fdividef(gate, 1.0f + __expf(-gate)) * up;
        if (f.rounded)
            f.rounded[first + s.row / 2] = roundedHalf(value, kHiddenScale);
        else
            f.out[first + s.row / 2] = value;
        return;
    }
    case Use::Logits:
        f.out[first + s.row] = withBias(m, s.row, s.value);
    }
}

/// The part and packed row of the block's t-th row; part == partCount where there is none.
__device__ __forceinline__ void locate(const Product& p, std::uint32_t t, std::uint32_t& part,
                                       std::uint32_t& row) {
    std::uint32_t group = p.firstGroup[blockIdx.x] + t / kGroupRows;
    part = p.partCount;
    if (group >= p.firstGroup[blockIdx.x + 1]) return;
    for (part = 0; group >= p.parts[part].groups; ++part)
        group -= p.parts[part].groups;
    row = group * kGroupRows + t % kGroupRows;
    if (row >= p.parts[part].rows) part = p.partCount;
}

} // namespace altiplano::kernels::cuda
