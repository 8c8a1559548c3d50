#pragma once

#include "answer_numbers.h"
#include "chats/chat_list_model.h"
#include "engine_port.h"
#include "message_model.h"
#include "model_controller.h"
#include "open_answers.h"
#include "title_writer.h"

#include <QJsonObject>
#include <QObject>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

class PresetModel;

/// The chat on the page: sends what the user writes to the engine, takes in the answers, and has their
/// numbers. An answer goes on when another chat is opened. A message that is sent while the model still loads
/// waits for it. What was written is stored before the engine starts, and its answer twice a second. GUI
/// thread only.
class ChatController : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(MessageModel* messages READ messages CONSTANT)
    Q_PROPERTY(qint64 chatId READ chatId NOTIFY changed)
    Q_PROPERTY(QString title READ title WRITE setTitle NOTIFY changed)
    Q_PROPERTY(bool dropsOldest READ dropsOldest WRITE setDropsOldest NOTIFY changed)
    Q_PROPERTY(bool busy READ busy NOTIFY changed)
    Q_PROPERTY(bool canSend READ canSend NOTIFY changed)
    Q_PROPERTY(bool canContinue READ canContinue NOTIFY changed)
    Q_PROPERTY(QString refusedEndpoint READ refusedEndpoint NOTIFY changed)
    Q_PROPERTY(double tokensPerSecond READ tokensPerSecond NOTIFY numbersChanged)
    Q_PROPERTY(double firstTokenSeconds READ firstTokenSeconds NOTIFY numbersChanged)
    Q_PROPERTY(int contextUsed READ contextUsed NOTIFY numbersChanged)
    Q_PROPERTY(bool readingLong READ readingLong NOTIFY numbersChanged)
    Q_PROPERTY(int promptDone READ promptDone NOTIFY numbersChanged)
    Q_PROPERTY(int promptTotal READ promptTotal NOTIFY numbersChanged)
public:
    /// All outlive it.
    ChatController(EnginePort& engine, ModelController& model, ChatStore& store, ChatListModel& chats,
                   const PresetModel& presets, QObject* parent = nullptr);
    ~ChatController() override; ///< stores what has come of the answers

    Q_INVOKABLE void send(const QString& text);
    Q_INVOKABLE void stop();
    Q_INVOKABLE void regenerate(int row = -1); ///< that answer (-1: the last one) anew, as another branch
    Q_INVOKABLE void continueAnswer();         ///< the last one, if it was stopped or cut, from where it ends
    Q_INVOKABLE void resume();        ///< goes on with the last answer, which broke off, or asks for it anew
    Q_INVOKABLE void forgetRefusal(); ///< the endpoint was edited
    Q_INVOKABLE void edit(int row,
                          const QString& text);       ///< asks that question differently, as another branch
    Q_INVOKABLE void showBranch(int row, int branch); ///< another branch of that message (0..branchCount-1)
    Q_INVOKABLE void newChat();
    /// Shows a chat, at its newest message or on the branch of the one given.
    Q_INVOKABLE void openChat(qint64 id, qint64 message = 0);

    Q_INVOKABLE QString markdown() const; ///< what is shown, for the clipboard

    MessageModel* messages() { return &m_messages; }
    TitleWriter& titles() { return m_titles; }
    qint64 chatId() const { return m_chat; } ///< 0: nothing was said yet
    QString title() const;                   ///< empty: nothing was said yet
    void setTitle(const QString& title);
    /// When the context is full, the model no longer sees the oldest messages; else the answer ends there.
    bool dropsOldest() const;
    void setDropsOldest(bool drops);
    /// What was chosen for this chat (see ChatSettings); the next answer is given with it.
    QJsonObject settings() const;
    void setSettings(const QJsonObject& settings);
    bool busy() const { return m_answers.in(m_chat) != nullptr; }
    bool answering() const { return !m_answers.empty(); } ///< here or in another chat
    bool canSend() const;
    bool canContinue() const;
    /// The endpoint whose server wanted another key for the last answer; empty: none.
    QString refusedEndpoint() const { return m_refusedEndpoint; }
    double tokensPerSecond() const { return m_numbers.tokensPerSecond(); } ///< see AnswerNumbers
    double firstTokenSeconds() const { return m_numbers.firstTokenSeconds(); }
    int contextUsed() const { return m_numbers.contextUsed(); }
    bool readingLong() const { return m_numbers.readingLong(); }
    int promptDone() const { return m_numbers.promptDone(); }
    int promptTotal() const { return m_numbers.promptTotal(); }

signals:
    void changed();
    void numbersChanged();
    void answerBegan();
    void answerEnded(int state,
                     const QString& elsewhere); ///< a turn::State; the title of a chat not on the page
    void messageFound(int row);                 ///< a chat was opened at this message

private:
    void ask(MessageId parent, std::vector<MessageRecord> stored = {});
    void begin(OpenAnswer answer, std::vector<MessageRecord> stored);
    void buildRequest(OpenAnswer& answer) const;
    void considerTitle(const MessageRecord& answer);
    void submitWaiting();
    void close(OpenAnswer& answer, turn::State state, const QString& error = {});
    void saveAnswers();
    void onRead(ChatId id, MessageId message, std::vector<MessageRecord> messages);
    void setChat(ChatId id);
    ChatRecord touched() const;

    void onModelChanged();
    void onRecordChanged(ChatId id);
    void onAnswered(RequestId id, const AnswerUpdate& update);
    void onDropped(RequestId id, const engine::events::Dropped& what);
    void onFinished(RequestId id, const engine::events::Finished& result);
    void onFailed(RequestId id, const engine::events::Failed& failure);

    EnginePort& m_engine;
    ModelController& m_model;
    ChatStore& m_store;
    ChatListModel& m_chats;
    const PresetModel& m_presets;
    MessageModel m_messages;
    TitleWriter m_titles;
    ChatId m_chat = 0;
    QString m_refusedEndpoint;
    QJsonObject m_newSettings;     ///< of the chat that begins with the next message
    ChatId m_opening = 0;          ///< being read
    ChatId m_deletedOnThePage = 0; ///< comes back to it when that is undone
    OpenAnswers m_answers;
    QTimer m_saveTimer;
    AnswerNumbers m_numbers; ///< of the answer on the page
};

} // namespace altiplano::app
