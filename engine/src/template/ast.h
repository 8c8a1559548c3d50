#pragma once

#include "template/filters.h"
#include "template/operators.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// A parsed template: what the parser makes and the evaluator walks. Immutable once parsed.
namespace altiplano::engine::jinja {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>; ///< null where an optional part is missing

struct CallArguments {
    std::vector<ExprPtr> positional;
    std::vector<std::pair<std::string, ExprPtr>> named;
    ExprPtr spread, spreadNamed; ///< *these and **these
};

struct Constant {
    Value value;
};
struct Name {
    std::string name;
};
struct TupleExpr {
    std::vector<ExprPtr> items;
};
struct ListExpr {
    std::vector<ExprPtr> items;
};
struct DictExpr {
    std::vector<std::pair<ExprPtr, ExprPtr>> entries;
};
struct Unary {
    enum class Op { Negate, Plus, Not } op;
    ExprPtr operand;
};
struct Binary {
    Arithmetic op;
    ExprPtr left, right;
};
struct Logical {
    bool isAnd;
    ExprPtr left, right;
};
struct Compare {
    ExprPtr first;
    std::vector<std::pair<Comparison, ExprPtr>> rest;
};
struct Concat {
    std::vector<ExprPtr> parts;
};
struct Conditional {
    ExprPtr value, test, otherwise;
};
struct Attribute {
    ExprPtr object;
    std::string name;
};
struct Subscript {
    ExprPtr object, index;
};
struct Slice {
    ExprPtr object, start, stop, step;
};
struct Call {
    ExprPtr callee;
    CallArguments arguments;
};
struct FilterExpr {
    ExprPtr input;
    std::string name;
    Filter filter;
    CallArguments arguments;
}; ///< no input: the block's text
struct TestExpr {
    ExprPtr input;
    std::string name;
    Test test;
    CallArguments arguments;
};
struct NamespaceAttribute {
    std::string object, name;
}; ///< only as the target of an assignment

struct Expr {
    std::uint32_t line;
    std::uint32_t height; ///< of the tree below; bounded by the parser
    std::variant<Constant, Name, TupleExpr, ListExpr, DictExpr, Unary, Binary, Logical, Compare, Concat,
                 Conditional, Attribute, Subscript, Slice, Call, FilterExpr, TestExpr, NamespaceAttribute>
        node;
};

struct Stmt;
using Body = std::vector<Stmt>;

struct Signature {
    std::vector<std::string> names;
    std::vector<ExprPtr> defaults; ///< of the last names
    bool usesCaller = false, usesVarargs = false, usesKwargs = false;
};

struct Data {
    Value text;
};
struct Print {
    ExprPtr value;
};
struct If {
    std::vector<std::pair<ExprPtr, Body>> branches;
    Body otherwise;
};
struct For {
    ExprPtr target, items, test;
    bool recursive;
    Body body, otherwise;
};
struct Assign {
    ExprPtr target, value;
};
struct AssignBlock {
    ExprPtr target, filter;
    Body body;
};
struct With {
    std::vector<std::pair<ExprPtr, ExprPtr>> assignments;
    Body body;
};
struct MacroDefinition {
    std::string name;
    Signature signature;
    Body body;
};
struct CallBlock {
    Signature signature;
    ExprPtr call;
    Body body;
};
struct FilterBlock {
    ExprPtr filter;
    Body body;
};
struct Block {
    Body body;
    bool scoped;
};
struct Generation {
    Body body;
};
struct Break {};
struct Continue {};
struct LoadTemplate {}; ///< include, import, from and extends, which have nothing to load from

struct Stmt {
    std::uint32_t line;
    std::variant<Data, Print, If, For, Assign, AssignBlock, With, MacroDefinition, CallBlock, FilterBlock,
                 Block, Generation, Break, Continue, LoadTemplate>
        node;
};

} // namespace altiplano::engine::jinja
