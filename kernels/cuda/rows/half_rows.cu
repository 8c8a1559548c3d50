#include "rows/half_product_kernel.cuh"
#include "rows/tensor_maps.h"

namespace altiplano::kernels::cuda {

namespace {

template <class Shape>
void launch(RowProduct p, std::uint32_t blocks, cudaStream_t stream) {
    p.inMap = tokenMap(p.in, Shape::kTokens / p.rowPeers, 1);
    for (std::uint32_t i = 0; i < p.partCount; ++i) {
        Matrix m;
        m.data = p.parts[i].data;
        m.type = Shape::kType;
        m.rows = p.parts[i].rows;
        m.columns = p.units * packedTraits(m.type).unitColumns;
        p.parts[i].map = weightMap(m, 1, Shape::kGroups / p.tokenPeers);
    }
    const auto kernel = halfProductKernel<Shape>;
    prepareKernel(kernel, Shape::kSharedBytes);
    launchDependent(kernel, blocks, Shape::kThreads, Shape::kSharedBytes, p.clusterBlocks, stream, p);
}

} // namespace

void launchHalfRows(QuantType type, std::uint32_t slabs, const RowProduct& product, std::uint32_t blocks,
                    cudaStream_t stream) {
    if (type == QuantType::Q4_0) return launch<HalfShape<128, 3, QuantType::Q4_0>>(product, blocks, stream);
    if (slabs == 3) return launch<HalfShape<128, 3, QuantType::F16>>(product, blocks, stream);
    launch<HalfShape<128, 2, QuantType::F16>>(product, blocks, stream);
}

} // namespace altiplano::kernels::cuda
