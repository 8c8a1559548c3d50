#pragma once

#include <string>
#include <string_view>

namespace altiplano::engine {

/// Appends `bytes` to `text`, each maximal invalid part (Unicode 15, section 3.9, "U+FFFD substitution of
/// maximal subparts") as one U+FFFD. Returns how many bytes were taken: all but an incomplete character at
/// the end.
std::size_t appendUtf8(std::string_view bytes, std::string& text);

/// Appends U+FFFD.
void appendReplacement(std::string& text);

/// True when the text needs no repair.
bool isValidUtf8(std::string_view text);

/// The text with every invalid part, at the end too, as U+FFFD.
std::string repairUtf8(std::string_view text);

} // namespace altiplano::engine
