#include "program.h"

#include "cuda_decode_loop.h"
#include "phase_times.h"
#include "profile_range.h"
#include "step_runner.h"

#include <algorithm>
#include <cstring>

namespace altiplano::kernels::cuda {

namespace {

/// A tile costs about as much as this many rows one by one.
constexpr std::uint32_t kRowsPerTile = 8;

void bad(const char* what) {
    throw BackendError(BackendError::Kind::Unsupported, what);
}

void checkBatch(const DevicePlan& plan, const CudaState& state, const Batch& batch, std::span<float> logits,
                std::span<float> hidden) {
    if (batch.rows.size() > state.limits.maxRows) bad("The batch has more rows than its state was made for.");
    std::size_t wanted = 0, pages = 0;
    for (const BatchRow& row : batch.rows) {
        wanted += row.wantsLogits;
        if (row.sequence >= batch.sequences.size() ||
            row.position / kKvPageTokens >= batch.sequences[row.sequence].pages.size())
            bad("A row lies outside its sequence's pages.");
        if (plan.beginsWithEmbed &&
            (row.token < 0 || static_cast<std::uint32_t>(row.token) >= plan.shape.vocabulary))
            bad("A token lies outside the vocabulary.");
    }
    for (const SequencePages& sequence : batch.sequences) {
        pages += sequence.pages.size();
        for (const std::uint32_t page : sequence.pages)
            if (page >= state.limits.kvPages) bad("A page lies outside the pool.");
    }
    if (pages > state.scratch.pages.size()) bad("The batch names more pages than the pool has.");
    if (plan.endsWithLogits && logits.size() < wanted * plan.shape.vocabulary) bad("The logits do not fit.");
    const bool usesHidden = !plan.beginsWithEmbed || !plan.endsWithLogits;
    if (usesHidden && hidden.size() < batch.rows.size() * plan.shape.hidden)
        bad("The hidden states do not fit.");
}

bool separate(const Batch& batch) {
    for (std::size_t i = 1; i < batch.rows.size(); ++i)
        if (batch.rows[i].sequence == batch.rows[i - 1].sequence) return false;
    return true;
}

} // namespace

CudaProgram::CudaProgram(UploadedPlan uploaded, int device)
    : m_memory(std::move(uploaded.memory)), m_plan(std::move(uploaded.plan)),
      m_layers(std::move(uploaded.layers)), m_steps(std::move(uploaded.steps)), m_device(device) {}

std::uint64_t CudaProgram::stateBytes(const StateLimits& limits) const {
    return CudaState::bytesFor(m_plan, limits);
}

std::unique_ptr<ExecutionState> CudaProgram::createState(const StateLimits& limits) const {
    check(cudaSetDevice(m_device), "choosing the GPU");
    return std::make_unique<CudaState>(m_plan, limits);
}

std::unique_ptr<DecodeLoop> CudaProgram::createDecodeLoop(ExecutionState& state,
                                                          const DecodeLoopOptions& options) const {
    if (!m_plan.beginsWithEmbed || !m_plan.endsWithLogits) return nullptr;
    check(cudaSetDevice(m_device), "choosing the GPU");
    return std::make_unique<CudaDecodeLoop>(m_plan, static_cast<CudaState&>(state), options);
}

std::uint32_t CudaProgram::sendRows(CudaState& state, const Batch& batch) const {
    // The staging memory holds: rows, page tables, indices of the rows that want logits.
    auto* rows = reinterpret_cast<Row*>(state.staging.get());
    auto* pages = reinterpret_cast<std::uint32_t*>(rows + batch.rows.size());
    std::vector<std::uint32_t> tables;
    std::uint32_t pageCount = 0;
    for (const SequencePages& sequence : batch.sequences) {
        tables.push_back(pageCount);
        std::copy(sequence.pages.begin(), sequence.pages.end(), pages + pageCount);
        pageCount += static_cast<std::uint32_t>(sequence.pages.size());
    }
    std::uint32_t* gather = pages + pageCount;
    std::uint32_t wanted = 0;
    for (std::uint32_t i = 0; i < batch.rows.size(); ++i) {
        const BatchRow& row = batch.rows[i];
        rows[i] = {row.token, row.position, tables[row.sequence]};
        if (row.wantsLogits) gather[wanted++] = i;
    }
    // Rows of one sequence stand together, one position after the other: cut them into tiles.
    auto* tiles = reinterpret_cast<RowTile*>(gather + wanted);
    std::uint32_t tileCount = 0;
    for (std::uint32_t i = 0; i < batch.rows.size(); ++i) {
        const bool goesOn = i > 0 && batch.rows[i].sequence == batch.rows[i - 1].sequence;
        if (!goesOn || tiles[tileCount - 1].count == kTileRows) tiles[tileCount++] = {i, 0};
        ++tiles[tileCount - 1].count;
    }
    const auto send = [&](void* to, const void* from, std::size_t bytes) {
        if (bytes > 0)
            check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, state.stream), "copying rows");
    };
    send(state.scratch.rows.get(), rows, batch.rows.size() * sizeof(Row));
    send(state.scratch.pages.get(), pages, pageCount * sizeof(std::uint32_t));
    send(state.scratch.gather.get(), gather, wanted * sizeof(std::uint32_t));
    send(state.scratch.tiles.get(), tiles, tileCount * sizeof(RowTile));
    return tileCount * kRowsPerTile <= batch.rows.size() && canTileAttention(state.pool) ? tileCount : 0;
}

