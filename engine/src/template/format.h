#pragma once

#include "template/value.h"

#include <string>
#include <string_view>

/// Python's two ways to format text.
namespace altiplano::engine::jinja {

/// `format % values`: values is a tuple, one value, or a mapping for %(name)s.
Value formatPercent(Runtime&, const Text& format, const Value& values);
/// format.format(...): {}, {0}, {name.attribute[index]!r:spec}.
Value formatBraces(Runtime&, const Text& format, const Arguments& arguments);
/// format(value, spec), the part of a replacement field behind the colon.
std::string formatSpec(Runtime&, const Value& value, std::string_view spec);

/// snprintf("%<flags>.<precision><type>") of a float; precision < 0 leaves it out.
std::string printFloat(Runtime&, const std::string& flags, long precision, char type, double value);
/// Pads a number (sign and prefix, then digits) to `width` code points: with zeros after the prefix, else
/// spaces.
std::string padNumber(Runtime&, const std::string& prefix, const std::string& digits, std::uint64_t width,
                      bool zeros, bool left);

} // namespace altiplano::engine::jinja
