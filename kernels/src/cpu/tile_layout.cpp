#include "cpu/tile_layout.h"

#include <cstring>
#include <emmintrin.h>
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

/// Interleaves the units in 16 bytes of eight rows: 128 bytes of a tile. SSE2, which every x86-64 CPU has.
template <std::size_t unit>
void transpose16(const std::byte* source, std::size_t stride, std::byte* tile) {
    __m128i row[kTileRows];
    for (std::size_t r = 0; r < kTileRows; ++r)
        row[r] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(source + r * stride));
    const auto put = [&](std::size_t i, __m128i v) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(tile + 16 * i), v);
    };
    if constexpr (unit == 4) {
        for (std::size_t half = 0; half < 2; ++half) {
            const __m128i* r = row + 4 * half;
            const __m128i low01 = _mm_unpacklo_epi32(r[0], r[1]), low23 = _mm_unpacklo_epi32(r[2], r[3]);
            const __m128i high01 = _mm_unpackhi_epi32(r[0], r[1]), high23 = _mm_unpackhi_epi32(r[2], r[3]);
            put(half, _mm_unpacklo_epi64(low01, low23));
            put(half + 2, _mm_unpackhi_epi64(low01, low23));
            put(half + 4, _mm_unpacklo_epi64(high01, high23));
            put(half + 6, _mm_unpackhi_epi64(high01, high23));
        }
    } else {
        __m128i pairs[kTileRows], fours[kTileRows];
        for (std::size_t r = 0; r < 4; ++r) {
            pairs[r] = _mm_unpacklo_epi16(row[2 * r], row[2 * r + 1]);     // columns 0 to 3 of two rows
            pairs[r + 4] = _mm_unpackhi_epi16(row[2 * r], row[2 * r + 1]); // 4 to 7
        }
        for (std::size_t i = 0; i < 4; ++i) { // columns 2i and 2i + 1 of rows 0 to 3, and of 4 to 7
            const __m128i* p = pairs + i / 2 * 4;
            fours[2 * i] = i % 2 ? _mm_unpackhi_epi32(p[0], p[1]) : _mm_unpacklo_epi32(p[0], p[1]);
            fours[2 * i + 1] = i % 2 ? _mm_unpackhi_epi32(p[2], p[3]) : _mm_unpacklo_epi32(p[2], p[3]);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            put(2 * i, _mm_unpacklo_epi64(fours[2 * i], fours[2 * i + 1]));
            put(2 * i + 1, _mm_unpackhi_epi64(fours[2 * i], fours[2 * i + 1]));
        }
    }
}

/// Interleaves a run of units of eight rows.
template <std::size_t unit>
[[gnu::always_inline]] inline void packRun(const std::byte* source, std::size_t stride, std::size_t bytes,
                                           std::byte* tile) {
    std::size_t o = 0;
    if constexpr (unit != 1)
        for (; o + 16 <= bytes; o += 16)
            transpose16<unit>(source + o, stride, tile + kTileRows * o);
    for (; o < bytes; o += unit)
        for (std::size_t r = 0; r < kTileRows; ++r)
            std::memcpy(tile + kTileRows * o + r * unit, source + r * stride + o, unit);
}

/// Interleaves eight whole rows.
template <std::size_t leading, std::size_t quads, std::size_t trailing>
void packRows(Units<leading, quads, trailing>, const std::byte* source, std::size_t stride, std::byte* tile) {
    constexpr std::size_t kBlock = leading + quads + trailing;
    if constexpr (kBlock == 2 || kBlock == 4) // plain numbers: the whole row is one run
        return packRun<kBlock>(source, stride, stride, tile);
    for (std::size_t at = 0; at < stride; at += kBlock, source += kBlock, tile += kTileRows * kBlock) {
        packRun<leading == 1 ? 1 : 2>(source, stride, leading, tile);
        packRun<4>(source + leading, stride, quads, tile + kTileRows * leading);
        packRun<2>(source + leading + quads, stride, trailing, tile + kTileRows * (leading + quads));
    }
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
