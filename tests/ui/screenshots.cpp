// altiplano_screenshots FOLDER: pictures of the real window over the scripted engine, for docs/screenshots.
#include "main_window.h"
#include "scripted_engine.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFont>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QQuickWindow>
#include <QTemporaryDir>

#include <cstdio>
#include <functional>

using namespace altiplano;
using namespace altiplano::app;

namespace {

const QString kModel = QStringLiteral("SmolLM2-135M-Instruct.Q4_1.gguf");
const QString kQuestion = QStringLiteral("How do I reverse a list in Python?");
const QString kAnswer = QStringLiteral(
    "There are two good ways, and they differ in what happens to the list that you have.\n\n"
    "The method reverse() turns the list around in place and returns nothing. Use it when you no "
    "longer need the old order:\n\n"
    "```python\nplaces = [\"Puno\", \"Oruro\", \"Uyuni\"]\nplaces.reverse()\nprint(places)  # "
    "['Uyuni', 'Oruro', 'Puno']\n```\n"
    "A slice with a step of minus one gives you a new list and leaves the first as it is. It reads "
    "well inside a longer expression:\n\n"
    "```python\nbackwards = places[::-1]\n```\n"
    "For going through the items once, reversed(places) copies nothing at all.");
const QString kLongPrompt =
    QStringLiteral("And what if the list is very long, so long that I would rather not copy it?");

void waitFor(const std::function<bool()>& reached, int settleMs = 250) {
    QElapsedTimer clock;
    for (clock.start(); !reached() && clock.elapsed() < 10'000;)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    for (clock.start(); clock.elapsed() < settleMs;)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
}

struct Stage {
    explicit Stage(const char* scheme) : settings(folder.filePath(QStringLiteral("settings.ini"))) {
        qputenv("ALTIPLANO_COLOR_SCHEME", scheme);
        window = std::make_unique<MainWindow>(engine, settings);
    }

    void open(const QString& model = kModel) {
        window->show(model);
        waitFor([this] { return !engine.loads().isEmpty(); }, 0);
        waitFor([this] { return window->context().model()->state() != ModelController::Loading; });
    }
    void say(const QString& text, const std::function<bool()>& until) {
        window->context().chat()->send(text);
        waitFor(until);
    }
    bool idle() { return !window->context().chat()->busy(); }

    QTemporaryDir folder;
    Settings settings;
    ScriptedEngine engine;
    std::unique_ptr<MainWindow> window;
};

void conversation(Stage& stage) {
    stage.engine.setAnswers({{kAnswer, 118, 41, 190}});
    stage.open();
    stage.say(kQuestion, [&] { return stage.idle(); });
}

void streaming(Stage& stage) {
    stage.engine.setAnswers({{kAnswer, 104, 41, 190}});
    stage.open();
    stage.say(kQuestion,
              [&] { return stage.window->context().chat()->messages()->text(1).contains(u"Use it when"); });
}

void reading(Stage& stage) {
    stage.engine.setAnswers({{kAnswer, 2000, 41, 190}, {kAnswer, 104, 4100, 4000}});
    stage.open();
    stage.say(kQuestion, [&] { return stage.idle(); });
    stage.say(kLongPrompt, [&] { return stage.window->context().chat()->promptDone() > 3000; });
}

void empty(Stage& stage) {
    stage.open();
}

void loading(Stage& stage) {
    stage.engine.setLoadMs(3000);
    stage.window->show(kModel);
    waitFor([&] { return stage.window->context().model()->progress() > 0.55; }, 0);
}

void error(Stage& stage) {
    stage.engine.refuse(
        QStringLiteral("holiday-notes.gguf"),
        {engine::ErrorCode::BadFile,
         "holiday-notes.gguf: not a GGUF file: it begins with \"Dear\" where \"GGUF\" should be"});
    conversation(stage);
    stage.window->context().model()->open(QStringLiteral("holiday-notes.gguf"));
    waitFor([&] { return stage.window->context().model()->problem() != ModelController::NoProblem; });
}

void brokenAnswer(Stage& stage) {
    ScriptedEngine::Answer broken{kAnswer, 200, 41, 190};
    broken.failAfterTokens = 30;
    broken.failure = {engine::ErrorCode::Device,
                      "The GPU went away, as it does after suspend. Load the model again."};
    stage.engine.setAnswers({broken});
    stage.open();
    stage.say(kQuestion, [&] { return stage.idle(); });
}

void first(Stage& stage) {
    stage.window->show({});
    waitFor([] { return false; });
}

struct Picture {
    const char* name;
    const char* scheme;
    void (*scene)(Stage&);
};

constexpr Picture kPictures[] = {
    {"light", "light", conversation},
    {"dark", "dark", conversation},
    {"streaming", "dark", streaming},
    {"reading", "light", reading},
    {"error", "light", error},
    {"error-dark", "dark", error},
    {"empty", "light", empty},
    {"empty-dark", "dark", empty},
    {"loading", "light", loading},
    {"no-model", "dark", first},
    {"broken-off", "dark", brokenAnswer},
};

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: altiplano_screenshots FOLDER [NAME...]\n", stderr);
        return 2;
    }
    const QTemporaryDir nothing; // no starter model and no settings of this machine
    qputenv("XDG_CACHE_HOME", nothing.path().toLocal8Bit());
    qputenv("ALTIPLANO_STARTER_MODEL", nothing.filePath(kModel).toLocal8Bit());
    QGuiApplication application(argc, argv);
    setUpApplication();
    if (QFontDatabase::families().contains(QStringLiteral("Inter")))
        QGuiApplication::setFont(QFont(QStringLiteral("Inter"), 10));

    const QDir folder(QString::fromLocal8Bit(argv[1]));
    const QStringList wanted = QGuiApplication::arguments().mid(2);
    for (const Picture& picture : kPictures) {
        const QString name = QString::fromLatin1(picture.name);
        if (!wanted.isEmpty() && !wanted.contains(name)) continue;
        Stage stage(picture.scheme);
        picture.scene(stage);
        if (!stage.window->window()->grabWindow().save(folder.filePath(name + QStringLiteral(".png")))) {
            std::fprintf(stderr, "altiplano_screenshots: cannot write %s.png\n", picture.name);
            return 1;
        }
    }
    return 0;
}
