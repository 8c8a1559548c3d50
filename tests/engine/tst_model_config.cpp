#include "engine/error.h"
#include "engine/gguf_file.h"
#include "engine/model_config.h"
#include "support/quantize.h"
#include "support/tiny_model.h"

#include <QFile>
#include <QTest>

#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

using namespace altiplano;
using engine::ErrorCode;
using engine::ModelConfig;
using kernels::QuantType;
using test::GgufWriter;

namespace {

ModelConfig configOf(const GgufWriter& writer) {
    const std::vector<std::byte> bytes = writer.bytes();
    return ModelConfig::fromGguf(engine::GgufFile::fromMemory(bytes, "tiny.gguf"));
}

using Change = std::function<void(GgufWriter&)>;

std::vector<std::byte> zeros(std::size_t count) {
    return test::quantize(QuantType::F32, std::vector<float>(count));
}

} // namespace

Q_DECLARE_METATYPE(Change)

class TestModelConfig : public QObject {
    Q_OBJECT
private slots:
    void readsLlama() {
        test::TinyModelOptions options;
        options.slidingWindow = 100;
        options.tied = true;
        options.normEpsilon = 1e-6f;
        const ModelConfig config = configOf(test::tinyModelWriter(options));
        QCOMPARE(config.architecture, "llama");
        QCOMPARE(config.name, "Tiny random model");
        QCOMPARE(config.quantization, "F32");
        QCOMPARE(config.shape.layers, 2u);
        QCOMPARE(config.shape.hidden, 64u);
        QCOMPARE(config.shape.heads, 4u);
        QCOMPARE(config.shape.kvHeads, 2u);
        QCOMPARE(config.shape.headDim, 16u);
        QCOMPARE(config.shape.feedForward, 128u);
        QCOMPARE(config.contextLength, 512u);
        QCOMPARE(config.normEpsilon, 1e-6f);
        QCOMPARE(config.attentionScale, 0.25f);
        QCOMPARE(config.slidingWindow, 100u);
        QVERIFY(config.rope.pairing == kernels::RopePairing::Adjacent);
        QVERIFY(config.tiedEmbeddings);
        const std::uint64_t layer = 2 * 64 * 64 + 2 * 32 * 64 + 3 * 64 * 128 + 2 * 64;
        QCOMPARE(config.parameters, 2 * layer + 64 + std::uint64_t(config.shape.vocabulary) * 64);
    }

    void readsQwen2() {
        test::TinyModelOptions options;
        options.architecture = "qwen2";
        options.vocabulary = test::TinyVocabulary::Bpe;
        options.headDim = 32;
        const ModelConfig config = configOf(test::tinyModelWriter(options));
        QVERIFY(config.rope.pairing == kernels::RopePairing::Halves);
        QCOMPARE(config.shape.headDim, 32u);
        QCOMPARE(config.rope.inverseFrequency.size(), std::size_t{16});
        QVERIFY(!config.tiedEmbeddings);
    }

    void namesTheQuantization() {
        test::TinyModelOptions options;
        options.hidden = 256;
        options.feedForward = 256;
        GgufWriter writer = test::tinyModelWriter(options.allOf(QuantType::Q4_K));
        QCOMPARE(configOf(writer).quantization, "Q4_K");
        QCOMPARE(configOf(writer.set("general.file_type", std::uint32_t{15})).quantization, "Q4_K_M");
        QCOMPARE(configOf(writer.set("general.file_type", std::uint32_t{9999})).quantization, "Q4_K");
    }

    void takesOptionalNumbers() {
        GgufWriter writer = test::tinyModelWriter();
        QCOMPARE(configOf(writer.set("llama.attention.scale", 0.5f)).attentionScale, 0.5f);
        QCOMPARE(configOf(writer.set("general.name", std::string("a\nb\xff"))).name, "a?b\uFFFD");
        QCOMPARE(configOf(writer.erase("general.name")).name, "tiny");
        QCOMPARE(configOf(writer.set("llama.feed_forward_length", std::vector<std::int32_t>{128, 128}))
                     .shape.feedForward,
                 128u);
        QCOMPARE(configOf(writer.erase("llama.rope.dimension_count")).rope.inverseFrequency.size(),
                 std::size_t{8});
        QCOMPARE(configOf(writer.erase("llama.rope.freq_base")).rope.inverseFrequency[1],
                 std::pow(1e4f, -1 / 8.0f));
        writer.set("llama.attention.sliding_window", std::uint32_t{9});
        writer.set("llama.attention.sliding_window_pattern", std::vector<bool>{true, true});
        QCOMPARE(configOf(writer).slidingWindow, 9u);
        writer.set("llama.attention.sliding_window_pattern", std::vector<bool>{false, false});
        QCOMPARE(configOf(writer).slidingWindow, 0u);
    }

