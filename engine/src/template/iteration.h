#pragma once

#include "template/value.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace altiplano::engine::jinja {

/// Iterates as Python's iter(); the Failure for what cannot be iterated is `before` + type name + `after`.
Pull iterate(Runtime&, const Value& v, std::string_view before = "'",
             std::string_view after = "' object is not iterable");
bool isIterable(Runtime&, const Value& v);
/// Python's list(v), as a vector.
std::vector<Value> collect(Runtime&, const Value& v);
/// Python's len(v), where there is one.
std::optional<std::uint64_t> lengthOf(Runtime&, const Value& v);
/// A generator: lazy, and empty once it has been read to its end. It holds `source` and `arguments`.
Value generator(Runtime&, Pull pull, const Value& source, const Arguments& arguments = {});

} // namespace altiplano::engine::jinja
