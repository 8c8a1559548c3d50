#include "rows/row_product_kernel.cuh"

namespace altiplano::kernels::cuda {

/// Two or four warpgroups share the columns of 64 weight rows, so that all stream.
void launchFewRows(QuantType type, std::uint32_t tokenTile, const RowProduct& product, std::uint32_t blocks,
                   cudaStream_t stream) {
    switch (tokenTile) {
    case 8:
        return launchRowProduct<RowShape<8, 1, 4, 1>>(type, product, blocks, stream);
    case 16:
        return launchRowProduct<RowShape<16, 1, 4, 1>>(type, product, blocks, stream);
    case 32:
        return launchRowProduct<RowShape<32, 1, 2, 1>>(type, product, blocks, stream);
    default:
        return launchRowProduct<RowShape<64, 1, 2, 1>>(type, product, blocks, stream);
    }
}

} // namespace altiplano::kernels::cuda
