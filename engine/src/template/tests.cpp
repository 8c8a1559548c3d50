#include "template/arguments.h"
#include "template/filters.h"
#include "template/iteration.h"
#include "template/objects.h"
#include "template/operators.h"
#include "template/printing.h"
#include "template/runtime.h"
#include "template/unicode.h"

#include <algorithm>
#include <unordered_map>

namespace altiplano::engine::jinja {

namespace {

/// A test of the value alone, without arguments.
template <bool (*holds)(Runtime&, const Value&)>
bool plain(Runtime& runtime, const Value& v, const Arguments& a) {
    bindNothing("test", a);
    return holds(runtime, v);
}

bool isDefined(Runtime&, const Value& v) {
    return !v.isUndefined();
}
bool isUndefinedValue(Runtime&, const Value& v) {
    return v.isUndefined();
}
bool isNoneValue(Runtime&, const Value& v) {
    return v.isNone();
}
bool isBoolean(Runtime&, const Value& v) {
    return v.is<bool>();
}
bool isFalse(Runtime&, const Value& v) {
    return v.is<bool>() && !*v.as<bool>();
}
bool isTrueValue(Runtime&, const Value& v) {
    return v.is<bool>() && *v.as<bool>();
}
bool isIntegerValue(Runtime&, const Value& v) {
    return v.is<Int>();
}
bool isFloat(Runtime&, const Value& v) {
    return v.is<double>();
}
bool isNumberValue(Runtime&, const Value& v) {
    return isNumber(v);
}
bool isString(Runtime&, const Value& v) {
    return v.text();
}
bool isMapping(Runtime&, const Value& v) {
    return v.dict();
}
bool isEscaped(Runtime&, const Value& v) {
    return v.text() && v.text()->markup;
}
bool isCallable(Runtime&, const Value& v) {
    return v.isUndefined() || (v.object() && v.object()->callable());
}
bool isIterableValue(Runtime& runtime, const Value& v) {
    return isIterable(runtime, v);
}
bool isSequence(Runtime&, const Value& v) {
    return v.text() || v.sequence() || v.dict() || v.isUndefined() || v.object<Range>();
}

template <bool (*of)(char32_t)>
bool isCase(Runtime& runtime, const Value& v) {
    const std::u32string points = toCodePoints(str(runtime, v));
    return std::any_of(points.begin(), points.end(), of) &&
           std::all_of(points.begin(), points.end(), [](char32_t c) { return of(c) || !isCased(c); });
}

bool leaves(Runtime& runtime, const Value& v, const Value& divisor, Int rest) {
    return equals(runtime, arithmetic(runtime, Arithmetic::Modulo, v, divisor), Value(rest));
}
bool isOdd(Runtime& runtime, const Value& v) {
    return leaves(runtime, v, Value(Int{2}), 1);
}
bool isEven(Runtime& runtime, const Value& v) {
    return leaves(runtime, v, Value(Int{2}), 0);
}
bool isFilterName(Runtime&, const Value& v) {
    return v.text() && findFilter(v.text()->bytes);
}
bool isTestName(Runtime&, const Value& v) {
    return v.text() && findTest(v.text()->bytes);
}

bool isDivisibleBy(Runtime& runtime, const Value& v, const Arguments& a) {
    const auto [divisor] = bind("divisibleby", a, {"num"}, 1);
    return leaves(runtime, v, *divisor, 0);
}

bool isSame(Runtime&, const Value& v, const Arguments& a) {
    const auto [other] = bind("sameas", a, {"other"}, 1);
    return v.same(*other);
}

bool isIn(Runtime& runtime, const Value& v, const Arguments& a) {
    const auto [container] = bind("in", a, {"seq"}, 1);
    return contains(runtime, *container, v);
}

template <Comparison op>
bool compared(Runtime& runtime, const Value& v, const Arguments& a) {
    const auto [other] = bind("comparison", a, {""}, 1);
    return compare(runtime, op, v, *other);
}

} // namespace

Test findTest(std::string_view name) {
    static const std::unordered_map<std::string_view, Test> kTests{
        {"boolean", plain<isBoolean>},
        {"callable", plain<isCallable>},
        {"defined", plain<isDefined>},
        {"divisibleby", isDivisibleBy},
        {"escaped", plain<isEscaped>},
        {"even", plain<isEven>},
        {"false", plain<isFalse>},
        {"filter", plain<isFilterName>},
        {"float", plain<isFloat>},
        {"in", isIn},
        {"integer", plain<isIntegerValue>},
        {"iterable", plain<isIterableValue>},
        {"lower", plain<isCase<isLower>>},
        {"mapping", plain<isMapping>},
        {"none", plain<isNoneValue>},
        {"number", plain<isNumberValue>},
        {"odd", plain<isOdd>},
        {"sameas", isSame},
        {"sequence", plain<isSequence>},
        {"string", plain<isString>},
        {"test", plain<isTestName>},
        {"true", plain<isTrueValue>},
        {"undefined", plain<isUndefinedValue>},
        {"upper", plain<isCase<isUpper>>},
        {"eq", compared<Comparison::Equal>},
        {"equalto", compared<Comparison::Equal>},
        {"==", compared<Comparison::Equal>},
        {"ne", compared<Comparison::NotEqual>},
        {"!=", compared<Comparison::NotEqual>},
        {"lt", compared<Comparison::Less>},
        {"lessthan", compared<Comparison::Less>},
        {"<", compared<Comparison::Less>},
        {"le", compared<Comparison::LessEqual>},
        {"<=", compared<Comparison::LessEqual>},
        {"gt", compared<Comparison::Greater>},
        {"greaterthan", compared<Comparison::Greater>},
        {">", compared<Comparison::Greater>},
        {"ge", compared<Comparison::GreaterEqual>},
        {">=", compared<Comparison::GreaterEqual>}};
    const auto found = kTests.find(name);
    return found == kTests.end() ? nullptr : found->second;
}

} // namespace altiplano::engine::jinja
