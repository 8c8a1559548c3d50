// altiplano_stream [TOKENS] [PER_SECOND] [FILE]: streams a long answer with code and tables (or the file's
// Markdown, over and over) into the real window and prints what it costs the GUI thread, in CPU milliseconds
// for each sixtieth of a second. Then opens a chat of 10,000 messages and pages through it. See
// docs/measurements/app.md.
#include "cost_figures.h"
#include "main_window.h"
#include "sample_answer.h"
#include "scripted_engine.h"
#include "window_program.h"

#include <QElapsedTimer>
#include <QFile>
#include <QGuiApplication>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <vector>

using namespace altiplano::app;

namespace {

constexpr double kFrameMs = 1000.0 / 60;
constexpr int kParts = 5;
constexpr int kSettlingMs = 5000;

/// CPU time of this thread by frame: all of it, and the part that went into drawing.
struct Meter {
    struct Frame {
        double all = 0, drawing = 0;
    };

    void watch(QQuickWindow* window) {
        clock.start();
        QObject::connect(
            window, &QQuickWindow::beforeRendering, window, [this] { drawing = 1e3 * threadSeconds(); },
            Qt::DirectConnection);
        QObject::connect(
            window, &QQuickWindow::afterRendering, window,
            [this] { frame().drawing += 1e3 * threadSeconds() - drawing; }, Qt::DirectConnection);
    }
    void processEvents() {
        const double before = 1e3 * threadSeconds();
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        frame().all += 1e3 * threadSeconds() - before;
    }
    Frame& frame() {
        const auto at = static_cast<std::size_t>(static_cast<double>(clock.nsecsElapsed()) / 1e6 / kFrameMs);
        if (frames.size() <= at) frames.resize(at + 1);
        return frames[at];
    }

    QElapsedTimer clock;
    double drawing = 0;
    std::vector<Frame> frames;
};

double percentile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void report(const char* name, const std::vector<Meter::Frame>& frames, std::size_t from, std::size_t to) {
    std::vector<double> logic, all;
    for (std::size_t i = from; i < to; ++i) {
        logic.push_back(frames[i].all - frames[i].drawing);
        all.push_back(frames[i].all);
    }
    std::printf("%-9s %7.2f %7.2f %7.2f   %7.2f %7.2f %7.2f\n", name, percentile(logic, 0.5),
                percentile(logic, 0.99), percentile(logic, 1), percentile(all, 0.5), percentile(all, 0.99),
                percentile(all, 1));
}

MessageTree longChat(int messages) {
    MessageTree tree;
    for (int i = 1; i <= messages; ++i) {
        MessageRecord message;
        message.id = i;
        message.chat = 1;
        message.parent = i - 1;
        message.sender = i % 2 == 1 ? turn::User : turn::Assistant;
        message.text = i % 2 == 1 ? QStringLiteral("Question %1, in a few words?").arg(i) : kSampleAnswer;
        tree.put(message);
    }
    return tree;
}

void openAndScroll(MainWindow& main) {
    MessageTree tree = longChat(10'000);
    QQuickItem* list = nullptr;
    for (QQuickItem* item : main.window()->findChildren<QQuickItem*>(QStringLiteral("messages")))
        list = item;
    if (!list) return;
    QElapsedTimer clock;
    clock.start();
    const double before = 1e3 * threadSeconds();
    main.context().chat()->messages()->show(std::move(tree), 10'000);
    main.window()->grabWindow();
    std::printf("\n10,000 messages: on the screen after %lld ms (%.0f CPU ms)\n",
                static_cast<long long>(clock.elapsed()), 1e3 * threadSeconds() - before);
    for (clock.restart(); clock.elapsed() < 4000;)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    std::vector<double> frames;
    for (int i = 0; i < 300; ++i) {
        const double start = 1e3 * threadSeconds();
        list->setProperty("contentY", list->property("contentY").toReal() - 120);
        main.window()->grabWindow();
        frames.push_back(1e3 * threadSeconds() - start);
    }
    std::printf("scrolling by 120 pixels, drawing (software) included: median %.1f, 99%% %.1f CPU ms\n",
                percentile(frames, 0.5), percentile(frames, 0.99));
}

int stream(int tokens, double rate, const QString& sample) {
    QString text;
    while (text.count(u' ') + text.count(u'\n') < tokens)
        text += sample;

    const QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("settings.ini")));
    ScriptedEngine engine;
    engine.setLoadMs(20);
    engine.setAnswers({{text, rate, 10, 10}});
    MainWindow main(engine, settings);
    main.show(QStringLiteral("model.gguf"));
    waitForModel(main);
    QElapsedTimer settling; // what the window does by itself at first
    for (settling.start(); settling.elapsed() < kSettlingMs;)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    Meter meter;
    meter.watch(main.window());
    main.context().chat()->send(QStringLiteral("Go"));
    while (main.context().chat()->busy())
        meter.processEvents();

    const std::size_t frames = meter.frames.size();
    std::printf("%d tokens at %.0f/s, %lld characters, %zu frames of 1/60 s\n", tokens, rate,
                static_cast<long long>(text.size()), frames);
    std::printf("CPU ms    without drawing           with drawing (software)\n");
    std::printf("          median     99%%     max    median     99%%     max\n");
    for (std::size_t part = 0; part < kParts; ++part) {
        const QByteArray name = QByteArray::number(static_cast<int>(part) + 1) + " of 5";
        report(name.constData(), meter.frames, frames * part / kParts, frames * (part + 1) / kParts);
    }
    report("all", meter.frames, 0, frames);
    openAndScroll(main);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const QGuiApplication application(argc, argv);
    setUpApplication();
    const int tokens = argc > 1 ? std::atoi(argv[1]) : 20'000;
    const double rate = argc > 2 ? std::atof(argv[2]) : 1000;
    QString sample = kSampleAnswer;
    if (QFile file(QString::fromLocal8Bit(argc > 3 ? argv[3] : "")); file.open(QIODevice::ReadOnly))
        sample = QString::fromUtf8(file.readAll());
    return windowProgram("altiplano_stream", [&] { return stream(tokens, rate, sample); });
}
