#pragma once

#include "decode/product.h"

#include <bit>

namespace altiplano::kernels::cuda {

inline constexpr std::uint32_t kMaxSlots = 16;
inline constexpr std::uint32_t kConsumerWarps = 16;
inline constexpr std::uint32_t kConsumers = kConsumerWarps * 32;
inline constexpr std::uint32_t kStreamThreads = kConsumers + 32; ///< the last warp is the producer
/// Consumers that prepare one token's input.
constexpr std::uint32_t consumersOf(std::uint32_t tokens) {
    return kConsumers / tokens;
}
/// Floats per group of partial sums: 16 warps x 8 rows, and no bank conflicts.
inline constexpr std::uint32_t kSumPitch = 136;

constexpr ProductShared productShared(const Product& p) {
    const std::uint32_t columns = divideUp(p.columns, 256) * 256, tokens = std::bit_ceil(p.tokens);
    ProductShared s{};
    std::uint32_t at = 0;
    const auto take = [&at](std::uint32_t bytes) {
        const std::uint32_t start = at;
        at += divideUp(bytes, 128) * 128;
        return start;
    };
    s.slots = take(p.slots * p.slotBytes);
    s.barriers = take(kMaxSlots * 16);
    s.quants = take(p.int8Input ? tokens * columns : 0);
    s.scales = take(p.int8Input ? tokens * columns / 4 : 0);
    s.floats = take(p.floatInput ? tokens * columns * 4 : 0);
    s.squares = take(kConsumerWarps * 4);
    s.partials = take(tokens * p.maxGroups * kSumPitch * 4);
    s.end = at;
    return s;
}

} // namespace altiplano::kernels::cuda
