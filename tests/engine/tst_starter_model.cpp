#include "engine/model.h"
#include "engine/scheduler.h"
#include "engine/scoring.h"

#include "support/heard.h"
#include "support/scripted_model.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace altiplano::engine;
using namespace altiplano::test;

/// The real starter model, where $ALTIPLANO_STARTER_MODEL names its file.
class TestStarterModel : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (!qEnvironmentVariableIsSet("ALTIPLANO_STARTER_MODEL"))
            QSKIP("ALTIPLANO_STARTER_MODEL is not set");
        m_model = load("auto");
    }

    void itKnowsTheCapitalOfFrance() {
        Scheduler scheduler(m_model, {});
        Heard heard;
        GenerationRequest request = ScriptedModel::request({}, 8);
        request.prompt = "The capital of France is";
        scheduler.submit(request, heard.listener());
        runAll(scheduler);
        QVERIFY2(heard.text.find("Paris") != std::string::npos, heard.text.c_str());
    }

    void itAnswersAndEndsItsTurn() {
        Scheduler scheduler(m_model, {});
        Heard heard;
        scheduler.submit(question("What is 2 + 2?"), heard.listener());
        runAll(scheduler);
        QVERIFY(heard.finishedWith(FinishReason::EndOfTurn));
        QVERIFY2(heard.text.find('4') != std::string::npos, heard.text.c_str());
    }

    /// Asking again reuses the prompt's pages, and the answer stays the same (with the instructions that
    /// compute a row alone and among others alike).
    void regeneratingReusesThePrompt() {
        Scheduler scheduler(load("avx2"), {});
        Heard first, again;
        scheduler.submit(question("Name three colours of the rainbow."), first.listener());
        runAll(scheduler);
        scheduler.submit(question("Name three colours of the rainbow."), again.listener());
        runAll(scheduler);
        QCOMPARE(again.finished->timings.reusedTokens, first.finished->timings.promptTokens - 1);
        QCOMPARE(again.text, first.text);
    }

    /// A chat that outgrows its context, on pages that its turns left behind: each answer is the one that a
    /// fresh engine gives to the same messages, also when it is drawn again.
    void aLongChatAnswersAsAFreshEngineWould() {
        const auto model = load("avx2");
        SchedulerOptions options;
        options.contextTokens = 192;
        Scheduler scheduler(model, options);
        std::vector<ChatMessage> messages = {{"system", "You are a friendly guide."}};
        std::uint32_t reused = 0, dropped = 0;
        for (const char* text :
             {"Tell me of Rome.", "And of Paris?", "Which is older?", "Thank you. Where next?"}) {
            messages.push_back({"user", text});
            const Heard first = ask(scheduler, messages), again = ask(scheduler, messages);
            Scheduler fresh(model, options);
            const Heard alone = ask(fresh, messages);
            QVERIFY(first.finished && again.finished && alone.finished);
            QCOMPARE(first.text, alone.text);
            QCOMPARE(again.text, alone.text);
            QCOMPARE(alone.finished->timings.reusedTokens, 0u);
            QCOMPARE(first.dropped.size(), alone.dropped.size());
            reused += first.finished->timings.reusedTokens;
            for (const events::Dropped& drop : first.dropped) {
                QVERIFY(drop.firstMessage >= 1 && drop.firstMessage + drop.messages < messages.size());
                dropped += drop.messages;
            }
            messages.push_back({"assistant", first.text});
        }
        QVERIFY(reused > 0);
        QVERIFY(dropped > 0);
        messages.push_back({"user", "Tell me more."});
        const Heard refused = ask(scheduler, messages, OverflowPolicy::Stop);
        QVERIFY(refused.failedWith(ErrorCode::BadRequest));
        const Heard full = ask(scheduler, {{"user", "Count to a thousand."}}, OverflowPolicy::Stop, 0);
        QVERIFY(full.finishedWith(FinishReason::ContextFull));
        QVERIFY(full.dropped.empty());
    }

    /// A text's perplexity says whether the whole forward pass is right: a wrong one is far off.
    void itPredictsEnglish() {
        const std::string text =
            "The quick brown fox jumps over the lazy dog. It was the best of times, it was the "
            "worst of times. To be, or not to be, that is the question.";
        const auto tokens = m_model->tokenizer().encode(text, {});
        double nll = 0;
        scoreTokens(*m_model, tokens, [&](std::uint32_t position, std::span<const float> logits) {
            if (position + 1 >= tokens.size()) return;
            double sum = 0;
            const float largest = *std::max_element(logits.begin(), logits.end());
            for (const float logit : logits)
                sum += std::exp(double(logit - largest));
            nll += std::log(sum) + largest - logits[static_cast<std::size_t>(tokens[position + 1])];
        });
        const double perplexity = std::exp(nll / double(tokens.size() - 1));
        QVERIFY2(perplexity < 25, qPrintable(QString::number(perplexity)));
    }

private:
    static std::shared_ptr<const Model> load(const std::string& instructions) {
        LoadOptions options;
        options.backend = BackendChoice::Cpu;
        options.instructions = instructions;
        return Model::load(qEnvironmentVariable("ALTIPLANO_STARTER_MODEL").toStdString(), options);
    }

    static GenerationRequest question(const std::string& text) {
        GenerationRequest request = ScriptedModel::request({}, 60);
        request.messages = {{"user", text}};
        return request;
    }

    static Heard ask(Scheduler& scheduler, const std::vector<ChatMessage>& messages,
                     OverflowPolicy overflow = OverflowPolicy::DropOldest, std::uint32_t tokens = 32) {
        GenerationRequest request;
        request.messages = messages;
        request.maxTokens = tokens;
        request.sampling.seed = 4;
        request.overflow = overflow;
        request.ignoreEos = tokens == 0;
        Heard heard;
        scheduler.submit(request, heard.listener());
        runAll(scheduler);
        return heard;
    }

    std::shared_ptr<const Model> m_model;
};

QTEST_APPLESS_MAIN(TestStarterModel)
#include "tst_starter_model.moc"
