// altiplano_view_cost MODEL BENCH.json [ROUNDS [MS [VIEWS]]]: what the performance view costs while it is
// open. Lines of tab-separated figures, of answers in turns that are measured for MS milliseconds each:
// tokens/s, frames/s, the GUI thread's share of a core, and for how much of the time the other threads had to
// wait for a core. VIEWS is made of: n, a window whose view was never opened; c, one that was opened and
// closed; d, closed, but the engine tells its steps in detail; o, open; m, open, and its timeline moved and
// zoomed sixty times a second. First with the engine in this process, then with the phases that BENCH.json
// has of a GPU (the first row that decodes), at 1,000 tokens/s; "-": not that. At the end medians, and of the
// ratios to the first of the round's views the median and the quartiles.
#include "cost_figures.h"
#include "local_engine.h"
#include "main_window.h"
#include "scripted_engine.h"
#include "timeline_plot.h"
#include "window_program.h"

#include <QDir>
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
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

using namespace altiplano;
using namespace altiplano::app;

namespace {

constexpr qint64 kSettleMs = 300; ///< of an answer, before it is measured

enum View { Never, Closed, Detailed, Open, Moved };
constexpr std::string_view kViews = "ncdom"; ///< a letter each
constexpr std::array kNames = {"never open", "closed", "in detail", "open", "moved"};

struct Cost {
    double tokensPerSecond = 0;
    double framesPerSecond = 0;
    double guiShare = 0;  ///< of the time, that the GUI thread computed
    double waitShare = 0; ///< of the time, that other threads could have run and had no core; summed
};

struct Plan {
    int rounds = 9;
    qint64 ms = 2000;
    std::vector<View> views;
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

/// For how long the threads other than this one have been ready to run without a core.
double othersWaited() {
    const QString own = QString::number(getpid());
    double seconds = 0;
    for (const QString& thread :
         QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(QStringLiteral("/proc/self/task/%1/schedstat").arg(thread));
        if (thread != own && file.open(QIODevice::ReadOnly))
            seconds += file.readAll().split(' ').value(1).toDouble() / 1e9;
    }
    return seconds;
}

/// Opens a window with its model loaded, and nothing left to do.
std::unique_ptr<MainWindow> makeWindow(EnginePort& engine, Settings& settings, const QString& model) {
    auto window = std::make_unique<MainWindow>(engine, settings);
    window->show(model);
    waitForModel(*window);
    return window;
}

/// One answer, measured from kSettleMs after its first token on.
Cost answer(EnginePort& engine, MainWindow& window, View view, qint64 ms) {
    ChatController& chat = *window.context().chat();
    PerformanceModel& performance = *window.context().performance();
    if (view != Never) performance.setOpen(true);
    performance.setOpen(view >= Open);
    if (view == Detailed) engine.setDetailed(true);
    chat.newChat();
    QElapsedTimer settling;
    for (settling.start(); settling.elapsed() < kSettleMs;) // also deletes a view that was closed
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);

