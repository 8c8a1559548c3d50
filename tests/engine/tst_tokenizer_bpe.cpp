// BpeTokenizer against ids that PyPI tokenizers made: data/make_tokenizer.py.
#include "engine/error.h"
#include "engine/gguf_file.h"
#include "engine/tokenizer.h"

#include "support/random.h"

#include <QTest>
#include <nlohmann/json.hpp>

#include <atomic>
#include <fstream>
#include <map>
#include <thread>

using namespace altiplano::engine;
using nlohmann::json;

using Ids = std::vector<TokenId>;

namespace {

const json& golden() {
    static const json data = json::parse(std::ifstream(TEST_DATA "/tokenizer_bpe.json"));
    return data;
}

std::vector<std::string> texts() {
    return golden()["texts"];
}

Vocabulary vocabularyFor(const std::string& pre) {
    Vocabulary vocabulary;
    vocabulary.model = "gpt2";
    vocabulary.pre = pre;
    golden()["tokens"].get_to(vocabulary.tokens);
    golden()["merges"].get_to(vocabulary.merges);
    vocabulary.types.assign(vocabulary.tokens.size(), TokenType::Normal);
    const std::size_t control = golden()["control"], userDefined = golden()["userDefined"];
    std::fill_n(vocabulary.types.end() - control, control, TokenType::Control);
    std::fill_n(vocabulary.types.end() - control - userDefined, userDefined, TokenType::UserDefined);
    return vocabulary;
}

std::unique_ptr<Tokenizer> tokenizerFor(const std::string& pre) {
    return Tokenizer::create(vocabularyFor(pre));
}

TokenId idOf(const Tokenizer& tokenizer, std::string_view text) {
    const auto& tokens = tokenizer.vocabulary().tokens;
    return static_cast<TokenId>(std::ranges::find(tokens, text) - tokens.begin());
}

std::string randomBytes(std::mt19937_64& random, std::size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes)
        byte = random() % 2 ? static_cast<char>(' ' + random() % 95) : static_cast<char>(random());
    return bytes;
}

/// Tokens and merges over the letters a, b and c, at random.
Vocabulary randomMerges(std::mt19937_64& random) {
    Vocabulary vocabulary;
    vocabulary.model = "gpt2";
    vocabulary.pre = "gpt-2";
    vocabulary.tokens = {"a", "b", "c"};
    const std::size_t parts = 3 + random() % 20; // few: short tokens, many that overlap
    for (std::size_t i = 3; i < 60; ++i) {
        const std::string left = vocabulary.tokens[random() % std::min(i, parts)];
        const std::string right = vocabulary.tokens[random() % std::min(i, parts)];
        vocabulary.tokens.push_back(left + right);
        vocabulary.merges.push_back(left + " " + right);
    }
    if (random() % 2) std::ranges::shuffle(vocabulary.merges, random);
    return vocabulary;
}

Ids mergedByDefinition(const Vocabulary& vocabulary, const std::string& text) {
    std::map<std::string, std::size_t> ranks; // of two merges of one pair the later one counts
    for (std::size_t rank = 0; rank < vocabulary.merges.size(); ++rank)
        ranks[vocabulary.merges[rank]] = rank;
    std::vector<std::string> parts;
    for (const char letter : text)
        parts.emplace_back(1, letter);
    for (;;) {
        std::size_t best = vocabulary.merges.size(), place = 0;
        for (std::size_t i = 0; i + 1 < parts.size(); ++i)
            if (const auto found = ranks.find(parts[i] + " " + parts[i + 1]);
                found != ranks.end() && found->second < best) {
                best = found->second;
                place = i;
            }
        if (best == vocabulary.merges.size()) break;
        parts[place] += parts[place + 1];
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(place) + 1);
    }
    Ids ids;
    for (const std::string& part : parts)
        ids.push_back(
            static_cast<TokenId>(std::ranges::find(vocabulary.tokens, part) - vocabulary.tokens.begin()));
    return ids;
}

} // namespace

class TestBpe : public QObject {
    Q_OBJECT

private slots:
    void families_data() {
        QTest::addColumn<QString>("pre");
        for (const auto& [pre, ids] : golden()["cases"].items())
            QTest::newRow(pre.c_str()) << QString::fromStdString(pre);
    }

