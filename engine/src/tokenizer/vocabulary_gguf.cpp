#include "engine/error.h"
#include "engine/gguf_file.h"
#include "engine/tokenizer.h"
#include "tokenizer/pre_tokenizer.h"

namespace altiplano::engine {

namespace {

TokenType tokenType(double number) {
    const bool known = number >= 0 && number <= static_cast<double>(TokenType::Byte);
    return known ? static_cast<TokenType>(static_cast<std::uint8_t>(number)) : TokenType::Undefined;
}

} // namespace

Vocabulary Vocabulary::fromGguf(const GgufFile& file) {
    const auto key = [](const char* name) { return std::string("tokenizer.ggml.") + name; };
    Vocabulary vocabulary;
    vocabulary.model = file.string(key("model")).value_or("");
    vocabulary.pre = file.string(key("pre")).value_or("");
    if (vocabulary.model.empty())
        throw Error(ErrorCode::BadFile, file.path().string() +
                                            ": tokenizer.ggml.model is missing; the file has no "
                                            "vocabulary");
    if (const auto tokens = file.strings(key("tokens")))
        vocabulary.tokens.assign(tokens->begin(), tokens->end());
    if (const auto merges = file.strings(key("merges")))
        vocabulary.merges.assign(merges->begin(), merges->end());
    if (const auto scores = file.numbers(key("scores")))
        vocabulary.scores.assign(scores->begin(), scores->end());
    if (const auto types = file.numbers(key("token_type")))
        for (const double type : *types)
            vocabulary.types.push_back(tokenType(type));

    const auto id = [&](const char* name) {
        const auto value = file.unsignedInteger(key(name));
        return value && *value < vocabulary.tokens.size() ? std::optional(static_cast<TokenId>(*value))
                                                          : std::nullopt;
    };
    const bool sentencePiece = vocabulary.model == "llama";
    vocabulary.unknown = id("unknown_token_id");
    vocabulary.bos = id("bos_token_id");
    vocabulary.eos = id("eos_token_id");
    vocabulary.eot = id("eot_token_id");
    vocabulary.eom = id("eom_token_id");
    vocabulary.padding = id("padding_token_id");
    if (sentencePiece && vocabulary.tokens.size() > 2) { // LLaMA's, which early files left out
        if (!vocabulary.unknown) vocabulary.unknown = 0;
        if (!vocabulary.bos) vocabulary.bos = 1;
        if (!vocabulary.eos) vocabulary.eos = 2;
    }
    const bool addsBos = sentencePiece || PreTokenizer::addsBos(vocabulary.pre);
    vocabulary.addBos = file.boolean(key("add_bos_token")).value_or(addsBos);
    vocabulary.addEos = file.boolean(key("add_eos_token")).value_or(false);
    vocabulary.addSpacePrefix = file.boolean(key("add_space_prefix")).value_or(true);
    vocabulary.check(file.path().string());
    return vocabulary;
}

} // namespace altiplano::engine
