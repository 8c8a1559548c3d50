#include "cpu/tile_layout.h"

#include <cstring>

namespace altiplano::kernels {

TileUnits tileUnits(QuantType type) noexcept {
    switch (type) {
    case QuantType::F32:
        return {0, 4, 0};
    case QuantType::F16:
    case QuantType::BF16:
        return {2, 0, 0};
    case QuantType::Q4_0:
    case QuantType::IQ4_NL:
        return {2, 16, 0};
    case QuantType::Q4_1:
        return {4, 16, 0};
    case QuantType::Q5_0:
        return {2, 20, 0};
    case QuantType::Q5_1:
        return {4, 20, 0};
    case QuantType::Q8_0:
        return {2, 32, 0};
    case QuantType::Q2_K:
        return {0, 80, 4};
    case QuantType::Q3_K:
        return {0, 108, 2};
    case QuantType::Q4_K:
        return {4, 140, 0};
    case QuantType::Q5_K:
        return {4, 172, 0};
    case QuantType::Q6_K:
        return {0, 208, 2};
    case QuantType::Q8_K:
        return {0, 292, 0};
    case QuantType::IQ4_XS:
        return {4, 132, 0};
    case QuantType::TQ1_0:
        return {0, 52, 2};
    case QuantType::TQ2_0:
        return {0, 64, 2};
    case QuantType::MXFP4:
        return {1, 16, 0};
    }
    return {};
}

namespace {

/// Copies the units of `count` blocks of one row; `forward` from GGUF to the tile, else back. Distances are
/// in bytes of a block.
template <std::size_t unit, typename Copy>
void forEachUnit(std::uint32_t begin, std::uint32_t end, Copy copy) {
    for (std::uint32_t offset = begin; offset < end; offset += unit)
        copy(offset);
}

/// Calls copy(unit bytes as a constant, offset) for every unit of a block.
template <typename Copy>
void forBlock(const TileUnits& units, Copy copy) {
    using std::integral_constant;
    const std::uint32_t quads = units.leading, trailing = quads + units.quads,
                        end = trailing + units.trailing;
    if (units.leading == 1)
        copy(integral_constant<std::size_t, 1>{}, 0u);
    else
        forEachUnit<2>(0, quads, [&](std::uint32_t o) { copy(integral_constant<std::size_t, 2>{}, o); });
    forEachUnit<4>(quads, trailing, [&](std::uint32_t o) { copy(integral_constant<std::size_t, 4>{}, o); });
    forEachUnit<2>(trailing, end, [&](std::uint32_t o) { copy(integral_constant<std::size_t, 2>{}, o); });
}

} // namespace

void packTile(QuantType type, const std::byte* source, std::size_t rows, std::size_t columns,
              std::byte* tile) {
    const TileUnits units = tileUnits(type);
    const std::size_t stride = rowBytes(type, columns), block = quantTraits(type).blockBytes;
    if (rows < kTileRows) std::memset(tile, 0, kTileRows * stride);
    for (std::size_t at = 0; at < stride; at += block, tile += kTileRows * block)
        forBlock(units, [&](auto unit, std::uint32_t offset) {
            for (std::size_t r = 0; r < rows; ++r)
                std::memcpy(tile + kTileRows * offset + r * unit, source + r * stride + at + offset, unit);
        });
}

void extractRow(QuantType type, const std::byte* tile, std::size_t row, std::size_t columns,
                std::byte* blocks) {
    const TileUnits units = tileUnits(type);
    const std::size_t stride = rowBytes(type, columns), block = quantTraits(type).blockBytes;
    for (std::size_t at = 0; at < stride; at += block, tile += kTileRows * block)
        forBlock(units, [&](auto unit, std::uint32_t offset) {
            std::memcpy(blocks + at + offset, tile + kTileRows * offset + row * unit, unit);
        });
}

} // namespace altiplano::kernels
