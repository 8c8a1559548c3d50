#include "chat_controller.h"
#include "scripted_engine.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano;
using namespace altiplano::app;

namespace {

struct Chat {
    Chat() {
        engine.setLoadMs(10);
        engine.setAnswers({answer("Well.")});
    }

    static ScriptedEngine::Answer answer(const QString& text) { return {text, 5000, 10, 20}; }
    void open() {
        model.open(QStringLiteral("/m/model.gguf"));
        QTRY_COMPARE(model.state(), ModelController::Ready);
    }
    void say(const QString& text) {
        chat.send(text);
        QTRY_VERIFY(!chat.busy());
    }
    MessageModel::State state(int row) {
        return static_cast<MessageModel::State>(
            chat.messages()->index(row).data(MessageModel::StateRole).toInt());
    }
    QStringList lastRequest() {
        QStringList turns;
        for (const auto& message : engine.requests().back().messages)
            turns << QString::fromStdString(message.role + ": " + message.content);
        return turns;
    }

    QTemporaryDir folder;
    Settings settings{folder.filePath(QStringLiteral("settings.ini"))};
    ScriptedEngine engine;
    ModelController model{engine, settings};
    ChatController chat{engine, model};
};

} // namespace

class TestChatController : public QObject {
    Q_OBJECT
private slots:
    void sendsAndStreams() {
        Chat c;
        c.open();
        c.engine.setAnswers({{QStringLiteral("One two three four."), 200, 12, 40}});
        QVERIFY(c.chat.canSend());
        c.chat.send("  Count!  ");
        QVERIFY(c.chat.busy());
        QVERIFY(!c.chat.canSend());
        QCOMPARE(c.state(1), MessageModel::Waiting);
        QTRY_COMPARE(c.state(1), MessageModel::Streaming);
        QTRY_COMPARE(c.state(1), MessageModel::Complete);
        QCOMPARE(c.chat.messages()->text(1), QStringLiteral("One two three four."));
        QCOMPARE(c.lastRequest(), QStringList{"user: Count!"});
        QCOMPARE(c.chat.title(), QStringLiteral("Count!"));
        QCOMPARE(c.chat.firstTokenSeconds(), 0.04);
        QVERIFY(std::abs(c.chat.tokensPerSecond() - 200) < 1);
        QCOMPARE(c.chat.contextUsed(), 12 + 4);
    }

    void nothingToSay() {
        Chat c;
        c.open();
        c.chat.send(" \n ");
        QCOMPARE(c.chat.messages()->rowCount(), 0);
    }

    void withoutAModelNothingIsSent() {
        Chat c;
        QVERIFY(!c.chat.canSend());
        c.chat.send("Hello");
        QCOMPARE(c.chat.messages()->rowCount(), 0);
    }

    void waitsForTheModel() {
        Chat c;
        c.engine.setLoadMs(80);
        c.model.open("/m/model.gguf");
        c.chat.send("Early");
        QCOMPARE(c.state(1), MessageModel::Waiting);
        QVERIFY(c.engine.requests().empty());
        QTRY_COMPARE(c.state(1), MessageModel::Complete);
        QCOMPARE(c.chat.messages()->text(1), QStringLiteral("Well."));
    }

    void waitingEndsWithAFailedLoad() {
        Chat c;
        c.engine.refuse("broken.gguf", {engine::ErrorCode::BadFile, "no"});
        c.model.open("/m/broken.gguf");
        c.chat.send("Early");
        QTRY_COMPARE(c.state(1), MessageModel::Failed);
        QVERIFY(!c.chat.busy());
    }

    void stoppedWhileWaitingForTheModel() {
        Chat c;
        c.engine.setLoadMs(60);
        c.model.open("/m/model.gguf");
        c.chat.send("Early");
        c.chat.stop();
        QCOMPARE(c.state(1), MessageModel::Stopped);
        QTRY_COMPARE(c.model.state(), ModelController::Ready);
        QVERIFY(c.engine.requests().empty());
    }

    void stopKeepsWhatCame() {
        Chat c;
        c.open();
        c.engine.setAnswers({{QStringLiteral("word ").repeated(500), 200, 10, 0}});
        c.chat.send("Go on");
        QTRY_VERIFY(c.chat.messages()->text(1).size() > 20);
        c.chat.stop();
        QTRY_COMPARE(c.state(1), MessageModel::Stopped);
        QVERIFY(c.chat.messages()->text(1).size() < 2000);
        QVERIFY(!c.chat.busy());
    }

    void historyGoesAlong() {
        Chat c;
        c.open();
        c.say("First");
        c.say("Second");
        QCOMPARE(c.lastRequest(), (QStringList{"user: First", "assistant: Well.", "user: Second"}));
    }

