#pragma once

#include <string>
#include <string_view>

namespace altiplano::engine {

class GgufFile;

/// A text of the metadata, made fit to be shown: one line, UTF-8, not too long. Empty where there is none.
std::string shownText(const GgufFile& file, std::string_view key);

/// general.name, made fit to be shown, or the file's name.
std::string displayName(const GgufFile& file);

} // namespace altiplano::engine
