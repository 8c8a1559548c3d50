#include "comparison.h"
#include "performance_session.h"
#include "phase_colors.h"
#include "rate_plot.h"
#include "recorded_gpu.h"
#include "timeline_plot.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <cmath>

using namespace altiplano;
using namespace altiplano::app;

namespace {

struct Palette {
    QColor base, line, ink;
};

QColor blend(const QColor& under, const QColor& over, double share) {
    const auto part = [share](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * share)); };
    return {part(under.red(), over.red()), part(under.green(), over.green()),
            part(under.blue(), over.blue())};
}

bool alike(const QColor& a, const QColor& b) {
    return std::abs(a.red() - b.red()) <= 2 && std::abs(a.green() - b.green()) <= 2 &&
           std::abs(a.blue() - b.blue()) <= 2;
}

} // namespace

/// More of what the performance view draws. Run at 100 % and at 200 % (QT_SCALE_FACTOR).
class TestPerformancePlots : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpPerformanceTests(); }

    void ratesStandWhereTheyShould_data() {
        QTest::addColumn<QStringList>("colors");
        QTest::newRow("light") << QStringList{"#fdfdfc", "#e2e2dd", "#d55e00"};
        QTest::newRow("dark") << QStringList{"#17191b", "#353a3f", "#e69f00"};
    }
    /// 100, then 50 tokens/s of one answer, and 150 of the next: the axis ends at 200.
    void ratesStandWhereTheyShould() {
        QFETCH(const QStringList, colors);
        const Palette is{colors[0], colors[1], colors[2]};
        ScriptedEngine engine;
        PerformanceModel performance(engine);
        const auto tell = [&](RequestId id, double seconds, quint32 tokens) {
            AnswerUpdate update;
            update.tokens = tokens;
            update.decodeNs = static_cast<qint64>(seconds * 1e9);
            emit engine.answered(id, update);
        };
        tell(1, 1, 101);
        while (performance.rates().size() < 2) { // a rate is for half a second
            QTest::qWait(50);
            tell(1, 3, 201);
        }
        emit engine.finished(1, {});
        tell(2, 1, 151);
        QCOMPARE(performance.rates().size(), std::size_t(3));

        QQuickWindow window;
        window.setColor(is.base);
        window.resize(100, 60);
        PhaseColors phaseColors;
        phaseColors.setProperty("cpu", is.ink);
        phaseColors.setProperty("line", is.line);
        RatePlot plot(window.contentItem());
        plot.setSize({90, 48});
        plot.setPosition({4, 6});
        plot.setColors(&phaseColors);
        plot.setSource(&performance);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QTRY_COMPARE(plot.peak(), 200.0);
        const QImage picture = window.grabWindow();
        const double scale = window.effectiveDevicePixelRatio(), bottom = 48 - 1 / scale;
        const auto at = [&](double x, double y) {
            const QPointF point = QPointF(4 + x, 6 + y) * scale;
            return picture.pixelColor(static_cast<int>(point.x()), static_cast<int>(point.y()));
        };
        const QColor tint = blend(is.base, is.ink, 0.18);
        // Three pixels a column, and the room of two between answers.
        const auto column = [&](double left, double rate) {
            const double y = bottom * (1 - rate / 200);
            for (const double x : {left + 0.8, left + 1.5}) {
                QVERIFY2(alike(at(x, y + 0.8), is.ink), "its upper end");
                QVERIFY2(alike(at(x, y + 3.5), tint), "below");
                QVERIFY2(alike(at(x, bottom - 1.5), tint), "down to the axis");
                QVERIFY2(alike(at(x, y - 1.5), is.base), "nothing above");
                QVERIFY2(alike(at(x, 48 - 0.5 / scale), is.line), "the axis");
            }
        };
        column(90 - 3, 150);
        column(90 - 12, 50);
        column(90 - 15, 100);
        for (const double x : {81.5, 84.5, 86.5, 74.0, 40.0})
            QVERIFY(alike(at(x, bottom - 1.5), is.base));
        // From 100 down to 50: a line between the columns.
        QVERIFY(alike(at(78 - 0.5 / scale, bottom * (1 - 75.0 / 200)), is.ink));
    }

    void memoryAndItsRoof_data() {
        QTest::addColumn<QByteArray>("scheme");
        QTest::addColumn<QStringList>("colors");
        QTest::newRow("light") << QByteArray("light") << QStringList{"#f3f3f0", "#d55e00", "#1c1e20"};
        QTest::newRow("dark") << QByteArray("dark") << QStringList{"#22262a", "#e69f00", "#e7e9ea"};
    }
    /// 90 MB of weights, 20 of K/V and 200 free; 10 GB/s read of 25 measured.
    void memoryAndItsRoof() {
        QFETCH(const QByteArray, scheme);
        QFETCH(const QStringList, colors);
        const QColor raised(colors[0]), ink(colors[1]), text(colors[2]);
        PerformanceSession s(m_folder.path(), scheme, {1200, 1300});
        s.key(Qt::Key_F10);
        s.answer();
        auto* memory = s.item<QQuickItem>("memoryBar");
        auto* roof = s.item<QQuickItem>("roofBar");
        QVERIFY(memory && roof);
        const QImage picture = s.main->window()->grabWindow();
        const auto shows = [&](QQuickItem* bar, double x, const QColor& color) {
            const QColor found = QColor::fromRgb(s.at(bar, x, bar->height() / 2, picture));
            return QTest::qVerify(alike(found, color), "shown as it should", qPrintable(found.name()),
                                  __FILE__, __LINE__);
        };
        const double wide = memory->width(), weights = wide * 90 / 310, kv = wide * 110 / 310;
        QVERIFY(shows(memory, 4, ink) && shows(memory, weights - 2, ink));
        QVERIFY(shows(memory, weights + 2, blend(raised, ink, 0.6)));
        QVERIFY(shows(memory, kv - 2, blend(raised, ink, 0.6)));
        QVERIFY(shows(memory, kv + 2, raised) && shows(memory, wide - 4, raised));
        QVERIFY(shows(roof, 4, ink) && shows(roof, wide * 0.4 - 4, ink));
        QVERIFY(shows(roof, wide * 0.4 + 2, raised) && shows(roof, wide - 4, raised));
        QVERIFY(shows(roof, wide - 1, text)); // what was measured
    }

    void aGpusKernelsAndGaps_data() {
        QTest::addColumn<bool>("graphs");
        QTest::newRow("graphs") << true;
        QTest::newRow("launches") << false;
    }
    /// Steps of a real GPU: every kernel stands in its place, and between two of them is nothing.
    void aGpusKernelsAndGaps() {
        QFETCH(const bool, graphs);
        const auto steps = recordedGpuSteps(QStringLiteral(TEST_DATA "/h100_steps.json"), graphs, 300);
        PerformanceSession s(m_folder.path(), "light");
        s.engine.setSteps(steps);
        s.key(Qt::Key_F10);
        s.answer();
        auto* lanes = s.item<TimelinePlot>("timeline");
        QVERIFY(lanes && lanes->detailed());
        const engine::StepTiming& newest = s.main->context().performance()->steps().fromNewest(0);
        const std::vector<engine::DeviceSpan>& spans = *newest.spans;
        QVERIFY(spans.size() > 100);
        const double y = lanes->laneTop(StepPiece::Device) + 2;
        int gaps = 0;
        for (std::size_t i = 3; i + 1 < spans.size(); i += 17) {
            const std::int64_t from = spans[i].startNs, to = from + spans[i].durationNs,
                               next = spans[i + 1].startNs;
            lanes->goToNewest();
            QTRY_VERIFY(lanes->spanNs() > 1e6); // laid out
            const double x = lanes->xOf(to);
            lanes->zoom(x, lanes->spanNs() / 20'000);
            QTRY_COMPARE(lanes->spanNs(), 20'000.0);
            const QImage picture = s.main->window()->grabWindow();
            const auto at = [&](std::int64_t ns) { return s.at(lanes, lanes->xOf(ns), y, picture); };
            const auto color = [&](std::size_t span) {
                return lanes->colors()->of(partOf(spans[span].phase, false)).rgb();
            };
            const double pixels = lanes->width() / 20'000;
            const auto seen = [&](std::int64_t ns) {
                return lanes->xOf(ns) > 2 && lanes->xOf(ns) < lanes->width() - 2;
            };
            if (seen((from + to) / 2)) QCOMPARE(at((from + to) / 2), color(i));
            QCOMPARE(at(to - static_cast<std::int64_t>(2 / pixels)), color(i));
            if (static_cast<double>(next - to) * pixels >= 4 && seen(next)) {
                QCOMPARE(at((to + next) / 2), s.main->window()->color().rgb());
                QVERIFY(lanes->at(lanes->xOf((to + next) / 2), y).isEmpty());
                QCOMPARE(at(next + static_cast<std::int64_t>(2 / pixels)), color(i + 1));
                ++gaps;
            }
        }
        QVERIFY(gaps > 2);
    }

    void aComparisonsPlotCanBeSaved_data() {
        QTest::addColumn<QByteArray>("scheme");
        QTest::newRow("light") << QByteArray("light");
        QTest::newRow("dark") << QByteArray("dark");
    }
    /// What is saved of a comparison's plot has the bars of the window, as high as their figures.
    void aComparisonsPlotCanBeSaved() {
        QFETCH(const QByteArray, scheme);
        PerformanceSession s(m_folder.path(), scheme, {1240, 1000});
        Comparison& comparison = *s.main->context().comparison();
        QJsonArray rows;
        for (const int batch : {1, 4})
            for (const bool graphs : {true, false})
                rows.append(QJsonObject{{"model", "Llama 2 7B"},
                                        {"backend", "cuda"},
                                        {"graphs", graphs},
                                        {"batch", batch},
                                        {"n_prompt", 0},
                                        {"n_gen", 128},
                                        {"tokens_per_s", graphs ? 600.0 * batch : 300.0 * batch}});
        QFile file(m_folder.filePath(QStringLiteral("result.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QJsonDocument(rows).toJson());
        file.close();
        comparison.open(QUrl::fromLocalFile(file.fileName()));
        QVERIFY(comparison.hasResult());
        s.key(Qt::Key_F10);
        s.item<QObject>("performanceView")->setProperty("comparing", true);
        auto* plot = s.item<QQuickItem>("speedBars");
        QVERIFY(plot);
        QTRY_VERIFY(plot->width() > 100 && plot->height() > 168);
        QTest::qWait(50);

        auto* menu = plot->property("exporter").value<QObject*>();
        menu->setProperty("section", QVariant::fromValue(plot));
        menu->setProperty("what", QStringLiteral("picture"));
        const QString path =
            m_folder.filePath(QStringLiteral("bars-%1.png").arg(QString::fromLatin1(scheme)));
        QVERIFY(QMetaObject::invokeMethod(menu, "save", Q_ARG(QUrl, QUrl::fromLocalFile(path))));
        QTRY_VERIFY(QFile::exists(path));
        const QImage picture(path);
        QCOMPARE(picture.size(), QSize(qRound(plot->width()) * 2 + 64, qRound(plot->height()) * 2 + 64));
        QCOMPARE(picture.pixelColor(2, 2), s.main->window()->color());

        QList<QQuickItem*> bars;
        collect(plot, bars);
        QCOMPARE(bars.size(), 4);
        std::vector<double> heights;
        for (QQuickItem* bar : bars) {
            const QPointF foot =
                bar->mapToItem(plot, {bar->width() / 2, bar->height() - 1}) * 2 + QPointF(32, 32);
            const QColor ink = bar->property("color").value<QColor>();
            const int x = static_cast<int>(foot.x()), y = static_cast<int>(foot.y());
            int height = 0;
            while (y - height >= 0 && alike(picture.pixelColor(x, y - height), ink))
                ++height;
            heights.push_back(height);
        }
        const double each = heights[2] / 2400.0; // the highest: 4 with graphs
        QVERIFY(heights[2] > 200);
        QVERIFY(std::abs(heights[0] - 600 * each) <= 3);
        QVERIFY(std::abs(heights[1] - 300 * each) <= 3);
        QVERIFY(std::abs(heights[3] - 1200 * each) <= 3);
    }

private:
    static void collect(QQuickItem* item, QList<QQuickItem*>& bars) {
        if (item->objectName() == QLatin1String("bar") && item->isVisible()) bars << item;
        for (QQuickItem* child : item->childItems())
            collect(child, bars);
    }

    QTemporaryDir m_folder;
};

QTEST_MAIN(TestPerformancePlots)
#include "tst_performance_plots.moc"
