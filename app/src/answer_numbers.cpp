#include "answer_numbers.h"

#include <chrono>

namespace altiplano::app {

namespace {

constexpr std::chrono::milliseconds kLongReading{500};
constexpr double kNsPerSecond = 1e9;

} // namespace

AnswerNumbers::AnswerNumbers(QObject* parent) : QObject(parent) {
    m_reading.setSingleShot(true);
    m_reading.setInterval(kLongReading);
    connect(&m_reading, &QTimer::timeout, this, [this] {
        m_readingLong = true;
        emit changed();
    });
}

void AnswerNumbers::take(const AnswerUpdate& update) {
    m_promptDone = static_cast<int>(update.promptDone);
    m_promptTotal = static_cast<int>(update.promptTotal);
    m_firstTokenSeconds = static_cast<double>(update.firstTokenNs) / kNsPerSecond;
    if (update.tokens > 1 && update.decodeNs > 0)
        m_tokensPerSecond = (update.tokens - 1) * kNsPerSecond / static_cast<double>(update.decodeNs);
    if (update.contextUsed) m_contextUsed = static_cast<int>(update.contextUsed);
    if (update.tokens) stopReading();
    emit changed();
}

void AnswerNumbers::clear(int contextUsed) {
    m_tokensPerSecond = m_firstTokenSeconds = 0;
    m_promptDone = m_promptTotal = 0;
    m_contextUsed = contextUsed;
    stopReading();
    emit changed();
}

void AnswerNumbers::submitted() {
    m_reading.start();
}

void AnswerNumbers::over() {
    stopReading();
    emit changed();
}

void AnswerNumbers::stopReading() {
    m_reading.stop();
    m_readingLong = false;
}

} // namespace altiplano::app
