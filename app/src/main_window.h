#pragma once

#include "app_context.h"
#include "single_instance.h"

#include <QQmlApplicationEngine>
#include <QUrl>

class QQuickWindow;

namespace altiplano::app {

/// The window with its view-models, over whichever engine it is given. Remembers its size.
class MainWindow {
public:
    /// `keys`: the system's keyring, if null. Throws std::runtime_error with a sentence where the page cannot
    /// be loaded.
    MainWindow(EnginePort& engine, Settings& settings,
               const QUrl& page = QUrl(QStringLiteral("qrc:/Altiplano/Ui/Main.qml")),
               std::unique_ptr<KeyStore> keys = nullptr);
    ~MainWindow();

    QQuickWindow* window() const { return m_window; }
    AppContext& context() { return m_context; }

    /// Shows the window and, once it is on the screen, opens the first model (see
    /// ModelController::openFirst).
    void show(const QString& modelPath);

    /// The app was started again: raises the window and opens the file, if one was given.
    void comeForward(const SingleInstance::Start& start);

private:
    Settings& m_settings;
    AppContext m_context;
    QQmlApplicationEngine m_qml;
    QQuickWindow* m_window = nullptr;
};

/// Name, version, icon, desktop id and renderer of the application; before any window.
void setUpApplication();

} // namespace altiplano::app
