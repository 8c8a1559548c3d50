// map, select, reject, selectattr and rejectattr: lazy filters that take the name of a filter or a test.
#include "template/filters.h"
#include "template/iteration.h"
#include "template/operators.h"
#include "template/runtime.h"
#include "template/selection.h"

#include <unordered_map>

namespace altiplano::engine::jinja {

namespace {

std::string nameOf(const Value& v) {
    if (!v.text()) fail("expected the name of a filter or test, got " + std::string(v.typeName()));
    return v.text()->bytes;
}

Arguments behind(const Arguments& a, std::size_t count) {
    return {{a.positional.begin() + static_cast<std::ptrdiff_t>(count), a.positional.end()}, a.named};
}

/// What map does to each item: an attribute lookup or a filter.
Getter mapper(const Arguments& a) {
    const Value *attribute = nullptr, *fallback = nullptr;
    const std::string* unexpected = nullptr;
    for (const auto& [name, value] : a.named) {
        if (name == "attribute")
            attribute = &value;
        else if (name == "default")
            fallback = &value;
        else
            unexpected = &name;
    }
    if (a.positional.empty() && attribute) {
        if (unexpected) fail("Unexpected keyword argument '" + *unexpected + "'");
        return attributeGetter(*attribute, fallback);
    }
    if (a.positional.empty()) fail("map requires a filter argument");
    const std::string name = nameOf(a.positional[0]);
    const Filter filter = findFilter(name);
    if (!filter) fail("No filter named '" + name + "'.");
    return [filter, rest = behind(a, 1)](Runtime& runtime, const Value& item) {
        return filter(runtime, item, rest);
    };
}

/// The truth of each item, or of a test of it.
Getter predicate(const Arguments& a) {
    if (a.positional.empty())
        return [](Runtime& runtime, const Value& item) { return Value(truth(runtime, item)); };
    const std::string name = nameOf(a.positional[0]);
    const Test test = findTest(name);
    if (!test) fail("No test named '" + name + "'.");
    return [test, rest = behind(a, 1)](Runtime& runtime, const Value& item) {
        return Value(test(runtime, item, rest));
    };
}

Value map(Runtime& runtime, const Value& input, const Arguments& a) {
    return generator(
        runtime,
        [input, a, pull = Pull(), map = Getter()](Runtime& rt) mutable -> std::optional<Value> {
            if (!pull) {
                if (!truth(rt, input)) return std::nullopt;
                map = mapper(a);
                pull = iterate(rt, input);
            }
            const auto item = pull(rt);
            return item ? std::optional(map(rt, *item)) : std::nullopt;
        },
        input, a);
}

template <bool keep, bool byAttribute>
Value select(Runtime& runtime, const Value& input, const Arguments& a) {
    return generator(
        runtime,
        [input, a, pull = Pull(), get = Getter(),
         test = Getter()](Runtime& rt) mutable -> std::optional<Value> {
            if (!pull) {
                if (!truth(rt, input)) return std::nullopt;
                if (byAttribute && a.positional.empty()) fail("Missing parameter for attribute name");
                get = attributeGetter(byAttribute ? a.positional[0] : Value());
                test = predicate(behind(a, byAttribute ? 1 : 0));
                pull = iterate(rt, input);
            }
            while (auto item = pull(rt))
                if (truth(rt, test(rt, get(rt, *item))) == keep) return item;
            return std::nullopt;
        },
        input, a);
}

} // namespace

Filter selectionFilter(std::string_view name) {
    static const std::unordered_map<std::string_view, Filter> kFilters{{"map", map},
                                                                       {"select", select<true, false>},
                                                                       {"reject", select<false, false>},
                                                                       {"selectattr", select<true, true>},
                                                                       {"rejectattr", select<false, true>}};
    const auto found = kFilters.find(name);
    return found == kFilters.end() ? nullptr : found->second;
}

} // namespace altiplano::engine::jinja
