#include "support/scripted_backend.h"

#include "support/scripted_decode_loop.h"
#include "support/scripted_state.h"

#include <algorithm>
#include <limits>

namespace altiplano::test {

using namespace kernels;

namespace {

class ScriptedProgram : public Program {
public:
    ScriptedProgram(std::shared_ptr<DeviceScript> script, std::uint32_t vocabulary)
        : m_script(std::move(script)), m_vocabulary(vocabulary) {}

    std::uint64_t weightBytes() const override { return 1; }
    std::uint64_t stateBytes(const StateLimits& limits) const override {
        return limits.kvPages * m_script->bytesPerPage;
    }
    std::unique_ptr<ExecutionState> createState(const StateLimits& limits) const override {
        m_script->mostRows = 0;
        return std::make_unique<ScriptedState>(limits.kvPages, stateBytes(limits));
    }

    bool execute(ExecutionState& state, const Batch& batch, std::span<float> logits, std::span<float>,
                 const std::stop_token& stop, ExecuteTimes* times) const override {
        auto& scripted = static_cast<ScriptedState&>(state);
        require(!scripted.isDecoding, "execute on a state that decodes");
        note(batch);
        std::size_t logitsRow = 0;
        for (std::size_t i = 0; i < batch.rows.size(); ++i) {
            const BatchRow& row = batch.rows[i];
            if (m_script->onRow) m_script->onRow(row);
            if (stop.stop_requested()) return false;
            checkOrder(batch, i);
            const auto table = batch.sequences[row.sequence].pages;
            require(row.position / kKvPageTokens < table.size(), "a row without a page");
            scripted.write(table, row.position, row.token);
            const std::vector<std::int32_t> text = scripted.text(table, row.position + 1);
            if (row.wantsLogits) answer(text, logits.subspan(logitsRow++ * m_vocabulary, m_vocabulary));
            ++m_script->rows;
        }
        require(logits.size() == logitsRow * m_vocabulary, "logits of another size");
        if (times) {
            times->ns.fill(1);
            times->ns[ExecuteTimes::Sample] = 0;
            times->weightBytes = 100;
            times->kvBytes = 10;
        }
        return true;
    }

    std::unique_ptr<DecodeLoop> createDecodeLoop(ExecutionState& state,
                                                 const DecodeLoopOptions& options) const override {
        if (!m_script->loop) return nullptr;
        if (m_script->loop->onCreate) m_script->loop->onCreate();
        return createScriptedDecodeLoop(m_script, static_cast<ScriptedState&>(state), options, m_vocabulary);
    }

private:
    void note(const Batch& batch) const {
        require(!batch.rows.empty(), "an empty batch");
        std::vector<std::uint32_t> counts(batch.sequences.size());
        for (const BatchRow& row : batch.rows)
            ++counts.at(row.sequence);
        require(std::find(counts.begin(), counts.end(), 0u) == counts.end(), "a sequence without rows");
        ++m_script->executions;
        m_script->mostRows = std::max(m_script->mostRows, static_cast<std::uint32_t>(batch.rows.size()));
        m_script->mostSequences =
            std::max(m_script->mostSequences, static_cast<std::uint32_t>(batch.sequences.size()));
        m_script->batches.push_back(counts);
    }

    static void checkOrder(const Batch& batch, std::size_t i) {
        if (i == 0) return;
        const BatchRow &row = batch.rows[i], &before = batch.rows[i - 1];
        require(row.sequence == before.sequence ? row.position == before.position + 1
                                                : row.sequence == before.sequence + 1,
                "rows out of order");
    }

    void answer(std::span<const std::int32_t> text, std::span<float> logits) const {
        std::fill(logits.begin(), logits.end(),
                  m_script->nan ? std::numeric_limits<float>::quiet_NaN() : 0.0f);
        if (!m_script->nan) logits[static_cast<std::size_t>(m_script->next(text))] = 20;
    }

    std::shared_ptr<DeviceScript> m_script;
    std::uint32_t m_vocabulary;
};

class ScriptedBackend : public Backend {
public:
    explicit ScriptedBackend(std::shared_ptr<DeviceScript> script) : m_script(std::move(script)) {}
    DeviceInfo device() const override {
        DeviceInfo info;
        info.backend = "scripted";
        info.name = "Scripted device";
        info.freeBytes = m_script->freeBytes;
        return info;
    }
    std::unique_ptr<Program> upload(Plan plan, const UploadObserver& observer) override {
        if (observer.stop.stop_requested()) return nullptr;
        return std::make_unique<ScriptedProgram>(m_script, plan.shape.vocabulary);
    }

private:
    std::shared_ptr<DeviceScript> m_script;
};

} // namespace

std::unique_ptr<Backend> createScriptedBackend(std::shared_ptr<DeviceScript> script) {
    return std::make_unique<ScriptedBackend>(std::move(script));
}

engine::LoadOptions scriptedOptions(const std::shared_ptr<DeviceScript>& script) {
    engine::LoadOptions options;
    options.makeBackend = [script] { return createScriptedBackend(script); };
    return options;
}

} // namespace altiplano::test
