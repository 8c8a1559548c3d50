#include "performance_session.h"
#include "timeline_plot.h"
#include "token_bars.h"

#include <QAccessible>
#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano::app;

/// What can be read of the performance view, and taken along: tables, sentences, files.
class TestPerformanceReading : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpPerformanceTests(); }

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
        PerformanceSession s(m_folder.path(), "light");
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
        PerformanceSession s(m_folder.path(), "light");
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
        PerformanceSession s(m_folder.path(), "light");
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

    /// Each section as Markdown on the clipboard, and as files: its picture, its table twice, and the trace.
    void everySectionCanBeTakenAlong() {
        PerformanceSession s(m_folder.path(), "light");
        s.key(Qt::Key_F10);
        s.answer();
        QList<QQuickItem*> buttons;
        for (QQuickItem* item : itemsBelow(s.item<QQuickItem>("performanceView")))
            if (item->isVisible() && item->property("text") == QStringLiteral("Take along")) buttons << item;
        QCOMPARE(buttons.size(), 6);
        QSet<QString> copied;
        for (QQuickItem* button : buttons) {
            button->forceActiveFocus(Qt::TabFocusReason);
            s.key(Qt::Key_Space);
            auto* menu = button->property("exporter").value<QObject*>();
            QTRY_VERIFY(menu->property("opened").toBool());
            s.key(Qt::Key_Down);
            s.key(Qt::Key_Return); // "Copy as Markdown"
            QTRY_VERIFY(!menu->property("visible").toBool());
            const QString markdown = QGuiApplication::clipboard()->text();
            QVERIFY2(markdown.startsWith(QStringLiteral("**")) && markdown.contains(QStringLiteral("| ---")),
                     qPrintable(markdown.left(80)));
            copied.insert(markdown);
            const auto save = [&](const char* what, const QString& name) {
                menu->setProperty("what", QString::fromLatin1(what));
                const QString path = m_folder.filePath(name);
                QFile::remove(path);
                QMetaObject::invokeMethod(menu, "save", Q_ARG(QUrl, QUrl::fromLocalFile(path)));
                return path;
            };
            auto* section = button->property("section").value<QQuickItem*>();
            const QString picture = save("picture", QStringLiteral("plot.png"));
            QTRY_VERIFY(QFile::exists(picture));
            const QImage image(picture);
            QCOMPARE(image.size(),
                     QSize(qRound(section->width()) * 2 + 64, qRound(section->height()) * 2 + 64));
            QSet<QRgb> colors;
            for (int y = 0; y < image.height(); y += 2)
                for (int x = 0; x < image.width(); x += 2)
                    colors.insert(image.pixel(x, y));
            QVERIFY(colors.size() > 2); // words at least, and the background
            QCOMPARE(image.pixel(0, 0), s.main->window()->color().rgb());
            const auto text = [](const QString& path) {
                QFile file(path);
                return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
            };
            const auto lines = text(save("csv", QStringLiteral("table.csv"))).trimmed().split('\n');
            const QJsonDocument json =
                QJsonDocument::fromJson(text(save("json", QStringLiteral("table.json"))));
            QVERIFY(json.isArray() && !json.array().isEmpty());
            QCOMPARE(lines.size(), json.array().size() + 1);
            const QJsonDocument trace =
                QJsonDocument::fromJson(text(save("trace", QStringLiteral("trace.json"))));
            QVERIFY(trace["traceEvents"].toArray().size() > 1000);
        }
        QCOMPARE(copied.size(), 6);
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
    static QQuickItem* rowOf(PerformanceSession& s, const QString& beginning) {
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
    static QList<QQuickItem*> tables(PerformanceSession& s) {
        QList<QQuickItem*> found;
        for (QQuickItem* item : itemsBelow(s.item<QQuickItem>("performanceView")))
            if (item->isVisible() && roleOf(item) == QAccessible::Table &&
                nameOf(item) != QStringLiteral("Phases"))
                found << item;
        return found;
    }

    QTemporaryDir m_folder;
};

QTEST_MAIN(TestPerformanceReading)
#include "tst_performance_reading.moc"
