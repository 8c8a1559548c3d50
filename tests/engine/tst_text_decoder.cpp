#include "engine/text_decoder.h"

#include "support/random.h"

#include <QTest>

#include <optional>

using altiplano::engine::TextDecoder;

namespace {

struct Result {
    std::string text;
    std::optional<std::string> stop;
    bool operator==(const Result&) const = default;
};

/// What a decoder makes of a whole text, by definition: at the first character that completes a stop string,
/// the longest such stop string is cut off, with all that follows. Characters of one byte only.
Result expected(const std::string& text, const std::vector<std::string>& stops) {
    for (std::size_t end = 1; end <= text.size(); ++end) {
        const std::string_view so_far = std::string_view(text).substr(0, end);
        std::optional<std::string> longest;
        for (const std::string& stop : stops)
            if (so_far.ends_with(stop) && (!longest || stop.size() > longest->size())) longest = stop;
        if (longest) return {text.substr(0, end - longest->size()), longest};
    }
    return {text, std::nullopt};
}

} // namespace

class TestTextDecoder : public QObject {
    Q_OBJECT

private slots:
    void neverHalfACharacter() {
        TextDecoder decoder;
        QCOMPARE(decoder.push("a\xF0\x9F"), std::string("a"));
        QCOMPARE(decoder.push("\x98"), std::string());
        QCOMPARE(decoder.push("\x80z"), std::string("\U0001F600z"));
        QCOMPARE(decoder.push("\xC3"), std::string());
        QCOMPARE(decoder.finish(), std::string("\uFFFD"));
        QCOMPARE(decoder.finish(), std::string());
    }

    void invalidBytesAreReplacedAtOnce() {
        TextDecoder decoder;
        QCOMPARE(decoder.push("\xFF\xE2\x82"), std::string("\uFFFD"));
        QCOMPARE(decoder.push("x"), std::string("\uFFFDx"));
        QCOMPARE(decoder.finish(), std::string());
    }

    void stopStringsAreHeldBack() {
        TextDecoder decoder({"</end>"});
        QCOMPARE(decoder.push("text <"), std::string("text "));
        QCOMPARE(decoder.push("/e"), std::string());
        QCOMPARE(decoder.push("x</"), std::string("</ex"));
        QCOMPARE(decoder.push("end> more"), std::string());
        QVERIFY(decoder.stopped());
        QCOMPARE(decoder.stopString(), std::string("</end>"));
        QCOMPARE(decoder.push("more") + decoder.finish(), std::string());
    }

    void finishReturnsWhatWasHeldBack() {
        TextDecoder decoder({"STOP"});
        QCOMPARE(decoder.push("a STO"), std::string("a "));
        QCOMPARE(decoder.finish(), std::string("STO"));
        QVERIFY(!decoder.stopped());
    }

    void stopStringsThatCannotBeFoundAreIgnored() {
        TextDecoder decoder({"", "\xA9", "é"});
        QCOMPARE(decoder.push("©"), std::string("©")); // ends in the byte A9
        QCOMPARE(decoder.push("x\xC3"), std::string("x"));
        QCOMPARE(decoder.push("\xA9"), std::string());
        QCOMPARE(decoder.stopString(), std::string("é"));
    }

    void piecesDoNotMatter() {
        std::mt19937_64 random = altiplano::test::seededRandom();
        const auto randomText = [&](std::size_t size) {
            std::string text(size, ' ');
            for (char& c : text)
                c = static_cast<char>('a' + random() % 3);
            return text;
        };
        for (int i = 0; i < 20000; ++i) {
            std::vector<std::string> stops(random() % 4);
            for (std::string& stop : stops)
                stop = randomText(1 + random() % 6);
            const std::string text = randomText(random() % 30);
            TextDecoder decoder(stops);
            Result result;
            for (std::size_t at = 0; at < text.size();) {
                const std::size_t size = random() % 6;
                result.text += decoder.push(std::string_view(text).substr(at, size));
                at += size;
                const std::string shown = expected(text, stops).text;
                QVERIFY(shown.starts_with(result.text));
            }
            result.text += decoder.finish();
            if (decoder.stopped()) result.stop = decoder.stopString();
            QVERIFY2(result == expected(text, stops), text.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestTextDecoder)
#include "tst_text_decoder.moc"
