#include "engine/error.h"
#include "engine/scheduler.h"

#include "support/heard.h"
#include "support/random.h"
#include "support/scripted_model.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <deque>
#include <numeric>
#include <thread>

using namespace altiplano::engine;
using namespace altiplano::test;

namespace {

std::vector<TokenId> randomPrompt(std::mt19937_64& random, std::size_t length) {
    std::vector<TokenId> prompt(length);
    for (TokenId& token : prompt)
        token = kByteTokens + static_cast<TokenId>(random() % 200);
    return prompt;
}

} // namespace

/// How the scheduler batches, reuses pages, is fair, stops and measures, on a device that answers from a
/// script.
class TestScheduler : public QObject {
    Q_OBJECT

private slots:
    void answersOnePrompt_data() {
        QTest::addColumn<std::uint32_t>("chunk");
        QTest::addColumn<std::size_t>("length");
        for (const std::uint32_t chunk : {1u, 7u, 64u, 512u})
            for (const std::size_t length : {1, 2, 63, 64, 65, 300})
                QTest::addRow("chunk %u, prompt %zu", chunk, length) << chunk << length;
    }

    void answersOnePrompt() {
        QFETCH(std::uint32_t, chunk);
        QFETCH(std::size_t, length);
        ScriptedModel scripted;
        SchedulerOptions options = withContext(512);
        options.promptChunk = chunk;
        Scheduler scheduler(scripted.model, options);
        Heard heard;
        scheduler.submit(ScriptedModel::request(counted(length), 20), heard.listener());
        runAll(scheduler);

        QVERIFY(heard.finishedWith(FinishReason::Length));
        QVERIFY(heard.ids == ScriptedModel::expected(counted(length), 20));
        QVERIFY(scripted.script->mostRows <= chunk);
        QCOMPARE(scripted.script->executions.load(), (length + chunk - 1) / chunk + 19);
        QCOMPARE(heard.finished->timings.promptTokens, static_cast<std::uint32_t>(length));
        QCOMPARE(heard.finished->timings.reusedTokens, 0u);
        QCOMPARE(heard.finished->timings.decodeTokens, 20u);
        QVERIFY(heard.finished->timings.firstTokenNs >= heard.finished->timings.promptNs);

        std::uint32_t done = 0;
        for (const GenerationEvent& event : heard.events)
            if (const auto* progress = std::get_if<events::PromptProgress>(&event)) {
                QVERIFY(progress->done > done);
                done = progress->done;
                QCOMPARE(progress->total, static_cast<std::uint32_t>(length));
            }
        QCOMPARE(done, static_cast<std::uint32_t>(length));
    }

    /// Random requests at random times, in pools from ample to so tight that requests must give way: every
    /// one gets the answer that it would get alone.
    void anyMixGivesTheSameAnswers() {
        auto random = seededRandom();
        for (int round = 0; round < 30; ++round) {
            ScriptedModel scripted;
            SchedulerOptions options = withContext(320);
            options.promptChunk = 1 + static_cast<std::uint32_t>(random() % 100);
            options.sharedChunk = 1 + static_cast<std::uint32_t>(random() % 50);
            options.maxSequences = 1 + static_cast<std::uint32_t>(random() % 6);
            options.poolTokens = 320 + 64 * static_cast<std::uint32_t>(random() % 20);
            Scheduler scheduler(scripted.model, options);
            struct Sent {
                std::vector<TokenId> prompt;
                std::uint32_t count;
                Heard heard;
            };
            std::deque<Sent> sent;
            std::vector<TokenId> common = randomPrompt(random, 1 + random() % 150);
            while (sent.size() < 25) {
                std::vector<TokenId> prompt = randomPrompt(random, 1 + random() % 100);
                if (random() % 2) prompt.insert(prompt.begin(), common.begin(), common.end());
                sent.push_back({prompt, 1 + static_cast<std::uint32_t>(random() % 60), {}});
                scheduler.submit(ScriptedModel::request(prompt, sent.back().count),
                                 sent.back().heard.listener());
                for (std::uint64_t slices = random() % 12; slices > 0; --slices)
                    scheduler.runSlice();
            }
            runAll(scheduler);
            for (const Sent& request : sent) {
                QVERIFY(request.heard.finishedWith(FinishReason::Length));
                QVERIFY(request.heard.ids == ScriptedModel::expected(request.prompt, request.count));
            }
            QVERIFY(scripted.script->mostRows <=
                    std::max(options.promptChunk, options.sharedChunk + options.maxSequences));
            QVERIFY(scripted.script->mostSequences <= options.maxSequences);
        }
    }

