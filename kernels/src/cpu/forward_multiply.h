#pragma once

#include "cpu/forward_worker.h"

#include <algorithm>

namespace altiplano::kernels {

template <typename RowAt>
bool Forward::Worker::packRows(std::span<const Product> products, const CpuNorm* norm, RowCounts rows,
                               RowAt row) {
    const std::size_t columns = products[0].first->weight.columns;
    const auto formatsOf = [&](const MatmulKernels& matmul) {
        std::uint32_t formats = 0;
        for (const Product& product : products)
            for (const CpuLinear* linear : {product.first, product.second})
                if (linear) formats |= 1u << matmul.format(linear->weight.type);
        return formats;
    };
    // Rows [first, first + count) of `all` of one kind, whose first one is row `begin`.
    const auto pack = [&](const MatmulKernels& matmul, std::size_t begin, std::size_t all, std::size_t first,
                          std::size_t count, const std::vector<std::byte*>& to) {
        const float* x = norm ? m_own.rows : row(begin + first);
        for (std::size_t r = 0; norm && r < count; ++r)
            m_set.vector.rmsNorm(row(begin + first + r), norm->weight, norm->epsilon, columns,
                                 m_own.rows + r * columns);
        const std::uint32_t formats = formatsOf(matmul);
        for (std::uint8_t f = 0; f < matmul.formats; ++f)
            if (formats >> f & 1) matmul.pack(f, x, columns, all, first, count, to[f]);
    };
    const MatmulKernels &prompt = m_set.prompt.matmul, &answer = m_set.answer.matmul;
    if (isOne(rows)) {
        pack(answer, 0, 1, 0, 1, m_own.packed);
        return true;
    }
    const auto groups = [](const MatmulKernels& matmul, std::size_t count) {
        return (count + matmul.groupRows - 1) / matmul.groupRows;
    };
    const std::size_t prompts = groups(prompt, rows.prompt);
    return m_team.forEach(prompts + groups(answer, rows.answer), [&](std::size_t job) {
        const auto packGroup = [&](const MatmulKernels& matmul, std::size_t begin, std::size_t all,
                                   std::size_t index, const std::vector<std::byte*>& to) {
            const std::size_t first = index * matmul.groupRows;
            pack(matmul, begin, all, first, std::min<std::size_t>(matmul.groupRows, all - first), to);
        };
        if (job < prompts)
            packGroup(prompt, 0, rows.prompt, job, m_state.packedPrompts);
        else
            packGroup(answer, rows.prompt, rows.answer, job - prompts, m_state.packedAnswers);
    });
}

template <typename Use>
bool Forward::Worker::multiply(std::span<const Product> products, RowCounts rows, Use use) {
    constexpr std::size_t kFewRows = 16;
    return rows.prompt == 0 && rows.answer <= kFewRows ? multiplyFew(products, rows.answer, use)
                                                       : multiplyMany(products, rows, use);
}

/// Reading the weights takes longer than multiplying by them: threads read them in shares, and in pieces so
/// long that the CPU's own fetching loses little where it goes from gate to up and back. But no thread should
/// wait long for another's last piece.
template <typename Use>
bool Forward::Worker::multiplyFew(std::span<const Product> products, std::size_t answers, Use use) {
    constexpr std::size_t kJobBytes = 64 * 1024;
    const MatmulKernels& matmul = m_set.answer.matmul;
    const bool one = answers == 1;
    const std::size_t width = one ? kGemvTiles : matmul.gemmTiles;
    const std::size_t fewest = kJobsPerThread * m_team.threads();
    const auto tilesPerJob = [&](const Product& product) {
        const PackedMatrix& weight = product.first->weight;
        const std::size_t tiles =
            std::min(kJobBytes / tileBytes(weight.type, weight.columns), weight.tileCount() / fewest);
        return std::clamp<std::size_t>(tiles / 2 * 2, 2, kGemvTiles); // even: some kernels take pairs
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
        const std::size_t begin = job * tilesPerJob(product);
        const std::size_t end = std::min(begin + tilesPerJob(product), weight.tileCount());
        for (std::size_t tile = begin; tile < end; tile += width) {
            const std::size_t tiles = std::min(width, end - tile);
            const auto times = [&](const PackedMatrix& matrix, float* y) {
                const std::uint8_t format = matmul.format(matrix.type);
                if (one)
                    matmul.gemv(matrix, tile, tiles, m_own.packed[format], y);
                else
                    matmul.gemm(matrix, tile, tiles, m_state.packedAnswers[format], answers, 0, answers, y,
                                m_own.kernelScratch);
            };
            times(weight, m_own.product);
            if (product.second) times(product.second->weight, m_own.secondProduct);
            use(Outputs{which, tile * kTileRows, std::min(tiles * kTileRows, weight.rows - tile * kTileRows),
                        0, answers, width * kTileRows, m_own.product, m_own.secondProduct});
        }
    });
}

