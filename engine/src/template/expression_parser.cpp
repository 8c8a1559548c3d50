#include "template/expression_parser.h"

#include "template/ast_builder.h"
#include "template/integer.h"
#include "template/unicode.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace altiplano::engine::jinja {

namespace {

using Kind = Token::Kind;

constexpr std::uint32_t kMaxNesting =
    200; ///< of parentheses and blocks; CPython's own parser stops there too
ExprPtr makeConstant(std::uint32_t line, Value value) {
    return make(line, 0, Constant{std::move(value)});
}

/// A string of the template itself; no rendering pays for it.
Value literal(std::string text) {
    const std::size_t length = countCodePoints(text);
    return Value(std::make_shared<const Text>(Text{std::move(text), length, false, {}}));
}

ExprPtr makeLogical(std::uint32_t line, bool isAnd, ExprPtr left, ExprPtr right) {
    const std::uint32_t height = std::max(heightOf(left), heightOf(right));
    return make(line, height, Logical{isAnd, std::move(left), std::move(right)});
}

ExprPtr makeBinary(std::uint32_t line, Arithmetic op, ExprPtr left, ExprPtr right) {
    const std::uint32_t height = std::max(heightOf(left), heightOf(right));
    return make(line, height, Binary{op, std::move(left), std::move(right)});
}

ExprPtr makeUnary(std::uint32_t line, Unary::Op op, ExprPtr operand) {
    const std::uint32_t height = heightOf(operand);
    return make(line, height, Unary{op, std::move(operand)});
}

std::optional<Comparison> comparison(const Token& token) {
    static constexpr std::array<std::string_view, 6> kOperators{"==", "!=", "<", "<=", ">", ">="};
    if (token.isName("in")) return Comparison::In;
    if (token.kind != Kind::Operator) return std::nullopt;
    const auto* found = std::find(kOperators.begin(), kOperators.end(), token.text);
    if (found == kOperators.end()) return std::nullopt;
    return static_cast<Comparison>(found - kOperators.begin());
}

std::optional<Arithmetic> productOperator(const Token& token) {
    if (token.isOperator("*")) return Arithmetic::Multiply;
    if (token.isOperator("/")) return Arithmetic::Divide;
    if (token.isOperator("//")) return Arithmetic::FloorDivide;
    if (token.isOperator("%")) return Arithmetic::Modulo;
    return std::nullopt;
}

} // namespace

std::string describe(const Token& token) {
    switch (token.kind) {
    case Kind::Data:
        return "template data";
    case Kind::BlockBegin:
        return "begin of statement block";
    case Kind::BlockEnd:
        return "end of statement block";
    case Kind::PrintBegin:
        return "begin of print statement";
    case Kind::PrintEnd:
        return "end of print statement";
    case Kind::String:
        return "string";
    case Kind::End:
        return "end of template";
    default:
        return token.text;
    }
}

ExpressionParser::Nested::Nested(ExpressionParser& parser) : m_parser(parser) {
    if (parser.m_depth >= kMaxNesting) fail("parentheses and blocks nest too deep", parser.current().line);
    ++parser.m_depth;
}

bool ExpressionParser::skipName(std::string_view name) {
    return current().isName(name) && (advance(), true);
}
bool ExpressionParser::skipOperator(std::string_view op) {
    return current().isOperator(op) && (advance(), true);
}

void ExpressionParser::unexpected() const {
    fail("unexpected '" + describe(current()) + "'", current().line);
}

const Token& ExpressionParser::expect(Kind kind) {
    if (current().kind != kind)
        fail("expected token '" + describe({kind, 0, "name"}) + "', got '" + describe(current()) + "'",
             current().line);
    return advance();
}

void ExpressionParser::expectName(std::string_view name) {
    if (!skipName(name))
        fail("expected token '" + std::string(name) + "', got '" + describe(current()) + "'", current().line);
}

void ExpressionParser::expectOperator(std::string_view op) {
    if (!skipOperator(op))
        fail("expected token '" + std::string(op) + "', got '" + describe(current()) + "'", current().line);
}

namespace {
std::optional<int> specialName(std::string_view name) {
    using Special = ExpressionParser::SpecialNames;
    if (name == "caller") return Special::Caller;
    if (name == "varargs") return Special::Varargs;
    if (name == "kwargs") return Special::Kwargs;
    return std::nullopt;
}
} // namespace

void ExpressionParser::readsName(std::string_view name) {
    if (const auto special = specialName(name))
        for (SpecialNames& macro : macros)
            macro.reads[*special] |= !macro.sets[*special];
}

