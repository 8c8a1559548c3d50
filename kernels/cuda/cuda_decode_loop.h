#pragma once

#include "host_mask.h"
#include "phase_times.h"
#include "sampling.h"
#include "state.h"

#include "kernels/decode_loop.h"

#include <map>
#include <tuple>

namespace altiplano::kernels::cuda {

/// A captured step, ready to launch.
class Graph {
public:
    Graph() = default;
    explicit Graph(cudaGraphExec_t graph) : m_graph(graph) {}
    ~Graph() {
        if (m_graph) static_cast<void>(cudaGraphExecDestroy(m_graph));
    }
    Graph(Graph&& other) noexcept : m_graph(std::exchange(other.m_graph, nullptr)) {}
    Graph& operator=(Graph&& other) noexcept {
        std::swap(m_graph, other.m_graph);
        return *this;
    }
    operator cudaGraphExec_t() const { return m_graph; }

private:
    cudaGraphExec_t m_graph = nullptr;
};

class CudaDecodeLoop final : public DecodeLoop {
public:
    CudaDecodeLoop(const DevicePlan& plan, CudaState& state, const DecodeLoopOptions& options);
    ~CudaDecodeLoop() override;

    void start(std::span<const DecodeSequence> sequences) override;
    void addPages(std::uint32_t sequence, std::span<const std::uint32_t> pages) override;
    void allow(std::uint32_t sequence, std::span<const std::uint32_t> bits) override;
    void launch(std::uint32_t steps) override;
    void poll(std::vector<DecodedToken>& tokens) override;
    void wait() override;
    DecodeCosts costs() const override;

private:
    bool atOnce() const { return m_rows == 1 && m_position < m_state.atOnceTokens; }
    /// With events (`times`), or with kernels that note the time (`stamped`).
    void enqueueStep(PhaseTimes* times = nullptr, bool stamped = false);
    void launchMeasured();
    Graph capture(std::uint32_t steps, bool stamped = false);
    void prepareMasks(std::span<const DecodeSequence> sequences);
    void setMaskNumber(std::uint32_t sequence, std::uint32_t number) const;
    void fill(SequenceState& state, const DecodeSequence& sequence) const;

    const DevicePlan& m_plan;
    CudaState& m_state;
    DecodeLoopOptions m_options;
    std::uint32_t m_pagesPerSequence = 0;
    DeviceArray<SequenceState> m_sequences;
    DeviceArray<float> m_logits;
    PinnedArray<TokenMessage> m_messages;
    PinnedArray<std::uint8_t> m_staging;
    std::vector<std::uint32_t> m_pageCounts, m_received, m_rowIndices; ///< per sequence
    std::uint32_t m_rows = 0;
    std::uint32_t m_position = 0; ///< of the first sequence's next step
    LoopTimes m_times;
    /// By rows, whether they are masked, and whether layers may run in one kernel: one step, several, and one
    /// that notes the time.
    std::map<std::tuple<std::uint32_t, bool, bool>, std::array<Graph, 3>> m_graphs;
    HostMasks m_masks;
    PinnedArray<std::uint32_t> m_maskMemory; ///< made for the first masked sequence
    bool m_masked = false;                   ///< the run has one
};

} // namespace altiplano::kernels::cuda
