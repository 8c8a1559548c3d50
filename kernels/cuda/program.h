#pragma once

#include "plan_upload.h"
#include "state.h"

#include "kernels/backend.h"

namespace altiplano::kernels::cuda {

class StepRunner;

class CudaProgram final : public Program {
public:
    CudaProgram(UploadedPlan uploaded, int device);

    std::uint64_t weightBytes() const override { return m_memory.bytes(); }
    std::uint64_t stateBytes(const StateLimits& limits) const override;
    std::unique_ptr<ExecutionState> createState(const StateLimits& limits) const override;
    bool execute(ExecutionState& state, const Batch& batch, std::span<float> logits, std::span<float> hidden,
                 const std::stop_token& stop, ExecuteTimes* times) const override;
    std::unique_ptr<DecodeLoop> createDecodeLoop(ExecutionState& state,
                                                 const DecodeLoopOptions& options) const override;

private:
    /// Returns how many tiles for tiledAttention the rows make; 0 where single rows do better.
    std::uint32_t sendRows(CudaState& state, const Batch& batch) const;
    void readLogits(StepRunner& runner, CudaState& state, const Batch& batch, std::span<float> logits) const;

    DeviceArray<std::uint8_t> m_memory;
    DevicePlan m_plan;
    DeviceArray<LayerTable> m_layers;
    DeviceArray<GridStep> m_steps;
    int m_device;
};

} // namespace altiplano::kernels::cuda
