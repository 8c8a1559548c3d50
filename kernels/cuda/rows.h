#pragma once

#include "kernels/batch.h"

#include <cstdint>

namespace altiplano::kernels::cuda {

/// A row of a step, in device memory: what changes from token to token is here and nowhere else.
struct Row {
    std::int32_t token;
    std::uint32_t position;
    std::uint32_t pageTable; ///< where its sequence's page table starts in Rows::pages
};

struct Rows {
    const Row* rows = nullptr;
    const std::uint32_t* pages = nullptr;
    std::uint32_t count = 0;
};

/// The page pool. [layer][page][K, V][head][token], so that a head's share of a page is one run of bytes:
/// 64 x headDim halves, or 64 x headDim int8 and after them 64 x headDim / 32 half scales.
struct KvPool {
    std::uint8_t* data = nullptr;
    KvType type = KvType::F16;
    std::uint32_t kvHeads = 0;
    std::uint32_t headDim = 0;
    std::uint64_t headBytes = 0;
    std::uint64_t pageBytes = 0;
    std::uint64_t layerBytes = 0;

    static constexpr std::uint64_t bytesPerHead(KvType type, std::uint32_t headDim) {
        return std::uint64_t{kKvPageTokens} *
               (type == KvType::F16 ? headDim * 2 : headDim + headDim / 32 * 2);
    }

    constexpr std::uint8_t* head(std::uint32_t layer, std::uint32_t page, bool value,
                                 std::uint32_t head) const {
        return data + layer * layerBytes + page * pageBytes + ((value ? kvHeads : 0) + head) * headBytes;
    }
};

} // namespace altiplano::kernels::cuda
