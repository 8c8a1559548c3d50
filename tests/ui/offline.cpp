// altiplano-offline: the real window over the scripted engine, for work on the window without any model.
#include "main_window.h"
#include "scripted_engine.h"
#include "window_program.h"

#include <QGuiApplication>
#include <QQuickWindow>
#include <QTemporaryDir>

using namespace altiplano::app;

int main(int argc, char** argv) {
    const QGuiApplication application(argc, argv);
    setUpApplication();
    const QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("settings.ini")));
    ScriptedEngine engine;
    engine.refuse(QStringLiteral("broken.gguf"),
                  {altiplano::engine::ErrorCode::BadFile, "broken.gguf: not a GGUF file"});
    engine.setAnswers(
        {{QStringLiteral("Any text will do.\n\nThis engine has no model: it plays what it was given.\n\n"
                         "```python\nprint(\"so there is code, too\")\n```\nAnd that was all.")},
         {QStringLiteral("One word after the other. ").repeated(80) +
              QStringLiteral("\n\nSecond paragraph, which ends the answer."),
          300}});
    return windowProgram("altiplano-offline", [&] {
        MainWindow window(engine, settings);
        window.show(QStringLiteral("SmolLM2-135M-Instruct.Q4_1.gguf"));
        window.window()->requestActivate(); // where no window manager does
        return QGuiApplication::exec();
    });
}