    /// rope.json: Hugging Face's formulas in numpy.
    void ropeEqualsTransformers_data() {
        QTest::addColumn<QByteArray>("golden");
        QFile file(TEST_DATA "/rope.json");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        for (const nlohmann::json& golden : nlohmann::json::parse(text.begin(), text.end()))
            QTest::newRow(golden["name"].get<std::string>().c_str())
                << QByteArray::fromStdString(golden.dump());
    }
    void ropeEqualsTransformers() {
        QFETCH(QByteArray, golden);
        const nlohmann::json wanted = nlohmann::json::parse(golden.begin(), golden.end());
        test::TinyModelOptions options;
        options.headDim = wanted["dimensions"];
        options.heads = 2;
        options.kvHeads = 1;
        GgufWriter writer = test::tinyModelWriter(options);
        for (const auto& [key, value] : wanted["numbers"].items())
            if (value.is_number_integer())
                writer.set("llama." + key, value.get<std::uint32_t>());
            else
                writer.set("llama." + key, value.get<float>());
        if (wanted["type"].is_string())
            writer.set("llama.rope.scaling.type", wanted["type"].get<std::string>());
        if (wanted["divisors"].is_array()) {
            const auto divisors = wanted["divisors"].get<std::vector<float>>();
            writer.addTensor("rope_freqs.weight", QuantType::F32, {divisors.size()},
                             test::quantize(QuantType::F32, divisors));
        }
        const kernels::Rope rope = configOf(writer).rope;
        const auto frequencies = wanted["inverseFrequency"].get<std::vector<double>>();
        QCOMPARE(rope.inverseFrequency.size(), frequencies.size());
        for (std::size_t i = 0; i < frequencies.size(); ++i)
            QVERIFY2(std::abs(rope.inverseFrequency[i] - frequencies[i]) <= 1.2e-7 * frequencies[i],
                     qPrintable(QString("pair %1").arg(i)));
        QVERIFY(std::abs(rope.magnitude - wanted["magnitude"].get<double>()) < 1e-6);
    }

    void ropeWithoutScaling() {
        GgufWriter writer = test::tinyModelWriter();
        const std::vector<float> plain = configOf(writer).rope.inverseFrequency;
        writer.set("llama.rope.scaling.factor", 4.0f).set("llama.rope.scaling.type", std::string("none"));
        QVERIFY(configOf(writer).rope.inverseFrequency == plain);
        writer.set("llama.rope.scaling.factor", 0.0f).set("llama.rope.scaling.type", std::string("linear"));
        QVERIFY(configOf(writer).rope.inverseFrequency == plain);
        writer.erase("llama.rope.scaling.factor").set("llama.rope.scale_linear", 2.0f);
        QCOMPARE(configOf(writer).rope.inverseFrequency[0], 0.5f);
    }

