#include "chat_controller.h"
#include "presets/preset_model.h"
#include "scripted_engine.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano;
using namespace altiplano::app;

namespace {

struct Chat {
    explicit Chat(quint64 parameters = 7'000'000'000) {
        ModelInfo info;
        info.parameters = parameters;
        engine.setInfo(info);
        engine.setLoadMs(0);
        engine.setAnswers({{QStringLiteral("Because of scattering."), 5000, 10, 0},
                           {QStringLiteral("\"Blue Sky\"\n"), 5000, 10, 0}});
        model.open(QStringLiteral("/m/model.gguf"));
        QTRY_COMPARE(model.state(), ModelController::Ready);
    }
    void say(const QString& text) {
        chat.send(text);
        QTRY_VERIFY(!chat.busy());
    }

    QTemporaryDir folder;
    Settings settings{folder.filePath(QStringLiteral("settings.ini"))};
    ScriptedEngine engine;
    ModelController model{engine, settings};
    ChatStore store{settings.dataFolder()};
    ChatListModel chats{store};
    PresetModel presets{settings};
    ChatController chat{engine, model, store, chats, presets};
};

} // namespace

class TestTitleWriter : public QObject {
    Q_OBJECT
private slots:
    void firstWordsThenATitle() {
        Chat c;
        c.say("Why is the sky blue, as far as you can tell me in a few words, and not green or even red?");
        QCOMPARE(c.chat.title(), QStringLiteral("Why is the sky blue, as far as you can tell me in a few…"));
        QTRY_COMPARE(c.chat.title(), QStringLiteral("Blue Sky"));
        const auto& asked = c.engine.requests().back();
        QCOMPARE(asked.messages.size(), 3u); // what the engine has read already, and the question
        QCOMPARE(asked.messages[1].content, "Because of scattering.");
        QVERIFY(asked.maxTokens > 0 && asked.maxTokens < 50);
        QCOMPARE(c.chat.messages()->rowCount(), 2); // it is not part of the chat
        c.say("Thanks");
        QTest::qWait(1700);
        QCOMPARE(c.engine.requests().size(), 3u); // once
    }

    /// The user's next message does not wait for it.
    void givenUpWhenTheEngineIsWanted() {
        Chat c;
        c.engine.setAnswers({{QStringLiteral("Yes."), 5000, 10, 0},
                             {QStringLiteral("slow "), 1, 10, 60'000},
                             {QStringLiteral("No."), 5000, 10, 0}});
        QList<RequestId> ended;
        connect(&c.engine, &EnginePort::finished, this, [&](RequestId id) { ended << id; });
        c.say("First");
        QTRY_COMPARE(c.engine.requests().size(), 2u); // the title's
        c.chat.send("Second");
        QTRY_VERIFY(ended.contains(2)); // stopped
        QTRY_VERIFY(!c.chat.busy());
        QCOMPARE(c.chat.messages()->text(3), QStringLiteral("No."));
        QCOMPARE(c.chat.title(), QStringLiteral("First"));
    }

    void aTitleThatWasWrittenStays() {
        Chat c;
        c.say("First");
        c.chat.setTitle("Mine");
        QTest::qWait(1800);
        QCOMPARE(c.chat.title(), QStringLiteral("Mine"));
    }

    void smallModelsAreNotAsked() {
        Chat c(135'000'000);
        c.say("First");
        QTest::qWait(1800);
        QCOMPARE(c.engine.requests().size(), 1u);
    }

    void titlesInAnswers_data() {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("title");
        QTest::newRow("plain") << "Blue Sky"
                               << "Blue Sky";
        QTest::newRow("quoted") << "\"Blue Sky.\""
                                << "Blue Sky";
        QTest::newRow("Markdown") << "**Title:** Blue Sky"
                                  << "Blue Sky";
        QTest::newRow("heading") << "# Blue Sky\n\nIt is about"
                                 << "Blue Sky";
        QTest::newRow("named") << "Title: Blue Sky"
                               << "Blue Sky";
        QTest::newRow("German") << "„Der blaue Himmel“"
                                << "Der blaue Himmel";
        QTest::newRow("thought") << "<think>Hm, a title\n</think>\n\nBlue Sky"
                                 << "Blue Sky";
        QTest::newRow("only thought") << "<think>Hm, a title"
                                      << "";
        QTest::newRow("a speech") << QString("This conversation is about ").repeated(5) << "";
        QTest::newRow("nothing") << " \n"
                                 << "";
    }
    void titlesInAnswers() {
        QFETCH(const QString, answer);
        QFETCH(const QString, title);
        QCOMPARE(TitleWriter::titleIn(answer), title);
    }
};

QTEST_GUILESS_MAIN(TestTitleWriter)
#include "tst_title_writer.moc"
