#pragma once

#include "kernels/half.h"
#include "kernels/quant_type.h"

#include <array>
#include <bit>
#include <cstdint>

/// The blocks of weights as GGUF stores them (https://github.com/ggml-org/ggml, ggml-common.h). All members
/// are bytes, so that a block has no alignment and no padding and can be copied straight out of a file.
namespace altiplano::kernels {

template <std::size_t n>
using Bytes = std::array<std::uint8_t, n>;

/// A little-endian half float in a file.
struct StoredHalf {
    std::uint8_t low, high;
    std::uint16_t bits() const { return static_cast<std::uint16_t>(low | high << 8); }
    float value() const { return halfToFloat(bits()); }
};

// Blocks of 32. Low nibbles are the weights 0-15, high nibbles 16-31; bit i of `high` is weight i's fifth
// bit.
struct BlockQ4_0 { ///< d * (q - 8)
    StoredHalf d;
    Bytes<16> quants;
};
struct BlockQ4_1 { ///< d * q + min
    StoredHalf d, min;
    Bytes<16> quants;
};
struct BlockQ5_0 { ///< d * (q - 16)
    StoredHalf d;
    Bytes<4> high;
    Bytes<16> quants;
};
struct BlockQ5_1 { ///< d * q + min
    StoredHalf d, min;
    Bytes<4> high;
    Bytes<16> quants;
};
struct BlockQ8_0 { ///< d * q, q signed
    StoredHalf d;
    Bytes<32> quants;
};
struct BlockIQ4_NL { ///< d * kIQ4Values[q]
    StoredHalf d;
    Bytes<16> quants;
};
struct BlockMXFP4 { ///< 2^(exponent - 128) * kMXFP4Values[q]
    std::uint8_t exponent;
    Bytes<16> quants;
};

// Blocks of 256, with a scale (and a minimum) for each 16 or 32 weights.
struct BlockQ2_K { ///< d * scale * q - dMin * min; `scales`: scale in the low nibble, min in the high one
    Bytes<16> scales;
    Bytes<64> quants;
    StoredHalf d, dMin;
};
struct BlockQ3_K { ///< d * (scale - 32) * (q - 4)
    Bytes<32> high;
    Bytes<64> quants;
    Bytes<12> scales;
    StoredHalf d;
};
struct BlockQ4_K { ///< d * scale * q - dMin * min
    StoredHalf d, dMin;
    Bytes<12> scales;
    Bytes<128> quants;
};
struct BlockQ5_K { ///< d * scale * q - dMin * min
    StoredHalf d, dMin;
    Bytes<12> scales;
    Bytes<32> high;
    Bytes<128> quants;
};
struct BlockQ6_K { ///< d * scale * (q - 32), scale signed
    Bytes<128> quants;
    Bytes<64> high;
    Bytes<16> scales;
    StoredHalf d;
};
struct BlockQ8_K { ///< d * q; d a float, q signed; `sums` of 16 quants each are for dot products
    Bytes<4> d;
    Bytes<256> quants;
    Bytes<32> sums;
};
struct BlockIQ4_XS { ///< d * (scale - 32) * kIQ4Values[q]
    StoredHalf d;
    Bytes<2> scalesHigh;
    Bytes<4> scalesLow;
    Bytes<128> quants;
};
struct BlockTQ1_0 { ///< d * (q - 1); five base-3 digits to a byte, four in `high`
    Bytes<48> quants;
    Bytes<4> high;
    StoredHalf d;
};
struct BlockTQ2_0 { ///< d * (q - 1)
    Bytes<64> quants;
    StoredHalf d;
};

inline constexpr std::array<std::int8_t, 16> kIQ4Values = {-127, -104, -83, -65, -49, -35, -22, -10,
                                                           1,    13,   25,  38,  53,  69,  89,  113};
inline constexpr std::array<std::int8_t, 16> kMXFP4Values = {0, 1,  2,  3,  4,  6,  8,  12,
                                                             0, -1, -2, -3, -4, -6, -8, -12};

/// The eight 6-bit scales and minimums of a Q4_K or Q5_K block.
struct KScales {
    std::array<std::uint8_t, 8> scale, min;
};
KScales unpackKScales(const Bytes<12>& packed) noexcept;

/// Writes a block's weights as float32, with the same operations in the same order as PyPI gguf.
void unpack(const BlockQ4_0& block, float* weights) noexcept;
void unpack(const BlockQ4_1& block, float* weights) noexcept;
void unpack(const BlockQ5_0& block, float* weights) noexcept;
void unpack(const BlockQ5_1& block, float* weights) noexcept;
void unpack(const BlockQ8_0& block, float* weights) noexcept;
void unpack(const BlockIQ4_NL& block, float* weights) noexcept;
void unpack(const BlockMXFP4& block, float* weights) noexcept;
void unpack(const BlockQ2_K& block, float* weights) noexcept;
void unpack(const BlockQ3_K& block, float* weights) noexcept;
void unpack(const BlockQ4_K& block, float* weights) noexcept;
void unpack(const BlockQ5_K& block, float* weights) noexcept;
void unpack(const BlockQ6_K& block, float* weights) noexcept;
void unpack(const BlockQ8_K& block, float* weights) noexcept;
void unpack(const BlockIQ4_XS& block, float* weights) noexcept;
void unpack(const BlockTQ1_0& block, float* weights) noexcept;
void unpack(const BlockTQ2_0& block, float* weights) noexcept;

} // namespace altiplano::kernels
