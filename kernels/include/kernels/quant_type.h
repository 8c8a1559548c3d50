#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace altiplano::kernels {

/// How a tensor's numbers are stored. The values are GGUF's type numbers.
enum class QuantType : std::uint32_t {
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    Q2_K = 10,
    Q3_K = 11,
    Q4_K = 12,
    Q5_K = 13,
    Q6_K = 14,
    Q8_K = 15,
    IQ4_NL = 20,
    IQ4_XS = 23,
    BF16 = 30,
    TQ1_0 = 34,
    TQ2_0 = 35,
    MXFP4 = 39,
};

/// The shape of one block: `blockLength` weights in `blockBytes` bytes.
struct QuantTraits {
    QuantType type;
    std::string_view name;
    std::uint32_t blockLength;
    std::uint32_t blockBytes;
};

/// The traits of a GGUF type number, or null for one that no kernel reads.
const QuantTraits* findQuantTraits(std::uint32_t ggufType) noexcept;

/// The traits of a known type.
const QuantTraits& quantTraits(QuantType type) noexcept;

/// Bytes of a row of `columns` weights; `columns` must be a multiple of the block length.
std::size_t rowBytes(QuantType type, std::size_t columns) noexcept;

/// Writes `count` weights (a multiple of the block length) starting at `source` as float32. Equal, bit for
/// bit, to PyPI gguf's `dequantize`: the reference that every kernel is tested against.
void dequantize(QuantType type, const std::byte* source, float* destination, std::size_t count) noexcept;

} // namespace altiplano::kernels
