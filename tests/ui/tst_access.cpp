#include "window_session.h"

#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace altiplano;
using namespace altiplano::app;

namespace {

constexpr const char* kAnswer =
    "First of all.\n\n- see [the docs](https://example.org/docs)\n\n"
    "```python\nprint(1)\n```\n\n| a | b |\n|---|---|\n| one two | three |\n\nThe end.";

QString nameOf(QQuickItem* item) {
    QAccessibleInterface* access = QAccessible::queryAccessibleInterface(item);
    return access ? access->text(QAccessible::Name) : QString();
}

} // namespace

/// The real window without a mouse.
class TestAccess : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpWindowTests(); }
    void init() {
        m_folder = emptyFolder();
        QGuiApplication::clipboard()->clear();
    }

    /// Tab meets every control once and comes back; Shift+Tab goes the same way back; where the focus is can
    /// be seen: the picture around the item with the focus is another one when the focus has moved on.
    void tabGoesAround() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{kAnswer, 20000, 10, 0}});
        s.settings.setWindowSize({1400, 900});
        s.showReady();
        s.window()->resize(1400, 900);
        s.main->context().performance()->setOpen(true);
        s.say("Ask");
        QTRY_VERIFY(s.shown("The end."));
        s.type("more"); // so that there is something to send
        QTest::qWait(50);

        QList<QQuickItem*> forth{s.window()->activeFocusItem()};
        QImage before = s.window()->grabWindow();
        do {
            s.key(Qt::Key_Tab);
            QQuickItem* item = s.window()->activeFocusItem();
            QVERIFY2(item != forth.last(), qPrintable("the focus is caught by " + nameOf(item)));
            QVERIFY(item->isVisible());
            QVERIFY2(!nameOf(item).isEmpty(), item->metaObject()->className());
            const QImage after = s.window()->grabWindow();
            QVERIFY2(differs(before, after, forth.last()),
                     qPrintable("the focus on " + nameOf(forth.last()) + " cannot be seen"));
            before = after;
            forth.append(item);
        } while (forth.last() != forth.first() && forth.size() < 150);
        QCOMPARE(forth.last(), forth.first());
        QCOMPARE(QSet<QQuickItem*>(forth.begin(), forth.end()).size(), forth.size() - 1);

        QList<QQuickItem*> back{s.window()->activeFocusItem()};
        do {
            s.key(Qt::Key_Backtab);
            back.prepend(s.window()->activeFocusItem());
        } while (back.first() != back.last() && back.size() < 150);
        // Into a list Shift+Tab comes from below: by its last button, where it has any.
        const auto isRow = [](QQuickItem* item) { return !item->activeFocusOnTab(); };
        forth.removeIf(isRow);
        back.removeIf(isRow);
        QVERIFY2(back == forth, qPrintable(namesOf(back) + "\nback, forth\n" + namesOf(forth)));

        for (QQuickItem* item : s.items()) {
            if (!item->inherits("QQuickAbstractButton") || !item->isVisible() || !item->isEnabled()) continue;
            const bool ofARow = nameOf(item).startsWith(QLatin1String("More for")); // the menu key has it
            QVERIFY2(forth.contains(item) || ofARow, qPrintable(nameOf(item)));
        }
        // As one reads: the bar on top, the chats, the conversation, the message, the figures.
        int last = -1;
        for (const char* name :
             {"sidebarButton", "modelChip", "performanceButton", "chatSearch", "chatsMenuButton"}) {
            const int at = static_cast<int>(forth.indexOf(s.named(name), 1));
            QVERIFY2(at > last, name);
            last = at;
        }
        QVERIFY(forth.indexOf(s.named("sendButton")) < forth.indexOf(s.shown("Close the performance view")));
    }

    /// One list has them all: each is shown, no two are the same, and the list opens and closes by keyboard.
    void shortcutsAreListed() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.key(Qt::Key_F1);
        QTRY_VERIFY(s.shown("Answer again"));
        QSet<QString> keys;
        int commands = 0;
        for (QObject* shortcut : s.window()->findChildren<QObject*>()) {
            const QVariant text = shortcut->property("text"), key = shortcut->property("keys");
            if (!shortcut->inherits("QQuickShortcut") || !key.isValid()) continue;
            ++commands;
            QVERIFY2(!key.toString().isEmpty(), qPrintable(text.toString()));
            QVERIFY2(!keys.contains(key.toString()), qPrintable(key.toString()));
            keys.insert(key.toString());
            QVERIFY2(s.shown(text.toString()) && s.shown(key.toString()), qPrintable(text.toString()));
        }
        QVERIFY(commands > 12);
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(!s.shown("Answer again"));
        QTRY_VERIFY(s.named("composer")->hasActiveFocus());
        s.key(Qt::Key_Question, Qt::ControlModifier);
        QTRY_VERIFY(s.shown("Answer again"));
    }

    /// From paragraph to paragraph and message to message; what is there can be copied.
    void readingByKeyboard() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{kAnswer, 20000, 10, 0}});
        s.showReady();
        s.say("Ask");
        QTRY_VERIFY(s.shown("The end."));
        s.key(Qt::Key_J, Qt::ControlModifier);
        QCOMPARE(focusedName(s), QStringLiteral("Answer, 2 of 2"));
        QStringList read;
        for (int i = 0; i < 4; ++i) {
            s.key(Qt::Key_Down);
            read << focusedName(s);
        }
        QCOMPARE(read, (QStringList{"see the docs", "Code in python\nprint(1)", "a\tb\none two\tthree",
                                    "The end."}));
        s.key(Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("The end."));
        s.key(Qt::Key_Down); // there is no more
        QCOMPARE(focusedName(s), QStringLiteral("The end."));
        s.key(Qt::Key_Up, Qt::ControlModifier);
        QCOMPARE(focusedName(s), QStringLiteral("You, 1 of 2"));
        s.key(Qt::Key_Escape);
        QVERIFY(s.named("composer")->hasActiveFocus());
    }

    /// Words that turn out to be a table, while the keyboard is at them.
    void readingWhatBecomesATable() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("Ask");
        MessageModel& messages = *s.chat().messages();
        MessageRecord answer;
        answer.parent = messages.leaf();
        answer.id = answer.parent + 1;
        answer.sender = turn::Assistant;
        answer.state = turn::Waiting;
        messages.add(answer);
        messages.appendText(answer.id, QStringLiteral("First.\n\none | two\n"));
        const auto at = [list = s.named("messages")] {
            return list->property("currentItem").value<QQuickItem*>();
        };
        QTRY_VERIFY(s.shown("one | two"));
        s.key(Qt::Key_J, Qt::ControlModifier);
        s.key(Qt::Key_Down);
        QCOMPARE(at()->property("text").toString(), QStringLiteral("one | two"));
        messages.appendText(answer.id, QStringLiteral("--- | ---\n1 | 2\n\nThe end.\n"));
        QTRY_COMPARE(at()->property("text").toString(), QStringLiteral("one\ttwo\n1\t2"));
        QCOMPARE(at()->property("kind").toInt(), BlockKind::Table);
        QVERIFY(at()->hasActiveFocus());
        QTRY_VERIFY(s.shown("The end."));
        s.key(Qt::Key_Down);
        QCOMPARE(at()->property("text").toString(), QStringLiteral("The end."));
    }

    void selectingByKeyboard() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QStringLiteral("One.\n\nTwo.\n\nThree."), 20000, 10, 0}});
        s.showReady();
        s.say("Ask");
        QTRY_VERIFY(s.shown("Three."));
        s.key(Qt::Key_J, Qt::ControlModifier);
        s.key(Qt::Key_Down, Qt::ShiftModifier);
        s.key(Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("One.\n\nTwo."));
    }

    /// The menu of a paragraph has its links; it asks before it opens one.
    void linksByKeyboard() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{kAnswer, 20000, 10, 0}});
        s.showReady();
        s.say("Ask");
        QTRY_VERIFY(s.shown("The end."));
        s.key(Qt::Key_J, Qt::ControlModifier);
        s.key(Qt::Key_Down);
        choose(s, "Open example.org/docs");
        QTRY_VERIFY(s.shown("https://example.org/docs"));
        s.key(Qt::Key_Backtab); // from Open to Copy link
        s.key(Qt::Key_Space);
        QTRY_COMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("https://example.org/docs"));
    }

    void everythingOfAMessageByKeyboard() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QStringLiteral("One."), 2000, 10, 0},
                             {QStringLiteral("Two."), 2000, 10, 0},
                             {QStringLiteral("word ").repeated(4000), 100, 10, 0}});
        s.showReady();
        s.say("Ask");
        QTRY_VERIFY(s.shown("One."));
        s.key(Qt::Key_R, Qt::ControlModifier);
        QTRY_VERIFY(s.shown("Two.") && !s.chat().busy());
        s.key(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Two."));
        s.key(Qt::Key_J, Qt::ControlModifier);
        choose(s, "Previous version");
        QTRY_VERIFY(s.shown("One."));
        s.key(Qt::Key_E, Qt::ControlModifier);
        QTRY_COMPARE(s.named("composer")->property("text").toString(), QStringLiteral("Ask"));
        s.type("!");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.chat().tokensPerSecond() > 0);
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(!s.chat().busy());
        QTRY_VERIFY(s.shown("Stopped"));
        s.key(Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier); // goes on
        QTRY_COMPARE(s.engine.requests().size(), 4u);
        QVERIFY(!s.engine.requests().back().answerSoFar.empty());
    }

    void aDeletedChatComesBackByKeyboard() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("Ask");
        s.key(Qt::Key_K, Qt::ControlModifier);
        s.key(Qt::Key_Down);
        s.key(Qt::Key_Delete, Qt::ControlModifier);
        QTRY_COMPARE(s.chats().count(), 0);
        s.key(Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(s.chats().count(), 1);
    }

    /// With reduced motion everything is where it belongs at once, and nothing is drawn while one waits.
    void reducedMotion() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QStringLiteral("late"), 20, 1, 2500}});
        s.showReady();
        QQuickItem* search = s.named("chatSearch");
        QQuickItem* sidebar = search->parentItem();
        s.key(Qt::Key_F9);
        QVERIFY(!sidebar->isVisible());
        s.key(Qt::Key_F9);
        QCOMPARE(sidebar->x(), 0.0);
        s.key(Qt::Key_M, Qt::ControlModifier);
        QTRY_VERIFY(s.shown("Open a model file…"));
        QCOMPARE(s.shown("Open a model file…")->parentItem()->parentItem()->opacity(), 1.0);
        s.key(Qt::Key_Escape);
        s.chat().send(QStringLiteral("Ask"));
        QTRY_VERIFY(s.shown("Ask"));
        QTest::qWait(800); // that the prompt is being read is said by now
        const QSignalSpy frames(s.window(), &QQuickWindow::frameSwapped);
        QTest::qWait(1000); // two blinks of a caret
        QVERIFY(s.chat().busy());
        QVERIFY2(frames.size() <= 1, qPrintable(QString::number(frames.size())));
    }

