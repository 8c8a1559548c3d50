#include "engine/error.h"
#include "engine/model.h"
#include "engine/scheduler.h"

#include "support/heard.h"
#include "support/random.h"
#include "support/scripted_model.h"

#include <QTest>

#include <algorithm>
#include <deque>
#include <numeric>
#include <thread>

using namespace altiplano::engine;
using namespace altiplano::test;
using altiplano::kernels::BackendError;

namespace {

/// A scripted device that decodes by itself.
struct LoopModel : ScriptedModel {
    LoopModel() { script->loop.emplace(); }
    LoopScript& loop() { return *script->loop; }
};

Heard ask(Scheduler& scheduler, const GenerationRequest& request) {
    Heard heard;
    scheduler.submit(request, heard.listener());
    runAll(scheduler);
    return heard;
}

} // namespace

/// Decoding on the device, which runs ahead of the host: answers, pages and ends are those of decoding step
/// by step. The scripted device answers by what stands in its pages, and runs its steps as early or as late
/// as it may.
class TestDeviceDecoder : public QObject {
    Q_OBJECT

private slots:
    void theDeviceDecodes() {
        for (const std::size_t length : {1, 2, 63, 64, 65, 300}) {
            LoopModel scripted;
            Scheduler scheduler(scripted.model, withContext(512));
            const Heard heard = ask(scheduler, ScriptedModel::request(counted(length), 150));
            QVERIFY(heard.finishedWith(FinishReason::Length));
            QVERIFY(heard.ids == ScriptedModel::expected(counted(length), 150));
            QCOMPARE(scripted.script->executions.load(), std::uint64_t(1)); // the prompt
            QCOMPARE(scripted.loop().starts, 1u);
            QVERIFY(scripted.loop().steps >= 149);
            QVERIFY(scripted.loop().mostAhead > 1 && scripted.loop().mostAhead <= 32);
            QVERIFY(scripted.loop().options.graphs);
            QCOMPARE(heard.finished->timings.decodeTokens, 150u);
        }
    }

    void itCanBeSwitchedOff() {
        LoopModel scripted;
        SchedulerOptions options = withContext(512);
        options.decodeLoop = false;
        Scheduler scheduler(scripted.model, options);
        QVERIFY(ask(scheduler, ScriptedModel::request(counted(9), 20)).finishedWith(FinishReason::Length));
        QCOMPARE(scripted.loop().starts, 0u);

        options.decodeLoop = true;
        options.graphs = false;
        Scheduler launches(scripted.model, options);
        QVERIFY(ask(launches, ScriptedModel::request(counted(9), 20)).finishedWith(FinishReason::Length));
        QVERIFY(scripted.loop().starts == 1 && !scripted.loop().options.graphs);
    }

    /// Random requests at random times, some of them stopped, in pools from ample to so tight that requests
    /// must give way: every one gets the answer that it would get alone.
    void anyMixGivesTheSameAnswers() {
        auto random = seededRandom();
        std::uint64_t steps = 0;
        for (int round = 0; round < 30; ++round) {
            LoopModel scripted;
            scripted.loop().random.seed(random());
            SchedulerOptions options = withContext(320);
            options.promptChunk = 1 + static_cast<std::uint32_t>(random() % 100);
            options.sharedChunk = 1 + static_cast<std::uint32_t>(random() % 50);
            options.maxSequences = 1 + static_cast<std::uint32_t>(random() % 6);
            options.poolTokens = 320 + 64 * static_cast<std::uint32_t>(random() % 20);
            Scheduler scheduler(scripted.model, options);
            struct Sent {
                std::vector<TokenId> prompt;
                std::uint32_t count;
                std::stop_source stop;
                Heard heard;
            };
            std::deque<Sent> sent;
            const std::vector<TokenId> common = counted(1 + random() % 150);
            while (sent.size() < 25) {
                std::vector<TokenId> prompt = counted(1 + random() % 100, 10 + TokenId(random() % 50));
                if (random() % 2) prompt.insert(prompt.begin(), common.begin(), common.end());
                sent.push_back({prompt, 1 + static_cast<std::uint32_t>(random() % 70), {}, {}});
                GenerationRequest request = ScriptedModel::request(prompt, sent.back().count);
                if (random() % 4 == 0) request.sampling.mirostat = true; // for the host to sample
                scheduler.submit(std::move(request), sent.back().heard.listener(),
                                 sent.back().stop.get_token());
                for (std::uint64_t slices = random() % 40; slices > 0; --slices)
                    scheduler.runSlice();
                if (random() % 4 == 0) sent[random() % sent.size()].stop.request_stop();
            }
            runAll(scheduler);
            for (const Sent& request : sent) {
                const auto whole = ScriptedModel::expected(request.prompt, request.count);
                const std::vector<TokenId>& ids = request.heard.ids;
                QVERIFY(ids.size() <= whole.size() && std::equal(ids.begin(), ids.end(), whole.begin()));
                QVERIFY(request.heard.finishedWith(FinishReason::Length) ? ids == whole
                                                                         : request.stop.stop_requested());
            }
            steps += scripted.loop().steps;
        }
        QVERIFY(steps > 1000);
    }

