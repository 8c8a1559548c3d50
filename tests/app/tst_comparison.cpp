#include "comparison.h"
#include "scripted_engine.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano::app;

namespace {

QJsonObject row(int batch, bool graphs, double speed) {
    return {{"model", "Llama 2 7B"},
            {"quantization", "Q4_0"},
            {"backend", "cuda"},
            {"device", "A GPU"},
            {"threads", 1},
            {"graphs", graphs},
            {"batch", batch},
            {"depth", 0},
            {"n_prompt", 0},
            {"n_gen", 128},
            {"tokens_per_s", speed},
            {"host_us_per_token", graphs ? 1.4 : 300},
            {"device_ms_per_token", 1.3},
            {"roof_percent", 65.0},
            {"driver", "580.159"},
            {"version", "0.1.0"},
            {"date", "2026-11-23T12:00:00Z"}};
}

QByteArray fileOf(const QJsonArray& rows) {
    return QJsonDocument(rows).toJson();
}

struct Session {
    explicit Session(const QString& folder, const QString& backend = QStringLiteral("cpu"))
        : comparison(engine, folder) {
        ModelInfo info;
        info.backend = backend;
        info.threads = 2;
        engine.setInfo(info);
        engine.setLoadMs(1);
        const QSignalSpy loaded(&engine, &EnginePort::loaded);
        engine.load({QStringLiteral("/models/one.gguf")});
        QTRY_COMPARE(loaded.size(), 1);
    }
    ScriptedEngine engine;
    Comparison comparison;
};

double value(const QVariantList& groups, int group, int series) {
    return groups.at(group).toMap().value("values").toList().at(series).toDouble();
}

} // namespace

class TestComparison : public QObject {
    Q_OBJECT
private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void onAGpuGraphsAreSwitched() {
        Session s(m_folder->path(), QStringLiteral("cuda"));
        s.comparison.run();
        QVERIFY(s.comparison.running());
        QTRY_VERIFY(!s.comparison.running());
        QCOMPARE(s.engine.comparisons().last().settings.size(), 2u);
        QCOMPARE(s.comparison.series().size(), 2);
        const QVariantList groups = s.comparison.groups(Comparison::Speed);
        QCOMPARE(groups.size(), 4);
        QCOMPARE(groups.at(3).toMap().value("label").toString(), QStringLiteral("16"));
        QCOMPARE(value(groups, 3, 0), 1600.0);
        QCOMPARE(value(groups, 3, 1), 1440.0);
        QCOMPARE(value(s.comparison.groups(Comparison::SpeedOfEach), 3, 0), 100.0);
        QCOMPARE(value(s.comparison.groups(Comparison::HostPercent), 0, 0), 0.5); // 50 us of 10 ms
        QCOMPARE(s.comparison.promptAndDecode().size(), 2);
        QCOMPARE(s.comparison.progress(), 1.0);
    }

    void onACpuThereAreNone() {
        Session s(m_folder->path());
        s.comparison.run();
        QTRY_VERIFY(!s.comparison.running());
        QCOMPARE(s.engine.comparisons().last().settings.size(), 1u);
        QCOMPARE(s.comparison.series().size(), 1);
        QCOMPARE(value(s.comparison.groups(Comparison::Speed), 1, 0), 400.0);
    }

    void resultsAreKept() {
        QString file;
        {
            Session s(m_folder->path());
            s.comparison.run();
            QTRY_VERIFY(!s.comparison.running());
            QCOMPARE(s.comparison.kept().size(), 1);
            file = s.comparison.shownFile();
            QVERIFY(!file.isEmpty());
        }
        Session s(m_folder->path()); // another day
        QVERIFY(!s.comparison.hasResult());
        QCOMPARE(s.comparison.kept().size(), 1);
        s.comparison.show(file);
        QVERIFY(s.comparison.hasResult());
        QCOMPARE(s.comparison.table().size(), 5);
        s.comparison.remove(file);
        QVERIFY(s.comparison.kept().isEmpty());
        QVERIFY(QDir(m_folder->path()).entryList(QDir::Files).isEmpty());
    }

    void slowerSinceTheLastDriver() {
        QJsonArray before, now;
        for (const int batch : {1, 4}) {
            before.append(row(batch, true, 780 * batch));
            QJsonObject later = row(batch, true, 702 * batch);
            later["driver"] = "590.12";
            later["date"] = "2026-12-01T12:00:00Z";
            now.append(later);
        }
        QFile kept(m_folder->filePath("a.json"));
        QVERIFY(kept.open(QIODevice::WriteOnly) && kept.write(fileOf(before)) > 0);
        kept.close();
        QFile other(m_folder->filePath("b.txt"));
        QVERIFY(other.open(QIODevice::WriteOnly) && other.write(fileOf(now)) > 0);
        other.close();
        Session s(m_folder->path());
        s.comparison.open(QUrl::fromLocalFile(other.fileName()));
        QVERIFY2(s.comparison.trend().startsWith("10 % slower than on ") &&
                     s.comparison.trend().contains("with driver 580.159"),
                 qPrintable(s.comparison.trend()));
        QVERIFY(s.comparison.facts().contains("driver 590.12"));
        const QString detail = s.comparison.kept().at(0).toMap().value("detail").toString();
        QVERIFY2(detail.endsWith("780 tok/s · driver 580.159 · Altiplano 0.1.0"), qPrintable(detail));
        s.comparison.show("a.json"); // the first has none to be compared with
        QCOMPARE(s.comparison.trend(), QString());
    }

