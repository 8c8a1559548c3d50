#include "engine/error.h"
#include "engine/sampling.h"

#include "support/random.h"

#include <QTest>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <set>

using namespace altiplano::engine;
using nlohmann::json;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Spells each token as a word of its own, but for two that hold a sequence breaker.
class WordTokenizer : public Tokenizer {
public:
    explicit WordTokenizer(std::size_t words) : Tokenizer(vocabularyOf(words)) {}
    std::string decode(std::span<const TokenId>, bool) const override { return {}; }
    std::string piece(TokenId id, bool) const override {
        return id == 3 ? "\n" : id == 5 ? "a:b" : "w" + std::to_string(id);
    }

protected:
    void encodeRun(std::string_view, std::vector<TokenId>&) const override {}

private:
    static Vocabulary vocabularyOf(std::size_t words) {
        Vocabulary vocabulary;
        vocabulary.tokens.assign(words, "w");
        vocabulary.eos = 1;
        return vocabulary;
    }
};

SamplingParams paramsFrom(const json& j) {
    SamplingParams p;
    p.temperature = j.value("temperature", p.temperature);
    p.topK = j.value("topK", p.topK);
    p.topP = j.value("topP", p.topP);
    p.minP = j.value("minP", p.minP);
    p.typicalP = j.value("typicalP", p.typicalP);
    p.repetitionPenalty = j.value("repetitionPenalty", p.repetitionPenalty);
    p.presencePenalty = j.value("presencePenalty", p.presencePenalty);
    p.frequencyPenalty = j.value("frequencyPenalty", p.frequencyPenalty);
    p.penaltyWindow = j.value("penaltyWindow", p.penaltyWindow);
    p.dryMultiplier = j.value("dryMultiplier", p.dryMultiplier);
    p.dryBase = j.value("dryBase", p.dryBase);
    p.dryAllowedLength = j.value("dryAllowedLength", p.dryAllowedLength);
    p.xtcProbability = j.value("xtcProbability", p.xtcProbability);
    p.xtcThreshold = j.value("xtcThreshold", p.xtcThreshold);
    p.mirostat = j.value("mirostat", p.mirostat);
    p.mirostatTau = j.value("mirostatTau", p.mirostatTau);
    p.logitBias = j.value("logitBias", p.logitBias);
    p.seed = 20261123;
    return p;
}

SamplingParams everythingOff() {
    SamplingParams params;
    params.temperature = 1;
    params.topK = 0;
    params.topP = 1;
    params.minP = 0;
    params.seed = 7;
    return params;
}

std::vector<float> randomLogits(std::mt19937_64& random, std::size_t count, double scale = 3) {
    std::normal_distribution<double> normal(0, scale);
    std::vector<float> logits(count);
    for (float& logit : logits)
        logit = static_cast<float>(normal(random));
    return logits;
}

TokenId sampleCopy(Sampler& sampler, std::vector<float> logits) {
    return sampler.sample(logits);
}

} // namespace

class TestSampler : public QObject {
    Q_OBJECT

private slots:
    void stagesEqualTheReference_data() {
        QTest::addColumn<int>("index");
        std::ifstream file(TEST_DATA "/sampling_golden.json");
        m_cases = json::parse(file);
        QVERIFY(m_cases.size() > 40);
        for (std::size_t i = 0; i < m_cases.size(); ++i)
            QTest::addRow("%zu %s", i, m_cases[i]["params"].dump().c_str()) << static_cast<int>(i);
    }

    void stagesEqualTheReference() {
        QFETCH(int, index);
        const json& golden = m_cases[static_cast<std::size_t>(index)];
        const auto logits = golden["logits"].get<std::vector<float>>();
        const WordTokenizer tokenizer(logits.size());
        Sampler sampler(paramsFrom(golden["params"]), tokenizer);
        for (const json& token : golden["history"])
            sampler.accept(token.get<TokenId>());

        if (golden.contains("draws"))
            for (const json& draw : golden["draws"])
                QCOMPARE(sampleCopy(sampler, logits), draw.get<TokenId>());

        std::vector<float> scratch = logits;
        const auto kept = sampler.distribution(scratch);
        QCOMPARE(kept.size(), golden["kept"].size());
        for (std::size_t i = 0; i < kept.size(); ++i) {
            QCOMPARE(kept[i].token, golden["kept"][i][0].get<TokenId>());
            QVERIFY(std::abs(kept[i].probability - golden["kept"][i][1].get<double>()) < 2e-6);
        }
    }

