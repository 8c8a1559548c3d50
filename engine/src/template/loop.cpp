#include "template/loop.h"

#include "template/arguments.h"
#include "template/iteration.h"
#include "template/objects.h"

namespace altiplano::engine::jinja {

std::optional<Value> Loop::advance(Runtime& runtime) {
    std::optional<Value> next = m_peeked ? std::exchange(m_after, std::nullopt) : m_pull(runtime);
    m_peeked = false;
    if (!next) return std::nullopt;
    ++m_index0;
    m_before = std::exchange(m_current, next);
    return next;
}

const std::optional<Value>& Loop::peek(Runtime& runtime) {
    if (!m_peeked) m_after = m_pull(runtime);
    m_peeked = true;
    return m_after;
}

std::optional<std::uint64_t> Loop::length(Runtime& runtime) {
    if (m_length) return m_length;
    m_length = m_statement.test ? std::nullopt : lengthOf(runtime, m_items);
    if (m_length) return m_length;
    std::vector<Value> rest;
    while (auto item = m_pull(runtime)) {
        runtime.checkItems(rest.size() + 1);
        rest.push_back(std::move(*item));
    }
    m_length = rest.size() + m_index0 + 1 + (m_after ? 1 : 0);
    m_pull = jinja::iterate(runtime, runtime.list(std::move(rest)));
    return m_length;
}

std::string Loop::repr(Runtime& runtime) {
    return "<LoopContext " + std::to_string(m_index0 + 1) + "/" + std::to_string(*length(runtime)) + ">";
}

std::optional<Value> Loop::attribute(Runtime& runtime, std::string_view name) {
    const auto method = [&](BoundMethod::Body body) {
        return runtime.object<BoundMethod>(Value(shared_from_this()), name, body);
    };
    if (name == "index") return Value::integer(m_index0 + 1);
    if (name == "index0") return Value::integer(m_index0);
    if (name == "revindex") return Value::integer(*length(runtime) - m_index0);
    if (name == "revindex0") return Value::integer(*length(runtime) - m_index0 - 1);
    if (name == "first") return Value(m_index0 == 0);
    if (name == "last") return Value(!peek(runtime));
    if (name == "length") return Value::integer(*length(runtime));
    if (name == "depth") return Value::integer(m_depth + 1);
    if (name == "depth0") return Value::integer(m_depth);
    if (name == "previtem")
        return m_index0 > 0 && m_before ? *m_before : Value::undefined("there is no previous item");
    if (name == "nextitem") return peek(runtime) ? *m_after : Value::undefined("there is no next item");
    if (name == "cycle")
        return method(
            [](Runtime&, const Value& self, const Arguments& a) { return self.object<Loop>()->cycle(a); });
    if (name == "changed")
        return method([](Runtime& rt, const Value& self, const Arguments& a) {
            return self.object<Loop>()->changed(rt, a);
        });
    return std::nullopt;
}

Value Loop::cycle(const Arguments& a) const {
    if (a.positional.empty() || !a.named.empty()) fail("no items for cycling given");
    return a.positional[m_index0 % a.positional.size()];
}

Value Loop::changed(Runtime& runtime, const Arguments& a) {
    const Value now = runtime.tuple(a.positional);
    if (m_lastChanged && equals(runtime, *m_lastChanged, now)) return false;
    if (!m_lastChanged) runtime.keep(shared_from_this());
    m_lastChanged = now;
    return true;
}

Value Loop::call(Runtime&, const Arguments& a) {
    const auto [items] = bind("loop", a, {"iterable"}, 1);
    if (!m_scope) fail("The loop must have the 'recursive' marker to be called recursively.");
    return m_interpreter.callLoop(m_statement, m_scope, *items, m_depth + 1);
}

void Loop::clear() {
    m_scope.reset();
    m_lastChanged.reset();
    m_before.reset();
    m_current.reset();
    m_after.reset();
    m_pull = nullptr;
}

} // namespace altiplano::engine::jinja
