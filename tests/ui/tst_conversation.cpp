#include "sample_answer.h"
#include "window_session.h"

#include <QAccessible>
#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QStyleHints>
#include <QTemporaryDir>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>
#include <QtQuick/qquicktextdocument.h>

using namespace altiplano;
using namespace altiplano::app;

namespace {

QString written(const WindowSession& s) {
    return s.named("composer")->property("text").toString();
}

/// The texts of the rows on the page whose words are not their block's.
QStringList rowsThatDiffer(const WindowSession& s) {
    QStringList differ;
    for (QQuickItem* row : s.items()) {
        if (!row->isVisible() || !row->property("worded").toBool()) continue;
        const auto* edit = row->property("edit").value<QQuickItem*>();
        const QString text = row->property("text").toString();
        if (!edit || !edit->isVisible() || edit->property("text").toString() != text) differ << text;
    }
    return differ;
}

/// The row of a table with these cells; null: there is none.
QQuickItem* tableRow(const WindowSession& s, const QStringList& cells) {
    return s.shown(u'\n' + cells.join(u'\n') + u'\n');
}

/// The item with the longest words; null: none has any.
QQuickItem* longest(const WindowSession& s) {
    QQuickItem* found = nullptr;
    for (QQuickItem* row : s.items()) {
        auto* edit = row->property("worded").toBool() ? row->property("edit").value<QQuickItem*>() : nullptr;
        if (edit && (!found || edit->property("length").toInt() > found->property("length").toInt()))
            found = edit;
    }
    return found;
}

} // namespace

