#include "template/iteration.h"

#include "template/objects.h"
#include "template/runtime.h"
#include "template/unicode.h"

#include <algorithm>

namespace altiplano::engine::jinja {

namespace {

Pull iterateText(const Value& v) {
    return [v, at = std::size_t{0}](Runtime& runtime) mutable -> std::optional<Value> {
        const Text& text = *v.text();
        if (at >= text.bytes.size()) return std::nullopt;
        const std::size_t begin = at;
        nextCodePoint(text.bytes, at);
        return runtime.text(text.bytes.substr(begin, at - begin));
    };
}

Pull iterateSequence(const Value& v) {
    return [v, at = std::size_t{0}](Runtime& runtime) mutable -> std::optional<Value> {
        runtime.step();
        const auto& items = v.sequence()->items;
        return at < items.size() ? std::optional(items[at++]) : std::nullopt;
    };
}

Pull iterateKeys(const Value& v) {
    return [v, at = std::size_t{0}](Runtime& runtime) mutable -> std::optional<Value> {
        runtime.step();
        const auto& entries = v.dict()->entries();
        return at < entries.size() ? std::optional(entries[at++].key) : std::nullopt;
    };
}

} // namespace

Pull iterate(Runtime& runtime, const Value& v, std::string_view before, std::string_view after) {
    if (v.text()) return iterateText(v);
    if (v.sequence()) return iterateSequence(v);
    if (v.dict()) return iterateKeys(v);
    if (v.isUndefined()) return [](Runtime&) { return std::nullopt; };
    if (v.object())
        if (Pull pull = v.object()->iterate(runtime)) return pull;
    fail(std::string(before) + std::string(v.typeName()) + std::string(after));
}

bool isIterable(Runtime& runtime, const Value& v) {
    return v.text() || v.sequence() || v.dict() || v.isUndefined() ||
           (v.object() && v.object()->iterate(runtime));
}

std::vector<Value> collect(Runtime& runtime, const Value& v) {
    std::vector<Value> items;
    Pull pull = iterate(runtime, v);
    while (auto item = pull(runtime)) {
        runtime.checkItems(items.size() + 1);
        items.push_back(std::move(*item));
    }
    return items;
}

std::optional<std::uint64_t> lengthOf(Runtime& runtime, const Value& v) {
    if (const Text* text = v.text()) return text->length;
    if (const Sequence* list = v.sequence()) return list->items.size();
    if (const Dict* dict = v.dict()) return dict->size();
    if (v.isUndefined()) return 0;
    return v.object() ? v.object()->length(runtime) : std::nullopt;
}

Value generator(Runtime& runtime, Pull pull, const Value& source, const Arguments& arguments) {
    std::uint32_t nesting = source.nesting();
    for (const Value& v : arguments.positional)
        nesting = std::max(nesting, v.nesting());
    for (const auto& [name, v] : arguments.named)
        nesting = std::max(nesting, v.nesting());
    return runtime.object<Generator>(std::move(pull), 1 + nesting);
}

} // namespace altiplano::engine::jinja
