#include "engine/model.h"
#include "engine/model_config.h"
#include "engine/scheduler.h"
#include "engine/scoring.h"

#include "support/heard.h"
#include "support/random.h"
#include "support/reference_forward.h"
#include "support/scripted_model.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

#include "kernels/backend.h"

#include <QTest>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

using namespace altiplano::engine;
using namespace altiplano::test;
namespace kernels = altiplano::kernels;
using kernels::QuantType;

namespace {

/// What rounding activations to int8 may cost (normalized error of the worst position).
constexpr double kRounded = 1e-2;

using Rows = std::vector<std::vector<float>>;
using Change = std::function<void(GgufWriter&)>;

std::vector<TokenId> randomTokens(std::mt19937_64& random, std::size_t count, std::uint32_t vocabulary) {
    std::vector<TokenId> tokens(count);
    for (TokenId& token : tokens)
        token = static_cast<TokenId>(random() % vocabulary);
    return tokens;
}

Rows score(const Model& model, std::span<const TokenId> tokens, ScoringOptions options = {}) {
    Rows rows;
    scoreTokens(
        model, tokens,
        [&](std::uint32_t position, std::span<const float> logits) {
            if (position == rows.size()) rows.emplace_back(logits.begin(), logits.end());
        },
        options);
    return rows;
}

double worst(const Rows& actual, const std::vector<std::vector<double>>& expected) {
    double error = actual.size() == expected.size() ? 0 : 1e9;
    for (std::size_t i = 0; error < 1e9 && i < actual.size(); ++i)
        error = std::max(error, normalizedError(actual[i], expected[i]));
    return error;
}

std::vector<std::vector<double>> widened(const Rows& rows) {
    std::vector<std::vector<double>> wide;
    for (const auto& row : rows)
        wide.emplace_back(row.begin(), row.end());
    return wide;
}

TinyModelOptions options(const std::function<void(TinyModelOptions&)>& change) {
    TinyModelOptions result;
    change(result);
    return result;
}

/// The instruction sets that this CPU has.
std::vector<std::string> instructionSets() {
    std::vector<std::string> sets;
    for (const char* name : {"scalar", "avx2", "avx512", "avx512bf16", "amx"}) {
        try {
            kernels::createCpuBackend({1, name});
            sets.push_back(name);
        } catch (const kernels::BackendError&) {
        }
    }
    return sets;
}

/// True for the sets that multiply a row alone and among others bit for bit the same. AMX multiplies several
/// rows as bfloat16.
bool isExact(const std::string& instructions) {
    return instructions != "amx";
}

/// The widest of those here.
std::string exactInstructions() {
    const auto sets = instructionSets();
    return std::find(sets.begin(), sets.end(), "avx2") != sets.end() ? "avx2" : "scalar";
}

LoadOptions onCpu(const std::string& instructions, std::uint32_t threads = 1) {
    LoadOptions options;
    options.backend = BackendChoice::Cpu;
    options.threads = threads;
    options.instructions = instructions;
    return options;
}

/// Sizes that every block format divides.
TinyModelOptions ofType(QuantType type) {
    return options([&](TinyModelOptions& o) {
        o.hidden = o.feedForward = 256;
        o.allOf(type);
    });
}

} // namespace

