#include "cpu/forward.h"

#include "cpu/forward_worker.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace altiplano::kernels {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
    throw BackendError(BackendError::Kind::Unsupported, "The batch cannot run: " + reason + ".");
}

ExecuteTimes::Phase phaseOf(const CpuStep& step) {
    using enum ExecuteTimes::Phase;
    if (const auto* output = std::get_if<CpuOutput>(&step))
        return output->feedForward ? FeedForward : Projection;
    static constexpr ExecuteTimes::Phase kOfIndex[] = {Embed,      Qkv,         Attention,
                                                       Projection, FeedForward, Logits};
    return kOfIndex[step.index()];
}

std::int64_t nanoseconds(std::chrono::steady_clock::duration duration) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
}

} // namespace

Forward::Forward(std::shared_ptr<const CpuModel> model, std::shared_ptr<CpuState> state, const Batch& batch,
                 std::span<float> logits, std::span<float> hidden, bool timed)
    : m_modelOwner(std::move(model)), m_stateOwner(std::move(state)), m_model(*m_modelOwner),
      m_state(*m_stateOwner), m_batch(batch), m_logits(logits), m_hidden(hidden),
      m_ends(timed ? m_model.steps.size() + 1 : 0) {
    check();
    sortRows();
    if (logits.size() != m_wanted.size() * m_model.shape.vocabulary)
        refuse("the room for logits is not theirs");
}

void Forward::sortRows() {
    const auto& rows = m_batch.rows;
    const bool apart = m_model.instructions.tellsRowsApart();
    std::vector<std::size_t> slots; // of each row's logits, counted in the batch's order
    for (std::size_t row = 0, slot = 0; row < rows.size(); ++row)
        slots.push_back(rows[row].wantsLogits ? slot++ : 0);
    for (const bool answers : {false, true}) {
        for (std::size_t first = 0, end; first < rows.size(); first = end) {
            std::size_t split = apart ? rows.size() : first; // the first answer row of the sequence
            for (end = first; end < rows.size() && rows[end].sequence == rows[first].sequence; ++end)
                if (rows[end].generated) split = std::min(split, end);
            split = std::min(split, end);
            const std::size_t from = answers ? split : first, to = answers ? end : split;
            if (from == to) continue;
            const Stretch stretch{m_rows.size(), to - from, rows[from].position,
                                  m_batch.sequences[rows[from].sequence].pages.data(),
                                  answers ? &m_model.instructions.answer.attention
                                          : &m_model.instructions.prompt.attention};
            // A lone row's job stores its K and V, which other rows of its sequence must not read meanwhile.
            const bool alone = answers && end - first == 1;
            (alone ? m_decodes : m_prompts).push_back(stretch);
            for (std::size_t row = from; row < to; ++row) {
                if (m_model.givesLogits && rows[row].wantsLogits)
                    m_wanted.push_back({m_rows.size(), slots[row]});
                m_rows.push_back({rows[row].token, rows[row].position, row});
            }
        }
        (answers ? m_counts.answer : m_counts.prompt) = m_rows.size() - m_counts.prompt;
        (answers ? m_wantedCounts.answer : m_wantedCounts.prompt) = m_wanted.size() - m_wantedCounts.prompt;
    }
}

void Forward::check() const {
    const PlanShape& shape = m_model.shape;
    const std::size_t hidden =
        m_model.embeds && m_model.givesLogits ? 0 : m_batch.rows.size() * std::size_t{shape.hidden};
    if (m_hidden.size() != hidden) refuse("the room for hidden states is not theirs");
    if (m_batch.rows.size() > m_state.limits().maxRows) refuse("it has more rows than its state");
    for (const BatchRow& row : m_batch.rows) {
        if (m_model.embeds && (row.token < 0 || static_cast<std::uint32_t>(row.token) >= shape.vocabulary))
            refuse("token " + std::to_string(row.token) + " is not in the vocabulary");
        if (row.sequence >= m_batch.sequences.size()) refuse("a row's sequence is missing");
        if (row.position / kKvPageTokens >= m_batch.sequences[row.sequence].pages.size())
            refuse("position " + std::to_string(row.position) + " has no KV page");
        const BatchRow* before = &row == m_batch.rows.data() ? nullptr : &row - 1;
        if (before && before->sequence == row.sequence && row.position != before->position + 1)
            refuse("a sequence's positions do not ascend by one");
    }
    for (const SequencePages& sequence : m_batch.sequences)
        for (const std::uint32_t page : sequence.pages)
            if (page >= m_state.limits().kvPages) refuse("a KV page is not in the pool");
}

