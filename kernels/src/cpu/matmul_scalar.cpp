#include "cpu/matmul.h"

#include <algorithm>
#include <cstring>
#include <vector>

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

/// One weight row as float32.
class DequantizedRow {
public:
    explicit DequantizedRow(const PackedMatrix& matrix)
        : m_matrix(matrix), m_blocks(rowBytes(matrix.type, matrix.columns)), m_weights(matrix.columns) {}

    const std::vector<float>& load(std::size_t row) {
        const std::byte* tile = m_matrix.tile(row / kTileRows);
        extractRow(m_matrix.type, tile, row % kTileRows, m_matrix.columns, m_blocks.data());
        dequantize(m_matrix.type, m_blocks.data(), m_weights.data(), m_weights.size());
        return m_weights;
    }

private:
    const PackedMatrix& m_matrix;
    std::vector<std::byte> m_blocks;
    std::vector<float> m_weights;
};

constexpr std::size_t kGemmTiles = 2;

/// Tiles times rows, with the results of a row `stride` apart.
void multiply(const PackedMatrix& matrix, std::size_t firstTile, std::size_t tiles,
              const std::byte* activations, std::size_t first, std::size_t count, float* c,
              std::size_t stride) {
    DequantizedRow row(matrix);
    const std::size_t begin = firstTile * kTileRows;
    const std::size_t end = std::min(begin + tiles * kTileRows, matrix.rows);
    const auto* x = reinterpret_cast<const float*>(activations) + first * matrix.columns;
    for (std::size_t r = begin; r < end; ++r) {
        const std::vector<float>& w = row.load(r);
        for (std::size_t n = 0; n < count; ++n) {
            double sum = 0;
            for (std::size_t k = 0; k < w.size(); ++k)
                sum += static_cast<double>(w[k]) * static_cast<double>(x[n * w.size() + k]);
            c[n * stride + r - begin] = static_cast<float>(sum);
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
