// SentencePieceTokenizer against ids that PyPI sentencepiece made: data/make_tokenizer.py.
#include "engine/error.h"
#include "engine/tokenizer.h"

#include <QTest>
#include <nlohmann/json.hpp>

#include <atomic>
#include <fstream>
#include <thread>

using namespace altiplano::engine;
using nlohmann::json;

using Ids = std::vector<TokenId>;

namespace {

const json& golden() {
    static const json data = json::parse(std::ifstream(TEST_DATA "/tokenizer_sentencepiece.json"));
    return data;
}

std::string fromHex(const json& hex) {
    return QByteArray::fromHex(QByteArray::fromStdString(hex)).toStdString();
}

Vocabulary vocabularyOf(const json& model) {
    Vocabulary vocabulary;
    vocabulary.model = "llama";
    model["tokens"].get_to(vocabulary.tokens);
    model["scores"].get_to(vocabulary.scores);
    for (const int type : model["types"])
        vocabulary.types.push_back(static_cast<TokenType>(type));
    vocabulary.unknown = 0;
    vocabulary.bos = 1;
    vocabulary.eos = 2;
    vocabulary.addBos = true;
    model["addSpacePrefix"].get_to(vocabulary.addSpacePrefix);
    return vocabulary;
}

Vocabulary anyVocabulary() {
    return vocabularyOf(golden()["models"][0]);
}

void add(Vocabulary& vocabulary, std::string token, float score, TokenType type) {
    vocabulary.tokens.push_back(std::move(token));
    vocabulary.scores.push_back(score);
    vocabulary.types.push_back(type);
}

TokenId idOf(const Vocabulary& vocabulary, std::string_view text) {
    return static_cast<TokenId>(std::ranges::find(vocabulary.tokens, text) - vocabulary.tokens.begin());
}

constexpr EncodeOptions kPlain{.addSpecial = false, .parseSpecial = false};

/// Compares with the golden ids of a model.
void compare(const Tokenizer& tokenizer, const json& model) {
    for (std::size_t i = 0; i < golden()["texts"].size(); ++i) {
        const std::string text = fromHex(golden()["texts"][i]);
        QVERIFY2(tokenizer.encode(text, kPlain) == model["ids"][i].get<Ids>(), text.c_str());
    }
}

} // namespace

class TestSentencePiece : public QObject {
    Q_OBJECT

private slots:
    void encodesAsTheLibraryWithItsOwnModel() {
        for (const json& model : golden()["models"])
            compare(*Tokenizer::create(vocabularyOf(model)), model);
    }

    void decodesAsTheLibrary() {
        for (const json& model : golden()["models"]) {
            const auto tokenizer = Tokenizer::create(vocabularyOf(model));
            for (std::size_t i = 0; i < model["ids"].size(); ++i)
                QCOMPARE(tokenizer->decode(model["ids"][i].get<Ids>()), fromHex(model["decoded"][i]));
        }
    }

    void paddingAndDuplicatesChangeNothing() {
        for (const json& model : golden()["models"]) {
            Vocabulary vocabulary = vocabularyOf(model);
            for (const std::string& text :
                 {std::string("<pad>"), std::string("<pad>"), std::string(), std::string("a\0b", 3)})
                add(vocabulary, text, -1000, TokenType::Unknown);
            for (std::size_t id : {0, 5, 300, 500})
                add(vocabulary, vocabulary.tokens[id], 0, TokenType::Normal);
            add(vocabulary, "<0x41>", 0, TokenType::Byte);
            add(vocabulary, "<0xZZ>", 0, TokenType::Byte);
            add(vocabulary, "", 0, TokenType::Normal);
            add(vocabulary, "x", 0, TokenType::Control); // one character: the library alone would take it
            add(vocabulary, std::string("<to\0", 4), 0, TokenType::UserDefined);
            compare(*Tokenizer::create(vocabulary), model);
        }
    }

