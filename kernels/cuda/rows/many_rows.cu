#include "rows/row_product_kernel.cuh"

namespace altiplano::kernels::cuda {

/// Two warpgroups share the columns of 64 weight rows: for matrices too small to fill the GPU with whole
/// tiles.
void launchSomeRows(QuantType type, const RowProduct& product, std::uint32_t blocks, cudaStream_t stream) {
    launchRowProduct<RowShape<128, 1, 2, 1>>(type, product, blocks, stream);
}

/// Two warpgroups with 64 weight rows each; pairs of blocks share their tokens.
void launchManyRows(QuantType type, const RowProduct& product, std::uint32_t blocks, cudaStream_t stream) {
    launchRowProduct<RowShape<128, 2, 1, 2>>(type, product, blocks, stream);
}

/// Three warpgroups: unpacking hides better under the products. For the widest matrices of quantized types.
void launchWideRows(QuantType type, const RowProduct& product, std::uint32_t blocks, cudaStream_t stream) {
    launchRowProduct<RowShape<128, 3, 1, 2>>(type, product, blocks, stream);
}

} // namespace altiplano::kernels::cuda
