#include "support/scripted_decode_loop.h"

#include <deque>

namespace altiplano::test {

using namespace kernels;

namespace {

class ScriptedDecodeLoop : public DecodeLoop {
public:
    ScriptedDecodeLoop(std::shared_ptr<DeviceScript> script, ScriptedState& state,
                       const DecodeLoopOptions& options, std::uint32_t vocabulary)
        : m_script(std::move(script)), m_loop(*m_script->loop), m_state(state), m_options(options),
          m_vocabulary(vocabulary) {
        m_loop.options = options;
    }
    ~ScriptedDecodeLoop() override { runSteps(m_pending); }

    void start(std::span<const DecodeSequence> sequences) override {
        runSteps(m_pending);
        if (m_loop.onStart) m_loop.onStart();
        require(!sequences.empty() && sequences.size() <= m_options.maxSequences, "start");
        ++m_loop.starts;
        m_loop.sequences.assign(sequences.begin(), sequences.end());
        m_loop.stopTokens.clear();
        m_sequences.clear();
        m_launched = m_seen = 0;
        for (const DecodeSequence& s : sequences) {
            require(s.token >= 0 && static_cast<std::uint32_t>(s.token) < m_vocabulary && s.maxTokens > 0 &&
                        s.stopTokens.size() <= kMaxStopTokens &&
                        s.sampling.penaltyWindow <= kMaxPenaltyWindow,
                    "a sequence to start with");
            require(!s.recent.empty() && s.recent.back() == s.token && s.recent.size() == s.position + 1,
                    "the text so far");
            m_sequences.push_back({s.token, s.position, s.maxTokens, {}, {}, {}});
            m_loop.stopTokens.emplace_back(s.stopTokens.begin(), s.stopTokens.end());
            addPages(static_cast<std::uint32_t>(m_sequences.size() - 1), s.pages);
        }
    }

    void addPages(std::uint32_t sequence, std::span<const std::uint32_t> pages) override {
        for (const std::uint32_t page : pages) {
            require(page < m_state.pageCount(), "a page outside the pool");
            m_sequences.at(sequence).pages.push_back(page);
        }
    }

    void allow(std::uint32_t, std::span<const std::uint32_t>) override {
        require(false, "a mask that nobody waits for");
    }

    void launch(std::uint32_t steps) override {
        if (m_loop.onLaunch) m_loop.onLaunch();
        m_launched += steps;
        m_loop.mostAhead = std::max(m_loop.mostAhead, m_launched - m_seen);
        require(steps > 0 && m_launched - m_seen <= kMaxStepsAhead, "launched too far ahead");
        for (const Sequence& s : m_sequences) {
            const std::uint64_t reach = s.position + std::min<std::uint64_t>(m_pending + steps, s.remaining);
            require(s.remaining == 0 || reach <= s.pages.size() * kKvPageTokens, "a position without a page");
        }
        m_pending += steps;
        m_state.isDecoding = true;
        runSteps(below(m_pending + 1));
    }

    void poll(std::vector<DecodedToken>& tokens) override {
        if (m_loop.onPoll) m_loop.onPoll();
        runSteps(below(m_pending + 1));
        for (std::uint32_t i = 0; i < m_sequences.size(); ++i) {
            auto& hidden = m_sequences[i].hidden;
            for (std::size_t count = m_pending == 0 && below(2) ? hidden.size() : below(hidden.size() + 1);
                 count > 0; --count) {
                tokens.push_back(hidden.front());
                hidden.pop_front();
                m_seen = std::max(m_seen, ++m_sequences[i].seen);
            }
        }
    }

    void wait() override { runSteps(m_pending); }

    DecodeCosts costs() const override {
        DecodeCosts costs;
        costs.phaseNs.fill(2);
        if (!m_loop.spans.empty()) costs.spans = std::make_shared<const std::vector<PhaseSpan>>(m_loop.spans);
        costs.weightBytes = 100;
        costs.kvBytesPerToken = 10;
        return costs;
    }

private:
    struct Sequence {
        std::int32_t token;
        std::uint32_t position, remaining;
        std::vector<std::uint32_t> pages;
        std::deque<DecodedToken> hidden; ///< chosen, not polled
        std::uint32_t seen = 0;
    };

    std::uint32_t below(std::size_t n) { return static_cast<std::uint32_t>(m_loop.random() % n); }

    void runSteps(std::uint32_t count) {
        for (; count > 0; --count, --m_pending, ++m_loop.steps)
            for (std::uint32_t i = 0; i < m_sequences.size(); ++i)
                runRow(i);
        m_state.isDecoding = m_pending > 0;
    }

    /// A sequence that is done computes its last row again, as a device would.
    void runRow(std::uint32_t index) {
        Sequence& s = m_sequences[index];
        if (m_script->onRow) m_script->onRow({s.token, s.position, index, true});
        m_state.write(s.pages, s.position, s.token);
        const std::vector<std::int32_t> text = m_state.text(s.pages, s.position + 1);
        if (s.remaining == 0) return;
        const std::int32_t token = m_script->nan ? DecodedToken::kNoToken : m_script->next(text);
        const auto& stops = m_loop.stopTokens[index];
        const bool last = --s.remaining == 0 || token == DecodedToken::kNoToken ||
                          std::find(stops.begin(), stops.end(), token) != stops.end();
        s.hidden.push_back({index, token, last, m_loop.stepNs});
        if (last) {
            s.remaining = 0;
            return;
        }
        s.token = token;
        ++s.position;
    }

    std::shared_ptr<DeviceScript> m_script;
    LoopScript& m_loop;
    ScriptedState& m_state;
    DecodeLoopOptions m_options;
    std::uint32_t m_vocabulary;
    std::vector<Sequence> m_sequences;
    std::uint32_t m_pending = 0, m_launched = 0, m_seen = 0; ///< steps
};

} // namespace

std::unique_ptr<DecodeLoop> createScriptedDecodeLoop(std::shared_ptr<DeviceScript> script,
                                                     ScriptedState& state, const DecodeLoopOptions& options,
                                                     std::uint32_t vocabulary) {
    return std::make_unique<ScriptedDecodeLoop>(std::move(script), state, options, vocabulary);
}

} // namespace altiplano::test
