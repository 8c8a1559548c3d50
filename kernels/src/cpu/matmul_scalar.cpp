#include "cpu/matmul.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace altiplano::kernels {
namespace {

std::uint8_t format(QuantType) {
    return 0;
}

std::size_t activationBytes(std::uint8_t, std::size_t columns, std::size_t rows) {
    return rows * columns * sizeof(float);
}

void pack(std::uint8_t, const float* x, std::size_t columns, std::size_t, std::size_t first,
          std::size_t count, std::byte* activations) {
    std::memcpy(activations + first * columns * sizeof(float), x, count * columns * sizeof(float));
}

constexpr std::size_t kGemmTiles = 2;

/// Columns that are dequantized at a time (whole blocks of any type), and rows that they are multiplied by.
constexpr std::size_t kStretch = 256, kRows = 64;

/// Columns [first, first + count) of one weight row as float32.
void loadWeights(const PackedMatrix& matrix, std::size_t row, std::size_t first, std::size_t count,
                 float* weights) {
    std::array<std::byte, kStretch * sizeof(float)> blocks;
    const std::byte* tile = matrix.tile(row / kTileRows) + tileBytes(matrix.type, first);
    extractRow(matrix.type, tile, row % kTileRows, count, blocks.data());
    dequantize(matrix.type, blocks.data(), weights, count);
}

/// Tiles times rows, with the results of a row `stride` apart.
void multiply(const PackedMatrix& matrix, std::size_t firstTile, std::size_t tiles,
              const std::byte* activations, std::size_t first, std::size_t count, float* c,
              std::size_t stride) {
    const std::size_t begin = firstTile * kTileRows, columns = matrix.columns;
    const std::size_t end = std::min(begin + tiles * kTileRows, matrix.rows);
    const auto* x = reinterpret_cast<const float*>(activations) + first * columns;
    for (std::size_t from = 0; from < count; from += kRows, x += kRows * columns, c += kRows * stride) {
        const std::size_t rows = std::min(kRows, count - from);
        for (std::size_t r = begin; r < end; ++r) {
            std::array<double, kRows> sums{};
            for (std::size_t at = 0; at < columns; at += kStretch) {
                std::array<float, kStretch> w;
                const std::size_t n = std::min(kStretch, columns - at);
                loadWeights(matrix, r, at, n, w.data());
                for (std::size_t t = 0; t < rows; ++t)
                    for (std::size_t k = 0; k < n; ++k)
                        sums[t] += static_cast<double>(w[k]) * static_cast<double>(x[t * columns + at + k]);
            }
            for (std::size_t t = 0; t < rows; ++t)
                c[t * stride + r - begin] = static_cast<float>(sums[t]);
        }
    }
}

void gemm(const PackedMatrix& matrix, std::size_t firstTile, std::size_t tiles, const std::byte* activations,
          std::size_t, std::size_t first, std::size_t count, float* c, std::byte*) {
    multiply(matrix, firstTile, tiles, activations, first, count, c, kGemmTiles * kTileRows);
}

void gemv(const PackedMatrix& matrix, std::size_t firstTile, std::size_t count, const std::byte* activations,
          float* y) {
    multiply(matrix, firstTile, count, activations, 0, 1, y, count * kTileRows);
}

} // namespace

const MatmulKernels kScalarMatmul{
    .format = format,
    .formats = 1,
    .groupRows = 1,
    .gemmTiles = kGemmTiles,
    .activationBytes = activationBytes,
    .scratchBytes = 0,
    .pack = pack,
    .gemv = gemv,
    .gemm = gemm,
};

} // namespace altiplano::kernels