    int frames = 0;
    AnswerUpdate first, last;
    const QObject context;
    QObject::connect(window.window(), &QQuickWindow::frameSwapped, &context, [&] { ++frames; });
    QObject::connect(&engine, &EnginePort::answered, &context, [&](RequestId, const AnswerUpdate& update) {
        last = update;
        last.steps.clear();
    });
    QTimer tick; // sixty times a second the user moves, or else twenty times there is a next event
    tick.setTimerType(Qt::PreciseTimer);
    auto* timeline = window.window()->findChild<TimelinePlot*>();
    double by = 1;
    if (view == Moved && timeline)
        QObject::connect(&tick, &QTimer::timeout, timeline, [&] {
            by = -by;
            frames % 4 < 2 ? timeline->pan(by)
                           : timeline->zoom(timeline->width() / 2, by > 0 ? 1.1 : 1 / 1.1);
        });
    tick.start(view == Moved ? 16 : 50);
    chat.send(QStringLiteral("Write a long story about a llama that crosses the Andes."));
    QElapsedTimer clock;
    double busy = 0, waited = 0;
    while (chat.busy()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        if (!clock.isValid() && last.decodeNs > kSettleMs * 1'000'000) {
            clock.start();
            first = last;
            frames = 0;
            busy = threadSeconds();
            waited = othersWaited();
        }
        if (clock.isValid() && clock.elapsed() > ms) chat.stop();
    }
    const double seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    const double gui = threadSeconds() - busy, others = othersWaited() - waited;
    if (view == Detailed) engine.setDetailed(false);
    return {(last.tokens - first.tokens) * 1e9 / static_cast<double>(last.decodeNs - first.decodeNs),
            frames / seconds, gui / seconds, others / seconds};
}

void print(const char* what, const Cost& cost) {
    std::printf("%s\t%.1f tok/s\t%.1f frames/s\t%.1f %% of a core in the GUI thread\t%.1f %% waited\n", what,
                cost.tokensPerSecond, cost.framesPerSecond, 100 * cost.guiShare, 100 * cost.waitShare);
    std::fflush(stdout);
}

Cost median(const std::vector<Cost>& costs) {
    const auto of = [&](double Cost::*figure) {
        std::vector<double> values;
        for (const Cost& cost : costs)
            values.push_back(cost.*figure);
        return quantile(values, 0.5);
    };
    return {of(&Cost::tokensPerSecond), of(&Cost::framesPerSecond), of(&Cost::guiShare),
            of(&Cost::waitShare)};
}

void measure(EnginePort& engine, const QString& model, const char* title, const Plan& plan) {
    const QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("settings.ini")));
    settings.setWindowSize({1280, 860});
    std::printf("%s\n", title);
    answer(engine, *makeWindow(engine, settings, model), plan.views[0], plan.ms); // warms up
    std::vector<std::vector<Cost>> costs(plan.views.size());
    std::vector<std::vector<double>> ratios(plan.views.size());
    for (int round = 0; round < plan.rounds; ++round) {
        for (std::size_t i = 0; i < plan.views.size(); ++i) { // the order changes, so that a drift hits all
            const std::size_t at = round % 2 == 0 ? i : plan.views.size() - 1 - i;
            const View view = plan.views[at];
            costs[at].push_back(answer(engine, *makeWindow(engine, settings, model), view, plan.ms));
            print(kNames[view], costs[at].back());
        }
        for (std::size_t i = 0; i < plan.views.size(); ++i)
            ratios[i].push_back(100 *
                                (costs[i].back().tokensPerSecond / costs[0].back().tokensPerSecond - 1));
    }
    for (std::size_t i = 0; i < plan.views.size(); ++i) {
        print((std::string("median ") + kNames[plan.views[i]]).c_str(), median(costs[i]));
        std::printf("\tto the first\t%+.2f %%\t(%+.2f to %+.2f)\n", quantile(ratios[i], 0.5),
                    quantile(ratios[i], 0.25), quantile(ratios[i], 0.75));
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 3 || argc > 6) {
        std::fputs("usage: altiplano_view_cost MODEL BENCH.json [ROUNDS [MS [VIEWS]]]\n", stderr);
        return 2;
    }
    const QGuiApplication application(argc, argv);
    setUpApplication();
    const QString model = QString::fromLocal8Bit(argv[1]), bench = QString::fromLocal8Bit(argv[2]);
    Plan plan;
    if (argc > 3) plan.rounds = std::max(1, std::atoi(argv[3]));
    if (argc > 4) plan.ms = std::max(100, std::atoi(argv[4]));
    for (const char letter : std::string_view(argc > 5 ? argv[5] : "cdom"))
        if (const auto at = kViews.find(letter); at != kViews.npos)
            plan.views.push_back(static_cast<View>(at));
    if (plan.views.empty()) plan.views = {Closed};
    return windowProgram("altiplano_view_cost", [&] {
        if (model != QLatin1String("-")) {
            LocalEngine engine;
            measure(engine, model, "the engine in this process", plan);
        }
        if (bench == QLatin1String("-")) return 0;
        ScriptedEngine engine;
        engine.setAnswers({{QStringLiteral(" word").repeated(4000), 1000, 10, 20}});
        engine.setSteps(stepsOf(bench, 20'000));
        ModelInfo info;
        info.backend = QStringLiteral("cuda");
        info.layers = info.layersOnGpu = 32;
        info.readBytesPerSecond = 3e12;
        info.weightBytes = 3'800'000'000;
        engine.setInfo(info);
        measure(engine, QStringLiteral("replay.gguf"), "a GPU's recorded phases at 1,000 tokens/s", plan);
        return 0;
    });
}
