#pragma once

#include "kernels/backend.h"

#include <memory>
#include <vector>

namespace altiplano::engine {

/// Programs of consecutive parts of one plan, each on a device of its own, run one after the other; hidden
/// states travel through the host's memory. The first part begins with the embedding, the last ends with the
/// logits.
class PipelineProgram final : public kernels::Program {
public:
    PipelineProgram(std::vector<std::unique_ptr<kernels::Program>> parts, std::uint32_t hidden)
        : m_parts(std::move(parts)), m_hidden(hidden) {}

    std::uint64_t weightBytes() const override;
    std::uint64_t stateBytes(const kernels::StateLimits& limits) const override;
    std::unique_ptr<kernels::ExecutionState> createState(const kernels::StateLimits& limits) const override;
    bool execute(kernels::ExecutionState& state, const kernels::Batch& batch, std::span<float> logits,
                 std::span<float> hidden, const std::stop_token& stop,
                 kernels::ExecuteTimes* times) const override;

private:
    std::vector<std::unique_ptr<kernels::Program>> m_parts;
    std::uint32_t m_hidden; ///< floats of a row's hidden state
};

} // namespace altiplano::engine
