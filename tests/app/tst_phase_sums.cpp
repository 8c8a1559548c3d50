#include "local_engine.h"
#include "performance_model.h"

#include <QTest>

#include <algorithm>
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
};

QTEST_GUILESS_MAIN(TestPhaseSums)
#include "tst_phase_sums.moc"
