// altiplano_view_cost MODEL BENCH.json: what the performance view costs while it is open. Lines of
// tab-separated figures, of an answer of a few seconds with the view closed and open in turns, and with its
// timeline moved sixty times a second: tokens/s, frames/s, the GUI thread's share of a core. First with the
// engine in this process, then with the phases that BENCH.json has of a GPU (the first row that decodes), at
// 1,000 tokens/s. Medians, and those of the pairs' ratios.
#include "local_engine.h"
#include "main_window.h"
#include "scripted_engine.h"
#include "timeline_plot.h"
#include "window_program.h"

#include <QElapsedTimer>
#include <QFile>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

using namespace altiplano;
using namespace altiplano::app;

namespace {

constexpr int kRounds = 9;
constexpr qint64 kAnswerMs = 2500;

enum class View { Closed, Open, Moved };

struct Cost {
    double tokensPerSecond = 0;
    double framesPerSecond = 0;
    double guiShare = 0; ///< of the time, that the GUI thread computed
};

/// Steps of a millisecond, of the phases that a bench file has per token, layer by layer.
std::vector<engine::StepTiming> stepsOf(const QString& path, std::size_t count) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    QJsonObject found;
    for (const QJsonValue row : QJsonDocument::fromJson(file.readAll()).array())
        if (found.isEmpty() && row["n_gen"].toInt() > 0) found = row.toObject();
    engine::StepTiming step;
    const auto us = [&](const char* of, std::string_view phase) {
        return found[QLatin1String(of)][QString::fromUtf8(phase.data(), qsizetype(phase.size()))].toDouble();
    };
    double sum = 0;
    for (std::size_t i = 0; i < engine::kHostPhases; ++i)
        sum += us("host_us", engine::phaseName(static_cast<engine::HostPhase>(i)));
    const double scale = 1e6 / sum;
    for (std::size_t i = 0; i < engine::kHostPhases; ++i) {
        step.hostNs[i] = qint64(scale * us("host_us", engine::phaseName(static_cast<engine::HostPhase>(i))));
        step.wallNs += step.hostNs[i];
    }
    for (std::size_t i = 0; i < engine::kDevicePhases; ++i)
        step.deviceNs[i] =
            qint64(scale * us("device_us", engine::phaseName(static_cast<engine::DevicePhase>(i))));
    step.rows = step.decodeRows = 1;
    step.weightBytes = 3'800'000'000;
    step.path = engine::StepPath::Graphs;
    const auto layers = static_cast<std::uint16_t>(found["layers"].toInt());
    std::vector<engine::StepTiming> steps;
    for (std::size_t i = 0; i < count; ++i) {
        step.startNs += step.wallNs;
        auto spans = std::make_shared<std::vector<engine::DeviceSpan>>();
        std::int64_t at = step.startNs;
        for (std::uint16_t layer = 0; layer < layers; ++layer)
            for (std::size_t phase = 0; phase < engine::kDevicePhases; ++phase) {
                const auto ns = static_cast<std::uint32_t>(step.deviceNs[phase] / layers);
                spans->push_back({at, ns, layer, static_cast<engine::DevicePhase>(phase)});
                at += ns;
            }
        step.spans = std::move(spans);
        steps.push_back(step);
    }
    return steps;
}

double threadSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// One answer, from its first token on.
Cost answer(MainWindow& window, View view) {
    ChatController& chat = *window.context().chat();
    PerformanceModel& performance = *window.context().performance();
    performance.setOpen(view != View::Closed);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // a view that was closed
    chat.newChat();
    int frames = 0;
    const auto counting = QObject::connect(window.window(), &QQuickWindow::frameSwapped, [&] { ++frames; });
    chat.send(QStringLiteral("Write a long story about a llama that crosses the Andes."));
    QElapsedTimer clock;
    double busy = 0;
    QTimer tick; // so that there is always a next event
    tick.setTimerType(Qt::PreciseTimer);
    tick.start(view == View::Moved ? 16 : 50);
    auto* timeline = window.window()->findChild<TimelinePlot*>();
    double by = 1;
    if (view == View::Moved && timeline)
        QObject::connect(&tick, &QTimer::timeout, timeline, [&] { timeline->pan(by = -by); });
    while (chat.busy()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        if (!clock.isValid() && performance.tokens() > 0) {
            clock.start();
            frames = 0;
            busy = threadSeconds();
        }
        if (clock.isValid() && clock.elapsed() > kAnswerMs) chat.stop();
    }
    const double seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    QObject::disconnect(counting);
    return {performance.tokensPerSecond(), frames / seconds, (threadSeconds() - busy) / seconds};
}

template <typename Of>
double median(const std::vector<Cost>& costs, Of of) {
    std::vector<double> values;
    for (const Cost& cost : costs)
        values.push_back(of(cost));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                     values.end());
    return values[values.size() / 2];
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
    answer(window, View::Closed); // warms up
    std::vector<Cost> closed, open, moved, opened;
    for (int i = 0; i < kRounds; ++i) {
        const bool first = i % 2 == 0; // the order changes, so that a drift hits both
        if (first) closed.push_back(answer(window, View::Closed));
        open.push_back(answer(window, View::Open));
        if (!first) closed.push_back(answer(window, View::Closed));
        opened.push_back({open.back().tokensPerSecond / closed.back().tokensPerSecond});
        print("closed", closed.back());
        print("open", open.back());
        if (i % 4 > 0) continue;
        moved.push_back(answer(window, View::Moved));
        print("moved", moved.back());
    }
    const auto medians = [](const std::vector<Cost>& costs) {
        return Cost{median(costs, [](const Cost& c) { return c.tokensPerSecond; }),
                    median(costs, [](const Cost& c) { return c.framesPerSecond; }),
                    median(costs, [](const Cost& c) { return c.guiShare; })};
    };
    print("median closed", medians(closed));
    print("median open", medians(open));
    print("median moved", medians(moved));
    std::printf("open/closed\t%+.2f %%\n", 100 * (medians(opened).tokensPerSecond - 1));
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: altiplano_view_cost MODEL BENCH.json\n", stderr);
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
        engine.setSteps(stepsOf(QString::fromLocal8Bit(argv[2]), 20'000));
        ModelInfo info;
        info.backend = QStringLiteral("cuda");
        info.layers = info.layersOnGpu = 32;
        info.readBytesPerSecond = 3e12;
        info.weightBytes = 3'800'000'000;
        engine.setInfo(info);
        measure(engine, QStringLiteral("replay.gguf"), "a GPU's recorded phases at 1,000 tokens/s");
        return 0;
    });
}
