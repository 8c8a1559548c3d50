#include "template/access.h"
#include "template/arguments.h"
#include "template/filters.h"
#include "template/iteration.h"
#include "template/objects.h"
#include "template/operators.h"
#include "template/printing.h"
#include "template/runtime.h"
#include "template/selection.h"
#include "template/unicode.h"

#include <algorithm>
#include <unordered_map>

namespace altiplano::engine::jinja {

namespace {

bool isTrue(Runtime& runtime, const Value* v) {
    return v && truth(runtime, *v);
}
Value orNone(const Value* v) {
    return v ? *v : Value();
}

Value length(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("len", a);
    const auto count = lengthOf(runtime, input);
    if (!count) fail("object of type '" + std::string(input.typeName()) + "' has no len()");
    return Value::integer(*count);
}

Value toList(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("list", a);
    return runtime.list(collect(runtime, input));
}

Value first(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("first", a);
    auto item = iterate(runtime, input)(runtime);
    return item ? *item : Value::undefined("No first item, sequence was empty.");
}

/// Whether Python's reversed() takes the value.
bool isReversible(const Value& v) {
    return v.text() || v.sequence() || v.dict() || v.isUndefined() || v.object<Range>() ||
           v.object<DictView>();
}

Value last(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("last", a);
    if (!isReversible(input)) fail("'" + std::string(input.typeName()) + "' object is not reversible");
    if (const Sequence* list = input.sequence(); list && !list->items.empty()) return list->items.back();
    const auto items = collect(runtime, input);
    return items.empty() ? Value::undefined("No last item, sequence was empty.") : items.back();
}

Value reverse(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("reverse", a);
    if (const Text* text = input.text()) {
        std::u32string points = toCodePoints(text->bytes);
        std::reverse(points.begin(), points.end());
        return runtime.text(toUtf8(points), text->markup);
    }
    auto items = collect(runtime, input);
    std::reverse(items.begin(), items.end());
    const Value reversed = runtime.list(std::move(items));
    if (!isReversible(input)) return reversed;
    return generator(runtime, iterate(runtime, reversed), reversed);
}

Value join(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [separator, attribute] = bind("join", a, {"d", "attribute"});
    const std::string between = separator ? str(runtime, *separator) : "";
    const Getter get = attributeGetter(orNone(attribute));
    TextBuilder out(runtime);
    Pull pull = iterate(runtime, input);
    for (bool first = true; const auto item = pull(runtime); first = false)
        out << (first ? "" : between) << str(runtime, get(runtime, *item));
    return runtime.text(out.take());
}

Value sort(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [reversed, caseSensitive, attribute] =
        bind("sort", a, {"reverse", "case_sensitive", "attribute"});
    auto items = collect(runtime, input);
    const bool exact = isTrue(runtime, caseSensitive);
    sortBy(
        runtime, items,
        [get = multiGetter(orNone(attribute)), exact](Runtime& rt, const Value& item) {
            std::vector<Value> keys = get(rt, item).sequence()->items;
            for (Value& key : keys)
                key = foldCase(rt, key, exact);
            return rt.list(std::move(keys));
        },
        isTrue(runtime, reversed));
    return runtime.list(std::move(items));
}

Value dictsort(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [caseSensitive, by, reversed] = bind("dictsort", a, {"case_sensitive", "by", "reverse"});
    const std::string which = by ? str(runtime, *by) : "key";
    if (which != "key" && which != "value") fail("You can only sort by either \"key\" or \"value\"");
    if (input.isUndefined()) failUndefined(input);
    if (!input.dict()) fail("'" + std::string(input.typeName()) + "' object has no attribute 'items'");
    std::vector<Value> pairs;
    for (const auto& [key, value] : input.dict()->entries())
        pairs.push_back(runtime.tuple({key, value}));
    const bool exact = isTrue(runtime, caseSensitive);
    const std::size_t part = which == "key" ? 0 : 1;
    sortBy(
        runtime, pairs,
        [=](Runtime& rt, const Value& pair) { return foldCase(rt, pair.sequence()->items[part], exact); },
        isTrue(runtime, reversed));
    return runtime.list(std::move(pairs));
}

Value unique(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [caseSensitive, attribute] = bind("unique", a, {"case_sensitive", "attribute"});
    const bool exact = isTrue(runtime, caseSensitive);
    return generator(
        runtime,
        [input, exact, get = attributeGetter(orNone(attribute)), pull = Pull(),
         seen = std::make_shared<Dict>()](Runtime& rt) mutable -> std::optional<Value> {
            if (!pull) pull = iterate(rt, input);
            while (auto item = pull(rt)) {
                const Value key = foldCase(rt, get(rt, *item), exact);
                const std::size_t before = seen->size();
                seen->set(rt, key, Value());
                if (seen->size() > before) return item;
            }
            return std::nullopt;
        },
        input, a);
}

Value items(Runtime& runtime, const Value& input, const Arguments& a) {
    bindNothing("items", a);
    return generator(
        runtime,
        [input, pull = Pull()](Runtime& rt) mutable -> std::optional<Value> {
            if (input.isUndefined()) return std::nullopt;
            if (!input.dict()) fail("Can only get item pairs from a mapping.");
            if (!pull) pull = std::make_shared<DictView>(input, DictView::Kind::Items)->iterate(rt);
            return pull(rt);
        },
        input, a);
}

Value batch(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [count, fill] = bind("batch", a, {"linecount", "fill_with"}, 1);
    return generator(
        runtime,
        [input, size = intArgument(*count), filler = orNone(fill), pull = Pull(),
         next = std::optional<Value>(), done = false](Runtime& rt) mutable -> std::optional<Value> {
            if (done) return std::nullopt;
            if (!pull) {
                pull = iterate(rt, input);
                next = pull(rt);
            }
            std::vector<Value> row;
            for (; next && (row.empty() || static_cast<Int>(row.size()) != size); next = pull(rt))
                row.push_back(*next);
            done = !next;
            if (row.empty()) return std::nullopt;
            if (!filler.isNone() && done && static_cast<Int>(row.size()) < size) {
                rt.checkItems(static_cast<std::uint64_t>(std::min<Int>(size, INT64_MAX / 64)));
                row.resize(static_cast<std::size_t>(size), filler);
            }
            return rt.list(std::move(row));
        },
        input, a);
}

Value slice(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [count, fill] = bind("slice", a, {"slices", "fill_with"}, 1);
    return generator(
        runtime,
        [input, slices = intArgument(*count), filler = orNone(fill), all = std::vector<Value>(),
         i = Int{0}](Runtime& rt) mutable -> std::optional<Value> {
            if (slices == 0) fail("integer division or modulo by zero");
            if (i == 0) all = collect(rt, input);
            if (i >= slices) return std::nullopt;
            const Int length = static_cast<Int>(all.size()), each = length / slices, extra = length % slices;
            const Int begin = i * each + std::min(i, extra), end = begin + each + (i < extra ? 1 : 0);
            std::vector<Value> part(all.begin() + static_cast<std::ptrdiff_t>(begin),
                                    all.begin() + static_cast<std::ptrdiff_t>(end));
            if (!filler.isNone() && i >= extra) part.push_back(filler);
            ++i;
            return rt.list(std::move(part));
        },
        input, a);
}

Value groupby(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [attribute, fallback, caseSensitive] =
        bind("groupby", a, {"attribute", "default", "case_sensitive"}, 1);
    const bool exact = isTrue(runtime, caseSensitive);
    const Getter get = attributeGetter(*attribute, fallback);
    const Getter key = [get, exact](Runtime& rt, const Value& item) {
        return foldCase(rt, get(rt, item), exact);
    };
    auto sorted = collect(runtime, input);
    sortBy(runtime, sorted, key, false);
    std::vector<Value> groups, group;
    const auto close = [&] {
        if (group.empty()) return;
        const Value grouper = get(runtime, group[0]);
        groups.push_back(runtime.group(grouper, runtime.list(std::exchange(group, {}))));
    };
    for (const Value& item : sorted) {
        if (!group.empty() && !equals(runtime, key(runtime, group[0]), key(runtime, item))) close();
        group.push_back(item);
    }
    close();
    return runtime.list(std::move(groups));
}

Value defaultTo(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [otherwise, boolean] = bind("default", a, {"default_value", "boolean"});
    const bool missing = input.isUndefined() || (isTrue(runtime, boolean) && !truth(runtime, input));
    if (!missing) return input;
    return otherwise ? *otherwise : runtime.text("");
}

Value attr(Runtime& runtime, const Value& input, const Arguments& a) {
    const auto [name] = bind("attr", a, {"name"}, 1);
    if (auto found = attributeAlone(runtime, input, textArgument(*name).bytes)) return *found;
    return Value::undefined("'" + std::string(input.typeName()) + " object' has no attribute '" +
                            name->text()->bytes + "'");
}

} // namespace

Filter sequenceFilter(std::string_view name) {
    static const std::unordered_map<std::string_view, Filter> kFilters{
        {"attr", attr},         {"batch", batch},       {"count", length}, {"d", defaultTo},
        {"default", defaultTo}, {"dictsort", dictsort}, {"first", first},  {"groupby", groupby},
        {"items", items},       {"join", join},         {"last", last},    {"length", length},
        {"list", toList},       {"reverse", reverse},   {"slice", slice},  {"sort", sort},
        {"unique", unique}};
    const auto found = kFilters.find(name);
    return found == kFilters.end() ? nullptr : found->second;
}

} // namespace altiplano::engine::jinja