    void requestsDecodeTogether() {
        LoopModel scripted;
        Scheduler scheduler(scripted.model, withContext(4096));
        std::deque<Heard> heard(4);
        const std::uint32_t lengths[] = {80, 140, 200, 260};
        for (std::size_t i = 0; i < 4; ++i)
            scheduler.submit(ScriptedModel::request(counted(5, 10 + static_cast<TokenId>(i)), lengths[i]),
                             heard[i].listener());
        while (heard[0].ids.size() < 40)
            scheduler.runSlice();
        QCOMPARE(scripted.loop().sequences.size(), std::size_t(4));
        runAll(scheduler);
        QCOMPARE(scripted.loop().sequences.size(), std::size_t(1)); // the longest answer
        QCOMPARE(scripted.loop().starts, 4u);
        QVERIFY(scripted.script->executions < 10);
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY(heard[i].ids ==
                    ScriptedModel::expected(counted(5, 10 + static_cast<TokenId>(i)), lengths[i]));
    }

    void aNewRequestJoins() {
        LoopModel scripted;
        Scheduler scheduler(scripted.model, withContext(1024));
        Heard first, second;
        scheduler.submit(ScriptedModel::request(counted(10), 500), first.listener());
        while (first.ids.size() < 50)
            scheduler.runSlice();
        scheduler.submit(ScriptedModel::request(counted(100, 60), 20), second.listener());
        const std::size_t before = first.ids.size();
        while (second.ids.empty())
            scheduler.runSlice();
        QVERIFY(first.ids.size() <= before + 32 + 2); // what was under way, and the prompt's own steps
        runAll(scheduler);
        QVERIFY(first.ids == ScriptedModel::expected(counted(10), 500));
        QVERIFY(second.ids == ScriptedModel::expected(counted(100, 60), 20));
    }

    void endsAtATurnsEnd() {
        LoopModel scripted;
        scripted.say(3, byteTokens("Hello, world"));
        Scheduler scheduler(scripted.model, withContext(256));
        const Heard heard = ask(scheduler, ScriptedModel::request(byteTokens("abc"), 0));
        QVERIFY(heard.finishedWith(FinishReason::EndOfTurn));
        QCOMPARE(heard.text, std::string("Hello, world"));
        QVERIFY(scripted.loop().stopTokens.at(0).front() == kEos);

        GenerationRequest on = ScriptedModel::request(byteTokens("abc"), 40);
        on.ignoreEos = true;
        QVERIFY(ask(scheduler, on).finishedWith(FinishReason::Length));
        QVERIFY(scripted.loop().stopTokens.at(0).empty());
    }

    void endsAtAStopString() {
        LoopModel scripted;
        scripted.say(3, byteTokens("one two three four five six seven eight nine ten"));
        Scheduler scheduler(scripted.model, withContext(256));
        GenerationRequest request = ScriptedModel::request(byteTokens("abc"), 0);
        request.stopStrings = {"four five"};
        const Heard heard = ask(scheduler, request);
        QVERIFY(heard.finishedWith(FinishReason::StopString));
        QCOMPARE(heard.text, std::string("one two three "));
        QVERIFY(scripted.loop().steps > std::string("one two three four five").size()); // it had run on
    }

