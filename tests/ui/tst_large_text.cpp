#include "recorded_gpu.h"
#include "recorded_steps.h"
#include "sample_answer.h"
#include "timeline_plot.h"
#include "window_session.h"

#include <QTemporaryDir>

using namespace altiplano;
using namespace altiplano::app;

namespace {

/// A text as it stands on the screen.
struct Words {
    QString text;
    QRectF painted;       ///< in the window, what of it is not clipped away by a list or page that scrolls
    QRectF whole;         ///< without clipping
    bool scrolls = false; ///< sideways
    bool cut = false;     ///< wider than its item, or elided on a control without a tip
    const QQuickItem* item = nullptr;
};

/// Is it on a control that does not tell all of it in a tip, or in the performance view outside of the
/// timeline, which tells it on hover?
bool mustBeWhole(const QQuickItem* item) {
    const QString text = item->property("text").toString();
    for (const QQuickItem* around = item; around && around->objectName() != QLatin1String("timeline");
         around = around->parentItem())
        if (around->objectName() == QLatin1String("performanceView")) return true;
    for (int depth = 0; item && depth < 4; item = item->parentItem(), ++depth) {
        if (!item->inherits("QQuickAbstractButton")) continue;
        for (const QObject* tip : item->findChildren<QObject*>())
            if (tip->inherits("QQuickToolTip") && tip->property("text").toString().contains(text))
                return false;
        return true;
    }
    return false;
}

QRectF sceneRect(const QQuickItem* item) {
    return item->mapRectToScene(item->boundingRect()).adjusted(-1, -1, 1, 1);
}

Words wordsOf(const QQuickItem* item) {
    Words words;
    words.item = item;
    words.text = item->property("text").toString();
    words.whole = words.painted = item->mapRectToScene(item->boundingRect());
    for (const QQuickItem* around = item->parentItem(); around; around = around->parentItem()) {
        if (around->clip()) words.painted &= around->mapRectToScene(around->boundingRect());
        words.scrolls = words.scrolls || (around->inherits("QQuickFlickable") &&
                                          around->property("contentWidth").toReal() > around->width() + 1);
    }
    const bool elided = item->property("truncated").toBool();
    const bool field = item->inherits("QQuickTextInput"); // scrolls by itself
    words.cut =
        elided ? mustBeWhole(item) : !field && item->property("contentWidth").toReal() > item->width() + 1;
    return words;
}

bool isShown(const QQuickItem* item) {
    for (const QQuickItem* at = item; at; at = at->parentItem())
        if (!at->isVisible() || at->opacity() == 0) return false;
    return !item->property("text").toString().isEmpty();
}

QList<Words> wordsOn(const WindowSession& s) {
    QList<Words> all;
    for (const QQuickItem* item : s.items()) {
        const bool text = item->inherits("QQuickText") || item->inherits("QQuickTextEdit") ||
                          item->inherits("QQuickTextInput");
        if (!text || !isShown(item)) continue;
        const Words words = wordsOf(item);
        if (!words.painted.isEmpty()) all << words;
    }
    return all;
}

/// Those that an opaque page or dialog covers are not seen: what is in the uppermost of them counts.
QList<Words> below(const QList<Words>& all, const QQuickItem* page) {
    QList<Words> within;
    for (const Words& words : all)
        if (page->isAncestorOf(words.item)) within << words;
    return within;
}

/// What is wrong with the words of a page; empty: nothing.
QString problem(const WindowSession& s, const QQuickItem* page) {
    const QList<Words> all = below(wordsOn(s), page);
    if (all.size() < 3) return QStringLiteral("nothing is there");
    const QRectF window(QPointF(), s.window()->size());
    for (const Words& words : all) {
        if (words.cut && !words.scrolls) return "cut off: " + words.text;
        const bool inside =
            words.scrolls || (words.whole.left() >= -1 && words.whole.right() <= window.right() + 1);
        if (!inside) return "outside the window: " + words.text;
        const bool onPopup = !page->inherits("QQuickPopupItem") || sceneRect(page).contains(words.painted);
        if (!onPopup) return "outside its dialog: " + words.text;
    }
    for (qsizetype i = 0; i < all.size(); ++i)
        for (qsizetype j = i + 1; j < all.size(); ++j) {
            const QRectF both = all[i].painted & all[j].painted;
            const bool placeholder =
                all[i].item->parentItem() == all[j].item || all[j].item->parentItem() == all[i].item;
            if (!placeholder && both.width() >= 3 && both.height() >= 6)
                return "over one another: " + all[i].text + " and " + all[j].text;
        }
    return {};
}

} // namespace

