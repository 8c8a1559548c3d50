#include "settings/engine_tuning.h"

#include "chat_controller.h"
#include "model_controller.h"

#include <chrono>

namespace altiplano::app {

namespace {

constexpr std::chrono::milliseconds kMoment{400};

} // namespace

EngineTuning::EngineTuning(Settings& settings, ModelController& model, ChatController& chat, QObject* parent)
    : QObject(parent), m_model(model), m_chat(chat) {
    m_moment.setSingleShot(true);
    m_moment.setInterval(kMoment);
    connect(&settings, &Settings::changed, this, [this](const QString& key) {
        if (key.startsWith(QLatin1String("engine/"))) m_moment.start();
    });
    connect(&m_moment, &QTimer::timeout, this, [this] {
        m_due = true;
        apply();
    });
    connect(&chat, &ChatController::changed, this, &EngineTuning::apply);
}

void EngineTuning::apply() {
    if (!m_due || m_chat.answering()) return;
    m_due = false;
    m_model.applySettings();
}

} // namespace altiplano::app
