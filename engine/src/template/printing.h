#pragma once

#include "template/value.h"

#include <string>
#include <string_view>

namespace altiplano::engine::jinja {

std::string str(Runtime&, const Value& v);  ///< Python's str(v); nothing for an undefined value
std::string repr(Runtime&, const Value& v); ///< Python's repr(v)
std::string reprDict(Runtime&, const Dict& dict);
std::string reprText(std::string_view text);
/// The shortest digits that read back as the same float, as Python's repr writes them.
std::string reprFloat(double value);

} // namespace altiplano::engine::jinja