    void requestsDecodeTogether() {
        ScriptedModel scripted;
        Scheduler scheduler(scripted.model, withContext(4096));
        std::deque<Heard> heard(4);
        for (std::size_t i = 0; i < 4; ++i)
            scheduler.submit(ScriptedModel::request(counted(5, 10 + static_cast<TokenId>(i)), 30),
                             heard[i].listener());
        runAll(scheduler);
        QCOMPARE(scripted.script->mostSequences, 4u);
        QVERIFY(scripted.script->executions < 4 + 30 + 4);
    }

    void aLongPromptDoesNotHoldUpOthers() {
        ScriptedModel scripted;
        SchedulerOptions options = withContext(4096);
        options.poolTokens = 8192;
        options.promptChunk = 256;
        options.sharedChunk = 64;
        Scheduler scheduler(scripted.model, options);
        Heard chat, document;
        scheduler.submit(ScriptedModel::request(counted(10), 200), chat.listener());
        scheduler.runSlice();
        scheduler.submit(ScriptedModel::request(counted(3000, 50), 1), document.listener());
        const std::size_t before = chat.ids.size();
        for (int slice = 0; slice < 20; ++slice)
            scheduler.runSlice();
        QCOMPARE(chat.ids.size(), before + 20);
        QCOMPARE(scripted.script->mostRows, 65u);
        runAll(scheduler);
        QVERIFY(document.ids == ScriptedModel::expected(counted(3000, 50), 1));
    }

    void promptsTakeTurns() {
        ScriptedModel scripted;
        SchedulerOptions options = withContext(4096);
        options.poolTokens = 8192;
        options.promptChunk = 100;
        Scheduler scheduler(scripted.model, options);
        Heard large, small;
        scheduler.submit(ScriptedModel::request(counted(3000), 1), large.listener());
        scheduler.submit(ScriptedModel::request(counted(150, 50), 1), small.listener());
        for (int slice = 0; slice < 4; ++slice)
            scheduler.runSlice();
        QVERIFY(small.endedOnce());
        QVERIFY(large.ids.empty());
        runAll(scheduler);
        QVERIFY(large.endedOnce());
    }

    void regenerateEditAndContinueReusePages() {
        ScriptedModel scripted;
        Scheduler scheduler(scripted.model, withContext(2048));
        const auto ask = [&](const std::vector<TokenId>& prompt) {
            Heard heard;
            scripted.script->rows = 0;
            scheduler.submit(ScriptedModel::request(prompt, 10), heard.listener());
            runAll(scheduler);
            if (heard.ids != ScriptedModel::expected(prompt, 10)) return GenerationTimings{};
            return heard.finished->timings;
        };
        const std::vector<TokenId> prompt = counted(500);
        QCOMPARE(ask(prompt).reusedTokens, 0u);
        QCOMPARE(scripted.script->rows.load(), 509u);

        QCOMPARE(ask(prompt).reusedTokens, 499u); // regenerate: all but the token that gives the logits
        QCOMPARE(scripted.script->rows.load(), 10u);

        std::vector<TokenId> continued = prompt; // the answer, whose last token was never run, and a question
        for (const TokenId token : ScriptedModel::expected(prompt, 10))
            continued.push_back(token);
        continued.insert(continued.end(), 20, 77);
        QCOMPARE(ask(continued).reusedTokens, 509u);

        std::vector<TokenId> edited = prompt;
        edited[300] = 205;
        QCOMPARE(ask(edited).reusedTokens, 300u);
        QCOMPARE(ask(prompt).reusedTokens, 499u); // the branch that was left is still there
    }

    void stopsInTheMiddleOfAPrompt() {
        ScriptedModel scripted;
        SchedulerOptions options = withContext(4096);
        options.promptChunk = 512;
        Scheduler scheduler(scripted.model, options);
        std::stop_source stop;
        scripted.script->onRow = [&](const altiplano::kernels::BatchRow& row) {
            if (row.position == 1500) stop.request_stop();
        };
        Heard heard;
        scheduler.submit(ScriptedModel::request(counted(3000), 10), heard.listener(), stop.get_token());
        runAll(scheduler);
        QVERIFY(heard.finishedWith(FinishReason::Stopped));
        QVERIFY(heard.ids.empty());
        QVERIFY(scripted.script->rows <= 1500);

        scripted.script->onRow = {};
        Heard again;
        scheduler.submit(ScriptedModel::request(counted(3000), 10), again.listener());
        runAll(scheduler);
        QCOMPARE(again.finished->timings.reusedTokens, 1024u); // the chunks that were done
        QVERIFY(again.ids == ScriptedModel::expected(counted(3000), 10));
    }

