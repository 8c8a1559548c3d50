#include "rows/row_product.h"

#include "rows/row_product_plan.h"

#include <algorithm>

namespace altiplano::kernels::cuda {

namespace {

/// Blocks of a cluster that share their tokens, of products with many.
constexpr std::uint32_t kPeers = 2;

RowPart partOf(const Matrix& m, const Output& out) {
    RowPart part;
    part.matrix = m;
    part.out = out;
    part.pairs = m.order.headDim == 0 && m.rows % 2 == 0 && out.stride % 2 == 0 &&
                 reinterpret_cast<std::uintptr_t>(out.data) % 8 == 0;
    return part;
}

/// Of the time in which all multiprocessors multiply `tiles` tiles, the share in which none idles.
double busyShare(std::uint32_t tiles, std::uint32_t multiprocessors) {
    return tiles / static_cast<double>(divideUp(tiles, multiprocessors) * multiprocessors);
}

/// Tiles of 64 weight rows; pairs of blocks split the columns where that fills the GPU better.
std::uint32_t splitTiles(RowProduct& p, std::uint32_t multiprocessors) {
    p.rowTiles = p.tileRows(8);
    const std::uint32_t tiles = p.rowTiles * p.tokenTiles;
    if (busyShare(2 * tiles, multiprocessors) > busyShare(tiles, multiprocessors) + 0.05) p.clusterBlocks = 2;
    return std::min(tiles, multiprocessors / p.clusterBlocks) * p.clusterBlocks;
}

/// Whether tiles of 96 rows x all of few tokens fill the GPU once: then it pays to unpack weights into shared
/// memory.
bool fillsOnce(RowProduct& p, std::uint32_t multiprocessors) {
    const std::uint32_t tiles = p.tileRows(12) * p.tokenTiles;
    return p.tokenTiles == 1 && tiles <= multiprocessors && busyShare(tiles, multiprocessors) >= 0.9;
}

void launch(QuantType type, RowProduct& p, std::uint32_t multiprocessors, cudaStream_t stream) {
    const std::uint32_t tile = tokenTile(p.tokens);
    p.tokenTiles = divideUp(p.tokens, tile);
    if (tile <= 64) return launchFewRows(type, tile, p, splitTiles(p, multiprocessors), stream);
    p.direct = type == QuantType::F16;
    if (!p.gate && fillsOnce(p, multiprocessors)) return launchTileRows(p, multiprocessors, stream);
    if (4 * p.tileRows(16) * p.tokenTiles < 3 * multiprocessors)
        return launchSomeRows(type, p, splitTiles(p, multiprocessors), stream);
    if (p.direct) return launchTileRows(p, multiprocessors, stream);
    const bool wide = (p.gate && packedTraits(type).unitColumns > 64) || // what has to be unpacked
                      (type == QuantType::Q4_0 && p.partCount > 1);
    p.clusterBlocks = kPeers;
    p.rowTiles = divideUp(p.tileRows(wide ? 24 : 16), kPeers) * kPeers;
    const std::uint32_t blocks = std::min(p.rowTiles * p.tokenTiles, multiprocessors / kPeers * kPeers);
    (wide ? launchWideRows : launchManyRows)(type, p, blocks, stream);
}

RowProduct over(const Matrix& m, const TokenTiles& in, std::uint32_t tokens) {
    RowProduct p;
    p.in = in;
    p.tokens = tokens;
    p.units = m.units();
    p.chunks = p.units * (packedTraits(m.type).unitColumns / 64);
    return p;
}

} // namespace

void multiplyRows(std::span<const Matrix> matrices, const TokenTiles& in, std::uint32_t tokens,
                  std::span<const Output> out, std::uint32_t multiprocessors, cudaStream_t stream) {
    RowProduct p = over(matrices[0], in, tokens);
    for (std::size_t i = 0; i < matrices.size(); ++i)
        p.parts[p.partCount++] = partOf(matrices[i], out[i]);
    launch(matrices[0].type, p, multiprocessors, stream);
}

void multiplyGateUp(const Matrix& gateUp, const TokenTiles& in, std::uint32_t tokens, const TokenTiles& h,
                    std::uint32_t multiprocessors, cudaStream_t stream) {
    RowProduct p = over(gateUp, in, tokens);
    p.parts[p.partCount++] = partOf(gateUp, {});
    p.gate = true;
    p.h = h;
    launch(gateUp.type, p, multiprocessors, stream);
}

} // namespace altiplano::kernels::cuda
