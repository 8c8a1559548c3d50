#pragma once

#include "engine_port.h"

#include <QJsonObject>
#include <QString>

#include <optional>

namespace altiplano::app {

/// Puts an answer together from the chat.completion.chunk objects of a stream (or the one chat.completion of
/// a server that does not stream). Counts that the server does not give stay 0: not known. Times are given in
/// nanoseconds since the request.
class AnswerReader {
public:
    void read(const QJsonObject& chunk, qint64 nowNs);

    /// The text that came since the last call, never half a character. Thoughts stand between <think> tags.
    QString takeText();
    /// The answer is whole: a thought without words after it ends, too.
    void end();

    /// The numbers so far; no text.
    const AnswerUpdate& numbers() const { return m_numbers; }
    bool hasText() const { return m_numbers.firstTokenNs > 0; }

    std::optional<engine::FinishReason> reason() const { return m_reason; }
    bool filtered() const { return m_filtered; } ///< a content filter ended the answer
    engine::GenerationTimings timings() const;

private:
    void readChoice(const QJsonObject& choice, qint64 nowNs);
    void readNumbers(const QJsonObject& chunk);
    void append(const QString& text, bool thought, qint64 nowNs);

    enum Part { Nothing, Thought, Words };
    Part m_part = Nothing;
    QString m_text;
    AnswerUpdate m_numbers;
    quint32 m_promptTokens = 0, m_cachedTokens = 0;
    std::optional<engine::FinishReason> m_reason;
    bool m_filtered = false;
    bool m_sawThought = false;
};

} // namespace altiplano::app
