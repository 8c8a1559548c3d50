#include "local_engine.h"
#include "performance_model.h"

#include "engine/model.h"
#include "engine/scheduler.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

using namespace altiplano;
using namespace altiplano::app;

/// The phases against the clock, with the real engine and the starter model, where $ALTIPLANO_STARTER_MODEL
/// names its file.
class TestPhaseSums : public QObject {
    Q_OBJECT
private slots:
    void thePhasesAreTheWallTime() {
        if (!qEnvironmentVariableIsSet("ALTIPLANO_STARTER_MODEL"))
            QSKIP("ALTIPLANO_STARTER_MODEL is not set");
        LocalEngine engine;
        PerformanceModel performance(engine);
        performance.setOpen(true);
        std::vector<engine::StepTiming> steps;
        AnswerUpdate last;
        bool ended = false;
        connect(&engine, &EnginePort::answered, this, [&](RequestId, const AnswerUpdate& update) {
            steps.insert(steps.end(), update.steps.begin(), update.steps.end());
            last = update;
        });
        connect(&engine, &EnginePort::finished, this, [&] { ended = true; });
        connect(&engine, &EnginePort::failed, this, [&] { ended = true; });
        engine.load({qEnvironmentVariable("ALTIPLANO_STARTER_MODEL")});
        engine::GenerationRequest request;
        request.messages = {{"user", "Tell me about the Altiplano."}};
        request.maxTokens = 120;
        request.ignoreEos = true;
        request.sampling.seed = 1;
        engine.submit(request);
        QTRY_VERIFY_WITH_TIMEOUT(ended, 60'000);
        QCOMPARE(last.tokens, 120u);

        // The worker's own clock, from the first token to the last, against the shown phases of the others.
        double shown = 0;
        std::vector<double> others;
        for (std::size_t i = 1; i < steps.size(); ++i) {
            const Breakdown parts = breakdownOf(steps[i]);
            shown += static_cast<double>(parts.wallNs());
            others.push_back(static_cast<double>(parts.of(Phase::Other)) /
                             static_cast<double>(parts.wallNs()));
            QVERIFY(steps[i].spans && !steps[i].spans->empty());
            double spans = 0, device = 0;
            for (const engine::DeviceSpan& span : *steps[i].spans)
                spans += span.durationNs;
            for (const std::int64_t ns : steps[i].deviceNs)
                device += static_cast<double>(ns);
            QCOMPARE(spans, device);
        }
        const double ratio = shown / static_cast<double>(last.decodeNs);
        QVERIFY2(ratio > 0.98 && ratio < 1.02, qPrintable(QString::number(ratio)));
        std::nth_element(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(others.size() / 2),
                         others.end());
        const double other = others[others.size() / 2];
        QVERIFY2(other < 0.02, qPrintable(QString::number(other)));
        qInfo("shown phases / wall time: %.4f; median share of \"other\": %.5f; read %.2f of %.2f GB/s",
              ratio, other, performance.bytesPerSecond() / 1e9, performance.roofBytesPerSecond() / 1e9);
        QVERIFY(performance.roofShare() > 0.01); // the weights are counted
    }

    /// Prompts in chunks, several chats at once, one that comes while others decode: the phases of all steps
    /// are the time that the scheduler took, by this test's own clock.
    void promptsAndSeveralChats() {
        if (!qEnvironmentVariableIsSet("ALTIPLANO_STARTER_MODEL"))
            QSKIP("ALTIPLANO_STARTER_MODEL is not set");
        const auto model =
            engine::Model::load(qEnvironmentVariable("ALTIPLANO_STARTER_MODEL").toStdString(), {});
        engine::SchedulerOptions options;
        options.promptChunk = 64;
        engine::Scheduler scheduler(model, options);
        scheduler.recordSpans(true);
        std::map<std::int64_t, engine::StepTiming> steps; // by their start: each is told to all of its chats
        const auto hear = [&](const engine::GenerationEvent& event) {
            if (const auto* delta = std::get_if<engine::events::Delta>(&event))
                steps[delta->timing.startNs] = delta->timing;
            if (const auto* progress = std::get_if<engine::events::PromptProgress>(&event))
                steps[progress->timing.startNs] = progress->timing;
        };
        const auto ask = [&](int words) {
            engine::GenerationRequest request;
            request.messages = {
                {"user", QStringLiteral("llama %1 ").arg(words).repeated(words).toStdString()}};
            request.maxTokens = 40;
            request.ignoreEos = true;
            scheduler.submit(request, hear);
        };
        ask(100);
        ask(30);
        QElapsedTimer clock;
        clock.start();
        for (int slice = 0; scheduler.runSlice(); ++slice)
            if (slice == 10) ask(60);
        const auto took = static_cast<double>(clock.nsecsElapsed());

        double shown = 0;
        int prompts = 0, together = 0;
        std::vector<double> others;
        for (const auto& [start, step] : steps) {
            const Breakdown parts = breakdownOf(step);
            const auto wall = static_cast<double>(parts.wallNs());
            QCOMPARE(parts.wallNs(), step.wallNs);
            shown += wall;
            others.push_back(static_cast<double>(parts.of(Phase::Other)) / wall);
            prompts += step.rows > step.decodeRows;
            together += step.decodeRows > 1;
        }
        QVERIFY(prompts >= 6 && together >= 20);
        const double ratio = shown / took;
        std::nth_element(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(others.size() / 2),
                         others.end());
        const double other = others[others.size() / 2];
        QVERIFY2(ratio > 0.98 && ratio < 1.02, qPrintable(QString::number(ratio)));
        QVERIFY2(other < 0.02, qPrintable(QString::number(other)));
        qInfo(
            "shown phases / the scheduler's time: %.4f; median share of \"other\": %.5f; %zu steps, %d with "
            "prompts, %d of several chats",
            ratio, other, steps.size(), prompts, together);
    }
};

QTEST_GUILESS_MAIN(TestPhaseSums)
#include "tst_phase_sums.moc"
