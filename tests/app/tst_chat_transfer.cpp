#include "chats/chat_export.h"
#include "chats/chat_import.h"
#include "chats/chat_transfer.h"
#include "chats/message_tree.h"

#include "support/random.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace altiplano::app;

namespace {

/// What is the same in a chat and a copy of it: all but the ids.
QStringList gist(const ChatContent& content) {
    const MessageTree tree(content.messages);
    std::unordered_map<MessageId, int> numbers{{0, 0}};
    QStringList lines{content.chat.title, QString::number(content.chat.pinned), content.chat.settings,
                      QString::number(content.chat.created)};
    for (const MessageRecord& m : content.messages) {
        numbers[m.id] = static_cast<int>(numbers.size());
        lines << QStringLiteral("%1 %2 %3 %4 %5 %6 %7 %8 %9")
                     .arg(numbers[m.parent])
                     .arg(m.sender)
                     .arg(m.state)
                     .arg(m.text, m.error, m.model)
                     .arg(m.figures.tokens)
                     .arg(m.figures.decodeNs)
                     .arg(m.created);
    }
    lines << QString::number(numbers[content.chat.leaf]);
    return lines;
}

/// The shown branch as "Q: ...", "A: ..." lines.
QStringList shown(const ChatContent& content) {
    const MessageTree tree(content.messages);
    QStringList lines;
    for (const MessageId id : tree.pathTo(content.chat.leaf))
        lines << (tree.find(id)->sender == turn::User ? "Q: " : "A: ") + tree.find(id)->text;
    return lines;
}

ChatContent anyChat(std::mt19937_64& random, IdSource& ids) {
    ChatContent content;
    content.chat.id = ids.next();
    content.chat.title = QStringLiteral("Títle \"%1\"").arg(random());
    content.chat.titleSource = ChatRecord::Written;
    content.chat.created = 1'700'000'000'000 + static_cast<qint64>(random() % 1'000'000'000);
    content.chat.changed = content.chat.created + 5;
    content.chat.pinned = random() % 2;
    if (random() % 2) content.chat.settings = QStringLiteral("{\"a\":1}");
    for (quint64 i = 0, count = 1 + random() % 12; i < count; ++i) {
        MessageRecord message;
        message.id = ids.next();
        message.chat = content.chat.id;
        if (i > 0) message.parent = content.messages[random() % content.messages.size()].id;
        message.sender = static_cast<turn::Sender>(random() % 2);
        message.text = QStringLiteral("# text %1\n```\ncode\n```\n🦙").arg(random());
        message.created = content.chat.created + static_cast<qint64>(i);
        if (message.sender == turn::Assistant) {
            message.state = static_cast<turn::State>(turn::Complete + random() % 5);
            message.model = QStringLiteral("model");
            message.figures = {static_cast<qint32>(random() % 1000), 5,
                               static_cast<qint64>(random() % 1'000'000), 7};
        }
        content.messages.push_back(message);
    }
    content.chat.leaf = content.messages[random() % content.messages.size()].id;
    return content;
}

// As ChatGPT exports: a root without a message, hidden and tool messages, an answer given twice.
const QByteArray kChatGpt = R"json([{
 "title": "Sky", "create_time": 1700000000.5, "update_time": 1700000100.0, "is_archived": false,
 "current_node": "a2", "mapping": {
  "root": {"id": "root", "message": null, "parent": null, "children": ["sys"]},
  "sys": {"id": "sys", "parent": "root", "children": ["q"], "message": {"author": {"role": "system"},
   "content": {"content_type": "text", "parts": [""]}, "metadata": {"is_visually_hidden_from_conversation": true}}},
  "q": {"id": "q", "parent": "sys", "children": ["t1", "a1"], "message": {"author": {"role": "user"},
   "create_time": 1700000001.0,
   "content": {"content_type": "multimodal_text", "parts": [{"asset_pointer": "x"}, "Why blue?"]}}},
  "a1": {"id": "a1", "parent": "q", "children": [], "message": {"author": {"role": "assistant"},
   "create_time": 1700000002.0, "content": {"content_type": "text", "parts": ["Scattering."]},
   "metadata": {"model_slug": "gpt-4"}}},
  "t1": {"id": "t1", "parent": "q", "children": ["t2"], "message": {"author": {"role": "assistant"},
   "recipient": "python", "create_time": 1700000003.0, "content": {"content_type": "code", "text": "print(1)"}}},
  "t2": {"id": "t2", "parent": "t1", "children": ["a2"], "message": {"author": {"role": "tool"},
   "create_time": 1700000003.5, "content": {"content_type": "execution_output", "text": "1"}}},
  "a2": {"id": "a2", "parent": "t2", "children": [], "message": {"author": {"role": "assistant"},
   "recipient": "all", "create_time": 1700000004.0,
   "content": {"content_type": "text", "parts": ["Rayleigh", "scattering."]}}}
 }}, {"title": "Empty", "mapping": {}}])json";

