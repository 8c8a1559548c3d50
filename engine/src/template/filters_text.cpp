#include "template/arguments.h"
#include "template/escape.h"
#include "template/filters.h"
#include "template/format.h"
#include "template/iteration.h"
#include "template/operators.h"
#include "template/printing.h"
#include "template/runtime.h"
#include "template/strings.h"
#include "template/unicode.h"

#include <algorithm>
#include <unordered_map>

namespace altiplano::engine::jinja {

namespace {

/// jinja2's soft_str: strings stay what they are (Markup too), the rest is converted.
Value softText(Runtime& runtime, const Value& v) {
    return v.text() ? v : runtime.text(str(runtime, v));
}

template <std::string (*convert)(std::string_view)>
Value converted(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("filter", a);
    const Value text = softText(runtime, input);
    return runtime.text(convert(text.text()->bytes), text.text()->markup);
}

/// Each word begins with a capital and goes on in lower case; words end at spaces, hyphens and opening
/// brackets.
std::string titleWords(std::string_view text) {
    const auto between = [](char32_t c) {
        return isSpace(c) || c == '-' || c == '(' || c == '{' || c == '[' || c == '<';
    };
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        const bool separator = between(nextCodePoint(text, end));
        const std::size_t afterFirst = end;
        while (end < text.size()) {
            std::size_t next = end;
            if (between(nextCodePoint(text, next)) != separator) break;
            end = next;
        }
        out += upper(text.substr(at, afterFirst - at)) + lower(text.substr(afterFirst, end - afterFirst));
        at = end;
    }
    return out;
}

Value trim(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [chars] = bind("trim", a, {"chars"});
    const Value text = softText(runtime, input);
    return runtime.text(
        std::string(strip(text.text()->bytes, given(chars) ? &textArgument(*chars) : nullptr)),
        text.text()->markup);
}

Value replaced(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [from, to, count] = bind("replace", a, {"old", "new", "count"}, 2);
    const Int limit = given(count) ? intArgument(*count) : -1;
    return runtime.text(replace(runtime, str(runtime, input), str(runtime, *from), str(runtime, *to), limit));
}

Value center(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [width] = bind("center", a, {"width"});
    const Value text = softText(runtime, input);
    return runtime.text(
        justify(runtime, text.text()->bytes, width ? intArgument(*width) : 80, U' ', Side::Both),
        text.text()->markup);
}

Value indent(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [width, first, blank] = bind("indent", a, {"width", "first", "blank"});
    if (input.isUndefined()) failUndefined(input);
    const bool onFirst = first && truth(runtime, *first), onBlank = blank && truth(runtime, *blank);
    const std::string indention =
        width && width->text() ? width->text()->bytes
                               : justify(runtime, "", width ? intArgument(*width) : 4, U' ', Side::Left);
    const std::vector<std::string> lines = splitLines(runtime, textArgument(input).bytes + "\n", false);
    TextBuilder out(runtime);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i > 0) out << "\n";
        if (i == 0 ? onFirst : onBlank || !lines[i].empty()) out << indention;
        out << lines[i];
    }
    return runtime.text(out.take(), input.text()->markup);
}

Value truncate(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [length, killWords, end, leeway] =
        bind("truncate", a, {"length", "killwords", "end", "leeway"});
    const std::string ending = end ? textArgument(*end).bytes : "...";
    const Int most = length ? intArgument(*length) : 255, slack = given(leeway) ? intArgument(*leeway) : 5;
    const Int endLength = static_cast<Int>(countCodePoints(ending));
    if (most < endLength) fail("truncate: the length is smaller than that of the end");
    if (slack < 0) fail("truncate: the leeway is negative");
    const auto count = lengthOf(runtime, input);
    if (!count) fail("object of type '" + std::string(input.typeName()) + "' has no len()");
    const Int size = static_cast<Int>(*count);
    if (size <= most + slack) return input;
    const std::u32string points = toCodePoints(textArgument(input).bytes);
    std::u32string kept = points.substr(0, static_cast<std::size_t>(most - endLength));
    if (!killWords || !truth(runtime, *killWords)) kept = kept.substr(0, kept.rfind(U' '));
    return runtime.text(toUtf8(kept) + ending, input.text()->markup);
}

Value wordcount(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("wordcount", a);
    Int words = 0;
    bool inside = false;
    for (const char32_t c : toCodePoints(str(runtime, input))) {
        words += isWord(c) && !inside ? 1 : 0;
        inside = isWord(c);
    }
    return words;
}

Value format(Runtime& runtime, const Value& input, const Arguments& a) {
    if (!a.positional.empty() && !a.named.empty())
        fail("can't handle positional and keyword arguments at the same time");
    const Value text = softText(runtime, input);
    if (a.named.empty()) return formatPercent(runtime, *text.text(), runtime.tuple(a.positional));
    Dict named;
    for (const auto& [name, value] : a.named)
        named.set(runtime, runtime.text(name), value);
    return formatPercent(runtime, *text.text(), runtime.dict(std::move(named)));
}

Value toText(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("string", a);
    return softText(runtime, input);
}

Value escapeFilter(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("escape", a);
    return runtime.text(input.text() ? escaped(*input.text()) : escapeHtml(str(runtime, input)), true);
}

Value forceEscape(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("forceescape", a);
    return runtime.text(escapeHtml(str(runtime, input)), true);
}

Value safe(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("safe", a);
    return runtime.text(str(runtime, input), true);
}

Value striptags(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("striptags", a);
    return runtime.text(stripTags(str(runtime, input)));
}

Value urlencode(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("urlencode", a);
    if (input.text() || !isIterable(runtime, input))
        return runtime.text(quoteUrl(str(runtime, input), false));
    TextBuilder out(runtime);
    const auto add = [&](const Value& key, const Value& value) {
        out << (out.size() == 0 ? "" : "&") << quoteUrl(str(runtime, key), true) << "="
            << quoteUrl(str(runtime, value), true);
    };
    if (input.dict()) {
        for (const auto& [key, value] : input.dict()->entries())
            add(key, value);
    } else {
        Pull pull = iterate(runtime, input);
        while (const auto item = pull(runtime)) {
            const auto pair = collect(runtime, *item);
            if (pair.size() != 2) fail("urlencode: an item is not a pair");
            add(pair[0], pair[1]);
        }
    }
    return runtime.text(out.take());
}

} // namespace

Filter textFilter(std::string_view name) {
    static const std::unordered_map<std::string_view, Filter> kFilters{{"capitalize", converted<capitalize>},
                                                                       {"center", center},
                                                                       {"e", escapeFilter},
                                                                       {"escape", escapeFilter},
                                                                       {"forceescape", forceEscape},
                                                                       {"format", format},
                                                                       {"indent", indent},
                                                                       {"lower", converted<lower>},
                                                                       {"replace", replaced},
                                                                       {"safe", safe},
                                                                       {"string", toText},
                                                                       {"striptags", striptags},
                                                                       {"title", converted<titleWords>},
                                                                       {"tojson", toJson},
                                                                       {"trim", trim},
                                                                       {"truncate", truncate},
                                                                       {"upper", converted<upper>},
                                                                       {"urlencode", urlencode},
                                                                       {"wordcount", wordcount}};
    const auto found = kFilters.find(name);
    return found == kFilters.end() ? nullptr : found->second;
}

Filter findFilter(std::string_view name) {
    for (const auto lookUp : {textFilter, sequenceFilter, selectionFilter, numberFilter})
        if (const Filter filter = lookUp(name)) return filter;
    return nullptr;
}

} // namespace altiplano::engine::jinja
