#pragma once

// Only for *_amx.cpp: the tile registers, and bfloat16 in the order that they take.

#include "cpu/simd_avx512.h"

namespace altiplano::kernels {
namespace {

/// A tile here is 16 rows of 64 bytes: 16 x 32 bfloat16 (a left factor), 16 x 16 pairs of bfloat16 (a right
/// one: row i holds rows 2i and 2i + 1 of the matrix, interleaved) or 16 x 16 float32 (a product).
constexpr std::size_t kTileSide = 16, kTileDepth = 32, kTileBytes = 1024;

/// What LDTILECFG reads.
struct alignas(64) TileConfig {
    std::uint8_t palette = 1, startRow = 0, reserved[14] = {};
    std::uint16_t rowBytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileConfig) == 64);

/// The tile registers of a thread, while this object lives. (Not the intrinsics: those of g++ 12 do not say
/// that they read all 64 bytes.)
class TileRegisters {
public:
    ALTIPLANO_INLINE TileRegisters() {
        const TileConfig config;
        asm volatile("ldtilecfg %0" : : "m"(config));
    }
    ALTIPLANO_INLINE ~TileRegisters() { asm volatile("tilerelease"); }
    TileRegisters(const TileRegisters&) = delete;
    TileRegisters& operator=(const TileRegisters&) = delete;
};

/// Tile loads do not say what memory they read either: what was stored before must be in memory by now.
ALTIPLANO_INLINE inline void finishStores() {
    asm volatile("" : : : "memory");
}

/// 32 numbers as bfloat16, rounded to nearest.
ALTIPLANO_INLINE inline __m512i bfloat16(__m512 low, __m512 high) {
    __m512i bits;
    const __m512bh both = _mm512_cvtne2ps_pbh(high, low);
    __builtin_memcpy(&bits, &both, sizeof bits);
    return bits;
}

/// A row of a right factor.
ALTIPLANO_INLINE inline __m512i interleaved(__m512 even, __m512 odd) {
    const __m512i lanes = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23,
                                           7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    return _mm512_permutexvar_epi16(lanes, bfloat16(even, odd));
}

} // namespace
} // namespace altiplano::kernels
