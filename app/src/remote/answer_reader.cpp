#include "answer_reader.h"

#include <QJsonArray>

#include <utility>

namespace altiplano::app {

namespace {

quint32 count(const QJsonValue& value) {
    const double number = value.toDouble();
    return number > 0 && number < 4e9 ? static_cast<quint32>(number) : 0;
}

/// Of a delta, or of a whole message. Servers disagree on the name.
QString thoughtIn(const QJsonObject& message) {
    const QString thought = message.value(QStringLiteral("reasoning_content")).toString();
    return thought.isEmpty() ? message.value(QStringLiteral("reasoning")).toString() : thought;
}

} // namespace

void AnswerReader::read(const QJsonObject& chunk, qint64 nowNs) {
    const QJsonArray choices = chunk.value(QStringLiteral("choices")).toArray();
    if (!choices.isEmpty()) readChoice(choices.first().toObject(), nowNs);
    readNumbers(chunk);
}

void AnswerReader::readChoice(const QJsonObject& choice, qint64 nowNs) {
    const QJsonObject delta = choice.value(QStringLiteral("delta")).toObject();
    const QJsonObject& message = delta.isEmpty() ? choice.value(QStringLiteral("message")).toObject() : delta;
    append(thoughtIn(message), true, nowNs);
    append(message.value(QStringLiteral("content")).toString(), false, nowNs);
    append(message.value(QStringLiteral("refusal")).toString(), false, nowNs);
    const QString reason = choice.value(QStringLiteral("finish_reason")).toString();
    if (reason.isEmpty()) return;
    m_filtered = reason == QStringLiteral("content_filter");
    m_reason =
        reason == QStringLiteral("length") ? engine::FinishReason::Length : engine::FinishReason::EndOfTurn;
}

void AnswerReader::append(const QString& text, bool thought, qint64 nowNs) {
    if (text.isEmpty()) return;
    if (m_numbers.firstTokenNs == 0) m_numbers.firstTokenNs = std::max<qint64>(1, nowNs);
    m_numbers.decodeNs = nowNs - m_numbers.firstTokenNs;
    const Part part = thought ? Thought : Words;
    const Part before = std::exchange(m_part, part);
    if (part == Thought && before != Thought) m_text += QStringLiteral("<think>\n");
    if (part == Words && before == Thought) m_text += QStringLiteral("\n</think>\n\n");
    m_sawThought = m_sawThought || thought;
    m_text += text;
}

void AnswerReader::readNumbers(const QJsonObject& chunk) {
    const QJsonObject progress = chunk.value(QStringLiteral("prompt_progress")).toObject();
    if (!progress.isEmpty()) {
        m_numbers.promptTotal = count(progress.value(QStringLiteral("total")));
        m_numbers.promptDone =
            std::min(m_numbers.promptTotal, count(progress.value(QStringLiteral("processed"))));
    }
    if (const quint32 tokens =
            count(chunk.value(QStringLiteral("timings")).toObject().value(QStringLiteral("predicted_n"))))
        m_numbers.tokens = tokens;
    const QJsonObject usage = chunk.value(QStringLiteral("usage")).toObject();
    if (usage.isEmpty()) return;
    m_promptTokens = count(usage.value(QStringLiteral("prompt_tokens")));
    m_cachedTokens = count(usage.value(QStringLiteral("prompt_tokens_details"))
                               .toObject()
                               .value(QStringLiteral("cached_tokens")));
    const quint32 generated = count(usage.value(QStringLiteral("completion_tokens")));
    const quint32 thoughts = count(usage.value(QStringLiteral("completion_tokens_details"))
                                       .toObject()
                                       .value(QStringLiteral("reasoning_tokens")));
    // Thoughts that the server keeps to itself took no part of the time that is measured here.
    m_numbers.tokens = m_sawThought || thoughts > generated ? generated : generated - thoughts;
    m_numbers.contextUsed = m_promptTokens + generated;
}

QString AnswerReader::takeText() {
    const bool half = !m_text.isEmpty() && m_text.back().isHighSurrogate();
    QString rest = half ? QString(m_text.back()) : QString();
    if (half) m_text.chop(1);
    return std::exchange(m_text, std::move(rest));
}

void AnswerReader::end() {
    if (std::exchange(m_part, Nothing) == Thought) m_text += QStringLiteral("\n</think>\n\n");
}

engine::GenerationTimings AnswerReader::timings() const {
    engine::GenerationTimings timings;
    timings.promptTokens = m_promptTokens;
    timings.reusedTokens = m_cachedTokens;
    timings.decodeTokens = m_numbers.tokens;
    timings.firstTokenNs = m_numbers.firstTokenNs;
    timings.decodeNs = m_numbers.decodeNs;
    return timings;
}

} // namespace altiplano::app
