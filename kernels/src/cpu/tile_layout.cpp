#include "cpu/tile_layout.h"

#include <cstring>
#include <type_traits>

namespace altiplano::kernels {
namespace {

/// Where the units of a block lie: `leading` bytes in units of 2 (or one of 1), then units of 4, then
/// `trailing` bytes in units of 2.
template <std::size_t leading, std::size_t quads, std::size_t trailing>
struct Units {
    static constexpr std::size_t kBlock = leading + quads + trailing;

    /// Calls copy(unit, offset) for every unit of a block; `unit` a constant, so that copies become moves.
    template <typename Copy>
    [[gnu::always_inline]] static void forEach(Copy copy) {
        constexpr std::integral_constant<std::size_t, leading == 1 ? 1 : 2> small;
        constexpr std::integral_constant<std::size_t, 4> quad;
        for (std::size_t o = 0; o < leading; o += small)
            copy(small, o);
        for (std::size_t o = leading; o < leading + quads; o += quad)
            copy(quad, o);
        for (std::size_t o = leading + quads; o < kBlock; o += small)
            copy(small, o);
    }
};

/// Calls use(Units<...>) with a type's.
template <typename Use>
void withUnits(QuantType type, Use use) {
    switch (type) {
    case QuantType::F32:
        return use(Units<0, 4, 0>{});
    case QuantType::F16:
    case QuantType::BF16:
        return use(Units<2, 0, 0>{});
    case QuantType::Q4_0:
    case QuantType::IQ4_NL:
        return use(Units<2, 16, 0>{});
    case QuantType::Q4_1:
        return use(Units<4, 16, 0>{});
    case QuantType::Q5_0:
        return use(Units<2, 20, 0>{});
    case QuantType::Q5_1:
        return use(Units<4, 20, 0>{});
    case QuantType::Q8_0:
        return use(Units<2, 32, 0>{});
    case QuantType::Q2_K:
        return use(Units<0, 80, 4>{});
    case QuantType::Q3_K:
        return use(Units<0, 108, 2>{});
    case QuantType::Q4_K:
        return use(Units<4, 140, 0>{});
    case QuantType::Q5_K:
        return use(Units<4, 172, 0>{});
    case QuantType::Q6_K:
        return use(Units<0, 208, 2>{});
    case QuantType::Q8_K:
        return use(Units<0, 292, 0>{});
    case QuantType::IQ4_XS:
        return use(Units<4, 132, 0>{});
    case QuantType::TQ1_0:
        return use(Units<0, 52, 2>{});
    case QuantType::TQ2_0:
        return use(Units<0, 64, 2>{});
    case QuantType::MXFP4:
        return use(Units<1, 16, 0>{});
    }
}

/// Eight whole rows. The innermost loop writes a vector of the tile from eight places of the file.
template <typename Units>
void packRows(Units, const std::byte* source, std::size_t stride, std::byte* tile) {
    for (std::size_t at = 0; at < stride; at += Units::kBlock, source += Units::kBlock)
        Units::forEach([&](auto unit, std::size_t offset) {
            std::byte* to = tile + kTileRows * (at + offset);
            for (std::size_t r = 0; r < kTileRows; ++r)
                std::memcpy(to + r * unit, source + r * stride + offset, unit);
        });
}

} // namespace

void packTile(QuantType type, const std::byte* source, std::size_t rows, std::size_t columns,
              std::byte* tile) {
    const std::size_t stride = rowBytes(type, columns);
    withUnits(type, [&](auto units) {
        if (rows == kTileRows) return packRows(units, source, stride, tile);
        std::memset(tile, 0, kTileRows * stride);
        for (std::size_t at = 0; at < stride; at += units.kBlock)
            units.forEach([&](auto unit, std::size_t offset) {
                for (std::size_t r = 0; r < rows; ++r)
                    std::memcpy(tile + kTileRows * (at + offset) + r * unit,
                                source + r * stride + at + offset, unit);
            });
    });
}

void extractRow(QuantType type, const std::byte* tile, std::size_t row, std::size_t columns,
                std::byte* blocks) {
    const std::size_t stride = rowBytes(type, columns);
    withUnits(type, [&](auto units) {
        for (std::size_t at = 0; at < stride; at += units.kBlock)
            units.forEach([&](auto unit, std::size_t offset) {
                std::memcpy(blocks + at + offset, tile + kTileRows * (at + offset) + row * unit, unit);
            });
    });
}

} // namespace altiplano::kernels
