#pragma once

#include "engine_port.h"

#include <QObject>
#include <QTimer>

namespace altiplano::app {

/// How far the answer on the page is, in numbers. GUI thread only.
class AnswerNumbers : public QObject {
    Q_OBJECT
public:
    explicit AnswerNumbers(QObject* parent = nullptr);

    void take(const AnswerUpdate& update);
    void clear(int contextUsed); ///< nothing is known of the next answer yet
    void submitted();            ///< its prompt is about to be read
    void over();

    double tokensPerSecond() const { return m_tokensPerSecond; }     ///< 0: not known yet
    double firstTokenSeconds() const { return m_firstTokenSeconds; } ///< 0: not known yet
    int contextUsed() const { return m_contextUsed; }
    bool readingLong() const { return m_readingLong; } ///< the prompt takes long enough to say so
    int promptDone() const { return m_promptDone; }
    int promptTotal() const { return m_promptTotal; }

signals:
    void changed();

private:
    void stopReading();

    double m_tokensPerSecond = 0;
    double m_firstTokenSeconds = 0;
    int m_contextUsed = 0;
    int m_promptDone = 0;
    int m_promptTotal = 0;
    bool m_readingLong = false;
    QTimer m_reading;
};

} // namespace altiplano::app
