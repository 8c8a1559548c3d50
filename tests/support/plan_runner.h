#pragma once

#include "kernels/backend.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace altiplano::test {

/// Runs tokens of some sequences on a program, with page tables that it fills in any order.
class PlanRunner {
public:
    /// `pageOrder` permutes the pool: the n-th page that any sequence needs is pageOrder[n].
    PlanRunner(const kernels::Program& program, std::size_t vocabulary, std::vector<std::uint32_t> pageOrder,
               kernels::KvType kvType = kernels::KvType::F16, std::uint32_t maxRows = 64)
        : m_program(program), m_vocabulary(vocabulary), m_pageOrder(std::move(pageOrder)),
          m_state(program.createState({maxRows, static_cast<std::uint32_t>(m_pageOrder.size()), kvType})) {}

    /// Tokens that follow what the sequence has so far, and which of them want logits.
    enum class Wants { All, Last, None };
    struct Piece {
        std::size_t sequence;
        std::span<const std::int32_t> tokens;
        Wants wants = Wants::All;
        bool generated = false;
    };

    /// The logits of all tokens that want them, in order; empty when it was stopped.
    std::vector<std::vector<float>> run(std::span<const Piece> pieces, const std::stop_token& stop = {},
                                        kernels::ExecuteTimes* times = nullptr) {
        std::vector<kernels::BatchRow> rows;
        std::size_t wanted = 0;
        for (const Piece& piece : pieces) {
            if (m_sequences.size() <= piece.sequence) m_sequences.resize(piece.sequence + 1);
            Sequence& sequence = m_sequences[piece.sequence];
            for (const std::int32_t& token : piece.tokens) {
                if (sequence.length % kernels::kKvPageTokens == 0)
                    sequence.pages.push_back(m_pageOrder[m_nextPage++]);
                const bool wants = piece.wants == Wants::All ||
                                   (piece.wants == Wants::Last && &token == &piece.tokens.back());
                rows.push_back({token, sequence.length++, static_cast<std::uint32_t>(piece.sequence), wants,
                                piece.generated});
                wanted += wants;
            }
        }
        std::vector<kernels::SequencePages> tables;
        for (const Sequence& sequence : m_sequences)
            tables.push_back({sequence.pages});
        std::vector<float> logits(wanted * m_vocabulary);
        if (!m_program.execute(*m_state, {rows, tables}, logits, {}, stop, times)) return {};
        std::vector<std::vector<float>> result;
        for (std::size_t row = 0; row < wanted; ++row)
            result.emplace_back(logits.begin() + static_cast<long>(row * m_vocabulary),
                                logits.begin() + static_cast<long>((row + 1) * m_vocabulary));
        return result;
    }

    /// One sequence, `chunk` tokens at a time.
    std::vector<std::vector<float>> runChunks(std::span<const std::int32_t> tokens, std::size_t chunk) {
        std::vector<std::vector<float>> result;
        for (std::size_t first = 0; first < tokens.size(); first += chunk) {
            const Piece piece{0, tokens.subspan(first, std::min(chunk, tokens.size() - first))};
            for (auto& logits : run({&piece, 1}))
                result.push_back(std::move(logits));
        }
        return result;
    }

    kernels::ExecutionState& state() { return *m_state; }

private:
    struct Sequence {
        std::uint32_t length = 0;
        std::vector<std::uint32_t> pages;
    };

    const kernels::Program& m_program;
    std::size_t m_vocabulary;
    std::vector<std::uint32_t> m_pageOrder;
    std::size_t m_nextPage = 0;
    std::unique_ptr<kernels::ExecutionState> m_state;
    std::vector<Sequence> m_sequences;
};

} // namespace altiplano::test
