#include "support/tiny_vocabulary.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace altiplano::test {

namespace {

constexpr std::array kWords = {"the", "and", "that", "hello", "world",  "is",
                               "of",  "to",  "in",   "model", "answer", "you"};

/// GGUF's tokenizer.ggml.token_type.
enum : std::int32_t { kNormal = 1, kUnknown = 2, kControl = 3, kUnused = 5, kByte = 6 };

struct Pieces {
    std::vector<std::string> texts;
    std::vector<std::int32_t> types;

    void add(const std::string& text, std::int32_t type = kNormal) {
        if (std::ranges::find(texts, text) != texts.end()) return;
        texts.push_back(text);
        types.push_back(type);
    }
    std::uint32_t store(GgufWriter& writer, std::uint32_t size) {
        while (texts.size() < size)
            add("<unused" + std::to_string(texts.size()) + ">", kUnused);
        writer.set("tokenizer.ggml.tokens", texts);
        writer.set("tokenizer.ggml.token_type", types);
        return static_cast<std::uint32_t>(texts.size());
    }
};

/// GPT-2's printable character for a byte, in UTF-8.
std::string byteCharacter(int byte) {
    const auto printable = [](int b) { return (b > 32 && b < 127) || (b > 160 && b != 173); };
    int code = byte;
    if (!printable(byte)) {
        code = 256;
        for (int b = 0; b < byte; ++b)
            code += !printable(b);
    }
    if (code < 128) return {static_cast<char>(code)};
    return {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 63))};
}

} // namespace

std::uint32_t setSentencePieceVocabulary(GgufWriter& writer, std::uint32_t size) {
    const std::string space = "\u2581";
    Pieces pieces;
    pieces.add("<unk>", kUnknown);
    pieces.add("<s>", kControl);
    pieces.add("</s>", kControl);
    for (int byte = 0; byte < 256; ++byte) {
        char text[8];
        std::snprintf(text, sizeof text, "<0x%02X>", byte);
        pieces.add(text, kByte);
    }
    for (const std::string word : kWords)
        for (std::size_t length = 1; length <= word.size(); ++length) {
            pieces.add(space + word.substr(0, length));
            if (length > 1) pieces.add(word.substr(0, length));
        }
    pieces.add(space);
    for (char letter = '!'; letter <= '~'; ++letter)
        pieces.add({letter});

    writer.set("tokenizer.ggml.model", std::string("llama"));
    const std::uint32_t count = pieces.store(writer, size);
    std::vector<float> scores(count);
    for (std::size_t i = 259; i < count; ++i)
        scores[i] = -static_cast<float>(i - 259);
    writer.set("tokenizer.ggml.scores", scores);
    writer.set("tokenizer.ggml.bos_token_id", std::uint32_t{1});
    writer.set("tokenizer.ggml.eos_token_id", std::uint32_t{2});
    writer.set("tokenizer.ggml.unknown_token_id", std::uint32_t{0});
    writer.set("tokenizer.ggml.add_bos_token", true);
    writer.set("tokenizer.ggml.add_eos_token", false);
    return count;
}

std::uint32_t setBpeVocabulary(GgufWriter& writer, std::uint32_t size) {
    Pieces pieces;
    pieces.add("<|endoftext|>", kControl);
    pieces.add("<|im_start|>", kControl);
    pieces.add("<|im_end|>", kControl);
    for (int byte = 0; byte < 256; ++byte)
        pieces.add(byteCharacter(byte));
    std::vector<std::string> merges;
    for (const std::string word : kWords)
        for (const std::string& prefix : {std::string(), byteCharacter(' ')}) {
            std::string left = prefix.empty() ? word.substr(0, 1) : prefix;
            for (std::size_t i = prefix.empty() ? 1 : 0; i < word.size(); ++i) {
                const std::string merge = left + " " + word[i];
                left += word[i];
                if (std::ranges::find(merges, merge) == merges.end()) merges.push_back(merge);
                pieces.add(left);
            }
        }

    writer.set("tokenizer.ggml.model", std::string("gpt2"));
    writer.set("tokenizer.ggml.pre", std::string("smollm"));
    const std::uint32_t count = pieces.store(writer, size);
    writer.set("tokenizer.ggml.merges", merges);
    writer.set("tokenizer.ggml.bos_token_id", std::uint32_t{1});
    writer.set("tokenizer.ggml.eos_token_id", std::uint32_t{2});
    writer.set("tokenizer.ggml.add_bos_token", false);
    return count;
}

} // namespace altiplano::test
