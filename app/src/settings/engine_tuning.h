#pragma once

#include "settings/settings.h"

#include <QTimer>

namespace altiplano::app {

class ChatController;
class ModelController;

/// Loads the model again when it was changed how models run: a moment after the last change, and not before
/// the answers that are under way have ended. GUI thread only.
class EngineTuning : public QObject {
    Q_OBJECT
public:
    EngineTuning(Settings& settings, ModelController& model, ChatController& chat, QObject* parent = nullptr);

private:
    void apply();

    ModelController& m_model;
    ChatController& m_chat;
    QTimer m_moment;
    bool m_due = false;
};

} // namespace altiplano::app
