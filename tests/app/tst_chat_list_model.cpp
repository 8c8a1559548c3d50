#include "chats/chat_list_model.h"

#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano::app;

namespace {

struct List {
    explicit List(const QString& folder) : store(folder), model(store) {}

    ChatId add(const QString& title, int daysAgo = 0, const QString& text = {}) {
        ChatRecord chat;
        chat.id = store.newId();
        chat.title = title;
        chat.changed = QDateTime::currentDateTime().addDays(-daysAgo).toMSecsSinceEpoch();
        MessageRecord message;
        message.id = store.newId();
        message.chat = chat.id;
        message.text = text;
        chat.leaf = message.id;
        model.put(chat, {message});
        return chat.id;
    }
    QStringList shown(ChatListModel::Role role = ChatListModel::TitleRole) {
        QStringList all;
        for (int row = 0; row < model.count(); ++row)
            all << model.index(row).data(role).toString();
        return all;
    }

    ChatStore store;
    ChatListModel model;
};

} // namespace

class TestChatListModel : public QObject {
    Q_OBJECT
private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void byDate() {
        List l(m_folder->path());
        const QAbstractItemModelTester tester(&l.model,
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        l.add("old", 400);
        l.add("week", 3);
        l.add("today");
        const ChatId pinned = l.add("pinned", 30);
        l.add("yesterday", 1);
        l.model.setPinned(pinned, true);
        QCOMPARE(l.shown(), (QStringList{"pinned", "today", "yesterday", "week", "old"}));
        const QString month = QDate::currentDate().addDays(-400).toString(QStringLiteral("yyyy-MM"));
        QCOMPARE(l.shown(ChatListModel::SectionRole),
                 (QStringList{"pinned", "today", "yesterday", "week", month}));
        l.model.setPinned(pinned, false);
        QCOMPARE(l.shown(), (QStringList{"today", "yesterday", "week", "pinned", "old"}));
    }

    void saidSomethingMovesUp() {
        List l(m_folder->path());
        const QAbstractItemModelTester tester(&l.model,
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        const ChatId first = l.add("first", 2);
        l.add("second", 1);
        const QSignalSpy resets(&l.model, &QAbstractItemModel::modelReset);
        ChatRecord chat = *l.model.find(first);
        chat.changed = QDateTime::currentMSecsSinceEpoch();
        l.model.put(chat);
        QCOMPARE(l.shown(), (QStringList{"first", "second"}));
        QVERIFY(resets.isEmpty());
    }

    void afterARestart() {
        {
            List l(m_folder->path());
            l.model.rename(l.add("wrong"), "  right  title ");
            l.model.rename(l.add("kept"), "   ");
        }
        List l(m_folder->path());
        QTRY_COMPARE(l.model.count(), 2);
        QVERIFY(l.shown().contains("right title") && l.shown().contains("kept"));
    }

    void deleteAndUndo() {
        {
            List l(m_folder->path());
            const QAbstractItemModelTester tester(&l.model,
                                                  QAbstractItemModelTester::FailureReportingMode::QtTest);
            const ChatId id = l.add("a");
            l.add("b");
            l.model.remove(id);
            QCOMPARE(l.shown(), QStringList{"b"});
            QCOMPARE(l.model.undoTitle(), QStringLiteral("a"));
            QCOMPARE(l.model.deletedCount(), 1);
            l.model.undo();
            QCOMPARE(l.shown(), (QStringList{"b", "a"}));
            QCOMPARE(l.model.undoKind(), ChatListModel::NoUndo);
            l.model.remove(id);
        }
        List l(m_folder->path()); // still there to be brought back, after a restart
        QTRY_COMPARE(l.shown(), QStringList{"b"});
        l.model.setView(ChatListModel::Deleted);
        QCOMPARE(l.shown(), QStringList{"a"});
        l.model.restore(l.model.index(0).data(ChatListModel::IdRole).toLongLong());
        QCOMPARE(l.model.count(), 0);
        l.model.setView(ChatListModel::Present);
        QCOMPARE(l.shown(), (QStringList{"b", "a"}));
    }

    void deletedIsGoneAfterAMonth() {
        {
            List l(m_folder->path());
            for (const int days : {29, 31}) {
                ChatRecord chat = *l.model.find(l.add(QString::number(days), 40, "secret words"));
                chat.deleted = QDateTime::currentDateTime().addDays(-days).toMSecsSinceEpoch();
                l.model.put(chat);
            }
        }
        {
            List l(m_folder->path());
            l.model.setView(ChatListModel::Deleted);
            QTRY_COMPARE(l.shown(), QStringList{"29"});
        }
        Sqlite sql(m_folder->filePath("chats.db"));
        QCOMPARE(sql.integer("SELECT count(*) FROM messages"), 1);
    }

    void archive() {
        List l(m_folder->path());
        const ChatId id = l.add("a");
        l.model.setArchived(id, true);
        QCOMPARE(l.model.count(), 0);
        QCOMPARE(l.model.archivedCount(), 1);
        l.model.setView(ChatListModel::Archived);
        QCOMPARE(l.shown(), QStringList{"a"});
        l.model.undo();
        QCOMPARE(l.model.archivedCount(), 0);
    }

    void duplicate() {
        List l(m_folder->path());
        const ChatId id = l.add("a", 1, "words");
        const QSignalSpy done(&l.model, &ChatListModel::duplicated);
        l.model.duplicate(id);
        QTRY_COMPARE(done.size(), 1);
        QCOMPARE(l.shown(), (QStringList{"a (copy)", "a"}));
        std::vector<MessageRecord> copies;
        l.store.messages(done[0][1].toLongLong(), this, [&](auto messages) { copies = std::move(messages); });
        QTRY_COMPARE(copies.size(), 1u);
        QCOMPARE(copies[0].text, QStringLiteral("words"));
        QCOMPARE(l.model.find(done[0][1].toLongLong())->leaf, copies[0].id);
    }

    void searchAsYouType() {
        List l(m_folder->path());
        const QAbstractItemModelTester tester(&l.model,
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        l.add("Geography", 1, "a high <b>plateau</b>");
        l.add("Cooking", 1, "soup");
        for (const char* typed : {"p", "pl", "pla", "plat"})
            l.model.setSearched(QString::fromLatin1(typed));
        QTRY_COMPARE(l.shown(), QStringList{"Geography"});
        QVERIFY(l.shown(ChatListModel::ExcerptRole)[0].contains(
            QStringLiteral("&lt;b&gt;<b>plateau</b>&lt;/b&gt;")));
        QVERIFY(l.model.index(0).data(ChatListModel::MessageRole).toLongLong() > 0);
        l.model.setSearched("nowhere");
        QTRY_COMPARE(l.model.count(), 0);
        l.model.setSearched("");
        QCOMPARE(l.model.count(), 2);
    }

    void unknownChats() {
        List l(m_folder->path());
        l.model.rename(7, "x");
        l.model.remove(7);
        l.model.restore(7);
        l.model.duplicate(7);
        l.model.setPinned(7, true);
        l.model.setArchived(7, true);
        l.model.undo();
        QCOMPARE(l.model.count(), 0);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestChatListModel)
#include "tst_chat_list_model.moc"