    void refusesContradictions_data() {
        QTest::addColumn<Change>("change");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("reason");
        const auto add = [](const char* name, ErrorCode code, const char* reason, Change change) {
            QTest::newRow(name) << std::move(change) << static_cast<int>(code) << QByteArray(reason);
        };
        const auto bad = [&](const std::string& key, auto value, const char* reason) {
            add((key + " " + reason).c_str(), ErrorCode::BadFile, reason,
                [key, value](GgufWriter& w) { w.set("llama." + key, value); });
        };
        const auto unsupported = [&](const std::string& key, auto value, const char* reason) {
            add((key + " " + reason).c_str(), ErrorCode::Unsupported, reason,
                [key, value](GgufWriter& w) { w.set("llama." + key, value); });
        };
        const float nan = std::numeric_limits<float>::quiet_NaN();
        bad("block_count", std::uint32_t{0}, "'llama.block_count': is not a plausible number");
        bad("block_count", std::uint32_t{3}, "'blk.2.attn_norm.weight' is missing");
        bad("block_count", std::uint32_t{0xffffffff}, "not a plausible number");
        bad("block_count", std::uint32_t{0x7fffffff}, "'blk.2.attn_norm.weight' is missing");
        bad("block_count", std::string("two"), "a number is expected");
        unsupported("block_count", std::uint32_t{1}, "'blk.1.attn_norm.weight' has no place");
        add("embedding_length that the tensors do not have", ErrorCode::BadFile,
            "the hyperparameters ask for 128", [](GgufWriter& w) {
                w.set("llama.embedding_length", std::uint32_t{128}).erase("llama.rope.dimension_count");
            });
        bad("embedding_length", 64.5f, "not a plausible number");
        bad("feed_forward_length", std::uint32_t{96}, "blk.0.ffn_gate.weight");
        unsupported("feed_forward_length", std::vector<std::uint32_t>{128, 64},
                    "differs from layer to layer");
        bad("feed_forward_length", std::vector<std::uint32_t>{}, "is missing");
        bad("feed_forward_length", std::vector<std::uint8_t>(20'000, 128), "a list of 20000 layers");
        bad("attention.head_count", std::uint32_t{0}, "not a plausible number");
        bad("attention.head_count", std::int32_t{-4}, "not a plausible number");
        bad("attention.head_count", std::uint32_t{6}, "cannot be divided among 6 heads");
        bad("attention.head_count", std::uint32_t{3}, "3 heads cannot share 2");
        unsupported("attention.head_count", std::vector<std::uint32_t>{4, 2}, "differs from layer to layer");
        bad("attention.head_count_kv", std::uint32_t{3}, "4 heads cannot share 3");
        bad("attention.head_count_kv", std::uint32_t{8}, "4 heads cannot share 8");
        bad("attention.head_count_kv", std::uint32_t{0}, "not a plausible number");
        bad("attention.head_count_kv", std::uint32_t{4}, "blk.0.attn_k.weight");
        add("attention.key_length of gigabytes", ErrorCode::BadFile, "blk.0.attn_q.weight",
            [](GgufWriter& w) {
                w.set("llama.attention.key_length", std::uint32_t{0x7ffffffe})
                    .erase("llama.rope.dimension_count");
            });
        unsupported("attention.value_length", std::uint32_t{8}, "differs from the key length");
        unsupported("rope.dimension_count", std::uint32_t{8}, "only whole heads are rotated");
        bad("rope.freq_base", nan, "not a number above 0");
        bad("rope.freq_base", 1.0f, "is not above 1");
        bad("rope.freq_base", 0.0f, "not a number above 0");
        bad("rope.scaling.factor", -1.0f, "not a number above 0");
        unsupported("rope.scaling.type", std::string("longrope"), "scaling of the kind 'longrope'");
        bad("attention.layer_norm_rms_epsilon", nan, "not a number above 0");
        bad("attention.layer_norm_rms_epsilon", 2.0f, "not a plausible number");
        bad("context_length", std::uint32_t{0}, "not a plausible number");
        bad("vocab_size", std::uint32_t{5}, "'token_embd.weight' has");
        unsupported("expert_count", std::uint32_t{8}, "a mixture of experts is not supported");
        unsupported("logit_scale", 0.5f, "variation of the architecture");

        const auto unsupportedTensor = [&](const char* name) {
            add(name, ErrorCode::Unsupported, "has no place in a model",
                [name](GgufWriter& w) { w.addTensor(name, QuantType::F32, {64}, zeros(64)); });
        };
        unsupportedTensor("blk.0.attn_q_norm.weight");
        unsupportedTensor("blk.7.attn_norm.weight");
        unsupportedTensor("blk.0.attn_q.scale");
        add("norm of another type", ErrorCode::Unsupported, "norms and biases must be F32",
            [](GgufWriter& w) {
                w.addTensor("output_norm.weight", QuantType::F16, {64}, std::vector<std::byte>(128));
            });
        add("bias of another size", ErrorCode::BadFile, "blk.1.attn_q.bias",
            [](GgufWriter& w) { w.addTensor("blk.1.attn_q.bias", QuantType::F32, {63}, zeros(63)); });
        add("matrix as a cube", ErrorCode::BadFile, "blk.0.attn_q.weight", [](GgufWriter& w) {
            w.addTensor("blk.0.attn_q.weight", QuantType::F32, {64, 32, 2}, zeros(64 * 64));
        });
        add("rope_freqs of another size", ErrorCode::BadFile, "8 pairs",
            [](GgufWriter& w) { w.addTensor("rope_freqs.weight", QuantType::F32, {4}, zeros(4)); });
        add("rope_freqs of zeros", ErrorCode::BadFile, "a divisor that is not a number above 0",
            [](GgufWriter& w) { w.addTensor("rope_freqs.weight", QuantType::F32, {8}, zeros(8)); });
        add("missing tensor", ErrorCode::BadFile, "'blk.1.ffn_up.weight' is missing",
            [](GgufWriter& w) { w.eraseTensor("blk.1.ffn_up.weight"); });
        add("missing embedding", ErrorCode::BadFile, "'token_embd.weight' is missing",
            [](GgufWriter& w) { w.eraseTensor("token_embd.weight"); });
        add("missing key", ErrorCode::BadFile, "'llama.context_length': is missing",
            [](GgufWriter& w) { w.erase("llama.context_length"); });
        add("missing architecture", ErrorCode::BadFile, "'general.architecture'",
            [](GgufWriter& w) { w.erase("general.architecture"); });
        add("other architecture", ErrorCode::Unsupported, "the architecture 'gemma3' is not supported",
            [](GgufWriter& w) { w.set("general.architecture", std::string("gemma3")); });
        add("adapter", ErrorCode::Unsupported, "of the type 'adapter'",
            [](GgufWriter& w) { w.set("general.type", std::string("adapter")); });
        add("tokens", ErrorCode::BadFile, "there are 1 tokens",
            [](GgufWriter& w) { w.set("tokenizer.ggml.tokens", std::vector<std::string>{"one"}); });
        add("window in some layers", ErrorCode::Unsupported, "in some layers only", [](GgufWriter& w) {
            w.set("llama.attention.sliding_window", std::uint32_t{9});
            w.set("llama.attention.sliding_window_pattern", std::vector<bool>{true, false});
        });
        add("yarn betas", ErrorCode::BadFile, "yarn_beta_fast", [nan](GgufWriter& w) {
            w.set("llama.rope.scaling.type", std::string("yarn"))
                .set("llama.rope.scaling.yarn_beta_fast", nan);
        });
        add("yarn extrapolation", ErrorCode::BadFile, "is not from 0 to 1", [](GgufWriter& w) {
            w.set("llama.rope.scaling.type", std::string("yarn"))
                .set("llama.rope.scaling.yarn_ext_factor", 7.0f);
        });
    }
    void refusesContradictions() {
        QFETCH(Change, change);
        QFETCH(int, code);
        QFETCH(QByteArray, reason);
        GgufWriter writer = test::tinyModelWriter();
        configOf(writer);
        change(writer);
        try {
            configOf(writer);
            QFAIL("not refused");
        } catch (const engine::Error& error) {
            const std::string sentence = error.what();
            QVERIFY2(sentence.starts_with("tiny.gguf: ") && sentence.find('\n') == sentence.npos,
                     error.what());
            QVERIFY2(sentence.find(reason.toStdString()) != sentence.npos, error.what());
            QCOMPARE(static_cast<int>(error.code()), code);
        }
    }

    void refusesAFileWithoutWeights() {
        GgufWriter writer;
        writer.set("general.architecture", std::string("llama"));
        for (const char* key :
             {"block_count", "embedding_length", "feed_forward_length", "attention.head_count"})
            writer.set(std::string("llama.") + key, std::uint32_t{1});
        try {
            writer.set("llama.embedding_length", std::uint32_t{2});
            configOf(writer);
            QFAIL("not refused");
        } catch (const engine::Error& error) {
            QCOMPARE(QByteArray(error.what()),
                     QByteArray("tiny.gguf: the file has no weights, only metadata"));
        }
    }
};

QTEST_APPLESS_MAIN(TestModelConfig)
#include "tst_model_config.moc"