    void families() {
        QFETCH(QString, pre);
        const json& cases = golden()["cases"][pre.toStdString()];
        const auto tokenizer = tokenizerFor(pre.toStdString());
        const auto given = texts();
        for (std::size_t i = 0; i < given.size(); ++i) {
            const Ids ids = tokenizer->encode(given[i], {.addSpecial = true, .parseSpecial = false});
            QVERIFY2(ids == cases["plain"][i].get<Ids>(), given[i].c_str());
            QCOMPARE(tokenizer->decode(ids), given[i]);
        }
        for (std::size_t i = 0; i < cases["special"].size(); ++i) {
            const std::string& text = given[given.size() - 5 + i];
            const Ids ids = tokenizer->encode(text);
            QVERIFY2(ids == cases["special"][i].get<Ids>(), text.c_str());
            QCOMPARE(tokenizer->decode(ids, true), text);
        }
    }

    void namesOfOneFamilySplitAlike() {
        const std::pair<const char*, std::vector<const char*>> families[] = {
            {"llama-bpe", {"llama3", "llama-v3", "pixtral"}},
            {"qwen2", {"deepseek-r1-qwen"}},
            {"gpt-2", {"olmo"}}};
        for (const auto& [pre, aliases] : families)
            for (const char* alias : aliases)
                for (const std::string& text : texts())
                    QCOMPARE(tokenizerFor(alias)->encode(text), tokenizerFor(pre)->encode(text));
    }

    void aLongWordMergesAsAShortOneDoes() {
        const auto tokenizer = tokenizerFor("llama-bpe");
        QCOMPARE(tokenizer->encode(golden()["long"]["text"].get<std::string>()),
                 golden()["long"]["ids"].get<Ids>());
    }

    /// Long words are merged in windows: compare with merging by the definition, for merges in any order,
    /// also such as no training makes.
    void longWordsMergeByTheDefinition() {
        std::mt19937_64 random = altiplano::test::seededRandom();
        for (int round = 0; round < 30; ++round) {
            const Vocabulary vocabulary = randomMerges(random);
            const auto tokenizer = Tokenizer::create(vocabulary);
            const std::size_t letters = 1 + random() % 3, size = random() % 4000;
            std::string text;
            while (text.size() < size) // stretches of chance and of one letter
                text.append(random() % 8 ? 1 : random() % 300, static_cast<char>('a' + random() % letters));
            QCOMPARE(tokenizer->encode(text), mergedByDefinition(vocabulary, text));
        }
    }

    void unknownNameWarnsAndUsesDefault() {
        std::vector<std::string> warnings;
        const auto warn = [&](const std::string& warning) { warnings.push_back(warning); };
        const auto tokenizer = Tokenizer::create(vocabularyFor("nobody-knows"), warn);
        QCOMPARE(warnings.size(), std::size_t(1));
        QVERIFY(warnings[0].find("nobody-knows") != std::string::npos);
        for (const std::string& text : texts())
            QCOMPARE(tokenizer->encode(text), tokenizerFor("default")->encode(text));
        Tokenizer::create(vocabularyFor("smollm"), warn);
        QCOMPARE(warnings.size(), std::size_t(1));
    }

    void bosAndEosFrameTheText() {
        Vocabulary vocabulary = vocabularyFor("gpt-2");
        vocabulary.bos = 7;
        vocabulary.eos = 9;
        vocabulary.addBos = vocabulary.addEos = true;
        const auto tokenizer = Tokenizer::create(vocabulary);
        Ids ids = tokenizer->encode("don't", {.addSpecial = false});
        QCOMPARE(ids, tokenizerFor("gpt-2")->encode("don't"));
        ids.insert(ids.begin(), 7);
        ids.push_back(9);
        QCOMPARE(tokenizer->encode("don't"), ids);
        QCOMPARE(tokenizer->encode(""), (Ids{7, 9}));
    }

    void piecesOfControlTokensShowOnRequest() {
        const auto tokenizer = tokenizerFor("gpt-2");
        const TokenId end = idOf(*tokenizer, "<|im_end|>"), tool = idOf(*tokenizer, "<tool>");
        QCOMPARE(tokenizer->piece(end), std::string());
        QCOMPARE(tokenizer->piece(end, true), std::string("<|im_end|>"));
        QCOMPARE(tokenizer->piece(tool), std::string("<tool>"));
        QCOMPARE(tokenizer->piece(idOf(*tokenizer, "Ġ")), std::string(" "));
        QCOMPARE(tokenizer->piece(-1, true) + tokenizer->piece(1 << 30, true), std::string());
    }