    void endsWhereTheContextIsFull() {
        LoopModel scripted;
        Scheduler scheduler(scripted.model, withContext(200));
        const Heard heard = ask(scheduler, ScriptedModel::request(counted(30), 0));
        QVERIFY(heard.finishedWith(FinishReason::ContextFull));
        QVERIFY(heard.ids == ScriptedModel::expected(counted(30), 170));
    }

    void oldTurnsAreDroppedDuringTheAnswer() {
        GenerationRequest request = ScriptedModel::request({}, 300);
        request.overflow = OverflowPolicy::DropOldest;
        request.messages = {{"system", "Be brief."}};
        for (int turn = 0; turn < 6; ++turn) {
            request.messages.push_back({"user", "question " + std::to_string(turn)});
            request.messages.push_back({"assistant", "answer " + std::to_string(turn)});
        }
        request.messages.push_back({"user", "go on"});
        ScriptedModel byHost;
        LoopModel byDevice;
        Scheduler host(byHost.model, withContext(448)), device(byDevice.model, withContext(448));
        const Heard expected = ask(host, request), heard = ask(device, request);
        QVERIFY(!heard.dropped.empty() && heard.dropped.size() == expected.dropped.size());
        QVERIFY(heard.ids == expected.ids);
        QVERIFY(byDevice.loop().starts > 1);
    }

    /// What the device ran past the end of an answer is not taken for text, and what it computed is reused.
    void pagesHoldTheAnswerAndNoMore() {
        LoopModel scripted;
        Scheduler scheduler(scripted.model, withContext(2048));
        const std::vector<TokenId> prompt = counted(100);
        const auto answer = ScriptedModel::expected(prompt, 400);
        std::stop_source stop;
        Heard stopped;
        const auto listener = [&](const GenerationEvent& event) {
            stopped(event);
            if (stopped.ids.size() == 200) stop.request_stop();
        };
        scheduler.submit(ScriptedModel::request(prompt, 0), listener, stop.get_token());
        runAll(scheduler);
        QVERIFY(stopped.finishedWith(FinishReason::Stopped));
        QCOMPARE(stopped.ids.size(), std::size_t(200)); // not one more
        QVERIFY(scripted.loop().steps > 200);

        std::vector<TokenId> on = prompt;
        on.insert(on.end(), answer.begin(), answer.begin() + 200);
        Heard again = ask(scheduler, ScriptedModel::request(on, 50));
        QCOMPARE(again.finished->timings.reusedTokens, 299u); // all but the last, which was never run
        QVERIFY(again.ids == ScriptedModel::expected(on, 50));
        QCOMPARE(ask(scheduler, ScriptedModel::request(prompt, 3)).finished->timings.reusedTokens, 99u);
    }

    /// The event of a stop does not wait for the steps that the device has under way.
    void aStopIsToldAtOnce() {
        LoopModel scripted;
        Scheduler scheduler(scripted.model, withContext(512));
        std::stop_source stop;
        Heard heard;
        scheduler.submit(ScriptedModel::request(counted(20), 0), heard.listener(), stop.get_token());
        while (heard.ids.size() < 20)
            scheduler.runSlice();
        const std::uint64_t steps = scripted.loop().steps;
        stop.request_stop();
        QVERIFY(scheduler.runSlice()); // there is still something to be done
        QVERIFY(heard.finishedWith(FinishReason::Stopped));
        QCOMPARE(scripted.loop().steps, steps);
        runAll(scheduler);
        QVERIFY(heard.endedOnce());
    }

