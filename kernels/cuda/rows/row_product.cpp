#include "rows/row_product.h"

#include "rows/row_product_plan.h"

#include <algorithm>

namespace altiplano::kernels::cuda {

namespace {

/// Blocks of a cluster that share their tokens, of products with many.
constexpr std::uint32_t kPeers = 2;

RowPart partOf(const Matrix& m, const Output& out) {
    RowPart part;
    part.data = m.data;
    part.bias = m.bias;
    part.out = out;
    part.order = m.order;
    part.rows = m.rows;
    part.groups = m.groups();
    part.fours = m.order.headDim == 0 && m.rows % 4 == 0 && out.stride % 4 == 0 &&
                 reinterpret_cast<std::uintptr_t>(out.data) % 16 == 0 &&
                 reinterpret_cast<std::uintptr_t>(m.bias) % 16 == 0;
    return part;
}

std::uint32_t tileRows(RowProduct& p, std::uint32_t groups) {
    std::uint32_t tiles = 0;
    for (std::uint32_t i = 0; i < p.partCount; ++i)
        tiles += p.parts[i].tiles = divideUp(p.parts[i].groups, groups);
    return tiles;
}

/// Of the time in which all multiprocessors multiply `tiles` tiles, the share in which none idles.
double busyShare(std::uint32_t tiles, std::uint32_t multiprocessors) {
    return tiles / static_cast<double>(divideUp(tiles, multiprocessors) * multiprocessors);
}

/// Tiles of 64 weight rows; pairs of blocks split the columns where that fills the GPU better.
std::uint32_t splitTiles(RowProduct& p, std::uint32_t multiprocessors) {
    p.rowTiles = tileRows(p, 8);
    const std::uint32_t tiles = p.rowTiles * p.tokenTiles;
    if (busyShare(2 * tiles, multiprocessors) > busyShare(tiles, multiprocessors) + 0.05) p.clusterBlocks = 2;
    return std::min(tiles, multiprocessors / p.clusterBlocks) * p.clusterBlocks;
}

/// Half floats: pairs of blocks share their tokens. Tiles of 192 rows for wide matrices, else of 128,
/// whichever leaves fewer multiprocessors idle.
void launchHalf(RowProduct& p, std::uint32_t multiprocessors, cudaStream_t stream) {
    const auto pairs = [&](std::uint32_t slabs) {
        return divideUp(tileRows(p, slabs * 8), kPeers) * p.tokenTiles;
    };
    const std::uint32_t most = multiprocessors / kPeers;
    const std::uint32_t slabs = divideUp(pairs(3), most) * 3 <= divideUp(pairs(2), most) * 2 ? 3 : 2;
    p.rowTiles = divideUp(tileRows(p, slabs * 8), kPeers) * kPeers;
    p.clusterBlocks = p.rowPeers = kPeers;
    launchHalfRows(QuantType::F16, slabs, p, std::min(p.rowTiles * p.tokenTiles, most * kPeers), stream);
}

/// Q4_0 with few tokens, where tiles of 192 rows of which pairs of blocks split the columns fill the GPU
/// once.
bool launchSplitHalves(RowProduct& p, std::uint32_t multiprocessors, cudaStream_t stream) {
    const std::uint32_t blocks = 2 * tileRows(p, 24);
    if (p.gate || p.tokenTiles > 1 || blocks > multiprocessors || busyShare(blocks, multiprocessors) < 0.9)
        return false;
    p.rowTiles = blocks / 2;
    p.clusterBlocks = p.splits = 2;
    launchHalfRows(QuantType::Q4_0, 3, p, blocks, stream);
    return true;
}

void launch(QuantType type, RowProduct& p, std::uint32_t multiprocessors, cudaStream_t stream) {
    const std::uint32_t tile = tokenTile(p.tokens);
    p.tokenTiles = divideUp(p.tokens, tile);
    if (tile <= 64) return launchFewRows(type, tile, p, splitTiles(p, multiprocessors), stream);
    if (type == QuantType::Q4_0 && launchSplitHalves(p, multiprocessors, stream)) return;
    p.rowTiles = tileRows(p, 16);
    if (4 * p.rowTiles * p.tokenTiles < 3 * multiprocessors)
        return launchSomeRows(type, p, splitTiles(p, multiprocessors), stream);
    if (type == QuantType::F16) return launchHalf(p, multiprocessors, stream);
    const bool wide = (p.gate && packedTraits(type).unitColumns > 64) || // what has to be unpacked
                      (type == QuantType::Q4_0 && p.partCount > 1);
    if (wide) p.rowTiles = tileRows(p, 24);
    p.clusterBlocks = kPeers;
    p.rowTiles = divideUp(p.rowTiles, kPeers) * kPeers;
    const std::uint32_t blocks = std::min(p.rowTiles * p.tokenTiles, multiprocessors / kPeers * kPeers);
    (wide ? launchWideRows : launchManyRows)(type, p, blocks, stream);
}

RowProduct over(const Matrix& m, const TokenTiles& in, std::uint32_t tokens) {
    RowProduct p;
    p.in = in;
    p.tokens = tokens;
    p.units = m.units();
    p.groupBytes = m.groupBytes();
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
