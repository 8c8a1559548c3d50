// altiplano_window_cost MODEL [ROUNDS [MS]]: what the window costs the engine in this process. The same
// answer in turns without a window and into one that shows it as it comes, each measured for MS milliseconds:
// lines of tokens/s, frames/s and the GUI thread's share of a core; at the end medians, and of the pairs'
// ratios the median and the quartiles. See docs/measurements/app.md.
#include "cost_figures.h"
#include "local_engine.h"
#include "main_window.h"
#include "window_program.h"

#include <QElapsedTimer>
#include <QGuiApplication>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>
#include <cstdlib>
#include <vector>

using namespace altiplano;
using namespace altiplano::app;

namespace {

constexpr qint64 kSettleMs = 500; ///< of an answer, before it is measured

/// The engine, and what the window asked of it, so that the same can be asked without one.
class RecordingEngine : public LocalEngine {
public:
    void load(const LoadRequest& request) override {
        loading = request;
        LocalEngine::load(request);
    }
    RequestId submit(engine::GenerationRequest request) override {
        request.ignoreEos = true; // long enough to be measured
        asked = request;
        return LocalEngine::submit(std::move(request));
    }

    LoadRequest loading;
    engine::GenerationRequest asked;
};

struct Cost {
    double tokensPerSecond = 0;
    double framesPerSecond = 0;
    double guiShare = 0; ///< of the time, that the GUI thread computed
};

/// The answer that `ask` asks for, from kSettleMs after its first token on; `stop` ends it.
template <typename Ask, typename Stop>
Cost measured(EnginePort& engine, QQuickWindow* window, qint64 ms, Ask ask, Stop stop) {
    const QObject context;
    AnswerUpdate first, last;
    int frames = 0;
    bool over = false;
    QObject::connect(&engine, &EnginePort::answered, &context, [&](RequestId, const AnswerUpdate& update) {
        last.tokens = update.tokens;
        last.decodeNs = update.decodeNs;
    });
    QObject::connect(&engine, &EnginePort::finished, &context, [&] { over = true; });
    QObject::connect(&engine, &EnginePort::failed, &context, [&] { over = true; });
    if (window) QObject::connect(window, &QQuickWindow::frameSwapped, &context, [&] { ++frames; });
    ask();
    QElapsedTimer clock;
    double busy = 0, seconds = 0;
    AnswerUpdate end;
    while (!over) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        if (!clock.isValid() && last.decodeNs > kSettleMs * 1'000'000) {
            clock.start();
            first = last;
            frames = 0;
            busy = threadSeconds();
        } else if (clock.isValid() && seconds == 0 && clock.elapsed() > ms) {
            seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
            end = last;
            busy = threadSeconds() - busy;
            stop();
        }
    }
    if (seconds == 0) return {}; // it was over too soon
    return {(end.tokens - first.tokens) * 1e9 / static_cast<double>(end.decodeNs - first.decodeNs),
            frames / seconds, busy / seconds};
}

Cost withWindow(RecordingEngine& engine, const QString& model, qint64 ms) {
    const QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("settings.ini")));
    MainWindow window(engine, settings);
    window.show(model);
    waitForModel(window);
    ChatController& chat = *window.context().chat();
    return measured(
        engine, window.window(), ms,
        [&] { chat.send(QStringLiteral("Write a long story about a llama that crosses the Andes.")); },
        [&] { chat.stop(); });
}

Cost without(RecordingEngine& engine, qint64 ms) {
    const QObject context;
    bool loaded = false;
    QString failure;
    QObject::connect(&engine, &EnginePort::loaded, &context, [&] { loaded = true; });
    QObject::connect(&engine, &EnginePort::loadFailed, &context, [&](const engine::events::Failed& failed) {
        failure = QString::fromStdString(failed.sentence);
    });
    engine.load(LoadRequest(engine.loading));
    while (!loaded && failure.isEmpty())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    if (!loaded) throw std::runtime_error(failure.toStdString());
    RequestId id = 0;
    return measured(
        engine, nullptr, ms, [&] { id = engine.submit(engine::GenerationRequest(engine.asked)); },
        [&] { engine.stop(id); });
}

int measure(const QString& model, int rounds, qint64 ms) {
    RecordingEngine engine;
    withWindow(engine, model, ms); // warms up, and says what to ask
    std::vector<double> alone, shown, ratios;
    const auto print = [](const char* what, const Cost& cost) {
        std::printf("%s\t%.1f tok/s\t%.1f frames/s\t%.1f %% of a core in the GUI thread\n", what,
                    cost.tokensPerSecond, cost.framesPerSecond, 100 * cost.guiShare);
        std::fflush(stdout);
        return cost.tokensPerSecond;
    };
    for (int round = 0; round < rounds; ++round) { // the order changes, so that a drift hits both
        if (round % 2 == 0) alone.push_back(print("without", without(engine, ms)));
        shown.push_back(print("window", withWindow(engine, model, ms)));
        if (round % 2 != 0) alone.push_back(print("without", without(engine, ms)));
        ratios.push_back(100 * (shown.back() / alone.back() - 1));
    }
    std::printf("median\twithout %.1f tok/s\twindow %.1f tok/s\twindow/without %+.1f %% (%+.1f to %+.1f)\n",
                quantile(alone, 0.5), quantile(shown, 0.5), quantile(ratios, 0.5), quantile(ratios, 0.25),
                quantile(ratios, 0.75));
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: altiplano_window_cost MODEL [ROUNDS [MS]]\n", stderr);
        return 2;
    }
    const QGuiApplication application(argc, argv);
    setUpApplication();
    return windowProgram("altiplano_window_cost", [=] {
        return measure(QString::fromLocal8Bit(argv[1]), argc > 2 ? std::atoi(argv[2]) : 5,
                       argc > 3 ? std::atoi(argv[3]) : 4000);
    });
}
