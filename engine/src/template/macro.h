#pragma once

#include "template/interpreter.h"

namespace altiplano::engine::jinja {

/// A macro, or the body of a call block as its `caller`.
class Macro : public Object {
public:
    Macro(Interpreter& interpreter, std::string name, const Signature& signature, const Body& body,
          ScopePtr scope)
        : m_interpreter(interpreter), m_name(std::move(name)), m_signature(signature), m_body(body),
          m_scope(std::move(scope)) {}

    std::string_view typeName() const override { return "Macro"; }
    std::string repr(Runtime&) override {
        return "<Macro " + (m_name.empty() ? "anonymous" : "'" + m_name + "'") + ">";
    }
    std::optional<Value> attribute(Runtime& runtime, std::string_view name) override;
    bool callable() const override { return true; }
    Value call(Runtime&, const Arguments& a) override {
        return m_interpreter.callMacro(m_name, m_signature, m_body, m_scope, a);
    }
    void clear() override { m_scope.reset(); }

private:
    Interpreter& m_interpreter;
    std::string m_name;
    const Signature& m_signature;
    const Body& m_body;
    ScopePtr m_scope;
};

} // namespace altiplano::engine::jinja
