#pragma once

#include "matrix.h"

#include <cuda_runtime_api.h>

namespace altiplano::kernels::cuda {

/// Packs `rows` rows of a tensor, `source` in GGUF's layout on the device, the first of them the tensor's row
/// `firstRow`, into a packed matrix. Rows and columns that pad the last group and unit are left alone.
void repack(const Matrix& matrix, const RowOrder& order, const std::uint8_t* source,
            std::uint64_t sourceStride, std::uint32_t firstRow, std::uint32_t rows, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
