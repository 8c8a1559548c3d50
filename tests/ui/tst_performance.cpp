#include "main_window.h"
#include "rate_plot.h"
#include "recorded_steps.h"
#include "scripted_engine.h"
#include "timeline_plot.h"
#include "token_bars.h"

#include <QAccessible>
#include <QGuiApplication>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace altiplano;
using namespace altiplano::app;

namespace {

constexpr std::array kColors = {Phase::Embed,      Phase::Qkv,         Phase::Attention,
                                Phase::Projection, Phase::FeedForward, Phase::Logits,
                                Phase::Sample,     Phase::Deliver,     Phase::Other};

/// The real window with the performance view open, over an engine that plays recorded steps.
struct Session {
    Session(const QString& folder, const char* scheme, QSize size = {1200, 900},
            double readBytesPerSecond = 25e9)
        : settings(folder + "/settings.ini") {
        qputenv("ALTIPLANO_COLOR_SCHEME", scheme);
        settings.setWindowSize(size);
        ModelInfo info;
        info.backend = QStringLiteral("cpu");
        info.threads = 2;
        info.readBytesPerSecond = readBytesPerSecond;
        info.weightBytes = 90'000'000;
        info.kvBytes = 20'000'000;
        info.freeBytes = 200'000'000;
        engine.setInfo(info);
        engine.setLoadMs(1);
        engine.setAnswers({{QStringLiteral(" word").repeated(300), 2000, 10, 20}});
        engine.setSteps(recordedSteps(300));
        main = std::make_unique<MainWindow>(engine, settings);
        main->show(QStringLiteral("/models/Tiny-Model.Q4_0.gguf"));
        QTRY_COMPARE(main->context().model()->state(), ModelController::Ready);
    }
    void answer() {
        main->context().chat()->send(QStringLiteral("Go"));
        QTRY_VERIFY(!main->context().chat()->busy());
        QTest::qWait(50);
    }
    void key(Qt::Key key) { QTest::keyClick(main->window(), key); }

    template <typename Item>
    Item* item(const char* name) {
        return main->window()->findChild<Item*>(QLatin1String(name));
    }
    QRgb at(QQuickItem* item, double x, double y, const QImage& picture) {
        const double scale = main->window()->effectiveDevicePixelRatio();
        const QPointF point = item->mapToScene({x, y}) * scale;
        return picture.pixel(static_cast<int>(point.x()), static_cast<int>(point.y()));
    }

    Settings settings;
    ScriptedEngine engine;
    std::unique_ptr<MainWindow> main;
};

} // namespace

