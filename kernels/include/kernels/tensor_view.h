#pragma once

#include "kernels/quant_type.h"

#include <cstddef>
#include <cstdint>

namespace altiplano::kernels {

/// A matrix [rows x columns] (a vector has one row) in memory that somebody else owns, rows one after the
/// other, blocks along the columns as GGUF stores them. `data` has at least 1-byte alignment, no more.
struct TensorView {
    QuantType type = QuantType::F32;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    const std::byte* data = nullptr;

    bool empty() const { return data == nullptr; }
    std::size_t bytes() const { return static_cast<std::size_t>(rows) * rowBytes(type, columns); }
};

} // namespace altiplano::kernels
