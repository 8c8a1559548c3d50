#include "local_engine.h"
#include "main_window.h"
#include "quit_signals.h"

#include <QCommandLineParser>
#include <QFileInfo>
#include <QGuiApplication>

#include <cstdio>
#include <optional>
#include <stdexcept>

using namespace altiplano;

namespace {

/// What the desktop gave this process so that its window may take the focus.
QString activationToken() {
    const QString token = qEnvironmentVariable("XDG_ACTIVATION_TOKEN");
    return token.isEmpty() ? qEnvironmentVariable("DESKTOP_STARTUP_ID") : token;
}

} // namespace

int main(int argc, char** argv) {
    // Qt ends the process where it finds no display; a sentence is better.
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") &&
        qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
        std::fputs("altiplano: there is no display; altiplano-cli chat works in a terminal\n", stderr);
        return 1;
    }
    QGuiApplication application(argc, argv);
    app::setUpApplication();

    QCommandLineParser arguments;
    arguments.setApplicationDescription(
        QStringLiteral("Chat with a language model that runs on this computer."));
    arguments.addHelpOption();
    arguments.addVersionOption();
    arguments.addPositionalArgument(QStringLiteral("FILE.gguf"), QStringLiteral("The model to open."),
                                    QStringLiteral("[FILE.gguf]"));
    arguments.process(application);

    const QString given = arguments.positionalArguments().value(0);
    const QString file = given.isEmpty() ? given : QFileInfo(given).absoluteFilePath();

    app::Settings settings;
    app::SingleInstance instance(settings.dataFolder());
    if (!instance.isFirst()) {
        if (instance.tellFirst({file, activationToken()})) return 0;
        std::fputs("altiplano: it is running already, but does not answer\n", stderr);
        return 1;
    }
    const app::QuitSignals quitSignals;
    app::LocalEngine engine;
    std::optional<app::MainWindow> window;
    try {
        window.emplace(engine, settings);
    } catch (const std::runtime_error& error) {
        std::fprintf(stderr, "altiplano: %s\n", error.what());
        return 1;
    }
    QObject::connect(&instance, &app::SingleInstance::startedAgain, &window->context(),
                     [&](const app::SingleInstance::Start& start) { window->comeForward(start); });
    window->show(file);
    return QGuiApplication::exec();
}