/// What the performance view draws, with known data. Run at 100 % and at 200 % (QT_SCALE_FACTOR).
class TestPerformance : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        qputenv("ALTIPLANO_REDUCED_MOTION", "1");
        qputenv("ALTIPLANO_STARTER_MODEL", "/nonexistent");
        setUpApplication();
    }

    void barsStandWhereTheyShould_data() {
        QTest::addColumn<QByteArray>("scheme");
        QTest::newRow("light") << QByteArray("light");
        QTest::newRow("dark") << QByteArray("dark");
    }
    void barsStandWhereTheyShould() {
        QFETCH(const QByteArray, scheme);
        Session s(m_folder.path(), scheme);
        s.key(Qt::Key_F10);
        s.answer();
        auto* bars = s.item<TokenBars>("tokenBars");
        QVERIFY(bars && bars->isVisible());
        QCOMPARE(bars->topNs(), 15e6);                                  // the round number above 11.5 ms
        QTRY_COMPARE(bars->tokens(), std::min(256, bars->tokensFit())); // it is drawn a frame later
        const QImage picture = s.main->window()->grabWindow();
        // Of a bar of 10 ms, by recordedSteps: the phases' upper ends, in per cent.
        const std::array<double, 9> ends = {2, 12, 32, 42, 82, 92, 96, 98, 100};
        const double bottom = bars->height() - 1 / s.main->window()->effectiveDevicePixelRatio();
        for (const int age : {0, 1, bars->tokens() / 2, bars->tokens() - 1}) {
            const double x = bars->width() - (age + 0.5) * bars->pitch();
            double begin = 0;
            for (std::size_t i = 0; i < ends.size(); ++i) {
                const double y = bottom * (1 - (begin + ends[i]) / 2 / 100 * 10 / 15);
                const QVariantMap found = bars->at(x, y);
                QCOMPARE(found.value("phase").toInt(), static_cast<int>(kColors[i]));
                QCOMPARE(found.value("ns").toDouble(), (ends[i] - begin) * 1e5);
                if (bottom * (ends[i] - begin) / 150 >= 3) // thick enough to have an inside
                    QCOMPARE(s.at(bars, x, y, picture), bars->colors()->of(kColors[i]).rgb());
                begin = ends[i];
            }
            const double above = bottom * (1 - 10.3 / 15);
            QCOMPARE(s.at(bars, x, above, picture), s.main->window()->color().rgb());
            QVERIFY(bars->at(x, above).isEmpty());
        }
    }

    void lanesStandWhereTheyShould_data() { barsStandWhereTheyShould_data(); }
    void lanesStandWhereTheyShould() {
        QFETCH(const QByteArray, scheme);
        Session s(m_folder.path(), scheme);
        s.key(Qt::Key_F10);
        s.answer();
        auto* lanes = s.item<TimelinePlot>("timeline");
        QVERIFY(lanes && lanes->isVisible() && lanes->following() && lanes->detailed());
        QCOMPARE(lanes->spanNs(), 30e6); // three tokens of 10 ms
        QCOMPARE(lanes->rulerNs(), 5e6);
        const QImage picture = s.main->window()->grabWindow();
        const double token = lanes->width() / 3, host = lanes->laneTop(StepPiece::Host) + 3,
                     device = lanes->laneTop(StepPiece::Device) + 3;
        for (const int age : {0, 1, 2}) {
            const double start = lanes->width() - (age + 1) * token;
            const auto colorAt = [&](double percent, double y) {
                return s.at(lanes, start + token * percent / 100, y, picture);
            };
            // By recordedSteps: delivery 2 %, then in the device's lane embed 2 %, two layers of 5, 10, 5 and
            // 20, logits 10; sampling is the last 4 % of the host's.
            QCOMPARE(colorAt(6.5, device), lanes->colors()->of(Phase::Qkv).rgb());
            QCOMPARE(colorAt(34, device), lanes->colors()->of(Phase::FeedForward).rgb());
            QCOMPARE(colorAt(54, device), lanes->colors()->of(Phase::Attention).rgb());
            QCOMPARE(colorAt(89, device), lanes->colors()->of(Phase::Logits).rgb());
            QCOMPARE(colorAt(97, device), s.main->window()->color().rgb()); // a gap is a gap
            QCOMPARE(colorAt(98, host), lanes->colors()->of(Phase::Sample).rgb());
            QCOMPARE(colorAt(50, host), s.main->window()->color().rgb()); // the host waits
            QCOMPARE(lanes->at(start + token * 0.34, device).value("title").toString(),
                     QStringLiteral("feed forward, layer 1"));
            QCOMPARE(lanes->at(start + token * 0.54, device).value("ns").toDouble(), 1e6);
            QCOMPARE(lanes->at(start + token * 0.5, host).value("title").toString(),
                     QStringLiteral("wait for the device"));
            QVERIFY(lanes->at(start + token * 0.97, device).isEmpty());
        }
    }

    void theTimelineZoomsToTheMicrosecond() {
        Session s(m_folder.path(), "light");
        s.key(Qt::Key_F10);
        s.answer();
        auto* lanes = s.item<TimelinePlot>("timeline");
        const double x = lanes->width() * 0.9, y = lanes->laneTop(StepPiece::Device) + 5;
        const QVariantMap before = lanes->at(x, y);
        QVERIFY(lanes->labels().isEmpty());
        lanes->zoom(x, 10);
        QTRY_COMPARE(lanes->spanNs(), 3e6);
        QVERIFY(!lanes->following());
        QCOMPARE(lanes->at(x, y), before); // what was under the pointer stays there
        QTRY_VERIFY(!lanes->labels().isEmpty());
        for (const QVariant& value : lanes->labels()) {
            const QVariantMap label = value.toMap();
            if (label["waiting"].toBool()) continue;
            const double labelY = label["y"].toDouble() + 2;
            const QVariantMap under =
                lanes->at(label["x"].toDouble() + label["width"].toDouble() / 2, labelY);
            QCOMPARE(under["title"], label["text"]);
        }
        lanes->zoom(x, 1e9);
        QTRY_COMPARE(lanes->spanNs(), TimelinePlot::kShortestNs);
        const double end = lanes->endNs();
        lanes->pan(lanes->width() / 2);
        QCOMPARE(lanes->endNs(), end - TimelinePlot::kShortestNs / 2);
        lanes->zoom(0, 1e-9);
        QTRY_COMPARE(lanes->spanNs(), TimelinePlot::kMostTokens * 10e6);
        lanes->goToNewest();
        QTRY_COMPARE(lanes->spanNs(), 30e6);
    }

    void theKeysZoomToo() {
        Session s(m_folder.path(), "light");
        s.key(Qt::Key_F10);
        s.answer();
        auto* lanes = s.item<TimelinePlot>("timeline");
        lanes->parentItem()->forceActiveFocus();
        s.key(Qt::Key_Plus);
        QTRY_COMPARE(lanes->spanNs(), 20e6);
        s.key(Qt::Key_Minus);
        QTRY_COMPARE(lanes->spanNs(), 30e6);
        s.key(Qt::Key_Home);
        QTRY_VERIFY(lanes->following());
    }

    /// A screen reader cannot see a plot: each can be swapped for its table, by keyboard, too.
    void everyPlotHasItsTable_data() {
        QTest::addColumn<QString>("plot");
        QTest::addColumn<int>("rows");
        QTest::addColumn<QString>("first"); // what is read of the first row, as far as it is known
        QTest::newRow("rates") << "Tokens per second" << -1 << "answer 1, tokens per second ";
        QTest::newRow("bars") << "The last" << 32
                              << "token 256, all 10 ms, attention 2.0 ms, feed forward 4.0 ms";
        QTest::newRow("timeline") << "Timeline" << 13
                                  << "from 0.0 µs, takes 200 µs, where host, phase deliver, layer –";
        QTest::newRow("roof") << "Memory roof" << 2 << "memory read, a second 10 GB/s";
        QTest::newRow("memory") << "Memory" << 4 << "memory weights, size 90 MB";
    }
    void everyPlotHasItsTable() {
        QFETCH(const QString, plot);
        QFETCH(const int, rows);
        QFETCH(const QString, first);
        Session s(m_folder.path(), "light");
        s.key(Qt::Key_F10);
        s.answer();
        const auto titled = [&](const QString& ending) -> QQuickItem* {
            for (auto* item : s.main->window()->findChildren<QQuickItem*>()) {
                const QString text = item->property("text").toString();
                const bool counted = plot == QStringLiteral("The last"); // and then how many tokens
                if (item->isVisible() && text.endsWith(ending) &&
                    (text == plot + ending || (counted && text.startsWith(plot))))
                    return item;
            }
            return nullptr;
        };
        QQuickItem* button = titled(QStringLiteral(" as a table"));
        QVERIFY(button);
        button->forceActiveFocus(Qt::TabFocusReason);
        QVERIFY(button->hasActiveFocus());
        QVERIFY(tables(s).isEmpty());
        s.key(Qt::Key_Space);
        QTRY_COMPARE(tables(s).size(), 1);
        QQuickItem* table = tables(s)[0];
        QVERIFY(!nameOf(table).isEmpty());
        const QStringList read = rowsOf(table);
        if (rows >= 0) QCOMPARE(read.size(), rows);
        QVERIFY2(!read.isEmpty() && read[0].startsWith(first), qPrintable(read.value(0)));
        button = titled(QStringLiteral(" as a plot"));
        QVERIFY(button && button->hasActiveFocus());
        s.key(Qt::Key_Return);
        QTRY_VERIFY(tables(s).isEmpty());
    }

    /// Return on a phase shows it layer by layer: its kernels, where a phase of a layer is one.
    void aPhaseOpensIntoItsLayersByKeyboard() {
        Session s(m_folder.path(), "light");
        s.key(Qt::Key_F10);
        s.answer();
        QQuickItem* row = rowOf(s, QStringLiteral("embed: "));
        QVERIFY(row);
        s.item<TimelinePlot>("timeline")->parentItem()->forceActiveFocus(Qt::TabFocusReason);
        for (int tabs = 0; !row->hasActiveFocus() && tabs < 6; ++tabs)
            s.key(Qt::Key_Tab);
        QVERIFY(row->hasActiveFocus());
        for (int i = 0; i < 4; ++i)
            s.key(Qt::Key_Down);
        row = rowOf(s, QStringLiteral("feed forward: 4.0 ms per token, 40 %. The largest"));
        QVERIFY(row && row->hasActiveFocus());
        QVERIFY(tables(s).isEmpty());
        s.key(Qt::Key_Return);
        QTRY_COMPARE(tables(s).size(), 1);
        QCOMPARE(rowsOf(tables(s)[0]), (QStringList{"feed forward, layer 1, a token 2.0 ms",
                                                    "feed forward, layer 2, a token 2.0 ms"}));
        s.key(Qt::Key_Up);
        row = rowOf(s, QStringLiteral("projection: "));
        QVERIFY(row && row->hasActiveFocus());
        s.key(Qt::Key_Space);
        QTRY_COMPARE(rowsOf(tables(s).value(0)).value(0),
                     QStringLiteral("projection, layer 1, a token 500 µs"));
        s.key(Qt::Key_Return);
        QTRY_VERIFY(tables(s).isEmpty());
    }

    /// The pointer over a phase, and what it is in a sentence.
    void hoveringExplainsAPhase() {
        Session s(m_folder.path(), "light");
        s.key(Qt::Key_F10);
        s.answer();
        auto* bars = s.item<TokenBars>("tokenBars");
        auto* lanes = s.item<TimelinePlot>("timeline");
        QTRY_VERIFY(bars->tokens() > 0);
        const auto sentence = [](Phase phase) { return phaseSentence(phase); };
        const QStringList all = {sentence(Phase::Attention), sentence(Phase::FeedForward),
                                 sentence(Phase::Logits)};
        const auto shown = [&] {
            QStringList found;
            for (QQuickItem* item : itemsBelow(s.main->window()->contentItem()))
                if (item->isVisible() && all.contains(item->property("text").toString()))
                    found << item->property("text").toString();
            return found;
        };
        const auto moveTo = [&](QQuickItem* item, double x, double y) {
            QTest::mouseMove(s.main->window(), item->mapToScene({x, y}).toPoint());
        };
        QVERIFY(shown().isEmpty());
        // Of a bar, 10 ms of the axis' 15: attention ends at 3.2 ms, feed forward at 8.2.
        const double x = bars->width() - 10.5 * bars->pitch();
        moveTo(bars, x, bars->height() * (1 - 2.2 / 15));
        QTRY_COMPARE(shown(), QStringList{sentence(Phase::Attention)});
        moveTo(bars, x, bars->height() * (1 - 6.0 / 15));
        QTRY_COMPARE(shown(), QStringList{sentence(Phase::FeedForward)});
        moveTo(bars, x, bars->height() * (1 - 12.0 / 15)); // above it
        QTRY_VERIFY(shown().isEmpty());
        // Of the newest of three tokens: logits from 84 to 94 % of its time, in the device's lane.
        const double logits = lanes->width() * (1 - 0.11 / 3);
        moveTo(lanes, logits, lanes->laneTop(StepPiece::Device) + 5);
        QTRY_COMPARE(shown(), QStringList{sentence(Phase::Logits)});
        moveTo(lanes, lanes->width() * (1 - 0.03 / 3), lanes->laneTop(StepPiece::Device) + 5); // a gap
        QTRY_VERIFY(shown().isEmpty());
        moveTo(rowOf(s, QStringLiteral("attention: ")), 60, 8);
        QTRY_COMPARE(shown(), QStringList{sentence(Phase::Attention)});
    }

    void theViewOpensAndCloses() {
        Session s(m_folder.path(), "light");
        QVERIFY(!s.item<QQuickItem>("performanceView"));
        s.key(Qt::Key_F10);
        auto* view = s.item<QQuickItem>("performanceView");
        QVERIFY(view && view->isVisible());
        QCOMPARE(view->width(), 360.0);
        auto* messages = s.item<QQuickItem>("messages");
        QCOMPARE(messages->mapToScene({messages->width(), 0}).x(), view->mapToScene({0, 0}).x());
        QVERIFY(s.item<QQuickItem>("composer")->hasActiveFocus()); // the next key is still text
        s.key(Qt::Key_F10);
        QTRY_VERIFY(!s.item<QQuickItem>("performanceView"));
        QCOMPARE(messages->mapToScene({messages->width(), 0}).x(), double(s.main->window()->width()));
    }

    void wideItStaysBesideTheSidebar() {
        Session s(m_folder.path(), "light");
        const double chatStart = s.item<QQuickItem>("messages")->mapToScene({0, 0}).x();
        QVERIFY(chatStart > 0); // the sidebar is there
        s.key(Qt::Key_F10);
        auto* view = s.item<QQuickItem>("performanceView");
        QVERIFY(view && QMetaObject::invokeMethod(view, "wideRequested"));
        QTRY_COMPARE(view->mapToScene({0, 0}).x(), chatStart);
        QCOMPARE(view->mapToScene({view->width(), 0}).x(), double(s.main->window()->width()));
    }

    void aNarrowWindowHasADrawer() {
        Session s(m_folder.path(), "light", {600, 700});
        s.key(Qt::Key_F10);
        auto* view = s.item<QQuickItem>("performanceView");
        QVERIFY(view && view->isVisible());
        QCOMPARE(s.item<QQuickItem>("messages")->width(), 600.0); // the chat keeps its place
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(!s.item<QQuickItem>("performanceView"));
        s.key(Qt::Key_F10);
        QVERIFY(s.item<QQuickItem>("performanceView"));
        QTest::mouseClick(s.main->window(), Qt::LeftButton, {}, {100, 400}); // beside it
        QTRY_VERIFY(!s.item<QQuickItem>("performanceView"));
    }

    void theQuietLineSaysIt() {
        Session s(m_folder.path(), "light");
        s.answer();
        auto* line = s.item<QQuickItem>("quietLine");
        const QString text = line->property("text").toString();
        QVERIFY2(text.contains(QStringLiteral("first token 0.02 s · CPU 100 % · roof 40 % · CPU, 2 threads")),
                 qPrintable(text));
    }

    /// Weights that stay in the processor's cache are read faster than memory gives them.
    void theQuietLineSaysWhatAboveTheRoofMeans() {
        Session s(m_folder.path(), "light", {1200, 900}, 5e9);
        s.answer();
        const QString text = s.item<QQuickItem>("quietLine")->property("text").toString();
        QVERIFY2(text.contains(QStringLiteral("CPU 100 % · above the memory roof (cache) · CPU")),
                 qPrintable(text));
    }

    /// Nothing is drawn once the answer has ended, with the view open, too.
    void idleDrawsNothing() {
        Session s(m_folder.path(), "light");
        s.key(Qt::Key_F10);
        s.answer();
        QTest::qWait(400);
        int frames = 0;
        connect(s.main->window(), &QQuickWindow::frameSwapped, this, [&] { ++frames; });
        QTest::qWait(600);
        QCOMPARE(frames, 0);
    }