void ExpressionParser::setsName(std::string_view name) {
    if (const auto special = specialName(name))
        for (SpecialNames& macro : macros)
            macro.sets[*special] = true;
}

bool ExpressionParser::atTupleEnd(std::string_view endName) const {
    return current().kind == Kind::PrintEnd || current().kind == Kind::BlockEnd ||
           current().isOperator(")") || (!endName.empty() && current().isName(endName));
}

ExprPtr ExpressionParser::parseTuple(bool withConditional, std::string_view endName, bool parentheses) {
    const std::uint32_t line = current().line;
    TupleExpr tuple;
    bool isTuple = false;
    for (;;) {
        if (!tuple.items.empty()) expectOperator(",");
        if (atTupleEnd(endName)) break;
        tuple.items.push_back(parseExpression(withConditional));
        if (!current().isOperator(",")) break;
        isTuple = true;
    }
    if (!isTuple && !tuple.items.empty()) return std::move(tuple.items[0]);
    if (!isTuple && !parentheses) fail("Expected an expression, got '" + describe(current()) + "'", line);
    const std::uint32_t height = heightOf(tuple.items);
    return make(line, height, std::move(tuple));
}

ExprPtr ExpressionParser::parseTargetItem(bool withNamespace) {
    const Nested nested(*this);
    const Token& token = advance();
    if (token.isOperator("(")) {
        TupleExpr tuple;
        bool isTuple = current().isOperator(")");
        while (!current().isOperator(")")) {
            tuple.items.push_back(parseTargetItem(false));
            if (!current().isOperator(")")) {
                expectOperator(",");
                isTuple = true;
            }
        }
        advance();
        if (!isTuple) return std::move(tuple.items[0]);
        const std::uint32_t height = heightOf(tuple.items);
        return make(token.line, height, std::move(tuple));
    }
    static constexpr std::array<std::string_view, 6> kConstants{"true", "false", "none",
                                                                "True", "False", "None"};
    if (token.kind != Kind::Name ||
        std::find(kConstants.begin(), kConstants.end(), token.text) != kConstants.end())
        fail("can't assign to '" + describe(token) + "'", token.line);
    if (withNamespace && skipOperator("."))
        return make(token.line, 0, NamespaceAttribute{token.text, expect(Kind::Name).text});
    setsName(token.text);
    return make(token.line, 0, Name{token.text});
}

ExprPtr ExpressionParser::parseTarget(std::string_view endName, bool withNamespace) {
    const std::uint32_t line = current().line;
    TupleExpr tuple;
    bool isTuple = false;
    while (tuple.items.empty() || !atTupleEnd(endName)) {
        tuple.items.push_back(parseTargetItem(withNamespace));
        if (!skipOperator(",")) break;
        isTuple = true;
    }
    if (!isTuple) return std::move(tuple.items[0]);
    const std::uint32_t height = heightOf(tuple.items);
    return make(line, height, std::move(tuple));
}

std::string ExpressionParser::parseTargetName() {
    const Token& token = expect(Kind::Name);
    setsName(token.text);
    return token.text;
}

ExprPtr ExpressionParser::parseExpression(bool withConditional) {
    const Nested nested(*this);
    const std::uint32_t line = current().line;
    ExprPtr value = parseOr();
    while (withConditional && skipName("if")) {
        ExprPtr test = parseOr();
        ExprPtr otherwise = skipName("else") ? parseExpression() : nullptr;
        const std::uint32_t height = std::max({heightOf(value), heightOf(test), heightOf(otherwise)});
        value = make(line, height, Conditional{std::move(value), std::move(test), std::move(otherwise)});
    }
    return value;
}

ExprPtr ExpressionParser::parseOr() {
    ExprPtr left = parseAnd();
    while (current().isName("or")) {
        const std::uint32_t line = advance().line;
        left = makeLogical(line, false, std::move(left), parseAnd());
    }
    return left;
}

ExprPtr ExpressionParser::parseAnd() {
    ExprPtr left = parseNot();
    while (current().isName("and")) {
        const std::uint32_t line = advance().line;
        left = makeLogical(line, true, std::move(left), parseNot());
    }
    return left;
}

ExprPtr ExpressionParser::parseNot() {
    if (!current().isName("not")) return parseCompare();
    const Nested nested(*this);
    const std::uint32_t line = advance().line;
    return makeUnary(line, Unary::Op::Not, parseNot());
}

