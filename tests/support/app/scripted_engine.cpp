#include "scripted_engine.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
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
    connect(&m_answerTimer, &QTimer::timeout, this, &ScriptedEngine::playAnswers);
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
        stopAll();
        playAnswers();
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
    stopAll();
    QTimer::singleShot(2 * kFrameMs, this, [this] {
        m_loaded = false;
        emit unloaded();
    });
}

RequestId ScriptedEngine::submit(engine::GenerationRequest request) {
    auto play = std::make_shared<Play>();
    play->id = ++m_lastId;
    play->answer = m_answers.at(static_cast<int>(m_requests.size()) % m_answers.size());
    play->tokens = tokensOf(play->answer.text);
    play->clock.start();
    m_requests.push_back(std::move(request));
    m_plays.push_back(play);
    m_answerTimer.start();
    return play->id;
}

RequestId ScriptedEngine::countTokens(const QString& text) {
    const RequestId id = ++m_lastId;
    QTimer::singleShot(1, this,
                       [this, id, text] { emit counted(id, static_cast<quint32>(tokensOf(text).size())); });
    return id;
}

void ScriptedEngine::stop(RequestId id) {
    for (const auto& play : m_plays)
        play->stopping = play->stopping || play->id == id;
}

void ScriptedEngine::stopAll() {
    for (const auto& play : m_plays)
        play->stopping = true;
}

void ScriptedEngine::playAnswers() {
    const auto plays = m_plays; // whoever hears of them may submit
    for (const auto& play : plays)
        playAnswer(*play);
    if (m_plays.empty()) m_answerTimer.stop();
}

void ScriptedEngine::playAnswer(Play& play) {
    if (play.stopping) return endAnswer(play);
    const Answer& answer = play.answer;
    const qint64 elapsed = play.clock.elapsed();
    AnswerUpdate update;
    update.promptTotal = static_cast<quint32>(answer.promptTokens);
    if (elapsed < answer.promptMs) {
        update.promptDone =
            update.promptTotal * static_cast<quint32>(elapsed) / static_cast<quint32>(answer.promptMs);
        emit answered(play.id, update);
        return;
    }
    if (play.sent == 0 && answer.forget > 0)
        emit dropped(play.id, {0, static_cast<std::uint32_t>(answer.forget), 100});
    const double seconds = static_cast<double>(elapsed - answer.promptMs) / 1000;
    const int last =
        answer.failAfterTokens >= 0 ? answer.failAfterTokens : static_cast<int>(play.tokens.size());
    const int due = std::min(last, 1 + static_cast<int>(seconds * answer.tokensPerSecond));
    for (; play.sent < due; ++play.sent) {
        update.text += play.tokens.at(play.sent);
        update.steps.push_back(m_steps.empty() ? engine::StepTiming{}
                                               : m_steps[m_nextStep++ % m_steps.size()]);
        ++m_contextUsed;
    }
    update.promptDone = update.promptTotal;
    update.tokens = static_cast<quint32>(play.sent);
    update.firstTokenNs = answer.promptMs * 1'000'000LL;
    update.decodeNs = static_cast<qint64>((play.sent - 1) / answer.tokensPerSecond * 1e9);
    update.contextUsed = m_contextUsed + update.promptTotal;
    emit answered(play.id, update);
    if (play.sent == last) endAnswer(play);
}

void ScriptedEngine::endAnswer(const Play& play) {
    const auto same = [&](const auto& p) { return p.get() == &play; };
    if (std::erase_if(m_plays, same) == 0) return; // it has ended already
    m_contextUsed += static_cast<quint32>(play.answer.promptTokens);
    if (play.answer.failAfterTokens >= 0 && !play.stopping) return emit failed(play.id, play.answer.failure);
    engine::events::Finished result;
    result.reason = play.stopping ? engine::FinishReason::Stopped : play.answer.reason;
    result.timings.decodeTokens = static_cast<std::uint32_t>(play.sent);
    emit finished(play.id, result);
}

/// Each case takes a frame and gives a row with round numbers: 100 tokens/s a sequence, less a tenth without
/// graphs.
void ScriptedEngine::compare(const ComparisonRequest& request) {
    m_comparisons.append(request);
    const int comparison = ++m_comparison;
    const int total = static_cast<int>(request.settings.size() * request.cases.size());
    for (int i = 0; i < total; ++i)
        QTimer::singleShot((i + 1) * m_comparisonStepMs, this, [=, this] {
            if (comparison != m_comparison) return;
            const int settings = i / static_cast<int>(request.cases.size());
            emit measured(settings,
                          scriptedRow(request.settings[static_cast<std::size_t>(settings)],
                                      request.cases[static_cast<std::size_t>(i) % request.cases.size()]));
            emit comparisonProgressed(i + 1, total);
        });
    QTimer::singleShot((total + 1) * m_comparisonStepMs, this, [=, this] {
        if (comparison == m_comparison) emit comparisonEnded({});
    });
}

void ScriptedEngine::stopComparison() {
    ++m_comparison;
    QTimer::singleShot(0, this, [this] { emit comparisonEnded({}); });
}

QByteArray ScriptedEngine::scriptedRow(const EngineSettings& settings, const engine::BenchCase& one) const {
    const double speed = 100.0 * one.batch * (settings.graphs ? 1 : 0.9);
    return QJsonDocument(QJsonObject{{"model", "Scripted"},
                                     {"quantization", m_quantization},
                                     {"backend", m_info ? m_info->backend : QStringLiteral("cpu")},
                                     {"device", "A processor"},
                                     {"threads", 2},
                                     {"graphs", settings.graphs},
                                     {"batch", static_cast<int>(one.batch)},
                                     {"depth", static_cast<int>(one.depth)},
                                     {"n_prompt", static_cast<int>(one.promptTokens)},
                                     {"n_gen", static_cast<int>(one.generateTokens)},
                                     {"tokens_per_s", speed},
                                     {"host_us_per_token", 50},
                                     {"device_ms_per_token", 9},
                                     {"roof_percent", 40},
                                     {"device_us", QJsonObject{{"qkv", 1000}, {"feed forward", 1e6 / speed}}},
                                     {"kv", settings.kvQ8 ? "q8_0" : "f16"},
                                     {"version", "0.1.0"},
                                     {"date", QDateTime::currentDateTimeUtc().toString(Qt::ISODate)}})
        .toJson(QJsonDocument::Compact);
}

} // namespace altiplano::app
