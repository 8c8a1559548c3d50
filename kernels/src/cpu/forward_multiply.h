#pragma once

#include "cpu/forward_worker.h"

#include <algorithm>

namespace altiplano::kernels {

template <typename RowAt>
void Forward::Worker::pack(const MatmulKernels& matmul, std::span<const Product> products,
                           const CpuNorm* norm, RowAt row, std::size_t all, std::size_t first,
                           std::size_t count, const std::vector<std::byte*>& to) {
    const std::size_t columns = products[0].first->weight.columns;
    std::uint32_t formats = 0;
    for (const Product& product : products)
        for (const CpuLinear* linear : {product.first, product.second})
            if (linear) formats |= 1u << matmul.format(linear->weight.type);
    const float* x = norm ? m_own.rows : row(first);
    for (std::size_t r = 0; norm && r < count; ++r)
        m_set.vector.rmsNorm(row(first + r), norm->weight, norm->epsilon, columns, m_own.rows + r * columns);
    for (std::uint8_t f = 0; f < matmul.formats; ++f)
        if (formats >> f & 1) matmul.pack(f, x, columns, all, first, count, to[f]);
}

template <typename RowAt>
bool Forward::Worker::packRows(std::span<const Product> products, const CpuNorm* norm, RowCounts rows,
                               RowAt row) {
    const MatmulKernels &prompt = m_set.prompt.matmul, &answer = m_set.answer.matmul;
    const auto groups = [](const MatmulKernels& matmul, std::size_t count) {
        return (count + matmul.groupRows - 1) / matmul.groupRows;
    };
    const std::size_t prompts = groups(prompt, rows.prompt);
    return m_team.forEach(prompts + groups(answer, rows.answer), [&](std::size_t job) {
        const auto packGroup = [&](const MatmulKernels& matmul, std::size_t begin, std::size_t all,
                                   std::size_t index, const std::vector<std::byte*>& to) {
            const std::size_t first = index * matmul.groupRows;
            const auto rowOfKind = [&](std::size_t r) { return row(begin + r); };
            pack(matmul, products, norm, rowOfKind, all, first,
                 std::min<std::size_t>(matmul.groupRows, all - first), to);
        };
        if (job < prompts)
            packGroup(prompt, 0, rows.prompt, job, m_state.packedPrompts);
        else
            packGroup(answer, rows.prompt, rows.answer, job - prompts, m_state.packedAnswers);
    });
}

template <typename RowAt, typename Use>
bool Forward::Worker::multiply(std::span<const Product> products, const CpuNorm* norm, RowCounts rows,
                               RowAt row, Use use) {
    constexpr std::size_t kFewRows = 16;
    if (rows.prompt == 0 && rows.answer == 1) return multiplyOne(products, norm, row, use);
    if (!packRows(products, norm, rows, row)) return false;
    return rows.prompt == 0 && rows.answer <= kFewRows ? multiplyFew(products, rows.answer, use)
                                                       : multiplyMany(products, rows, use);
}

/// Reading the weights takes longer than multiplying few rows by them: threads read them in shares, and in
/// pieces so long that the CPU's own fetching loses little where it goes from gate to up and back. But no
/// thread should wait long for another's last piece.
class Forward::Worker::Pieces {
public:
    struct Piece {
        std::size_t which, begin, end; ///< tiles of Product `which`
    };

    Pieces(std::span<const Product> products, std::uint32_t threads)
        : m_products(products), m_fewest(kJobsPerThread * threads) {
        for (const Product& product : products)
            m_count += count(product);
    }

    std::size_t count() const { return m_count; }

    Piece operator[](std::size_t piece) const {
        std::size_t which = 0;
        for (; piece >= count(m_products[which]); ++which)
            piece -= count(m_products[which]);
        const std::size_t tiles = tilesOf(m_products[which]), begin = piece * tiles;
        return {which, begin, std::min(begin + tiles, m_products[which].first->weight.tileCount())};
    }

private:
    static constexpr std::size_t kBytes = 128 * 1024; ///< of each matrix

    std::size_t tilesOf(const Product& product) const {
        const PackedMatrix& weight = product.first->weight;
        const std::size_t tiles =
            std::min(kBytes / tileBytes(weight.type, weight.columns), weight.tileCount() / m_fewest);
        return std::clamp<std::size_t>(tiles / 2 * 2, 2, kGemvTiles); // even: some kernels take pairs
    }
    std::size_t count(const Product& product) const {
        return (product.first->weight.tileCount() + tilesOf(product) - 1) / tilesOf(product);
    }

    const std::span<const Product> m_products;
    const std::size_t m_fewest;
    std::size_t m_count = 0;
};

/// The row is packed by every thread for itself: quicker than waiting, and a thread that was interrupted
/// holds nobody up.
template <typename RowAt, typename Use>
bool Forward::Worker::multiplyOne(std::span<const Product> products, const CpuNorm* norm, RowAt row,
                                  Use use) {
    const MatmulKernels& matmul = m_set.answer.matmul;
    const Pieces pieces(products, m_team.threads());
    return m_team.forPieces(
        pieces.count(), [&] { pack(matmul, products, norm, row, 1, 0, 1, m_own.packed); },
        [&](std::size_t job) {
            const auto [which, begin, end] = pieces[job];
            const auto times = [&](const PackedMatrix& matrix, float* y) {
                matmul.gemv(matrix, begin, end - begin, m_own.packed[matmul.format(matrix.type)], y);
            };
            const Product& product = products[which];
            times(product.first->weight, m_own.product);
            if (product.second) times(product.second->weight, m_own.secondProduct);
        },
        [&](std::size_t job) {
            const auto [which, begin, end] = pieces[job];
            use(outputs(products, which, begin, end - begin, 0, 1, kGemvTiles * kTileRows));
        });
}

template <typename Use>
bool Forward::Worker::multiplyFew(std::span<const Product> products, std::size_t answers, Use use) {
    const MatmulKernels& matmul = m_set.answer.matmul;
    const std::size_t width = matmul.gemmTiles;
    const Pieces pieces(products, m_team.threads());
    return m_team.forShares(pieces.count(), [&](std::size_t job) {
        const auto [which, begin, end] = pieces[job];
        for (std::size_t tile = begin; tile < end; tile += width) {
            const std::size_t tiles = std::min(width, end - tile);
            const auto times = [&](const PackedMatrix& matrix, float* y) {
                matmul.gemm(matrix, tile, tiles, m_state.packedAnswers[matmul.format(matrix.type)], answers,
                            0, answers, y, m_own.kernelScratch);
            };
            times(products[which].first->weight, m_own.product);
            if (products[which].second) times(products[which].second->weight, m_own.secondProduct);
            use(outputs(products, which, tile, tiles, 0, answers, width * kTileRows));
        }
    });
}

inline Forward::Worker::Outputs Forward::Worker::outputs(std::span<const Product> products, std::size_t which,
                                                         std::size_t tile, std::size_t tiles,
                                                         std::size_t firstRow, std::size_t rows,
                                                         std::size_t stride) const {
    const std::size_t first = tile * kTileRows, all = products[which].first->weight.rows;
    return {which,
            first,
            std::min(tiles * kTileRows, all - first),
            firstRow,
            rows,
            stride,
            m_own.product,
            m_own.secondProduct};
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
            use(outputs(products, which, tile, tiles, begin + first, count, matmul.gemmTiles * kTileRows));
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
