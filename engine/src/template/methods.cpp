#include "template/methods.h"

#include "template/access.h"
#include "template/arguments.h"
#include "template/operators.h"
#include "template/runtime.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace altiplano::engine::jinja {

namespace {

template <DictView::Kind kind>
Value view(Runtime& runtime, const Value& self, const Arguments& a) {
    bindNothing("dict view", a);
    return runtime.object<DictView>(self, kind);
}

Value get(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [key, otherwise] = bind("get", a, {"", ""}, 1);
    if (!isHashable(*key)) fail("unhashable type: '" + std::string(key->typeName()) + "'");
    if (const Value* found = self.dict()->find(runtime, *key)) return *found;
    return otherwise ? *otherwise : Value();
}

Value copy(Runtime&, const Value& self, const Arguments& a) {
    bindNothing("copy", a);
    return self; // values never change
}

Value count(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [wanted] = bind("count", a, {""}, 1);
    Int found = 0;
    for (const Value& item : self.sequence()->items)
        found += equals(runtime, item, *wanted) ? 1 : 0;
    return found;
}

Value index(Runtime& runtime, const Value& self, const Arguments& a) {
    const auto [wanted, start, end] = bind("index", a, {"", "", ""}, 1);
    const auto& items = self.sequence()->items;
    const Int length = static_cast<Int>(items.size());
    const auto place = [&](const Value* v, Int otherwise) {
        const Int i = v ? intArgument(*v) : otherwise;
        return i < 0 ? std::max<Int>(i + length, 0) : std::min(i, length);
    };
    for (Int i = place(start, 0), last = place(end, length); i < last; ++i)
        if (equals(runtime, items[static_cast<std::size_t>(i)], *wanted)) return i;
    fail("the item is not in the " + std::string(self.typeName()));
}

Value isInteger(Runtime&, const Value& self, const Arguments& a) {
    bindNothing("is_integer", a);
    return std::isfinite(real(self)) && real(self) == std::floor(real(self));
}

Value bitLength(Runtime&, const Value& self, const Arguments& a) {
    bindNothing("bit_length", a);
    Int bits = 0;
    for (Int rest = *integer(self) < 0 ? -*integer(self) : *integer(self); rest != 0; rest /= 2)
        ++bits;
    return bits;
}

BoundMethod::Body find(const std::unordered_map<std::string_view, BoundMethod::Body>& methods,
                       std::string_view name) {
    const auto found = methods.find(name);
    return found == methods.end() ? nullptr : found->second;
}

} // namespace

BoundMethod::Body dictMethod(std::string_view name) {
    static const std::unordered_map<std::string_view, BoundMethod::Body> kMethods{
        {"keys", view<DictView::Kind::Keys>},
        {"values", view<DictView::Kind::Values>},
        {"items", view<DictView::Kind::Items>},
        {"get", get},
        {"copy", copy}};
    return find(kMethods, name);
}

BoundMethod::Body sequenceMethod(std::string_view name) {
    static const std::unordered_map<std::string_view, BoundMethod::Body> kMethods{
        {"count", count}, {"index", index}, {"copy", copy}};
    return find(kMethods, name);
}

BoundMethod::Body numberMethod(std::string_view name, bool isFloat) {
    if (isFloat) return name == "is_integer" ? isInteger : nullptr;
    return name == "bit_length" ? bitLength : nullptr;
}

std::optional<Value> methodOf(Runtime& runtime, const Value& object, std::string_view name) {
    BoundMethod::Body body = nullptr;
    if (object.text())
        body = textMethod(name);
    else if (object.dict())
        body = dictMethod(name);
    else if (object.sequence())
        body = name == "copy" && object.sequence()->tuple ? nullptr : sequenceMethod(name);
    else if (isNumber(object))
        body = numberMethod(name, object.is<double>());
    if (!body) return std::nullopt;
    return runtime.object<BoundMethod>(object, name, body);
}

} // namespace altiplano::engine::jinja
