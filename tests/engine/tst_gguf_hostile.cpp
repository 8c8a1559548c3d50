#include "engine/error.h"
#include "engine/gguf_file.h"
#include "support/small_gguf.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace altiplano;
using engine::ErrorCode;
using engine::GgufFile;
using kernels::QuantType;
using test::find;
using test::GgufWriter;
using test::patched;
using test::Refusal;
using test::refusalOf;
using test::refusalOfBytes;
using test::smallFile;

/// Damaged, contradictory and malicious files: each is refused in one line that says where and why.
class TestGgufHostile : public QObject {
    Q_OBJECT
private slots:
    void refusesEveryTruncation() {
        for (const std::vector<std::byte>& bytes : {smallFile(2).bytes(), smallFile(3).bytes()})
            for (std::size_t size = 0; size < bytes.size(); ++size) {
                const Refusal refusal = refusalOfBytes(std::span(bytes).first(size));
                QVERIFY2(refusal.isOneLine() && refusal.code == ErrorCode::BadFile,
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
            refusalOfBytes(std::as_bytes(std::span(bytes.constData(), std::size_t(bytes.size()))));
        QVERIFY2(refusal.isOneLine() && refusal.says(reason.toStdString()), refusal.sentence.c_str());
    }

    void refusesIncompleteSplitFiles() {
        QTemporaryDir directory;
        const std::filesystem::path place = directory.path().toStdString();
        const auto paths = smallFile().writeParts(place, "model", 1);
        const auto refused = [](const std::filesystem::path& path, ErrorCode code, const char* reason) {
            const Refusal refusal = refusalOf([&] { GgufFile::open(path); });
            return refusal.code == code && refusal.says(reason);
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

QTEST_APPLESS_MAIN(TestGgufHostile)
#include "tst_gguf_hostile.moc"
