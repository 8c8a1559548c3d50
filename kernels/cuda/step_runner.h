#pragma once

#include "state.h"

#include <functional>
#include <span>

namespace altiplano::kernels::cuda {

/// How the rows of a step lie.
struct RowLayout {
    std::uint32_t tiles = 0; ///< in the state's array of tiles; 0: attention row by row
    bool separate = false;   ///< every row is of a sequence of its own
    bool atOnce = false;     ///< its layers run in one kernel where the state can: for a row not far along
};

/// Enqueues the steps of a plan on a state's stream: for one row (or a few separate ones) the fast kernels
/// wherever a step has them, else the generic ones. Reads rows and pages from the state's device arrays only,
/// so that the same calls can be captured into a graph.
class StepRunner {
public:
    StepRunner(const DevicePlan& plan, CudaState& state, std::uint32_t rows, const RowLayout& layout);

    /// Whether every step can note when it began and ended. Where it can, step i does so in stamps[2 i] and
    /// the next (but for those inside a cluster, each of which ends where the next begins).
    bool stamps() const;
    void stampTo(unsigned long long* stamps) { m_stamps = stamps; }

    /// All steps but the logits; x (the embedding's or the caller's) to x.
    void runLayers(const std::function<bool(std::size_t step)>& before = {});

    /// logits[i] of x row indices[i]; `onDevice` are the same indices in device memory. A row that is
    /// `alone`, the only one of the whole call, goes through the kernels for one row, whose activations are
    /// rounded to int8: never the last of many, or its logits would depend on how many are asked for.
    void runLogits(std::span<const std::uint32_t> indices, const std::uint32_t* onDevice, bool alone,
                   float* logits);

private:
    void run(const DeviceEmbed& step);
    void run(const DeviceQkv& step);
    void run(const DeviceAttention& step);
    void run(const DeviceResidual& step);
    void run(const DeviceGateUp& step);
    void run(const DeviceLogits&) {}

    bool fast(const std::vector<Product>& products) const {
        return m_fast && !m_warpgroups && !products.empty();
    }
    /// Rounds x for the fast products where the step before left it as floats.
    void roundX();
    bool inputIsRounded(const DeviceResidual& step) const;
    /// What the fast products read and write for a row.
    ProductInput normInput(std::size_t row, const DeviceNorm& norm) const;
    ProductInput inputOf(const DeviceResidual& step) const;
    Finish finishOf(const DeviceQkv& step) const;
    Finish finishOf(const DeviceResidual& step) const;
    Finish finishOf(const DeviceGateUp& step) const;
    /// Runs a step's products for `count` tokens, as many at once as fit.
    void stream(const std::vector<Product>& products, const ProductInput& in, const Finish& finish,
                std::uint32_t count);
    unsigned long long* stamp() const; ///< the current step's two; null where nobody measures
    void prepareRopes(std::size_t first);
    float2* cosSin(std::uint32_t rope) const;
    void runAtOnce();
    ClusterRun clusterRun() const;
    GridRun gridRun() const;

    /// out = W norm(in), for any row count. Inputs stay prepared between products over the same input.
    void product(const Matrix& weight, const float* in, const DeviceNorm* norm, bool newInput,
                 const Output& out);

    /// out[i] = matrices[i] in, for several rows on Hopper.
    void multiply(std::span<const Matrix> matrices, const TokenRows& in, std::span<const Output> out);
    void multiplyTiles(std::span<const Matrix> matrices, std::uint32_t rows, const TokenTiles& in,
                       std::span<const Output> out);
    TokenTiles tokenTiles(const TokenRows& in, ColumnOrder order);
    TokenTiles attentionTiles(ColumnOrder order) const;
    TokenTiles hTiles(ColumnOrder order) const;

    const DevicePlan& m_plan;
    CudaState& m_state;
    Scratch& m_scratch;
    Rows m_rows;
    cudaStream_t m_stream;
    std::uint32_t m_tiles;
    std::size_t m_step = 0;
    unsigned long long* m_stamps = nullptr;
    bool m_fast, m_atOnce;
    bool m_warpgroups; ///< several rows on Hopper
    bool m_xIsRounded = false;
    bool m_attentionInTiles = false; ///< what attention left is in token tiles
    bool m_hInTiles = false;         ///< the feed-forward's h is in token tiles
    std::uint32_t m_maxPairs = 0;
};

} // namespace altiplano::kernels::cuda
