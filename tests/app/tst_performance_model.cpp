#include "performance_model.h"
#include "recorded_steps.h"
#include "scripted_engine.h"
#include "support/random.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <numeric>

using namespace altiplano;
using namespace altiplano::app;
using engine::DevicePhase;
using engine::HostPhase;
using engine::StepTiming;

namespace {

/// Plays answers of given steps to a PerformanceModel.
struct Session {
    explicit Session(const std::vector<StepTiming>& steps) : performance(engine) {
        ModelInfo info;
        info.backend = QStringLiteral("cpu");
        info.threads = 2;
        info.readBytesPerSecond = 25e9;
        info.weightBytes = 90'000'000;
        engine.setInfo(info);
        engine.setLoadMs(1);
        engine.setAnswers({{QStringLiteral(" word").repeated(20), 2000, 10, 20}});
        engine.setSteps(steps);
        performance.setOpen(true);
        load(QStringLiteral("/models/one.gguf"));
    }
    void load(const QString& path) {
        const QSignalSpy loaded(&engine, &EnginePort::loaded);
        engine.load({path});
        QTRY_COMPARE(loaded.size(), 1);
    }
    void answer() {
        const QSignalSpy finished(&engine, &EnginePort::finished);
        engine.submit({});
        QTRY_COMPARE(finished.size(), 1);
    }
    double row(Phase phase, PhaseTable::Role role) {
        for (int i = 0; i < performance.phases()->rowCount(); ++i) {
            const QModelIndex index = performance.phases()->index(i);
            if (index.data(PhaseTable::PhaseRole).toInt() == static_cast<int>(phase))
                return index.data(role).toDouble();
        }
        return -1;
    }

    ScriptedEngine engine;
    PerformanceModel performance;
};

StepTiming stepOf(std::int64_t wall, std::int64_t hostBusy, std::int64_t device) {
    StepTiming step;
    step.wallNs = wall;
    step.host(HostPhase::Launch) = hostBusy;
    step.host(HostPhase::Wait) = wall - hostBusy;
    step.device(DevicePhase::FeedForward) = device;
    step.rows = step.decodeRows = 1;
    return step;
}

} // namespace

class TestPerformanceModel : public QObject {
    Q_OBJECT
private slots:
    void aStepInWhichTheHostWaits() {
        const Breakdown parts = breakdownOf(stepOf(1000, 200, 700));
        QCOMPARE(parts.of(Phase::Launch), 200);
        QCOMPARE(parts.of(Phase::FeedForward), 700);
        QCOMPARE(parts.of(Phase::Other), 100);
        QCOMPARE(parts.hostNs(), 200);
        QCOMPARE(parts.deviceNs(), 700);
    }

    /// What the host does while the device works costs nobody time.
    void aStepInWhichTheHostRunsAhead() {
        const Breakdown parts = breakdownOf(stepOf(1000, 400, 950));
        QCOMPARE(parts.of(Phase::FeedForward), 950);
        QCOMPARE(parts.of(Phase::Launch), 50);
        QCOMPARE(parts.of(Phase::Other), 0);
    }

    void moreDeviceTimeThanTime() {
        const Breakdown parts = breakdownOf(stepOf(1000, 400, 3000));
        QCOMPARE(parts.of(Phase::FeedForward), 1000);
        QCOMPARE(parts.wallNs(), 1000);
    }

    /// What the CPU runs of a split model is neither the GPU's nor lost.
    void aStepOfASplitModel() {
        StepTiming step = stepOf(1000, 100, 800);
        step.device(DevicePhase::Logits) = 50;
        step.cpuPartNs[static_cast<std::size_t>(DevicePhase::FeedForward)] = 500;
        step.cpuPartNs[static_cast<std::size_t>(DevicePhase::Logits)] = 50;
        const Breakdown parts = breakdownOf(step);
        QCOMPARE(parts.of(Phase::FeedForward), 300);
        QCOMPARE(parts.of(Phase::CpuFeedForward), 500);
        QCOMPARE(parts.of(Phase::Logits), 0);
        QCOMPARE(parts.of(Phase::CpuLogits), 50);
        QCOMPARE(parts.deviceNs(), 300);
        QCOMPARE(parts.hostNs(), 650); // all that is the CPU's
        QCOMPARE(parts.of(Phase::Other), 50);
        QCOMPARE(parts.wallNs(), 1000);
    }

