#pragma once

#include "template/value.h"

#include <string>
#include <unordered_set>

/// The objects that templates can hold besides plain data.
namespace altiplano::engine::jinja {

/// What the filters map, select, items, ... return.
class Generator : public Object {
public:
    Generator(Pull pull, std::uint32_t nesting) : m_pull(std::move(pull)), m_nesting(nesting) {}
    std::string_view typeName() const override { return "generator"; }
    std::uint32_t nesting() const override { return m_nesting; }
    Pull iterate(Runtime&) override;

private:
    std::optional<Value> next(Runtime&);
    Pull m_pull;
    std::uint32_t m_nesting;
    bool m_running = false, m_done = false;
};

class Range : public Object {
public:
    Range(Int start, Int stop, Int step);
    std::string_view typeName() const override { return "range"; }
    std::string repr(Runtime&) override;
    Pull iterate(Runtime&) override;
    std::optional<std::uint64_t> length(Runtime&) override { return m_length; }
    std::uint64_t size() const { return m_length; }
    Int at(std::uint64_t i) const { return m_start + static_cast<Int>(i) * m_step; }
    Int start() const { return m_start; }
    Int step() const { return m_step; }
    bool contains(Int value) const;
    bool equals(const Range& other) const;

private:
    Int m_start, m_stop, m_step;
    std::uint64_t m_length;
};

/// dict.keys(), dict.values() and dict.items().
class DictView : public Object {
public:
    enum class Kind { Keys, Values, Items };
    DictView(Value dict, Kind kind) : m_dict(std::move(dict)), m_kind(kind) {}
    std::string_view typeName() const override;
    std::uint32_t nesting() const override { return 1 + m_dict.nesting(); }
    std::string repr(Runtime&) override;
    Pull iterate(Runtime&) override;
    std::optional<std::uint64_t> length(Runtime&) override { return m_dict.dict()->size(); }
    const Value& dict() const { return m_dict; }

private:
    Value m_dict;
    Kind m_kind;
};

/// jinja2's namespace(): the one thing whose attributes templates can set. Names must not begin with "_".
class Namespace : public Object {
public:
    explicit Namespace(Dict attributes) : m_attributes(std::move(attributes)) {}
    std::string_view typeName() const override { return "Namespace"; }
    std::string repr(Runtime&) override;
    std::optional<Value> attribute(Runtime&, std::string_view name) override;
    void set(Runtime&, const Value& name, Value value);
    void clear() override { m_attributes = {}; }

private:
    Dict m_attributes;
};

/// A function of the engine's own, with the name that Python would show.
class Function : public Object {
public:
    using Body = Value (*)(Runtime&, const Arguments&);
    Function(std::string_view name, Body body) : m_name(name), m_body(body) {}
    std::string_view typeName() const override { return "function"; }
    std::string repr(Runtime&) override { return "<function " + std::string(m_name) + ">"; }
    bool callable() const override { return true; }
    Value call(Runtime& runtime, const Arguments& arguments) override { return m_body(runtime, arguments); }

private:
    std::string_view m_name;
    Body m_body;
};

/// A method of a value, such as text.strip.
class BoundMethod : public Object {
public:
    using Body = Value (*)(Runtime&, const Value& self, const Arguments&);
    BoundMethod(Value self, std::string_view name, Body body)
        : m_self(std::move(self)), m_name(name), m_body(body) {}
    std::string_view typeName() const override { return "builtin_function_or_method"; }
    std::uint32_t nesting() const override { return 1 + m_self.nesting(); }
    std::string repr(Runtime&) override;
    bool callable() const override { return true; }
    Value call(Runtime& runtime, const Arguments& arguments) override {
        return m_body(runtime, m_self, arguments);
    }

private:
    Value m_self;
    std::string m_name;
    Body m_body;
};

/// The names that every template sees: range, dict, namespace, cycler, joiner, raise_exception, strftime_now.
std::optional<Value> globalNamed(Runtime&, std::string_view name);

} // namespace altiplano::engine::jinja
