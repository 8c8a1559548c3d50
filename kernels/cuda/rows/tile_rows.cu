#include "rows/tensor_maps.h"
#include "rows/tile_product_kernel.cuh"

namespace altiplano::kernels::cuda {

namespace {

template <class Shape>
void launch(RowProduct p, std::uint32_t multiprocessors, cudaStream_t stream) {
    p.inMap = tokenMap(p.in, Shape::kTokens / Shape::kPeers, 1);
    for (std::uint32_t i = 0; i < p.partCount; ++i)
        p.parts[i].map = weightMap(p.parts[i].matrix, 1, Shape::kGroups);
    p.tokenTiles = divideUp(p.tokens, Shape::kTokens);
    p.rowTiles = divideUp(p.tileRows(Shape::kGroups), Shape::kPeers) * Shape::kPeers;
    p.clusterBlocks = Shape::kPeers;
    p.slots = std::min(Shape::kRoom / Shape::kSlotBytes, p.direct ? kMaxRowSlots : 4);
    if (!p.direct) {
        p.packedBytes = Shape::kGroups * packedTraits(p.parts[0].matrix.type).unitBytes;
        p.packedSlotBytes = divideUp(p.packedBytes, 128) * 128;
        const auto fit = [&] { return (Shape::kRoom - p.slots * Shape::kSlotBytes) / p.packedSlotBytes; };
        while (fit() < 2)
            --p.slots;
        p.packedSlots = std::min(fit(), kMaxRowSlots);
    }
    const auto kernel = tileProductKernel<Shape>;
    prepareKernel(kernel, kMaxSharedBytes);
    const std::uint32_t blocks =
        std::min(p.rowTiles * p.tokenTiles, multiprocessors / Shape::kPeers * Shape::kPeers);
    launchDependent(kernel, blocks, Shape::kThreads, kMaxSharedBytes, Shape::kPeers, stream, p);
}

struct Candidate {
    std::uint32_t tokens, groups;
    std::uint32_t cycles; ///< for 64 columns: to multiply them, or to get them from the L2 cache
    decltype(&launch<TileShape<1, 64>>) launch;

    std::uint32_t time(RowProduct p, std::uint32_t multiprocessors) const {
        return divideUp(p.tileRows(groups) * divideUp(p.tokens, tokens), multiprocessors) * cycles;
    }
};

template <std::uint32_t Each, std::uint32_t Rows>
constexpr Candidate candidate() {
    using Shape = TileShape<Each, Rows>;
    return {Shape::kTokens, Shape::kGroups, std::max(Shape::kTokens * Rows / 32, Shape::kSlotBytes / 55),
            launch<Shape>};
}

} // namespace

void launchTileRows(const RowProduct& product, std::uint32_t multiprocessors, cudaStream_t stream) {
    constexpr Candidate kCandidates[] = {candidate<2, 112>(), candidate<2, 96>(), candidate<1, 128>(),
                                         candidate<1, 96>(), candidate<1, 64>()};
    std::min_element(std::begin(kCandidates), std::end(kCandidates),
                     [&](const Candidate& a, const Candidate& b) {
                         return a.time(product, multiprocessors) < b.time(product, multiprocessors);
                     })
        ->launch(product, multiprocessors, stream);
}

} // namespace altiplano::kernels::cuda
