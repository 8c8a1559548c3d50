#include "decode/product.h"

#include "decode/product_shared.h"

#include <algorithm>
#include <bit>

namespace altiplano::kernels::cuda {

namespace {

constexpr std::uint32_t kFewestSlots = 3; ///< of a ring

StreamPart partOf(const Matrix& m, std::uint32_t role) {
    const PackedTraits traits = packedTraits(m.type);
    StreamPart p;
    p.data = m.data;
    p.bias = m.bias;
    p.groups = m.groups();
    p.groupBytes = static_cast<std::uint32_t>(m.groupBytes());
    p.units = m.units();
    p.stageUnits = traits.stageUnits;
    p.unitBytes = traits.unitBytes;
    p.groupWarps = std::min(std::bit_ceil(p.units), kConsumerWarps);
    p.stageGroups = kConsumerWarps / p.groupWarps;
    p.rows = m.rows;
    p.order = m.order;
    p.type = m.type;
    p.role = role;
    return p;
}

bool usesFloats(QuantType type) {
    return type == QuantType::F16 || type == QuantType::BF16;
}

/// Shared memory and the ring, for p.tokens.
void layOut(Product& p, const StreamLimits& limits) {
    p.slots = 0;
    const std::uint32_t fixed = productShared(p).end;
    const std::uint32_t left = limits.sharedBytesPerBlock > fixed ? limits.sharedBytesPerBlock - fixed : 0;
    p.slots = std::min(left / p.slotBytes, kMaxSlots);
    p.stagesInFlight = std::clamp(limits.bytesInFlight / p.slotBytes, 2u, std::max(2u, p.slots));
    p.shared = productShared(p);
}

Product planProduct(std::span<const Matrix> matrices, std::uint32_t firstRole, const StreamLimits& limits) {
    Product p;
    p.columns = matrices[0].columns;
    std::uint32_t groups = 0;
    std::uint64_t bytes = 0;
    for (const Matrix& m : matrices) {
        const StreamPart& part = p.parts[p.partCount] = partOf(m, firstRole + p.partCount);
        ++p.partCount;
        groups += part.groups;
        bytes += std::uint64_t{part.groups} * part.groupBytes;
        p.slotBytes =
            std::max(p.slotBytes, std::min(part.units, part.stageUnits) * part.stageGroups * part.unitBytes);
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
            const StreamPart* m = p.parts;
            for (std::uint32_t end = m->groups; group >= end; end += m->groups)
                ++m;
            if (before + m->groupBytes > target) break;
            before += m->groupBytes;
            ++group;
        }
        p.firstGroup[b] = static_cast<std::uint16_t>(b == p.blocks ? groups : group);
        if (b > 0) p.maxGroups = std::max<std::uint32_t>(p.maxGroups, p.firstGroup[b] - p.firstGroup[b - 1]);
    }

    std::fill(p.firstGroup + p.blocks, std::end(p.firstGroup), static_cast<std::uint16_t>(groups));

    layOut(p, limits);
    return p;
}

/// The two types that share a kernel.
bool isQ4OrQ6K(QuantType type) {
    return type == QuantType::Q4_K || type == QuantType::Q6_K;
}

bool streamable(const Product& p) {
    std::uint32_t groups = 0;
    for (std::uint32_t i = 0; i < p.partCount; ++i) {
        groups += p.parts[i].groups;
    }
    return groups <= 0xffff && p.columns % 32 == 0 && p.slots >= kFewestSlots;
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
        together &= type(i) == type(0) || (isQ4OrQ6K(type(0)) && isQ4OrQ6K(type(i)));
    if (together) {
        products.push_back(planProduct(matrices, 0, limits));
    } else {
        for (std::uint32_t i = 0; i < matrices.size(); ++i)
            products.push_back(planProduct(matrices.subspan(i, 1), i, limits));
    }
    return std::all_of(products.begin(), products.end(), streamable) ? products : std::vector<Product>{};
}

void chainProducts(std::span<const ChainLink> links, const StreamLimits& limits) {
    for (std::size_t i = 0; i < links.size(); ++i) {
        const Product& next = *links[(i + 1) % links.size()].product;
        const StreamPart& last = next.parts[next.partCount - 1];
        const std::uint8_t* begin = next.parts[0].data; // the parts stand side by side
        const auto bytes =
            static_cast<std::uint64_t>(last.data + std::uint64_t{last.groups} * last.groupBytes - begin);
        links[i].product->ahead = {begin,
                                   std::min(bytes, std::uint64_t{links[i].bytes} * limits.multiprocessors)};
    }
}

Product forTokens(Product p, std::uint32_t tokens, const StreamLimits& limits) {
    if (tokens == p.tokens) return p;
    p.tokens = tokens;
    layOut(p, limits);
    if (p.slots < kFewestSlots || p.floatInput) p.slots = 0;
    return p;
}

} // namespace altiplano::kernels::cuda
