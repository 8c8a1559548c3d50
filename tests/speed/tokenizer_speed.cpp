// How fast a tokenizer is, on one core: prints megabytes a second for the files given, for mixed Unicode and
// for texts that are one long word. Not a test: nothing asserts a time.
#include "engine/gguf_file.h"
#include "engine/tokenizer.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

using namespace altiplano::engine;

namespace {

constexpr std::size_t kMegabyte = 1'000'000;

void appendCharacter(char32_t point, std::string& text) {
    const auto append = [&](char32_t bits) { text += static_cast<char>(bits); };
    if (point < 0x80) return append(point);
    if (point < 0x800) {
        append(0xC0 | point >> 6);
    } else if (point < 0x10000) {
        append(0xE0 | point >> 12);
        append(0x80 | (point >> 6 & 0x3F));
    } else {
        append(0xF0 | point >> 18);
        append(0x80 | (point >> 12 & 0x3F));
        append(0x80 | (point >> 6 & 0x3F));
    }
    append(0x80 | (point & 0x3F));
}

/// Words of one to nine characters in a dozen scripts, with digits, punctuation and emoji between.
std::string mixedUnicode(std::size_t bytes) {
    constexpr std::pair<char32_t, char32_t> kRanges[] = {
        {'a', 'z'},       {'A', 'Z'},       {'0', '9'},         {'!', '/'},      {0xC0, 0x24F},
        {0x391, 0x3C9},   {0x410, 0x44F},   {0x5D0, 0x5EA},     {0x627, 0x64A},  {0x905, 0x939},
        {0x3041, 0x3096}, {0x4E00, 0x9FFF}, {0x1F600, 0x1F64F}, {0xAC00, 0xD7A3}};
    std::mt19937 random(1);
    std::string text;
    while (text.size() < bytes) {
        const auto& [first, last] = kRanges[random() % std::size(kRanges)];
        for (std::size_t left = 1 + random() % 9; left > 0; --left)
            appendCharacter(first + static_cast<char32_t>(random() % (last - first + 1)), text);
        text += random() % 12 ? ' ' : '\n';
    }
    return text;
}

std::string randomLetters(std::size_t bytes) {
    std::mt19937 random(1);
    std::string text(bytes, ' ');
    for (char& letter : text)
        letter = static_cast<char>('a' + random() % 26);
    return text;
}

void measure(const Tokenizer& tokenizer, const std::string& name, const std::string& text) {
    using Clock = std::chrono::steady_clock;
    double best = 1e9;
    std::size_t tokens = 0;
    for (int repetition = 0; repetition < 3; ++repetition) {
        const auto start = Clock::now();
        tokens = tokenizer.encode(text, {.addSpecial = false}).size();
        best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
    }
    std::printf("%8.1f MB/s  %8zu bytes  %8zu tokens  %s\n", static_cast<double>(text.size()) / 1e6 / best,
                text.size(), tokens, name.c_str());
}

std::string readFile(const char* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(
            stderr,
            "usage: %s MODEL PRE [FILE...]\nPRE: a name for tokenizer.ggml.pre, or - for the file's\n",
            argv[0]);
        return 2;
    }
    try {
        Vocabulary vocabulary = Vocabulary::fromGguf(GgufFile::open(argv[1]));
        if (argv[2] != std::string_view("-")) vocabulary.pre = argv[2];
        std::printf("%s, pre-tokenizer '%s'\n", argv[1], vocabulary.pre.c_str());
        const auto tokenizer = Tokenizer::create(std::move(vocabulary));
        for (int i = 3; i < argc; ++i)
            measure(*tokenizer, std::filesystem::path(argv[i]).filename().string(), readFile(argv[i]));
        measure(*tokenizer, "mixed Unicode", mixedUnicode(kMegabyte));
        for (const std::size_t megabytes : {1, 4})
            measure(*tokenizer, "one word of random letters", randomLetters(megabytes * kMegabyte));
        for (const char letter : {'a', ' ', '\n', '!', '7'})
            measure(*tokenizer, std::string("'") + (letter == '\n' ? ' ' : letter) + "' only",
                    std::string(kMegabyte, letter));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
