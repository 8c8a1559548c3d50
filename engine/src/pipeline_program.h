#pragma once

#include "kernels/backend.h"

#include <memory>
#include <vector>

namespace altiplano::engine {

/// Programs of consecutive parts of one plan, on a GPU or the CPU, run one after the other; hidden states
/// travel through the host's memory. The first part begins with the embedding, the last ends with the logits.
/// The times tell the CPU's part from the GPU's. A part that cannot tell when it did what is told as one
/// phase after the other.
class PipelineProgram final : public kernels::Program {
public:
    struct Part {
        std::unique_ptr<kernels::Program> program;
        bool onCpu = false;
        std::uint16_t firstLayer = 0; ///< of the model
    };
    PipelineProgram(std::vector<Part> parts, std::uint32_t hidden)
        : m_parts(std::move(parts)), m_hidden(hidden) {}

    std::uint64_t weightBytes() const override;
    std::uint64_t stateBytes(const kernels::StateLimits& limits) const override;
    std::unique_ptr<kernels::ExecutionState> createState(const kernels::StateLimits& limits) const override;
    bool execute(kernels::ExecutionState& state, const kernels::Batch& batch, std::span<float> logits,
                 std::span<float> hidden, const std::stop_token& stop,
                 kernels::ExecuteTimes* times) const override;

private:
    std::vector<Part> m_parts;
    std::uint32_t m_hidden; ///< floats of a row's hidden state
};

} // namespace altiplano::engine
