#include "template/arguments.h"
#include "template/escape.h"
#include "template/format.h"
#include "template/iteration.h"
#include "template/methods.h"
#include "template/operators.h"
#include "template/printing.h"
#include "template/runtime.h"
#include "template/strings.h"
#include "template/unicode.h"

#include <algorithm>
#include <unordered_map>

namespace altiplano::engine::jinja {

namespace {

const std::string& bytes(const Value& self) {
    return self.text()->bytes;
}

/// A string of the same kind as self: plain, or Markup.
Value like(Runtime& runtime, const Value& self, std::string text) {
    return runtime.text(std::move(text), self.text()->markup);
}

Value likeAll(Runtime& runtime, const Value& self, std::vector<std::string> texts) {
    std::vector<Value> items;
    items.reserve(texts.size());
    for (std::string& text : texts)
        items.push_back(like(runtime, self, std::move(text)));
    return runtime.list(std::move(items));
}

template <std::string (*convert)(std::string_view)>
Value converted(Runtime& runtime, const Value& self, const Arguments& a) {
    bindNothing("str method", a);
    runtime.stepBytes(bytes(self).size());
    return like(runtime, self, convert(bytes(self)));
}

template <Side side>
Value stripped(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [chars] = bind("strip", a, {""});
    return like(runtime, self,
                std::string(strip(bytes(self), given(chars) ? &textArgument(*chars) : nullptr, side)));
}

template <Side from>
Value splitted(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [separator, limit] = bind("split", a, {"sep", "maxsplit"});
    const Int most = limit ? intArgument(*limit) : -1;
    return likeAll(runtime, self,
                   given(separator)
                       ? splitBy(runtime, bytes(self), textArgument(*separator).bytes, most, from)
                       : splitSpaces(runtime, bytes(self), most, from));
}

Value splitlines(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [keepEnds] = bind("splitlines", a, {"keepends"});
    return likeAll(runtime, self, splitLines(runtime, bytes(self), keepEnds && truth(runtime, *keepEnds)));
}

template <Side from>
Value partition(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [separator] = bind("partition", a, {""}, 1);
    auto parts = splitBy(runtime, bytes(self), textArgument(*separator).bytes, 1, from);
    const auto part = [&](std::string text) { return like(runtime, self, std::move(text)); };
    if (parts.size() == 2)
        return runtime.tuple({part(parts[0]), part(textArgument(*separator).bytes), part(parts[1])});
    if (from == Side::Left) return runtime.tuple({part(parts[0]), part(""), part("")});
    return runtime.tuple({part(""), part(""), part(parts[0])});
}

/// The part of self that arguments start and end name, and where it begins; nothing where start is behind the
/// end.
struct Window {
    std::u32string points;
    std::size_t begin = 0;
    bool valid = true;