    void theParametersArePassedOn() {
        LoopModel scripted;
        Scheduler scheduler(scripted.model, withContext(512));
        GenerationRequest request = ScriptedModel::request(counted(9), 20);
        SamplingParams& p = request.sampling;
        p.temperature = 0.6f;
        p.topK = 17;
        p.topP = 0.8f;
        p.minP = 0.1f;
        p.typicalP = 0.9f;
        p.repetitionPenalty = 1.2f;
        p.presencePenalty = 0.3f;
        p.frequencyPenalty = 0.4f;
        p.penaltyWindow = 100;
        p.seed = 99;
        QVERIFY(ask(scheduler, request).finishedWith(FinishReason::Length));
        const auto& sequence = scripted.loop().sequences.at(0);
        QCOMPARE(sequence.sampling.temperature, 0.6f);
        QCOMPARE(sequence.sampling.topK, 17u);
        QCOMPARE(sequence.sampling.topP, 0.8f);
        QCOMPARE(sequence.sampling.minP, 0.1f);
        QCOMPARE(sequence.sampling.typicalP, 0.9f);
        QCOMPARE(sequence.sampling.repetitionPenalty, 1.2f);
        QCOMPARE(sequence.sampling.presencePenalty, 0.3f);
        QCOMPARE(sequence.sampling.frequencyPenalty, 0.4f);
        QCOMPARE(sequence.sampling.penaltyWindow, 100u);
        QCOMPARE(sequence.sampling.seed, std::uint64_t(99));
        QCOMPARE(sequence.chosen, 1u); // the first token came from the prompt's logits
        QCOMPARE(sequence.position, 9u);
        QCOMPARE(sequence.maxTokens, 19u);
    }

    void whatTheDeviceCannotSampleGoesStepByStep() {
        const auto steps = [](auto change) {
            LoopModel scripted;
            Scheduler scheduler(scripted.model, withContext(512));
            GenerationRequest request = ScriptedModel::request(counted(9), 20);
            change(request.sampling);
            const Heard heard = ask(scheduler, request);
            return heard.ids == ScriptedModel::expected(counted(9), 20) ? scripted.loop().steps : 1000;
        };
        QVERIFY(steps([](SamplingParams&) {}) > 0);
        QVERIFY(steps([](SamplingParams& p) { p.penaltyWindow = 1000; }) > 0); // of penalties that are off
        QCOMPARE(steps([](SamplingParams& p) { p.dryMultiplier = 0.1f; }), std::uint64_t(0));
        QCOMPARE(steps([](SamplingParams& p) { p.xtcProbability = 0.1f; }), std::uint64_t(0));
        QCOMPARE(steps([](SamplingParams& p) { p.mirostat = true; }), std::uint64_t(0));
        QCOMPARE(steps([](SamplingParams& p) { p.logitBias = {{3, 1.0f}}; }), std::uint64_t(0));
        QCOMPARE(steps([](SamplingParams& p) {
                     p.presencePenalty = 0.001f;
                     p.penaltyWindow = 1000;
                 }),
                 std::uint64_t(0));
    }

    void numbersThatAreNotFiniteFailTheRequest() {
        LoopModel scripted;
        Scheduler scheduler(scripted.model, withContext(512));
        scripted.loop().onStart = [&] { scripted.script->nan = true; };
        const Heard bad = ask(scheduler, ScriptedModel::request(counted(200), 50));
        QVERIFY(bad.failedWith(ErrorCode::Device));
        scripted.script->nan = false;
        scripted.loop().onStart = {};
        const Heard good = ask(scheduler, ScriptedModel::request(counted(200), 50));
        QVERIFY(good.ids == ScriptedModel::expected(counted(200), 50));
    }

    void aFailingDeviceFailsTheRequestsOnIt_data() {
        QTest::addColumn<QString>("where");
        for (const char* where : {"create", "start", "launch", "poll"})
            QTest::newRow(where) << where;
    }

    void aFailingDeviceFailsTheRequestsOnIt() {
        QFETCH(QString, where);
        LoopModel scripted;
        Scheduler scheduler(scripted.model, withContext(512));
        auto& hook = where == "create"   ? scripted.loop().onCreate
                     : where == "start"  ? scripted.loop().onStart
                     : where == "launch" ? scripted.loop().onLaunch
                                         : scripted.loop().onPoll;
        int calls = 0;
        hook = [&] {
            if (++calls == (where == "create" || where == "start" ? 1 : 3))
                throw BackendError(BackendError::Kind::Device, "The device is gone.");
        };
        Heard first, second;
        scheduler.submit(ScriptedModel::request(counted(20), 100), first.listener());
        scheduler.submit(ScriptedModel::request(counted(20, 50), 100), second.listener());
        runAll(scheduler);
        QVERIFY(first.failedWith(ErrorCode::Device));
        QVERIFY(second.failedWith(ErrorCode::Device));
        QCOMPARE(first.failed->sentence, std::string("The device is gone."));
        hook = {};
        const Heard later = ask(scheduler, ScriptedModel::request(counted(20), 100));
        QVERIFY(later.ids == ScriptedModel::expected(counted(20), 100));
    }