/// At twice the font size every word is still there: nothing is cut off, lies outside the window or over
/// another.
class TestLargeText : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpWindowTests(); }
    void init() { m_folder = emptyFolder(); }

    void conversation() {
        check([](WindowSession& s) {
            s.say("How do I reverse a list?");
            return s.named("messages");
        });
    }
    void wholeWindow() {
        check([](WindowSession& s) { return s.window()->contentItem(); });
    }
    void sidebar() {
        check([](WindowSession& s) {
            s.say("A question that gives the chat a title of some length");
            return s.window()->contentItem();
        });
    }
    void settings() {
        check([](WindowSession& s) { return page(s, "settings"); });
    }
    void presets() {
        check([](WindowSession& s) { return page(s, "presets"); });
    }
    void models() { check(openModels); }
    void downloads() {
        check([](WindowSession& s) {
            QQuickItem* pane = openModels(s);
            QMetaObject::invokeMethod(s.named("modelList"), "positionViewAtEnd");
            QTest::qWait(50);
            return pane;
        });
    }
    void remote() {
        check([](WindowSession& s) -> QQuickItem* {
            QMetaObject::invokeMethod(s.window(), "editEndpoint", Q_ARG(QString, QString()));
            QQuickItem* dialog = popup(s, "endpointAddress");
            const bool inside = dialog && QRectF(QPointF(), s.window()->size()).contains(sceneRect(dialog));
            return inside ? dialog : nullptr;
        });
    }
    void askingAboutAServer() {
        check([](WindowSession& s) -> QQuickItem* {
            openModels(s);
            s.main->context().downloads()->download(QStringLiteral("https://models.example.org/m.gguf"));
            return popup(s, "allowHost");
        });
    }
    void askingAboutALink() {
        check([](WindowSession& s) -> QQuickItem* {
            s.say("Go");
            auto* prompt = s.named("messages")->parentItem()->property("linkPrompt").value<QObject*>();
            QMetaObject::invokeMethod(prompt, "ask",
                                      Q_ARG(QString, QStringLiteral("https://example.org/a/page")));
            return openPopup(s);
        });
    }
    void shortcuts() {
        check([](WindowSession& s) -> QQuickItem* {
            s.key(Qt::Key_F1);
            return openPopup(s);
        });
    }

    /// All of it below one another, beside the chat and in place of it.
    void performance_data() { widths(); }
    void performance() {
        QFETCH(const bool, wide);
        check([&](WindowSession& s) { return measured(s, wide, recordedSteps(300)); }, kTall);
    }
    void gpuTimeline_data() { widths(); }
    void gpuTimeline() {
        QFETCH(const bool, wide);
        check(
            [&](WindowSession& s) {
                QQuickItem* view = measured(
                    s, wide, recordedGpuSteps(QStringLiteral(TEST_DATA "/h100_steps.json"), false, 300));
                auto* timeline = s.window()->findChild<TimelinePlot*>();
                timeline->zoom(timeline->width() / 2, timeline->spanNs() / 120'000);
                return view;
            },
            kTall);
    }
    void comparison_data() { widths(); }
    void comparison() {
        QFETCH(const bool, wide);
        check(
            [&](WindowSession& s) {
                s.main->context().comparison()->open(QUrl::fromLocalFile(
                    QStringLiteral(TEST_DATA "/../../../docs/measurements/h100-llama2-7b-q4_0.json")));
                QQuickItem* view = measured(s, wide, recordedSteps(1));
                Comparison& comparison = *s.main->context().comparison();
                comparison.tryOut(1, 0, true, true);
                view->setProperty("comparing", true);
                return QTest::qWaitFor([&] { return !comparison.running(); }) ? view : nullptr;
            },
            kTall);
    }

private:
    static constexpr QSize kUsual{1040, 760}, kTall{1040, 3600};

    static void widths() {
        QTest::addColumn<bool>("wide");
        QTest::newRow("beside the chat") << false;
        QTest::newRow("the whole window") << true;
    }
    /// The performance view after an answer with these steps.
    static QQuickItem* measured(WindowSession& s, bool wide, const std::vector<engine::StepTiming>& steps) {
        s.engine.setSteps(steps);
        s.main->context().performance()->setOpen(true);
        s.say("Go");
        QQuickItem* view = s.named("performanceView");
        view->parent()->parent()->setProperty("wide", wide);
        QTest::qWait(50);
        return view;
    }

    template <typename Open>
    void check(const Open& open, QSize size = kUsual) {
        WindowSession s(m_folder->path());
        s.settings.store(QStringLiteral("look/fontPercent"), 200);
        s.engine.setAnswers({{kSampleAnswer, 20000, 10, 0}});
        s.engine.setInfo(measuredModel());
        s.showReady();
        s.window()->resize(size);
        QTest::qWait(50);
        const QQuickItem* page = open(s);
        QVERIFY(page);
        QTest::qWait(150);
        QTRY_COMPARE(problem(s, page), QString()); // once all of it has its place
    }
    /// Whose performance view has all of its parts.
    static ModelInfo measuredModel() {
        ModelInfo info;
        info.backend = QStringLiteral("cpu");
        info.threads = 2;
        info.layers = 30;
        info.readBytesPerSecond = 25e9;
        info.weightBytes = 90'000'000;
        info.kvBytes = 20'000'000;
        info.freeBytes = 200'000'000;
        return info;
    }
    static QQuickItem* page(WindowSession& s, const char* name) {
        QQuickItem* host = s.named("pageHost");
        host->setProperty("page", QString::fromLatin1(name));
        return host;
    }
    static QQuickItem* openModels(WindowSession& s) {
        QQuickItem* pane = s.named("modelsPane");
        QMetaObject::invokeMethod(pane, "show");
        QTest::qWait(50);
        return pane;
    }
    static QQuickItem* openPopup(const WindowSession& s) {
        QTest::qWait(50);
        QQuickItem* found = nullptr;
        for (QQuickItem* item : s.items())
            if (item->inherits("QQuickPopupItem") && item->isVisible()) found = item;
        return found;
    }
    /// The popup that the item of this name is in.
    static QQuickItem* popup(WindowSession& s, const char* name) {
        QTest::qWait(50);
        for (QQuickItem* item = s.named(name); item; item = item->parentItem())
            if (item->inherits("QQuickPopupItem")) return item;
        return nullptr;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestLargeText)
#include "tst_large_text.moc"
