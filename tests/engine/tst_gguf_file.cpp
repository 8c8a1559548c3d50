#include "engine/error.h"
#include "engine/gguf_file.h"
#include "kernels/tensor_view.h"
#include "support/quantize.h"
#include "support/small_gguf.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <limits>
#include <unistd.h>

using namespace altiplano;
using engine::Error;
using engine::ErrorCode;
using engine::GgufArray;
using engine::GgufFile;
using engine::GgufValue;
using kernels::QuantType;
using test::find;
using test::GgufWriter;
using test::patched;
using test::Refusal;
using test::refusalOf;
using test::smallFile;

namespace {

const std::filesystem::path kCorpus = TEST_DATA "/../../fuzz/corpus/gguf";

template <typename T>
T valueOf(const GgufFile& file, std::string_view key) {
    const GgufValue* value = file.find(key);
    if (!value || !std::holds_alternative<T>(*value))
        throw std::runtime_error("no such value: " + std::string(key));
    return std::get<T>(*value);
}

template <typename T>
std::vector<T> listOf(const GgufFile& file, std::string_view key) {
    const auto array = valueOf<std::shared_ptr<const GgufArray>>(file, key);
    return std::get<std::vector<T>>(array->values);
}

template <typename T>
bool holds(const GgufFile& file, const std::string& type, T low, T high) {
    return valueOf<T>(file, "one." + type) == high &&
           listOf<T>(file, "list." + type) == std::vector<T>{low, high};
}

std::vector<float> weightsOf(const GgufFile& file, std::string_view name) {
    const kernels::TensorView view = file.tensor(name)->view();
    std::vector<float> weights(static_cast<std::size_t>(view.rows * view.columns));
    kernels::dequantize(view.type, view.data, weights.data(), weights.size());
    return weights;
}

std::uint64_t residentBytes() {
    std::uint64_t all = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> all >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace

class TestGgufFile : public QObject {
    Q_OBJECT
private slots:
    /// every_type.gguf was written by PyPI gguf.
    void readsWhatPyPiGgufWrites() {
        const GgufFile file = GgufFile::open(kCorpus / "every_type.gguf");
        QCOMPARE(file.version(), 3u);
        QVERIFY(holds<std::uint8_t>(file, "uint8", 0, 255));
        QVERIFY(holds<std::int8_t>(file, "int8", -128, 127));
        QVERIFY(holds<std::uint16_t>(file, "uint16", 0, 65535));
        QVERIFY(holds<std::int16_t>(file, "int16", -32768, 32767));
        QVERIFY(holds<std::uint32_t>(file, "uint32", 0, 0xffffffffu));
        QVERIFY(holds<std::int32_t>(file, "int32", std::numeric_limits<std::int32_t>::min(), 0x7fffffff));
        QVERIFY(holds<std::uint64_t>(file, "uint64", 0, ~0ull));
        QVERIFY(holds<std::int64_t>(file, "int64", std::numeric_limits<std::int64_t>::min(),
                                    std::numeric_limits<std::int64_t>::max()));
        QVERIFY(holds<float>(file, "float32", -1.5f, 3.0e38f));
        QVERIFY(holds<double>(file, "float64", -1.5, 1.0e300));
        QVERIFY(holds<bool>(file, "bool", false, true));
        QCOMPARE(valueOf<std::string_view>(file, "one.string"), std::string_view("Grüße, \u2603"));
        QVERIFY(listOf<std::string_view>(file, "list.string") ==
                (std::vector<std::string_view>{"a", "", "\u2581the"}));
        const auto nested = listOf<std::shared_ptr<const GgufArray>>(file, "list.nested");
        QCOMPARE(nested.size(), std::size_t{2});
        QVERIFY(std::get<std::vector<std::int32_t>>(nested[0]->values) == (std::vector<std::int32_t>{1, 2}));
        QVERIFY(std::get<std::vector<std::int32_t>>(nested[1]->values) == std::vector<std::int32_t>{3});

        QCOMPARE(file.tensors().size(), std::size_t{5});
        for (const char* name : {"weights.f32", "weights.f16", "weights.q8_0"}) {
            QVERIFY(file.tensor(name)->dimensions == (std::vector<std::uint64_t>{32, 3}));
            const std::vector<float> weights = weightsOf(file, name);
            for (std::size_t i = 0; i < 96; ++i)
                QVERIFY(std::abs(weights[i] - (static_cast<float>(i) - 48) / 8) < 0.025f);
        }
        QVERIFY(weightsOf(file, "vector") == (std::vector<float>{1.5f, -2.5f, 3.5f}));
        QVERIFY(file.tensor("cube")->dimensions == (std::vector<std::uint64_t>{4, 3, 2}));
        QCOMPARE(file.tensor("cube")->view().rows, std::int64_t{6});
        QCOMPARE(weightsOf(file, "cube").back(), 23.0f);
        QVERIFY(!file.tensor("circle") && !file.find("one"));
    }

    void readsVersionTwoAndAnyAlignment_data() {
        QTest::addColumn<std::uint32_t>("version");
        QTest::addColumn<std::uint32_t>("alignment");
        for (const std::uint32_t version : {2u, 3u})
            for (const std::uint32_t alignment : {1u, 8u, 32u, 4096u})
                QTest::addRow("version %u, alignment %u", version, alignment) << version << alignment;
    }
    void readsVersionTwoAndAnyAlignment() {
        QFETCH(std::uint32_t, version);
        QFETCH(std::uint32_t, alignment);
        const std::vector<std::byte> bytes = smallFile(version, alignment).bytes();
        const GgufFile file = GgufFile::fromMemory(bytes, "small.gguf");
        QCOMPARE(file.version(), version);
        QVERIFY(weightsOf(file, "first") == std::vector<float>(64, 0.5f));
        QCOMPARE(weightsOf(file, "second").size(), std::size_t{64});
        QCOMPARE(file.fileBytes(), bytes.size());
    }

    void readsTensorsOfEveryType() {
        std::mt19937_64 random(1);
        for (std::uint32_t number = 0; number < 64; ++number) {
            const kernels::QuantTraits* traits = kernels::findQuantTraits(number);
            if (!traits) continue;
            const std::vector<std::byte> data = test::randomWeights(traits->type, 512, 1, random);
            const std::vector<std::byte> bytes =
                GgufWriter().addTensor("t", traits->type, {256, 2}, data).bytes();
            const GgufFile file = GgufFile::fromMemory(bytes, "small.gguf");
            const engine::GgufTensor& tensor = *file.tensor("t");
            QCOMPARE(tensor.bytes, data.size());
            QCOMPARE(std::memcmp(tensor.data, data.data(), data.size()), 0);
            QCOMPARE(tensor.typeName(), traits->name);
        }
    }

    void readsAFileWithoutTensors() {
        const std::vector<std::byte> bytes = GgufWriter().set("k", std::string("v")).bytes();
        const GgufFile file = GgufFile::fromMemory(bytes, "small.gguf");
        QVERIFY(file.tensors().empty());
        QCOMPARE(*file.string("k"), std::string_view("v"));
    }

    void convertsValues() {
        GgufWriter writer;
        writer.set("u8", std::uint8_t{200}).set("i64", std::int64_t{5}).set("minus", std::int32_t{-5});
        writer.set("half", 0.5f).set("yes", true).set("text", std::string("\xff\xfe"));
        writer.set("texts", std::vector<std::string>{"a"}).set("counts", std::vector<std::int16_t>{1, -2});
        const std::vector<std::byte> bytes = writer.bytes();
        const GgufFile file = GgufFile::fromMemory(bytes, "small.gguf");
        QCOMPARE(*file.unsignedInteger("u8"), 200u);
        QCOMPARE(*file.unsignedInteger("i64"), 5u);
        QCOMPARE(*file.number("minus"), -5.0);
        QCOMPARE(*file.number("half"), 0.5);
        QVERIFY(*file.boolean("yes"));
        QCOMPARE(*file.string("text"), std::string_view("\xff\xfe"));
        QCOMPARE(file.strings("texts")->at(0), std::string_view("a"));
        QVERIFY(*file.numbers("counts") == (std::vector<double>{1, -2}));
        QVERIFY(!file.unsignedInteger("none") && !file.number("none") && !file.boolean("none"));
        QCOMPARE(file.array("counts")->size(), std::size_t{2});
        QVERIFY(!file.array("none") && !file.string("none") && !file.strings("none") &&
                !file.numbers("none"));

        const auto refused = [](auto read) {
            const Refusal refusal = refusalOf(read);
            return refusal.code == ErrorCode::BadFile && refusal.isOneLine();
        };
        QVERIFY(refused([&] { file.unsignedInteger("minus"); }));
        QVERIFY(refused([&] { file.unsignedInteger("half"); }));
        QVERIFY(refused([&] { file.unsignedInteger("yes"); }));
        QVERIFY(refused([&] { file.number("text"); }));
        QVERIFY(refused([&] { file.boolean("u8"); }));
        QVERIFY(refused([&] { file.string("texts"); }));
        QVERIFY(refused([&] { file.strings("text"); }));
        QVERIFY(refused([&] { file.strings("counts"); }));
        QVERIFY(refused([&] { file.array("text"); }));
        QVERIFY(refused([&] { file.numbers("texts"); }));
        QVERIFY(refused([&] { file.numbers("half"); }));
    }

    /// A sparse file, in which the second tensor lies beyond what 32 bits can count.
    void readsBeyondFourGigabytes() {
        QTemporaryDir directory;
        const std::filesystem::path path = (directory.path() + "/large.gguf").toStdString();
        const std::vector<std::byte> bytes = smallFile().bytes();
        const std::size_t dataStart = bytes.size() - 256 - 68;
        const std::uint64_t offset = (std::uint64_t{5} << 30) + 64;
        test::writeBytes(path, patched(bytes, find(bytes, "second") + 6 + 16, offset));
        std::filesystem::resize_file(path, dataStart + offset);
        QVERIFY(refusalOf([&] { GgufFile::open(path); }).sentence.find("beyond the file's end") !=
                std::string::npos);
        std::ofstream(path, std::ios::binary | std::ios::app)
            .write(reinterpret_cast<const char*>(&bytes[dataStart + 256]), 68);
        const GgufFile file = GgufFile::open(path);
        QCOMPARE(file.fileBytes(), dataStart + offset + 68);
        QVERIFY(weightsOf(file, "first") == std::vector<float>(64, 0.5f));
        QVERIFY(weightsOf(file, "second") == weightsOf(GgufFile::fromMemory(bytes, "x"), "second"));
    }

    void opensSplitFiles() {
        QTemporaryDir directory;
        const std::filesystem::path place = directory.path().toStdString();
        const auto paths = smallFile().writeParts(place, "model", 1);
        QCOMPARE(paths.size(), std::size_t{2});
        const GgufFile file = GgufFile::open(paths[0]);
        QCOMPARE(file.tensors().size(), std::size_t{2});
        QVERIFY(weightsOf(file, "second") ==
                weightsOf(GgufFile::fromMemory(smallFile().bytes(), "x"), "second"));
        QCOMPARE(*file.unsignedInteger("a.number"), 7u);
        QCOMPARE(file.fileBytes(),
                 std::filesystem::file_size(paths[0]) + std::filesystem::file_size(paths[1]));

        const GgufFile python = GgufFile::open(TEST_DATA "/split-00001-of-00003.gguf");
        QCOMPARE(python.tensors().size(), std::size_t{11});
        const GgufFile whole = GgufFile::open(kCorpus / "tiny_llama.gguf");
        for (const engine::GgufTensor& tensor : whole.tensors())
            QVERIFY(weightsOf(python, tensor.name) == weightsOf(whole, tensor.name));
    }

    void releasesMemoryAndKeepsBytesReadable() {
        QTemporaryDir directory;
        const std::filesystem::path path = (directory.path() + "/model.gguf").toStdString();
        const std::vector<float> weights(8u << 20, 2.5f);
        GgufWriter writer = smallFile();
        writer.addTensor("large", QuantType::F32, {weights.size()}, test::quantize(QuantType::F32, weights));
        writer.write(path);
        const GgufFile file = GgufFile::open(path);
        const engine::GgufTensor& large = *file.tensor("large");
        QCOMPARE(std::memcmp(large.data, weights.data(), large.bytes), 0);
        const std::uint64_t before = residentBytes();
        file.release(large.data, large.bytes);
        QVERIFY2(residentBytes() + large.bytes / 2 < before, "the pages are still resident");
        QCOMPARE(std::memcmp(large.data, weights.data(), large.bytes), 0);
        const std::byte elsewhere{};
        file.release(&elsewhere, 1); // not of this file: nothing happens
    }
};

QTEST_APPLESS_MAIN(TestGgufFile)
#include "tst_gguf_file.moc"