const QByteArray kWebUi =
    R"json({"conv": {"id": "c", "name": "Llamas", "lastModified": 1700000100000, "currNode": "2"},
 "messages": [
  {"id": "0", "convId": "c", "type": "root", "role": "system", "content": "", "parent": null, "timestamp": 1, "children": ["1"]},
  {"id": "1", "convId": "c", "type": "text", "role": "user", "content": "Where?", "parent": "0", "timestamp": 1700000000000,
   "extra": [{"type": "textFile", "name": "notes.txt", "content": "high up"}]},
  {"id": "2", "convId": "c", "type": "text", "role": "assistant", "content": "On the altiplano.", "thinking": "Hm.",
   "parent": "1", "timestamp": 1700000001000, "model": "m.gguf", "timings": {"predicted_n": 5, "predicted_ms": 50.0, "prompt_ms": 20.0}}]})json";

const QByteArray kWebUiLines =
    R"json({"harness":"llama.cpp","type":"session","id":"c","name":"One","lastModified":1700000000000,"currNode":"b"}
{"type":"message","message":{"id":"a","role":"user","type":"text","content":"Q1","parent":"root","timestamp":1}}
{"type":"message","message":{"id":"b","role":"assistant","type":"text","content":[{"type":"text","text":"A1"}],"parent":"a","timestamp":2}}
{"type":"future","x":1}
{"harness":"llama.cpp","type":"session","id":"d","name":"","lastModified":1,"currNode":null}
{"type":"message","message":{"id":"a","role":"user","type":"text","content":"Q2","parent":null,"timestamp":1}}
)json";

} // namespace

class TestChatTransfer : public QObject {
    Q_OBJECT
private slots:
    void thereAndBack() {
        auto random = altiplano::test::seededRandom();
        IdSource ids;
        std::vector<ChatContent> chats;
        for (int i = 0; i < 20; ++i)
            chats.push_back(anyChat(random, ids));
        const auto read = readChats(toJson(chats), ids);
        QCOMPARE(read.size(), chats.size());
        for (std::size_t i = 0; i < chats.size(); ++i) {
            // Ids are given level by level: compare the levels' messages, not their order in the file.
            QStringList before = gist(chats[i]), after = gist(read[i]);
            QCOMPARE(shown(read[i]), shown(chats[i]));
            QCOMPARE(read[i].messages.size(), chats[i].messages.size());
            QCOMPARE(after.mid(0, 4), before.mid(0, 4));
            QVERIFY(read[i].chat.id > chats[i].chat.id);
            std::multiset<QString> texts, textsRead;
            for (const MessageRecord& m : chats[i].messages)
                texts.insert(m.text + QString::number(m.state) + QString::number(m.figures.decodeNs) +
                             m.model);
            for (const MessageRecord& m : read[i].messages)
                textsRead.insert(m.text + QString::number(m.state) + QString::number(m.figures.decodeNs) +
                                 m.model);
            QVERIFY(texts == textsRead);
        }
        // Once in that order, it stays.
        const auto again = readChats(toJson(read), ids);
        for (std::size_t i = 0; i < read.size(); ++i)
            QCOMPARE(gist(again[i]), gist(read[i]));
    }

    void fromChatGpt() {
        IdSource ids;
        const auto chats = readChats(kChatGpt, ids);
        QCOMPARE(chats.size(), 1u);
        QCOMPARE(chats[0].chat.title, QStringLiteral("Sky"));
        QCOMPARE(chats[0].chat.created, 1'700'000'000'500);
        QCOMPARE(shown(chats[0]), (QStringList{"Q: Why blue?", "A: Rayleigh\n\nscattering."}));
        const MessageTree tree(chats[0].messages);
        QCOMPARE(tree.size(), 3u);
        const auto& answers = tree.siblings(chats[0].chat.leaf);
        QCOMPARE(answers.size(), 2u);
        QCOMPARE(tree.find(answers[0])->text, QStringLiteral("Scattering."));
        QCOMPARE(tree.find(answers[0])->model, QStringLiteral("gpt-4"));
    }

