#include "performance_tables.h"
#include "recorded_gpu.h"
#include "recorded_steps.h"
#include "scripted_engine.h"
#include "step_pieces.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <map>

using namespace altiplano;
using namespace altiplano::app;

namespace {

StepHistory historyOf(const std::vector<engine::StepTiming>& steps) {
    StepHistory history(64);
    for (const engine::StepTiming& step : steps)
        history.add(step);
    return history;
}

const QString kGpuFile = QStringLiteral(TEST_DATA "/../../ui/data/h100_steps.json");

/// The kernels of a GPU's step as the bench wrote them: [phase, layer, start, duration] in nanoseconds.
QJsonArray gpuKernels(bool graphs) {
    QFile file(kGpuFile);
    if (!file.open(QIODevice::ReadOnly)) return {};
    for (const QJsonValue row : QJsonDocument::fromJson(file.readAll()).array())
        if (row["graphs"].toBool() == graphs) return row["step"]["spans"].toArray();
    return {};
}

} // namespace

class TestPerformanceTables : public QObject {
    Q_OBJECT
private slots:
    /// Without detail the phases stand one after the other where the device worked.
    void piecesOfAStep() {
        engine::StepTiming step = recordedSteps(1)[0];
        step.spans = nullptr;
        const auto pieces = piecesOf(step);
        QCOMPARE(pieces[0].phase, Phase::Deliver);
        QCOMPARE(pieces[0].startNs, step.startNs);
        QVERIFY(pieces[1].waiting);
        QCOMPARE(pieces[1].startNs, step.startNs + 200'000);
        QCOMPARE(pieces[2].phase, Phase::Sample);
        QCOMPARE(pieces[2].startNs + pieces[2].durationNs, step.startNs + step.wallNs);
        QCOMPARE(pieces[3].phase, Phase::Embed);
        QCOMPARE(pieces[3].startNs, step.startNs + 200'000);
        step.path = engine::StepPath::Graphs; // the device ran ahead: it ended when its tokens came
        const auto ahead = piecesOf(step);
        QCOMPARE(ahead.back().startNs + ahead.back().durationNs, step.startNs + step.wallNs);
    }

    void layers() {
        const DataTable table = layerTable(historyOf(recordedSteps(10)), Phase::FeedForward);
        QCOMPARE(table.size(), 2);
        QCOMPARE(table.cell(0, 0).toInt(), 1);
        QCOMPARE(table.cell(1, 1).toDouble(), 2000.0); // half of 40 % of 10 ms
        QCOMPARE(layerTable(historyOf({}), Phase::Qkv).size(), 0);
    }

    /// What the CPU runs of a split model stands in the host's lane, and in the tables of its own phases.
    void piecesOfASplitModel() {
        const engine::StepTiming step = splitSteps(1)[0];
        std::int64_t cpu = 0, device = 0;
        for (const StepPiece& piece : piecesOf(step)) {
            QCOMPARE(piece.lane == StepPiece::Device, isDevicePhase(piece.phase));
            if (isCpuPart(piece.phase)) cpu += piece.durationNs;
            if (isDevicePhase(piece.phase)) {
                device += piece.durationNs;
                QCOMPARE(piece.layer, 0);
            }
        }
        QCOMPARE(cpu, 5'200'000); // embed 2 %, one of two layers, logits 10 % of 10 ms
        QCOMPARE(device, 4'000'000);
        engine::StepTiming untold = step;
        untold.spans = nullptr;
        std::int64_t end = step.startNs + step.host(engine::HostPhase::Deliver), told = 0;
        for (const StepPiece& piece : piecesOf(untold)) {
            if (!isDevicePhase(piece.phase) && !isCpuPart(piece.phase)) continue;
            QCOMPARE(piece.startNs, end);
            end += piece.durationNs;
            told += piece.durationNs;
        }
        QCOMPARE(told, cpu + device);
        const StepHistory history = historyOf(splitSteps(3));
        const DataTable onGpu = layerTable(history, Phase::FeedForward);
        const DataTable onCpu = layerTable(history, Phase::CpuFeedForward);
        QCOMPARE(onGpu.size(), 1);
        QCOMPARE(onGpu.cell(0, 0).toInt(), 1);
        QCOMPARE(onCpu.size(), 1);
        QCOMPARE(onCpu.cell(0, 0).toInt(), 2);
        QCOMPARE(onCpu.cell(0, 1).toDouble(), 2000.0);
        QStringList threads;
        for (const QJsonValue& event :
             QJsonDocument::fromJson(chromeTrace(history, "a", "GPU")).object()["traceEvents"].toArray()) {
            const QString name = event["args"]["name"].toString();
            if (event["name"] == "thread_name") threads << name;
            if (event["name"].toString().endsWith(QStringLiteral("(CPU)"))) QCOMPARE(event["tid"].toInt(), 3);
        }
        QCOMPARE(threads, (QStringList{"host", "GPU", "CPU layers"}));
    }

    void layersOfAGpu_data() {
        QTest::addColumn<bool>("graphs");
        QTest::addColumn<int>("phase");
        for (const bool graphs : {true, false})
            for (const Phase phase :
                 {Phase::Qkv, Phase::Attention, Phase::Projection, Phase::FeedForward, Phase::Logits})
                QTest::addRow("%s, %s", graphs ? "graphs" : "launches", qPrintable(phaseTitle(phase)))
                    << graphs << int(phase);
    }
    /// A row for each layer, of what its kernels took: two of them in a feed-forward part.
    void layersOfAGpu() {
        QFETCH(const bool, graphs);
        QFETCH(const int, phase);
        const QString name = phaseTitle(static_cast<Phase>(phase));
        std::map<int, double> us;
        for (const QJsonValue kernel : gpuKernels(graphs))
            if (kernel[0] == name) us[kernel[1].toInt() + 1] += kernel[3].toDouble() / 1e3;
        const DataTable table =
            layerTable(historyOf(recordedGpuSteps(kGpuFile, graphs, 3)), static_cast<Phase>(phase));
        QCOMPARE(us.size(), name == "logits" ? 1u : 32u);
        QCOMPARE(table.size(), qsizetype(us.size()));
        for (int row = 0; row < table.size(); ++row)
            QCOMPARE(table.cell(row, 1).toDouble(), us[table.cell(row, 0).toInt()]);
    }

    void traceOfAGpu_data() {
        QTest::addColumn<bool>("graphs");
        QTest::addColumn<int>("aheadUs");
        QTest::newRow("graphs") << true << 0;
        QTest::newRow("launches") << false << 0;
        QTest::newRow("the device runs ahead") << true << 60;
    }
    /// Its kernels with the gaps between them, on a thread of their own beside the host's; from 0 on, since
    /// readers of traces drop what is before.
    void traceOfAGpu() {
        QFETCH(const bool, graphs);
        QFETCH(const int, aheadUs);
        const auto steps = ahead(recordedGpuSteps(kGpuFile, graphs, 2), 1000 * aheadUs);
        const QJsonArray kernels = gpuKernels(graphs);
        QVERIFY(kernels.size() > 100);
        const double firstUs = kernels[0][2].toDouble() / 1e3 - aheadUs, hostUs = std::max(0.0, -firstUs);
        std::vector<QJsonObject> device;
        double host = -1;
        for (const QJsonValue value : QJsonDocument::fromJson(chromeTrace(historyOf(steps), "a", "GPU"))
                                          .object()["traceEvents"]
                                          .toArray()) {
            const QJsonObject event = value.toObject();
            if (event["ph"] != "X") continue;
            QVERIFY(event["ts"].toDouble() >= 0);
            if (event["tid"] == 2) device.push_back(event);
            if (event["tid"] == 1 && host < 0) host = event["ts"].toDouble();
        }
        QCOMPARE(host, hostUs);
        QCOMPARE(qsizetype(device.size()), 2 * kernels.size());
        int gaps = 0;
        for (qsizetype i = 0; i < kernels.size(); ++i) {
            const QJsonObject& event = device[std::size_t(i)];
            QCOMPARE(event["ts"].toDouble(), kernels[i][2].toDouble() / 1e3 - aheadUs + hostUs);
            QCOMPARE(event["dur"].toDouble(), kernels[i][3].toDouble() / 1e3);
            QCOMPARE(event["args"]["token"].toInt(), 1);
            if (kernels[i][0] == "attention")
                QCOMPARE(event["args"]["layer"].toInt(), kernels[i][1].toInt() + 1);
            if (i == 0) continue;
            const QJsonObject& before = device[std::size_t(i - 1)];
            gaps += event["ts"].toDouble() > before["ts"].toDouble() + before["dur"].toDouble() + 1e-6;
        }
        QVERIFY2(gaps > 100,
                 qPrintable(QString::number(gaps))); // kernels of a stream begin after one another
    }

    /// A step that nothing is told of has no pieces, and what comes after it may begin before it.
    void traceOfStepsWithoutTimes() {
        engine::StepTiming untold;
        untold.rows = untold.decodeRows = 1;
        untold.startNs = 1'000'000'000;
        QVERIFY(piecesOf(untold).empty());
        const auto eventsOf = [](const std::vector<engine::StepTiming>& steps) {
            return QJsonDocument::fromJson(chromeTrace(historyOf(steps), "a", "b"))
                .object()["traceEvents"]
                .toArray();
        };
        QCOMPARE(eventsOf({untold}).size(), 3); // names only
        const engine::StepTiming next = ahead(recordedGpuSteps(kGpuFile, true, 1), 60'000)[0];
        const QJsonArray events = eventsOf({untold, next});
        QVERIFY(events.size() > 100);
        for (const QJsonValue event : events)
            QVERIFY(event["ph"] == "M" || event["ts"].toDouble() >= 0);
    }

    void tablesAsFarAsTheyCanBeRead() {
        DataTable table;
        table.columns = {"n", "a", "b", "c", "d"};
        for (int i = 1; i <= 3; ++i)
            table.rows.append({i, 5, 0, 1, i});
        QCOMPARE(table.largestColumns(1, 9), (QList<int>{1, 3, 4}));
        QCOMPARE(table.largestColumns(1, 2), (QList<int>{1, 4}));
        QCOMPARE(table.largestColumns(1, 0), QList<int>());
        QCOMPARE(table.newest(2).size(), 2);
        QCOMPARE(table.newest(2).cell(0, 0).toInt(), 3);
        QCOMPARE(table.newest(9).cell(2, 0).toInt(), 1);
        QCOMPARE(table.first(2).cell(1, 0).toInt(), 2);
        QCOMPARE(table.first(9).size(), 3);
        QCOMPARE(DataTable().newest(4).size(), 0);
    }

    /// By the rules of the Trace Event Format: an object with traceEvents; complete events ("X") with name,
    /// cat, ts, dur, pid and tid; metadata ("M") that names process and threads. Complete events of a thread
    /// must nest, and ours follow one another.
    void theTraceFollowsItsFormat() {
        const auto steps = recordedSteps(5);
        QJsonParseError error;
        const QJsonObject trace =
            QJsonDocument::fromJson(chromeTrace(historyOf(steps), "Altiplano", "pool"), &error).object();
        QCOMPARE(error.error, QJsonParseError::NoError);
        const QJsonArray events = trace["traceEvents"].toArray();
        std::map<int, double> last, sum;
        std::map<int, QString> threads;
        int complete = 0;
        for (const QJsonValue& value : events) {
            const QJsonObject event = value.toObject();
            QVERIFY(event["name"].isString() && !event["name"].toString().isEmpty());
            QVERIFY(event["pid"].isDouble() && event["tid"].isDouble());
            const int thread = event["tid"].toInt();
            if (event["ph"] == "M") {
                if (event["name"] == "thread_name") threads[thread] = event["args"]["name"].toString();
                continue;
            }
            QCOMPARE(event["ph"].toString(), QStringLiteral("X"));
            QVERIFY(event["cat"].isString());
            const double ts = event["ts"].toDouble(-1), duration = event["dur"].toDouble(-1);
            QVERIFY(ts >= 0 && duration > 0 && std::isfinite(ts + duration));
            QVERIFY2(ts >= last[thread] - 1e-6, "events of a thread overlap");
            last[thread] = ts + duration;
            sum[thread] += duration;
            ++complete;
        }
        QCOMPARE(threads[1], QStringLiteral("host"));
        QCOMPARE(threads[2], QStringLiteral("pool"));
        QCOMPARE(complete, 5 * (3 + 10));
        QCOMPARE(last[1], 50'000.0); // microseconds: five steps of 10 ms
        QCOMPARE(sum[1], 50'000.0);
        QCOMPARE(sum[2], 0.92 * 50'000);
        const QJsonObject empty = QJsonDocument::fromJson(chromeTrace(StepHistory(4), "a", "b")).object();
        QCOMPARE(empty["traceEvents"].toArray().size(), 3);
    }

    void tablesOfTheView() {
        ScriptedEngine engine;
        engine.setAnswers({{QStringLiteral(" word").repeated(20), 5000, 10, 20}});
        engine.setSteps(recordedSteps(20));
        PerformanceModel performance(engine);
        performance.setOpen(true);
        QVERIFY(engine.detailed());
        const QSignalSpy finished(&engine, &EnginePort::finished);
        engine.submit({});
        QTRY_COMPARE(finished.size(), 1);
        const DataTable tokens = tokenTable(performance);
        QCOMPARE(tokens.size(), 20);
        QCOMPARE(tokens.columns.size(), static_cast<qsizetype>(2 + kPhases));
        for (const QVariantList& row : tokens.rows) {
            double sum = 0;
            for (int column = 2; column < row.size(); ++column)
                sum += row[column].toDouble();
            QCOMPARE(sum, row[1].toDouble());
        }
        const DataTable timeline = timelineTable(performance);
        QCOMPARE(timeline.size(), 3 + 10);
        double last = 0, device = 0;
        for (const QVariantList& row : timeline.rows) {
            QVERIFY(row[0].toDouble() >= last);
            last = row[0].toDouble();
            const bool onDevice = row[2].toString() == "device";
            if (onDevice) device += row[1].toDouble();
            QCOMPARE(row[4].isValid(),
                     onDevice && row[3].toString() != "embed" && row[3].toString() != "logits");
        }
        QCOMPARE(device, 9200.0); // of 10 ms
        const DataTable phases = phaseTable(performance);
        double percent = 0;
        for (const QVariantList& row : phases.rows)
            percent += row[2].toDouble();
        QCOMPARE(percent, 100.0);
        QVERIFY(rateTable(performance).size() > 0);
        QCOMPARE(memoryTable(performance).size(), 4);
        QCOMPARE(roofTable(performance).size(), 2);
        performance.setOpen(false);
        QVERIFY(!engine.detailed()); // nobody looks
    }
};

QTEST_GUILESS_MAIN(TestPerformanceTables)
#include "tst_performance_tables.moc"