/// Answers as the real window shows them, and writing to it.
class TestConversation : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpWindowTests(); }
    void init() { m_folder = emptyFolder(); }

    void blocksAreShown() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{kSampleAnswer, 20000, 10, 0}});
        s.showReady();
        s.window()->setHeight(1600);
        s.say("Go");
        for (const char* text : {"Reversing a list", "items.reverse() works in place.", "python", "☑",
                                 "T(n) = (n(n+1))/2 ∈ O(n²)", "That is all. <b>HTML</b> stays text."})
            QTRY_VERIFY2(s.shown(QString::fromUtf8(text)), text);
        QVERIFY(tableRow(s, {"items[::-1]", "O(n)", "O(n)", "no"}));
    }

    /// Rows of all kinds are made before they are needed, where nobody sees them, and are gone once they are.
    void theRehearsal() {
        WindowSession s(m_folder->path());
        s.showReady();
        const QQuickItem* page = s.named("messages");
        QTRY_VERIFY(page->property("count").toInt() > 3);
        QVERIFY(!page->isVisible());
        s.say("Go");
        QTRY_COMPARE(page->property("count").toInt(), 4); // a question, an answer, each with its foot
        QVERIFY(page->isVisible());
        QVERIFY(s.shown("An answer."));
        QVERIFY(!s.shown("Ready?"));
    }

    /// The columns of a table stand below one another, and are as wide as what is in them.
    void columnsOfATable() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers(
            {{QStringLiteral("| a | b |\n|---|--:|\n| a long cell | c |\n| d | **e** |"), 500, 10, 0}});
        s.showReady();
        s.say("Go");
        QTRY_VERIFY(tableRow(s, {"d", "e"}));
        const QStringList rows[] = {{"a", "b"}, {"a long cell", "c"}, {"d", "e"}};
        QList<QRectF> first, second;
        for (const QStringList& cells : rows) {
            const QQuickItem* row = tableRow(s, cells);
            QVERIFY2(row, qPrintable(cells.join(u' ')));
            first << cursorAt(row, 1);
            second << cursorAt(row, 1 + int(cells.join(u' ').size())); // behind what is aligned to the right
        }
        QCOMPARE(first[1].x(), first[0].x());
        QCOMPARE(first[2].x(), first[0].x());
        QVERIFY(std::abs(second[1].x() - second[0].x()) <= 1 && std::abs(second[2].x() - second[0].x()) <= 1);
        QVERIFY(second[0].x() > cursorAt(tableRow(s, rows[1]), 1 + int(rows[1][0].size())).x());
        QVERIFY(tableRow(s, rows[0])->width() < s.named("messages")->width() / 2);
    }

    /// While text streams in there is nothing that each new line would have to move and draw: no actions
    /// below it, and no handle beside a page that follows it.
    void onlyTextIsMovedByText() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QStringLiteral("A line.\n\n").repeated(2000), 500, 10, 0}});
        s.showReady();
        const QQuickItem* list = s.named("messages");
        const auto handle = [&] {
            for (QQuickItem* item : s.items())
                if (item->inherits("QQuickScrollBar") && item->parentItem() == list)
                    for (QQuickItem* part : s.itemsBelow(item))
                        if (part->inherits("QQuickRectangle")) return part->isVisible();
            return false;
        };
        s.chat().send(QStringLiteral("Go"));
        QTRY_VERIFY(list->property("contentHeight").toDouble() > 1.2 * list->height());
        QVERIFY(s.chat().busy() && list->property("follow").toBool());
        QTRY_VERIFY(!handle());
        QVERIFY(!s.shown("Answer again"));
        s.named("messages")->forceActiveFocus();
        s.key(Qt::Key_PageUp);
        QTRY_VERIFY(!list->property("follow").toBool());
        QTRY_VERIFY(handle());
        s.click(s.shown("Latest"));
        QTRY_VERIFY(!handle());
        s.chat().stop();
        QTRY_VERIFY(handle() && s.shown("Answer again"));
    }

    /// A list's markers stand where its words begin: in Arabic at the right.
    void markersStandWhereTheWordsBegin() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QString::fromUtf8("- English\n\nBetween.\n\n- مرحبا بالعالم"), 2000, 10, 0}});
        s.showReady();
        s.say("Go");
        const auto markerOf = [&](const char* words) -> std::pair<QRectF, QRectF> {
            const QQuickItem* edit = nullptr;
            for (const QQuickItem* item : s.items())
                if (item->inherits("QQuickTextEdit") && item->isVisible() &&
                    item->property("text").toString() == QString::fromUtf8(words))
                    edit = item;
            for (const QQuickItem* item : s.items())
                if (edit && item->objectName() == "marker" && item->isVisible() && item->width() > 0 &&
                    item->parentItem()->isAncestorOf(edit))
                    return {item->mapRectToScene(item->boundingRect()),
                            edit->mapRectToScene(edit->boundingRect())};
            return {};
        };
        QTRY_VERIFY(s.shown(QString::fromUtf8("مرحبا بالعالم")));
        const auto [left, english] = markerOf("English");
        QVERIFY(left.width() > 0 && left.right() <= english.left());
        const auto [right, arabic] = markerOf("مرحبا بالعالم");
        QVERIFY(right.width() > 0 && right.left() >= arabic.right());
        const QQuickItem* list = s.named("messages");
        QVERIFY(right.right() <= list->mapRectToScene(list->boundingRect()).right());
    }

    /// Code is cut into pieces, and a comment goes on from one into the next.
    void longCodeIsCutIntoPieces() {
        WindowSession s(m_folder->path());
        QString code;
        for (int i = 0; i < 60; ++i)
            code += i == 10 ? "/* begins\n" : i == 40 ? "ends */\n" : QStringLiteral("line(%1);\n").arg(i);
        s.engine.setAnswers({{"```cpp\n" + code + "```\n\nOver.", 4000, 10, 0}});
        s.showReady();
        s.window()->setHeight(2000);
        s.say("Go");
        QTRY_VERIFY(s.shown("Over."));
        QStringList pieces;
        QList<QColor> colors; // of each line's first letter
        for (const QQuickItem* item : s.items()) {
            if (!item->isVisible() || !item->property("codeState").isValid()) continue;
            const QString text = item->property("text").toString();
            if (!text.contains("line(") && !text.contains("ends")) continue;
            QCOMPARE(item->property("offset").toInt(),
                     int(pieces.isEmpty() ? 0 : pieces.join(u'\n').size() + 1));
            pieces << text;
            auto* document = item->property("textDocument").value<QQuickTextDocument*>()->textDocument();
            for (QTextBlock line = document->begin(); line.isValid(); line = line.next())
                colors << (line.layout()->formats().isEmpty()
                               ? QColor()
                               : line.layout()->formats()[0].format.foreground().color());
        }
        QCOMPARE(pieces.join(u'\n'), code.chopped(1));
        QVERIFY(pieces.size() > 2);
        QCOMPARE(colors.size(), 60);
        QVERIFY(colors[10] != colors[0]);
        QCOMPARE(colors[39], colors[10]);
        QCOMPARE(colors[59], colors[0]);
    }

    /// Rows that leave the page are used again: each shows its own block, wherever the page is scrolled to.
    void everyRowShowsItsOwnBlock() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{kSampleAnswer.repeated(6), 20000, 10, 0}});
        s.showReady();
        s.say("Go");
        QTRY_VERIFY(s.shown("That is all. <b>HTML</b> stays text."));
        QQuickItem* list = s.named("messages");
        for (int page = 0; page < 12; ++page) {
            QTRY_VERIFY2(rowsThatDiffer(s) == QStringList(), qPrintable(rowsThatDiffer(s).value(0)));
            const double up =
                std::max(list->property("originY").toReal(), list->property("contentY").toReal() - 400);
            list->setProperty("contentY", page < 6 ? up : up + 700);
        }
    }

    /// A paragraph of any length streams in at the same cost, as what it would be had it come at once.
    void aLongParagraphIsCutIntoLines() {
        WindowSession s(m_folder->path());
        QString text;
        for (int i = 0; text.size() < 6000; ++i)
            text += QStringLiteral("%1 words with **bold** and `code` ").arg(i);
        s.engine.setAnswers({{text.trimmed(), 5000, 10, 0}});
        s.showReady();
        s.say("Go");
        QTRY_VERIFY(longest(s));
        QQuickItem* edit = longest(s);
        const auto lines = [edit] { return edit->property("text").toString().split(u'\n'); };
        const QString shown = QString(text.trimmed()).remove(QStringLiteral("**")).remove(u'`');
        QTRY_COMPARE(lines().join(u' '), shown);
        QVERIFY2(lines().size() >= 4, qPrintable(QString::number(lines().size())));
        const double cut = edit->height();
        const int width = s.window()->width();
        s.window()->setWidth(width - 300);
        QTRY_VERIFY(edit->height() > cut);
        QCOMPARE(lines(), QStringList{shown}); // wrapped at another width: one again
        s.window()->setWidth(width);
        QTRY_COMPARE(edit->height(), cut); // where a single one's lines end
        QCOMPARE(lines(), QStringList{shown});
    }

    /// Nothing that an answer says becomes markup, and no link but to the web or mail can be clicked.
    void hostileAnswers() {
        WindowSession s(m_folder->path());
        const QString hostile =
            QStringLiteral("<script>alert(1)</script> <img src=x onerror=alert(1)>\n\n"
                           "[x](file:///etc/passwd) ![p](https://a.b/p.png)\n\n<b>bold</b> &lt;i&gt;\n\n"
                           "| <u>a</u> |\n|---|\n| <img src='file:///x'> |");
        s.engine.setAnswers({{hostile, 20000, 10, 0}});
        s.showReady();
        s.say("Go");
        QTRY_VERIFY(s.shown("<script>alert(1)</script> <img src=x onerror=alert(1)>"));
        QVERIFY(s.shown("<b>bold</b> <i>"));
        QTRY_VERIFY(tableRow(s, {"<img src='file:///x'>"}));
        for (QQuickItem* item : s.items()) {
            if (!item->inherits("QQuickTextEdit")) continue;
            QCOMPARE(item->property("textFormat").toInt(), int(Qt::PlainText));
            for (int x = 0; x < item->width(); x += 4) {
                QString link;
                QMetaObject::invokeMethod(item, "linkAt", Q_RETURN_ARG(QString, link), Q_ARG(qreal, x),
                                          Q_ARG(qreal, 10.0));
                QVERIFY2(link.isEmpty() || link == QLatin1String("https://a.b/p.png"), qPrintable(link));
            }
        }
    }

    void reasoningFolds() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QStringLiteral("<think>Let me see.</think>\n\nForty-two."), 2000, 10, 0}});
        s.showReady();
        s.say("Go");
        QTRY_VERIFY(s.shown("Forty-two."));
        QVERIFY(!s.shown("Let me see."));
        QQuickItem* line = nullptr;
        for (QQuickItem* item : s.items())
            if (item->isVisible() && item->property("text").toString().startsWith(QLatin1String("Thought")))
                line = item;
        s.click(line);
        QTRY_VERIFY(s.shown("Let me see."));
    }

    /// Across rows: with the mouse from one paragraph into another, then Ctrl+C.
    void selectingAcrossBlocks() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QStringLiteral("First paragraph.\n\nSecond one."), 2000, 10, 0}});
        s.showReady();
        s.say("Go");
        QTRY_VERIFY(s.shown("Second one."));
        const QPoint from = s.shown("First paragraph.")->mapToScene({1, 10}).toPoint();
        QQuickItem* second = s.shown("Second one.");
        const QPoint to = second->mapToScene({second->width() - 5, second->height() - 8}).toPoint();
        QTest::mousePress(s.window(), Qt::LeftButton, {}, from);
        QTest::mouseMove(s.window(), (from + to) / 2);
        QTest::mouseMove(s.window(), to);
        QTest::mouseRelease(s.window(), Qt::LeftButton, {}, to);
        QGuiApplication::clipboard()->clear();
        s.key(Qt::Key_C, Qt::ControlModifier);
        QTRY_COMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("First paragraph.\n\nSecond one."));
    }

    /// A part of a cell, and from one cell into another.
    void selectingInATable() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers(
            {{QStringLiteral("Before.\n\n| a | b |\n|---|---|\n| one two | three four |"), 20000, 10, 0}});
        s.showReady();
        s.say("Go");
        QTRY_VERIFY(tableRow(s, {"one two", "three four"}));
        QGuiApplication::clipboard()->clear();
        const QPoint two = placeOf(s, "\none two\nthree four\n", 6);
        QTest::mouseClick(s.window(), Qt::LeftButton, {}, two);
        QTest::mouseDClick(s.window(), Qt::LeftButton, {}, two);
        s.key(Qt::Key_C, Qt::ControlModifier);
        QTRY_COMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("two"));
        QTest::qWait(QGuiApplication::styleHints()->mouseDoubleClickInterval() + 20);
        drag(s, two, placeOf(s, "\none two\nthree four\n", 14));
        s.key(Qt::Key_C, Qt::ControlModifier);
        QTRY_COMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("wo\tthree"));
        drag(s, placeOf(s, "Before.", 0), two);
        s.key(Qt::Key_C, Qt::ControlModifier);
        QTRY_COMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Before.\n\na\tb\none t"));
    }

    void figuresOfAnAnswer() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QStringLiteral("One two three."), 50, 10, 300}});
        s.showReady();
        s.say("Go");
        const auto shown = [&] {
            for (QQuickItem* item : s.items()) {
                const QString text = item->property("text").toString();
                if (item->isVisible() && text.startsWith(QLatin1String("3 token")) &&
                    text.endsWith(QString::fromUtf8(" · 50 tok/s · first token 0.3 s")))
                    return true;
            }
            return false;
        };
        QTRY_VERIFY(shown());
    }

    void theGaugeCountsWhatIsTyped() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.type("two words");
        QTRY_VERIFY(s.shown("2 / 4,096") || s.shown("2 / 4096"));
    }

    void theFieldGrowsWithItsText() {
        WindowSession s(m_folder->path());
        s.showReady();
        QQuickItem* field = s.named("composer");
        const qreal one = field->parentItem()->parentItem()->height();
        for (int i = 0; i < 3; ++i)
            s.key(Qt::Key_Return, Qt::ShiftModifier);
        const qreal four = field->parentItem()->parentItem()->height();
        QVERIFY(four > 2 * one);
        for (int i = 0; i < 40; ++i)
            s.key(Qt::Key_Return, Qt::ShiftModifier);
        QVERIFY(field->parentItem()->parentItem()->height() < 5 * one); // then it scrolls
    }

    void versionsAndEditing() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QStringLiteral("One."), 2000, 10, 0},
                             {QStringLiteral("Two."), 2000, 10, 0},
                             {QStringLiteral("Three."), 2000, 10, 0}});
        s.showReady();
        s.say("Ask");
        QTRY_VERIFY(s.shown("One."));
        s.key(Qt::Key_R, Qt::ControlModifier);
        QTRY_VERIFY(s.shown("Two.") && !s.chat().busy());
        QTRY_VERIFY(s.shown("2/2"));
        s.click(s.shown("Previous version"));
        QTRY_VERIFY(s.shown("One.") && !s.shown("Two."));
        QVERIFY(s.shown("1/2"));
        QTest::mouseMove(s.window(), s.shown("Ask")->mapToScene({3, 3}).toPoint());
        s.click(s.shown("Edit"));
        QTRY_COMPARE(written(s), QStringLiteral("Ask"));
        QVERIFY(s.named("composer")->hasActiveFocus());
        s.type(" again");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("Three.") && !s.chat().busy());
        QCOMPARE(s.engine.requests().back().messages.back().content, "Ask again");
        QCOMPARE(s.engine.requests().back().messages.size(), 1u);
    }

    void editingIsLeftByEscape() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("Ask");
        QTRY_VERIFY(s.shown("An answer.") && !s.chat().busy());
        QTest::mouseMove(s.window(), s.shown("Ask")->mapToScene({3, 3}).toPoint());
        s.click(s.shown("Edit"));
        QTRY_COMPARE(written(s), QStringLiteral("Ask"));
        s.key(Qt::Key_Escape);
        QTRY_COMPARE(written(s), QString());
        s.say("New");
        QTRY_COMPARE(s.engine.requests().back().messages.size(), 3u);
    }

    void upRecalls() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("First");
        s.say("Second");
        s.key(Qt::Key_Up);
        QCOMPARE(written(s), QStringLiteral("Second"));
        s.key(Qt::Key_Up);
        QCOMPARE(written(s), QStringLiteral("First"));
        s.key(Qt::Key_Up);
        QCOMPARE(written(s), QStringLiteral("First"));
        s.key(Qt::Key_Down);
        QCOMPARE(written(s), QStringLiteral("Second"));
        s.key(Qt::Key_Down);
        QCOMPARE(written(s), QString());
        s.type("own");
        s.key(Qt::Key_Up);
        QCOMPARE(written(s), QStringLiteral("own"));
    }

    void enterMayBreakTheLine() {
        WindowSession s(m_folder->path());
        s.settings.store(QStringLiteral("composer/enterSends"), false);
        s.showReady();
        s.type("a");
        s.key(Qt::Key_Return);
        s.type("b");
        QCOMPARE(written(s), QStringLiteral("a\nb"));
        QVERIFY(s.engine.requests().empty());
        s.key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(s.engine.requests().size(), 1u);
    }

    void aDroppedTextIsAttached() {
        QFile file(m_folder->filePath("notes.txt"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("five words in this file");
        file.close();
        WindowSession s(m_folder->path());
        s.showReady();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(file.fileName())});
        QDragEnterEvent enter({300, 200}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(s.window(), &enter);
        QTRY_VERIFY(s.shown("Drop to attach"));
        QDropEvent drop({300, 200}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(s.window(), &drop);
        QTRY_VERIFY(s.shown("notes.txt"));
        QTRY_COMPARE(s.main->context().draft()->tokens(), 5);
        s.type("Read");
        s.key(Qt::Key_Return);
        QTRY_COMPARE(s.engine.requests().size(), 1u);
        QVERIFY(s.engine.requests().back().messages.back().content.find("five words in this file") !=
                std::string::npos);
        QTRY_VERIFY(s.shown("An answer."));
        QVERIFY(s.shown("notes.txt")); // with the message
        QCOMPARE(s.main->context().draft()->count(), 0);
    }

    void aFullContextIsAnnounced() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QStringLiteral("An answer."), 2000, 3900, 0}});
        s.showReady();
        s.say("Go");
        const QString drops = QStringLiteral(
            "The context is nearly full. When it is, the model no longer sees the oldest messages.");
        QTRY_VERIFY(s.shown(drops));
        s.click(s.shown("End the answer instead"));
        QTRY_VERIFY(s.shown("The context is nearly full. When it is, the answer ends."));
        s.say("On");
        QTRY_COMPARE(s.engine.requests().size(), 2u);
        QCOMPARE(s.engine.requests().back().overflow, engine::OverflowPolicy::Stop);
    }

    void forgottenMessagesAreMarked() {
        WindowSession s(m_folder->path());
        ScriptedEngine::Answer full{QStringLiteral("Later."), 2000, 10, 0};
        full.forget = 2;
        s.engine.setAnswers({{QStringLiteral("An answer."), 2000, 10, 0}, full});
        s.showReady();
        s.say("First");
        s.say("Second");
        QTRY_VERIFY(s.shown("Later."));
        QTRY_VERIFY(s.shown("The model no longer sees this message: the context was full."));
    }

    /// Items exist for what is on the screen, and the end is there at once.
    void aLongChatIsLazy() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QStringLiteral("Paragraph of an answer.\n\n").repeated(3000), 1e6, 10, 0}});
        s.showReady();
        s.say("Go");
        QQuickItem* list = s.named("messages");
        QTRY_VERIFY(list->property("count").toInt() > 3000);
        QTRY_VERIFY(list->property("atYEnd").toBool());
        int rows = 0;
        for (QQuickItem* item : WindowSession::itemsBelow(list))
            rows += item->inherits("QQuickTextEdit") ? 1 : 0;
        QVERIFY2(rows < 150, qPrintable(QString::number(rows)));
    }

private:
    static QRectF cursorAt(const QQuickItem* edit, int position) {
        QRectF cursor;
        QMetaObject::invokeMethod(const_cast<QQuickItem*>(edit), "positionToRectangle",
                                  Q_RETURN_ARG(QRectF, cursor), Q_ARG(int, position));
        return cursor;
    }
    /// Just left of the character at that position of a text.
    static QPoint placeOf(const WindowSession& s, const char* text, int position) {
        for (QQuickItem* item : s.items())
            if (item->inherits("QQuickTextEdit") && item->property("text").toString() == QLatin1String(text))
                return item->mapToScene(cursorAt(item, position).center() + QPointF(1, 0)).toPoint();
        return {};
    }
    static void drag(const WindowSession& s, QPoint from, QPoint to) {
        QTest::mousePress(s.window(), Qt::LeftButton, {}, from);
        QTest::mouseMove(s.window(), (from + to) / 2);
        QTest::mouseMove(s.window(), to);
        QTest::mouseRelease(s.window(), Qt::LeftButton, {}, to);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestConversation)
#include "tst_conversation.moc"
