#include "window_session.h"

#include <QAccessible>
#include <QTemporaryDir>

using namespace altiplano;
using namespace altiplano::app;

/// The chats at the left of the real window.
class TestSidebar : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpWindowTests(); }
    void init() { m_folder = emptyFolder(); }

    void aChatIsReopenedAfterARestart() {
        {
            WindowSession s(m_folder->path());
            s.showReady();
            s.say("First question");
            s.key(Qt::Key_N, Qt::ControlModifier);
            s.say("Second question");
        }
        WindowSession s(m_folder->path());
        s.showReady();
        QTRY_VERIFY(s.shown("First question"));
        QVERIFY(s.shown("Today"));
        s.click(s.shown("First question"));
        QTRY_VERIFY(s.shown("An answer."));
        QCOMPARE(s.chat().title(), QStringLiteral("First question"));
        QTRY_VERIFY(s.named("composer")->hasActiveFocus());
        s.type("on");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.engine.requests().size() == 1 && !s.chat().busy());
        QCOMPARE(s.engine.requests().back().messages.size(), 3u);
    }

    void byKeyboard() {
        WindowSession s(m_folder->path());
        s.showReady();
        for (const char* title : {"Alpha", "Beta", "Gamma"}) {
            s.say(QString::fromLatin1(title));
            s.chat().newChat();
        }
        s.key(Qt::Key_K, Qt::ControlModifier);
        QVERIFY(s.named("chatSearch")->hasActiveFocus());
        s.key(Qt::Key_Down); // into the list: Gamma
        s.key(Qt::Key_Down); // Beta
        s.key(Qt::Key_F2);
        s.type("Renamed");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("Renamed"));
        QTRY_COMPARE(titles(s), (QStringList{"Gamma", "Renamed", "Alpha"}));
        s.key(Qt::Key_F2);
        s.type("Never");
        s.key(Qt::Key_Escape);
        QTRY_COMPARE(titles(s), (QStringList{"Gamma", "Renamed", "Alpha"}));
        s.key(Qt::Key_Delete); // a bare key deletes nothing
        s.key(Qt::Key_Backspace);
        QCOMPARE(s.chats().count(), 3);
        s.key(Qt::Key_Delete, Qt::ControlModifier);
        QTRY_COMPARE(titles(s), (QStringList{"Gamma", "Alpha"}));
        QTRY_VERIFY(s.shown("Deleted “Renamed”"));
        s.click(s.shown("Undo"));
        QTRY_COMPARE(titles(s), (QStringList{"Gamma", "Renamed", "Alpha"}));
        QTRY_VERIFY(!s.shown("Deleted “Renamed”"));
        s.key(Qt::Key_K, Qt::ControlModifier);
        s.key(Qt::Key_Down);
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.chat().title() == QLatin1String("Gamma") ||
                    s.chat().title() == QLatin1String("Renamed"));
        QTRY_VERIFY(s.named("composer")->hasActiveFocus());
    }

    void theMenuOfAChat() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("Alpha");
        s.chat().newChat();
        s.say("Beta");
        choose(s, "Alpha", "Pin to the top");
        QTRY_COMPARE(titles(s), (QStringList{"Alpha", "Beta"}));
        QTRY_VERIFY(s.shown("Pinned"));
        choose(s, "Alpha", "Unpin");
        QTRY_VERIFY(!s.shown("Pinned"));
        choose(s, "Alpha", "Duplicate");
        QTRY_COMPARE(titles(s), (QStringList{"Alpha (copy)", "Beta", "Alpha"}));
        choose(s, "Alpha (copy)", "Archive");
        QTRY_COMPARE(titles(s), (QStringList{"Beta", "Alpha"}));
        s.click(s.named("chatsMenuButton"));
        QTRY_VERIFY(s.shown("Archived chats"));
        QTest::qWait(50);
        s.click(s.shown("Archived chats"));
        QTRY_COMPARE(titles(s), QStringList{"Alpha (copy)"});
        QTRY_VERIFY(s.shown("Back to the chats"));
        s.click(s.shown("Back to the chats"));
        choose(s, "Beta", "Delete"); // the one on the page
        QTRY_COMPARE(titles(s), QStringList{"Alpha"});
        QCOMPARE(s.chat().title(), QString());
        choose(s, "Alpha", "Rename");
        s.type("Omega");
        s.key(Qt::Key_Return);
        QTRY_COMPARE(titles(s), QStringList{"Omega"});
    }

    void searchShowsWhatWasFound() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QStringLiteral("Llamas live on the high plateau."), 2000, 10, 0},
                             {QStringLiteral("Soup."), 2000, 10, 0}});
        s.showReady();
        s.say("Where?");
        const qint64 where = s.chat().chatId();
        s.chat().newChat();
        s.say("What?");
        s.key(Qt::Key_K, Qt::ControlModifier);
        s.type("platea");
        QTRY_COMPARE(titles(s), QStringList{"Where?"});
        const auto excerpt = [&]() -> QString {
            for (QQuickItem* item : WindowSession::itemsBelow(s.named("chatList")))
                if (item->isVisible() && item->property("text").toString().contains("<b>"))
                    return item->property("text").toString();
            return {};
        };
        QTRY_VERIFY(excerpt().startsWith("Llamas live on the high <b>"));
        QVERIFY(excerpt().endsWith("plateau</font></b>."));
        s.key(Qt::Key_Return);
        QTRY_COMPARE(s.chat().chatId(), where);
        s.key(Qt::Key_K, Qt::ControlModifier);
        s.type("zebra");
        QTRY_VERIFY(s.shown("No chat has these words."));
        s.key(Qt::Key_Escape);
        QTRY_COMPARE(s.chats().count(), 2);
        s.key(Qt::Key_Escape);
        QVERIFY(s.named("composer")->hasActiveFocus());
    }

    void theTitleIsEditedInTheTopBar() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("Some question");
        QQuickItem* title = nullptr;
        for (QQuickItem* item : s.items())
            if (item->isVisible() && item->property("text") == "Some question" &&
                item->mapToScene({}).y() < 40)
                title = item;
        s.click(title);
        QTRY_VERIFY(s.named("titleEditor")->hasActiveFocus());
        s.type("My title");
        s.key(Qt::Key_Return);
        QTRY_COMPARE(titles(s), QStringList{"My title"});
        QTRY_VERIFY(s.named("composer")->hasActiveFocus());
        QCOMPARE(s.window()->title(), QStringLiteral("My title - Altiplano"));
    }

    void f9AndTheDrawer() {
        {
            WindowSession s(m_folder->path());
            s.showReady();
            QVERIFY(s.named("chatList")->isVisible());
            s.key(Qt::Key_F9);
            QTRY_VERIFY(!s.named("chatList")->isVisible());
            QVERIFY(s.named("composer")->hasActiveFocus());
        }
        WindowSession s(m_folder->path()); // remembered
        s.showReady();
        QVERIFY(!s.named("chatList")->isVisible());
        s.key(Qt::Key_F9);
        QTRY_VERIFY(s.named("chatList")->isVisible());
        const qreal beside = s.named("composer")->mapToScene({}).x();
        QVERIFY(beside > s.named("chatList")->width());
        s.window()->resize(600, 600);
        QTRY_VERIFY(!s.named("chatList")->isVisible()); // a drawer now, and closed
        s.key(Qt::Key_F9);
        QTRY_VERIFY(s.named("chatList")->isVisible());
        QTRY_VERIFY(s.named("composer")->mapToScene({}).x() < 100); // over the page, not beside it
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(!s.named("chatList")->isVisible());
        QVERIFY(s.named("composer")->hasActiveFocus());
    }

    void forThoseWhoDoNotSee() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("Alpha");
        s.chats().setPinned(s.chat().chatId(), true);
        QAccessibleInterface* list = QAccessible::queryAccessibleInterface(s.named("chatList"));
        QVERIFY(list);
        QCOMPARE(list->role(), QAccessible::List);
        QCOMPARE(list->text(QAccessible::Name), QStringLiteral("Chats"));
        QAccessibleInterface* row = nullptr;
        for (QQuickItem* item : s.items()) {
            QAccessibleInterface* access = QAccessible::queryAccessibleInterface(item);
            if (access && access->role() == QAccessible::ListItem && item->property("chatId").isValid())
                row = access;
        }
        QVERIFY(row);
        QCOMPARE(row->text(QAccessible::Name), QStringLiteral("Alpha, pinned"));
        QVERIFY(row->state().selected && row->state().focusable);
        s.key(Qt::Key_K, Qt::ControlModifier);
        s.key(Qt::Key_Down);
        QVERIFY(row->state().focused);
    }

    void importsAndExportsAreReported() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("Alpha");
        ChatTransfer& transfer = *s.main->context().transfer();
        const QUrl file = QUrl::fromLocalFile(m_folder->filePath("out.json"));
        transfer.exportChats(0, file);
        QTRY_VERIFY(s.shown("1 chat saved"));
        transfer.importFile(file);
        QTRY_VERIFY(s.shown("1 chat imported"));
        QTRY_COMPARE(titles(s), (QStringList{"Alpha", "Alpha"}));
        transfer.importFile(QUrl::fromLocalFile(m_folder->filePath("settings.ini")));
        QTRY_VERIFY(s.shown("settings.ini was not imported"));
        s.click(s.shown("Dismiss"));
        QTRY_VERIFY(!s.shown("settings.ini was not imported"));
    }

    void whatIsWrongWithTheStoreIsSaid() {
        QFile file(m_folder->filePath("chats.db"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("no database, but long enough to be taken for one that was damaged by something or other. "
                   "It goes on "
                   "for a while, as such files do.");
        file.close();
        WindowSession s(m_folder->path());
        s.showReady();
        QTRY_VERIFY(s.shown("The file with your chats was damaged"));
        s.click(s.shown("Dismiss"));
        QTRY_VERIFY(!s.shown("The file with your chats was damaged"));
        s.say("It works");
        QVERIFY(s.shown("An answer."));
    }

private:
    static QStringList titles(const WindowSession& s) {
        QStringList all;
        for (int row = 0; row < s.chats().count(); ++row)
            all << s.chats().index(row).data(ChatListModel::TitleRole).toString();
        return all;
    }
    /// By the mouse, from the context menu.
    static void choose(const WindowSession& s, const char* chat, const char* action) {
        const auto row = [&] { // the title may also be in the top bar
            for (QQuickItem* item : WindowSession::itemsBelow(s.named("chatList")))
                if (item->isVisible() && item->property("text") == QLatin1String(chat)) return item;
            return static_cast<QQuickItem*>(nullptr);
        };
        QTRY_VERIFY(row());
        s.click(row(), Qt::RightButton);
        QTRY_VERIFY(s.object("chatMenu")->property("opened").toBool());
        QVERIFY(QTest::qWaitFor([&] { return s.shown(QString::fromUtf8(action)) != nullptr; }));
        QTest::qWait(50); // until it is where it will be
        s.click(s.shown(QString::fromUtf8(action)));
        QTRY_VERIFY(!s.shown(QString::fromUtf8(action)));
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestSidebar)
#include "tst_sidebar.moc"