private:
    static QAccessible::Role roleOf(QQuickItem* item) {
        QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(item);
        return accessible ? accessible->role() : QAccessible::NoRole;
    }
    static QString nameOf(QQuickItem* item) {
        return QAccessible::queryAccessibleInterface(item)->text(QAccessible::Name);
    }
    static QList<QQuickItem*> itemsBelow(QQuickItem* item) {
        QList<QQuickItem*> all{item};
        for (QQuickItem* child : item->childItems())
            all += itemsBelow(child);
        return all;
    }
    /// The row of the phases' table whose name begins so.
    static QQuickItem* rowOf(Session& s, const QString& beginning) {
        for (QQuickItem* item : itemsBelow(s.item<QQuickItem>("performanceView")))
            if (roleOf(item) == QAccessible::Row && nameOf(item).startsWith(beginning)) return item;
        return nullptr;
    }
    static QStringList rowsOf(QQuickItem* table) {
        QStringList names;
        for (QQuickItem* row : table ? table->childItems() : QList<QQuickItem*>())
            if (roleOf(row) == QAccessible::Row) names << nameOf(row);
        return names;
    }
    /// Those of the view that stand in for a plot: the phases have no plot, and are a table at all times.
    static QList<QQuickItem*> tables(Session& s) {
        QList<QQuickItem*> found;
        for (QQuickItem* item : itemsBelow(s.item<QQuickItem>("performanceView")))
            if (item->isVisible() && roleOf(item) == QAccessible::Table &&
                nameOf(item) != QStringLiteral("Phases"))
                found << item;
        return found;
    }

    QTemporaryDir m_folder;
};

QTEST_MAIN(TestPerformance)
#include "tst_performance.moc"
