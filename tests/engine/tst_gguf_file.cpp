#include "engine/error.h"
#include "engine/gguf_file.h"
#include "kernels/tensor_view.h"
#include "support/gguf_writer.h"
#include "support/quantize.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>

using namespace altiplano;
using engine::Error;
using engine::ErrorCode;
using engine::GgufArray;
using engine::GgufFile;
using engine::GgufValue;
using kernels::QuantType;
using test::GgufWriter;

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

/// A small file with a bit of everything.
GgufWriter smallFile(std::uint32_t version = 3, std::uint32_t alignment = 32) {
    GgufWriter writer(version, alignment);
    writer.set("general.architecture", std::string("llama"));
    writer.set("a.number", std::uint32_t{7});
    writer.set("a.list", std::vector<std::string>{"one", "two"});
    writer.set("a.nest", std::vector<std::vector<std::uint8_t>>{{1, 2}, {}, {3}});
    writer.set("a.flag", true);
    const std::vector<float> weights(64, 0.5f);
    writer.addTensor("first", QuantType::F32, {32, 2}, test::quantize(QuantType::F32, weights));
    writer.addTensor("second", QuantType::Q8_0, {64}, test::quantize(QuantType::Q8_0, weights));
    return writer;
}

struct Refusal {
    ErrorCode code{};
    std::string sentence; ///< empty: it was not refused
};

template <typename Action>
Refusal refusalOf(Action action) {
    try {
        action();
        return {};
    } catch (const Error& error) {
        return {error.code(), error.what()};
    }
}

Refusal refusalOf(std::span<const std::byte> bytes) {
    return refusalOf([&] { GgufFile::fromMemory(bytes, "small.gguf"); });
}

bool isOneLine(const std::string& sentence) {
    return !sentence.empty() && sentence.find('\n') == sentence.npos && sentence.starts_with("small.gguf: ");
}

/// Writes a number over a file's bytes.
template <typename T>
std::vector<std::byte> patched(std::vector<std::byte> bytes, std::size_t at, T value) {
    std::memcpy(&bytes.at(at + sizeof(T) - 1) - (sizeof(T) - 1), &value, sizeof(T));
    return bytes;
}

