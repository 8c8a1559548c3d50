#include "decode/product.h"

#include "decode/product_shared.h"

#include <algorithm>

namespace altiplano::kernels::cuda {

namespace {

std::uint32_t stageBytes(const Matrix& m) {
    const PackedTraits traits = packedTraits(m.type);
    return std::min(m.units(), traits.stageUnits) * traits.unitBytes;
}

bool usesFloats(QuantType type) {
    return type == QuantType::F16 || type == QuantType::BF16;
}

Product planProduct(std::span<const Matrix> matrices, std::uint32_t firstRole, const StreamLimits& limits) {
    Product p;
    p.columns = matrices[0].columns;
    std::uint32_t groups = 0;
    std::uint64_t bytes = 0;
    for (const Matrix& m : matrices) {
        p.roles[p.partCount] = static_cast<std::uint8_t>(firstRole + p.partCount);
        p.parts[p.partCount++] = m;
        groups += m.groups();
        bytes += m.groups() * m.groupBytes();
        p.slotBytes = std::max(p.slotBytes, stageBytes(m));
        (usesFloats(m.type) ? p.floatInput : p.int8Input) = true;
    }
    p.slotBytes = divideUp(p.slotBytes, 128) * 128;

    // Equal bytes for every block, in whole groups.
    p.blocks = std::min({limits.multiprocessors, kMaxBlocks, groups});
    std::uint32_t group = 0;
    std::uint64_t before = 0; // bytes before `group`
    for (std::uint32_t b = 0; b <= p.blocks; ++b) {
        const std::uint64_t target = bytes * b / p.blocks;
        while (group < groups) {
            const Matrix* m = p.parts;
            for (std::uint32_t end = m->groups(); group >= end; end += m->groups())
                ++m;
            if (before + m->groupBytes() > target) break;
            before += m->groupBytes();
            ++group;
        }
        p.firstGroup[b] = static_cast<std::uint16_t>(b == p.blocks ? groups : group);
        if (b > 0) p.maxGroups = std::max<std::uint32_t>(p.maxGroups, p.firstGroup[b] - p.firstGroup[b - 1]);
    }

    const ProductShared fixed = productShared(p);
    const std::uint32_t left =
        limits.sharedBytesPerBlock > fixed.end ? limits.sharedBytesPerBlock - fixed.end : 0;
    p.slots = std::min<std::uint32_t>(left / (p.slotBytes + 16), kMaxSlots);
    p.stagesInFlight =
        std::clamp<std::uint32_t>(limits.bytesInFlight / p.slotBytes, 2, std::max(2u, p.slots));
    p.sharedBytes = productShared(p).end;
    return p;
}

bool streamable(const Product& p) {
    std::uint32_t groups = 0;
    for (std::uint32_t i = 0; i < p.partCount; ++i) {
        if (!p.parts[i].packed || p.parts[i].columns % 32 != 0) return false;
        groups += p.parts[i].groups();
    }
    return groups <= 0xffff && p.slots >= 3;
}

} // namespace

std::vector<Product> planProducts(std::span<const Matrix> matrices, const StreamLimits& limits) {
    if (limits.sharedBytesPerBlock == 0) return {};
    for (const Matrix& m : matrices)
        if (!m.packed) return {};
    std::vector<Product> products;
    const auto type = [&](std::size_t i) { return matrices[i].type; };
    bool together = true;
    for (std::size_t i = 1; i < matrices.size(); ++i)
        together &= type(i) == type(0) || (type(0) == QuantType::Q4_K && type(i) == QuantType::Q6_K);
    if (together) {
        products.push_back(planProduct(matrices, 0, limits));
    } else {
        for (std::uint32_t i = 0; i < matrices.size(); ++i)
            products.push_back(planProduct(matrices.subspan(i, 1), i, limits));
    }
    return std::all_of(products.begin(), products.end(), streamable) ? products : std::vector<Product>{};
}

} // namespace altiplano::kernels::cuda
