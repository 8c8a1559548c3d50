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
    explicit Chat(const QString& dataFolder = {})
        : settings((dataFolder.isEmpty() ? folder.path() : dataFolder) + QStringLiteral("/settings.ini")) {
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
    QVariant role(int row, MessageModel::Role role) { return chat.messages()->index(row).data(role); }
    QStringList texts() {
        QStringList all;
        for (int row = 0; row < chat.messages()->rowCount(); ++row)
            all << chat.messages()->text(row);
        return all;
    }
    QStringList lastRequest() {
        QStringList turns;
        for (const auto& message : engine.requests().back().messages)
            turns << QString::fromStdString(message.role + ": " + message.content);
        return turns;
    }

    QTemporaryDir folder;
    Settings settings;
    ScriptedEngine engine;
    ModelController model{engine, settings};
    ChatStore store{settings.dataFolder()};
    ChatListModel chats{store};
    PresetModel presets{settings};
    ChatController chat{engine, model, store, chats, presets};
};

} // namespace

class TestChatController : public QObject {
    Q_OBJECT
private slots:
    void sendsAndStreams() {
        Chat c;
        c.open();
        c.engine.setAnswers({{QStringLiteral("One two three four."), 40, 12, 40}});
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
        QVERIFY(std::abs(c.chat.tokensPerSecond() - 40) < 1);
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
        QCOMPARE(c.role(1, MessageModel::BranchRole).toInt(), 1);
        QCOMPARE(c.role(1, MessageModel::BranchCountRole).toInt(), 2);
        c.chat.showBranch(1, 0);
        QCOMPARE(c.chat.messages()->text(1), QStringLiteral("This."));
    }

    void editingBranches() {
        Chat c;
        c.open();
        c.engine.setAnswers({Chat::answer("One."), Chat::answer("Two."), Chat::answer("Three.")});
        c.say("First");
        c.say("Second");
        c.chat.edit(0, "  Another first ");
        QTRY_VERIFY(!c.chat.busy());
        QCOMPARE(c.lastRequest(), QStringList{"user: Another first"});
        QCOMPARE(c.texts(), (QStringList{"Another first", "Three."}));
        QCOMPARE(c.role(0, MessageModel::BranchCountRole).toInt(), 2);
        c.chat.showBranch(0, 0); // with all that followed
        QCOMPARE(c.texts(), (QStringList{"First", "One.", "Second", "Two."}));
        c.chat.edit(2, "Second"); // nothing has changed
        QVERIFY(!c.chat.busy());
        c.chat.edit(1, "words in the model's mouth");
        QVERIFY(!c.chat.busy());
        c.chat.regenerate(1);
        QTRY_VERIFY(!c.chat.busy());
        QCOMPARE(c.lastRequest(), QStringList{"user: First"});
        QCOMPARE(c.role(1, MessageModel::BranchCountRole).toInt(), 2);
        QCOMPARE(c.texts().size(), 2);
    }

    void aCutAnswerGoesOn() {
        Chat c;
        c.open();
        ScriptedEngine::Answer cut = Chat::answer("One two");
        cut.reason = engine::FinishReason::Length;
        c.engine.setAnswers({cut, Chat::answer(" three.")});
        c.say("Count");
        QVERIFY(c.chat.canContinue());
        auto* blocks = c.role(1, MessageModel::BlocksRole).value<QAbstractItemModel*>();
        QVERIFY(blocks);
        c.chat.continueAnswer();
        QCOMPARE(c.state(1), MessageModel::Streaming);
        QTRY_VERIFY(!c.chat.busy());
        QCOMPARE(c.engine.requests().back().answerSoFar, "One two");
        QCOMPARE(c.lastRequest(), QStringList{"user: Count"});
        QCOMPARE(c.texts(), (QStringList{"Count", "One two three."}));
        QCOMPARE(c.role(1, MessageModel::TokensRole).toInt(), 3);
        QCOMPARE(c.role(1, MessageModel::BranchCountRole).toInt(), 1);
        QVERIFY(!c.chat.canContinue());
        c.chat.continueAnswer();
        QVERIFY(!c.chat.busy());
        blocks = c.role(1, MessageModel::BlocksRole).value<QAbstractItemModel*>();
        QCOMPARE(blocks->index(0, 0).data(BlockModel::TextRole).toString(), QStringLiteral("One two three."));
    }

    void figuresOfAnAnswer() {
        Chat c;
        c.open();
        c.engine.setAnswers({{QStringLiteral("One two three four five."), 100, 12, 40}});
        c.say("Count");
        QCOMPARE(c.role(1, MessageModel::TokensRole).toInt(), 5);
        QVERIFY(std::abs(c.role(1, MessageModel::TokensPerSecondRole).toDouble() - 100) < 1);
        QCOMPARE(c.role(1, MessageModel::FirstTokenMsRole).toDouble(), 40.0);
        QCOMPARE(c.role(1, MessageModel::ModelRole).toString(), QStringLiteral("model"));
    }

