#pragma once

#include "engine_port.h"
#include "message_model.h"
#include "model_controller.h"

#include <QObject>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// One conversation: sends what the user writes to the engine, takes in the answer, and has its numbers. A
/// message that is sent while the model still loads waits for it. GUI thread only.
class ChatController : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(MessageModel* messages READ messages CONSTANT)
    Q_PROPERTY(QString title READ title NOTIFY changed)
    Q_PROPERTY(bool busy READ busy NOTIFY changed)
    Q_PROPERTY(bool canSend READ canSend NOTIFY changed)
    Q_PROPERTY(bool canBringBack READ canBringBack NOTIFY changed)
    Q_PROPERTY(double tokensPerSecond READ tokensPerSecond NOTIFY numbersChanged)
    Q_PROPERTY(double firstTokenSeconds READ firstTokenSeconds NOTIFY numbersChanged)
    Q_PROPERTY(int contextUsed READ contextUsed NOTIFY numbersChanged)
    Q_PROPERTY(bool readingLong READ readingLong NOTIFY numbersChanged)
    Q_PROPERTY(int promptDone READ promptDone NOTIFY numbersChanged)
    Q_PROPERTY(int promptTotal READ promptTotal NOTIFY numbersChanged)
public:
    ChatController(EnginePort& engine, ModelController& model, QObject* parent = nullptr);

    Q_INVOKABLE void send(const QString& text);
    Q_INVOKABLE void stop();
    Q_INVOKABLE void regenerate(); ///< the last answer, anew
    Q_INVOKABLE void newChat();
    Q_INVOKABLE void bringBack(); ///< undoes newChat, until something is sent

    MessageModel* messages() { return &m_messages; }
    QString title() const; ///< the start of the first message; empty: nothing was said yet
    bool busy() const { return m_answering; }
    bool canSend() const;
    bool canBringBack() const { return !m_previous.empty(); }
    double tokensPerSecond() const { return m_tokensPerSecond; }     ///< 0: not known yet
    double firstTokenSeconds() const { return m_firstTokenSeconds; } ///< 0: not known yet
    int contextUsed() const { return m_contextUsed; }
    bool readingLong() const { return m_readingLong; } ///< the prompt takes long enough to say so
    int promptDone() const { return m_promptDone; }
    int promptTotal() const { return m_promptTotal; }

signals:
    void changed();
    void numbersChanged();

private:
    void ask();
    void submit();
    engine::GenerationRequest request();
    void close(MessageModel::State state, const QString& error = {});
    void clearNumbers();

    void onModelChanged();
    void onAnswered(RequestId id, const AnswerUpdate& update);
    void onDropped(RequestId id, const engine::events::Dropped& what);
    void onFinished(RequestId id, const engine::events::Finished& result);
    void onFailed(RequestId id, const engine::events::Failed& failure);

    EnginePort& m_engine;
    ModelController& m_model;
    MessageModel m_messages;
    std::vector<MessageModel::Message> m_previous; ///< the chat before newChat
    int m_previousContextUsed = 0;
    std::vector<int> m_rowAfter; ///< of each message in the request: the row that follows what it holds
    RequestId m_request = 0;     ///< 0: not submitted (yet)
    bool m_answering = false;
    double m_tokensPerSecond = 0;
    double m_firstTokenSeconds = 0;
    int m_contextUsed = 0;
    int m_promptDone = 0;
    int m_promptTotal = 0;
    bool m_readingLong = false;
    QTimer m_readingTimer;
};

} // namespace altiplano::app
