#pragma once

#include "template/ast.h"

#include <string_view>

namespace altiplano::engine::jinja {

/// Parses a template; Failure with the line where it cannot.
Body parse(std::string_view source);

} // namespace altiplano::engine::jinja
