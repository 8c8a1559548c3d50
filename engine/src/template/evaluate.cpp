#include "template/access.h"
#include "template/interpreter.h"
#include "template/iteration.h"
#include "template/objects.h"
#include "template/printing.h"

#include <algorithm>

namespace altiplano::engine::jinja {

Value Interpreter::evaluate(const Expr& e) {
    const Runtime::Level level(m_runtime);
    m_runtime.step();
    const std::uint32_t outer = std::exchange(m_runtime.line, e.line);
    Value value = std::visit([this](const auto& node) { return eval(node); }, e.node);
    m_runtime.line = outer; // not when it throws: the message wants the inner line
    return value;
}

Value Interpreter::eval(const Name& e) {
    for (const Scope* scope = m_scope.get(); scope; scope = scope->parent.get())
        if (const auto found = scope->names.find(e.name); found != scope->names.end()) return found->second;
    if (auto global = globalNamed(m_runtime, e.name)) return *global;
    return Value::undefined("'" + e.name + "' is undefined");
}

Value Interpreter::eval(const DictExpr& e) {
    Dict dict;
    for (const auto& [key, value] : e.entries) {
        const Value k = evaluate(*key);
        dict.set(m_runtime, k, evaluate(*value));
    }
    return m_runtime.dict(std::move(dict));
}

Value Interpreter::eval(const Unary& e) {
    const Value v = evaluate(*e.operand);
    if (e.op == Unary::Op::Not) return !truth(m_runtime, v);
    return e.op == Unary::Op::Negate ? negate(v) : plus(v);
}

Value Interpreter::eval(const Binary& e) {
    const Value left = evaluate(*e.left);
    return arithmetic(m_runtime, e.op, left, evaluate(*e.right));
}

Value Interpreter::eval(const Logical& e) {
    const Value left = evaluate(*e.left);
    return truth(m_runtime, left) == e.isAnd ? evaluate(*e.right) : left;
}

Value Interpreter::eval(const Compare& e) {
    Value left = evaluate(*e.first);
    for (const auto& [op, operand] : e.rest) {
        const Value right = evaluate(*operand);
        if (!compare(m_runtime, op, left, right)) return false;
        left = right;
    }
    return true;
}

Value Interpreter::eval(const Concat& e) {
    TextBuilder out(m_runtime);
    for (const ExprPtr& part : e.parts)
        out << str(m_runtime, evaluate(*part));
    return m_runtime.text(out.take());
}

Value Interpreter::eval(const Conditional& e) {
    if (isTrue(*e.test)) return evaluate(*e.value);
    if (e.otherwise) return evaluate(*e.otherwise);
    return Value::undefined("the inline if-expression on line " + std::to_string(m_runtime.line) +
                            " evaluated to false and no else section was defined.");
}

Value Interpreter::eval(const Attribute& e) {
    return attributeOf(m_runtime, evaluate(*e.object), e.name);
}

Value Interpreter::eval(const Subscript& e) {
    const Value object = evaluate(*e.object);
    return itemOf(m_runtime, object, evaluate(*e.index));
}

Value Interpreter::eval(const Slice& e) {
    const Value object = evaluate(*e.object), start = evaluateOr(e.start, {}), stop = evaluateOr(e.stop, {});
    return sliceOf(m_runtime, object, start, stop, evaluateOr(e.step, {}));
}

Value Interpreter::eval(const Call& e) {
    const Value callee = evaluate(*e.callee);
    return call(callee, evaluateArguments(e.arguments));
}

Value Interpreter::eval(const FilterExpr& e) {
    const Value input = e.input ? evaluate(*e.input) : std::exchange(m_blockText, {});
    if (!e.filter) fail("No filter named '" + e.name + "'.");
    return e.filter(m_runtime, input, evaluateArguments(e.arguments));
}

Value Interpreter::eval(const TestExpr& e) {
    const Value input = evaluate(*e.input);
    if (!e.test) fail("No test named '" + e.name + "'.");
    return e.test(m_runtime, input, evaluateArguments(e.arguments));
}

Value Interpreter::eval(const NamespaceAttribute& e) {
    return attributeOf(m_runtime, eval(Name{e.object}), e.name);
}

std::vector<Value> Interpreter::evaluateAll(const std::vector<ExprPtr>& items) {
    std::vector<Value> values;
    values.reserve(items.size());
    for (const ExprPtr& item : items)
        values.push_back(evaluate(*item));
    return values;
}

Arguments Interpreter::evaluateArguments(const CallArguments& a) {
    Arguments values{evaluateAll(a.positional), {}};
    for (const auto& [name, value] : a.named)
        values.named.emplace_back(name, evaluate(*value));
    if (a.spread) {
        const auto more = collect(m_runtime, evaluate(*a.spread));
        values.positional.insert(values.positional.end(), more.begin(), more.end());
    }
    if (a.spreadNamed) {
        const Value more = evaluate(*a.spreadNamed);
        if (!more.dict()) fail("argument after ** must be a mapping, not " + std::string(more.typeName()));
        for (const auto& [key, value] : more.dict()->entries()) {
            if (!key.text()) fail("keywords must be strings");
            values.named.emplace_back(key.text()->bytes, value);
        }
    }
    m_runtime.step(values.named.size() * values.named.size() / 16); // each name is held against the others
    for (std::size_t i = 1; i < values.named.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (values.named[i].first == values.named[j].first)
                fail("got multiple values for keyword argument '" + values.named[i].first + "'");
    return values;
}

Value Interpreter::call(const Value& callee, const Arguments& arguments) {
    if (callee.isUndefined()) failUndefined(callee);
    if (!callee.object()) fail("'" + std::string(callee.typeName()) + "' object is not callable");
    const Runtime::Level level(m_runtime);
    return callee.object()->call(m_runtime, arguments);
}

} // namespace altiplano::engine::jinja
