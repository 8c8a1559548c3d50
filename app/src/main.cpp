#include "local_engine.h"
#include "main_window.h"

#include <QCommandLineParser>
#include <QGuiApplication>

#include <cstdio>

using namespace altiplano;

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

    app::Settings settings;
    app::LocalEngine engine;
    app::MainWindow window(engine, settings);
    if (!window.window()) return 1;
    window.show(arguments.positionalArguments().value(0));
    return QGuiApplication::exec();
}