    void controlTokensAreCutOutAndEveryRunGetsItsPrefix() {
        const auto tokenizer = Tokenizer::create(anyVocabulary());
        const Ids hello = tokenizer->encode("hello", kPlain), name = tokenizer->encode(" name", kPlain);
        const TokenId inst = idOf(tokenizer->vocabulary(), "[INST]");
        Ids expected{1, inst};
        expected.insert(expected.end(), hello.begin(), hello.end());
        expected.push_back(2);
        expected.insert(expected.end(), name.begin(), name.end());
        QCOMPARE(tokenizer->encode("[INST]hello</s> name"), expected);
        QCOMPARE(tokenizer->encode("<unk>", {.addSpecial = false}), Ids{0});
        QVERIFY(tokenizer->encode("[INST]", kPlain).size() > 1);
    }

    void userDefinedTokensMayHoldSpaces() {
        // Converters write U+2581 in user-defined tokens as a space.
        Vocabulary vocabulary = anyVocabulary();
        vocabulary.tokens[idOf(vocabulary, "▁▁▁")] = "   ";
        const auto tokenizer = Tokenizer::create(vocabulary);
        compare(*tokenizer, golden()["models"][0]);
        QCOMPARE(tokenizer->piece(idOf(vocabulary, "   ")), std::string("   "));
    }

    void bytesWithoutPiecesAreUnknown() {
        Vocabulary vocabulary = anyVocabulary();
        vocabulary.types[idOf(vocabulary, "<0x41>")] = TokenType::Unused; // 255 byte pieces are none
        QCOMPARE(Tokenizer::create(vocabulary)->encode("\U0001F9FF", kPlain).back(), 0);
        vocabulary.types[0] = TokenType::Normal;
        vocabulary.unknown.reset();
        for (const TokenId id : Tokenizer::create(vocabulary)->encode("a\U0001F9FF", kPlain))
            QVERIFY(static_cast<std::size_t>(id) < vocabulary.tokens.size());
    }

    void typesMayBeMissing() {
        Vocabulary vocabulary = anyVocabulary();
        const auto typed = Tokenizer::create(vocabulary);
        vocabulary.types.clear();
        const auto tokenizer = Tokenizer::create(vocabulary);
        QCOMPARE(tokenizer->encode("hello there \xC3\xBF", kPlain),
                 typed->encode("hello there \xC3\xBF", kPlain));
        QCOMPARE(tokenizer->encode("</s>"), (Ids{1, 2}));
        QCOMPARE(tokenizer->piece(2) + tokenizer->piece(0) + tokenizer->piece(idOf(vocabulary, "<0x41>")),
                 std::string("A"));
    }

    void decodeDropsOnlyThePrefix() {
        const auto tokenizer = Tokenizer::create(anyVocabulary());
        for (const std::string text : {"hello", " hello", "  x", ""}) {
            QCOMPARE(tokenizer->decode(tokenizer->encode(text)), text);
            QCOMPARE(tokenizer->decode(tokenizer->encode(text), true), "<s>" + text);
        }
    }

    void threadsShareATokenizer() {
        const json& model = golden()["models"][0];
        const auto tokenizer = Tokenizer::create(vocabularyOf(model));
        std::atomic<int> wrong = 0;
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (std::size_t i = 0; i < model["ids"].size(); ++i)
                    wrong += tokenizer->encode(fromHex(golden()["texts"][i]), kPlain) !=
                             model["ids"][i].get<Ids>();
            });
        threads.clear();
        QCOMPARE(wrong.load(), 0);
    }

    void deeplyNestedUserDefinedTokensAreRefused() {
        Vocabulary vocabulary = anyVocabulary();
        for (int length = 1; length <= 64; ++length)
            add(vocabulary, std::string(length, '~') + "!", 0, TokenType::UserDefined);
        Tokenizer::create(vocabulary); // 64 that do not begin one another
        for (int length = 1; length <= 65; ++length)
            add(vocabulary, std::string(length, '~'), 0, TokenType::UserDefined);
        QVERIFY_THROWS_EXCEPTION(Error, Tokenizer::create(vocabulary));
    }
};

QTEST_APPLESS_MAIN(TestSentencePiece)
#include "tst_tokenizer_sentencepiece.moc"
