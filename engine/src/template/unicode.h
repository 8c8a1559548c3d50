#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace altiplano::engine::jinja {

// Strings are UTF-8 and valid inside the template engine (repairUtf8 at its edge); Python's positions in a
// string count code points.

/// Whether the bytes are valid UTF-8 without surrogates.
bool isUtf8(std::string_view bytes);
/// The same text with each invalid byte replaced by U+FFFD.
std::string repairUtf8(std::string_view bytes);
/// The code point at `at`, which moves past it. The text is valid and `at` inside it.
char32_t nextCodePoint(std::string_view text, std::size_t& at);
void appendCodePoint(std::string& out, char32_t c);
std::size_t countCodePoints(std::string_view text);
std::u32string toCodePoints(std::string_view text);
std::string toUtf8(std::u32string_view points);

// What Python's str methods of these names say of one code point.
bool isSpace(char32_t c);
bool isLineBreak(char32_t c); ///< where str.splitlines splits
bool isPrintable(char32_t c);
bool isAlpha(char32_t c);
bool isDecimal(char32_t c);
bool isDigit(char32_t c);
bool isNumeric(char32_t c);
bool isAlnum(char32_t c);
bool isLower(char32_t c);
bool isUpper(char32_t c);
bool isTitle(char32_t c);
inline bool isCased(char32_t c) {
    return isLower(c) || isUpper(c) || isTitle(c);
}
inline bool isWord(char32_t c) {
    return c == '_' || isAlnum(c);
} ///< \w

// Python's str methods of these names.
std::string upper(std::string_view text);
std::string lower(std::string_view text);
std::string titleCase(std::string_view text);
std::string capitalize(std::string_view text);
std::string swapCase(std::string_view text);
std::string caseFold(std::string_view text);

} // namespace altiplano::engine::jinja
