#include "cuda_decode_loop.h"

#include "profile_range.h"
#include "step_runner.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <numeric>

namespace altiplano::kernels::cuda {

namespace {

/// Steps of a graph of several, for one row; fewer for more rows, so that graphs stay small.
constexpr std::uint32_t kStepsPerGraph = 8;
constexpr std::size_t kPageMessages = 4096; ///< page ids on their way to the device

} // namespace

CudaDecodeLoop::CudaDecodeLoop(const DevicePlan& plan, CudaState& state, const DecodeLoopOptions& options)
    : m_plan(plan), m_state(state), m_options(options) {
    m_options.maxSequences = std::clamp(options.maxSequences, 1u, state.limits.maxRows);
    m_sequences = DeviceArray<SequenceState>(m_options.maxSequences);
    m_logits = DeviceArray<float>(std::size_t{m_options.maxSequences} * plan.shape.vocabulary);
    if (m_options.timing) m_times.stamps(plan, state.stream); // their memory, which a capture cannot take
    m_messages = PinnedArray<TokenMessage>(std::size_t{m_options.maxSequences} * kTokenSlots);
    m_staging =
        PinnedArray<std::uint8_t>(m_options.maxSequences * (sizeof(SequenceState) + sizeof(Row)) +
                                  state.scratch.pages.bytes() + kPageMessages * sizeof(std::uint32_t));
}

CudaDecodeLoop::~CudaDecodeLoop() {
    for (std::uint32_t i = 0; m_masked && i < m_rows; ++i)
        setMaskNumber(i, HostMasks::kGiveUp); // nobody waits any more
    static_cast<void>(cudaStreamSynchronize(m_state.stream));
}

void CudaDecodeLoop::fill(SequenceState& state, const DecodeSequence& sequence) const {
    if (sequence.stopTokens.size() > kMaxStopTokens)
        throw BackendError(BackendError::Kind::Unsupported, "The GPU checks for at most 16 stop tokens.");
    if (sequence.sampling.penaltyWindow > kMaxPenaltyWindow)
        throw BackendError(BackendError::Kind::Unsupported,
                           "The GPU's penalties look at 256 tokens at most.");
    state.sampling = sequence.sampling;
    state.remaining = sequence.maxTokens;
    state.emitted = 0;
    state.chosen = sequence.chosen;
    state.stepEndNs = 0;
    const std::size_t kept = std::min<std::size_t>(sequence.recent.size(), kMaxPenaltyWindow);
    std::copy(sequence.recent.end() - static_cast<std::ptrdiff_t>(kept), sequence.recent.end(), state.recent);
    state.recentCount = static_cast<std::uint32_t>(kept);
    state.stopCount = static_cast<std::uint32_t>(sequence.stopTokens.size());
    std::copy(sequence.stopTokens.begin(), sequence.stopTokens.end(), state.stop);
}

void CudaDecodeLoop::start(std::span<const DecodeSequence> sequences) {
    const ProfileRange range("start a decode loop");
    wait();
    if (sequences.empty() || sequences.size() > m_options.maxSequences)
        throw BackendError(BackendError::Kind::Unsupported,
                           "The decode loop was made for another number of sequences.");
    m_rows = static_cast<std::uint32_t>(sequences.size());
    m_pagesPerSequence = static_cast<std::uint32_t>(m_state.scratch.pages.size()) / m_rows;
    m_position = sequences[0].position;
    prepareMasks(sequences);
    m_received.assign(m_rows, 0);
    m_pageCounts.assign(m_rows, 0);
    std::memset(m_messages.get(), 0, m_messages.bytes());
    auto* states = reinterpret_cast<SequenceState*>(m_staging.get());
    auto* rows = reinterpret_cast<Row*>(states + m_options.maxSequences);
    for (std::uint32_t i = 0; i < m_rows; ++i) {
        const DecodeSequence& s = sequences[i];
        if (s.token < 0 || static_cast<std::uint32_t>(s.token) >= m_plan.shape.vocabulary || s.maxTokens == 0)
            throw BackendError(BackendError::Kind::Unsupported,
                               "A sequence cannot be decoded from where it stands.");
        fill(*new (states + i) SequenceState, s);
        rows[i] = {s.token, s.position, i * m_pagesPerSequence};
    }
    check(cudaMemcpyAsync(m_sequences.get(), states, m_rows * sizeof(SequenceState), cudaMemcpyHostToDevice,
                          m_state.stream),
          "starting to decode");
    check(cudaMemcpyAsync(m_state.scratch.rows.get(), rows, m_rows * sizeof(Row), cudaMemcpyHostToDevice,
                          m_state.stream),
          "starting to decode");
    m_rowIndices.resize(m_rows);
    std::iota(m_rowIndices.begin(), m_rowIndices.end(), 0);
    check(cudaMemcpyAsync(m_state.scratch.gather.get(), m_rowIndices.data(), m_rows * sizeof(std::uint32_t),
                          cudaMemcpyHostToDevice, m_state.stream),
          "starting to decode");
    m_state.stream.wait("starting to decode");
    for (std::uint32_t i = 0; i < m_rows; ++i)
        addPages(i, sequences[i].pages);
}

void CudaDecodeLoop::addPages(std::uint32_t sequence, std::span<const std::uint32_t> pages) {
    const std::size_t count = m_pageCounts.at(sequence);
    if (count + pages.size() > m_pagesPerSequence)
        throw BackendError(BackendError::Kind::Unsupported,
                           "A sequence has more pages than the decode loop can hold.");
    if (std::any_of(pages.begin(), pages.end(),
                    [&](std::uint32_t page) { return page >= m_state.limits.kvPages; }))
        throw BackendError(BackendError::Kind::Unsupported, "A page lies outside the pool.");
    // Every entry of the tables has its own place in the staging memory, so that nothing is overwritten while
    // it is being copied.
    const std::size_t at = std::size_t{sequence} * m_pagesPerSequence + count;
    auto* staged = reinterpret_cast<std::uint32_t*>(
                       m_staging.get() + m_options.maxSequences * (sizeof(SequenceState) + sizeof(Row))) +
                   at;
    std::copy(pages.begin(), pages.end(), staged);
    if (!pages.empty())
        check(cudaMemcpyAsync(m_state.scratch.pages.get() + at, staged, pages.size_bytes(),
                              cudaMemcpyHostToDevice, m_state.stream),
              "adding pages");
    m_pageCounts[sequence] += static_cast<std::uint32_t>(pages.size());
}

void CudaDecodeLoop::prepareMasks(std::span<const DecodeSequence> sequences) {
    m_masked =
        std::any_of(sequences.begin(), sequences.end(), [](const DecodeSequence& s) { return s.masked; });
    if (!m_masked) return;
    m_masks.words = divideUp(m_plan.shape.vocabulary, 32);
    if (m_maskMemory.size() == 0) {
        m_maskMemory = PinnedArray<std::uint32_t>(std::size_t{m_options.maxSequences} * (m_masks.words + 1));
        m_masks.number = m_maskMemory.get();
        m_masks.bits = m_masks.number + m_options.maxSequences;
    }
    for (std::uint32_t i = 0; i < sequences.size(); ++i)
        setMaskNumber(i, sequences[i].masked ? 0 : HostMasks::kNoMask);
}

void CudaDecodeLoop::setMaskNumber(std::uint32_t sequence, std::uint32_t number) const {
    std::atomic_ref(m_masks.number[sequence]).store(number, std::memory_order_release);
}

void CudaDecodeLoop::allow(std::uint32_t sequence, std::span<const std::uint32_t> bits) {
    if (!m_masked || sequence >= m_rows || bits.size() != m_masks.words)
        throw BackendError(BackendError::Kind::Unsupported, "The mask does not belong to a masked sequence.");
    std::copy(bits.begin(), bits.end(), m_masks.bits + std::size_t{sequence} * m_masks.words);
    setMaskNumber(sequence, m_received[sequence] + 1);
}

void CudaDecodeLoop::enqueueStep(PhaseTimes* times, bool stamped) {
    RowLayout layout;
    layout.separate = true;
    layout.atOnce = !times && atOnce(); // events cannot stand between the steps of one kernel
    StepRunner runner(m_plan, m_state, m_rows, layout);
    unsigned long long* stamps = stamped ? m_times.stamps(m_plan, m_state.stream) : nullptr;
    runner.stampTo(stamps);
    runner.runLayers([times](std::size_t step) {
        if (times) times->begin(step);
        return true;
    });
    runner.runLogits(m_rowIndices, m_state.scratch.gather.get(), m_rowIndices.size() == 1, m_logits.get());
    Sampling sampling;
    sampling.sequences = m_sequences.get();
    sampling.rows = m_state.scratch.rows.get();
    sampling.logits = m_logits.get();
    sampling.messages = m_messages.get();
    sampling.vocabulary = m_plan.shape.vocabulary;
    sampling.rowCount = m_rows;
    sampling.dependent = m_plan.limits.sharedBytesPerBlock != 0;
    sampling.clusterBlocks = sampling.dependent ? 8 : 1;
    if (stamps) sampling.stamps = stamps + 2 * m_plan.steps.size();
    if (times) times->begin(ExecuteTimes::Sample);
    if (m_masked)
        applyMasks(m_masks, m_sequences.get(), m_logits.get(), m_plan.shape.vocabulary, m_rows,
                   m_state.stream);
    sample(sampling, m_state.stream);
    if (times) times->end();
}

Graph CudaDecodeLoop::capture(std::uint32_t steps, bool stamped) {
    const ProfileRange range("capture a graph");
    cudaGraph_t graph = nullptr;
    check(cudaStreamBeginCapture(m_state.stream, cudaStreamCaptureModeThreadLocal), "capturing a step");
    try {
        for (std::uint32_t i = 0; i < steps; ++i)
            enqueueStep(nullptr, stamped);
    } catch (...) {
        static_cast<void>(cudaStreamEndCapture(m_state.stream, &graph));
        if (graph) static_cast<void>(cudaGraphDestroy(graph));
        throw;
    }
    check(cudaStreamEndCapture(m_state.stream, &graph), "capturing a step");
    cudaGraphExec_t executable = nullptr;
    const cudaError_t status = cudaGraphInstantiate(&executable, graph, 0);
    static_cast<void>(cudaGraphDestroy(graph));
    check(status, "preparing a step");
    return Graph(executable);
}

void CudaDecodeLoop::launchMeasured() {
    RowLayout layout;
    layout.separate = true;
    if (!StepRunner(m_plan, m_state, m_rows, layout).stamps())
        return enqueueStep(&m_times.start(m_plan, m_state.stream));
    if (m_options.graphs) {
        Graph& graph = m_graphs[{m_rows, m_masked, atOnce()}][2];
        if (!graph) graph = capture(1, true);
        check(cudaGraphLaunch(graph, m_state.stream), "launching a step");
    } else {
        enqueueStep(nullptr, true);
    }
    m_times.fetchStamps(m_plan, m_state.stream);
}

void CudaDecodeLoop::launch(std::uint32_t steps) {
    const ProfileRange range("launch steps");
    if (m_options.timing && steps > 0 && m_times.isDue(steps)) {
        launchMeasured();
        --steps;
        ++m_position;
    }
    if (!m_options.graphs) {
        for (; steps > 0; --steps, ++m_position)
            enqueueStep();
        return;
    }
    const std::uint32_t several = std::max(kStepsPerGraph / m_rows, 1u);
    while (steps > 0) {
        const bool many = several > 1 && steps >= several;
        Graph& graph = m_graphs[{m_rows, m_masked, atOnce()}][many];
        if (!graph) graph = capture(many ? several : 1);
        check(cudaGraphLaunch(graph, m_state.stream), "launching a step");
        steps -= many ? several : 1;
        m_position += many ? several : 1;
    }
}

void CudaDecodeLoop::poll(std::vector<DecodedToken>& tokens) {
    for (std::uint32_t i = 0; i < m_rows; ++i)
        for (;;) {
            const std::uint32_t number = m_received[i];
            std::atomic_ref<TokenMessage> slot(
                m_messages.get()[std::size_t{i} * kTokenSlots + number % kTokenSlots]);
            const TokenMessage message = slot.load(std::memory_order_acquire);
            if (message >> 52 != ((number + 1) & kNumberMask)) break;
            const auto token = static_cast<std::uint32_t>(message & kTokenMask);
            tokens.push_back({i,
                              token == kTokenMask ? DecodedToken::kNoToken : static_cast<std::int32_t>(token),
                              (message >> 31 & 1) != 0,
                              static_cast<std::int64_t>(message >> 32 & kDurationMask) * kDurationUnitNs});
            ++m_received[i];
        }
    m_times.collect(m_plan);
    const cudaError_t status = cudaStreamQuery(m_state.stream);
    if (status != cudaErrorNotReady) check(status, "decoding");
}

void CudaDecodeLoop::wait() {
    for (std::uint32_t i = 0; m_masked && i < m_rows; ++i)
        if (m_masks.number[i] != HostMasks::kNoMask) setMaskNumber(i, HostMasks::kGiveUp);
    m_state.stream.wait("decoding");
}

DecodeCosts CudaDecodeLoop::costs() const {
    DecodeCosts costs;
    costs.phaseNs = m_times.phases();
    costs.spans = m_times.spans();
    costs.weightBytes = m_plan.weightBytes;
    costs.kvBytesPerToken = m_state.pool.pageBytes / kKvPageTokens * m_plan.layers;
    return costs;
}

} // namespace altiplano::kernels::cuda
