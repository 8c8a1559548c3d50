#pragma once

#include "template/value.h"

#include <string_view>

namespace altiplano::engine::jinja {

using Filter = Value (*)(Runtime&, const Value& input, const Arguments&);
using Test = bool (*)(Runtime&, const Value& value, const Arguments&);

/// jinja2's filters and tests by name; null for a name that is none.
Filter findFilter(std::string_view name);
Test findTest(std::string_view name);

// Where findFilter looks.
Filter textFilter(std::string_view name);
Filter numberFilter(std::string_view name);
Filter sequenceFilter(std::string_view name);
Filter selectionFilter(std::string_view name);

/// The filter tojson as transformers defines it: json.dumps without HTML escapes.
Value toJson(Runtime&, const Value& value, const Arguments&);

} // namespace altiplano::engine::jinja
