#pragma once

#include "template/value.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Python's str operations that both methods and filters use.
namespace altiplano::engine::jinja {

enum class Side { Left, Right, Both };
/// Without code points of `set` (spaces where it is null) at its ends.
std::string_view strip(std::string_view text, const Text* set, Side side = Side::Both);
/// At most `limit` splits (all where negative), counted from the left or, with Side::Right, from the right.
std::vector<std::string> splitSpaces(Runtime&, std::string_view text, Int limit, Side from);
std::vector<std::string> splitBy(Runtime&, std::string_view text, std::string_view separator, Int limit,
                                 Side from);
std::vector<std::string> splitLines(Runtime&, std::string_view text, bool keepEnds);
std::string replace(Runtime&, std::string_view text, std::string_view from, std::string_view to, Int limit);
/// Padded to `width` code points: text at its left, right or (Both) in the middle.
std::string justify(Runtime&, std::string_view text, Int width, char32_t fill, Side side);

} // namespace altiplano::engine::jinja
