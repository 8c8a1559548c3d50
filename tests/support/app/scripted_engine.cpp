#include "scripted_engine.h"

#include <QRegularExpression>

namespace altiplano::app {

namespace {

constexpr int kFrameMs = 16;
constexpr quint64 kModelBytes = 98'000'000;

/// Words with the space before them, and line breaks: close enough to tokens.
QStringList tokensOf(const QString& text) {
    static const QRegularExpression token(QStringLiteral("\\n|[^\\S\\n]*[^\\s]+|[^\\S\\n]+"));
    QStringList tokens;
    for (auto it = token.globalMatch(text); it.hasNext();)
        tokens << it.next().captured();
    return tokens;
}

} // namespace

ScriptedEngine::ScriptedEngine(QObject* parent)
    : EnginePort(parent), m_answers{Answer{QStringLiteral("Hello.")}} {
    m_loadTimer.setInterval(kFrameMs);
    m_answerTimer.setInterval(kFrameMs);
    connect(&m_loadTimer, &QTimer::timeout, this, &ScriptedEngine::playLoad);
    connect(&m_answerTimer, &QTimer::timeout, this, &ScriptedEngine::playAnswer);
}

void ScriptedEngine::refuse(const QString& ending, engine::events::Failed failure) {
    m_refusals.append({ending, std::move(failure)});
}

const engine::events::Failed* ScriptedEngine::refusal() const {
    for (const auto& [ending, failure] : m_refusals)
        if (m_loads.last().path.endsWith(ending)) return &failure;
    return nullptr;
}

void ScriptedEngine::load(const LoadRequest& request) {
    m_loads.append(request);
    m_cancelled = false;
    m_loadClock.start();
    m_loadTimer.start();
}

void ScriptedEngine::playLoad() {
    const engine::events::Failed* refused = refusal();
    const qint64 elapsed = m_loadClock.elapsed();
    const bool atFirstSight = refused && refused->code != engine::ErrorCode::OutOfMemory;
    if (m_cancelled || atFirstSight) {
        m_loadTimer.stop();
        emit loadFailed(m_cancelled ? engine::events::Failed{engine::ErrorCode::Cancelled, "cancelled"}
                                    : *refused);
        return;
    }
    if (m_loaded) {
        m_loaded = false;
        m_stopping = true;
        if (m_active) endAnswer();
        emit unloaded();
    }
    if (elapsed < m_loadMs) {
        emit loadProgressed(kModelBytes * static_cast<quint64>(elapsed) / static_cast<quint64>(m_loadMs),
                            kModelBytes);
        return;
    }
    m_loadTimer.stop();
    if (refused && m_loads.last().contextTokens > 2048) {
        emit loadFailed(*refused);
        return;
    }
    ModelInfo info = m_info.value_or(usualInfo());
    info.path = m_loads.last().path;
    info.contextTokens = m_loads.last().contextTokens;
    info.notes = m_notes;
    info.loadNs = m_loadMs * 1'000'000;
    m_loaded = true;
    m_contextUsed = 0;
    emit loaded(info);
}

ModelInfo ScriptedEngine::usualInfo() const {
    ModelInfo info;
    info.quantization = m_quantization;
    info.parameters = 134'515'008;
    info.backend = QStringLiteral("cpu");
    info.deviceName = QStringLiteral("A processor");
    info.threads = 2;
    return info;
}

void ScriptedEngine::cancelLoad() {
    m_cancelled = m_loadTimer.isActive();
}

void ScriptedEngine::unload() {
    if (m_active) stop(m_active);
    QTimer::singleShot(2 * kFrameMs, this, [this] {
        m_loaded = false;
        emit unloaded();
    });
}

RequestId ScriptedEngine::submit(engine::GenerationRequest request) {
    m_answer = m_answers.at(static_cast<int>(m_requests.size()) % m_answers.size());
    m_requests.push_back(std::move(request));
    m_tokens = tokensOf(m_answer.text);
    m_sent = 0;
    m_stopping = false;
    m_active = ++m_lastId;
    m_answerClock.start();
    m_answerTimer.start();
    return m_active;
}

void ScriptedEngine::stop(RequestId id) {
    m_stopping = m_stopping || id == m_active;
}

void ScriptedEngine::playAnswer() {
    if (m_stopping) return endAnswer();
    const qint64 elapsed = m_answerClock.elapsed();
    AnswerUpdate update;
    update.promptTotal = static_cast<quint32>(m_answer.promptTokens);
    if (elapsed < m_answer.promptMs) {
        update.promptDone =
            update.promptTotal * static_cast<quint32>(elapsed) / static_cast<quint32>(m_answer.promptMs);
        emit answered(m_active, update);
        return;
    }
    if (m_sent == 0 && m_answer.forget > 0)
        emit dropped(m_active, {0, static_cast<std::uint32_t>(m_answer.forget), 100});
    const double seconds = static_cast<double>(elapsed - m_answer.promptMs) / 1000;
    const int last =
        m_answer.failAfterTokens >= 0 ? m_answer.failAfterTokens : static_cast<int>(m_tokens.size());
    const int due = std::min(last, 1 + static_cast<int>(seconds * m_answer.tokensPerSecond));
    for (; m_sent < due; ++m_sent) {
        update.text += m_tokens.at(m_sent);
        update.steps.push_back(m_steps.empty() ? engine::StepTiming{}
                                               : m_steps[m_nextStep++ % m_steps.size()]);
        ++m_contextUsed;
    }
    update.promptDone = update.promptTotal;
    update.tokens = static_cast<quint32>(m_sent);
    update.firstTokenNs = m_answer.promptMs * 1'000'000LL;
    update.decodeNs = static_cast<qint64>((m_sent - 1) / m_answer.tokensPerSecond * 1e9);
    update.contextUsed = m_contextUsed + update.promptTotal;
    emit answered(m_active, update);
    if (m_sent == last) endAnswer();
}

void ScriptedEngine::endAnswer() {
    m_answerTimer.stop();
    const RequestId id = std::exchange(m_active, 0);
    m_contextUsed += static_cast<quint32>(m_answer.promptTokens);
    if (m_answer.failAfterTokens >= 0 && !m_stopping) return emit failed(id, m_answer.failure);
    engine::events::Finished result;
    result.reason = m_stopping ? engine::FinishReason::Stopped : m_answer.reason;
    result.timings.decodeTokens = static_cast<std::uint32_t>(m_sent);
    emit finished(id, result);
}

} // namespace altiplano::app
