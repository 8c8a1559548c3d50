#include "performance_tables.h"
#include "recorded_gpu.h"
#include "recorded_steps.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace altiplano;
using namespace altiplano::app;

using StepList = std::vector<engine::StepTiming>;

namespace {

StepHistory historyOf(const StepList& steps) {
    StepHistory history(64);
    for (const engine::StepTiming& step : steps)
        history.add(step);
    return history;
}

} // namespace

/// Traces as Perfetto's own importer reads them ($ALTIPLANO_PERFETTO; ./dev perfetto fetches it, node runs
/// it).
class TestPerfetto : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        m_folder = qEnvironmentVariable("ALTIPLANO_PERFETTO");
        if (!QFile::exists(m_folder + "/engine_bundle.js"))
            QSKIP("There is no Perfetto: ./dev perfetto fetches it.");
        m_node = QStandardPaths::findExecutable(QStringLiteral("node"));
        if (m_node.isEmpty()) QSKIP("There is no node to run Perfetto.");
    }

    void itReadsWhatWasMeasured_data() {
        QTest::addColumn<StepList>("steps");
        QTest::newRow("CPU") << recordedSteps(5);
        QTest::newRow("a split model") << splitSteps(5);
        const QString gpu = QStringLiteral(TEST_DATA "/../../ui/data/h100_steps.json");
        QTest::newRow("GPU, graphs") << recordedGpuSteps(gpu, true, 3);
        QTest::newRow("GPU, launches") << recordedGpuSteps(gpu, false, 3);
        QTest::newRow("GPU that runs ahead") << ahead(recordedGpuSteps(gpu, true, 3), 60'000);
    }
    /// Every kernel with its thread, phase, layer and token, to the nanosecond; nothing is dropped or nested.
    void itReadsWhatWasMeasured() {
        QFETCH(const StepList, steps);
        QVERIFY(!steps.empty());
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("trace.json"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.write(chromeTrace(historyOf(steps), "Altiplano", "the device")) > 0);
        file.close();

        const QList<QJsonArray> read =
            ask(path, {"select name from stats where severity != 'info' and value > 0",
                       "select ts, dur, depth, category, slice.name, thread.name as thread, "
                       "process.name as process, extract_arg(slice.arg_set_id, 'args.token') as token, "
                       "extract_arg(slice.arg_set_id, 'args.layer') as layer from slice "
                       "join thread_track on track_id = thread_track.id "
                       "join thread using (utid) join process using (upid) order by ts"});
        QCOMPARE(read.size(), 2);
        QVERIFY2(read[0].isEmpty(), qPrintable(read[0][0]["name"].toString()));
        std::int64_t hostNs = 0, wallNs = 0;
        std::map<std::int64_t, QJsonObject> device; // by their start
        for (const QJsonValue value : read[1]) {
            const QJsonObject slice = value.toObject();
            QCOMPARE(slice["process"].toString(), QStringLiteral("Altiplano"));
            QCOMPARE(slice["depth"].toInt(), 0);
            if (slice["thread"] == "host") hostNs += slice["dur"].toInteger();
            if (slice["category"] == "device") device[slice["ts"].toInteger()] = slice;
        }
        // The trace begins with the earliest of all.
        const std::int64_t origin = std::min(steps[0].startNs, steps[0].spans->front().startNs);
        int token = 0;
        std::size_t kernels = 0;
        for (const engine::StepTiming& step : steps) {
            ++token;
            wallNs += step.wallNs;
            for (const engine::DeviceSpan& span : *step.spans) {
                const auto found = device.find(span.startNs - origin);
                QVERIFY(found != device.end());
                const QJsonObject& slice = found->second;
                QCOMPARE(slice["dur"].toInteger(), std::int64_t{span.durationNs});
                QCOMPARE(slice["name"].toString(), phaseTitle(partOf(span.phase, span.cpuPart)));
                QCOMPARE(slice["thread"].toString(), span.cpuPart ? "CPU layers" : "the device");
                QCOMPARE(slice["token"].toInt(), token);
                const bool layered = span.phase != engine::DevicePhase::Embed &&
                                     span.phase != engine::DevicePhase::Logits &&
                                     span.phase != engine::DevicePhase::Sample;
                if (layered) QCOMPARE(slice["layer"].toInt(), span.layer + 1);
                ++kernels;
            }
        }
        QCOMPARE(device.size(), kernels);
        QCOMPARE(hostNs, wallNs);
    }

private:
    /// The rows of each question; none where it failed, which is said.
    QList<QJsonArray> ask(const QString& trace, const QStringList& questions) {
        QProcess node;
        node.start(m_node,
                   QStringList{QStringLiteral(TEST_DATA "/../../oracles/perfetto.mjs"), m_folder, trace} +
                       questions);
        const bool ended = node.waitForFinished(60'000);
        if (!ended || node.exitCode() != 0) qWarning() << node.errorString() << node.readAllStandardError();
        QList<QJsonArray> answers;
        while (node.canReadLine())
            answers << QJsonDocument::fromJson(node.readLine()).array();
        return answers;
    }

    QString m_folder, m_node;
};

QTEST_GUILESS_MAIN(TestPerfetto)
#include "tst_perfetto.moc"
