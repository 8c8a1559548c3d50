#include "performance_model.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace altiplano::app {

namespace {

constexpr std::chrono::milliseconds kPace{500}; ///< numbers that change faster can hardly be read
constexpr qint64 kRateWindowNs = 1'000'000'000;
constexpr std::size_t kShareWindow = 32; ///< tokens
constexpr double kComparableTokens = 8;  ///< an answer shorter than this says little about the next

} // namespace

PerformanceModel::PerformanceModel(EnginePort& engine, QObject* parent) : QObject(parent), m_engine(engine) {
    connect(&engine, &EnginePort::answered, this, &PerformanceModel::onAnswered);
    connect(&engine, &EnginePort::loaded, this, &PerformanceModel::onLoaded);
    connect(&engine, &EnginePort::finished, this, [this](RequestId id) { onEnded(id); });
    connect(&engine, &EnginePort::failed, this, [this](RequestId id) { onEnded(id); });
    m_pace.setSingleShot(true);
    m_pace.setInterval(kPace);
}

void PerformanceModel::setOpen(bool open) {
    if (open == m_open) return;
    m_open = open;
    m_engine.setDetailed(open);
    tick();
    emit openChanged();
}

void PerformanceModel::onLoaded(const ModelInfo& info) {
    if (info.path != m_info.path) {
        m_run = m_lastRun = {};
        m_steps.clear();
        m_rates.clear();
    }
    m_info = info;
    emit modelChanged();
    emit stepsChanged();
    tick();
}

void PerformanceModel::onAnswered(RequestId id, const AnswerUpdate& update) {
    if (id == m_ignored) return;
    if (id != m_run.id) begin(id);
    if (update.tokens == 0) return;
    m_firstTokenSeconds = static_cast<double>(update.firstTokenNs) / 1e9;
    m_progress.push_back({update.decodeNs, update.tokens});
    while (m_progress.size() > 2 && m_progress[1].decodeNs < update.decodeNs - kRateWindowNs)
        m_progress.pop_front();
    const Progress& oldest = m_progress.front();
    if (update.decodeNs > oldest.decodeNs)
        m_tokensPerSecond =
            (update.tokens - oldest.tokens) * 1e9 / static_cast<double>(update.decodeNs - oldest.decodeNs);
    noteSteps(update);
    m_pending = true;
    const bool due = !m_pace.isActive();
    if (due || onGpu()) tellOfSteps();
    if (due) tick();
}

void PerformanceModel::begin(RequestId id) {
    if (m_run.tokens >= kComparableTokens) m_lastRun = m_run;
    m_run = {id, {}, 0};
    ++m_answers;
    m_progress.assign({Progress{0, 1}}); // decodeNs counts from the first token
    m_tokensPerSecond = m_firstTokenSeconds = 0;
}

void PerformanceModel::noteSteps(const AnswerUpdate& update) {
    for (const engine::StepTiming& step : update.steps) {
        if (!m_steps.add(step)) continue;
        m_stepsPending = true;
        m_run.sum += breakdownOf(step);
        m_run.tokens += step.decodeRows;
    }
}

void PerformanceModel::tellOfSteps() {
    if (!std::exchange(m_stepsPending, false)) return;
    emit stepsChanged();
}

void PerformanceModel::onEnded(RequestId id) {
    if (id != m_run.id) return;
    const Progress& end = m_progress.back();
    if (end.decodeNs > 0) m_tokensPerSecond = (end.tokens - 1) * 1e9 / static_cast<double>(end.decodeNs);
    m_pace.stop();
    tick();
    tellOfSteps();
}

void PerformanceModel::tick() {
    const bool decoding = m_pending && m_tokensPerSecond > 0;
    m_pending = false;
    if (decoding) {
        m_rates.push_back({m_tokensPerSecond, m_answers});
        if (m_rates.size() > kRates) m_rates.pop_front();
        m_pace.start();
    }
    computeShares();
    if (m_open) m_phases.setRuns(m_run.sum, m_run.tokens, m_lastRun.sum, m_lastRun.tokens);
    emit numbersChanged();
}

void PerformanceModel::computeShares() {
    Breakdown sum;
    double bytes = 0;
    for (std::size_t age = 0; age < std::min(kShareWindow, m_steps.size()); ++age) {
        const engine::StepTiming& step = m_steps.fromNewest(age);
        sum += breakdownOf(step);
        bytes += static_cast<double>(step.weightBytes + step.kvBytes);
    }
    const auto wall = static_cast<double>(sum.wallNs());
    const double device = wall > 0 ? static_cast<double>(sum.deviceNs()) / wall : 0;
    m_gpuShare = onGpu() ? device : 0;
    m_cpuShare = wall <= 0 ? 0 : onGpu() ? static_cast<double>(sum.hostNs()) / wall : 1;
    m_bytesPerSecond = wall > 0 ? bytes * 1e9 / wall : 0;
}

double PerformanceModel::roofShare() const {
    return m_info.readBytesPerSecond > 0 ? m_bytesPerSecond / m_info.readBytesPerSecond : 0;
}

double PerformanceModel::nsPerToken() const {
    return m_run.tokens > 0 ? static_cast<double>(m_run.sum.wallNs()) / m_run.tokens : 0;
}

} // namespace altiplano::app
