#include "tokenizer/utf8.h"

#include <cstdint>
#include <cstring>

namespace altiplano::engine {

namespace {

struct Character {
    std::size_t bytes;                        ///< of the character, or of the invalid part
    enum { Valid, Invalid, Incomplete } kind; ///< Incomplete: more bytes could complete it
};

/// Reads the first character of a text that is not empty (Unicode 15, table 3-7).
Character firstCharacter(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return {1, Character::Valid};
    if (lead < 0xC2 || lead > 0xF4) return {1, Character::Invalid};
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    for (std::size_t i = 1; i < length; ++i) {
        if (i == text.size()) return {i, Character::Incomplete};
        const bool second = i == 1;
        const std::uint8_t low = second && lead == 0xE0 ? 0xA0 : second && lead == 0xF0 ? 0x90 : 0x80;
        const std::uint8_t high = second && lead == 0xED ? 0x9F : second && lead == 0xF4 ? 0x8F : 0xBF;
        if (byte(i) < low || byte(i) > high) return {i, Character::Invalid};
    }
    return {length, Character::Valid};
}

/// How many bytes at the start are valid characters.
std::size_t validPrefix(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::uint64_t word = 0;
        if (text.size() - at >= sizeof word) {
            std::memcpy(&word, text.data() + at, sizeof word);
            if ((word & 0x8080808080808080) == 0) {
                at += sizeof word;
                continue;
            }
        }
        const Character character = firstCharacter(text.substr(at));
        if (character.kind != Character::Valid) break;
        at += character.bytes;
    }
    return at;
}

} // namespace

void appendReplacement(std::string& text) {
    text += "\xEF\xBF\xBD";
}

std::size_t appendUtf8(std::string_view bytes, std::string& text) {
    std::size_t at = 0;
    for (;;) {
        const std::size_t valid = validPrefix(bytes.substr(at));
        text += bytes.substr(at, valid);
        at += valid;
        if (at == bytes.size()) return at;
        const Character character = firstCharacter(bytes.substr(at));
        if (character.kind == Character::Incomplete) return at;
        appendReplacement(text);
        at += character.bytes;
    }
}

bool isValidUtf8(std::string_view text) {
    return validPrefix(text) == text.size();
}

std::string repairUtf8(std::string_view text) {
    std::string repaired;
    repaired.reserve(text.size());
    if (appendUtf8(text, repaired) < text.size()) appendReplacement(repaired);
    return repaired;
}

} // namespace altiplano::engine
