#include "performance_session.h"
#include "rate_plot.h"
#include "recorded_gpu.h"
#include "timeline_plot.h"
#include "token_bars.h"

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

} // namespace

/// What the performance view draws, with known data. Run at 100 % and at 200 % (QT_SCALE_FACTOR).
class TestPerformance : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpPerformanceTests(); }

    void barsStandWhereTheyShould_data() {
        QTest::addColumn<QByteArray>("scheme");
        QTest::newRow("light") << QByteArray("light");
        QTest::newRow("dark") << QByteArray("dark");
    }
    void barsStandWhereTheyShould() {
        QFETCH(const QByteArray, scheme);
        PerformanceSession s(m_folder.path(), scheme);
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
        PerformanceSession s(m_folder.path(), scheme);
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
        PerformanceSession s(m_folder.path(), "light");
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
        PerformanceSession s(m_folder.path(), "light");
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

    void theViewOpensAndCloses() {
        PerformanceSession s(m_folder.path(), "light");
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
        PerformanceSession s(m_folder.path(), "light");
        const double chatStart = s.item<QQuickItem>("messages")->mapToScene({0, 0}).x();
        QVERIFY(chatStart > 0); // the sidebar is there
        s.key(Qt::Key_F10);
        auto* view = s.item<QQuickItem>("performanceView");
        QVERIFY(view && QMetaObject::invokeMethod(view, "wideRequested"));
        QTRY_COMPARE(view->mapToScene({0, 0}).x(), chatStart);
        QCOMPARE(view->mapToScene({view->width(), 0}).x(), double(s.main->window()->width()));
    }

    void aNarrowWindowHasADrawer() {
        PerformanceSession s(m_folder.path(), "light", {600, 700});
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
        PerformanceSession s(m_folder.path(), "light");
        s.answer();
        auto* line = s.item<QQuickItem>("quietLine");
        const QString text = line->property("text").toString();
        QVERIFY2(text.contains(QStringLiteral("first token 0.02 s · CPU 100 % · roof 40 % · CPU, 2 threads")),
                 qPrintable(text));
    }

    void theQuietLineOfAGpu() {
        PerformanceSession s(m_folder.path(), "light");
        ModelInfo info;
        info.backend = QStringLiteral("cuda");
        info.layers = info.layersOnGpu = 32;
        s.engine.setInfo(info);
        s.engine.setSteps(recordedGpuSteps(QStringLiteral(TEST_DATA "/h100_steps.json"), true, 300));
        s.main->context().model()->open(QStringLiteral("/models/Llama-2-7B.Q4_0.gguf"));
        QTRY_VERIFY(s.main->context().performance()->onGpu());
        s.answer();
        // Of 1,536,515 ns its kernels ran for 1,411,712, and the host did 12,708 of work.
        const QString text = s.item<QQuickItem>("quietLine")->property("text").toString();
        QVERIFY2(text.contains(QStringLiteral(" · GPU 92 % · CPU 0.8 % · CUDA · 32/32 layers · graph")),
                 qPrintable(text));
    }

    /// Weights that stay in the processor's cache are read faster than memory gives them.
    void theQuietLineSaysWhatAboveTheRoofMeans() {
        PerformanceSession s(m_folder.path(), "light", {1200, 900}, 5e9);
        s.answer();
        const QString text = s.item<QQuickItem>("quietLine")->property("text").toString();
        QVERIFY2(text.contains(QStringLiteral("CPU 100 % · above the memory roof (cache) · CPU")),
                 qPrintable(text));
    }

    /// Nothing is drawn once the answer has ended, with the view open, too.
    void idleDrawsNothing() {
        PerformanceSession s(m_folder.path(), "light");
        s.key(Qt::Key_F10);
        s.answer();
        QTest::qWait(400);
        int frames = 0;
        connect(s.main->window(), &QQuickWindow::frameSwapped, this, [&] { ++frames; });
        QTest::qWait(600);
        QCOMPARE(frames, 0);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_MAIN(TestPerformance)
#include "tst_performance.moc"
