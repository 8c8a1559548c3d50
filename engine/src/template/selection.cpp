#include "template/selection.h"

#include "template/access.h"
#include "template/integer.h"
#include "template/operators.h"
#include "template/runtime.h"
#include "template/unicode.h"

#include <algorithm>

namespace altiplano::engine::jinja {

namespace {

/// One part of a path: a number or a name.
struct Part {
    std::string name;
    std::optional<Int> index;
};

std::vector<Part> partsOf(std::string_view path) {
    std::vector<Part> parts;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('.', at), path.size());
        const std::string name(path.substr(at, end - at));
        const bool digits = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
        parts.push_back({name, digits ? parseInt(name) : std::nullopt});
        at = end + 1;
    }
    return parts;
}

} // namespace

Getter attributeGetter(const Value& path, const Value* fallback) {
    if (path.isNone()) return [](Runtime&, const Value& item) { return item; };
    const std::optional<Value> standIn =
        fallback && !fallback->isNone() ? std::optional(*fallback) : std::nullopt;
    const Text* text = path.text();
    if (!text)
        return [path, standIn](Runtime& runtime, const Value& item) {
            const Value found = itemOf(runtime, item, path);
            return found.isUndefined() && standIn ? *standIn : found;
        };
    return [parts = partsOf(text->bytes), standIn](Runtime& runtime, const Value& item) {
        Value at = item;
        for (const Part& part : parts) {
            at = itemOf(runtime, at, part.index ? Value(*part.index) : runtime.text(part.name));
            if (standIn && at.isUndefined()) at = *standIn;
        }
        return at;
    };
}

Getter multiGetter(const Value& path) {
    std::vector<Getter> getters;
    if (const Text* text = path.text()) {
        const std::string_view all = text->bytes;
        for (std::size_t at = 0; at <= all.size();) {
            const std::size_t end = std::min(all.find(',', at), all.size());
            const std::string one(all.substr(at, end - at));
            getters.push_back(attributeGetter(
                Value(std::make_shared<const Text>(Text{one, countCodePoints(one), false, {}}))));
            at = end + 1;
        }
    } else {
        getters.push_back(attributeGetter(path));
    }
    return [getters](Runtime& runtime, const Value& item) {
        std::vector<Value> values;
        for (const Getter& getter : getters)
            values.push_back(getter(runtime, item));
        return runtime.list(std::move(values));
    };
}

Value foldCase(Runtime& runtime, const Value& v, bool caseSensitive) {
    return v.text() && !caseSensitive ? runtime.text(lower(v.text()->bytes)) : v;
}

void sortBy(Runtime& runtime, std::vector<Value>& items, const Getter& key, bool reverse) {
    std::vector<std::pair<Value, Value>> keyed;
    keyed.reserve(items.size());
    for (Value& item : items) {
        Value k = key(runtime, item);
        keyed.emplace_back(std::move(k), std::move(item));
    }
    if (reverse) std::reverse(keyed.begin(), keyed.end());
    std::stable_sort(keyed.begin(), keyed.end(),
                     [&](const auto& a, const auto& b) { return less(runtime, a.first, b.first); });
    if (reverse) std::reverse(keyed.begin(), keyed.end());
    std::transform(keyed.begin(), keyed.end(), items.begin(),
                   [](auto& pair) { return std::move(pair.second); });
}

} // namespace altiplano::engine::jinja