    void turnsEndAtKnownTexts() {
        Vocabulary vocabulary = vocabularyFor("gpt-2");
        vocabulary.eot = 11;
        const auto tokenizer = Tokenizer::create(vocabulary);
        QVERIFY(tokenizer->endsTurn(idOf(*tokenizer, "<|im_end|>")));
        QVERIFY(tokenizer->endsTurn(11));
        QVERIFY(!tokenizer->endsTurn(idOf(*tokenizer, "<|im_start|>")));
        QVERIFY(!tokenizer->endsTurn(0));
        QVERIFY(!tokenizer->endsTurn(-1));
    }

    void invalidBytesBecomeReplacementCharacters() {
        // Unicode 15, table 3-8 and the examples beside it.
        const std::pair<std::string, std::string> cases[] = {
            {"\xFF", "\uFFFD"},
            {"a\xC3", "a\uFFFD"},
            {"\xE3\x81z", "\uFFFDz"},
            {"\xF0\x9F\x98\xF0\x9F\x98\x80", "\uFFFD\U0001F600"},
            {"\xC0\xAF", "\uFFFD\uFFFD"},
            {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
            {"\xF4\x91\x92\x93", "\uFFFD\uFFFD\uFFFD\uFFFD"},
            {"\x80<|im_end|>\xE2\x82", "\uFFFD<|im_end|>\uFFFD"},
        };
        for (const char* pre : {"llama-bpe", "falcon", "deepseek-llm"})
            for (const auto& [bytes, text] : cases) {
                const auto tokenizer = tokenizerFor(pre);
                QCOMPARE(tokenizer->encode(bytes), tokenizer->encode(text));
                QCOMPARE(tokenizer->decode(tokenizer->encode(bytes), true), text);
            }
    }

    void anyBytesEncode() {
        std::mt19937_64 random = altiplano::test::seededRandom();
        for (const auto& [pre, ids] : golden()["cases"].items()) {
            const auto tokenizer = tokenizerFor(pre);
            for (int i = 0; i < 50; ++i) {
                const std::string text =
                    tokenizer->decode(tokenizer->encode(randomBytes(random, random() % 200)), true);
                QCOMPARE(tokenizer->decode(tokenizer->encode(text), true), text);
            }
        }
    }

    void threadsShareATokenizer() {
        const auto tokenizer = tokenizerFor("llama-bpe");
        const json& expected = golden()["cases"]["llama-bpe"]["plain"];
        const auto given = texts();
        std::atomic<int> wrong = 0;
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (std::size_t i = 0; i < given.size(); ++i)
                    wrong += tokenizer->encode(given[i], {.parseSpecial = false}) != expected[i].get<Ids>();
            });
        threads.clear();
        QCOMPARE(wrong.load(), 0);
    }

    void oddVocabulariesLoad() {
        Vocabulary vocabulary = vocabularyFor("gpt-2");
        vocabulary.merges.insert(vocabulary.merges.begin(), {"", " ", "nospace", "x nowhere", "\xFF \xFE"});
        vocabulary.tokens.insert(vocabulary.tokens.end(), {"", "a", "\xFF", "é日"});
        vocabulary.types.insert(vocabulary.types.end(), 4, TokenType::Normal);
        const auto tokenizer = Tokenizer::create(vocabulary);
        for (const std::string& text : texts())
            QCOMPARE(tokenizer->encode(text), tokenizerFor("gpt-2")->encode(text));
        const auto last = static_cast<TokenId>(vocabulary.tokens.size() - 1);
        QCOMPARE(tokenizer->piece(last), std::string("é日"));
        QCOMPARE(tokenizer->piece(last - 3), std::string());
    }

    void starterModel() {
        const std::string path = qEnvironmentVariable("ALTIPLANO_STARTER_MODEL").toStdString();
        if (path.empty()) QSKIP("ALTIPLANO_STARTER_MODEL names no model");
        const auto tokenizer = Tokenizer::create(Vocabulary::fromGguf(GgufFile::open(path)));
        const json starter = json::parse(std::ifstream(TEST_DATA "/tokenizer_starter.json"));
        for (std::size_t i = 0; i < starter["texts"].size(); ++i)
            QCOMPARE(tokenizer->encode(starter["texts"][i].get<std::string>()), starter["ids"][i].get<Ids>());
        QVERIFY(tokenizer->endsTurn(2));
    }
};

QTEST_APPLESS_MAIN(TestBpe)
#include "tst_tokenizer_bpe.moc"