std::uint64_t residentBytes() {
    std::uint64_t all = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> all >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// Where a text stands in a file.
std::size_t find(const std::vector<std::byte>& bytes, std::string_view text) {
    const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return all.find(text);
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
            return refusal.code == ErrorCode::BadFile && isOneLine(refusal.sentence);
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

    void refusesEveryTruncation() {
        for (const std::vector<std::byte>& bytes : {smallFile(2).bytes(), smallFile(3).bytes()})
            for (std::size_t size = 0; size < bytes.size(); ++size) {
                const Refusal refusal = refusalOf(std::span(bytes).first(size));
                QVERIFY2(isOneLine(refusal.sentence) && refusal.code == ErrorCode::BadFile,
                         qPrintable(QString("cut to %1 bytes: %2").arg(size).arg(refusal.sentence.c_str())));
            }
    }

    void refusesHostileFiles_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("reason");
        const std::vector<std::byte> good = smallFile().bytes();
        const auto add = [](const char* name, const std::vector<std::byte>& bytes, const char* reason) {
            QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                              qsizetype(bytes.size()))
                                << QByteArray(reason);
        };
        const auto after = [&](std::string_view text) { return find(good, text) + text.size(); };
        const std::uint64_t most = ~std::uint64_t{0};

        add("another magic", patched(good, 0, std::uint32_t{0x12345678}), "not a GGUF file");
        add("GGML", patched(good, 0, std::uint32_t{0x67676a74}), "old GGML file");
        add("big-endian magic", patched(good, 0, std::uint32_t{0x47475546}), "big-endian");
        add("big-endian version", patched(good, 4, std::uint32_t{0x03000000}), "big-endian");
        add("version 1", patched(good, 4, std::uint32_t{1}), "GGUF version 1 is not read");
        add("version 0", patched(good, 4, std::uint32_t{0}), "GGUF version 0 is not known");
        add("version 4", patched(good, 4, std::uint32_t{4}), "GGUF version 4 is not known");
        add("tensor count", patched(good, 8, most), "tensor count at byte 16: 18446744073709551615 entries");
        add("metadata count", patched(good, 16, std::uint64_t{1} << 40), "more than this file can hold");
        add("one metadata entry too many", patched(good, 16, std::uint64_t{6}), "tensor 1 of 2");
        add("key length", patched(good, 24, most), "metadata key 1 of 5");
        add("empty key", patched(good, 24, std::uint64_t{0}), "the key is empty");
        add("value type", patched(good, after("a.number"), std::uint32_t{13}), "'a.number'");
        add("string length", patched(good, after("general.architecture") + 4, most - 7),
            "incomplete download");
        add("array element type", patched(good, after("a.list") + 4, std::uint32_t{99}), "no value type 99");
        add("array length", patched(good, after("a.list") + 8, most / 8), "does not fit in the file");
        add("array length that overflows", patched(good, after("a.list") + 8, most / 8 + 2), "does not fit");
        add("bool", patched(good, after("a.flag") + 4, std::uint8_t{2}), "a bool is 0 or 1");
        add("no dimensions", patched(good, after("first"), std::uint32_t{0}), "one to four");
        add("five dimensions", patched(good, after("first"), std::uint32_t{5}), "'first'");
        add("dimension 0", patched(good, after("first") + 4, std::uint64_t{0}), "a dimension is 0");
        add("size overflow",
            patched(patched(good, after("first") + 4, most / 3), after("first") + 12, most / 5), "overflows");
        add("huge tensor", patched(good, after("first") + 12, std::uint64_t{1} << 50),
            "beyond the file's end");
        add("unread tensor type", patched(good, after("first") + 20, std::uint32_t{16}), "IQ2_XXS");
        add("unknown tensor type", patched(good, after("first") + 20, std::uint32_t{777}), "number 777");
        add("partial block", patched(good, after("second") + 4, std::uint64_t{63}),
            "no whole blocks of Q8_0");
        add("offset beyond the end", patched(good, after("second") + 16, std::uint64_t{1} << 60),
            "beyond the file");
        add("offset that wraps", patched(good, after("second") + 16, most - 31), "beyond the file");
        add("offset not aligned", patched(good, after("second") + 16, std::uint64_t{257}),
            "not aligned to 32");
        add("overlap", patched(good, after("second") + 16, std::uint64_t{224}), "overlaps tensor 'first'");

        add("alignment 0", smallFile().set("general.alignment", std::uint32_t{0}).bytes(), "power of two");
        add("alignment 48", smallFile().set("general.alignment", std::uint32_t{48}).bytes(), "power of two");
        add("alignment text", smallFile().set("general.alignment", std::string("x")).bytes(), "power of two");
        add("alignment 2^63", smallFile().set("general.alignment", std::uint64_t{1} << 63).bytes(),
            "power of two");
        std::vector<std::byte> twice = good;
        std::memcpy(&twice[find(good, "a.flag")], "a.nest", 6);
        add("the same key twice", twice, "'a.nest' at byte");
        GgufWriter tensors;
        for (const char* name : {"same", "SAME"})
            tensors.addTensor(name, QuantType::F32, {1}, std::vector<std::byte>(4));
        std::vector<std::byte> same = tensors.bytes();
        std::memcpy(&same[find(same, "SAME")], "same", 4);
        add("two tensors of a name", same, "there are two tensors of this name");
        add("unprintable name", GgufWriter().addTensor("a\nb\x80", QuantType::F32, {1}, {}).bytes(),
            "tensor 'a\\x0ab\\x80'");
        add("deep nesting", deeplyNested(2000), "nested too deeply");
        add("wide nesting", widelyNested(), "too many nested arrays");
    }
    void refusesHostileFiles() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, reason);
        const Refusal refusal =
            refusalOf(std::as_bytes(std::span(bytes.constData(), std::size_t(bytes.size()))));
        QVERIFY2(isOneLine(refusal.sentence) &&
                     refusal.sentence.find(reason.toStdString()) != std::string::npos,
                 refusal.sentence.c_str());
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

    void refusesIncompleteSplitFiles() {
        QTemporaryDir directory;
        const std::filesystem::path place = directory.path().toStdString();
        const auto paths = smallFile().writeParts(place, "model", 1);
        const auto refused = [](const std::filesystem::path& path, ErrorCode code, const char* reason) {
            const Refusal refusal = refusalOf([&] { GgufFile::open(path); });
            return refusal.code == code && refusal.sentence.find(reason) != std::string::npos;
        };
        QVERIFY(refused(paths[1], ErrorCode::BadFile, "open the first part"));
        std::filesystem::copy(paths[0], place / "renamed.gguf");
        QVERIFY(refused(place / "renamed.gguf", ErrorCode::BadFile, "rename it"));
        std::filesystem::copy(paths[0], place / "other-00001-of-00002.gguf");
        QVERIFY(refused(place / "other-00001-of-00002.gguf", ErrorCode::File,
                        "other-00002-of-00002.gguf: cannot be opened"));
        std::filesystem::copy(paths[0], place / "other-00002-of-00002.gguf");
        QVERIFY(refused(place / "other-00001-of-00002.gguf", ErrorCode::BadFile,
                        "is not part 2 of the same model"));

        std::vector<std::vector<std::byte>> parts = smallFile().parts(1);
        std::memcpy(&parts[1][find(parts[1], "second")], "first!", 6);
        parts[1] = patched(parts[1], find(parts[1], "first!") - 8, std::uint64_t{6});
        test::writeBytes(paths[1], parts[1]);
        QVERIFY(GgufFile::open(paths[0]).tensor("first!"));
        GgufWriter doubled = smallFile();
        doubled.eraseTensor("second");
        parts = doubled.addTensor("FIRST", QuantType::F32, {1}, std::vector<std::byte>(4)).parts(1);
        std::memcpy(&parts[1][find(parts[1], "FIRST")], "first", 5);
        test::writeBytes(paths[0], parts[0]);
        test::writeBytes(paths[1], parts[1]);
        QVERIFY(refused(paths[0], ErrorCode::BadFile, "'first' is in two parts"));
    }

    void refusesWhatIsNoFile() {
        QTemporaryDir directory;
        const std::filesystem::path place = directory.path().toStdString();
        const auto refused = [](const std::filesystem::path& path, const char* reason) {
            const Refusal refusal = refusalOf([&] { GgufFile::open(path); });
            return refusal.code == ErrorCode::File && refusal.sentence == path.string() + ": " + reason;
        };
        QVERIFY(refused(place / "absent.gguf", "cannot be opened: No such file or directory"));
        QVERIFY(refused(place, "is not a regular file"));
        QCOMPARE(::mkfifo((place / "pipe").c_str(), 0600), 0);
        QVERIFY(refused(place / "pipe", "is not a regular file"));
        test::writeBytes(place / "empty.gguf", {});
        QVERIFY(refused(place / "empty.gguf", "is empty"));
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

private:
    static std::vector<std::byte> nested(const test::ByteBuffer& typeAndValue) {
        return GgufWriter().setRaw("nest", typeAndValue.bytes).bytes();
    }
    /// An array that holds an array that holds ...
    static std::vector<std::byte> deeplyNested(int depth) {
        test::ByteBuffer out;
        out.number(std::uint32_t{9});
        for (int i = 0; i < depth; ++i) {
            out.number(std::uint32_t{9});
            out.number(std::uint64_t{1});
        }
        return nested(out);
    }
    /// An array of very many empty arrays.
    static std::vector<std::byte> widelyNested() {
        constexpr std::uint64_t kArrays = 300'000;
        test::ByteBuffer out;
        out.number(std::uint32_t{9});
        out.number(std::uint32_t{9});
        out.number(kArrays);
        for (std::uint64_t i = 0; i < kArrays; ++i) {
            out.number(std::uint32_t{0});
            out.number(std::uint64_t{0});
        }
        return nested(out);
    }
};

QTEST_APPLESS_MAIN(TestGgufFile)
#include "tst_gguf_file.moc"
