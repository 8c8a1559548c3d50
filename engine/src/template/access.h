#pragma once

#include "template/value.h"

#include <optional>
#include <string_view>

/// How templates reach into values, with the sandbox's rules.
namespace altiplano::engine::jinja {

/// `object.name`: an attribute or method, else the item of that name, else undefined.
Value attributeOf(Runtime&, const Value& object, std::string_view name);
/// `object[index]`: the item, else (for a string) the attribute, else undefined.
Value itemOf(Runtime&, const Value& object, const Value& index);
/// `object[start:stop:step]`; each part may be None.
Value sliceOf(Runtime&, const Value& object, const Value& start, const Value& stop, const Value& step);
/// The attribute or method alone, without items; undefined-with-a-reason where the sandbox forbids it.
std::optional<Value> attributeAlone(Runtime&, const Value& object, std::string_view name);
/// The method of that name of a string, a list, a tuple, a dict or a number.
std::optional<Value> methodOf(Runtime&, const Value& object, std::string_view name);

} // namespace altiplano::engine::jinja
