#pragma once

#include <cstdint>
#include <span>

namespace altiplano::kernels {

/// Tokens in one KV page. A page holds K and V of that many consecutive positions, for every layer.
inline constexpr std::uint32_t kKvPageTokens = 64;

/// How K and V are stored: half floats, or blocks of 32 int8 with a half scale.
enum class KvType : std::uint8_t { F16, Q8_0 };

/// One token to run.
struct BatchRow {
    std::int32_t token = 0;
    std::uint32_t position = 0; ///< in its sequence, from 0
    std::uint32_t sequence = 0; ///< index into Batch::sequences
    bool wantsLogits = false;
    /// The token was sampled, not read. A backend may round prompts otherwise than answers, but then by this
    /// alone: a row's result never depends on what else is in the batch. Those of a sequence stand behind its
    /// other rows.
    bool generated = false;
};

/// The page table of one sequence: page i holds positions [i * kKvPageTokens, (i + 1) * kKvPageTokens).
/// It covers every position of the sequence's rows in this batch.
struct SequencePages {
    std::span<const std::uint32_t> pages;
};

/// Rows from any mix of sequences. The rows of one sequence stand together, their positions ascend by one,
/// and K/V of all earlier positions are in the pages already. Views: the caller keeps the memory.
struct Batch {
    std::span<const BatchRow> rows;
    std::span<const SequencePages> sequences;
};

} // namespace altiplano::kernels
