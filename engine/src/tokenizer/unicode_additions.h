#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace altiplano::engine {

/// The text with every character that Unicode 15 or 16 added replaced by an older one of the same kind (upper
/// case, lower case, other letter, mark, number, punctuation, symbol) and of the same length in UTF-8;
/// nothing when there is none. The PCRE2 of Debian 12 knows Unicode 14, the tokenizers that models were
/// published with know later ones: in the older text it finds the borders that they find. `text` is valid
/// UTF-8.
std::optional<std::string> withOlderCharacters(std::string_view text);

} // namespace altiplano::engine