ExprPtr ExpressionParser::parseCompare() {
    const std::uint32_t line = current().line;
    Compare compare{parseSum(), {}};
    for (;;) {
        if (const auto op = comparison(current())) {
            advance();
            compare.rest.emplace_back(*op, parseSum());
        } else if (current().isName("not") && ahead().isName("in")) {
            advance();
            advance();
            compare.rest.emplace_back(Comparison::NotIn, parseSum());
        } else {
            break;
        }
    }
    if (compare.rest.empty()) return std::move(compare.first);
    const std::uint32_t height = std::max(heightOf(compare.first), heightOf(compare.rest));
    return make(line, height, std::move(compare));
}

ExprPtr ExpressionParser::parseSum() {
    ExprPtr left = parseConcat();
    while (current().isOperator("+") || current().isOperator("-")) {
        const Arithmetic op = current().isOperator("+") ? Arithmetic::Add : Arithmetic::Subtract;
        const std::uint32_t line = advance().line;
        left = makeBinary(line, op, std::move(left), parseConcat());
    }
    return left;
}

ExprPtr ExpressionParser::parseConcat() {
    const std::uint32_t line = current().line;
    Concat concat;
    do
        concat.parts.push_back(parseProduct());
    while (skipOperator("~"));
    if (concat.parts.size() == 1) return std::move(concat.parts[0]);
    const std::uint32_t height = heightOf(concat.parts);
    return make(line, height, std::move(concat));
}

ExprPtr ExpressionParser::parseProduct() {
    ExprPtr left = parsePower();
    while (const auto op = productOperator(current())) {
        const std::uint32_t line = advance().line;
        left = makeBinary(line, *op, std::move(left), parsePower());
    }
    return left;
}

ExprPtr ExpressionParser::parsePower() {
    ExprPtr left = parseUnary(true);
    while (current().isOperator("**")) {
        const std::uint32_t line = advance().line;
        left = makeBinary(line, Arithmetic::Power, std::move(left), parseUnary(true));
    }
    return left;
}

ExprPtr ExpressionParser::parseUnary(bool withFilters) {
    ExprPtr value;
    if (current().isOperator("-") || current().isOperator("+")) {
        const Nested nested(*this);
        const auto op = current().isOperator("-") ? Unary::Op::Negate : Unary::Op::Plus;
        const std::uint32_t line = advance().line;
        value = makeUnary(line, op, parseUnary(false));
    } else {
        value = parsePrimary();
    }
    value = parsePostfix(std::move(value));
    return withFilters ? parseFiltersAndTests(std::move(value)) : std::move(value);
}

ExprPtr ExpressionParser::parsePrimary() {
    const Token& token = current();
    switch (token.kind) {
    case Kind::Name: {
        advance();
        if (token.text == "true" || token.text == "True") return makeConstant(token.line, true);
        if (token.text == "false" || token.text == "False") return makeConstant(token.line, false);
        if (token.text == "none" || token.text == "None") return makeConstant(token.line, {});
        readsName(token.text);
        return make(token.line, 0, Name{token.text});
    }
    case Kind::String:
        return parseString();
    case Kind::Integer: {
        advance();
        const auto value = parseInt(token.text, 0);
        if (!value) fail("'" + token.text + "' is not a number", token.line);
        return makeConstant(token.line, *value);
    }
    case Kind::Float:
        advance();
        return makeConstant(token.line, std::strtod(token.text.c_str(), nullptr));
    default:
        break;
    }
    if (token.isOperator("(")) {
        advance();
        ExprPtr inner = parseTuple(true, {}, true);
        expectOperator(")");
        return inner;
    }
    if (token.isOperator("[")) return parseList();
    if (token.isOperator("{")) return parseDict();
    unexpected();
}

ExprPtr ExpressionParser::parseString() {
    const std::uint32_t line = current().line;
    std::string text;
    while (current().kind == Kind::String)
        text += advance().text;
    return makeConstant(line, literal(std::move(text)));
}

ExprPtr ExpressionParser::parseList() {
    const std::uint32_t line = advance().line;
    ListExpr list;
    while (!current().isOperator("]")) {
        if (!list.items.empty()) expectOperator(",");
        if (current().isOperator("]")) break;
        list.items.push_back(parseExpression());
    }
    expectOperator("]");
    const std::uint32_t height = heightOf(list.items);
    return make(line, height, std::move(list));
}

ExprPtr ExpressionParser::parseDict() {
    const std::uint32_t line = advance().line;
    DictExpr dict;
    while (!current().isOperator("}")) {
        if (!dict.entries.empty()) expectOperator(",");
        if (current().isOperator("}")) break;
        ExprPtr key = parseExpression();
        expectOperator(":");
        dict.entries.emplace_back(std::move(key), parseExpression());
    }
    expectOperator("}");
    const std::uint32_t height = heightOf(dict.entries);
    return make(line, height, std::move(dict));
}

} // namespace altiplano::engine::jinja
