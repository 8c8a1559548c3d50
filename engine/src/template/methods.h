#pragma once

#include "template/objects.h"

#include <string_view>

namespace altiplano::engine::jinja {

/// The methods that a kind of value has; null where it has none of that name.
BoundMethod::Body textMethod(std::string_view name);
BoundMethod::Body sequenceMethod(std::string_view name);
BoundMethod::Body dictMethod(std::string_view name);
BoundMethod::Body numberMethod(std::string_view name, bool isFloat);

} // namespace altiplano::engine::jinja