    /// The prompt is in the file when the engine starts.
    void storedBeforeTheEngineStarts() {
        Chat c;
        c.open();
        c.engine.setAnswers({{QStringLiteral("word ").repeated(100), 50, 10, 300}});
        c.chat.send("Remember me");
        QTRY_VERIFY(!c.engine.requests().empty());
        ChatDatabase file(c.folder.filePath("chats.db"));
        QCOMPARE(file.chats().size(), 1u);
        const auto messages = file.messages(file.chats().front().id);
        QCOMPARE(messages.size(), 2u);
        QCOMPARE(messages[0].text, QStringLiteral("Remember me"));
        QCOMPARE(messages[1].parent, messages[0].id);
        c.chat.stop();
        QTRY_VERIFY(!c.chat.busy());
    }

    void reopenedAfterARestart() {
        const QTemporaryDir folder;
        {
            Chat c(folder.path());
            c.open();
            c.engine.setAnswers({Chat::answer("This."), Chat::answer("That.")});
            c.say("What?");
            c.chat.regenerate();
            QTRY_VERIFY(!c.chat.busy());
            c.chat.showBranch(1, 0);
        }
        Chat c(folder.path());
        QTRY_COMPARE(c.chats.count(), 1);
        c.chat.openChat(c.chats.index(0).data(ChatListModel::IdRole).toLongLong());
        QTRY_COMPARE(c.texts(), (QStringList{"What?", "This."}));
        QCOMPARE(c.chat.title(), QStringLiteral("What?"));
        QCOMPARE(c.role(1, MessageModel::BranchCountRole).toInt(), 2);
        QVERIFY(c.role(1, MessageModel::TokensRole).toInt() > 0);
        QVERIFY(c.chat.contextUsed() > 0);
    }

    /// Quitting in the middle keeps what had come.
    void quitWhileAnswering() {
        const QTemporaryDir folder;
        QString shown;
        {
            Chat c(folder.path());
            c.open();
            c.engine.setAnswers({{QStringLiteral("word ").repeated(500), 300, 10, 0}});
            c.chat.send("Go");
            QTRY_VERIFY(c.chat.messages()->text(1).size() > 50);
            shown = c.chat.messages()->text(1);
        }
        Chat c(folder.path());
        QTRY_COMPARE(c.chats.count(), 1);
        c.chat.openChat(c.chats.index(0).data(ChatListModel::IdRole).toLongLong());
        QTRY_COMPARE(c.texts(), (QStringList{"Go", shown}));
        QCOMPARE(c.state(1), MessageModel::Stopped);
    }

    void anAnswerGoesOnWhenAnotherChatIsOpened() {
        Chat c;
        c.open();
        const QString story = QStringLiteral("word ").repeated(60).trimmed();
        c.engine.setAnswers({{story, 200, 10, 0}});
        c.chat.send("A story");
        QTRY_VERIFY(!c.chat.messages()->text(1).isEmpty());
        const qint64 id = c.chat.chatId();
        c.chat.newChat();
        QVERIFY(!c.chat.busy() && c.chat.canSend());
        QVERIFY(c.chats.index(0).data(ChatListModel::AnsweringRole).toBool());
        c.chat.openChat(id);
        QTRY_VERIFY(c.chat.busy()); // it is still at it, and goes on where it is
        QTRY_COMPARE(c.texts(), (QStringList{"A story", story}));
        QTRY_COMPARE(c.state(1), MessageModel::Complete);
        QVERIFY(!c.chats.index(0).data(ChatListModel::AnsweringRole).toBool());
    }

    void aDeletedChatLeavesThePage() {
        Chat c;
        c.open();
        c.say("Secret");
        const qint64 id = c.chat.chatId();
        c.chats.remove(id);
        QCOMPARE(c.chat.chatId(), 0);
        QCOMPARE(c.chats.count(), 0);
        c.chats.undo();
        QTRY_COMPARE(c.texts(), (QStringList{"Secret", "Well."}));
    }

    void regenerateWithoutAnything() {
        Chat c;
        c.open();
        c.chat.regenerate();
        QCOMPARE(c.chat.messages()->rowCount(), 0);
        c.chat.stop();
        c.chat.edit(0, "x");
        c.chat.showBranch(0, 1);
        c.chat.openChat(42);
        QVERIFY(c.chat.title().isEmpty());
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
        const qint64 id = c.chat.chatId();
        c.chat.newChat();
        QCOMPARE(c.chat.messages()->rowCount(), 0);
        c.chat.openChat(id);
        QTRY_COMPARE(c.texts(), (QStringList{"Keep this", "Well."}));
        c.chat.newChat();
        c.say("Another");
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
