#pragma once

#include "appearance.h"
#include "chat_controller.h"
#include "model_controller.h"
#include "performance_model.h"

#include <QObject>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// Everything that QML gets from C++.
class AppContext : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(ChatController* chat READ chat CONSTANT)
    Q_PROPERTY(ModelController* model READ model CONSTANT)
    Q_PROPERTY(PerformanceModel* performance READ performance CONSTANT)
    Q_PROPERTY(Appearance* appearance READ appearance CONSTANT)
public:
    AppContext(EnginePort& engine, Settings& settings)
        : m_model(engine, settings), m_chat(engine, m_model), m_performance(engine) {}

    ChatController* chat() { return &m_chat; }
    ModelController* model() { return &m_model; }
    PerformanceModel* performance() { return &m_performance; }
    Appearance* appearance() { return &m_appearance; }

    Q_INVOKABLE static void copy(const QString& text); ///< to the clipboard

private:
    Appearance m_appearance;
    ModelController m_model;
    ChatController m_chat;
    PerformanceModel m_performance;
};

} // namespace altiplano::app