    void regenerateAsksTheSame() {
        Chat c;
        c.open();
        c.engine.setAnswers({Chat::answer("This."), Chat::answer("That.")});
        c.say("What?");
        c.chat.regenerate();
        QTRY_VERIFY(!c.chat.busy());
        QCOMPARE(c.lastRequest(), QStringList{"user: What?"});
        QCOMPARE(c.chat.messages()->rowCount(), 2);
        QCOMPARE(c.chat.messages()->text(1), QStringLiteral("That."));
    }

    void regenerateWithoutAnything() {
        Chat c;
        c.open();
        c.chat.regenerate();
        QCOMPARE(c.chat.messages()->rowCount(), 0);
        c.chat.stop();
        c.chat.bringBack();
    }

    void turnsAlternateEvenAfterAFailure() {
        Chat c;
        c.open();
        ScriptedEngine::Answer failing = Chat::answer("never seen");
        failing.failAfterTokens = 0;
        failing.failure = {engine::ErrorCode::Device, "The device is gone."};
        c.engine.setAnswers({failing, Chat::answer("Well.")});
        c.say("First");
        QCOMPARE(c.state(1), MessageModel::Failed);
        QCOMPARE(c.chat.messages()->index(1).data(MessageModel::ErrorRole).toString(),
                 QStringLiteral("The device is gone."));
        c.say("Second");
        QCOMPARE(c.lastRequest(), QStringList{"user: First\n\nSecond"});
    }

    void endings_data() {
        QTest::addColumn<int>("reason");
        QTest::addColumn<int>("state");
        using engine::FinishReason;
        const auto row = [](const char* name, FinishReason reason, MessageModel::State state) {
            QTest::newRow(name) << static_cast<int>(reason) << static_cast<int>(state);
        };
        row("end of turn", FinishReason::EndOfTurn, MessageModel::Complete);
        row("stop string", FinishReason::StopString, MessageModel::Complete);
        row("length", FinishReason::Length, MessageModel::Cut);
        row("context", FinishReason::ContextFull, MessageModel::Full);
    }
    void endings() {
        QFETCH(int, reason);
        QFETCH(int, state);
        Chat c;
        c.open();
        ScriptedEngine::Answer answer = Chat::answer("So far");
        answer.reason = static_cast<engine::FinishReason>(reason);
        c.engine.setAnswers({answer});
        c.say("Go");
        QCOMPARE(static_cast<int>(c.state(1)), state);
    }

    void droppedMessagesAreMarked() {
        Chat c;
        c.open();
        ScriptedEngine::Answer forgetful = Chat::answer("New.");
        forgetful.forget = 2;
        c.engine.setAnswers({Chat::answer("Old."), forgetful});
        c.say("First");
        c.say("Second");
        const auto forgotten = [&](int row) {
            return c.chat.messages()->index(row).data(MessageModel::ForgottenRole).toBool();
        };
        QVERIFY(forgotten(0) && forgotten(1));
        QVERIFY(!forgotten(2) && !forgotten(3));
    }

    void newChatAndBack() {
        Chat c;
        c.open();
        c.say("Keep this");
        c.chat.newChat();
        QCOMPARE(c.chat.messages()->rowCount(), 0);
        QVERIFY(c.chat.canBringBack());
        c.chat.bringBack();
        QCOMPARE(c.chat.messages()->text(0), QStringLiteral("Keep this"));
        QVERIFY(!c.chat.canBringBack());
        c.chat.newChat();
        c.say("Another");
        QVERIFY(!c.chat.canBringBack());
        QCOMPARE(c.lastRequest(), QStringList{"user: Another"});
    }

    void newChatWhileAnswering() {
        Chat c;
        c.open();
        c.engine.setAnswers({{QStringLiteral("word ").repeated(500), 200, 10, 0}, Chat::answer("Well.")});
        c.chat.send("Go on");
        QTRY_VERIFY(!c.chat.messages()->text(1).isEmpty());
        c.chat.newChat();
        QVERIFY(!c.chat.busy());
        QTest::qWait(60); // late events of the old request change nothing
        QCOMPARE(c.chat.messages()->rowCount(), 0);
        c.say("Next");
        QCOMPARE(c.chat.messages()->text(1), QStringLiteral("Well."));
    }

    void readingIsSaidOnlyWhenItIsLong() {
        Chat c;
        c.open();
        c.engine.setAnswers({{QStringLiteral("Read."), 5000, 4000, 700}, Chat::answer("Quick.")});
        c.chat.send("A long text");
        QTRY_VERIFY(c.chat.readingLong());
        QVERIFY(c.chat.promptDone() > 0);
        QCOMPARE(c.chat.promptTotal(), 4000);
        QTRY_VERIFY(!c.chat.busy());
        QVERIFY(!c.chat.readingLong());
        bool said = false;
        connect(&c.chat, &ChatController::numbersChanged, this, [&] { said = said || c.chat.readingLong(); });
        c.say("A short text");
        QVERIFY(!said);
    }
};

QTEST_GUILESS_MAIN(TestChatController)
#include "tst_chat_controller.moc"
