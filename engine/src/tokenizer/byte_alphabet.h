#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace altiplano::engine {

/// GPT-2's printable alphabet for bytes, in which BPE vocabularies write their tokens: bytes that are
/// printable in Latin-1 stand for themselves, the others for the code points from U+0100 on, in order.
/// (github.com/openai/gpt-2, encoder.py: bytes_to_unicode.)
class ByteAlphabet {
public:
    ByteAlphabet();

    /// The letter of a byte, in UTF-8.
    std::string_view letter(unsigned char byte) const { return m_letters[byte]; }

    /// The bytes that a token's text stands for; nothing where a character is not a letter.
    std::optional<std::string> bytes(std::string_view letters) const;

private:
    std::array<std::string, 256> m_letters;
    std::array<short, 0x144> m_bytes; ///< by code point; -1: not a letter
};

} // namespace altiplano::engine
