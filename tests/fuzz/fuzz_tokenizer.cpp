// Tokenizers and the text decoder. The input is lines: the first names the tokenizer ("llama" or the name of
// a BPE pre-tokenizer), each further one is a token (its first byte gives type and score) or, after a space,
// a merge; from an empty line on it is the text. Whatever the vocabulary and the text: ids are in range, errors
// are one line, and what the decoder gives is the same however the text is cut.
#include "engine/error.h"
#include "engine/text_decoder.h"
#include "engine/tokenizer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace altiplano::engine;

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

std::string_view takeLine(std::string_view& input) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    return line;
}

void addToken(Vocabulary& vocabulary, std::string_view text, TokenType type, float score) {
    vocabulary.tokens.emplace_back(text);
    vocabulary.types.push_back(type);
    vocabulary.scores.push_back(score);
}

/// Reads the vocabulary; the text is what remains of the input.
Vocabulary takeVocabulary(std::string_view& input) {
    Vocabulary vocabulary;
    const std::string_view name = takeLine(input);
    vocabulary.model = name == "llama" ? "llama" : "gpt2";
    vocabulary.pre = name;
    vocabulary.bos = 0;
    vocabulary.addBos = true;
    while (!input.empty()) {
        const std::string_view line = takeLine(input);
        if (line.empty()) break;
        const auto kind = static_cast<std::uint8_t>(line[0]);
        if (kind == ' ')
            vocabulary.merges.emplace_back(line.substr(1));
        else
            addToken(vocabulary, line.substr(1), static_cast<TokenType>(kind % 7),
                     static_cast<float>(kind / 7));
    }
    return vocabulary;
}

void decodeInParts(const std::string& text) {
    TextDecoder whole({"ab", "b</s>"}), parts({"ab", "b</s>"});
    std::string once = whole.push(text);
    once += whole.finish();
    std::string joined;
    for (std::size_t at = 0; at < text.size(); at += 3)
        joined += parts.push(std::string_view(text).substr(at, 3));
    joined += parts.finish();
    require(once == joined && whole.stopString() == parts.stopString());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input(reinterpret_cast<const char*>(data), size);
    try {
        const auto tokenizer = Tokenizer::create(takeVocabulary(input));
        for (const bool parseSpecial : {true, false}) {
            const std::vector<TokenId> ids = tokenizer->encode(input, {.parseSpecial = parseSpecial});
            for (const TokenId id : ids)
                require(id >= 0 && static_cast<std::size_t>(id) < tokenizer->vocabulary().tokens.size());
            decodeInParts(tokenizer->decode(ids, true));
        }
    } catch (const Error& error) {
        require(std::string_view(error.what()).find('\n') == std::string_view::npos);
    }
    decodeInParts(std::string(input));
    return 0;
}
