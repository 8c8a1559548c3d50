#include "template/interpreter.h"
#include "template/iteration.h"
#include "template/loop.h"
#include "template/macro.h"
#include "template/objects.h"
#include "template/printing.h"

namespace altiplano::engine::jinja {

void Output::write(std::string_view text) {
    m_runtime.stepBytes(text.size());
    m_runtime.memory().check(m_text.size() + text.size());
    m_runtime.memory().take(text.size());
    m_text += text;
}

Interpreter::Interpreter(Runtime& runtime, ScopePtr context)
    : m_runtime(runtime), m_root(child(std::move(context))), m_scope(m_root) {}

std::string Interpreter::render(const Body& body) {
    Output output(m_runtime);
    m_output = &output;
    run(body);
    return output.text();
}

Interpreter::Flow Interpreter::run(const Body& body) {
    const Runtime::Level level(m_runtime);
    for (const Stmt& statement : body) {
        m_runtime.step();
        m_runtime.line = statement.line;
        const Flow flow = std::visit([this](const auto& node) { return exec(node); }, statement.node);
        if (flow != Flow::Next) return flow;
    }
    return Flow::Next;
}

Interpreter::Flow Interpreter::runScoped(const Body& body, ScopePtr parent) {
    const Enter enter(*this, child(std::move(parent)));
    return run(body);
}

/// The text that a body writes, in a scope of its own below `parent`, or in the current one without it.
Value Interpreter::capture(const Body& body, ScopePtr parent, Flow* flow) {
    Output output(m_runtime);
    Output* const outer = std::exchange(m_output, &output);
    const Flow ended = parent ? runScoped(body, std::move(parent)) : run(body);
    m_output = outer;
    if (flow) *flow = ended;
    return m_runtime.text(output.text());
}

void Interpreter::write(const Value& v) {
    if (const Text* text = v.text()) return m_output->write(text->bytes);
    m_output->write(str(m_runtime, v));
}

void Interpreter::assign(const Expr& target, const Value& value) {
    if (const auto* name = std::get_if<Name>(&target.node)) {
        m_scope->names[name->name] = value;
    } else if (const auto* attribute = std::get_if<NamespaceAttribute>(&target.node)) {
        const Value object = eval(Name{attribute->object});
        auto* names = object.object<Namespace>();
        if (!names) fail("cannot assign attribute on non-namespace object");
        names->set(m_runtime, m_runtime.text(attribute->name), value);
    } else if (const auto* tuple = std::get_if<TupleExpr>(&target.node)) {
        const std::size_t wanted = tuple->items.size();
        std::vector<Value> items;
        Pull pull = iterate(m_runtime, value, "cannot unpack non-iterable ", " object");
        while (auto item = pull(m_runtime)) {
            if (items.size() == wanted)
                fail("too many values to unpack (expected " + std::to_string(wanted) + ")");
            items.push_back(std::move(*item));
        }
        if (items.size() < wanted)
            fail("not enough values to unpack (expected " + std::to_string(wanted) + ", got " +
                 std::to_string(items.size()) + ")");
        for (std::size_t i = 0; i < wanted; ++i)
            assign(*tuple->items[i], items[i]);
    }
}

Interpreter::Flow Interpreter::exec(const Data& s) {
    m_output->write(s.text.text()->bytes);
    return Flow::Next;
}

Interpreter::Flow Interpreter::exec(const Print& s) {
    write(evaluate(*s.value));
    return Flow::Next;
}

Interpreter::Flow Interpreter::exec(const If& s) {
    for (const auto& [test, body] : s.branches)
        if (isTrue(*test)) return run(body);
    return run(s.otherwise);
}

Interpreter::Flow Interpreter::exec(const Assign& s) {
    assign(*s.target, evaluate(*s.value));
    return Flow::Next;
}

Interpreter::Flow Interpreter::exec(const AssignBlock& s) {
    Flow flow = Flow::Next;
    Value text = capture(s.body, m_scope, &flow);
    if (flow != Flow::Next) return flow;
    if (s.filter) {
        m_blockText = std::move(text);
        text = evaluate(*s.filter);
    }
    assign(*s.target, text);
    return Flow::Next;
}

Interpreter::Flow Interpreter::exec(const FilterBlock& s) {
    Flow flow = Flow::Next;
    Value text = capture(s.body, m_scope, &flow);
    if (flow != Flow::Next) return flow;
    m_blockText = std::move(text);
    write(evaluate(*s.filter));
    return Flow::Next;
}

Interpreter::Flow Interpreter::exec(const With& s) {
    std::vector<Value> values;
    for (const auto& [target, value] : s.assignments)
        values.push_back(evaluate(*value));
    const Enter enter(*this, child(m_scope));
    for (std::size_t i = 0; i < values.size(); ++i)
        assign(*s.assignments[i].first, values[i]);
    return run(s.body);
}

Interpreter::Flow Interpreter::exec(const MacroDefinition& s) {
    const Value macro = m_runtime.object<Macro>(*this, s.name, s.signature, s.body, m_scope);
    m_runtime.keep(macro.object()->shared_from_this());
    m_scope->names[s.name] = macro;
    return Flow::Next;
}

Interpreter::Flow Interpreter::exec(const CallBlock& s) {
    const auto& node = std::get<Call>(s.call->node);
    const Value caller = m_runtime.object<Macro>(*this, std::string(), s.signature, s.body, m_scope);
    m_runtime.keep(caller.object()->shared_from_this());
    const Value callee = evaluate(*node.callee);
    Arguments arguments = evaluateArguments(node.arguments);
    arguments.named.emplace_back("caller", caller);
    write(call(callee, arguments));
    return Flow::Next;
}

Interpreter::Flow Interpreter::exec(const Block& s) {
    return runScoped(s.body, s.scoped ? m_scope : m_root);
}

Interpreter::Flow Interpreter::exec(const LoadTemplate&) {
    fail("no loader for this environment specified");
}

Interpreter::Flow Interpreter::exec(const For& s) {
    const Value items = evaluate(*s.items);
    if (!s.recursive) return runLoop(s, items, 0);
    write(callLoop(s, m_scope, items, 0));
    return Flow::Next;
}

Value Interpreter::callLoop(const For& loop, const ScopePtr& scope, const Value& items, std::uint32_t depth) {
    const Enter enter(*this, scope);
    Output output(m_runtime);
    Output* const outer = std::exchange(m_output, &output);
    const std::uint32_t line = m_runtime.line;
    runLoop(loop, items, depth);
    m_runtime.line = line;
    m_output = outer;
    return m_runtime.text(output.text());
}

/// Only the items that pass the loop's `if`, tested as they are asked for.
Pull Interpreter::filtered(const For& loop, Pull pull) {
    return [this, &loop, pull = std::move(pull),
            scope = m_scope](Runtime& runtime) mutable -> std::optional<Value> {
        while (auto item = pull(runtime)) {
            const Enter enter(*this, child(scope));
            assign(*loop.target, *item);
            if (isTrue(*loop.test)) return item;
        }
        return std::nullopt;
    };
}

Interpreter::Flow Interpreter::runLoop(const For& loop, const Value& items, std::uint32_t depth) {
    Pull pull = iterate(m_runtime, items);
    if (loop.test) pull = filtered(loop, std::move(pull));
    const auto context = std::make_shared<Loop>(*this, loop, items, std::move(pull), depth);
    m_runtime.checkNesting(context->nesting());
    if (loop.recursive) {
        context->allowRecursion(m_scope);
        m_runtime.keep(context);
    }
    bool finishedOne = false; // as in jinja2, an iteration that breaks or continues does not count for `else`
    while (const auto item = context->advance(m_runtime)) {
        const Enter enter(*this, child(m_scope));
        m_scope->names["loop"] = Value(std::static_pointer_cast<Object>(context));
        assign(*loop.target, *item);
        const Flow flow = run(loop.body);
        if (flow == Flow::Break) break;
        finishedOne = finishedOne || flow == Flow::Next;
    }
    return finishedOne ? Flow::Next : runScoped(loop.otherwise, m_scope);
}

} // namespace altiplano::engine::jinja
