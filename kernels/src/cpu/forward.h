#pragma once

#include "cpu/cpu_model.h"
#include "cpu/cpu_state.h"
#include "cpu/team.h"

#include "kernels/batch.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace altiplano::kernels {

/// One execution of a model's steps over a batch: what all threads of the run share. Each thread calls run().
/// A thread may do so late, when batch, logits and hidden states are gone: jobs alone touch those.
class Forward {
public:
    /// Checks the batch; BackendError{Unsupported} where it does not fit the model or the state.
    Forward(std::shared_ptr<const CpuModel> model, std::shared_ptr<CpuState> state, const Batch& batch,
            std::span<float> logits, std::span<float> hidden, bool timed);

    /// False, on all threads, once the run was stopped. `times` on one thread only, and of a timed run.
    bool run(Team& team, std::uint32_t thread, ExecuteTimes* times);

    /// Adds the weights and K/V that the run will read.
    void countBytes(ExecuteTimes& times) const;

private:
    /// A row of the batch. Prompt rows stand first, then answer rows (generated ones; all of them where the
    /// instruction set makes no difference).
    struct Row {
        std::int32_t token;
        std::uint32_t position;
        std::size_t index; ///< in the batch
    };
    /// Some prompt rows, then some answer rows.
    struct RowCounts {
        std::size_t prompt = 0, answer = 0;
        std::size_t all() const { return prompt + answer; }
    };
    struct Wanted {
        std::size_t row;
        std::size_t slot; ///< of its logits
    };
    /// Rows of one sequence and one kind: they stand together, their positions ascend by one.
    struct Stretch {
        std::size_t firstRow, rows;
        std::uint32_t position;
        const std::uint32_t* pages;
        const AttentionKernels* kernels;
    };
    /// The steps of one thread.
    class Worker;

    void check() const;
    /// Notes that a step is over (0: the beginning). The thread that is first says when: one whose core was
    /// taken away would give the step that it was in the time of later ones.
    void noteEnd(std::size_t index);
    void tellTimes(ExecuteTimes& times) const;
    void sortRows();

    const std::chrono::steady_clock::time_point m_called = std::chrono::steady_clock::now();
    const std::shared_ptr<const CpuModel> m_modelOwner;
    const std::shared_ptr<CpuState> m_stateOwner;
    const CpuModel& m_model;
    CpuState& m_state;
    const Batch& m_batch;
    std::span<float> m_logits, m_hidden;
    std::vector<Row> m_rows;
    RowCounts m_counts;             ///< of m_rows
    std::vector<Stretch> m_prompts; ///< of prompt rows, or of several
    std::vector<Stretch> m_decodes; ///< of one answer row
    std::vector<Wanted> m_wanted;   ///< rows that want logits, in the order of m_rows
    RowCounts m_wantedCounts;
    std::vector<std::atomic<std::int64_t>> m_ends; ///< of the beginning and of each step; 0: not noted yet
};

} // namespace altiplano::kernels
