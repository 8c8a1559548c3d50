#include "chats/chat_store.h"

#include "support/random.h"

#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano::app;

namespace {

/// A store in a folder, with its answers waited for.
struct Store {
    explicit Store(const QString& folder) : store(folder) {}

    std::vector<ChatRecord> chats() {
        std::optional<std::vector<ChatRecord>> result;
        store.list(&context, [&](const auto& chats) { result = chats; });
        wait([&] { return result.has_value(); });
        return result.value_or(std::vector<ChatRecord>{});
    }
    std::vector<MessageRecord> messages(ChatId chat) {
        std::optional<std::vector<MessageRecord>> result;
        store.messages(chat, &context, [&](auto messages) { result = std::move(messages); });
        wait([&] { return result.has_value(); });
        return result.value_or(std::vector<MessageRecord>{});
    }
    std::vector<SearchHit> search(const QString& words) {
        std::optional<std::vector<SearchHit>> result;
        store.search(words, &context, [&](const auto& hits) { result = hits; });
        wait([&] { return result.has_value(); });
        return result.value_or(std::vector<SearchHit>{});
    }
    static void wait(const std::function<bool()>& reached) { QVERIFY(QTest::qWaitFor(reached, 20'000)); }

    /// A chat whose messages are these, each after the one before.
    ChatContent add(const QString& title, const QStringList& texts) {
        ChatContent content;
        content.chat.id = store.newId();
        content.chat.title = title;
        MessageId parent = 0;
        for (const QString& text : texts) {
            MessageRecord message;
            message.id = store.newId();
            message.chat = content.chat.id;
            message.parent = std::exchange(parent, message.id);
            message.sender = content.messages.size() % 2 ? turn::Assistant : turn::User;
            message.text = text;
            message.model = QStringLiteral("m");
            message.figures = {3, 4, 5, 6};
            content.messages.push_back(message);
        }
        content.chat.leaf = parent;
        store.save({content.chat}, content.messages);
        return content;
    }

    QObject context;
    ChatStore store;
};

QString fileIn(const QTemporaryDir& folder) {
    return folder.filePath(QStringLiteral("chats.db"));
}

QStringList namesIn(const QTemporaryDir& folder, const QString& pattern) {
    return QDir(folder.path()).entryList({pattern});
}

} // namespace

class TestChatStore : public QObject {
    Q_OBJECT
private slots:
    void comesBackAsItWas() {
        const QTemporaryDir folder;
        ChatContent content;
        {
            Store s(folder.path());
            content = s.add("Ttl \"quoted\" ☃", {"Ünï\ncode 🦙", QString(100'000, u'x'), ""});
            content.chat.pinned = true;
            content.chat.settings = "{}";
            s.store.save({content.chat}, {});
        }
        Store s(folder.path());
        QCOMPARE(s.chats(), std::vector{content.chat});
        QCOMPARE(s.messages(content.chat.id), content.messages);
        QVERIFY(s.messages(1).empty());
        QCOMPARE(s.store.trouble(), ChatStore::NoTrouble);
    }

    void unfinishedAnswersEnd() {
        const QTemporaryDir folder;
        ChatContent content;
        {
            Store s(folder.path());
            content = s.add("t", {"q", "half"});
            content.messages[1].state = turn::Streaming;
            s.store.save({}, content.messages);
        }
        Store s(folder.path());
        QCOMPARE(s.messages(content.chat.id)[1].state, turn::Stopped);
        QCOMPARE(s.search("half").size(), 1u);
    }

    void idsGrow() {
        IdSource ids;
        qint64 last = 0;
        for (int i = 0; i < 10'000; ++i) {
            const qint64 id = ids.next();
            QVERIFY(id > last);
            last = id;
        }
    }

    // ---- Search

    void search_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QStringList>("found"); // titles
        const auto row = [](const char* name, const QString& words, const QStringList& found) {
            QTest::newRow(name) << words << found;
        };
        row("a word", "plateau", {"Geography"});
        row("begun", "plat", {"Geography"});
        row("upper case", "PLATEAU", {"Geography"});
        row("without accents", "cafe", {"Names"});
        row("with accents", "café", {"Names"});
        row("all words", "high plateau", {"Geography"});
        row("not all", "high café", {});
        row("a title", "geogr", {"Geography"});
        row("title and text", "names", {"Names", "Geography"});
        row("Chinese", "天空", {"颜色"});
        row("Chinese, one character", "蓝", {"颜色"});
        row("Chinese, not adjacent", "天蓝", {});
        row("Chinese title", "颜", {"颜色"});
        row("Japanese", "なぜ", {"颜色"});
        row("punctuation", "C++ \"code\"", {"Names"});
        row("an operator", "plateau OR", {});
        row("only signs", "*\"(", {});
        row("nothing", "  ", {});
        row("deleted", "vanished", {});
        row("archived", "shelved", {"Old"});
        row("an answer that streams", "streaming", {});
    }
    void search() {
        QFETCH(const QString, words);
        QFETCH(const QStringList, found);
        const QTemporaryDir folder;
        Store s(folder.path());
        s.add("Geography", {"What is a high plateau?", "A plateau is high and flat. It has many names."});
        s.add("Names", {"Five for a small café", "C++ \"code\""});
        s.add("颜色", {"为什么天空是蓝色的？", "なぜ空は青いのか"});
        ChatContent gone = s.add("Gone", {"vanished"});
        gone.chat.deleted = 1;
        ChatContent old = s.add("Old", {"shelved"});
        old.chat.archived = true;
        ChatContent streaming = s.add("Now", {"q", "streaming"});
        streaming.messages[1].state = turn::Streaming;
        s.store.save({gone.chat, old.chat}, streaming.messages);
        QMap<ChatId, QString> titles;
        for (const ChatRecord& chat : s.chats())
            titles[chat.id] = chat.title;
        QStringList titlesFound;
        for (const SearchHit& hit : s.search(words))
            titlesFound << titles[hit.chat];
        QCOMPARE(titlesFound, found);
    }

    void theHitIsShown() {
        const QTemporaryDir folder;
        Store s(folder.path());
        const QString before = QStringLiteral("long ago ").repeated(100);
        const ChatContent content =
            s.add("t", {"q", before + "the naïve llama <sang>\n" + before, "llama again"});
        const auto hits = s.search("naive llam");
        QCOMPARE(hits.size(), 1u);
        QCOMPARE(hits[0].message, content.messages[1].id);
        QVERIFY(hits[0].excerpt.contains(QStringLiteral("\x01naïve llama\x02 <sang>")) ||
                hits[0].excerpt.contains(QStringLiteral("\x01naïve\x02 \x01llama\x02 <sang>")));
        QVERIFY(hits[0].excerpt.size() < 200);
        QCOMPARE(s.search("llama")[0].message, content.messages[2].id); // the newest
    }

    /// What the index says is what a walk of all texts says, after any changes.
    void theIndexFollows() {
        auto random = altiplano::test::seededRandom();
        const QTemporaryDir folder;
        const QStringList words{"red", "green", "blue", "grün", "天", "空"};
        std::vector<ChatContent> chats;
        Store s(folder.path());
        const auto anyText = [&] {
            QStringList text;
            for (int i = 0; i < 3; ++i)
                text << words[static_cast<int>(random() % 6)];
            return text.join(u' ');
        };
        for (int i = 0; i < 8; ++i)
            chats.push_back(s.add(anyText(), {anyText(), anyText()}));
        for (int change = 0; change < 60; ++change) {
            ChatContent& content = chats[random() % 8];
            content.chat.title = anyText();
            content.chat.deleted = static_cast<qint64>(random() % 2);
            MessageRecord& message = content.messages[random() % 2];
            message.text = anyText();
            message.state = random() % 2 ? turn::Complete : turn::Streaming;
            s.store.save({content.chat}, {message});
            const QString word = words[static_cast<int>(random() % 6)];
            QSet<ChatId> expected, found;
            for (const ChatContent& c : chats) {
                bool has = c.chat.title.contains(word);
                for (const MessageRecord& m : c.messages)
                    has = has || (m.state == turn::Complete && m.text.contains(word));
                if (has && !c.chat.deleted) expected.insert(c.chat.id);
            }
            for (const SearchHit& hit : s.search(word))
                found.insert(hit.chat);
            QCOMPARE(found, expected);
        }
    }

    // ---- What goes wrong

    /// Bytes anywhere in the file are overwritten: the store opens, says so, and has what could be read.
    void aDamagedFile_data() {
        QTest::addColumn<qint64>("from"); // negative: from the end
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<bool>("readable");
        QTest::newRow("header") << qint64{0} << qint64{100} << true;
        QTest::newRow("first page") << qint64{0} << qint64{4096} << true;
        QTest::newRow("schema and roots") << qint64{0} << qint64{20 * 4096} << true;
        QTest::newRow("all of it") << qint64{0} << qint64{1 << 30} << false;
        QTest::newRow("not a database at all") << qint64{-1} << qint64{0} << false;
    }
    void aDamagedFile() {
        QFETCH(const qint64, from);
        QFETCH(const qint64, bytes);
        QFETCH(const bool, readable);
        const QTemporaryDir folder;
        std::vector<ChatContent> contents;
        {
            Store s(folder.path());
            for (int i = 0; i < 60; ++i)
                contents.push_back(
                    s.add(QStringLiteral("Chat %1").arg(i),
                          {QStringLiteral("question %1").arg(i), QString(3000 + i * 200, QChar(u'a' + i % 26))}));
        }
        {
            QFile file(fileIn(folder));
            QVERIFY(file.open(QIODevice::ReadWrite));
            if (from < 0) {
                QVERIFY(file.resize(0));
                file.write("Dear diary, this is no database at all. It is only text, and some more of it, "
                           "and so on.");
            } else {
                QVERIFY(file.seek(from));
                file.write(QByteArray(static_cast<int>(std::min(bytes, file.size() - from)), '\xa5'));
            }
        }
        Store s(folder.path());
        const auto chats = s.chats();
        QTRY_COMPARE(s.store.trouble(), ChatStore::Recovered);
        QCOMPARE(s.store.recoveredChats(), static_cast<int>(chats.size()));
        QVERIFY(QFile::exists(s.store.troublePath()));
        QCOMPARE(namesIn(folder, "chats.damaged-*.db").size(), 1);
        if (!readable) {
            QVERIFY(chats.empty());
        } else {
            QVERIFY2(chats.size() >= 40, qPrintable(QString::number(chats.size())));
            int whole = 0;
            for (const ChatContent& content : contents)
                whole += s.messages(content.chat.id) == content.messages;
            QVERIFY2(whole >= 30, qPrintable(QString::number(whole)));
            QVERIFY(!s.search("question").empty());
        }
        s.add("Life goes on", {"q"});
        QCOMPARE(s.chats().size(), chats.size() + 1);
    }

    /// Any damage at all: never a crash, always a store that works.
    void randomDamage() {
        auto random = altiplano::test::seededRandom();
        const QTemporaryDir folder;
        {
            Store s(folder.path());
            for (int i = 0; i < 30; ++i)
                s.add(QStringLiteral("Chat %1").arg(i), {QStringLiteral("question"), QString(5000, u'a')});
        }
        QFile original(fileIn(folder));
        QVERIFY(original.open(QIODevice::ReadOnly));
        const QByteArray whole = original.readAll();
        for (int round = 0; round < 40; ++round) {
            const QTemporaryDir other;
            QByteArray bytes = whole;
            for (quint64 i = 0, changes = 1 + random() % 400; i < changes; ++i)
                bytes[static_cast<int>(random() % static_cast<quint64>(bytes.size()))] =
                    static_cast<char>(random());
            if (round % 4 == 0)
                bytes.truncate(static_cast<int>(random() % static_cast<quint64>(bytes.size())));
            QFile file(fileIn(other));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(bytes);
            file.close();
            Store s(other.path());
            for (const ChatRecord& chat : s.chats())
                s.messages(chat.id);
            s.search("question");
            const ChatContent fresh = s.add("New", {"still works"});
            QCOMPARE(s.messages(fresh.chat.id), fresh.messages);
            QCOMPARE(s.search("still works").size(), 1u);
        }
    }

    /// What only the write-ahead log has is recovered, too.
    void damagedWithALog() {
        const QTemporaryDir folder;
        const QTemporaryDir copy;
        {
            Store s(folder.path());
            s.add("Early", {"one"});
            s.chats();
            for (const char* name : {"/chats.db", "/chats.db-wal"}) // as a crash leaves them
                QVERIFY(QFile::copy(folder.path() + name, copy.path() + name));
        }
        QFile file(fileIn(copy));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.write(QByteArray(static_cast<int>(std::max<qint64>(file.size(), 4096)), 'x'));
        file.close();
        Store s(copy.path());
        const auto chats = s.chats();
        QCOMPARE(chats.size(), 1u);
        QCOMPARE(chats[0].title, QStringLiteral("Early"));
    }

    /// A folder that may not be written: the chats are there as long as the app runs, and stored when they
    /// can.
    void aFolderThatMayNotBeWritten() {
        const QTemporaryDir folder;
        const QString blocked = folder.filePath("blocked"); // a file where the folder should be
        QFile file(blocked);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        ChatContent content;
        {
            Store s(blocked);
            content = s.add("Kept", {"question", "answer"});
            QCOMPARE(s.messages(content.chat.id), content.messages);
            QCOMPARE(s.search("answer").size(), 1u);
            QTRY_COMPARE(s.store.trouble(), ChatStore::ReadOnly);
            QVERIFY(file.remove());
            s.store.retry();
            QTRY_COMPARE(s.store.trouble(), ChatStore::NoTrouble);
            QVERIFY(QFile::exists(blocked + "/chats.db"));
        }
        Store s(blocked);
        QCOMPARE(s.messages(content.chat.id), content.messages);
    }

    void aNewerFile() {
        const QTemporaryDir folder;
        {
            Store s(folder.path());
            s.add("From the future", {"q"});
        }
        Sqlite(fileIn(folder)).execute("PRAGMA user_version = 9999");
        const auto before = QFileInfo(fileIn(folder)).size();
        Store s(folder.path());
        const ChatContent fresh = s.add("Now", {"q"});
        QCOMPARE(s.chats().size(), 1u);
        QTRY_COMPARE(s.store.trouble(), ChatStore::TooNew);
        QCOMPARE(QFileInfo(fileIn(folder)).size(), before);
    }
};

QTEST_GUILESS_MAIN(TestChatStore)
#include "tst_chat_store.moc"
