#include "engine/gguf_file.h"
#include "engine/model_config.h"
#include "kernels/tensor_view.h"
#include "support/quantize.h"
#include "support/tiny_model.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace altiplano;
using kernels::QuantType;

/// The other tests stand on tiny models and their weights: these must be what they say.
class TestTinyModel : public QObject {
    Q_OBJECT
private slots:
    void everyType_data() {
        QTest::addColumn<std::uint32_t>("type");
        for (std::uint32_t type = 0; type < 64; ++type)
            if (const kernels::QuantTraits* traits = kernels::findQuantTraits(type))
                QTest::newRow(traits->name.data()) << type;
    }
    void everyType() {
        QFETCH(std::uint32_t, type);
        test::TinyModelOptions options;
        options.hidden = options.feedForward = 256;
        const std::vector<std::byte> bytes = test::tinyModel(options.allOf(static_cast<QuantType>(type)));
        const auto file = engine::GgufFile::fromMemory(bytes, "tiny.gguf");
        engine::ModelConfig::fromGguf(file);
        for (const char* name : {"token_embd.weight", "blk.1.attn_q.weight", "blk.0.ffn_down.weight"}) {
            const kernels::TensorView view = file.tensor(name)->view();
            QCOMPARE(static_cast<std::uint32_t>(view.type), type);
            std::vector<float> weights(static_cast<std::size_t>(view.rows * view.columns));
            kernels::dequantize(view.type, view.data, weights.data(), weights.size());
            double squares = 0;
            for (const float weight : weights)
                squares += static_cast<double>(weight) * weight;
            const double deviation = std::sqrt(squares / static_cast<double>(weights.size()));
            QVERIFY2(deviation > 0.9 / 16 && deviation < 1.2 / 16,
                     qPrintable(QString::number(deviation * 16)));
        }
    }

    /// No quantized weight is further from the truth than half a step of its block's scale (and what rounding
    /// that scale to half a float costs).
    void quantizesToTheNearest_data() {
        QTest::addColumn<std::uint32_t>("type");
        QTest::addColumn<float>("steps");
        QTest::newRow("F16") << std::uint32_t(QuantType::F16) << 1024.0f;
        QTest::newRow("BF16") << std::uint32_t(QuantType::BF16) << 128.0f;
        QTest::newRow("Q4_0") << std::uint32_t(QuantType::Q4_0) << 8.0f;
        QTest::newRow("Q4_1") << std::uint32_t(QuantType::Q4_1) << 7.5f;
        QTest::newRow("Q5_0") << std::uint32_t(QuantType::Q5_0) << 16.0f;
        QTest::newRow("Q5_1") << std::uint32_t(QuantType::Q5_1) << 15.5f;
        QTest::newRow("Q8_0") << std::uint32_t(QuantType::Q8_0) << 127.0f;
    }
    void quantizesToTheNearest() {
        QFETCH(std::uint32_t, type);
        QFETCH(float, steps);
        std::mt19937_64 random(7);
        std::normal_distribution<float> normal(0.1f, 1);
        for (int round = 0; round < 200; ++round) {
            std::vector<float> weights(32), back(32);
            for (float& weight : weights)
                weight = normal(random);
            const auto blocks = test::quantize(static_cast<QuantType>(type), weights);
            kernels::dequantize(static_cast<QuantType>(type), blocks.data(), back.data(), 32);
            const auto [low, high] = std::ranges::minmax(weights);
            const float largest = std::max(-low, high);
            // The formats around zero have one step less on the side opposite to the largest weight.
            const bool aroundZero =
                type == std::uint32_t(QuantType::Q4_0) || type == std::uint32_t(QuantType::Q5_0);
            const float step = largest / steps,
                        allowed = step * (aroundZero ? 1.01f : 0.51f) + largest / 1024;
            for (std::size_t i = 0; i < 32; ++i)
                QVERIFY(std::abs(weights[i] - back[i]) <= allowed);
        }
    }

    void sameOptionsGiveTheSameBytes() {
        test::TinyModelOptions options;
        QVERIFY(test::tinyModel(options) == test::tinyModel(options));
        const std::vector<std::byte> first = test::tinyModel(options);
        options.seed = 2;
        QVERIFY(test::tinyModel(options) != first);
    }
};

QTEST_APPLESS_MAIN(TestTinyModel)
#include "tst_tiny_model.moc"
