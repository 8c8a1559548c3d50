#pragma once

#include "cpu/cpu_model.h"
#include "cpu/cpu_state.h"
#include "cpu/thread_pool.h"

#include "kernels/batch.h"

#include <span>
#include <vector>

namespace altiplano::kernels {

/// One execution of a model's steps over a batch: what all threads of the run share. Each thread calls run().
class Forward {
public:
    /// Checks the batch; BackendError{Unsupported} where it does not fit the model or the state.
    Forward(const CpuModel& model, CpuState& state, const Batch& batch, std::span<float> logits,
            std::span<float> hidden);

    /// False, on all threads, once the run was stopped. `times` on one thread only.
    bool run(Team& team, std::uint32_t thread, ExecuteTimes* times);

    /// Adds the weights and K/V that the run will read.
    void countBytes(ExecuteTimes& times) const;

private:
    /// Rows of one sequence: they stand together in the batch, their positions ascend by one.
    struct Stretch {
        std::size_t firstRow, rows;
        std::uint32_t position;
        const std::uint32_t* pages;
    };
    /// The steps of one thread.
    class Worker;

    void check() const;

    const CpuModel& m_model;
    CpuState& m_state;
    const Batch& m_batch;
    std::span<float> m_logits, m_hidden;
    std::vector<Stretch> m_prompts;    ///< stretches of several rows
    std::vector<Stretch> m_decodes;    ///< and of one
    std::vector<std::size_t> m_wanted; ///< rows that want logits
};

} // namespace altiplano::kernels