    Window(Runtime& runtime, const Value& self, const Value* start, const Value* end) {
        runtime.stepBytes(bytes(self).size());
        points = toCodePoints(bytes(self));
        const Int length = static_cast<Int>(points.size());
        const auto place = [&](const Value* v, Int otherwise) {
            const Int i = given(v) ? intArgument(*v) : otherwise;
            return std::min(i < 0 ? std::max<Int>(i + length, 0) : i, length + 1);
        };
        const Int from = place(start, 0), to = std::min(place(end, length), length);
        valid = from <= to;
        begin = static_cast<std::size_t>(valid ? from : 0);
        points = valid ? points.substr(begin, static_cast<std::size_t>(to - from)) : U"";
    }
};

template <bool atEnd>
Value startsOrEnds(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [affix, start, end] = bind(atEnd ? "endswith" : "startswith", a, {"", "", ""}, 1);
    const bool whole = !start && !end;
    const Window window =
        whole ? Window(runtime, runtime.text(""), nullptr, nullptr) : Window(runtime, self, start, end);
    const std::string part = whole ? std::string() : toUtf8(window.points);
    const std::string_view text = whole ? std::string_view(bytes(self)) : part;
    const auto matches = [&](const Value& v) {
        const std::string& other = textArgument(v).bytes;
        return atEnd ? text.ends_with(other) : text.starts_with(other);
    };
    if (!window.valid) return false;
    if (const Sequence* any = affix->sequence(); any && any->tuple)
        return std::any_of(any->items.begin(), any->items.end(), matches);
    return matches(*affix);
}

enum class Find { First, Last };
Int findIn(Runtime& runtime, const Value& self, const Arguments& a, Find which) {
    const auto [what, start, end] = bind("find", a, {"", "", ""}, 1);
    const Window window(runtime, self, start, end);
    if (!window.valid) return -1;
    const std::u32string wanted = toCodePoints(textArgument(*what).bytes);
    const std::size_t at = which == Find::First ? window.points.find(wanted) : window.points.rfind(wanted);
    return at == std::u32string::npos ? Int{-1} : static_cast<Int>(window.begin + at);
}

template <Find which>
Value find(Runtime& runtime, const Value& self, const Arguments& a) {
    return findIn(runtime, self, a, which);
}

template <Find which>
Value index(Runtime& runtime, const Value& self, const Arguments& a) {
    const Int at = findIn(runtime, self, a, which);
    if (at < 0) fail("substring not found");
    return at;
}

Value count(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [what, start, end] = bind("count", a, {"", "", ""}, 1);
    const Window window(runtime, self, start, end);
    const std::u32string wanted = toCodePoints(textArgument(*what).bytes);
    if (!window.valid) return Int{0};
    if (wanted.empty()) return static_cast<Int>(window.points.size() + 1);
    Int found = 0;
    for (std::size_t at = window.points.find(wanted); at != std::u32string::npos;
         at = window.points.find(wanted, at + wanted.size()))
        ++found;
    return found;
}

Value replaced(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [from, to, limit] = bind("replace", a, {"", "", ""}, 2);
    const std::string with = self.text()->markup ? escaped(textArgument(*to)) : textArgument(*to).bytes;
    return like(
        runtime, self,
        replace(runtime, bytes(self), textArgument(*from).bytes, with, limit ? intArgument(*limit) : -1));
}

Value join(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [items] = bind("join", a, {""}, 1);
    TextBuilder out(runtime);
    Pull pull = iterate(runtime, *items);
    for (std::size_t i = 0; const auto item = pull(runtime); ++i) {
        if (i > 0) out << bytes(self);
        if (!item->text() && !self.text()->markup)
            fail("sequence item " + std::to_string(i) + ": expected str instance, " +
                 std::string(item->typeName()) + " found");
        if (self.text()->markup)
            out << (item->text() ? escaped(*item->text()) : escapeHtml(str(runtime, *item)));
        else
            out << item->text()->bytes;
    }
    return like(runtime, self, out.take());
}

template <Side side>
Value justified(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [width, fill] = bind("justify", a, {"", ""}, 1);
    if (fill && textArgument(*fill).length != 1)
        fail("The fill character must be exactly one character long");
    std::size_t at = 0;
    const char32_t with = fill ? nextCodePoint(textArgument(*fill).bytes, at) : U' ';
    return like(runtime, self, justify(runtime, bytes(self), intArgument(*width), with, side));
}

Value zfill(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [width] = bind("zfill", a, {""}, 1);
    const std::string& text = bytes(self);
    const bool sign = !text.empty() && (text[0] == '-' || text[0] == '+');
    const std::string digits = justify(runtime, std::string_view(text).substr(sign),
                                       intArgument(*width) - (sign ? 1 : 0), U'0', Side::Right);
    return like(runtime, self, (sign ? text.substr(0, 1) : "") + digits);
}

Value expandtabs(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [size] = bind("expandtabs", a, {"tabsize"});
    const Int every = size ? intArgument(*size) : 8;
    if (every > static_cast<Int>(runtime.memory().largest())) runtime.memory().check(UINT64_MAX);
    TextBuilder out(runtime);
    Int column = 0;
    for (const char32_t c : toCodePoints(bytes(self))) {
        if (c == '\t') {
            const Int spaces = every > 0 ? every - column % every : 0;
            runtime.memory().check(out.size() + static_cast<std::uint64_t>(spaces));
            out << std::string(static_cast<std::size_t>(spaces), ' ');
            column += spaces;
        } else {
            out << toUtf8(std::u32string(1, c));
            column = c == '\n' || c == '\r' ? 0 : column + 1;
        }
    }
    return like(runtime, self, out.take());
}

template <bool atEnd>
Value removeAffix(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [affix] = bind(atEnd ? "removesuffix" : "removeprefix", a, {""}, 1);
    std::string_view text = bytes(self);
    const std::string& other = textArgument(*affix).bytes;
    if (atEnd && text.ends_with(other))
        text.remove_suffix(other.size());
    else if (!atEnd && text.starts_with(other))
        text.remove_prefix(other.size());
    return like(runtime, self, std::string(text));
}

/// Whether all characters are of the kind, and there is one.
template <bool (*of)(char32_t)>
Value all(Runtime& runtime, const Value& self, const Arguments& a) {
    bindNothing("str method", a);
    runtime.stepBytes(bytes(self).size());
    const std::u32string points = toCodePoints(bytes(self));
    return !points.empty() && std::all_of(points.begin(), points.end(), of);
}

bool isAscii(char32_t c) {
    return c < 0x80;
}

template <bool (*of)(char32_t)>
Value allOrEmpty(Runtime& runtime, const Value& self, const Arguments& a) {
    return bytes(self).empty() || truth(runtime, all<of>(runtime, self, a));
}

/// islower and isupper: the cased characters are all of that case, and there is one.
template <bool (*of)(char32_t)>
Value cased(Runtime& runtime, const Value& self, const Arguments& a) {
    bindNothing("str method", a);
    runtime.stepBytes(bytes(self).size());
    const std::u32string points = toCodePoints(bytes(self));
    return std::any_of(points.begin(), points.end(), of) &&
           std::all_of(points.begin(), points.end(), [](char32_t c) { return of(c) || !isCased(c); });
}

Value istitle(Runtime&, const Value& self, const Arguments& a) {
    bindNothing("istitle", a);
    bool afterCased = false, any = false;
    for (const char32_t c : toCodePoints(bytes(self))) {
        if (isLower(c) ? !afterCased : isCased(c) && afterCased) return false;
        afterCased = isCased(c);
        any = any || afterCased;
    }
    return any;
}

Value isidentifier(Runtime&, const Value& self, const Arguments& a) {
    bindNothing("isidentifier", a);
    const std::u32string points = toCodePoints(bytes(self));
    return !points.empty() && (points[0] == '_' || isAlpha(points[0])) &&
           std::all_of(points.begin(), points.end(), isWord);
}

Value format(Runtime& runtime, const Value& self, const Arguments& a) {
    return formatBraces(runtime, *self.text(), a);
}

Value formatMap(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [mapping] = bind("format_map", a, {""}, 1);
    if (!mapping->dict()) fail("format_map() takes a mapping");
    Arguments named;
    for (const auto& [key, value] : mapping->dict()->entries())
        if (key.text()) named.named.emplace_back(key.text()->bytes, value);
    return formatBraces(runtime, *self.text(), named);
}

} // namespace

BoundMethod::Body textMethod(std::string_view name) {
    static const std::unordered_map<std::string_view, BoundMethod::Body> kMethods{
        {"capitalize", converted<capitalize>},
        {"casefold", converted<caseFold>},
        {"center", justified<Side::Both>},
        {"count", count},
        {"endswith", startsOrEnds<true>},
        {"expandtabs", expandtabs},
        {"find", find<Find::First>},
        {"format", format},
        {"format_map", formatMap},
        {"index", index<Find::First>},
        {"isalnum", all<isAlnum>},
        {"isalpha", all<isAlpha>},
        {"isascii", allOrEmpty<isAscii>},
        {"isdecimal", all<isDecimal>},
        {"isdigit", all<isDigit>},
        {"isidentifier", isidentifier},
        {"islower", cased<isLower>},
        {"isnumeric", all<isNumeric>},
        {"isprintable", allOrEmpty<isPrintable>},
        {"isspace", all<isSpace>},
        {"istitle", istitle},
        {"isupper", cased<isUpper>},
        {"join", join},
        {"ljust", justified<Side::Left>},
        {"lower", converted<lower>},
        {"lstrip", stripped<Side::Left>},
        {"partition", partition<Side::Left>},
        {"removeprefix", removeAffix<false>},
        {"removesuffix", removeAffix<true>},
        {"replace", replaced},
        {"rfind", find<Find::Last>},
        {"rindex", index<Find::Last>},
        {"rjust", justified<Side::Right>},
        {"rpartition", partition<Side::Right>},
        {"rsplit", splitted<Side::Right>},
        {"rstrip", stripped<Side::Right>},
        {"split", splitted<Side::Left>},
        {"splitlines", splitlines},
        {"startswith", startsOrEnds<false>},
        {"strip", stripped<Side::Both>},
        {"swapcase", converted<swapCase>},
        {"title", converted<titleCase>},
        {"upper", converted<upper>},
        {"zfill", zfill}};
    const auto found = kMethods.find(name);
    return found == kMethods.end() ? nullptr : found->second;
}

} // namespace altiplano::engine::jinja