    /// Top-k over a large vocabulary takes another path than a sort: compare the two.
    void topKOfALargeVocabulary() {
        auto random = altiplano::test::seededRandom();
        for (const std::uint32_t k : {1u, 2u, 40u, 1000u, 30'000u}) {
            std::vector<float> logits = randomLogits(random, 40'001);
            if (k == 40) std::sort(logits.begin(), logits.end()); // the worst order
            for (std::size_t i = 0; i < logits.size(); i += 3)    // many equal ones
                logits[i] = std::round(logits[i]);
            const WordTokenizer tokenizer(logits.size());
            SamplingParams params = everythingOff();
            params.topK = k;
            std::vector<TokenId> ids(logits.size());
            for (std::size_t i = 0; i < ids.size(); ++i)
                ids[i] = static_cast<TokenId>(i);
            std::stable_sort(ids.begin(), ids.end(), [&](TokenId a, TokenId b) {
                return logits[static_cast<std::size_t>(a)] > logits[static_cast<std::size_t>(b)];
            });
            const auto kept = Sampler(params, tokenizer).distribution(logits);
            QCOMPARE(kept.size(), std::size_t(k));
            for (std::size_t i = 0; i < kept.size(); ++i)
                QCOMPARE(kept[i].token, ids[i]);
        }
    }

    void topPOfALargeVocabulary() {
        auto random = altiplano::test::seededRandom();
        for (const float mass : {0.2f, 0.9f, 0.999f}) {
            std::vector<float> logits = randomLogits(random, 30'000, 1.5);
            const WordTokenizer tokenizer(logits.size());
            const auto all = Sampler(everythingOff(), tokenizer).distribution(logits);
            SamplingParams params = everythingOff();
            params.topP = mass;
            const auto kept = Sampler(params, tokenizer).distribution(logits);
            double before = 0; // mass of all kept but the last
            for (std::size_t i = 0; i < kept.size(); ++i) {
                QCOMPARE(kept[i].token, all[i].token);
                if (i + 1 < kept.size()) before += all[i].probability;
            }
            QVERIFY(before < mass + 1e-4);
            QVERIFY(before + all[kept.size() - 1].probability > mass - 1e-4);
        }
    }

    void typicalOfALargeVocabulary() {
        auto random = altiplano::test::seededRandom();
        for (const float mass : {0.2f, 0.9f}) {
            std::vector<float> logits = randomLogits(random, 30'000, 2);
            const WordTokenizer tokenizer(logits.size());
            auto scratch = logits;
            auto all = Sampler(everythingOff(), tokenizer).distribution(scratch);
            double entropy = 0;
            for (const TokenProbability& one : all)
                entropy -= one.probability * std::log(double(one.probability));
            std::ranges::sort(all, {}, [&](const TokenProbability& one) {
                return std::abs(-std::log(double(one.probability)) - entropy);
            });
            SamplingParams params = everythingOff();
            params.typicalP = mass;
            const auto kept = Sampler(params, tokenizer).distribution(logits);
            std::set<TokenId> ids;
            for (const TokenProbability& one : kept)
                ids.insert(one.token);
            double sum = 0;
            for (const TokenProbability& one : all) { // but for rounding where the mass is reached
                if (std::abs(sum - mass) > 1e-3) QCOMPARE(ids.contains(one.token), sum < mass);
                sum += one.probability;
            }
        }
    }

    /// Pearson's chi-square of 20,000 draws against the distribution, with a fixed seed.
    void drawsFollowTheDistribution() {
        std::mt19937_64 random(11);
        const std::vector<float> logits = randomLogits(random, 200, 2);
        const WordTokenizer tokenizer(logits.size());
        SamplingParams params = everythingOff();
        params.topK = 40;
        params.temperature = 0.8f;
        Sampler sampler(params, tokenizer);
        std::vector<float> scratch = logits;
        const auto expected = sampler.distribution(scratch);
        constexpr int kDraws = 20'000;
        std::map<TokenId, int> seen;
        for (int i = 0; i < kDraws; ++i)
            ++seen[sampleCopy(sampler, logits)];
        double chiSquare = 0;
        int drawn = 0;
        for (const TokenProbability& token : expected) {
            const double mean = kDraws * double(token.probability);
            chiSquare += (seen[token.token] - mean) * (seen[token.token] - mean) / mean;
            drawn += seen[token.token];
        }
        QCOMPARE(drawn, kDraws);
        QVERIFY2(chiSquare < 72, qPrintable(QString::number(chiSquare))); // 39 degrees of freedom: p = 0.001
    }

    void xtcIsAppliedAsOftenAsAsked() {
        const std::vector<float> logits = {4, 4, 4, 0};
        const WordTokenizer tokenizer(logits.size());
        SamplingParams params = everythingOff();
        params.xtcProbability = 0.25f;
        Sampler sampler(params, tokenizer);
        int applied = 0;
        for (int i = 0; i < 4000; ++i) {
            std::vector<float> scratch = logits;
            applied += sampler.distribution(scratch).size() == 2;
        }
        QVERIFY(applied > 900 && applied < 1100);
    }

    void mirostatHoldsItsSurprise() {
        std::mt19937_64 random(5);
        const WordTokenizer tokenizer(2000);
        SamplingParams params = everythingOff();
        params.mirostat = true;
        params.mirostatTau = 3;
        Sampler sampler(params, tokenizer);
        double surprise = 0;
        constexpr int kDraws = 3000;
        for (int i = 0; i < kDraws; ++i) {
            const std::vector<float> logits = randomLogits(random, 2000, 2);
            std::vector<float> scratch = logits;
            const auto kept = sampler.distribution(scratch);
            const TokenId token = sampleCopy(sampler, logits);
            const auto at = std::find_if(kept.begin(), kept.end(), [&](auto& k) { return k.token == token; });
            QVERIFY(at != kept.end());
            surprise -= std::log2(at->probability);
        }
        QVERIFY(std::abs(surprise / kDraws - 3) < 0.15);
    }

    void sameSeedSameTokens() {
        std::mt19937_64 random(9);
        const WordTokenizer tokenizer(500);
        std::vector<std::vector<float>> steps(200);
        for (auto& logits : steps)
            logits = randomLogits(random, 500);
        const auto text = [&](std::optional<std::uint64_t> seed) {
            SamplingParams params;
            params.seed = seed;
            params.xtcProbability = 0.5f;
            params.repetitionPenalty = 1.1f;
            params.dryMultiplier = 0.8f;
            Sampler sampler(params, tokenizer);
            std::vector<TokenId> tokens;
            for (const auto& logits : steps) {
                tokens.push_back(sampleCopy(sampler, logits));
                sampler.accept(tokens.back());
            }
            return tokens;
        };
        QVERIFY(text(1) == text(1));
        QVERIFY(text(1) != text(2));
        QVERIFY(text({}) != text({}));
    }

    void theRandomSeedIsTold() {
        const WordTokenizer tokenizer(4);
        QVERIFY(Sampler({}, tokenizer).seed() != Sampler({}, tokenizer).seed());
        SamplingParams params;
        params.seed = 99;
        QCOMPARE(Sampler(params, tokenizer).seed(), std::uint64_t(99));
    }

    void numbersThatAreNotFiniteAreNeverChosen() {
        const WordTokenizer tokenizer(100);
        const float nan = std::numeric_limits<float>::quiet_NaN();
        for (const float temperature : {0.0f, 1.0f})
            for (const std::uint32_t topK : {0u, 5u})
                for (const bool mirostat : {false, true}) {
                    SamplingParams params = everythingOff();
                    params.temperature = temperature;
                    params.topK = topK;
                    params.mirostat = mirostat;
                    Sampler sampler(params, tokenizer);
                    std::vector<float> logits(100, -kInfinity);
                    logits[10] = nan;
                    logits[20] = kInfinity;
                    logits[77] = -5;
                    for (int i = 0; i < 20; ++i)
                        QCOMPARE(sampleCopy(sampler, logits), 77);
                    logits[77] = nan;
                    QCOMPARE(sampleCopy(sampler, logits), 1); // EOS
                }
    }

    void aBiasCanForbidOrForceAToken() {
        const WordTokenizer tokenizer(8);
        SamplingParams params = everythingOff();
        params.logitBias = {{2, -kInfinity}, {4, 100.0f}};
        Sampler sampler(params, tokenizer);
        const std::vector<float> logits = {0, 0, 50, 0, 0, 0, 0, 0};
        for (int i = 0; i < 50; ++i)
            QCOMPARE(sampleCopy(sampler, logits), 4);
    }

    void senselessParametersAreRefused() {
        const WordTokenizer tokenizer(8);
        const auto refused = [&](auto&& change) {
            SamplingParams params;
            change(params);
            try {
                Sampler sampler(params, tokenizer);
            } catch (const Error& error) {
                return error.code() == ErrorCode::BadRequest;
            }
            return false;
        };
        const float nan = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(refused([](SamplingParams& p) { p.temperature = -1; }));
        QVERIFY(refused([&](SamplingParams& p) { p.temperature = nan; }));
        QVERIFY(refused([](SamplingParams& p) { p.topP = 1.5f; }));
        QVERIFY(refused([](SamplingParams& p) { p.minP = -0.1f; }));
        QVERIFY(refused([](SamplingParams& p) { p.typicalP = 2; }));
        QVERIFY(refused([](SamplingParams& p) { p.repetitionPenalty = 0; }));
        QVERIFY(refused([](SamplingParams& p) { p.frequencyPenalty = kInfinity; }));
        QVERIFY(refused([](SamplingParams& p) { p.dryBase = 0; }));
        QVERIFY(refused([](SamplingParams& p) { p.xtcProbability = 3; }));
        QVERIFY(refused([](SamplingParams& p) { p.mirostatTau = -1; }));
        QVERIFY(refused([](SamplingParams& p) { p.logitBias = {{8, 1.0f}}; }));
        QVERIFY(refused([](SamplingParams& p) { p.logitBias = {{-1, 1.0f}}; }));
        QVERIFY(refused([&](SamplingParams& p) { p.logitBias = {{1, nan}}; }));
        QVERIFY(!refused([](SamplingParams&) {}));
    }

private:
    json m_cases;
};

QTEST_APPLESS_MAIN(TestSampler)
#include "tst_sampler.moc"
