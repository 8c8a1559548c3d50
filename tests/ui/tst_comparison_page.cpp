#include "window_session.h"

using namespace altiplano;
using namespace altiplano::app;

/// The page that compares, as a user comes to it: by keys, and as a screen reader has it.
class TestComparisonPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpWindowTests(); }
    void init() { m_folder = emptyFolder(); }

    /// Run, see how far it is, cancel, run again: bars, and their figures as a table.
    void aRun() {
        WindowSession s(m_folder->path());
        open(s, gpu());
        s.engine.setComparisonStepMs(400);
        press(s, "Run the comparison");
        QTRY_VERIFY(s.shown("Cancel"));
        QVERIFY(s.main->context().comparison()->running());
        QTRY_COMPARE(progress(s), QStringLiteral("Comparison: 10 %"));
        press(s, "Cancel");
        QTRY_VERIFY(!s.main->context().comparison()->running());
        QVERIFY(!s.shown("Cancel"));
        QVERIFY(rowsOf(s.named("resultTable")).size() < 10); // what was measured stays
        s.engine.setComparisonStepMs(16);
        press(s, s.shown("Measure again") ? "Measure again" : "Run the comparison");
        QTRY_VERIFY(s.main->context().comparison()->running());
        QTRY_VERIFY_WITH_TIMEOUT(!s.main->context().comparison()->running(), 20'000);
        const QStringList rows = rowsOf(s.named("resultTable"));
        QCOMPARE(rows.size(), 10); // a prompt, and 1, 4, 8 and 16 answers: with and without graphs
        QVERIFY2(rows.contains(QStringLiteral("test decode 64, graphs off, at once 16, tokens/s 1,440")),
                 qPrintable(rows.join(u'\n')));
        const auto hasBar = [&](const char* name) {
            for (QQuickItem* item : WindowSession::itemsBelow(s.named("speedBars")))
                if (item->isVisible() && roleOf(item) == QAccessible::StaticText && nameOf(item) == name)
                    return true;
            return false;
        };
        QTRY_VERIFY(hasBar("4, answers at once, single launches, 360"));
        QVERIFY(hasBar("16, answers at once, graphs, 1,600"));
        QVERIFY(s.shown("Measure again"));
    }

    void beforeAndAfter_data() {
        QTest::addColumn<bool>("onGpu");
        QTest::newRow("GPU") << true;
        QTest::newRow("CPU") << false;
    }
    /// Switches of what there is; the present settings and the tried ones side by side, and then kept.
    void beforeAndAfter() {
        QFETCH(const bool, onGpu);
        WindowSession s(m_folder->path());
        open(s, onGpu ? gpu() : cpu());
        QCOMPARE(s.shown("Graphs") != nullptr, onGpu);
        QCOMPARE(s.shown("Layers on the GPU") != nullptr, onGpu);
        QCOMPARE(s.shown("Threads") != nullptr, !onGpu);
        press(s, onGpu ? "Layers on the GPU: one less than 32" : "Threads: one less than 4");
        press(s, "8 bits");
        if (onGpu) press(s, "off");
        press(s, "Measure before and after");
        QTRY_VERIFY_WITH_TIMEOUT(s.shown("Use from now on"), 20'000);
        const auto& tried = s.engine.comparisons().last().settings;
        QCOMPARE(tried.size(), 2u);
        QVERIFY(!tried[0].kvQ8 && tried[1].kvQ8);
        QCOMPARE(tried[1].graphs, !onGpu); // where there is no switch for it, it stays
        if (onGpu)
            QCOMPARE(tried[1].gpuLayers, 31);
        else
            QCOMPARE(tried[1].threads, 3u);
        QStringList figures;
        for (QQuickItem* item : s.items())
            if (item->isVisible() && roleOf(item) == QAccessible::StaticText) figures << nameOf(item);
        QVERIFY2(figures.contains("before: 100") && figures.contains(onGpu ? "after: 90" : "after: 100"),
                 qPrintable(figures.join(u'\n')));
        const auto loads = s.engine.loads().size();
        press(s, "Use from now on");
        QTRY_COMPARE(s.engine.loads().size(), loads + 1);
        QVERIFY(s.engine.loads().last().settings.kvQ8);
    }

private:
    static ModelInfo gpu() {
        ModelInfo info;
        info.backend = QStringLiteral("cuda");
        info.layers = info.layersOnGpu = 32;
        return info;
    }
    static ModelInfo cpu() {
        ModelInfo info;
        info.backend = QStringLiteral("cpu");
        info.threads = 4;
        return info;
    }
    static void open(WindowSession& s, const ModelInfo& info) {
        s.engine.setInfo(info);
        s.showReady();
        s.window()->resize(1200, 1400);
        s.key(Qt::Key_F10);
        press(s, "Compare");
    }
    /// The control of this name, by keys.
    static void press(WindowSession& s, const char* name) {
        QQuickItem* control = nullptr;
        const auto look = [&] {
            for (QQuickItem* item : s.items())
                if (item->inherits("QQuickAbstractButton") && item->isVisible() && item->isEnabled() &&
                    item->property("text").toString() == QLatin1String(name))
                    control = item;
            return control != nullptr;
        };
        QTRY_VERIFY2(look(), name);
        control->forceActiveFocus(Qt::TabFocusReason);
        QVERIFY2(control->hasActiveFocus(), name);
        s.key(Qt::Key_Space);
    }
    static QAccessible::Role roleOf(QQuickItem* item) {
        QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(item);
        return accessible ? accessible->role() : QAccessible::NoRole;
    }
    static QString nameOf(QQuickItem* item) {
        return QAccessible::queryAccessibleInterface(item)->text(QAccessible::Name);
    }
    /// What is said of the progress; nothing: there is none.
    static QString progress(const WindowSession& s) {
        for (QQuickItem* item : s.items())
            if (item->isVisible() && roleOf(item) == QAccessible::ProgressBar) return nameOf(item);
        return {};
    }
    static QStringList rowsOf(QQuickItem* table) {
        QStringList names;
        for (QQuickItem* row : table ? table->childItems() : QList<QQuickItem*>())
            if (roleOf(row) == QAccessible::Row) names << nameOf(row);
        return names;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestComparisonPage)
#include "tst_comparison_page.moc"
