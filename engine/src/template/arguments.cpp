#include "template/arguments.h"

#include "template/operators.h"

#include <algorithm>

namespace altiplano::engine::jinja {

void bindTo(std::string_view function, const Arguments& given, const std::string_view* names,
            const Value** values, std::size_t count, std::size_t required) {
    const std::string called = std::string(function) + "()";
    if (given.positional.size() > count)
        fail(called + " takes at most " + std::to_string(count) + " arguments (" +
             std::to_string(given.positional.size()) + " given)");
    for (std::size_t i = 0; i < given.positional.size(); ++i)
        values[i] = &given.positional[i];
    for (const auto& [name, value] : given.named) {
        const auto* found = std::find(names, names + count, name);
        if (found == names + count || name.empty())
            fail(called + " got an unexpected keyword argument '" + name + "'");
        if (values[found - names]) fail(called + " got multiple values for argument '" + name + "'");
        values[found - names] = &value;
    }
    for (std::size_t i = 0; i < required; ++i)
        if (!values[i]) fail(called + " missing required argument " + std::to_string(i + 1));
}

void bindNothing(std::string_view function, const Arguments& given) {
    if (!given.positional.empty() || !given.named.empty())
        fail(std::string(function) + "() takes no arguments");
}

Int intArgument(const Value& v) {
    if (v.isUndefined()) failUndefined(v);
    const auto i = integer(v);
    if (!i) fail("'" + std::string(v.typeName()) + "' object cannot be interpreted as an integer");
    return *i;
}

const Text& textArgument(const Value& v) {
    if (!v.text()) fail("expected str, got " + std::string(v.typeName()));
    return *v.text();
}

} // namespace altiplano::engine::jinja
