// altiplano_screenshots FOLDER [NAME...]: pictures of the real window, for docs/screenshots. In Inter where
// that font is installed (Debian: fonts-inter), else in the system's.
#include "downloads/part_file.h"
#include "local_engine.h"
#include "main_window.h"
#include "recorded_gpu.h"
#include "sample_answer.h"
#include "scripted_engine.h"
#include "timeline_plot.h"
#include "window_program.h"

#include "support/tiny_model.h"

#include <QDateTime>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFont>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTimer>
#include <QUrl>

#include <cstdio>
#include <functional>

using namespace altiplano;
using namespace altiplano::app;

namespace {

const QString kModel = QStringLiteral("SmolLM2-135M-Instruct.Q4_1.gguf");
const QString kQuestion = QStringLiteral("How do I reverse a list in Python?");
const QString kLongPrompt =
    QStringLiteral("And what if the list is very long, so long that I would rather not copy it?");

/// Sleeps between events: the engine wants the cores.
void waitFor(const std::function<bool()>& reached, int settleMs = 250) {
    QElapsedTimer clock;
    QTimer tick; // so that there is always a next event
    tick.start(10);
    for (clock.start(); !reached() && clock.elapsed() < 120'000;)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    for (clock.start(); clock.elapsed() < settleMs;)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

/// Pictures with figures in them are of the real engine and the starter model, so that every figure was
/// measured; the others play a script.
struct Stage {
    explicit Stage(const char* scheme, const QString& model)
        : settings(folder.filePath(QStringLiteral("settings.ini"))), modelPath(model) {
        qputenv("ALTIPLANO_COLOR_SCHEME", scheme);
    }

    void begin(EnginePort& engine) { window = std::make_unique<MainWindow>(engine, settings); }
    void open(const QString& path) {
        window->show(path);
        waitFor([this] { return model().state() == ModelController::Ready; });
    }
    void say(const QString& text, const std::function<bool()>& until) {
        chat().send(text);
        waitFor(until, 0);
    }
    ChatController& chat() { return *window->context().chat(); }
    ModelController& model() { return *window->context().model(); }

    QTemporaryDir folder;
    Settings settings;
    QString modelPath;
    ScriptedEngine scripted;
    LocalEngine local;
    std::unique_ptr<MainWindow> window; ///< last: it uses all of the above
};

void settle() {
    waitFor([] { return true; }, 400);
}

void conversation(Stage& stage) {
    stage.begin(stage.local);
    stage.open(stage.modelPath);
    stage.say(kQuestion, [&] { return !stage.chat().busy(); });
    settle();
}

void streaming(Stage& stage) {
    stage.begin(stage.local);
    stage.open(stage.modelPath);
    stage.say(kQuestion, [&] { return stage.chat().messages()->text(1).size() > 300; });
}

void performance(Stage& stage) {
    stage.settings.setWindowSize({1240, 860});
    stage.begin(stage.local);
    stage.open(stage.modelPath);
    stage.say(kQuestion, [&] { return !stage.chat().busy(); });
    stage.window->context().performance()->setOpen(true);
    stage.say(kLongPrompt, [&] { return stage.chat().messages()->text(3).size() > 500; });
    settle();
}

void showComparison(Stage& stage) {
    stage.window->context().performance()->setOpen(true);
    settle();
    QObject* view = stage.window->window()->findChild<QObject*>(QStringLiteral("performanceView"));
    view->setProperty("comparing", true);
    view->parent()->parent()->setProperty("wide", true);
    settle();
}

void compare(Stage& stage) {
    stage.settings.setWindowSize({1240, 1180});
    stage.begin(stage.local);
    stage.open(stage.modelPath);
    Comparison& comparison = *stage.window->context().comparison();
    comparison.run();
    waitFor([&] { return !comparison.running(); });
    showComparison(stage);
}

/// What `altiplano-cli bench --json` measured on another machine; ./dev starts this program in the tree's
/// root.
void compareOther(Stage& stage) {
    stage.settings.setWindowSize({1240, 1180});
    stage.begin(stage.local);
    stage.open(stage.modelPath);
    stage.window->context().comparison()->open(QUrl::fromLocalFile(
        QDir::current().filePath(QStringLiteral("docs/measurements/h100-llama2-7b-q4_0.json"))));
    showComparison(stage);
}

/// A step that an H100 recorded, over and over: without graphs, so that there is a gap before each launch.
void gpuTimeline(Stage& stage) {
    stage.settings.setWindowSize({1240, 1000});
    ModelInfo info;
    info.backend = QStringLiteral("cuda");
    info.deviceName = QStringLiteral("NVIDIA H100 80GB HBM3");
    info.quantization = QStringLiteral("Q4_0");
    info.parameters = 6'738'415'616;
    info.layers = info.layersOnGpu = 32;
    info.settings.graphs = false;
    stage.scripted.setInfo(info);
    stage.scripted.setSteps(recordedGpuSteps(
        QDir::current().filePath(QStringLiteral("tests/ui/data/h100_steps.json")), false, 999));
    stage.scripted.setAnswers({{kSampleAnswer.repeated(30), 637, 20, 20}});
    stage.begin(stage.scripted);
    stage.open(QStringLiteral("Llama-2-7B.Q4_0.gguf"));
    stage.window->context().performance()->setOpen(true);
    settle();
    QObject* view = stage.window->window()->findChild<QObject*>(QStringLiteral("performanceView"));
    view->parent()->parent()->setProperty("wide", true);
    stage.say(kQuestion, [&] { return stage.window->context().performance()->tokens() > 2000; });
    stage.chat().stop();
    settle();
    auto* timeline = stage.window->window()->findChild<TimelinePlot*>();
    timeline->zoom(timeline->width() / 2, timeline->spanNs() / 120'000); // three layers
    settle();
}

void error(Stage& stage) {
    conversation(stage);
    const QString notes = stage.folder.filePath(QStringLiteral("holiday-notes.gguf"));
    QFile file(notes);
    if (!file.open(QIODevice::WriteOnly) || file.write("Dear diary, the plateau was all sky and llamas.") < 0)
        return;
    file.close();
    stage.model().open(notes);
    waitFor([&] { return stage.model().problem() != ModelController::NoProblem; });
}

void empty(Stage& stage) {
    stage.begin(stage.local);
    stage.open(stage.modelPath);
    settle();
}

void first(Stage& stage) {
    stage.begin(stage.scripted);
    stage.window->show({});
    settle();
}

void loading(Stage& stage) {
    stage.scripted.setLoadMs(3000);
    stage.begin(stage.scripted);
    stage.window->show(kModel);
    waitFor([&] { return stage.model().progress() > 0.55; }, 0);
}

void reading(Stage& stage) {
    stage.scripted.setAnswers({{kQuestion, 100, 4100, 4000}});
    stage.begin(stage.scripted);
    stage.open(kModel);
    stage.say(kLongPrompt, [&] { return stage.chat().promptDone() > 3000; });
}

/// A sidebar as it looks after a while.
void chats(Stage& stage) {
    stage.begin(stage.local);
    ChatListModel& list = *stage.window->context().chats();
    const struct {
        const char* title;
        const char* said;
        int daysAgo;
        bool pinned;
    } told[] = {
        {"Names for a small café", "Five names for a café on a plateau", 0, false},
        {"Packing for the Altiplano", "It is cold on the plateau at night", 1, false},
        {"A letter to the landlord", "Write a letter", 4, false},
        {"Recipes", "Soup for a cold evening", 60, true},
        {"How llamas are related to camels", "Llamas and camels", 33, false},
        {"Regular expressions for dates", "A regular expression", 35, false},
    };
    for (const auto& one : told) {
        ChatRecord chat;
        chat.id = stage.window->context().store()->newId();
        chat.title = QString::fromUtf8(one.title);
        chat.changed = QDateTime::currentDateTime().addDays(-one.daysAgo).toMSecsSinceEpoch() - 60'000;
        chat.pinned = one.pinned;
        MessageRecord message;
        message.id = chat.leaf = stage.window->context().store()->newId();
        message.chat = chat.id;
        message.text = QString::fromUtf8(one.said);
        list.put(chat, {message});
    }
    stage.open(stage.modelPath);
    stage.say(QStringLiteral("Why is the sky blue?"), [&] { return !stage.chat().busy(); });
    settle();
}

void searched(Stage& stage) {
    chats(stage);
    stage.window->window()
        ->findChild<QQuickItem*>(QStringLiteral("chatSearch"))
        ->setProperty("text", "plateau");
    waitFor([&] { return stage.window->context().chats()->count() == 2; });
}

/// A file with a real model's shapes and no bytes: what it says, and what is said of it, is true of that
/// model.
void addModel(const QDir& folder, const char* file, const char* license, test::TinyModelOptions shape) {
    shape.hollow = true;
    shape.allOf(kernels::QuantType::Q4_K);
    shape.attentionV = shape.feedForwardDown = shape.output = kernels::QuantType::Q6_K;
    test::GgufWriter writer = test::tinyModelWriter(shape);
    writer.set("general.license", std::string(license));
    writer.set("general.file_type", std::uint32_t{15});
    writer.write(folder.filePath(QString::fromLatin1(file)).toStdString());
}

void models(Stage& stage) {
    const QDir folder(stage.folder.filePath(QStringLiteral("models")));
    folder.mkpath(QStringLiteral("."));
    test::TinyModelOptions shape;
    shape.vocabularySize = 128'256;
    shape.vocabulary = test::TinyVocabulary::Bpe;
    shape.contextLength = 131'072;
    shape.layers = 16;
    shape.hidden = 2048;
    shape.heads = 32;
    shape.kvHeads = 8;
    shape.feedForward = 8192;
    shape.tied = true;
    addModel(folder, "Llama-3.2-1B-Instruct-Q4_K_M.gguf", "llama3.2", shape);
    shape.tied = false;
    shape.layers = 80;
    shape.hidden = 8192;
    shape.heads = 64;
    shape.feedForward = 28'672;
    addModel(folder, "Llama-3.3-70B-Instruct-Q4_K_M.gguf", "llama3.3", shape);
    shape.architecture = "qwen2";
    shape.vocabularySize = 151'936;
    shape.contextLength = 32'768;
    shape.layers = 28;
    shape.hidden = 3584;
    shape.heads = 28;
    shape.kvHeads = 4;
    shape.feedForward = 18'944;
    addModel(folder, "Qwen2.5-7B-Instruct-Q4_K_M.gguf", "apache-2.0", shape);
    shape.layers = 2;
    addModel(folder, "Qwen2.5-Coder-7B-Instruct-Q4_K_M.gguf", "apache-2.0", shape);
    QFile cut(folder.filePath(QStringLiteral("Qwen2.5-Coder-7B-Instruct-Q4_K_M.gguf")));
    if (!cut.resize(cut.size() / 2)) return;
    stage.settings.setWindowSize({1040, 860});
    stage.begin(stage.local);
    stage.open(stage.modelPath);
    QMetaObject::invokeMethod(stage.window->window()->findChild<QObject*>(QStringLiteral("modelsPane")),
                              "show");
    ModelLibrary& library = *stage.window->context().library();
    waitFor([&] { return library.total() == 5 && !library.scanning(); }, 1500);
}

void modelSettings(Stage& stage) {
    models(stage);
    QObject* list = stage.window->window()->findChild<QObject*>(QStringLiteral("modelList"));
    QQuickItem* card = nullptr;
    QMetaObject::invokeMethod(list, "itemAtIndex", Q_RETURN_ARG(QQuickItem*, card), Q_ARG(int, 2));
    if (card) QMetaObject::invokeMethod(card, "settingsRequested");
    settle();
}

void blocks(Stage& stage) {
    stage.scripted.setAnswers({{kSampleAnswer, 5000, 10, 10}});
    stage.begin(stage.scripted);
    stage.open(kModel);
    stage.window->window()->setHeight(1500);
    stage.say(kQuestion, [&] { return !stage.chat().busy(); });
    settle();
}

/// The end of the Models page: a download that another run left, and the catalogue.
void downloads(Stage& stage) {
    stage.settings.setWindowSize({1040, 1180});
    PartFile part(stage.folder.filePath(QStringLiteral("models")),
                  QStringLiteral("Llama-3.2-3B-Instruct-Q4_K_M.gguf"));
    part.facts.url =
        QUrl(QStringLiteral("https://huggingface.co/bartowski/Llama-3.2-3B-Instruct-GGUF/resolve/"
                            "main/Llama-3.2-3B-Instruct-Q4_K_M.gguf"));
    part.facts.size = 2'019'377'600;
    if (!part.save() || !part.open() || !QFile::resize(part.path() + QStringLiteral(".part"), 1'300'000'000))
        return;
    stage.begin(stage.scripted);
    stage.open(kModel);
    QMetaObject::invokeMethod(stage.window->window()->findChild<QObject*>(QStringLiteral("modelsPane")),
                              "show");
    settle();
    QMetaObject::invokeMethod(stage.window->window()->findChild<QObject*>(QStringLiteral("modelList")),
                              "positionViewAtEnd");
    settle();
}

/// Of the page that PageHost calls so.
void page(Stage& stage, const char* name) {
    stage.begin(stage.scripted);
    stage.open(kModel);
    stage.window->window()
        ->findChild<QObject*>(QStringLiteral("pageHost"))
        ->setProperty("page", QString::fromLatin1(name));
    settle();
}

void settingsPage(Stage& stage) {
    stage.settings.setWindowSize({1040, 1180});
    page(stage, "settings");
}

void presetsPage(Stage& stage) {
    stage.settings.setWindowSize({1040, 980});
    page(stage, "presets");
}

void chatSettings(Stage& stage) {
    stage.scripted.setAnswers(
        {{QStringLiteral("Eleven llamas, if you count the one on the roof."), 5000, 10, 10}});
    stage.settings.setWindowSize({1040, 860});
    stage.begin(stage.scripted);
    stage.open(kModel);
    stage.say(QStringLiteral("How many llamas?"), [&] { return !stage.chat().busy(); });
    stage.window->context().generation()->set(QStringLiteral("system"),
                                              QStringLiteral("Answer in one sentence."));
    QMetaObject::invokeMethod(stage.window->window(), "openChatSettings");
    settle();
}

/// The form of a server, over the page.
void remote(Stage& stage) {
    stage.begin(stage.scripted);
    stage.open(kModel);
    QMetaObject::invokeMethod(stage.window->window(), "editEndpoint", Q_ARG(QString, QString()));
    settle();
}

void german(Stage& stage) {
    stage.settings.store(QStringLiteral("look/language"), QStringLiteral("de"));
    settingsPage(stage);
}

void chinese(Stage& stage) {
    stage.settings.store(QStringLiteral("look/language"), QStringLiteral("zh_CN"));
    settingsPage(stage);
}

void rightToLeft(Stage& stage) {
    qputenv("ALTIPLANO_LAYOUT", "rtl");
    stage.scripted.setAnswers({{kSampleAnswer, 5000, 10, 10}});
    stage.begin(stage.scripted);
    stage.open(kModel);
    stage.say(kQuestion, [&] { return !stage.chat().busy(); });
    settle();
}

struct Picture {
    const char* name;
    const char* scheme;
    void (*scene)(Stage&);
    int fontPercent = 100;
};

constexpr Picture kPictures[] = {
    {"light", "light", conversation},
    {"dark", "dark", conversation},
    {"streaming", "dark", streaming},
    {"error", "light", error},
    {"empty", "light", empty},
    {"empty-dark", "dark", empty},
    {"performance", "light", performance},
    {"performance-dark", "dark", performance},
    {"chats", "light", chats},
    {"chats-dark", "dark", chats},
    {"search", "light", searched},
    {"search-dark", "dark", searched},
    {"models", "light", models},
    {"models-dark", "dark", models},
    {"model-settings", "light", modelSettings},
    {"blocks", "light", blocks},
    {"blocks-dark", "dark", blocks},
    {"downloads", "light", downloads},
    {"downloads-dark", "dark", downloads},
    {"compare", "light", compare},
    {"compare-h100", "light", compareOther},
    {"compare-h100-dark", "dark", compareOther},
    {"compare-h100-200", "light", compareOther, 200},
    {"gpu-timeline", "light", gpuTimeline},
    {"gpu-timeline-dark", "dark", gpuTimeline},
    {"no-model", "dark", first},
    {"loading", "light", loading},
    {"reading", "light", reading},
    {"settings", "light", settingsPage},
    {"settings-dark", "dark", settingsPage},
    {"presets", "light", presetsPage},
    {"presets-dark", "dark", presetsPage},
    {"chat-settings", "light", chatSettings},
    {"chat-settings-dark", "dark", chatSettings},
    {"remote", "light", remote},
    {"remote-dark", "dark", remote},
    {"german", "light", german},
    {"chinese", "dark", chinese},
    {"right-to-left", "light", rightToLeft},
    {"conversation-200", "light", conversation, 200},
    {"empty-200", "light", empty, 200},
    {"chats-200", "light", chats, 200},
    {"performance-200", "light", performance, 200},
    {"performance-200-dark", "dark", performance, 200},
    {"gpu-timeline-200", "light", gpuTimeline, 200},
    {"models-200", "light", models, 200},
    {"models-200-dark", "dark", models, 200},
    {"downloads-200", "light", downloads, 200},
    {"downloads-200-dark", "dark", downloads, 200},
    {"remote-200", "light", remote, 200},
    {"remote-200-dark", "dark", remote, 200},
    {"settings-200", "light", settingsPage, 200},
    {"presets-200", "light", presetsPage, 200},
    {"chat-settings-200", "light", chatSettings, 200},
};

/// Takes the pictures of these names, or all.
int take(const QDir& folder, const QStringList& wanted, const QString& starter) {
    for (const Picture& picture : kPictures) {
        const QString name = QString::fromLatin1(picture.name);
        if (!wanted.isEmpty() && !wanted.contains(name)) continue;
        qunsetenv("ALTIPLANO_LAYOUT");
        Stage stage(picture.scheme, starter);
        stage.settings.store(QStringLiteral("look/fontPercent"), picture.fontPercent);
        picture.scene(stage);
        if (!stage.window->window()->grabWindow().save(folder.filePath(name + QStringLiteral(".png")))) {
            std::fprintf(stderr, "altiplano_screenshots: cannot write %s.png\n", picture.name);
            return 1;
        }
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: altiplano_screenshots FOLDER [NAME...]\n", stderr);
        return 2;
    }
    const QString starter = ModelController::starterModel();
    if (!QFile::exists(starter)) {
        std::fprintf(stderr, "altiplano_screenshots: there is no starter model at %s\n", qPrintable(starter));
        return 1;
    }
    qputenv("ALTIPLANO_STARTER_MODEL", "/nonexistent"); // the pictures say what they open
    QGuiApplication application(argc, argv);
    setUpApplication();
    if (QFontDatabase::families().contains(QStringLiteral("Inter")))
        QGuiApplication::setFont(QFont(QStringLiteral("Inter"), 10));

    return windowProgram("altiplano_screenshots", [&] {
        return take(QDir(QString::fromLocal8Bit(argv[1])), QGuiApplication::arguments().mid(2), starter);
    });
}
