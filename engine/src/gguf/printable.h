#pragma once

#include <string>
#include <string_view>

namespace altiplano::engine {

/// Bytes of a file, fit for a one-line message: in quotes, short, and nothing but printable ASCII.
std::string inQuotes(std::string_view bytes);

/// A path, fit for a one-line message.
std::string onOneLine(std::string text);

} // namespace altiplano::engine
