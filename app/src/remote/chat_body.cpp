#include "chat_body.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace altiplano::app {

namespace {

QJsonObject message(const std::string& role, const QString& text) {
    return {{QStringLiteral("role"), QString::fromStdString(role)}, {QStringLiteral("content"), text}};
}

QString withoutThoughts(const std::string& answer) {
    static const QRegularExpression thoughts(QStringLiteral("^\\s*<think>.*?</think>\\s*"),
                                             QRegularExpression::DotMatchesEverythingOption);
    return QString::fromStdString(answer).remove(thoughts);
}

QJsonArray messages(const engine::GenerationRequest& request) {
    QJsonArray all;
    for (const engine::ChatMessage& said : request.messages)
        all.append(message(said.role, said.role == "assistant" ? withoutThoughts(said.content)
                                                               : QString::fromStdString(said.content)));
    if (all.isEmpty()) all.append(message("user", QString::fromStdString(request.prompt)));
    if (!request.answerSoFar.empty()) all.append(message("assistant", withoutThoughts(request.answerSoFar)));
    return all;
}

/// OpenAI's API cannot continue an answer: the model is asked to.
void continueAnswer(QJsonObject& body, ServerKind server) {
    if (server == ServerKind::LlamaServer || server == ServerKind::Vllm) {
        body.insert(QStringLiteral("continue_final_message"), true);
        body.insert(QStringLiteral("add_generation_prompt"), false);
        return;
    }
    QJsonArray all = body.value(QStringLiteral("messages")).toArray();
    all.append(
        message("user", QStringLiteral("Continue your answer exactly where it stops. Repeat nothing, and say "
                                       "nothing about it.")));
    body.insert(QStringLiteral("messages"), all);
}

/// Those that differ from what they are by default.
class Sampling {
public:
    explicit Sampling(QJsonObject& body) : m_body(body) {}
    template <typename Value>
    void add(const char* name, const Value& value, const Value& usual) {
        if (value != usual) m_body.insert(QLatin1String(name), QJsonValue(shortened(value)));
    }

private:
    static double shortened(double value) { return value; }
    static double shortened(float value) {
        return QString::number(value, 'g', 6).toDouble();
    } // 0.7, not 0.69999…
    static qint64 shortened(quint32 value) { return value; }
    QJsonObject& m_body;
};

void addSampling(QJsonObject& body, const engine::SamplingParams& params, ServerKind server) {
    const engine::SamplingParams usual;
    Sampling sampling(body);
    sampling.add("temperature", params.temperature, usual.temperature);
    sampling.add("top_p", params.topP, usual.topP);
    sampling.add("presence_penalty", params.presencePenalty, usual.presencePenalty);
    sampling.add("frequency_penalty", params.frequencyPenalty, usual.frequencyPenalty);
    if (params.seed) body.insert(QStringLiteral("seed"), static_cast<qint64>(*params.seed & 0x7fffffff));
    if (server == ServerKind::Plain) return;
    sampling.add("top_k", params.topK, usual.topK);
    sampling.add("min_p", params.minP, usual.minP);
    if (server == ServerKind::Vllm) {
        sampling.add("repetition_penalty", params.repetitionPenalty, usual.repetitionPenalty);
        return;
    }
    sampling.add("repeat_penalty", params.repetitionPenalty, usual.repetitionPenalty);
    sampling.add("repeat_last_n", params.penaltyWindow, usual.penaltyWindow);
    sampling.add("typical_p", params.typicalP, usual.typicalP);
    sampling.add("dry_multiplier", params.dryMultiplier, usual.dryMultiplier);
    sampling.add("dry_base", params.dryBase, usual.dryBase);
    sampling.add("dry_allowed_length", params.dryAllowedLength, usual.dryAllowedLength);
    sampling.add("xtc_probability", params.xtcProbability, usual.xtcProbability);
    sampling.add("xtc_threshold", params.xtcThreshold, usual.xtcThreshold);
    if (!params.mirostat) return;
    body.insert(QStringLiteral("mirostat"), 2);
    sampling.add("mirostat_tau", params.mirostatTau, usual.mirostatTau);
    sampling.add("mirostat_eta", params.mirostatEta, usual.mirostatEta);
}

} // namespace

QByteArray chatBody(const engine::GenerationRequest& request, const QString& model, ServerKind server) {
    QJsonObject usage{{QStringLiteral("include_usage"), true}};
    if (server == ServerKind::Vllm) usage.insert(QStringLiteral("continuous_usage_stats"), true);
    QJsonObject body{{QStringLiteral("model"), model},
                     {QStringLiteral("messages"), messages(request)},
                     {QStringLiteral("stream"), true},
                     {QStringLiteral("stream_options"), usage}};
    if (!request.answerSoFar.empty()) continueAnswer(body, server);
    if (request.maxTokens) body.insert(QStringLiteral("max_tokens"), static_cast<qint64>(request.maxTokens));
    QJsonArray stops;
    for (const std::string& stop : request.stopStrings)
        stops.append(QString::fromStdString(stop));
    if (!stops.isEmpty()) body.insert(QStringLiteral("stop"), stops);
    addSampling(body, request.sampling, server);
    if (server == ServerKind::LlamaServer) {
        body.insert(QStringLiteral("timings_per_token"), true);
        body.insert(QStringLiteral("return_progress"), true);
    }
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

} // namespace altiplano::app
