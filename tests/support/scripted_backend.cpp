#include "support/scripted_backend.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>

namespace altiplano::test {

using namespace kernels;

namespace {

constexpr std::int32_t kNothing = -1;

void require(bool condition, const char* what) {
    if (!condition) throw std::logic_error(std::string("scripted device: ") + what);
}

class ScriptedState : public ExecutionState {
public:
    ScriptedState(std::uint32_t pageCount, std::uint64_t bytes) : pages(pageCount), m_bytes(bytes) {
        for (auto& page : pages)
            page.fill(kNothing);
    }
    std::uint64_t bytes() const override { return m_bytes; }
    void copyPage(std::uint32_t from, std::uint32_t to, std::uint32_t tokens) override {
        require(from != to && tokens > 0 && tokens <= kKvPageTokens, "copyPage");
        pages.at(to).fill(kNothing);
        std::copy_n(pages.at(from).begin(), tokens, pages.at(to).begin());
    }

    std::vector<std::array<std::int32_t, kKvPageTokens>> pages;

private:
    std::uint64_t m_bytes;
};

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
        auto& pages = static_cast<ScriptedState&>(state).pages;
        note(batch);
        std::size_t logitsRow = 0;
        for (std::size_t i = 0; i < batch.rows.size(); ++i) {
            const BatchRow& row = batch.rows[i];
            if (m_script->onRow) m_script->onRow(row);
            if (stop.stop_requested()) return false;
            checkOrder(batch, i);
            const auto table = batch.sequences[row.sequence].pages;
            require(row.position / kKvPageTokens < table.size(), "a row without a page");
            pages.at(table[row.position / kKvPageTokens])[row.position % kKvPageTokens] = row.token;
            const std::vector<std::int32_t> text = textOf(pages, table, row.position + 1);
            if (row.wantsLogits) answer(text, logits.subspan(logitsRow++ * m_vocabulary, m_vocabulary));
            ++m_script->rows;
        }
        require(logits.size() == logitsRow * m_vocabulary, "logits of another size");
        if (times) {
            times->ns.fill(1);
            times->weightBytes = 100;
            times->kvBytes = 10;
        }
        return true;
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

    static std::vector<std::int32_t> textOf(const std::vector<std::array<std::int32_t, kKvPageTokens>>& pages,
                                            std::span<const std::uint32_t> table, std::uint32_t tokens) {
        std::vector<std::int32_t> text;
        for (std::uint32_t i = 0; i < tokens; ++i)
            text.push_back(pages.at(table[i / kKvPageTokens])[i % kKvPageTokens]);
        require(std::find(text.begin(), text.end(), kNothing) == text.end(), "K/V that was never computed");
        return text;
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