/// A job is a strip of tiles times all prompt rows, so that each weight is read once, and then times the
/// answer rows, while it is in cache.
template <typename Use>
bool Forward::Worker::multiplyMany(std::span<const Product> products, RowCounts rows, Use use) {
    const bool prompts = rows.prompt != 0;
    const MatmulKernels& main = prompts ? m_set.prompt.matmul : m_set.answer.matmul;
    const std::size_t mainRows = prompts ? rows.prompt : rows.answer;
    const std::size_t width = main.gemmTiles, group = main.groupRows;
    const auto stripsOf = [&](const Product& product) {
        return (product.first->weight.tileCount() + width - 1) / width;
    };
    std::size_t strips = 0;
    for (const Product& product : products)
        strips += stripsOf(product);
    // With more threads than strips keep busy, a job takes some of the rows only.
    const std::size_t groups = (mainRows + group - 1) / group, wanted = kJobsPerThread * m_team.threads();
    const std::size_t cuts = std::clamp<std::size_t>((wanted + strips - 1) / strips, 1, (groups + 7) / 8);
    const std::size_t rowsPerJob = (groups + cuts - 1) / cuts * group;
    return m_team.forEach(strips * cuts, [&](std::size_t job) {
        const std::size_t firstRow = job % cuts * rowsPerJob;
        if (firstRow >= mainRows) return;
        std::size_t strip = job / cuts, which = 0;
        for (; strip >= stripsOf(products[which]); ++which)
            strip -= stripsOf(products[which]);
        const Product& product = products[which];
        const PackedMatrix& weight = product.first->weight;
        // Tiles from `tile` on times rows [first, first + count) of `all` of a kind, whose first is `begin`.
        const auto multiplyStrip = [&](const MatmulKernels& matmul, const std::vector<std::byte*>& packed,
                                       std::size_t tile, std::size_t tiles, std::size_t begin,
                                       std::size_t all, std::size_t first, std::size_t count) {
            const auto gemm = [&](const PackedMatrix& matrix, float* c) {
                matmul.gemm(matrix, tile, tiles, packed[matmul.format(matrix.type)], all, first, count, c,
                            m_own.kernelScratch);
            };
            gemm(weight, m_own.product);
            if (product.second) gemm(product.second->weight, m_own.secondProduct);
            use(Outputs{which, tile * kTileRows, std::min(tiles * kTileRows, weight.rows - tile * kTileRows),
                        begin + first, count, matmul.gemmTiles * kTileRows, m_own.product,
                        m_own.secondProduct});
        };
        const std::size_t tile = strip * width, tiles = std::min(width, weight.tileCount() - tile);
        multiplyStrip(main, prompts ? m_state.packedPrompts : m_state.packedAnswers, tile, tiles, 0, mainRows,
                      firstRow, std::min(rowsPerJob, mainRows - firstRow));
        if (!prompts || rows.answer == 0 || firstRow != 0) return;
        const MatmulKernels& answer = m_set.answer.matmul;
        for (std::size_t i = 0; i < tiles; i += answer.gemmTiles)
            multiplyStrip(answer, m_state.packedAnswers, tile + i,
                          std::min<std::size_t>(answer.gemmTiles, tiles - i), rows.prompt, rows.answer, 0,
                          rows.answer);
    });
}

} // namespace altiplano::kernels