    void withoutMemoryForALoopItGoesStepByStep_data() {
        QTest::addColumn<int>("where");
        QTest::addColumn<bool>("begins");
        QTest::newRow("create") << 0 << false;
        QTest::newRow("start") << 1 << false;
        QTest::newRow("launch") << 2 << true;
    }

    void withoutMemoryForALoopItGoesStepByStep() {
        QFETCH(int, where);
        QFETCH(bool, begins);
        LoopModel scripted;
        Scheduler scheduler(scripted.model, withContext(512));
        auto& loop = scripted.loop();
        int calls = 0;
        (where == 0   ? loop.onCreate
         : where == 1 ? loop.onStart
                      : loop.onLaunch) = [&calls, where] {
            if (where < 2 || ++calls == 3)
                throw BackendError(BackendError::Kind::OutOfMemory, "No memory for a loop.");
        };
        const Heard heard = ask(scheduler, ScriptedModel::request(counted(20), 100));
        QVERIFY(heard.ids == ScriptedModel::expected(counted(20), 100));
        QCOMPARE(loop.steps > 0, begins);
        QVERIFY(scripted.script->executions > 80);
        QVERIFY(ask(scheduler, ScriptedModel::request(counted(30), 10)).finishedWith(FinishReason::Length));
    }

    void manyThreadsStopAtAnyTime() {
        LoopModel scripted;
        SchedulerOptions options = withContext(1024);
        options.promptChunk = 32;
        options.maxSequences = 4;
        Scheduler scheduler(scripted.model, options);
        constexpr std::size_t kRequests = 60;
        std::deque<Heard> heard(kRequests);
        std::vector<std::stop_source> stops(kRequests);
        const auto prompt = [](std::size_t i) { return counted(20 + i, 10 + static_cast<TokenId>(i % 50)); };
        for (std::size_t i = 0; i < kRequests; ++i)
            scheduler.submit(ScriptedModel::request(prompt(i), 100), heard[i].listener(),
                             stops[i].get_token());
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < 3; ++t)
            threads.emplace_back([&stops, t] {
                std::mt19937 random(static_cast<unsigned>(t));
                for (std::size_t i = t; i < kRequests; i += 4) {
                    std::this_thread::sleep_for(std::chrono::microseconds(random() % 1000));
                    stops[i].request_stop();
                }
            });
        runAll(scheduler);
        for (std::size_t i = 0; i < kRequests; ++i) {
            QVERIFY(heard[i].endedOnce() && heard[i].finished.has_value());
            const auto whole = ScriptedModel::expected(prompt(i), 100);
            QVERIFY(std::equal(heard[i].ids.begin(), heard[i].ids.end(), whole.begin()));
            if (heard[i].finished->reason == FinishReason::Length)
                QCOMPARE(heard[i].ids.size(), std::size_t(100));
        }
    }

    void aSchedulerMayGoInTheMiddle() {
        LoopModel scripted;
        Heard heard;
        {
            Scheduler scheduler(scripted.model, withContext(512));
            scheduler.submit(ScriptedModel::request(counted(20), 0), heard.listener());
            while (heard.ids.size() < 20)
                scheduler.runSlice();
        }
        QCOMPARE(heard.ends, 0);
    }

    void everyTokenHasItsTiming() {
        LoopModel scripted;
        scripted.loop().stepNs = 1400;
        Scheduler scheduler(scripted.model, withContext(512));
        const Heard heard = ask(scheduler, ScriptedModel::request(counted(100), 80));
        std::int64_t end = 0;
        std::uint32_t tokens = 0;
        for (const GenerationEvent& event : heard.events) {
            const auto* delta = std::get_if<events::Delta>(&event);
            if (!delta || ++tokens == 1) continue;
            const StepTiming& timing = delta->timing;
            QCOMPARE(std::accumulate(timing.hostNs.begin(), timing.hostNs.end(), std::int64_t(0)),
                     timing.wallNs);
            QVERIFY(timing.startNs >= end); // steps follow one another
            end = timing.startNs + timing.wallNs;
            QCOMPARE(timing.path, StepPath::Graphs);
            QCOMPARE(timing.rows, 1u);
            QCOMPARE(timing.decodeRows, 1u);
            QCOMPARE(timing.kvTokens, 100 + tokens - 1);
            QCOMPARE(timing.weightBytes, std::uint64_t(100));
            QCOMPARE(timing.kvBytes, std::uint64_t(10) * timing.kvTokens);
            QCOMPARE(std::accumulate(timing.deviceNs.begin(), timing.deviceNs.end(), std::int64_t(0)),
                     std::int64_t(1400));
            QCOMPARE(timing.device(DevicePhase::Sample), std::int64_t(200));
        }
        QCOMPARE(tokens, 80u);
    }

    /// A measured step of 1,600 ns, in which kernels ran for 1,300: two layers of two, and the logits.
    void stepsTellTheirKernels_data() {
        QTest::addColumn<std::int64_t>("stepNs");
        QTest::addColumn<double>("scale");
        QTest::newRow("as the measured one") << std::int64_t(1600) << 1.0;
        QTest::newRow("longer: a pause before") << std::int64_t(2000) << 1.0;
        QTest::newRow("shorter, all of it") << std::int64_t(800) << 0.5;
    }
    void stepsTellTheirKernels() {
        using altiplano::kernels::ExecuteTimes;
        QFETCH(const std::int64_t, stepNs);
        QFETCH(const double, scale);
        LoopModel scripted;
        scripted.loop().stepNs = stepNs;
        scripted.loop().spans = {{0, 200, 0, ExecuteTimes::Qkv},
                                 {300, 300, 0, ExecuteTimes::FeedForward},
                                 {700, 200, 1, ExecuteTimes::Qkv},
                                 {900, 300, 1, ExecuteTimes::FeedForward},
                                 {1300, 300, 0, ExecuteTimes::Logits}};
        Scheduler scheduler(scripted.model, withContext(512));
        const Heard quiet = ask(scheduler, ScriptedModel::request(counted(100), 5));
        for (const GenerationEvent& event : quiet.events)
            if (const auto* delta = std::get_if<events::Delta>(&event)) QVERIFY(!delta->timing.spans);
        scheduler.recordSpans(true);
        const Heard heard = ask(scheduler, ScriptedModel::request(counted(100), 40));
        std::uint32_t tokens = 0;
        std::int64_t end = 0;
        for (const GenerationEvent& event : heard.events) {
            const auto* delta = std::get_if<events::Delta>(&event);
            if (!delta || ++tokens == 1) continue;
            const StepTiming& timing = delta->timing;
            QVERIFY(timing.spans && timing.spans->size() == 5);
            const std::vector<DeviceSpan>& spans = *timing.spans;
            for (std::size_t i = 0; i < spans.size(); ++i) {
                const auto& measured = scripted.loop().spans[i];
                QCOMPARE(spans[i].layer, measured.layer);
                QCOMPARE(static_cast<int>(spans[i].phase), static_cast<int>(measured.phase));
                QCOMPARE(static_cast<double>(spans[i].startNs - spans[0].startNs),
                         scale * static_cast<double>(measured.startNs));
                QCOMPARE(static_cast<double>(spans[i].durationNs), scale * measured.durationNs);
            }
            const std::int64_t stepEnd = spans[4].startNs + spans[4].durationNs;
            QVERIFY(stepEnd <= timing.startNs + timing.wallNs); // its token was here
            QVERIFY(tokens == 2 ||
                    stepEnd - end <= stepNs + 1); // and followed the one before by a step at most
            end = stepEnd;
        }
        QCOMPARE(tokens, 40u);
    }
};

QTEST_APPLESS_MAIN(TestDeviceDecoder)
#include "tst_device_decoder.moc"
