#pragma once

#include "cpu/tile_layout.h"

#include <cstddef>
#include <cstdint>

namespace altiplano::kernels {

/// A weight matrix in 8-row tiles (see tile_layout.h), one after the other. Does not own them.
struct PackedMatrix {
    QuantType type = QuantType::F32;
    std::size_t rows = 0;
    std::size_t columns = 0;
    const std::byte* tiles = nullptr; ///< 64-byte aligned

    [[gnu::always_inline]] std::size_t tileCount() const { return (rows + kTileRows - 1) / kTileRows; }
    [[gnu::always_inline]] const std::byte* tile(std::size_t index) const {
        return tiles + index * tileBytes(type, columns);
    }
};

/// The matrix kernels of one instruction set. Plain function pointers, so that a file compiled for that
/// instruction set gives away nothing that the linker could merge with other files' code. (For the same
/// reason such files use no inline functions of the standard library, and those of our headers are always
/// inlined.)
///
/// y = Wx runs in two acts. First the activation rows are packed (quantized, summed, interleaved) into the
/// form that the kernels of this set take for the weight's type; that form is the set's own affair, named by
/// a number (`format`), and shared by all weights of a step that ask for the same one. Then every thread
/// multiplies some tiles by them: `gemv` where there is one row (it reads the weights straight from memory),
/// `gemm` for more (it unpacks a few tiles at a time in cache and multiplies them by every row).
///
/// Results are float32 and do not depend, bit for bit, on which tiles or rows are asked for together, nor on
/// whether gemv or gemm is. (One bit's difference would tip the rounding of a later activation, and a text
/// would be answered otherwise when half of it came out of the prefix cache.)
struct MatmulKernels {
    /// The activation format that a weight type wants, below `formats`.
    std::uint8_t (*format)(QuantType type);
    std::uint8_t formats;

    /// Rows that are interleaved when packed: packing and gemm start at a multiple of this.
    std::uint32_t groupRows;

    /// Most tiles of one gemm call, and so the width of its result: 8 * gemmTiles.
    std::uint32_t gemmTiles;

    /// Bytes of `rows` packed activation rows, and (both may be asked before anything is packed) of the
    /// scratch memory that one thread's gemm needs. Both are 64-byte aligned when given back.
    std::size_t (*activationBytes)(std::uint8_t format, std::size_t columns, std::size_t rows);
    std::size_t scratchBytes;

    /// Packs rows [first, first + count) of `rows`: `x` [count x columns] holds just these, `activations` is
    /// the memory of all of them. Groups may be packed by different threads. One row (rows == 1) is packed
    /// for gemv, where the set has one, more for gemm.
    void (*pack)(std::uint8_t format, const float* x, std::size_t columns, std::size_t rows,
                 std::size_t first, std::size_t count, std::byte* activations);

    /// y[0 .. 8 * count) = tiles [firstTile, firstTile + count) times the one packed row. Null in a set that
    /// multiplies single rows as it does many.
    void (*gemv)(const PackedMatrix& matrix, std::size_t firstTile, std::size_t count,
                 const std::byte* activations, float* y);

    /// c[(row - first) * 8 * gemmTiles + i] = (tiles [firstTile, firstTile + tiles) times packed rows [first,
    /// first + count))[i]; 1 <= tiles <= gemmTiles, what is beyond i = 8 * tiles is undefined. `rows` is the
    /// number packed, as told to pack. `c` is 64-byte aligned.
    void (*gemm)(const PackedMatrix& matrix, std::size_t firstTile, std::size_t tiles,
                 const std::byte* activations, std::size_t rows, std::size_t first, std::size_t count,
                 float* c, std::byte* scratch);
};

/// The reference: dequantizes, and sums products of float32 activations in double.
extern const MatmulKernels kScalarMatmul;
extern const MatmulKernels kAvx2Matmul;

/// AVX-512 with VNNI: weights as unsigned bytes times int8 activations.
extern const MatmulKernels kAvx512Matmul;

/// The same, but BF16 weights times bfloat16 activations: AVX-512 BF16.
extern const MatmulKernels kAvx512Bf16Matmul;

/// AMX, for prompts: bfloat16 on both sides.
extern const MatmulKernels kAmxMatmul;

} // namespace altiplano::kernels
