#include "step_runner.h"

#include "generic/generic.h"

#include <algorithm>

/// StepRunner's products of several rows: on Hopper's tensor cores, and on those of any GPU.
namespace altiplano::kernels::cuda {

namespace {

/// From this many rows on, weights are rounded to half floats and multiplied on tensor cores.
constexpr std::uint32_t kTensorCoreRows = 5;

} // namespace

TokenTiles StepRunner::tokenTiles(const TokenRows& in, ColumnOrder order) {
    const TokenTiles tiles{
        m_scratch.halfInput.get(), m_scratch.scales.get(), 1, paddedTokens(in.count), order,
        paddedColumns(in.columns), tokenStride(in.columns)};
    toTokenTiles(in, tiles, m_scratch.scales.get(), m_stream);
    return tiles;
}

TokenTiles StepRunner::attentionTiles(ColumnOrder order) const {
    const std::uint32_t columns = m_plan.shape.heads * m_plan.shape.headDim;
    return {m_scratch.halfInput.get(), nullptr, 1, paddedTokens(m_rows.count), order, columns,
            tokenStride(columns)};
}

TokenTiles StepRunner::hTiles(ColumnOrder order) const {
    return {m_scratch.hTiles.get(),
            nullptr,
            kHiddenScale,
            paddedTokens(m_rows.count),
            order,
            paddedColumns(m_plan.shape.feedForward),
            tokenStride(m_plan.shape.feedForward)};
}

void StepRunner::multiply(std::span<const Matrix> matrices, const TokenRows& in,
                          std::span<const Output> out) {
    TokenTiles tiles;
    for (std::size_t i = 0, end; i < matrices.size(); i = end) {
        const Matrix& first = matrices[i];
        for (end = i + 1; end < matrices.size() && matrices[end].type == first.type; ++end) {
        }
        const ColumnOrder order = columnOrder(first.type, first.packed);
        if (!tiles.data || tiles.order != order) tiles = tokenTiles(in, order);
        multiplyTiles(matrices.subspan(i, end - i), in.count, tiles, out.subspan(i, end - i));
    }
}

void StepRunner::multiplyTiles(std::span<const Matrix> matrices, std::uint32_t rows, const TokenTiles& in,
                               std::span<const Output> out) {
    const std::uint32_t multiprocessors = m_plan.limits.multiprocessors;
    if (matrices[0].packed) return multiplyRows(matrices, in, rows, out, multiprocessors, m_stream);
    for (std::size_t i = 0; i < matrices.size(); ++i) {
        const Matrix& m = matrices[i];
        const auto fits =
            static_cast<std::uint32_t>(m_scratch.halfWeights.size() / (divideUp(m.columns, 64) * 64));
        for (std::uint32_t first = 0; first < m.rows; first += fits / kGroupRows * kGroupRows) {
            const std::uint32_t count = std::min(fits / kGroupRows * kGroupRows, m.rows - first);
            const Matrix half = unpackToHalf(
                m, first, count, reinterpret_cast<std::uint8_t*>(m_scratch.halfWeights.get()), m_stream);
            const Output part{out[i].data + first, out[i].stride, out[i].accumulate};
            multiplyRows({&half, 1}, in, rows, {&part, 1}, multiprocessors, m_stream);
        }
    }
}

void StepRunner::product(const Matrix& weight, const float* in, const DeviceNorm* norm, bool newInput,
                         const Output& out) {
    const std::uint32_t rows = m_rows.count;
    if (rows < kTensorCoreRows) {
        if (norm && newInput)
            rmsNorm(in, norm->weight, norm->epsilon, m_scratch.normed.get(), weight.columns, rows, m_stream);
        matvec(weight, norm ? m_scratch.normed.get() : in, rows, out, m_stream);
        return;
    }
    const std::uint32_t stride = divideUp(weight.columns, 32) * 32;
    if (newInput)
        toHalf(in, norm ? norm->weight : nullptr, norm ? norm->epsilon : 0, weight.columns,
               m_scratch.halfInput.get(), m_scratch.scales.get(), stride, rows, m_stream);
    // As many weight rows at a time as keep every multiprocessor busy with one tile: they stay in the L2
    // cache.
    const std::uint32_t unit = kGroupRows * std::max(weight.order.headDim, 16u);
    const auto fits = static_cast<std::uint32_t>(m_scratch.halfWeights.size() / stride);
    const std::uint32_t tiles = std::max(m_plan.limits.multiprocessors / divideUp(rows, kGemmTile), 1u);
    const std::uint32_t most = std::max(std::min(fits, tiles * kGemmTile) / unit * unit,
                                        kGroupRows * std::max(weight.order.headDim, 1u));
    const std::uint32_t pieces = divideUp(weight.rows, most),
                        chunk = divideUp(divideUp(weight.rows, pieces), unit) * unit;
    for (std::uint32_t first = 0; first < weight.rows; first += chunk) {
        const std::uint32_t count = std::min(chunk, weight.rows - first);
        dequantizeToHalf(weight, first, count, m_scratch.halfWeights.get(), stride, m_stream);
        gemm(m_scratch.halfInput.get(), m_scratch.scales.get(), m_scratch.halfWeights.get(), stride, rows,
             count, weight.bias ? weight.bias + first : nullptr,
             {out.data + first, out.stride, out.accumulate}, m_stream);
    }
}

} // namespace altiplano::kernels::cuda
