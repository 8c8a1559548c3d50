#pragma once

#include "template/value.h"

#include <array>
#include <string_view>

namespace altiplano::engine::jinja {

/// Binds a call's arguments to parameters as Python does; null for those not given. A parameter named "" can
/// only be given by its position. Fails on missing, surplus, doubled and unknown arguments.
void bindTo(std::string_view function, const Arguments& given, const std::string_view* names,
            const Value** values, std::size_t count, std::size_t required);

template <std::size_t N>
std::array<const Value*, N> bind(std::string_view function, const Arguments& given,
                                 const std::string_view (&names)[N], std::size_t required = 0) {
    std::array<const Value*, N> values{};
    bindTo(function, given, names, values.data(), N, required);
    return values;
}
/// For functions without parameters.
void bindNothing(std::string_view function, const Arguments& given);

Int intArgument(const Value& v);          ///< Failure unless an int or a bool
const Text& textArgument(const Value& v); ///< Failure unless a string
/// Whether the argument was given and is not None.
inline bool given(const Value* v) {
    return v && !v->isNone();
}

} // namespace altiplano::engine::jinja