    void stopsWithinAToken() {
        ScriptedModel scripted;
        Scheduler scheduler(scripted.model, withContext(512));
        std::stop_source stop;
        Heard heard, other;
        const auto listener = [&](const GenerationEvent& event) {
            heard(event);
            if (heard.ids.size() == 3) stop.request_stop();
        };
        scheduler.submit(ScriptedModel::request(counted(10), 100), listener, stop.get_token());
        scheduler.submit(ScriptedModel::request(counted(10, 60), 50), other.listener());
        runAll(scheduler);
        QVERIFY(heard.finishedWith(FinishReason::Stopped));
        QCOMPARE(heard.ids.size(), std::size_t(3));
        QVERIFY(other.ids == ScriptedModel::expected(counted(10, 60), 50));
    }

    /// The stop of one request cuts a step short; the others' share of it is run again.
    void oneStopDoesNotHurtTheOthers() {
        ScriptedModel scripted;
        SchedulerOptions options = withContext(2048);
        options.poolTokens = 8192;
        Scheduler scheduler(scripted.model, options);
        std::stop_source stop;
        Heard stopped;
        std::deque<Heard> others(3);
        for (std::size_t i = 0; i < others.size(); ++i)
            scheduler.submit(ScriptedModel::request(counted(20, 10 + static_cast<TokenId>(i)), 40),
                             others[i].listener());
        scheduler.submit(ScriptedModel::request(counted(1000, 100), 40), stopped.listener(),
                         stop.get_token());
        scripted.script->onRow = [&](const altiplano::kernels::BatchRow& row) {
            if (row.position == 400) stop.request_stop();
        };
        runAll(scheduler);
        QVERIFY(stopped.finishedWith(FinishReason::Stopped));
        for (std::size_t i = 0; i < others.size(); ++i)
            QVERIFY(others[i].ids == ScriptedModel::expected(counted(20, 10 + static_cast<TokenId>(i)), 40));
    }

    void stopsBeforeItBegins() {
        ScriptedModel scripted;
        SchedulerOptions options = withContext(512);
        options.maxSequences = 1;
        Scheduler scheduler(scripted.model, options);
        std::stop_source early, waiting;
        early.request_stop();
        Heard first, second, third;
        scheduler.submit(ScriptedModel::request(counted(10), 5), first.listener(), early.get_token());
        scheduler.submit(ScriptedModel::request(counted(10), 50), second.listener());
        scheduler.submit(ScriptedModel::request(counted(10), 5), third.listener(), waiting.get_token());
        scheduler.runSlice();
        QVERIFY(first.finishedWith(FinishReason::Stopped));
        waiting.request_stop();
        scheduler.runSlice();
        QVERIFY(third.finishedWith(FinishReason::Stopped));
        QVERIFY(!second.endedOnce());
        runAll(scheduler);
        QVERIFY(second.finishedWith(FinishReason::Length));
    }