    void thePartsAlwaysSumToTheWallTime() {
        std::mt19937_64 random = test::seededRandom();
        const auto upTo = [&](std::int64_t most) {
            return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most + 1));
        };
        for (int i = 0; i < 10'000; ++i) {
            StepTiming step;
            for (std::int64_t& ns : step.hostNs)
                ns = upTo(random() % 2 ? 100 : 1'000'000);
            step.wallNs = std::accumulate(step.hostNs.begin(), step.hostNs.end(), std::int64_t{0});
            for (std::int64_t& ns : step.deviceNs)
                ns = upTo(random() % 2 ? 100 : 1'000'000);
            for (std::size_t phase = 0; phase < step.deviceNs.size() && i % 3 == 0; ++phase)
                step.cpuPartNs[phase] = upTo(step.deviceNs[phase]);
            const Breakdown parts = breakdownOf(step);
            QCOMPARE(parts.wallNs(), step.wallNs);
            for (const std::int64_t ns : parts.ns)
                QVERIFY(ns >= 0);
        }
    }

    void theRingKeepsTheNewest() {
        StepHistory history(4);
        StepTiming step = stepOf(10, 1, 5);
        for (int i = 0; i < 11; ++i) {
            step.startNs = i;
            QVERIFY(history.add(step));
            QVERIFY(!history.add(step)); // another request of the same step
        }
        QCOMPARE(history.size(), 4u);
        for (std::size_t age = 0; age < 4; ++age)
            QCOMPARE(history.fromNewest(age).startNs, 10 - static_cast<std::int64_t>(age));
        step.startNs = 99;
        step.rows = 20; // a prompt chunk
        QVERIFY(!history.add(step));
    }

    void theNumbersAreTheSteps() {
        Session s(recordedSteps(20));
        s.answer();
        QCOMPARE(s.performance.tokens(), 20);
        QCOMPARE(s.performance.nsPerToken(), 10e6);
        QCOMPARE(s.performance.cpuShare(), 1.0);
        QCOMPARE(s.performance.gpuShare(), 0.0);
        QCOMPARE(s.performance.bytesPerSecond(), 10e9);
        QCOMPARE(s.performance.roofShare(), 0.4);
        QCOMPARE(s.performance.firstTokenSeconds(), 0.02);
        QVERIFY(std::abs(s.performance.tokensPerSecond() / 2000 - 1) < 0.01);
        QCOMPARE(s.row(Phase::FeedForward, PhaseTable::NsRole), 4e6);
        QCOMPARE(s.row(Phase::FeedForward, PhaseTable::ShareRole), 0.4);
        QCOMPARE(s.row(Phase::Other, PhaseTable::ShareRole), 0.02);
        QCOMPARE(s.row(Phase::Launch, PhaseTable::NsRole), -1.0); // took no time: not there
        QVERIFY(std::isnan(s.row(Phase::Other, PhaseTable::ChangeRole)));
    }

    void theChangeIsToTheLastAnswer() {
        auto steps = recordedSteps(20);
        for (StepTiming step : recordedSteps(20, 15'000)) {
            step.startNs += 1'000'000'000'000;
            steps.push_back(step);
        }
        Session s(steps);
        s.answer();
        s.answer();
        QCOMPARE(s.performance.nsPerToken(), 15e6);
        QCOMPARE(s.row(Phase::Attention, PhaseTable::ChangeRole), 0.5);
        s.load(QStringLiteral("/models/other.gguf")); // nothing to compare with any more
        QCOMPARE(s.performance.tokens(), 0);
        QCOMPARE(s.performance.phases()->rowCount(), 0);
        QCOMPARE(s.performance.steps().size(), 0u);
    }

    /// Nobody looks: the table stays as it is.
    void closedItDoesNotCount() {
        Session s(recordedSteps(20));
        s.performance.setOpen(false);
        const QSignalSpy rows(s.performance.phases(), &QAbstractItemModel::modelReset);
        s.answer();
        QCOMPARE(rows.size(), 0);
        QCOMPARE(s.performance.steps().size(), 20u);
        s.performance.setOpen(true);
        QCOMPARE(rows.size(), 1);
    }

    /// However fast the tokens come, the numbers change at a pace that can be read.
    void numbersChangeTwiceASecond() {
        Session s(recordedSteps(500));
        s.engine.setAnswers({{QStringLiteral(" word").repeated(500), 1000, 10, 20}});
        const QSignalSpy numbers(&s.performance, &PerformanceModel::numbersChanged);
        const QSignalSpy steps(&s.performance, &PerformanceModel::stepsChanged);
        QElapsedTimer clock;
        clock.start();
        s.answer();
        const qint64 most = clock.elapsed() / 500 + 3;    // at its beginning and its end, too
        for (const QSignalSpy* told : {&numbers, &steps}) // steps: of a CPU
            QVERIFY2(told->size() >= 2 && told->size() <= most, qPrintable(QString::number(told->size())));
    }

    /// An engine that times nothing still has a speed.
    void withoutTimings() {
        Session s({});
        s.answer();
        QVERIFY(s.performance.tokensPerSecond() > 0);
        QCOMPARE(s.performance.cpuShare(), 0.0);
        QCOMPARE(s.performance.roofShare(), 0.0);
        QCOMPARE(s.performance.phases()->rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(TestPerformanceModel)
#include "tst_performance_model.moc"
