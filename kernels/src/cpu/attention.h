#pragma once

#include "kernels/batch.h"

#include <cstddef>
#include <cstdint>

namespace altiplano::kernels {

/// Keys that stand interleaved in a KV page: one vector of them per dimension, so that a query is multiplied
/// by 16 keys at once and needs no horizontal sums.
inline constexpr std::size_t kKeyLanes = 16;

/// Where K and V lie in a page of the CPU backend: [layer][KV head], each
///
///     F16   keys half[64 / 16][dims][16], values half[64][dims]
///     Q8_0  keys int8[64 / 16][dims][16], their scales half[64 / 16][dims / 32][16],
///           values int8[64][dims], their scales half[64][dims / 32]
///
/// where `dims` is headDim rounded up to 16 (F16) or 32 (Q8_0); what is beyond headDim stays zero. Numbers of
/// Q8_0 are in another basis than those of F16, see rotation.h; that is the affair of who calls `store` and
/// `attend`.
struct KvLayout {
    KvType type = KvType::F16;
    std::size_t layers = 0;
    std::size_t heads = 0;
    std::size_t headDim = 0;

    [[gnu::always_inline]] std::size_t dims() const {
        return type == KvType::F16 ? (headDim + 15) / 16 * 16 : (headDim + 31) / 32 * 32;
    }
    [[gnu::always_inline]] std::size_t scaleBytes() const {
        return type == KvType::F16 ? 0 : kKvPageTokens * (dims() / 32) * 2;
    }
    [[gnu::always_inline]] std::size_t numberBytes() const {
        return kKvPageTokens * dims() * (type == KvType::F16 ? 2 : 1);
    }

    /// Offsets into one head's part of a page.
    [[gnu::always_inline]] std::size_t keyScales() const { return numberBytes(); }
    [[gnu::always_inline]] std::size_t values() const { return numberBytes() + scaleBytes(); }
    [[gnu::always_inline]] std::size_t valueScales() const { return values() + numberBytes(); }

    [[gnu::always_inline]] std::size_t headBytes() const { return 2 * (numberBytes() + scaleBytes()); }
    [[gnu::always_inline]] std::size_t pageBytes() const { return layers * heads * headBytes(); }
    [[gnu::always_inline]] std::size_t offset(std::size_t layer, std::size_t head) const {
        return (layer * heads + head) * headBytes();
    }
};

/// Attention of some queries of one sequence to a range of its positions, for one KV head. The queries are
/// those of `queries / group` tokens at consecutive positions; query i belongs to token i / group.
struct AttentionTask {
    const KvLayout* layout = nullptr;
    const std::byte* pool = nullptr; ///< page p's part for this head is at pool + p * layout->pageBytes()
    const std::uint32_t* pages = nullptr; ///< the sequence's page table

    const float* q = nullptr; ///< [queries x dims], rotated and scaled; zero beyond headDim
    std::size_t queries = 0;
    std::size_t group = 1;
    std::uint32_t position = 0; ///< of the first token
    std::uint32_t begin = 0;    ///< positions to attend to: [begin, end), never beyond a query's own,
    std::uint32_t end = 0;
    std::uint32_t window = 0; ///< and only the newest `window` of them, unless 0

    /// The result, not yet divided by `sum`: out[i] = sum over keys of exp(score - max[i]) * value. Where a
    /// query sees no key of the range, max is -infinity, sum 0, out 0.
    float* out = nullptr; ///< [queries x dims]
    float* max = nullptr;
    float* sum = nullptr;
};

/// The attention kernels of one instruction set.
struct AttentionKernels {
    /// Stores K and V [headDim] of position `slot` of a page; `head` is the head's part of the page.
    void (*store)(const KvLayout& layout, std::byte* head, std::size_t slot, const float* k, const float* v);

    /// Page by page with a running maximum (Milakov and Gimelshein 2018, arXiv 1805.02867), so that memory
    /// does not grow with the context and the result does not depend on where the pages lie.
    void (*attend)(const AttentionTask& task);
};

extern const AttentionKernels kScalarAttention;
extern const AttentionKernels kAvx2Attention;
extern const AttentionKernels kAvx512Attention;
extern const AttentionKernels kAmxAttention; ///< for prompts

} // namespace altiplano::kernels