    void manyThreadsStopAtAnyTime() {
        ScriptedModel scripted;
        SchedulerOptions options = withContext(1024);
        options.promptChunk = 32;
        options.maxSequences = 4;
        Scheduler scheduler(scripted.model, options);
        constexpr std::size_t kRequests = 120;
        std::deque<Heard> heard(kRequests);
        std::vector<std::stop_source> stops(kRequests);
        for (std::size_t i = 0; i < kRequests; ++i)
            scheduler.submit(ScriptedModel::request(counted(100 + i, 10 + static_cast<TokenId>(i % 50)), 30),
                             heard[i].listener(), stops[i].get_token());
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < 3; ++t)
            threads.emplace_back([&stops, t] {
                std::mt19937 random(static_cast<unsigned>(t));
                for (std::size_t i = t; i < kRequests; i += 4) {
                    std::this_thread::sleep_for(std::chrono::microseconds(random() % 400));
                    stops[i].request_stop();
                }
            });
        runAll(scheduler);
        for (std::size_t i = 0; i < kRequests; ++i) {
            QVERIFY(heard[i].endedOnce());
            QVERIFY(heard[i].finished.has_value());
            const auto whole =
                ScriptedModel::expected(counted(100 + i, 10 + static_cast<TokenId>(i % 50)), 30);
            QVERIFY(std::equal(heard[i].ids.begin(), heard[i].ids.end(), whole.begin()));
            if (heard[i].finished->reason == FinishReason::Length)
                QCOMPARE(heard[i].ids.size(), std::size_t(30));
        }
    }

    void aListenerMaySubmit() {
        ScriptedModel scripted;
        Scheduler scheduler(scripted.model, withContext(512));
        Heard first, second;
        const auto listener = [&](const GenerationEvent& event) {
            first(event);
            if (first.finished) scheduler.submit(ScriptedModel::request(counted(7), 3), second.listener());
        };
        scheduler.submit(ScriptedModel::request(counted(5), 3), listener);
        runAll(scheduler);
        QVERIFY(first.endedOnce());
        QVERIFY(second.ids == ScriptedModel::expected(counted(7), 3));
    }

    void aListenerThatThrowsEndsItsRequestOnly() {
        ScriptedModel scripted;
        Scheduler scheduler(scripted.model, withContext(512));
        int calls = 0;
        Heard heard, other;
        const auto listener = [&](const GenerationEvent& event) {
            heard(event);
            if (++calls == 3) throw std::runtime_error("a fault in the app");
        };
        scheduler.submit(ScriptedModel::request(counted(5), 50), listener);
        scheduler.submit(ScriptedModel::request(counted(9), 20), other.listener());
        runAll(scheduler);
        QVERIFY(heard.finishedWith(FinishReason::Stopped));
        QVERIFY(heard.ids.size() < 4);
        QVERIFY(other.ids == ScriptedModel::expected(counted(9), 20));
        Heard silent;
        scheduler.submit(ScriptedModel::request(counted(5), 2), {}); // no listener at all
        runAll(scheduler);
    }

    void phasesSumToTheWallTime() {
        ScriptedModel scripted;
        SchedulerOptions options = withContext(512);
        options.promptChunk = 64;
        Scheduler scheduler(scripted.model, options);
        Heard heard;
        const std::int64_t before =
            std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
        scheduler.submit(ScriptedModel::request(counted(200), 30), heard.listener());
        runAll(scheduler);
        const std::int64_t after =
            std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);

        std::int64_t end = 0, total = 0;
        std::uint32_t context = 200, chunks = 0;
        for (const GenerationEvent& event : heard.events) {
            const auto* delta = std::get_if<events::Delta>(&event);
            const auto* progress = std::get_if<events::PromptProgress>(&event);
            if (!delta && !progress) continue;
            const StepTiming& timing = delta ? delta->timing : progress->timing;
            QCOMPARE(std::accumulate(timing.hostNs.begin(), timing.hostNs.end(), std::int64_t(0)),
                     timing.wallNs);
            QVERIFY(timing.host(HostPhase::Wait) > 0);
            QCOMPARE(timing.device(DevicePhase::Attention), std::int64_t(1));
            QCOMPARE(timing.device(DevicePhase::Sample), std::int64_t(0));
            QCOMPARE(timing.weightBytes, std::uint64_t(100));
            if (progress) {
                ++chunks;
                QCOMPARE(timing.kvTokens, progress->done);
                if (progress->done == progress->total) continue; // the same step as the first token's
            } else {
                QCOMPARE(timing.decodeRows, 1u);
                QCOMPARE(delta->contextUsed, ++context);
            }
            QVERIFY(timing.startNs >= before && timing.startNs >= end); // steps follow one another
            end = timing.startNs + timing.wallNs;
            total += timing.wallNs;
        }
        QCOMPARE(chunks, 4u);
        QVERIFY(total <= after - before);
    }

    void phasesHaveNames() {
        for (std::size_t i = 0; i < kHostPhases; ++i)
            QVERIFY(!phaseName(static_cast<HostPhase>(i)).empty());
        for (std::size_t i = 0; i < kDevicePhases; ++i)
            QVERIFY(!phaseName(static_cast<DevicePhase>(i)).empty());
        QCOMPARE(phaseName(HostPhase::Wait), std::string_view("wait"));
        QCOMPARE(phaseName(DevicePhase::FeedForward), std::string_view("feed forward"));
    }
};

QTEST_APPLESS_MAIN(TestScheduler)
#include "tst_scheduler.moc"
