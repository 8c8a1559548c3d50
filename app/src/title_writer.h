#pragma once

#include "chats/chat_list_model.h"
#include "engine_port.h"
#include "model_controller.h"

#include <QObject>
#include <QTimer>

#include <set>

namespace altiplano::app {

/// Has the model find a title for a chat that still goes by its first words: once, when the engine has been
/// idle for a while, with the conversation the engine has read already, so that it costs a few dozen tokens;
/// given up as soon as the engine is wanted. Models below half a billion parameters are not asked: they talk
/// about the conversation instead of naming it. GUI thread only.
class TitleWriter : public QObject {
    Q_OBJECT
public:
    TitleWriter(EnginePort& engine, const ModelController& model, ChatListModel& chats,
                QObject* parent = nullptr);

    /// This conversation has just got an answer.
    void consider(ChatId chat, std::vector<engine::ChatMessage> conversation);
    void giveUp(); ///< the engine is wanted

    static constexpr int kRoomTokens = 256; ///< the context must have for the question and the title

    /// The title in what the model wrote; empty: there is none.
    static QString titleIn(const QString& answer);

signals:
    void submitted(altiplano::app::RequestId id); ///< an answer that is none of the chat's

private:
    void submit();
    void onEnded(RequestId id, bool whole);

    EnginePort& m_engine;
    const ModelController& m_model;
    ChatListModel& m_chats;
    QTimer m_idle;
    ChatId m_chat = 0;
    std::vector<engine::ChatMessage> m_conversation;
    RequestId m_request = 0;
    QString m_answer;
    std::set<ChatId> m_asked;
};

} // namespace altiplano::app
