#pragma once

#include "template/value.h"

#include <optional>
#include <string>
#include <string_view>

namespace altiplano::engine::jinja {

/// The integer, or a Failure beyond 2**120.
Int checkedInt(Int value);
/// The float cut towards zero; Failure for infinities, NaN and beyond the range.
Int intOf(double value);
Int multiply(Int a, Int b);
Int power(Int base, Int exponent); ///< exponent >= 0
Int floorDivide(Int a, Int b);     ///< b != 0; rounds down, as Python does
Int modulo(Int a, Int b);          ///< b != 0; takes the sign of b
std::string toString(Int value, unsigned base = 10);
/// Python's int(text, base): spaces around, a sign, underscores, and a prefix where the base is 0 or fits it.
std::optional<Int> parseInt(std::string_view text, unsigned base = 10);

} // namespace altiplano::engine::jinja