    void fromTheWebUi() {
        IdSource ids;
        for (const QByteArray& file : {kWebUi, "[" + kWebUi + "]"}) {
            const auto chats = readChats(file, ids);
            QCOMPARE(chats.size(), 1u);
            QCOMPARE(chats[0].chat.title, QStringLiteral("Llamas"));
            QCOMPARE(shown(chats[0]), (QStringList{"Q: Where?\n\nnotes.txt:\n```\nhigh up\n```",
                                                   "A: <think>Hm.</think>\n\nOn the altiplano."}));
            QCOMPARE(chats[0].messages[1].figures.tokens, 5);
            QCOMPARE(chats[0].messages[1].figures.decodeNs, 50'000'000);
        }
        const auto lines = readChats(kWebUiLines, ids);
        QCOMPARE(lines.size(), 2u);
        QCOMPARE(shown(lines[0]), (QStringList{"Q: Q1", "A: A1"}));
        QCOMPARE(lines[1].chat.title, QStringLiteral("Q2")); // it had none
    }

    void notChats_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << "not JSON";
        QTest::newRow("text") << QByteArray("Dear diary") << "not JSON";
        QTest::newRow("cut") << kChatGpt.left(500) << "not JSON";
        QTest::newRow("other JSON") << QByteArray("{\"a\": [1, 2]}") << "no chats";
        QTest::newRow("numbers") << QByteArray("[1, 2, null]") << "no chats";
        QTest::newRow("archive") << QByteArray("PK\x03\x04 and so on") << "unpack";
        QTest::newRow("newer") << QByteArray("{\"format\": \"altiplano-chats\", \"version\": 2}") << "newer";
        QTest::newRow("circle") << QByteArray(R"json({"conv": {"name": "x"}, "messages": [
            {"id": "1", "role": "user", "content": "a", "parent": "2"},
            {"id": "2", "role": "user", "content": "b", "parent": "1"}]})json")
                                << "no chats";
        QTest::newRow("wrong types")
            << QByteArray(R"json([{"mapping": [1], "title": {}}, {"conv": 1, "messages": {}}])json")
            << "no chats";
    }
    void notChats() {
        QFETCH(const QByteArray, file);
        QFETCH(const QString, says);
        IdSource ids;
        try {
            readChats(file, ids);
            QFAIL("it was read");
        } catch (const ImportError& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(says), error.what());
        }
    }

    void asMarkdown() {
        IdSource ids;
        const QString text = toMarkdown(readChats(kChatGpt, ids)[0]);
        QCOMPARE(text,
                 QStringLiteral("# Sky\n\n## You\n\nWhy blue?\n\n## Answer\n\nRayleigh\n\nscattering.\n"));
    }

    void throughFiles() {
        const QTemporaryDir folder;
        ChatStore store(folder.path());
        ChatListModel chats(store);
        ChatTransfer transfer(store, chats);
        QFile source(folder.filePath("conversations.json"));
        QVERIFY(source.open(QIODevice::WriteOnly));
        source.write(kChatGpt);
        source.close();
        transfer.importFile(QUrl::fromLocalFile(source.fileName()));
        QTRY_COMPARE(transfer.outcome(), ChatTransfer::Imported);
        QCOMPARE(transfer.count(), 1);
        QTRY_COMPARE(chats.count(), 1);
        const qint64 id = chats.index(0).data(ChatListModel::IdRole).toLongLong();
        QCOMPARE(transfer.suggestedFile(id, "md").fileName(), QStringLiteral("Sky.md"));
        for (const char* name : {"out.md", "out.json"}) {
            transfer.exportChats(name == QLatin1String("out.md") ? id : 0,
                                 QUrl::fromLocalFile(folder.filePath(name)));
            QTRY_COMPARE(transfer.outcome(), ChatTransfer::Exported);
            QTRY_VERIFY(!transfer.busy());
            QFile written(folder.filePath(name));
            QVERIFY(written.open(QIODevice::ReadOnly));
            QVERIFY(written.readAll().contains("Why blue?"));
        }
        transfer.importFile(QUrl::fromLocalFile(folder.filePath("out.json")));
        QTRY_COMPARE(chats.count(), 2);
        transfer.importFile(QUrl::fromLocalFile(folder.filePath("missing.json")));
        QTRY_COMPARE(transfer.outcome(), ChatTransfer::ImportFailed);
        QVERIFY(!transfer.reason().isEmpty());
        transfer.exportChats(id, QUrl::fromLocalFile(folder.filePath("no/such/folder.md")));
        QTRY_COMPARE(transfer.outcome(), ChatTransfer::ExportFailed);
        QVERIFY(!transfer.reason().isEmpty());
        transfer.dismiss();
        QCOMPARE(transfer.outcome(), ChatTransfer::Nothing);
    }
};

QTEST_GUILESS_MAIN(TestChatTransfer)
#include "tst_chat_transfer.moc"