bool CudaProgram::execute(ExecutionState& executionState, const Batch& batch, std::span<float> logits,
                          std::span<float> hidden, const std::stop_token& stop, ExecuteTimes* times) const {
    auto& state = static_cast<CudaState&>(executionState);
    check(cudaSetDevice(m_device), "choosing the GPU");
    checkBatch(m_plan, state, batch, logits, hidden);
    if (batch.rows.empty()) return true;
    const ProfileRange range(batch.rows.size() > batch.sequences.size() ? "execute: prompt"
                                                                        : "execute: decode");
    const std::uint32_t tiles = sendRows(state, batch);
    const std::size_t hiddenBytes = batch.rows.size() * m_plan.shape.hidden * sizeof(float);
    if (!m_plan.beginsWithEmbed)
        check(cudaMemcpyAsync(state.scratch.x.get(), hidden.data(), hiddenBytes, cudaMemcpyHostToDevice,
                              state.stream),
              "copying hidden states");

    const auto count = static_cast<std::uint32_t>(batch.rows.size());
    RowLayout layout{tiles, separate(batch)};
    // One row runs as in a decode loop, and its kernels note the time. Others are timed by events, which
    // cannot stand between the steps of one kernel.
    const bool stamped = times && count == 1 && batch.rows[0].wantsLogits && m_plan.endsWithLogits &&
                         StepRunner(m_plan, state, 1, layout).stamps();
    layout.atOnce = (!times || stamped) && batch.rows[0].position < state.atOnceTokens;
    PhaseTimes phases(m_plan, state.stream, times && !stamped);
    StepRunner runner(m_plan, state, count, layout);
    if (stamped) runner.stampTo(state.stamps.prepare(m_plan, state.stream));
    bool stopped = false;
    runner.runLayers([&](std::size_t step) {
        stopped = stop.stop_requested();
        phases.begin(step);
        return !stopped;
    });
    if (!stopped && m_plan.endsWithLogits) readLogits(runner, state, batch, logits);
    if (!stopped && !m_plan.endsWithLogits)
        check(cudaMemcpyAsync(hidden.data(), state.scratch.x.get(), hiddenBytes, cudaMemcpyDeviceToHost,
                              state.stream),
              "copying hidden states");
    phases.end();
    if (stamped) state.stamps.fetch(state.stream);
    state.stream.wait("running the model");
    if (stamped && !stopped) static_cast<void>(state.stamps.read(m_plan, m_plan.steps.size(), times->ns));
    if (times && !stopped) phases.addTo(*times, batch, state.pool);
    return !stopped;
}

void CudaProgram::readLogits(StepRunner& runner, CudaState& state, const Batch& batch,
                             std::span<float> logits) const {
    std::vector<std::uint32_t> indices;
    for (std::uint32_t i = 0; i < batch.rows.size(); ++i)
        if (batch.rows[i].wantsLogits) indices.push_back(i);
    const auto wanted = static_cast<std::uint32_t>(indices.size());
    const std::size_t vocabulary = m_plan.shape.vocabulary;
    const std::uint32_t* gather = state.scratch.gather.get();
    const auto atOnce = static_cast<std::uint32_t>(state.scratch.logits.size() / vocabulary);
    for (std::uint32_t first = 0; first < wanted; first += atOnce) {
        const std::uint32_t count = std::min(atOnce, wanted - first);
        runner.runLogits(std::span(indices).subspan(first, count), gather + first, wanted == 1,
                         state.scratch.logits.get());
        float* to = logits.data() + first * vocabulary;
        std::size_t left = count * vocabulary * sizeof(float);
        const bool staged = left <= state.staging.bytes();
        void* through = staged ? static_cast<void*>(state.staging.get()) : to;
        check(
            cudaMemcpyAsync(through, state.scratch.logits.get(), left, cudaMemcpyDeviceToHost, state.stream),
            "copying logits");
        state.stream.wait("computing logits");
        if (staged) std::memcpy(to, through, left);
    }
}

} // namespace altiplano::kernels::cuda
