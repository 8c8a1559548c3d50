#pragma once

#include "template/value.h"

#include <functional>

namespace altiplano::engine::jinja {

/// Looks an attribute path such as "function.name" or "0.id" up in an item; `fallback` (may be null) stands
/// in for what is undefined on the way. No path (None) is the item itself.
using Getter = std::function<Value(Runtime&, const Value&)>;
Getter attributeGetter(const Value& path, const Value* fallback = nullptr);
/// The attributes that a comma-separated path names, as a list.
Getter multiGetter(const Value& path);
/// Lower case for strings unless `caseSensitive`; the rest as it is.
Value foldCase(Runtime&, const Value& v, bool caseSensitive);
/// Sorts stably by key, as Python's sorted.
void sortBy(Runtime&, std::vector<Value>& items, const Getter& key, bool reverse);

} // namespace altiplano::engine::jinja
