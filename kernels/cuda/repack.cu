#include "repack.h"

#include "cuda_check.h"
#include "type_dispatch.cuh"

namespace altiplano::kernels::cuda {

namespace {

template <QuantType T>
__global__ void repackKernel(Matrix m, RowOrder order, const std::uint8_t* source, std::uint64_t stride,
                             std::uint32_t firstRow, std::uint32_t rows) {
    const std::uint64_t pieces = std::uint64_t{rows} * m.units() * 4;
    for (std::uint64_t i = blockIdx.x * std::uint64_t{blockDim.x} + threadIdx.x; i < pieces;
         i += std::uint64_t{gridDim.x} * blockDim.x) {
        const auto quarter = static_cast<std::uint32_t>(i % 4);
        const auto unit = static_cast<std::uint32_t>(i / 4 % m.units());
        const auto row = static_cast<std::uint32_t>(i / 4 / m.units());
        const std::uint32_t packed = order.packedRow(firstRow + row);
        auto* group = const_cast<std::uint8_t*>(m.data) + packed / kGroupRows * m.groupBytes();
        packLane<T>(group + std::uint64_t{unit} * packedTraits(T).unitBytes, packed % kGroupRows, quarter,
                    source + row * stride, unit, m.columns);
    }
}

} // namespace

void repack(const Matrix& matrix, const RowOrder& order, const std::uint8_t* source,
            std::uint64_t sourceStride, std::uint32_t firstRow, std::uint32_t rows, cudaStream_t stream) {
    dispatchPacked(matrix.type, [&](auto storage) {
        repackKernel<decltype(storage)::kType>
            <<<2048, 256, 0, stream>>>(matrix, order, source, sourceStride, firstRow, rows);
    });
    check(cudaGetLastError(), "packing weights");
}

} // namespace altiplano::kernels::cuda
