#include "template/objects.h"

#include "template/integer.h"
#include "template/operators.h"
#include "template/printing.h"
#include "template/runtime.h"

namespace altiplano::engine::jinja {

Pull Generator::iterate(Runtime&) {
    return [self = std::static_pointer_cast<Generator>(shared_from_this())](Runtime& runtime) {
        return self->next(runtime);
    };
}

std::optional<Value> Generator::next(Runtime& runtime) {
    runtime.step();
    if (m_done) return std::nullopt;
    if (m_running) fail("generator already executing");
    const Runtime::Level level(runtime);
    m_running = true;
    auto item = m_pull(runtime);
    m_running = false;
    m_done = !item;
    return item;
}

Range::Range(Int start, Int stop, Int step) : m_start(start), m_stop(stop), m_step(step) {
    constexpr Int kLargest = 100'000; // jinja2's sandbox allows no more
    if (step == 0) fail("range() arg 3 must not be zero");
    const Int length =
        step > 0 ? floorDivide(stop - start + step - 1, step) : floorDivide(start - stop - step - 1, -step);
    if (length > kLargest) fail("Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
    m_length = length > 0 ? static_cast<std::uint64_t>(length) : 0;
}

std::string Range::repr(Runtime&) {
    return "range(" + toString(m_start) + ", " + toString(m_stop) +
           (m_step == 1 ? "" : ", " + toString(m_step)) + ")";
}

Pull Range::iterate(Runtime&) {
    return [self = std::static_pointer_cast<Range>(shared_from_this()),
            i = std::uint64_t{0}](Runtime& runtime) mutable -> std::optional<Value> {
        runtime.step();
        return i < self->m_length ? std::optional<Value>(self->at(i++)) : std::nullopt;
    };
}

bool Range::contains(Int value) const {
    const Int distance = value - m_start;
    return distance % m_step == 0 && distance / m_step >= 0 && distance / m_step < static_cast<Int>(m_length);
}

bool Range::equals(const Range& other) const {
    return m_length == other.m_length && (m_length == 0 || m_start == other.m_start) &&
           (m_length <= 1 || m_step == other.m_step);
}

std::string_view DictView::typeName() const {
    return m_kind == Kind::Keys ? "dict_keys" : m_kind == Kind::Values ? "dict_values" : "dict_items";
}

std::string DictView::repr(Runtime& runtime) {
    std::vector<Value> items;
    Pull pull = iterate(runtime);
    while (auto item = pull(runtime))
        items.push_back(std::move(*item));
    return std::string(typeName()) + "(" + jinja::repr(runtime, runtime.list(std::move(items))) + ")";
}

Pull DictView::iterate(Runtime&) {
    return
        [dict = m_dict, kind = m_kind, i = std::size_t{0}](Runtime& runtime) mutable -> std::optional<Value> {
            runtime.step();
            if (i >= dict.dict()->size()) return std::nullopt;
            const auto& [key, value] = dict.dict()->entries()[i++];
            return kind == Kind::Keys ? key : kind == Kind::Values ? value : runtime.tuple({key, value});
        };
}

std::string Namespace::repr(Runtime& runtime) {
    const Runtime::Level level(runtime);
    return "<Namespace " + reprDict(runtime, m_attributes) + ">";
}

std::optional<Value> Namespace::attribute(Runtime&, std::string_view name) {
    const Value* found = m_attributes.find(name);
    return found ? std::optional(*found) : std::nullopt;
}

void Namespace::set(Runtime& runtime, const Value& name, Value value) {
    if (const Text* text = name.text(); text && !text->bytes.empty() && text->bytes[0] == '_')
        fail("Chat templates cannot store underscore-prefixed attributes on a namespace, but got '" +
             text->bytes + "'");
    runtime.checkNesting(value.nesting());
    m_attributes.set(runtime, name, std::move(value));
}

std::string BoundMethod::repr(Runtime&) {
    return "<built-in method " + std::string(m_name) + " of " + std::string(m_self.typeName()) + " object>";
}

} // namespace altiplano::engine::jinja
