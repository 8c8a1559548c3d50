// Vocabularies as GGUF files carry them, whole and broken.
#include "engine/error.h"
#include "engine/gguf_file.h"
#include "engine/tokenizer.h"

#include "support/gguf_writer.h"
#include "support/tiny_vocabulary.h"

#include <QTest>

#include <cmath>

using namespace altiplano::engine;
using altiplano::test::GgufWriter;

namespace {

GgufWriter sentencePiece() {
    GgufWriter writer;
    altiplano::test::setSentencePieceVocabulary(writer, 0);
    return writer;
}

GgufWriter bpe() {
    GgufWriter writer;
    altiplano::test::setBpeVocabulary(writer, 0);
    return writer;
}

Vocabulary read(const GgufWriter& writer) {
    const std::vector<std::byte> bytes = writer.bytes();
    return Vocabulary::fromGguf(GgufFile::fromMemory(bytes, "some.gguf"));
}

std::string refusal(const GgufWriter& writer) {
    try {
        Tokenizer::create(read(writer));
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

} // namespace

class TestVocabulary : public QObject {
    Q_OBJECT

private slots:
    void readsWhatTheFileSays() {
        GgufWriter writer = sentencePiece();
        writer.set("tokenizer.ggml.add_bos_token", false).set("tokenizer.ggml.add_eos_token", true);
        writer.set("tokenizer.ggml.add_space_prefix", false)
            .set("tokenizer.ggml.eot_token_id", std::uint32_t{7});
        writer.set("tokenizer.ggml.eom_token_id", std::uint32_t{8});
        const Vocabulary vocabulary = read(writer);
        QVERIFY(!vocabulary.addBos && vocabulary.addEos && !vocabulary.addSpacePrefix);
        QCOMPARE(vocabulary.eot, std::optional(7));
        const auto tokenizer = Tokenizer::create(vocabulary);
        QVERIFY(tokenizer->endsTurn(7) && tokenizer->endsTurn(8) && !tokenizer->endsTurn(9));
    }

    void defaultsAreTheFamilys() {
        GgufWriter writer = sentencePiece();
        for (const char* key : {"add_bos_token", "bos_token_id", "eos_token_id", "unknown_token_id"})
            writer.erase(std::string("tokenizer.ggml.") + key);
        Vocabulary vocabulary = read(writer);
        QVERIFY(vocabulary.addBos && !vocabulary.addEos && vocabulary.addSpacePrefix);
        QCOMPARE(vocabulary.bos, std::optional(1));
        QCOMPARE(vocabulary.eos, std::optional(2));
        QCOMPARE(vocabulary.unknown, std::optional(0));

        writer = bpe();
        writer.erase("tokenizer.ggml.add_bos_token").erase("tokenizer.ggml.bos_token_id");
        QVERIFY(!read(writer.set("tokenizer.ggml.pre", std::string("gpt-2"))).addBos);
        vocabulary = read(writer.set("tokenizer.ggml.pre", std::string("llama-bpe")));
        QVERIFY(vocabulary.addBos);
        QCOMPARE(vocabulary.bos, std::optional<TokenId>());
        QVERIFY(!Tokenizer::create(vocabulary)->encode("a").empty()); // no BOS to add
    }

    void specialIdsOutOfRangeCountAsAbsent() {
        GgufWriter writer = bpe();
        writer.set("tokenizer.ggml.padding_token_id", std::uint32_t{1'000'000});
        writer.set("tokenizer.ggml.eot_token_id", ~std::uint32_t{0});
        const Vocabulary vocabulary = read(writer);
        QVERIFY(!vocabulary.padding && !vocabulary.eot);
    }

    void unknownTypesAreUndefined() {
        const Vocabulary whole = read(bpe());
        std::vector<std::int32_t> types;
        for (const TokenType type : whole.types)
            types.push_back(static_cast<std::int32_t>(type));
        types[0] = 77;
        types[1] = -3;
        GgufWriter writer = bpe();
        const Vocabulary vocabulary = read(writer.set("tokenizer.ggml.token_type", types));
        QVERIFY(vocabulary.type(0) == TokenType::Undefined && vocabulary.type(1) == TokenType::Undefined);
    }

    void refusals() {
        const std::string accepted = refusal(bpe());
        QCOMPARE(accepted, std::string("accepted"));
        const auto refuses = [](GgufWriter writer, const char* reason) {
            const std::string sentence = refusal(writer);
            QVERIFY2(sentence.find(reason) != sentence.npos && sentence.find("some.gguf") != sentence.npos &&
                         sentence.find('\n') == sentence.npos,
                     sentence.c_str());
        };
        const std::vector<float> few{1, 2, 3};
        refuses(bpe().erase("tokenizer.ggml.model"), "tokenizer.ggml.model is missing");
        refuses(bpe().set("tokenizer.ggml.model", std::string("bert")), "'bert'");
        refuses(bpe().erase("tokenizer.ggml.tokens"), "tokens");
        refuses(bpe().set("tokenizer.ggml.tokens", std::vector<std::string>{}), "tokens");
        refuses(bpe().set("tokenizer.ggml.tokens", few), "tokens");
        refuses(bpe().erase("tokenizer.ggml.merges"), "merges");
        refuses(bpe().set("tokenizer.ggml.merges", few), "merges");
        refuses(bpe().set("tokenizer.ggml.token_type", std::vector<std::int32_t>{1}),
                "token_type has 1 entries");
        refuses(bpe().set("tokenizer.ggml.token_type", std::string("x")), "token_type");
        refuses(sentencePiece().set("tokenizer.ggml.scores", few), "scores has 3 entries");
        refuses(sentencePiece().erase("tokenizer.ggml.scores"), "scores");
        const std::size_t size = read(sentencePiece()).tokens.size();
        refuses(sentencePiece().set("tokenizer.ggml.scores", std::vector<float>(size, std::nanf(""))),
                "not a number");
    }
};

QTEST_APPLESS_MAIN(TestVocabulary)
#include "tst_tokenizer_vocabulary.moc"