    void aResultOfAnotherMachine() {
        QFile file(m_folder->filePath("other"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        // The contract's fields only, as older versions wrote them.
        file.write(
            R"([{"model":"M","backend":"cuda","device":"H200","threads":1,"graphs":true,"batch":1,"depth":0,
            "n_prompt":0,"n_gen":128,"tokens_per_s":781.2,"tokens_per_s_all":[781.2],"host_us_per_token":1.4,
            "device_ms_per_token":1.27,"roof_percent":65}])");
        file.close();
        Session s(m_folder->path());
        s.comparison.open(QUrl::fromLocalFile(file.fileName()));
        QCOMPARE(s.comparison.failure(), QString());
        QCOMPARE(s.comparison.title(), QStringLiteral("M"));
        QVERIFY(s.comparison.onGpu());
        QCOMPARE(s.comparison.facts().first(), QStringLiteral("H200"));
        QCOMPARE(value(s.comparison.groups(Comparison::Speed), 0, 0), 781.2);
        QVERIFY(s.comparison.kept().isEmpty()); // it is shown, not kept
    }

    void filesThatAreNoResults_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("Dear diary");
        QTest::newRow("an object") << QByteArray("{\"tokens_per_s\": 3}");
        QTest::newRow("no rows") << QByteArray("[]");
        QTest::newRow("numbers") << QByteArray("[1, 2]");
        QTest::newRow("no speed") << QByteArray("[{\"n_gen\": 8}]");
        QTest::newRow("zero") << QByteArray("[{\"n_gen\": 8, \"tokens_per_s\": 0}]");
        QTest::newRow("words for numbers") << QByteArray("[{\"n_gen\": \"8\", \"tokens_per_s\": \"fast\"}]");
        QTest::newRow("neither prompt nor answer") << QByteArray("[{\"tokens_per_s\": 8}]");
        QTest::newRow("cut off") << fileOf({row(1, true, 3)}).chopped(30);
        QTest::newRow("deep") << QByteArray(100'000, '[');
    }
    void filesThatAreNoResults() {
        QFETCH(const QByteArray, content);
        QFile file(m_folder->filePath("odd"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        Session s(m_folder->path());
        s.comparison.open(QUrl::fromLocalFile(file.fileName()));
        QVERIFY(!s.comparison.failure().isEmpty());
        QVERIFY(!s.comparison.hasResult());
    }

    void stopping() {
        Session s(m_folder->path(), QStringLiteral("cuda"));
        s.comparison.run();
        QTRY_VERIFY(s.comparison.hasResult());
        s.comparison.stop();
        QTRY_VERIFY(!s.comparison.running());
        QVERIFY(s.comparison.table().size() < 10); // what was measured stays
        QCOMPARE(s.comparison.failure(), QString());
    }

    void beforeAndAfter() {
        Session s(m_folder->path(), QStringLiteral("cuda"));
        QSignalSpy chosen(&s.comparison, &Comparison::settingsChosen);
        s.comparison.tryOut(0, -1, true, false);
        QVERIFY(s.comparison.trying());
        QTRY_VERIFY(!s.comparison.running());
        const auto settings = s.engine.comparisons().last().settings;
        QCOMPARE(settings.size(), 2u);
        QVERIFY(settings[0].graphs && !settings[0].kvQ8);
        QVERIFY(!settings[1].graphs && settings[1].kvQ8);
        QCOMPARE(s.comparison.trialBefore(), 100.0);
        QCOMPARE(s.comparison.trialAfter(), 90.0);
        QCOMPARE(s.comparison.trial().rows.first().at(0).toString(), QStringLiteral("device feed forward"));
        QCOMPARE(s.comparison.trial().rows.first().at(1).toDouble(), 1e4);
        QVERIFY(s.comparison.kept().isEmpty());
        s.comparison.useTrial();
        QCOMPARE(chosen.size(), 1);
        QVERIFY(!chosen.first().first().value<EngineSettings>().graphs);
    }

    /// Of the settings of a GPU that is not there, none is changed by the way.
    void onACpuAGpusSettingsStay() {
        Session s(m_folder->path());
        s.comparison.tryOut(3, 7, true, false);
        QTRY_VERIFY(!s.comparison.running());
        const auto settings = s.engine.comparisons().last().settings;
        QCOMPARE(settings[1].threads, 3u);
        QCOMPARE(settings[1].graphs, settings[0].graphs);
        QCOMPARE(settings[1].gpuLayers, settings[0].gpuLayers);
    }

    void tablesInThreeFormats() {
        DataTable table;
        table.title = QStringLiteral("Title");
        table.columns = {QStringLiteral("name"), QStringLiteral("value")};
        table.rows = {{QStringLiteral("plain"), 1.5}, {QStringLiteral("a \"b\", c|d"), QVariant()}};
        QCOMPARE(table.csv(), QStringLiteral("name,value\r\nplain,1.5\r\n\"a \"\"b\"\", c|d\",\r\n"));
        const QJsonArray json = QJsonDocument::fromJson(table.json().toUtf8()).array();
        QCOMPARE(json.size(), 2);
        QCOMPARE(json[0].toObject()["value"].toDouble(), 1.5);
        QVERIFY(json[1].toObject()["value"].isNull());
        QCOMPARE(table.markdown(), QStringLiteral("**Title**\n\n| name | value |\n| --- | ---: |\n"
                                                  "| plain | 1.500 |\n| a \"b\", c\\|d |  |\n"));
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestComparison)
#include "tst_comparison.moc"