private:
    static bool differs(const QImage& one, const QImage& other, QQuickItem* item) {
        const qreal scale = one.devicePixelRatio();
        const QRectF around =
            item->mapRectToScene({0, 0, item->width(), item->height()}).adjusted(-4, -4, 4, 4);
        const QRect pixels =
            QRectF(around.topLeft() * scale, around.size() * scale).toRect().intersected(one.rect());
        return one.copy(pixels) != other.copy(pixels);
    }
    static QString namesOf(const QList<QQuickItem*>& items) {
        QStringList names;
        for (QQuickItem* item : items)
            names << nameOf(item);
        return names.join(QStringLiteral(" | "));
    }
    static QString focusedName(const WindowSession& s) { return nameOf(s.window()->activeFocusItem()); }
    /// From the menu of the row with the focus.
    static void choose(const WindowSession& s, const char* what) {
        s.key(Qt::Key_Menu);
        QTRY_VERIFY(s.object("messageMenu")->property("opened").toBool());
        for (int i = 0; i < 20; ++i) {
            s.key(Qt::Key_Down);
            QQuickItem* row = s.window()->activeFocusItem();
            if (row && row->property("highlighted").toBool() &&
                row->property("text").toString() == QLatin1String(what)) {
                s.key(Qt::Key_Return);
                return;
            }
        }
        QFAIL(what);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestAccess)
#include "tst_access.moc"
