#include "kernels/half.h"
#include "kernels/quant_type.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTest>

#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

using namespace altiplano::kernels;

namespace {

/// The numbers that make_dequantize.py makes: SplitMix64's.
std::vector<std::byte> randomBytes(std::uint64_t seed, std::size_t count) {
    std::vector<std::byte> bytes((count + 7) / 8 * 8);
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
        std::uint64_t z = seed += 0x9E3779B97F4A7C15u;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
        z = (z ^ z >> 27) * 0x94D049BB133111EBu;
        z ^= z >> 31;
        std::memcpy(&bytes[i], &z, 8);
    }
    bytes.resize(count);
    return bytes;
}

const QuantTraits* traitsOf(const QByteArray& name) {
    for (std::uint32_t type = 0; type < 64; ++type)
        if (const QuantTraits* traits = findQuantTraits(type); traits && name == traits->name.data())
            return traits;
    return nullptr;
}

std::vector<std::uint32_t> bitsOf(const std::vector<float>& weights) {
    std::vector<std::uint32_t> bits;
    for (const float weight : weights)
        bits.push_back(std::isnan(weight) ? 0x7fc00000u : std::bit_cast<std::uint32_t>(weight));
    return bits;
}

} // namespace

class TestDequantize : public QObject {
    Q_OBJECT
private slots:
    void equalsPyPiGguf_data() {
        QTest::addColumn<QByteArrayList>("golden");
        QFile file(TEST_DATA "/dequantize.txt");
        QVERIFY(file.open(QIODevice::ReadOnly));
        for (const QByteArray& line : file.readAll().trimmed().split('\n')) {
            const QByteArrayList golden = line.split(' ');
            QTest::newRow(golden[0].constData()) << golden;
        }
    }

    void equalsPyPiGguf() {
        QFETCH(QByteArrayList, golden);
        const QuantTraits* traits = traitsOf(golden[0]);
        QVERIFY(traits);
        const auto blocks = golden[1].toUInt();
        std::vector<std::byte> raw =
            randomBytes(static_cast<std::uint32_t>(traits->type), blocks * traits->blockBytes);
        if (traits->blockBytes == 2)
            for (std::size_t i = 0; i < 65536; ++i) {
                raw[2 * i] = static_cast<std::byte>(i);
                raw[2 * i + 1] = static_cast<std::byte>(i >> 8);
            }
        std::vector<float> weights(blocks * traits->blockLength);
        dequantize(traits->type, raw.data(), weights.data(), weights.size());

        const std::vector<std::uint32_t> bits = bitsOf(weights);
        const QByteArray first = golden[3];
        for (qsizetype i = 0; i < first.size() / 8; ++i)
            QCOMPARE(QByteArray::number(bits[static_cast<std::size_t>(i)], 16).rightJustified(8, '0'),
                     first.mid(i * 8, 8));
        const QByteArrayView all(reinterpret_cast<const char*>(bits.data()), qsizetype(bits.size() * 4));
        QCOMPARE(QCryptographicHash::hash(all.toByteArray(), QCryptographicHash::Sha256).toHex(), golden[2]);
    }

    void goldensCoverEveryType() {
        QFile file(TEST_DATA "/dequantize.txt");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        int types = 0;
        for (std::uint32_t type = 0; type < 1000; ++type)
            if (const QuantTraits* traits = findQuantTraits(type)) {
                ++types;
                QVERIFY(text.contains(QByteArray(traits->name.data()) + ' '));
            }
        QCOMPARE(types, 19);
    }

    void rowsAreWholeBlocks() {
        QCOMPARE(rowBytes(QuantType::F32, 7), std::size_t{28});
        QCOMPARE(rowBytes(QuantType::Q4_0, 64), std::size_t{36});
        QCOMPARE(rowBytes(QuantType::Q6_K, 512), std::size_t{420});
        QCOMPARE(rowBytes(QuantType::MXFP4, 0), std::size_t{0});
        QVERIFY(!findQuantTraits(4));
        QVERIFY(!findQuantTraits(0xffffffffu));
    }

    /// Rounding to half is right if no half is nearer; between two, the even one.
    void halfRounds() {
        for (std::uint32_t half = 0; half < 0x7c00; ++half) {
            const float value = halfToFloat(static_cast<std::uint16_t>(half));
            QCOMPARE(floatToHalf(value), half);
            QCOMPARE(floatToHalf(-value), half | 0x8000u);
            const float next = half == 0x7bff ? 65536.0f : halfToFloat(static_cast<std::uint16_t>(half + 1));
            const float middle = value + (next - value) / 2;
            QCOMPARE(floatToHalf(middle), half + (half & 1));
            QCOMPARE(floatToHalf(std::nextafter(middle, 0.0f)), half);
            QCOMPARE(floatToHalf(std::nextafter(middle, next)), half + 1);
        }
        QCOMPARE(floatToHalf(INFINITY), 0x7c00);
        QCOMPARE(floatToHalf(-3e38f), 0xfc00);
        QVERIFY(std::isnan(halfToFloat(floatToHalf(NAN))));
        QVERIFY(std::isnan(bfloat16ToFloat(floatToBfloat16(NAN))));
        QCOMPARE(bfloat16ToFloat(floatToBfloat16(1.00390625f)), 1.0f); // halfway: even
        QCOMPARE(bfloat16ToFloat(floatToBfloat16(1.01171875f)), 1.015625f);
    }
};

QTEST_APPLESS_MAIN(TestDequantize)
#include "tst_dequantize.moc"
