#include "engine/error.h"
#include "engine/model.h"
#include "engine/scheduler.h"

#include "support/heard.h"
#include "support/scripted_model.h"

#include "kernels/backend.h"

#include <QTest>

#include <algorithm>

using namespace altiplano::engine;
using namespace altiplano::test;
using altiplano::kernels::BackendError;

namespace {

Heard ask(ScriptedModel& scripted, const SchedulerOptions& options, const GenerationRequest& request) {
    Scheduler scheduler(scripted.model, options);
    Heard heard;
    scheduler.submit(request, heard.listener());
    runAll(scheduler);
    return heard;
}

GenerationRequest conversation(std::vector<ChatMessage> messages, std::uint32_t maxTokens) {
    GenerationRequest request = ScriptedModel::request({}, maxTokens);
    request.messages = std::move(messages);
    request.overflow = OverflowPolicy::DropOldest;
    return request;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

/// How answers end, what happens when the context is full, and how failures are told.
class TestSchedulerText : public QObject {
    Q_OBJECT

private slots:
    void anEndOfTurnTokenEndsTheAnswer() {
        ScriptedModel scripted;
        scripted.say(3, byteTokens("Hello"));
        const Heard heard = ask(scripted, withContext(256), ScriptedModel::request(byteTokens("abc"), 0));
        QVERIFY(heard.finishedWith(FinishReason::EndOfTurn));
        QCOMPARE(heard.text, std::string("Hello"));
        QVERIFY(heard.ids == byteTokens("Hello"));
    }

    void endOfTurnCanBeIgnored() {
        ScriptedModel scripted;
        scripted.say(3, byteTokens("Hi"));
        GenerationRequest request = ScriptedModel::request(byteTokens("abc"), 10);
        request.ignoreEos = true;
        const Heard heard = ask(scripted, withContext(256), request);
        QVERIFY(heard.finishedWith(FinishReason::Length));
        QCOMPARE(heard.ids.size(), std::size_t(10));
        QCOMPARE(heard.text, std::string("Hi"));
    }

    void aStopStringEndsTheAnswerAndIsNotShown() {
        ScriptedModel scripted;
        scripted.say(3, byteTokens("one STAR two STOP three"));
        GenerationRequest request = ScriptedModel::request(byteTokens("abc"), 0);
        request.stopStrings = {"STOP", "never"};
        const Heard heard = ask(scripted, withContext(256), request);
        QVERIFY(heard.finishedWith(FinishReason::StopString));
        QCOMPARE(heard.text, std::string("one STAR two "));
        QCOMPARE(heard.finished->stopString, std::string("STOP"));
    }

    void heldBackTextComesOutAtTheEnd() {
        ScriptedModel scripted;
        scripted.say(3, byteTokens("abc ST"));
        GenerationRequest request = ScriptedModel::request(byteTokens("abc"), 0);
        request.stopStrings = {"STOP"};
        QCOMPARE(ask(scripted, withContext(256), request).text, std::string("abc ST"));
        request.maxTokens = 6;
        const Heard heard = ask(scripted, withContext(256), request);
        QVERIFY(heard.finishedWith(FinishReason::Length));
        QCOMPARE(heard.text, std::string("abc ST"));
    }

    void aCharacterIsNeverTorn() {
        ScriptedModel scripted;
        scripted.say(3, byteTokens("aé€😀"));
        const Heard heard = ask(scripted, withContext(256), ScriptedModel::request(byteTokens("abc"), 0));
        QCOMPARE(heard.text, std::string("aé€😀"));
        for (const GenerationEvent& event : heard.events)
            if (const auto* delta = std::get_if<events::Delta>(&event))
                QCOMPARE(QString::fromUtf8(delta->text.c_str()).toUtf8().toStdString(), delta->text);
    }

    /// Going on after what was there is the same as having it at the end of the prompt; only what is new is
    /// told.
    void anAnswerGoesOn() {
        ScriptedModel scripted;
        std::vector<TokenId> prompt = byteTokens("abc");
        GenerationRequest request = ScriptedModel::request(prompt, 12);
        request.answerSoFar = "So far</s>"; // a special token's text is text here
        const auto soFar = scripted.model->tokenizer().encode(request.answerSoFar, {false, false});
        prompt.insert(prompt.end(), soFar.begin(), soFar.end());
        const Heard heard = ask(scripted, withContext(256), request);
        QVERIFY(heard.finishedWith(FinishReason::Length));
        QVERIFY(heard.ids == ScriptedModel::expected(prompt, 12));
        QCOMPARE(std::size_t{heard.finished->timings.promptTokens}, prompt.size());
        QVERIFY(std::find(soFar.begin(), soFar.end(), kEos) == soFar.end());
    }

    void theContextFillsUp() {
        ScriptedModel scripted;
        const Heard heard =
            ask(scripted, withContext(100), ScriptedModel::request(byteTokens("abcdefghij"), 0));
        QVERIFY(heard.finishedWith(FinishReason::ContextFull));
        QCOMPARE(heard.ids.size(), std::size_t(90));
        QVERIFY(heard.ids == ScriptedModel::expected(byteTokens("abcdefghij"), 90));
    }

    void aPromptThatIsTooLongIsRefusedWithNumbers() {
        ScriptedModel scripted;
        const Heard heard =
            ask(scripted, withContext(2048), ScriptedModel::request(std::vector<TokenId>(5012, 50), 10));
        QVERIFY(heard.failedWith(ErrorCode::BadRequest));
        QVERIFY(contains(heard.failed->sentence, "5,012"));
        QVERIFY(contains(heard.failed->sentence, "2,048"));
        QCOMPARE(scripted.script->executions.load(), std::uint64_t(0));
    }

    void theOldestTurnsAreDroppedFromALongPrompt() {
        ScriptedModel scripted;
        std::vector<ChatMessage> messages = {{"system", "Be brief."}};
        for (int turn = 0; turn < 10; ++turn) {
            messages.push_back({"user", "question " + std::to_string(turn) + std::string(20, '.')});
            messages.push_back({"assistant", "answer " + std::to_string(turn) + std::string(20, '.')});
        }
        messages.push_back({"user", "and now?"});
        const Heard heard = ask(scripted, withContext(256), conversation(messages, 5));
        QVERIFY(heard.finishedWith(FinishReason::Length));
        QCOMPARE(heard.dropped.size(), std::size_t(1));
        const events::Dropped dropped = heard.dropped[0];
        QCOMPARE(dropped.firstMessage, 1u);
        QVERIFY(dropped.messages > 0 && dropped.messages % 2 == 0);
        QVERIFY(std::holds_alternative<events::Dropped>(heard.events[0]));

        std::vector<ChatMessage> kept = messages;
        kept.erase(kept.begin() + 1, kept.begin() + 1 + dropped.messages);
        const std::vector<TokenId> prompt = scripted.model->encodePrompt(kept);
        QVERIFY(heard.ids == ScriptedModel::expected(prompt, 5)); // the model saw just that
        QCOMPARE(heard.finished->timings.promptTokens, static_cast<std::uint32_t>(prompt.size()));
        QCOMPARE(dropped.tokens,
                 static_cast<std::uint32_t>(scripted.model->encodePrompt(messages).size() - prompt.size()));
        QVERIFY(prompt.size() <= 192);
        kept.insert(kept.begin() + 1, messages.begin() + dropped.messages - 1,
                    messages.begin() + dropped.messages + 1);
        QVERIFY(scripted.model->encodePrompt(kept).size() > 192); // no more was dropped than needed
    }

    void theOldestTurnsAreDroppedDuringTheAnswer() {
        ScriptedModel scripted;
        std::vector<ChatMessage> messages = {{"system", "Be brief."}};
        for (int turn = 0; turn < 6; ++turn) {
            messages.push_back({"user", "q" + std::to_string(turn)});
            messages.push_back({"assistant", "a" + std::to_string(turn)});
        }
        messages.push_back({"user", "go on"});
        std::vector<std::int32_t> last;
        scripted.script->next = [&](std::span<const std::int32_t> text) {
            last.assign(text.begin(), text.end());
            return kByteTokens + 'a' + static_cast<std::int32_t>(text.size() % 20);
        };
        const SchedulerOptions options = withContext(256);
        QVERIFY(scripted.model->encodePrompt(messages).size() < 200);
        const Heard heard = ask(scripted, options, conversation(messages, 150));
        QVERIFY(heard.finishedWith(FinishReason::Length));
        QCOMPARE(heard.ids.size(), std::size_t(150));
        QVERIFY(!heard.dropped.empty());

        std::uint32_t next = 1, dropped = 0;
        for (const events::Dropped& drop : heard.dropped) {
            QCOMPARE(drop.firstMessage, next);
            next += drop.messages;
            dropped += drop.messages;
        }
        std::vector<ChatMessage> kept = messages;
        kept.erase(kept.begin() + 1, kept.begin() + 1 + dropped);
        std::vector<TokenId> text = scripted.model->encodePrompt(kept);
        text.insert(text.end(), heard.ids.begin(), heard.ids.end() - 1);
        QVERIFY(last == text); // system prompt, what is left of the turns, and the whole answer
    }

    void whereNothingCanBeDroppedTheAnswerEnds() {
        ScriptedModel scripted;
        const auto request = conversation({{"system", "Be brief."}, {"user", "tell me a story"}}, 0);
        const Heard heard = ask(scripted, withContext(128), request);
        QVERIFY(heard.finishedWith(FinishReason::ContextFull));
        QVERIFY(heard.dropped.empty());

        GenerationRequest raw = ScriptedModel::request(byteTokens("abc"), 0);
        raw.overflow = OverflowPolicy::DropOldest;
        QVERIFY(ask(scripted, withContext(128), raw).finishedWith(FinishReason::ContextFull));

        const Heard refused =
            ask(scripted, withContext(128), conversation({{"user", std::string(500, 'x')}}, 0));
        QVERIFY(refused.failedWith(ErrorCode::BadRequest));
    }

    void whatCannotBeReadIsRefused() {
        ScriptedModel scripted;
        GenerationRequest empty = ScriptedModel::request({}, 5);
        empty.addSpecial = false;
        GenerationRequest outside = ScriptedModel::request({5, 1'000'000}, 5);
        GenerationRequest negative = ScriptedModel::request({-3}, 5);
        GenerationRequest hot = ScriptedModel::request({5}, 5);
        hot.sampling.temperature = -2;
        Scheduler scheduler(scripted.model, withContext(256));
        for (const GenerationRequest& request : {empty, outside, negative, hot}) {
            Heard heard;
            scheduler.submit(request, heard.listener());
            runAll(scheduler);
            QVERIFY(heard.failedWith(ErrorCode::BadRequest));
            QVERIFY(heard.failed->sentence.ends_with('.'));
        }
        Heard good;
        scheduler.submit(ScriptedModel::request(byteTokens("abc"), 2), good.listener());
        runAll(scheduler);
        QVERIFY(good.finishedWith(FinishReason::Length));
    }

    void theSeedIsTold() {
        ScriptedModel scripted;
        GenerationRequest request = ScriptedModel::request(byteTokens("abc"), 2);
        request.sampling.seed = 12345;
        QCOMPARE(ask(scripted, withContext(256), request).finished->seed, std::uint64_t(12345));
    }

    void numbersThatAreNotFiniteFailTheRequest() {
        ScriptedModel scripted;
        Scheduler scheduler(scripted.model, withContext(512));
        scripted.script->nan = true;
        Heard bad, good;
        scheduler.submit(ScriptedModel::request(std::vector<TokenId>(200, 40), 5), bad.listener());
        runAll(scheduler);
        QVERIFY(bad.failedWith(ErrorCode::Device));
        scripted.script->nan = false;
        scheduler.submit(ScriptedModel::request(std::vector<TokenId>(200, 40), 5), good.listener());
        runAll(scheduler);
        QVERIFY(good.finishedWith(FinishReason::Length));
        QCOMPARE(good.finished->timings.reusedTokens, 0u); // nothing that may be wrong is kept
    }

    void aFailingDeviceFailsTheRequestsOnIt_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("code");
        QTest::newRow("memory") << int(BackendError::Kind::OutOfMemory) << int(ErrorCode::OutOfMemory);
        QTest::newRow("device") << int(BackendError::Kind::Device) << int(ErrorCode::Device);
        QTest::newRow("unsupported") << int(BackendError::Kind::Unsupported) << int(ErrorCode::Unsupported);
    }

    void aFailingDeviceFailsTheRequestsOnIt() {
        QFETCH(int, kind);
        QFETCH(int, code);
        ScriptedModel scripted;
        Scheduler scheduler(scripted.model, withContext(512));
        scripted.script->onRow = [&](const altiplano::kernels::BatchRow& row) {
            if (row.position == 15)
                throw BackendError(static_cast<BackendError::Kind>(kind), "The device is gone.");
        };
        Heard first, second, later;
        scheduler.submit(ScriptedModel::request(byteTokens("abcdefghij"), 20), first.listener());
        scheduler.submit(ScriptedModel::request(byteTokens("klm"), 50), second.listener());
        runAll(scheduler);
        QVERIFY(first.failedWith(static_cast<ErrorCode>(code)));
        QVERIFY(second.failedWith(static_cast<ErrorCode>(code)));
        QCOMPARE(first.failed->sentence, std::string("The device is gone."));
        scripted.script->onRow = {};
        scheduler.submit(ScriptedModel::request(byteTokens("abcdefghij"), 20), later.listener());
        runAll(scheduler);
        QVERIFY(later.ids == ScriptedModel::expected(byteTokens("abcdefghij"), 20));
    }

    void memoryThatIsShortNamesAContextThatFits() {
        ScriptedModel scripted;
        scripted.script->bytesPerPage = 1'000'000;
        scripted.script->freeBytes = 300'000'000;
        try {
            Scheduler scheduler(scripted.model, withContext(65'536));
            QFAIL("made a scheduler that does not fit");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::OutOfMemory);
            QVERIFY(contains(error.what(), "65,536"));
            QVERIFY(contains(error.what(), "1.0 GB"));
            QVERIFY(contains(error.what(), "300 MB"));
            QVERIFY(contains(error.what(), "16,384 tokens fits"));
        }
        Scheduler fits(scripted.model, withContext(16'384));
    }

    void optionsThatMakeNoSenseAreRefused() {
        ScriptedModel scripted;
        const auto refused = [&](auto change) {
            SchedulerOptions options;
            change(options);
            try {
                Scheduler scheduler(scripted.model, options);
            } catch (const Error& error) {
                return error.code() == ErrorCode::BadRequest;
            }
            return false;
        };
        QVERIFY(refused([](SchedulerOptions& o) { o.contextTokens = 0; }));
        QVERIFY(refused([](SchedulerOptions& o) { o.promptChunk = 0; }));
        QVERIFY(refused([](SchedulerOptions& o) { o.sharedChunk = 0; }));
        QVERIFY(refused([](SchedulerOptions& o) { o.maxSequences = 0; }));
        QVERIFY(refused([](SchedulerOptions& o) { o.poolTokens = 100; }));
        QVERIFY(!refused([](SchedulerOptions&) {}));
    }

    void reasonsHaveTheNamesOfTheProtocol() {
        QCOMPARE(finishReasonName(FinishReason::EndOfTurn), std::string_view("stop"));
        QCOMPARE(finishReasonName(FinishReason::StopString), std::string_view("stop"));
        QCOMPARE(finishReasonName(FinishReason::Length), std::string_view("length"));
        QCOMPARE(finishReasonName(FinishReason::ContextFull), std::string_view("context"));
        QCOMPARE(finishReasonName(FinishReason::Stopped), std::string_view("cancelled"));
    }
};

QTEST_APPLESS_MAIN(TestSchedulerText)
#include "tst_scheduler_text.moc"
