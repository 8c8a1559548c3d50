#include "template/arguments.h"
#include "template/filters.h"
#include "template/format.h"
#include "template/integer.h"
#include "template/iteration.h"
#include "template/operators.h"
#include "template/printing.h"
#include "template/runtime.h"
#include "template/selection.h"
#include "template/strings.h"
#include "template/unicode.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <unordered_map>

namespace altiplano::engine::jinja {

namespace {

/// Python's float(text).
std::optional<double> parseFloat(std::string_view text) {
    std::string s;
    const std::string_view stripped = strip(text, nullptr);
    const auto isDigitChar = [](char c) { return c >= '0' && c <= '9'; };
    for (std::size_t i = 0; i < stripped.size(); ++i) {
        const bool between =
            i > 0 && i + 1 < stripped.size() && isDigitChar(stripped[i - 1]) && isDigitChar(stripped[i + 1]);
        if (stripped[i] == '_' && between) continue;
        s += stripped[i];
    }
    const bool negative = !s.empty() && s[0] == '-';
    if (!s.empty() && (s[0] == '-' || s[0] == '+')) s.erase(0, 1);
    const std::string word = lower(s);
    double value = 0;
    if (word == "inf" || word == "infinity") {
        value = std::numeric_limits<double>::infinity();
    } else if (word == "nan") {
        value = std::numeric_limits<double>::quiet_NaN();
    } else {
        if (s.empty() || !(isDigitChar(s[0]) || s[0] == '.')) return std::nullopt;
        const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
        if (end != s.data() + s.size()) return std::nullopt;
        if (error == std::errc::result_out_of_range)
            value = std::strtod(s.c_str(), nullptr);
        else if (error != std::errc())
            return std::nullopt;
    }
    return negative ? -value : value;
}

Value absolute(Runtime&, const Value& input, const Arguments& a) {
    bindNothing("abs", a);
    if (const auto i = integer(input)) return *i < 0 ? -*i : *i;
    if (!input.is<double>()) fail("bad operand type for abs(): '" + std::string(input.typeName()) + "'");
    return std::abs(real(input));
}

Value toInt(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [otherwise, base] = bind("int", a, {"default", "base"});
    const Value fallback = otherwise ? *otherwise : Value(Int{0});
    if (input.isUndefined()) failUndefined(input);
    if (const auto i = integer(input)) return *i;
    if (input.is<double>()) return std::isnan(real(input)) ? fallback : Value(intOf(real(input)));
    if (!input.text()) return fallback;
    runtime.stepBytes(input.text()->bytes.size());
    const Int radix = base ? intArgument(*base) : 10;
    if (radix != 0 && (radix < 2 || radix > 36)) return fallback;
    if (const auto i = parseInt(input.text()->bytes, static_cast<unsigned>(radix))) return *i;
    const auto value = parseFloat(input.text()->bytes);
    return value && std::isfinite(*value) ? Value(intOf(*value)) : fallback;
}

Value toFloat(Runtime&, const Value& input, const Arguments& a) {
    const auto [otherwise] = bind("float", a, {"default"});
    if (input.isUndefined()) failUndefined(input);
    if (isNumber(input)) return real(input);
    const auto value = input.text() ? parseFloat(input.text()->bytes) : std::nullopt;
    return value ? Value(*value) : otherwise ? *otherwise : Value(0.0);
}

/// Python's round(value, digits): halves go to the even neighbour, exactly.
double roundTo(Runtime& runtime, double value, Int digits) {
    if (!std::isfinite(value) || digits > 320) return value;
    if (digits < -310) return std::copysign(0.0, value);
    if (digits >= 0)
        return std::strtod(printFloat(runtime, "", static_cast<long>(digits), 'f', value).c_str(), nullptr);
    const double unit = std::pow(10.0, static_cast<double>(-digits));
    return std::nearbyint(value / unit) * unit;
}

Int roundInt(Int value, Int digits) {
    if (digits >= 0) return value;
    if (digits < -40) return 0;
    const Int unit = power(10, -digits), rest = modulo(value, unit), down = value - rest;
    const bool up = rest * 2 > unit || (rest * 2 == unit && modulo(down / unit, 2) == 1);
    return checkedInt(up ? down + unit : down);
}

Value round(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [precision, method] = bind("round", a, {"precision", "method"});
    const std::string how = method ? str(runtime, *method) : "common";
    if (how != "common" && how != "ceil" && how != "floor") fail("method must be common, ceil or floor");
    if (input.isUndefined()) failUndefined(input);
    if (!isNumber(input)) fail("type " + std::string(input.typeName()) + " doesn't define __round__ method");
    const Value digits = precision ? *precision : Value(Int{0});
    if (how == "common") {
        const Int places = digits.isNone() ? 0 : intArgument(digits);
        if (const auto i = integer(input)) return roundInt(*i, places);
        const double rounded = roundTo(runtime, real(input), places);
        return digits.isNone() ? Value(intOf(rounded)) : Value(rounded);
    }
    const Value scale = arithmetic(runtime, Arithmetic::Power, Value(Int{10}), digits);
    const double scaled = real(arithmetic(runtime, Arithmetic::Multiply, input, scale));
    const Value whole = intOf(how == "ceil" ? std::ceil(scaled) : std::floor(scaled));
    return arithmetic(runtime, Arithmetic::Divide, whole, scale);
}

Value sum(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [attribute, start] = bind("sum", a, {"attribute", "start"});
    Value total = start ? *start : Value(Int{0});
    if (total.text()) fail("sum() can't sum strings [use ''.join(seq) instead]");
    const Getter get = attributeGetter(attribute ? *attribute : Value());
    Pull pull = iterate(runtime, input);
    while (const auto item = pull(runtime))
        total = arithmetic(runtime, Arithmetic::Add, total, get(runtime, *item));
    return total;
}

template <bool largest>
Value extreme(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [caseSensitive, attribute] = bind(largest ? "max" : "min", a, {"case_sensitive", "attribute"});
    const bool exact = caseSensitive && truth(runtime, *caseSensitive);
    const Getter get = attributeGetter(attribute ? *attribute : Value());
    std::optional<Value> best, bestKey;
    Pull pull = iterate(runtime, input);
    while (const auto item = pull(runtime)) {
        const Value key = foldCase(runtime, get(runtime, *item), exact);
        if (bestKey && !(largest ? less(runtime, *bestKey, key) : less(runtime, key, *bestKey))) continue;
        best = item;
        bestKey = key;
    }
    return best ? *best : Value::undefined("No aggregated item, sequence was empty.");
}

Value filesizeformat(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [binary] = bind("filesizeformat", a, {"binary"});
    const bool by1024 = binary && truth(runtime, *binary);
    const auto size = isNumber(input) ? std::optional(real(input))
                      : input.text()  ? parseFloat(input.text()->bytes)
                                      : std::nullopt;
    if (!size) fail("filesizeformat: not a number");
    const double base = by1024 ? 1024 : 1000;
    if (*size == 1) return runtime.text("1 Byte");
    if (*size < base) return runtime.text(toString(intOf(*size)) + " Bytes");
    static constexpr std::string_view kPrefixes = "kMGTPEZY";
    double unit = base;
    std::size_t i = 0;
    for (; i + 1 < kPrefixes.size() && *size >= unit * base; ++i)
        unit *= base;
    const std::string prefix(1, by1024 && i == 0 ? 'K' : kPrefixes[i]);
    return runtime.text(printFloat(runtime, "", 1, 'f', *size / unit) + " " + prefix + (by1024 ? "iB" : "B"));
}

} // namespace

Filter numberFilter(std::string_view name) {
    static const std::unordered_map<std::string_view, Filter> kFilters{
        {"abs", absolute},      {"filesizeformat", filesizeformat},
        {"float", toFloat},     {"int", toInt},
        {"max", extreme<true>}, {"min", extreme<false>},
        {"round", round},       {"sum", sum}};
    const auto found = kFilters.find(name);
    return found == kFilters.end() ? nullptr : found->second;
}

} // namespace altiplano::engine::jinja
