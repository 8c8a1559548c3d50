#pragma once

#include "state.h"

#include <functional>

namespace altiplano::kernels::cuda {

/// Enqueues the steps of a plan on a state's stream: for one row the fast kernels wherever a step has them,
/// else the generic ones. Reads rows and pages from the state's device arrays only, so that the same calls
/// can be captured into a graph.
class StepRunner {
public:
    /// `tiles`: how many the state's array of tiles holds; 0: attention row by row.
    StepRunner(const DevicePlan& plan, CudaState& state, std::uint32_t rows, std::uint32_t tiles = 0);

    /// All steps but the logits; x (the embedding's or the caller's) to x.
    void runLayers(const std::function<bool(std::size_t step)>& before = {});

    /// logits[i] of x row indices[i] (device memory); of the first `count` rows where indices is null.
    void runLogits(const std::uint32_t* indices, std::uint32_t count, float* logits);

private:
    void run(const DeviceEmbed& step);
    void run(const DeviceQkv& step);
    void run(const DeviceAttention& step);
    void run(const DeviceResidual& step);
    void run(const DeviceGateUp& step);
    void run(const DeviceLogits&) {}

    bool fast(const std::vector<Product>& products) const { return m_rows.count == 1 && !products.empty(); }
    void prepareRopes(std::size_t first);
    float2* cosSin(std::uint32_t rope) const;

    /// out = W norm(in), for any row count. Inputs stay prepared between products over the same input.
    void product(const Matrix& weight, const float* in, const DeviceNorm* norm, bool newInput,
                 const Output& out);

    const DevicePlan& m_plan;
    CudaState& m_state;
    Scratch& m_scratch;
    Rows m_rows;
    cudaStream_t m_stream;
    std::uint32_t m_tiles;
    std::uint32_t m_maxPairs = 0;
};

} // namespace altiplano::kernels::cuda
