#include "pipeline_program.h"

namespace altiplano::engine {

namespace {

class PipelineState final : public kernels::ExecutionState {
public:
    std::uint64_t bytes() const override {
        std::uint64_t sum = hidden.size() * sizeof(float);
        for (const auto& part : parts)
            sum += part->bytes();
        return sum;
    }
    void copyPage(std::uint32_t from, std::uint32_t to, std::uint32_t tokens) override {
        for (const auto& part : parts)
            part->copyPage(from, to, tokens);
    }

    std::vector<std::unique_ptr<kernels::ExecutionState>> parts;
    std::vector<float> hidden; ///< [rows x hidden], on its way from part to part
};

} // namespace

std::uint64_t PipelineProgram::weightBytes() const {
    std::uint64_t sum = 0;
    for (const auto& part : m_parts)
        sum += part->weightBytes();
    return sum;
}

std::uint64_t PipelineProgram::stateBytes(const kernels::StateLimits& limits) const {
    std::uint64_t sum = std::uint64_t{limits.maxRows} * m_hidden * sizeof(float);
    for (const auto& part : m_parts)
        sum += part->stateBytes(limits);
    return sum;
}

std::unique_ptr<kernels::ExecutionState>
PipelineProgram::createState(const kernels::StateLimits& limits) const {
    auto state = std::make_unique<PipelineState>();
    for (const auto& part : m_parts)
        state->parts.push_back(part->createState(limits));
    state->hidden.resize(std::size_t{limits.maxRows} * m_hidden);
    return state;
}

bool PipelineProgram::execute(kernels::ExecutionState& executionState, const kernels::Batch& batch,
                              std::span<float> logits, std::span<float>, const std::stop_token& stop,
                              kernels::ExecuteTimes* times) const {
    auto& state = static_cast<PipelineState&>(executionState);
    const std::size_t floats = batch.rows.size() * m_hidden;
    if (floats > state.hidden.size())
        throw kernels::BackendError(kernels::BackendError::Kind::Unsupported,
                                    "The batch has more rows than its state was made for.");
    const std::span<float> hidden = std::span(state.hidden).first(floats);
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const bool last = i + 1 == m_parts.size();
        if (!m_parts[i]->execute(*state.parts[i], batch, last ? logits : std::span<float>(), hidden, stop,
                                 times))
            return false;
    }
    return true;
}

} // namespace altiplano::engine
