#pragma once

#include "template/interpreter.h"

namespace altiplano::engine::jinja {

/// The variable `loop` of a for block, which also drives its iteration.
class Loop : public Object {
public:
    Loop(Interpreter& interpreter, const For& statement, const Value& items, Pull pull, std::uint32_t depth)
        : m_interpreter(interpreter), m_statement(statement), m_items(items), m_pull(std::move(pull)),
          m_depth(depth) {}

    /// The next item; moves on to it.
    std::optional<Value> advance(Runtime&);
    /// Lets `loop(...)` run the statement again in the scope that it stands in.
    void allowRecursion(ScopePtr scope) { m_scope = std::move(scope); }

    std::string_view typeName() const override { return "LoopContext"; }
    std::uint32_t nesting() const override { return 1 + m_items.nesting(); }
    std::string repr(Runtime&) override;
    std::optional<Value> attribute(Runtime&, std::string_view name) override;
    bool callable() const override { return true; }
    Value call(Runtime&, const Arguments&) override;
    std::optional<std::uint64_t> length(Runtime&) override;
    void clear() override;

    Value cycle(const Arguments&) const;
    Value changed(Runtime&, const Arguments&);

private:
    const std::optional<Value>& peek(Runtime&);

    Interpreter& m_interpreter;
    const For& m_statement;
    Value m_items;
    Pull m_pull;
    std::uint32_t m_depth;
    ScopePtr m_scope;
    std::uint64_t m_index0 = UINT64_MAX; ///< before the first item
    std::optional<Value> m_before, m_current, m_after;
    bool m_peeked = false;
    std::optional<std::uint64_t> m_length;
    std::optional<Value> m_lastChanged;
};

} // namespace altiplano::engine::jinja
