#pragma once

#include "template/ast.h"
#include "template/runtime.h"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace altiplano::engine::jinja {

/// The variables of a block, a macro call or a loop iteration; what is not here is looked up in the parent.
struct Scope {
    std::shared_ptr<Scope> parent;
    std::unordered_map<std::string_view, Value>
        names; ///< views of names in the parsed template or the context
};
using ScopePtr = std::shared_ptr<Scope>;

/// Text being written by a template, a macro or a block that captures.
class Output {
public:
    explicit Output(Runtime& runtime) : m_runtime(runtime) {}
    ~Output() { m_runtime.memory().give(m_text.size()); }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    void write(std::string_view text);
    const std::string& text() const { return m_text; }

private:
    Runtime& m_runtime;
    std::string m_text;
};

/// Walks a parsed template. Expressions are in evaluate.cpp, statements in execute.cpp.
class Interpreter {
public:
    Interpreter(Runtime& runtime, ScopePtr context);

    /// The text that the template writes.
    std::string render(const Body& body);

    /// Calls a macro that was defined in `scope`.
    Value callMacro(const std::string& name, const Signature& signature, const Body& body,
                    const ScopePtr& scope, const Arguments& arguments);
    /// Runs a recursive loop on other items, as `loop(items)` asks.
    Value callLoop(const For& loop, const ScopePtr& scope, const Value& items, std::uint32_t depth);

private:
    enum class Flow { Next, Break, Continue };

    Value evaluate(const Expr& e);
    Value evaluateOr(const ExprPtr& e, Value otherwise) { return e ? evaluate(*e) : std::move(otherwise); }
    Value eval(const Constant& e) { return e.value; }
    Value eval(const Name& e);
    Value eval(const TupleExpr& e) { return m_runtime.tuple(evaluateAll(e.items)); }
    Value eval(const ListExpr& e) { return m_runtime.list(evaluateAll(e.items)); }
    Value eval(const DictExpr& e);
    Value eval(const Unary& e);
    Value eval(const Binary& e);
    Value eval(const Logical& e);
    Value eval(const Compare& e);
    Value eval(const Concat& e);
    Value eval(const Conditional& e);
    Value eval(const Attribute& e);
    Value eval(const Subscript& e);
    Value eval(const Slice& e);
    Value eval(const Call& e);
    Value eval(const FilterExpr& e);
    Value eval(const TestExpr& e);
    Value eval(const NamespaceAttribute& e);
    std::vector<Value> evaluateAll(const std::vector<ExprPtr>& items);
    Arguments evaluateArguments(const CallArguments& a);
    Value call(const Value& callee, const Arguments& arguments);
    bool isTrue(const Expr& e) { return truth(m_runtime, evaluate(e)); }

    Flow run(const Body& body);
    Flow runScoped(const Body& body, ScopePtr parent);
    Flow exec(const Data& s);
    Flow exec(const Print& s);
    Flow exec(const If& s);
    Flow exec(const For& s);
    Flow exec(const Assign& s);
    Flow exec(const AssignBlock& s);
    Flow exec(const With& s);
    Flow exec(const MacroDefinition& s);
    Flow exec(const CallBlock& s);
    Flow exec(const FilterBlock& s);
    Flow exec(const Block& s);
    Flow exec(const Generation& s) { return runScoped(s.body, m_scope); }
    Flow exec(const Break&) { return Flow::Break; }
    Flow exec(const Continue&) { return Flow::Continue; }
    Flow exec(const LoadTemplate&);
    Flow runLoop(const For& loop, const Value& items, std::uint32_t depth);
    Pull filtered(const For& loop, Pull pull);
    Value capture(const Body& body, ScopePtr parent, Flow* flow = nullptr);
    void assign(const Expr& target, const Value& value);
    void write(const Value& v);
    void bindSignature(const std::string& name, const Signature& signature, const Arguments& given,
                       Scope& scope);

    static ScopePtr child(ScopePtr parent) { return std::make_shared<Scope>(Scope{std::move(parent), {}}); }
    /// Makes a scope current while it lives.
    class Enter {
    public:
        Enter(Interpreter& interpreter, ScopePtr scope)
            : m_interpreter(interpreter), m_outer(std::exchange(interpreter.m_scope, std::move(scope))) {}
        ~Enter() { m_interpreter.m_scope = std::move(m_outer); }
        Enter(const Enter&) = delete;
        Enter& operator=(const Enter&) = delete;

    private:
        Interpreter& m_interpreter;
        ScopePtr m_outer;
    };

    Runtime& m_runtime;
    ScopePtr m_root, m_scope;
    Output* m_output = nullptr;
    Value m_blockText; ///< what the filter of a filter or set block is about to read
};

} // namespace altiplano::engine::jinja
