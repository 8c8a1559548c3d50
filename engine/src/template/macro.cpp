#include "template/macro.h"

#include <algorithm>

namespace altiplano::engine::jinja {

std::optional<Value> Macro::attribute(Runtime& runtime, std::string_view name) {
    if (name == "name") return m_name.empty() ? Value() : runtime.text(m_name);
    if (name == "arguments") {
        std::vector<Value> names;
        for (const std::string& argument : m_signature.names)
            names.push_back(runtime.text(argument));
        return runtime.tuple(std::move(names));
    }
    if (name == "catch_kwargs") return Value(m_signature.usesKwargs);
    if (name == "catch_varargs") return Value(m_signature.usesVarargs);
    if (name == "caller") return Value(m_signature.usesCaller);
    return std::nullopt;
}

void Interpreter::bindSignature(const std::string& name, const Signature& signature, const Arguments& given,
                                Scope& scope) {
    const auto& names = signature.names;
    const std::string macro = "macro '" + name + "'";
    std::vector<bool> isSet(names.size());
    for (std::size_t i = 0; i < std::min(names.size(), given.positional.size()); ++i) {
        scope.names[names[i]] = given.positional[i];
        isSet[i] = true;
    }
    if (signature.usesVarargs) {
        const auto used = static_cast<std::ptrdiff_t>(std::min(names.size(), given.positional.size()));
        scope.names["varargs"] = m_runtime.tuple({given.positional.begin() + used, given.positional.end()});
    } else if (given.positional.size() > names.size()) {
        fail(macro + " takes not more than " + std::to_string(names.size()) + " argument(s)");
    }
    const bool takesCaller =
        signature.usesCaller && std::find(names.begin(), names.end(), "caller") == names.end();
    if (takesCaller) scope.names["caller"] = Value::undefined("No caller defined");
    Dict others;
    for (const auto& [key, value] : given.named) {
        const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), key) - names.begin());
        if (at < names.size() && !isSet[at]) {
            scope.names[names[at]] = value;
            isSet[at] = true;
        } else if (takesCaller && key == "caller") {
            scope.names["caller"] = value;
        } else if (signature.usesKwargs) {
            others.set(m_runtime, m_runtime.text(key), value);
        } else {
            fail(macro + " takes no keyword argument '" + key + "'");
        }
    }
    if (signature.usesKwargs) scope.names["kwargs"] = m_runtime.dict(std::move(others));
    for (std::size_t i = 0; i < names.size(); ++i)
        if (!isSet[i])
            scope.names[names[i]] = Value::undefined("parameter '" + names[i] + "' was not provided");
    const std::size_t firstDefault = names.size() - signature.defaults.size();
    for (std::size_t i = firstDefault; i < names.size(); ++i)
        if (!isSet[i]) scope.names[names[i]] = evaluate(*signature.defaults[i - firstDefault]);
}

Value Interpreter::callMacro(const std::string& name, const Signature& signature, const Body& body,
                             const ScopePtr& scope, const Arguments& arguments) {
    const std::uint32_t line = m_runtime.line;
    const Enter enter(*this, child(scope));
    bindSignature(name, signature, arguments, *m_scope);
    const Value text = capture(body, nullptr);
    m_runtime.line = line;
    return text;
}

} // namespace altiplano::engine::jinja