/// The engine's logits on the CPU against a float64 forward pass that shares no code with them.
class TestForward : public QObject {
    Q_OBJECT

private slots:
    void logitsEqualTheReference_data() {
        QTest::addColumn<TinyModelOptions>("model");
        QTest::addColumn<Change>("change");
        QTest::addColumn<double>("limit");
        // The worst position's error. K/V are f16; with quantized weights the fast kernels' activations are
        // int8.
        constexpr double kExact = 1e-5;
        const auto add = [](const char* name, const TinyModelOptions& model, double limit,
                            const Change& change = {}) { QTest::newRow(name) << model << change << limit; };
        add("plain", {}, kExact);
        add("multi-head", options([](auto& o) { o.kvHeads = o.heads; }), kExact);
        add("multi-query", options([](auto& o) { o.kvHeads = 1; }), kExact);
        add("tied embedding", options([](auto& o) { o.tied = true; }), kExact);
        add("biases of q, k, v", options([](auto& o) { o.attentionBiases = true; }), kExact);
        add("all biases", options([](auto& o) { o.allBiases = true; }), kExact);
        add("qwen2", options([](auto& o) { o.architecture = "qwen2"; }), kExact);
        add("rope_freqs", options([](auto& o) { o.ropeFreqs = true; }), kExact);
        add("rope base", options([](auto& o) { o.ropeBase = 500'000; }), kExact);
        add("sliding window", options([](auto& o) { o.slidingWindow = 17; }), kExact);
        add("wide heads", options([](auto& o) { o.headDim = 32; }), kExact);
        add("narrow heads", options([](auto& o) { o.headDim = 8; }), kExact);
        add("odd sizes", options([](auto& o) {
                o.hidden = 96;
                o.heads = 3;
                o.kvHeads = 1;
                o.feedForward = 160;
                o.vocabularySize = 611;
            }),
            kExact);
        add("linear scaling", {}, kExact, [](GgufWriter& writer) {
            writer.set("llama.rope.scaling.type", std::string("linear"));
            writer.set("llama.rope.scaling.factor", 4.0f);
        });
        add("YaRN", options([](auto& o) { o.headDim = 32; }), kExact, [](GgufWriter& writer) {
            writer.set("llama.rope.scaling.type", std::string("yarn"));
            writer.set("llama.rope.scaling.factor", 4.0f);
            writer.set("llama.rope.scaling.original_context_length", std::uint32_t(128));
        });
        for (const QuantType type : {QuantType::F16, QuantType::BF16})
            add(kernels::quantTraits(type).name.data(), ofType(type), kExact);
        for (const QuantType type :
             {QuantType::Q4_0, QuantType::Q4_1, QuantType::Q5_0, QuantType::Q5_1, QuantType::Q8_0,
              QuantType::Q2_K, QuantType::Q3_K, QuantType::Q4_K, QuantType::Q5_K, QuantType::Q6_K,
              QuantType::IQ4_NL, QuantType::IQ4_XS, QuantType::TQ1_0, QuantType::TQ2_0, QuantType::MXFP4})
            add(kernels::quantTraits(type).name.data(), ofType(type), kRounded);
    }

    void logitsEqualTheReference() {
        QFETCH(TinyModelOptions, model);
        QFETCH(Change, change);
        QFETCH(double, limit);
        auto random = seededRandom();
        const TemporaryFolder folder;
        GgufWriter writer = tinyModelWriter(model);
        if (change) change(writer);
        writer.write(folder.path() / "tiny.gguf");
        const GgufFile file = GgufFile::open(folder.path() / "tiny.gguf");
        const auto tokens = randomTokens(random, 70, ModelConfig::fromGguf(file).shape.vocabulary);
        const auto expected = ReferenceForward(file).logits(tokens);

        for (const std::string& instructions : instructionSets()) {
            const auto loaded = Model::load(folder.path() / "tiny.gguf", onCpu(instructions));
            for (const std::uint32_t chunk : {1u, 70u}) {
                ScoringOptions scoring;
                scoring.chunk = chunk;
                const double error = worst(score(*loaded, tokens, scoring), expected);
                const QString what =
                    QString("%1, chunk %2: %3").arg(instructions.c_str()).arg(chunk).arg(error);
                if (qEnvironmentVariableIsSet("ALTIPLANO_SHOW_ERRORS")) qInfo().noquote() << what;
                const bool toBf16 = instructions == "amx" || (instructions == "avx512bf16" &&
                                                              !qstrcmp(QTest::currentDataTag(), "BF16"));
                const double allowed = instructions == "scalar" ? 5e-5 : toBf16 ? kRounded : limit;
                QVERIFY2(error < allowed, qPrintable(what));
            }
        }
    }

    /// K and V in q8_0 blocks cost precision, but not much.
    void quantizedKvIsClose() {
        auto random = seededRandom();
        const auto loaded = loadTiny({});
        const auto tokens = randomTokens(random, 200, loaded->config().shape.vocabulary);
        ScoringOptions scoring;
        scoring.kvType = KvType::Q8_0;
        const double error = worst(score(*loaded, tokens, scoring), widened(score(*loaded, tokens)));
        QVERIFY2(error < 1e-2 && error > 0, qPrintable(QString::number(error)));
    }

    void chunksDoNotMatter_data() {
        QTest::addColumn<TinyModelOptions>("model");
        QTest::addColumn<double>("limit");
        QTest::newRow("F32") << TinyModelOptions() << 1e-6; // a bit may tip the rounding of K or V to f16
        for (const QuantType type : {QuantType::Q4_0, QuantType::Q4_1, QuantType::Q5_0, QuantType::Q5_1,
                                     QuantType::Q8_0, QuantType::Q2_K, QuantType::Q3_K, QuantType::Q5_K,
                                     QuantType::Q6_K, QuantType::IQ4_NL, QuantType::MXFP4})
            QTest::newRow(kernels::quantTraits(type).name.data()) << ofType(type) << 0.0;
        QTest::newRow("Q4_K, window") << options([](TinyModelOptions& o) {
            o = ofType(QuantType::Q4_K);
            o.slidingWindow = 33;
        }) << 0.0;
    }

    /// Prefill equals decode row by row, for any chunk; where activations are rounded to int8, bit for bit.
    /// (One bit's difference would tip the rounding of a later one, and after a few layers the answers would
    /// differ by as much as the rounding costs: regenerating an answer would not give the same text.)
    void chunksDoNotMatter() {
        QFETCH(TinyModelOptions, model);
        QFETCH(double, limit);
        auto random = seededRandom();
        for (const std::string& instructions : instructionSets()) {
            if (instructions == "scalar" && limit == 0) continue; // slow, and the same code for every type
            const auto loaded = loadTiny(model, instructions);
            const auto tokens = randomTokens(random, 200, loaded->config().shape.vocabulary);
            ScoringOptions scoring;
            scoring.chunk = 200;
            const auto whole = widened(score(*loaded, tokens, scoring));
            for (const std::uint32_t chunk : {1u, 2u, 7u, 64u, 65u}) {
                scoring.chunk = chunk;
                const double error = worst(score(*loaded, tokens, scoring), whole);
                const QString what =
                    QString("%1, chunk %2: %3").arg(instructions.c_str()).arg(chunk).arg(error);
                QVERIFY2(error <= (isExact(instructions) ? limit : kRounded), qPrintable(what));
            }
        }
    }

    /// Several sequences in one batch, their pages anywhere, prompts and decodes mixed: each row's logits are
    /// those of its sequence alone.
    void batchMixesAndPageLayoutsDoNotMatter() {
        auto random = seededRandom();
        for (const TinyModelOptions& model : {TinyModelOptions(), ofType(QuantType::Q4_0)}) {
            const auto loaded = loadTiny(model, exactInstructions(), 3);
            const std::uint32_t vocabulary = loaded->config().shape.vocabulary;
            for (int round = 0; round < 5; ++round) {
                struct Text {
                    std::vector<TokenId> tokens;
                    std::vector<std::vector<double>> expected;
                    std::vector<std::uint32_t> pages;
                    std::uint32_t done = 0;
                };
                std::vector<std::uint32_t> free(40);
                std::iota(free.begin(), free.end(), 0u);
                std::shuffle(free.begin(), free.end(), random);
                std::vector<Text> texts(2 + random() % 4);
                for (Text& text : texts) {
                    text.tokens = randomTokens(random, 1 + random() % 200, vocabulary);
                    text.expected = widened(score(*loaded, text.tokens));
                    for (std::size_t i = 0; i < (text.tokens.size() + 63) / 64; ++i) {
                        text.pages.push_back(free.back());
                        free.pop_back();
                    }
                }
                const auto state = loaded->program().createState({256, 40, kernels::KvType::F16});
                while (true) {
                    std::vector<kernels::BatchRow> rows;
                    std::vector<kernels::SequencePages> tables;
                    std::vector<std::pair<std::size_t, std::uint32_t>> wanted;
                    for (std::size_t t = 0; t < texts.size(); ++t) {
                        Text& text = texts[t];
                        const auto left = static_cast<std::uint32_t>(text.tokens.size()) - text.done;
                        const auto count =
                            std::min(left, static_cast<std::uint32_t>(random() % 3 ? 1 : random() % 60));
                        if (count == 0) continue;
                        for (std::uint32_t i = 0; i < count; ++i, ++text.done) {
                            const bool wants = random() % 2;
                            if (wants) wanted.emplace_back(t, text.done);
                            rows.push_back({text.tokens[text.done], text.done,
                                            static_cast<std::uint32_t>(tables.size()), wants});
                        }
                        tables.push_back({text.pages});
                    }
                    if (rows.empty()) {
                        const bool ended = std::all_of(texts.begin(), texts.end(), [](const Text& t) {
                            return t.done == t.tokens.size();
                        });
                        if (ended) break;
                        continue;
                    }
                    std::vector<float> logits(wanted.size() * vocabulary);
                    kernels::ExecuteTimes times;
                    QVERIFY(loaded->program().execute(*state, {rows, tables}, logits, {}, {}, &times));
                    for (std::size_t i = 0; i < wanted.size(); ++i) {
                        const double error =
                            normalizedError(std::span(logits).subspan(i * vocabulary, vocabulary),
                                            texts[wanted[i].first].expected[wanted[i].second]);
                        QVERIFY2(error < 1e-6, qPrintable(QString::number(error)));
                    }
                }
            }
        }
    }

    /// The scheduler's greedy answer is the argmax of the scored logits, step by step.
    void theSchedulerDecodesWhatScoringSays() {
        auto random = seededRandom();
        const auto loaded = loadTiny(ofType(QuantType::Q8_0), exactInstructions());
        const auto prompt = randomTokens(random, 90, loaded->config().shape.vocabulary);
        Scheduler scheduler(loaded, {});
        Heard heard;
        GenerationRequest request = ScriptedModel::request(prompt, 24);
        request.ignoreEos = true;
        scheduler.submit(request, heard.listener());
        runAll(scheduler);
        QVERIFY(heard.finishedWith(FinishReason::Length));

        std::vector<TokenId> text = prompt;
        text.insert(text.end(), heard.ids.begin(), heard.ids.end());
        const Rows rows = score(*loaded, text);
        for (std::size_t i = 0; i < heard.ids.size(); ++i) {
            const auto& row = rows[prompt.size() - 1 + i];
            const float chosen = row[static_cast<std::size_t>(heard.ids[i])];
            QVERIFY(chosen >= *std::max_element(row.begin(), row.end()) - 1e-3f); // equal up to ties
        }
    }

    void longTextsAreScored() {
        auto random = seededRandom();
        const auto loaded = loadTiny({}, exactInstructions());
        const auto tokens = randomTokens(random, 2100, loaded->config().shape.vocabulary);
        const Rows rows = score(*loaded, tokens);
        QCOMPARE(rows.size(), tokens.size());
        const Rows shorter = score(*loaded, std::span(tokens).first(2050));
        QVERIFY(normalizedError(shorter.back(), widened({rows[2049]})[0]) < 1e-6);
    }

    void scoringStopsAndRefuses() {
        const auto loaded = loadTiny({});
        const std::vector<TokenId> tokens(500, 5);
        std::stop_source stop;
        ScoringOptions scoring;
        scoring.chunk = 10;
        std::uint32_t heard = 0;
        const auto codeOf = [&](const std::vector<TokenId>& ids) {
            try {
                scoreTokens(
                    *loaded, ids,
                    [&](std::uint32_t, std::span<const float>) {
                        if (++heard == 25) stop.request_stop();
                    },
                    scoring, stop.get_token());
            } catch (const Error& error) {
                return static_cast<int>(error.code());
            }
            return -1;
        };
        QCOMPARE(codeOf(tokens), static_cast<int>(ErrorCode::Cancelled));
        QCOMPARE(heard, 30u);
        QCOMPARE(codeOf({1, 100'000}), static_cast<int>(ErrorCode::BadRequest));
        QCOMPARE(codeOf({-1}), static_cast<int>(ErrorCode::BadRequest));
        QCOMPARE(codeOf({}), -1);
    }

private:
    static std::shared_ptr<const Model> loadTiny(const TinyModelOptions& options,
                                                 const std::string& instructions = "auto",
                                                 std::uint32_t threads = 1) {
        const TemporaryFolder folder;
        return Model::load(writeTinyModel(folder.path() / "tiny.gguf", options),
                           onCpu(instructions, threads));
    }
};

QTEST_APPLESS_MAIN(TestForward)
#include "tst_forward.moc"
