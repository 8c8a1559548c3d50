#include "template/value.h"

#include "template/operators.h"
#include "template/runtime.h"

#include <algorithm>

namespace altiplano::engine::jinja {

bool Value::same(const Value& other) const {
    if (m_data.index() != other.m_data.index()) return false;
    return std::visit(
        [&](const auto& mine) {
            using T = std::decay_t<decltype(mine)>;
            const T& theirs = std::get<T>(other.m_data);
            if constexpr (std::is_same_v<T, None>)
                return true;
            else if constexpr (std::is_same_v<T, Undefined>)
                return mine.message == theirs.message;
            else if constexpr (std::is_same_v<T, std::shared_ptr<const Text>>)
                return mine == theirs || mine->bytes == theirs->bytes;
            else
                return mine == theirs;
        },
        m_data);
}

std::uint32_t Value::nesting() const {
    if (const Sequence* s = sequence()) return s->nesting;
    if (const Dict* d = dict()) return d->nesting;
    if (const Object* o = object()) return o->nesting();
    return 0;
}

std::string_view Value::typeName() const {
    if (is<None>()) return "NoneType";
    if (is<Undefined>()) return "Undefined";
    if (is<bool>()) return "bool";
    if (is<Int>()) return "int";
    if (is<double>()) return "float";
    if (const Text* t = text()) return t->markup ? "Markup" : "str";
    if (const Sequence* s = sequence()) return s->tuple ? "tuple" : "list";
    if (dict()) return "dict";
    return object()->typeName();
}

void Memory::check(std::uint64_t bytes) const {
    if (bytes > m_largest)
        fail("a value would be larger than the " + std::to_string(m_largest) + " bytes allowed");
}

void Memory::take(std::uint64_t bytes) {
    if (bytes > m_room) fail("the template's values need more memory than is allowed");
    m_room -= bytes;
}

std::optional<std::size_t> Dict::locate(std::string_view key) const {
    const auto found = m_texts.find(key);
    return found == m_texts.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> Dict::locate(Runtime& runtime, const Value& key) const {
    if (const Text* text = key.text()) return locate(text->bytes);
    for (const std::size_t i : m_others)
        if (equals(runtime, m_entries[i].key, key)) return i;
    return std::nullopt;
}

const Value* Dict::find(std::string_view key) const {
    const auto at = locate(key);
    return at ? &m_entries[*at].value : nullptr;
}

const Value* Dict::find(Runtime& runtime, const Value& key) const {
    const auto at = locate(runtime, key);
    return at ? &m_entries[*at].value : nullptr;
}

void Dict::set(Runtime& runtime, const Value& key, Value value) {
    if (!isHashable(key)) fail("unhashable type: '" + std::string(key.typeName()) + "'");
    nesting = std::max({nesting, 1 + value.nesting(), 1 + key.nesting()});
    if (const auto at = locate(runtime, key)) {
        m_entries[*at].value = std::move(value);
        return;
    }
    if (const Text* text = key.text())
        m_texts.emplace(text->bytes, m_entries.size());
    else
        m_others.push_back(m_entries.size());
    m_entries.push_back({key, std::move(value)});
}

Value Object::call(Runtime&, const Arguments&) {
    fail("'" + std::string(typeName()) + "' object is not callable");
}

} // namespace altiplano::engine::jinja