void Forward::countBytes(ExecuteTimes& times) const {
    const auto add = [&](const CpuLinear& linear) {
        times.weightBytes += linear.weight.rows * rowBytes(linear.weight.type, linear.weight.columns);
    };
    const std::size_t tokenBytes = m_state.kvLayout().headBytes() / kKvPageTokens * m_model.shape.kvHeads;
    for (const CpuStep& step : m_model.steps) {
        if (const auto* qkv = std::get_if<CpuQkv>(&step)) {
            for (const CpuLinear* linear : {&qkv->q, &qkv->k, &qkv->v})
                add(*linear);
        } else if (const auto* attention = std::get_if<CpuAttention>(&step)) {
            for (const auto* stretches : {&m_prompts, &m_decodes})
                for (const Stretch& stretch : *stretches) {
                    const std::size_t all = stretch.position + stretch.rows;
                    const std::size_t window =
                        attention->window == 0 ? all : attention->window + stretch.rows - 1;
                    times.kvBytes += std::min(all, window) * tokenBytes;
                }
        } else if (const auto* output = std::get_if<CpuOutput>(&step)) {
            add(output->linear);
        } else if (const auto* gateUp = std::get_if<CpuGateUp>(&step)) {
            add(gateUp->gate);
            add(gateUp->up);
        } else if (const auto* logits = std::get_if<CpuLogits>(&step); logits && !m_wanted.empty()) {
            add(logits->head);
        }
    }
}

bool Forward::run(Team& team, std::uint32_t thread, ExecuteTimes* times) {
    Worker worker(*this, team, thread);
    if (!worker.begin()) return false;
    noteEnd(0);
    for (std::size_t step = 0; step < m_model.steps.size(); ++step) {
        if (!std::visit([&](const auto& s) { return worker.step(s); }, m_model.steps[step])) return false;
        noteEnd(step + 1);
    }
    if (times) tellTimes(*times);
    return worker.end();
}

void Forward::noteEnd(std::size_t index) {
    if (m_ends.empty() || m_ends[index].load(std::memory_order_relaxed) != 0) return;
    std::int64_t none = 0;
    const std::int64_t now = nanoseconds(std::chrono::steady_clock::now().time_since_epoch());
    m_ends[index].compare_exchange_strong(none, now, std::memory_order_relaxed);
}

void Forward::tellTimes(ExecuteTimes& times) const {
    std::int64_t last = m_ends[0].load(std::memory_order_relaxed);
    times.launchNs += last - nanoseconds(m_called.time_since_epoch());
    std::uint16_t layer = 0;
    bool first = true; // layer
    for (std::size_t step = 0; step < m_model.steps.size(); ++step) {
        const ExecuteTimes::Phase phase = phaseOf(m_model.steps[step]);
        // Two threads that note at the same time may do so in the wrong order by some nanoseconds.
        const std::int64_t end = std::max(last, m_ends[step + 1].load(std::memory_order_relaxed));
        times.ns[phase] += end - last;
        if (phase == ExecuteTimes::Qkv && !std::exchange(first, false)) ++layer;
        if (times.spans)
            times.spans->push_back({last, static_cast<std::uint32_t>(end - last),
                                    phase == ExecuteTimes::Logits ? std::uint16_t{0} : layer, phase});
        last = end;
    }
}

} // namespace altiplano::kernels
