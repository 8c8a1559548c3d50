#pragma once

#include "cpu/forward_worker.h"

#include <algorithm>

namespace altiplano::kernels {

template <typename Row>
bool Forward::Worker::packRows(std::span<const Product> products, const CpuNorm* norm, std::size_t rows,
                               Row row) {
    const MatmulKernels& matmul = m_set.matmul;
    const std::size_t columns = products[0].first->weight.columns;
    std::uint32_t formats = 0;
    for (const Product& product : products)
        for (const CpuLinear* linear : {product.first, product.second})
            if (linear) formats |= 1u << matmul.format(linear->weight.type);

    const auto pack = [&](std::size_t first, std::size_t count, const std::vector<std::byte*>& to) {
        const float* x = norm ? m_own.rows : row(first);
        for (std::size_t r = 0; norm && r < count; ++r)
            m_set.vector.rmsNorm(row(first + r), norm->weight, norm->epsilon, columns,
                                 m_own.rows + r * columns);
        for (std::uint8_t f = 0; f < matmul.formats; ++f)
            if (formats >> f & 1) matmul.pack(f, x, columns, rows, first, count, to[f]);
    };
    if (rows == 1) {
        pack(0, 1, m_own.packed);
        return true;
    }
    const std::size_t group = matmul.groupRows;
    return m_team.forEach((rows + group - 1) / group, [&](std::size_t job) {
        pack(job * group, std::min(group, rows - job * group), m_state.packed);
    });
}

template <typename Use>
bool Forward::Worker::multiply(std::span<const Product> products, std::size_t rows, Use use) {
    return rows == 1 ? multiplyOne(products, use) : multiplyMany(products, rows, use);
}

template <typename Use>
bool Forward::Worker::multiplyOne(std::span<const Product> products, Use use) {
    constexpr std::size_t kJobBytes = 32 * 1024;
    const MatmulKernels& matmul = m_set.matmul;
    const auto tilesPerJob = [](const Product& product) {
        const PackedMatrix& weight = product.first->weight;
        const std::size_t tiles = kJobBytes / tileBytes(weight.type, weight.columns) / 2 * 2;
        return std::clamp<std::size_t>(tiles, 2, kGemvTiles); // an even number: some kernels take pairs
    };
    const auto jobsOf = [&](const Product& product) {
        return (product.first->weight.tileCount() + tilesPerJob(product) - 1) / tilesPerJob(product);
    };
    std::size_t jobs = 0;
    for (const Product& product : products)
        jobs += jobsOf(product);
    return m_team.forShares(m_thread, jobs, [&](std::size_t job) {
        std::size_t which = 0;
        for (; job >= jobsOf(products[which]); ++which)
            job -= jobsOf(products[which]);
        const Product& product = products[which];
        const PackedMatrix& weight = product.first->weight;
        const std::size_t first = job * tilesPerJob(product);
        const std::size_t tiles = std::min(tilesPerJob(product), weight.tileCount() - first);
        const auto gemv = [&](const PackedMatrix& matrix, float* y) {
            matmul.gemv(matrix, first, tiles, m_own.packed[matmul.format(matrix.type)], y);
        };
        gemv(weight, m_own.product);
        if (product.second) gemv(product.second->weight, m_own.secondProduct);
        use(Outputs{which, first * kTileRows, std::min(tiles * kTileRows, weight.rows - first * kTileRows), 0,
                    1, tiles * kTileRows, m_own.product, m_own.secondProduct});
    });
}

template <typename Use>
bool Forward::Worker::multiplyMany(std::span<const Product> products, std::size_t rows, Use use) {
    const MatmulKernels& matmul = m_set.matmul;
    const std::size_t width = matmul.gemmTiles, group = matmul.groupRows;
    const auto stripsOf = [&](const Product& product) {
        return (product.first->weight.tileCount() + width - 1) / width;
    };
    std::size_t strips = 0;
    for (const Product& product : products)
        strips += stripsOf(product);
    // A job is a strip of tiles times all rows, so that each weight is read once; with more threads than
    // strips keep busy, times some of the rows.
    const std::size_t groups = (rows + group - 1) / group, wanted = 4 * m_team.threads();
    const std::size_t cuts = std::clamp<std::size_t>((wanted + strips - 1) / strips, 1, (groups + 7) / 8);
    const std::size_t rowsPerJob = (groups + cuts - 1) / cuts * group;
    return m_team.forEach(strips * cuts, [&](std::size_t job) {
        const std::size_t firstRow = job % cuts * rowsPerJob;
        if (firstRow >= rows) return;
        std::size_t strip = job / cuts, which = 0;
        for (; strip >= stripsOf(products[which]); ++which)
            strip -= stripsOf(products[which]);
        const Product& product = products[which];
        const PackedMatrix& weight = product.first->weight;
        const std::size_t first = strip * width, tiles = std::min(width, weight.tileCount() - first);
        const std::size_t count = std::min(rowsPerJob, rows - firstRow);
        const auto gemm = [&](const PackedMatrix& matrix, float* c) {
            matmul.gemm(matrix, first, tiles, m_state.packed[matmul.format(matrix.type)], rows, firstRow,
                        count, c, m_own.kernelScratch);
        };
        gemm(weight, m_own.product);
        if (product.second) gemm(product.second->weight, m_own.secondProduct);
        use(Outputs{which, first * kTileRows, std::min(tiles * kTileRows, weight.rows - first * kTileRows),
                    firstRow, count, width * kTileRows, m_own.product, m_own.secondProduct});
    });
}

} // namespace altiplano::kernels
