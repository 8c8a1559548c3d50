#include "template/access.h"

#include "template/integer.h"
#include "template/objects.h"
#include "template/operators.h"
#include "template/printing.h"
#include "template/runtime.h"
#include "template/unicode.h"

#include <algorithm>
#include <array>

namespace altiplano::engine::jinja {

namespace {

std::string describe(const Value& object) {
    return object.isNone() ? "None" : std::string(object.typeName()) + " object";
}

Value undefinedAttribute(const Value& object, std::string_view name) {
    return Value::undefined(std::string("'") + describe(object) + "' has no attribute '" + std::string(name) +
                            "'");
}

Value unsafe(const Value& object, std::string_view name) {
    return Value::undefined("access to attribute '" + std::string(name) + "' of '" +
                            std::string(object.typeName()) + "' object is unsafe.");
}

/// Methods that would change a list or a dict, which the immutable sandbox keeps from templates.
bool modifies(const Value& object, std::string_view name) {
    static constexpr std::array<std::string_view, 8> kList{"append", "clear", "pop",    "reverse",
                                                           "insert", "sort",  "extend", "remove"};
    static constexpr std::array<std::string_view, 5> kDict{"clear", "pop", "popitem", "setdefault", "update"};
    if (object.dict()) return std::find(kDict.begin(), kDict.end(), name) != kDict.end();
    const Sequence* list = object.sequence();
    return list && !list->tuple && std::find(kList.begin(), kList.end(), name) != kList.end();
}

/// The place of index i in a sequence of n items, counted from its end when negative.
std::optional<std::uint64_t> place(Int i, std::uint64_t n) {
    const Int count = static_cast<Int>(n);
    if (i < 0) i += count;
    return i >= 0 && i < count ? std::optional(static_cast<std::uint64_t>(i)) : std::nullopt;
}

Value characterAt(Runtime& runtime, const Text& text, std::uint64_t i) {
    if (text.length == text.bytes.size()) return runtime.text(text.bytes.substr(i, 1), text.markup);
    runtime.stepBytes(text.bytes.size());
    std::size_t at = 0;
    for (; i > 0; --i)
        nextCodePoint(text.bytes, at);
    const std::size_t begin = at;
    nextCodePoint(text.bytes, at);
    return runtime.text(text.bytes.substr(begin, at - begin), text.markup);
}

/// Python's object[index], where it does not raise TypeError or LookupError.
std::optional<Value> itemAlone(Runtime& runtime, const Value& object, const Value& index) {
    if (const Dict* dict = object.dict()) {
        if (!isHashable(index)) return std::nullopt;
        const Value* found = dict->find(runtime, index);
        return found ? std::optional(*found) : std::nullopt;
    }
    const auto i = integer(index);
    if (!i) return std::nullopt;
    const auto* range = object.object<Range>();
    const auto length = object.text()       ? object.text()->length
                        : object.sequence() ? object.sequence()->items.size()
                        : range             ? range->size()
                                            : 0;
    const auto at = place(*i, length);
    if (!at) return std::nullopt;
    if (object.text()) return characterAt(runtime, *object.text(), *at);
    return object.sequence() ? object.sequence()->items[*at] : Value(range->at(*at));
}

struct Bounds {
    Int start, stop, step;
    std::uint64_t count;
};

/// Python's slice.indices(n).
Bounds resolve(const Value& start, const Value& stop, const Value& step, std::uint64_t n) {
    const auto part = [](const Value& v) -> std::optional<Int> {
        if (v.isNone()) return std::nullopt;
        if (v.isUndefined()) failUndefined(v);
        const auto i = integer(v);
        if (!i) fail("slice indices must be integers or None or have an __index__ method");
        return i;
    };
    const Int length = static_cast<Int>(n), by = part(step).value_or(1);
    if (by == 0) fail("slice step cannot be zero");
    const Int low = by < 0 ? -1 : 0, high = by < 0 ? length - 1 : length;
    const auto clamp = [&](std::optional<Int> i, Int otherwise) {
        if (!i) return otherwise;
        return std::clamp(*i < 0 ? *i + length : *i, low, high);
    };
    const Int from = clamp(part(start), by < 0 ? high : low), to = clamp(part(stop), by < 0 ? low : high);
    const Int count = by < 0 ? floorDivide(from - to - by - 1, -by) : floorDivide(to - from + by - 1, by);
    return {from, to, by, count > 0 ? static_cast<std::uint64_t>(count) : 0};
}

Value sliceText(Runtime& runtime, const Text& text, const Bounds& b) {
    runtime.stepBytes(text.bytes.size());
    if (text.length == text.bytes.size() && b.step == 1)
        return runtime.text(text.bytes.substr(static_cast<std::size_t>(b.start), b.count), text.markup);
    const std::u32string points = toCodePoints(text.bytes);
    std::u32string picked;
    for (std::uint64_t i = 0; i < b.count; ++i)
        picked += points[static_cast<std::size_t>(b.start + static_cast<Int>(i) * b.step)];
    return runtime.text(toUtf8(picked), text.markup);
}

Value sliceItems(Runtime& runtime, const Sequence& list, const Bounds& b) {
    std::vector<Value> items;
    items.reserve(b.count);
    for (std::uint64_t i = 0; i < b.count; ++i)
        items.push_back(list.items[static_cast<std::size_t>(b.start + static_cast<Int>(i) * b.step)]);
    return list.tuple ? runtime.tuple(std::move(items)) : runtime.list(std::move(items));
}

} // namespace

std::optional<Value> attributeAlone(Runtime& runtime, const Value& object, std::string_view name) {
    if (object.isUndefined()) failUndefined(object);
    if (!name.empty() && name[0] == '_') return std::nullopt;
    if (modifies(object, name)) return unsafe(object, name);
    if (object.object())
        if (auto found = object.object()->attribute(runtime, name)) return found;
    if (const Sequence* pair = object.sequence();
        pair && pair->group && (name == "grouper" || name == "list"))
        return pair->items[name == "list" ? 1 : 0];
    return methodOf(runtime, object, name);
}

Value attributeOf(Runtime& runtime, const Value& object, std::string_view name) {
    if (auto found = attributeAlone(runtime, object, name)) return *found;
    if (const Dict* dict = object.dict())
        if (const Value* found = dict->find(name)) return *found;
    return name.substr(0, 2) == "__" ? unsafe(object, name) : undefinedAttribute(object, name);
}

Value itemOf(Runtime& runtime, const Value& object, const Value& index) {
    if (object.isUndefined()) failUndefined(object);
    if (auto found = itemAlone(runtime, object, index)) return *found;
    if (const Text* name = index.text()) {
        if (auto found = attributeAlone(runtime, object, name->bytes)) return *found;
        return name->bytes.substr(0, 2) == "__" ? unsafe(object, name->bytes)
                                                : undefinedAttribute(object, name->bytes);
    }
    return Value::undefined(describe(object) + " has no element " + repr(runtime, index));
}

Value sliceOf(Runtime& runtime, const Value& object, const Value& start, const Value& stop,
              const Value& step) {
    if (object.isUndefined()) failUndefined(object);
    if (const Text* text = object.text())
        return sliceText(runtime, *text, resolve(start, stop, step, text->length));
    if (const Sequence* list = object.sequence())
        return sliceItems(runtime, *list, resolve(start, stop, step, list->items.size()));
    if (const auto* range = object.object<Range>()) {
        const Bounds b = resolve(start, stop, step, range->size());
        const auto at = [&](Int i) { return range->start() + i * range->step(); };
        return runtime.object<Range>(at(b.start), at(b.stop), multiply(b.step, range->step()));
    }
    if (object.dict()) fail("unhashable type: 'slice'");
    fail(std::string("'") + std::string(object.typeName()) + "' object is not subscriptable");
}

} // namespace altiplano::engine::jinja
