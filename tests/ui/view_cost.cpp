// altiplano_view_cost MODEL: what the performance view costs while it is open. Lines of tab-separated
// figures: tokens/s of an answer with the view closed and open in turns, with frames/s; then what this
// process's GUI thread takes to draw recorded steps that come at 1,000 tokens/s.
#include "local_engine.h"
#include "main_window.h"
#include "recorded_steps.h"
#include "scripted_engine.h"
#include "window_program.h"

#include <QElapsedTimer>
#include <QGuiApplication>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>
#include <ctime>

using namespace altiplano::app;

namespace {

constexpr int kPairs = 4;

struct Cost {
    double tokensPerSecond = 0;
    double framesPerSecond = 0;
    double guiShare = 0; ///< of the time, that the GUI thread computed
};

double threadSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// One answer, from its first token on.
Cost answer(MainWindow& window, bool open) {
    ChatController& chat = *window.context().chat();
    PerformanceModel& performance = *window.context().performance();
    performance.setOpen(open);
    chat.newChat();
    int frames = 0;
    const auto counting = QObject::connect(window.window(), &QQuickWindow::frameSwapped, [&] { ++frames; });
    chat.send(QStringLiteral("Write a long story about a llama that crosses the Andes."));
    QElapsedTimer clock;
    double busy = 0;
    QTimer tick; // so that there is always a next event
    tick.start(50);
    while (chat.busy()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        if (!clock.isValid() && performance.tokens() > 0) {
            clock.start();
            frames = 0;
            busy = threadSeconds();
        }
        if (clock.isValid() && clock.elapsed() > 4000) chat.stop();
    }
    const double seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    QObject::disconnect(counting);
    return {performance.tokensPerSecond(), frames / seconds, (threadSeconds() - busy) / seconds};
}

void print(const char* what, const Cost& cost) {
    std::printf("%s\t%.1f tok/s\t%.1f frames/s\t%.1f %% of a core in the GUI thread\n", what,
                cost.tokensPerSecond, cost.framesPerSecond, 100 * cost.guiShare);
    std::fflush(stdout);
}

void measure(EnginePort& engine, const QString& model, const char* title) {
    const QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("settings.ini")));
    settings.setWindowSize({1280, 860});
    MainWindow window(engine, settings);
    window.show(model);
    while (window.context().model()->state() != ModelController::Ready)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    std::printf("%s\n", title);
    for (int i = 0; i < kPairs; ++i) {
        print("closed", answer(window, false));
        print("open", answer(window, true));
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: altiplano_view_cost MODEL\n", stderr);
        return 2;
    }
    const QGuiApplication application(argc, argv);
    setUpApplication();
    return windowProgram("altiplano_view_cost", [argv] {
        {
            LocalEngine engine;
            measure(engine, QString::fromLocal8Bit(argv[1]), "the engine in this process");
        }
        ScriptedEngine engine;
        engine.setAnswers({{QStringLiteral(" word").repeated(4000), 1000, 10, 20}});
        engine.setSteps(recordedSteps(20'000, 1000));
        measure(engine, QStringLiteral("replay.gguf"), "recorded steps at 1,000 tokens/s");
        return 0;
    });
}
