#include "chats/chat_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sqlite3.h>
#include <sys/resource.h>

using namespace altiplano::app;

namespace {

ChatContent chatOf(qint64 id, const QString& text) {
    ChatContent content;
    content.chat.id = id;
    content.chat.title = QStringLiteral("Chat %1").arg(id);
    MessageRecord message;
    message.id = id + 1;
    message.chat = id;
    message.text = text;
    content.messages = {message};
    return content;
}

void put(ChatFile& file, const ChatContent& content) {
    file.put({content.chat}, content.messages);
}

/// Every connection to a file that is opened while one of these lives is kept here.
struct Connections {
    Connections() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(note)); }
    ~Connections() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(note)); }
    static int note(sqlite3* database, const char**, const void*) {
        newest() = database;
        return SQLITE_OK;
    }
    static sqlite3*& newest() {
        static sqlite3* database = nullptr;
        return database;
    }
};

} // namespace

/// What becomes of chats when the disk does not do its part.
class TestChatFile : public QObject {
    Q_OBJECT
private slots:
    void aFullDisk() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("chats.db");
        const ChatContent before = chatOf(10, "before");
        const ChatContent large = chatOf(20, QString(200'000, u'x'));
        ChatContent changed = before;
        {
            const Connections connections;
            ChatFile file(path);
            sqlite3* connection = Connections::newest();
            put(file, before);
            sqlite3_exec(connection, "PRAGMA max_page_count = 40", nullptr, nullptr, nullptr);
            put(file, large);
            QCOMPARE(file.trouble().kind, StorageTrouble::DiskFull);
            QVERIFY(file.holdsUnsaved());
            changed.chat.title = "Renamed meanwhile";
            changed.messages[0].text = "edited meanwhile";
            put(file, changed);
            // Everything is there for the user...
            QCOMPARE(file.chats(), (std::vector{changed.chat, large.chat}));
            QCOMPARE(file.messages(10), changed.messages);
            QCOMPARE(file.messages(20), large.messages);
            QCOMPARE(file.search("meanwhile").size(), 1u);
            QVERIFY(!file.retry());
            // ...and in the file once there is room.
            sqlite3_exec(connection, "PRAGMA max_page_count = 100000", nullptr, nullptr, nullptr);
            QVERIFY(file.retry());
            QCOMPARE(file.trouble().kind, StorageTrouble::None);
        }
        ChatFile again(path);
        QCOMPARE(again.chats(), (std::vector{changed.chat, large.chat}));
        QCOMPARE(again.messages(10), changed.messages);
        QCOMPARE(again.messages(20), large.messages);
    }

    /// The system refuses to write any more, in the middle of a file.
    void aDiskThatFails() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("chats.db");
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit usual{};
        getrlimit(RLIMIT_FSIZE, &usual);
        std::vector<ChatRecord> chats;
        {
            ChatFile file(path);
            rlimit small = usual;
            small.rlim_cur = 300'000;
            setrlimit(RLIMIT_FSIZE, &small);
            for (int i = 1; i <= 20; ++i) {
                const ChatContent content = chatOf(10 * i, QString(50'000, u'y'));
                chats.push_back(content.chat);
                put(file, content);
            }
            QVERIFY(file.holdsUnsaved());
            QVERIFY(file.trouble().kind != StorageTrouble::None);
            QCOMPARE(file.chats(), chats);
            setrlimit(RLIMIT_FSIZE, &usual);
            QVERIFY(file.retry());
        }
        ChatFile again(path);
        QCOMPARE(again.chats(), chats);
        for (const ChatRecord& chat : chats)
            QCOMPARE(again.messages(chat.id).size(), 1u);
    }

    /// The file becomes damaged while it is open.
    void damagedInUse() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("chats.db");
        const Connections connections;
        ChatFile file(path);
        for (int i = 1; i <= 30; ++i)
            put(file, chatOf(100 * i, QString(3000, u'z')));
        sqlite3_wal_checkpoint_v2(Connections::newest(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                  nullptr);
        sqlite3_exec(Connections::newest(), "PRAGMA shrink_memory", nullptr, nullptr, nullptr);
        QFile bytes(path);
        QVERIFY(bytes.open(QIODevice::ReadWrite));
        QVERIFY(bytes.seek(4096));
        bytes.write(QByteArray(6 * 4096, '\x11')); // the roots
        bytes.close();
        // Whenever SQLite notices: what was said goes on to be stored.
        for (int i = 31; i <= 60; ++i)
            put(file, chatOf(100 * i, QString(3000, u'z')));
        QCOMPARE(file.trouble().kind, StorageTrouble::Recovered);
        for (int i = 31; i <= 60; ++i)
            QCOMPARE(file.messages(100 * i).size(), 1u);
        QVERIFY(file.chats().size() > 40);
    }

    /// Only the index is: it is made anew and nothing is lost.
    void aDamagedIndex() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("chats.db");
        const ChatContent content = chatOf(10, "find me");
        {
            ChatFile file(path);
            put(file, content);
        }
        // The record that says what the index consists of; see "Structure Record Format" in SQLite's
        // fts5_index.c.
        Sqlite(path).execute("UPDATE message_words_data SET block = x'00000000ffff7fffff7f' WHERE id = 10");
        ChatFile file(path);
        file.search("find");
        put(file, chatOf(20, "me too"));
        QCOMPARE(file.chats().size(), 2u);
        QCOMPARE(file.messages(10), content.messages);
        QCOMPARE(file.search("me").size(), 2u);
    }
};

QTEST_GUILESS_MAIN(TestChatFile)
#include "tst_chat_file.moc"
