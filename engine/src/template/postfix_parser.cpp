// What can follow a value in an expression: attributes, subscripts, slices, calls, filters and tests.
#include "template/ast_builder.h"
#include "template/expression_parser.h"
#include "template/integer.h"

namespace altiplano::engine::jinja {

using Kind = Token::Kind;

ExprPtr ExpressionParser::parsePostfix(ExprPtr object) {
    for (;;) {
        if (current().isOperator(".") || current().isOperator("["))
            object = parseSubscript(std::move(object));
        else if (current().isOperator("("))
            object = parseCall(std::move(object));
        else
            return object;
    }
}

ExprPtr ExpressionParser::parseFiltersAndTests(ExprPtr input) {
    for (;;) {
        if (current().isOperator("|"))
            input = parseFilters(std::move(input));
        else if (current().isName("is"))
            input = parseTest(std::move(input));
        else if (current().isOperator("("))
            input = parseCall(std::move(input));
        else
            return input;
    }
}

ExprPtr ExpressionParser::parseSubscript(ExprPtr object) {
    const Token& token = advance();
    if (token.text == "[") return parseBracket(std::move(object), token.line);
    const Token& name = advance();
    const std::uint32_t height = heightOf(object);
    if (name.kind == Kind::Name) return make(token.line, height, Attribute{std::move(object), name.text});
    const auto index = name.kind == Kind::Integer ? parseInt(name.text, 0) : std::nullopt;
    if (!index) fail("expected name or number", name.line);
    return make(token.line, height, Subscript{std::move(object), make(name.line, 0, Constant{*index})});
}

ExprPtr ExpressionParser::parseBracket(ExprPtr object, std::uint32_t line) {
    const auto atEnd = [&] {
        return current().isOperator("]") || current().isOperator(":") || current().isOperator(",");
    };
    const auto part = [&] { return atEnd() ? nullptr : parseExpression(); };
    TupleExpr index;
    while (!current().isOperator("]")) {
        if (!index.items.empty()) expectOperator(",");
        ExprPtr start = current().isOperator(":") ? nullptr : parseExpression();
        if (!skipOperator(":")) {
            index.items.push_back(std::move(start));
            continue;
        }
        ExprPtr stop = part();
        ExprPtr step = skipOperator(":") ? part() : nullptr;
        if (!index.items.empty() || !current().isOperator("]"))
            fail("a slice cannot be part of a tuple here", line);
        advance();
        const std::uint32_t height =
            std::max({heightOf(object), heightOf(start), heightOf(stop), heightOf(step)});
        return make(line, height,
                    Slice{std::move(object), std::move(start), std::move(stop), std::move(step)});
    }
    advance();
    ExprPtr key;
    if (index.items.size() == 1) {
        key = std::move(index.items[0]);
    } else {
        const std::uint32_t height = heightOf(index.items);
        key = make(line, height, std::move(index));
    }
    const std::uint32_t height = std::max(heightOf(object), heightOf(key));
    return make(line, height, Subscript{std::move(object), std::move(key)});
}

CallArguments ExpressionParser::parseArguments() {
    const std::uint32_t line = current().line;
    expectOperator("(");
    CallArguments arguments;
    const auto ensure = [&](bool allowed) {
        if (!allowed) fail("invalid syntax for function call expression", line);
    };
    for (bool first = true; !current().isOperator(")"); first = false) {
        if (!first) expectOperator(",");
        if (!first && current().isOperator(")")) break;
        if (skipOperator("*")) {
            ensure(!arguments.spread && !arguments.spreadNamed);
            arguments.spread = parseExpression();
        } else if (skipOperator("**")) {
            ensure(!arguments.spreadNamed);
            arguments.spreadNamed = parseExpression();
        } else if (current().kind == Kind::Name && ahead().isOperator("=")) {
            ensure(!arguments.spreadNamed);
            std::string name = advance().text;
            advance();
            arguments.named.emplace_back(std::move(name), parseExpression());
        } else {
            ensure(!arguments.spread && !arguments.spreadNamed && arguments.named.empty());
            arguments.positional.push_back(parseExpression());
        }
    }
    expectOperator(")");
    return arguments;
}

ExprPtr ExpressionParser::parseCall(ExprPtr callee) {
    const std::uint32_t line = current().line;
    CallArguments arguments = parseArguments();
    const std::uint32_t height = std::max(heightOf(callee), heightOf(arguments));
    return make(line, height, Call{std::move(callee), std::move(arguments)});
}

ExprPtr ExpressionParser::parseFilters(ExprPtr input, bool inlineFirst) {
    while (inlineFirst || skipOperator("|")) {
        inlineFirst = false;
        const Token& token = expect(Kind::Name);
        std::string name = token.text;
        while (skipOperator("."))
            name += "." + expect(Kind::Name).text;
        CallArguments arguments;
        if (current().isOperator("(")) arguments = parseArguments();
        const std::uint32_t height = std::max(heightOf(input), heightOf(arguments));
        const Filter filter = findFilter(name);
        input = make(token.line, height,
                     FilterExpr{std::move(input), std::move(name), filter, std::move(arguments)});
    }
    return input;
}

ExprPtr ExpressionParser::parseTest(ExprPtr input) {
    const std::uint32_t line = advance().line;
    const bool negated = skipName("not");
    std::string name = expect(Kind::Name).text;
    while (skipOperator("."))
        name += "." + expect(Kind::Name).text;
    CallArguments arguments;
    const Token& next = current();
    const bool operand = next.kind == Kind::Name || next.kind == Kind::String || next.kind == Kind::Integer ||
                         next.kind == Kind::Float || next.isOperator("[") || next.isOperator("{");
    if (next.isOperator("(")) {
        arguments = parseArguments();
    } else if (operand && !next.isName("else") && !next.isName("or") && !next.isName("and")) {
        if (next.isName("is")) fail("You cannot chain multiple tests with is", next.line);
        arguments.positional.push_back(parsePostfix(parsePrimary()));
    }
    const Test test = findTest(name);
    const std::uint32_t height = std::max(heightOf(input), heightOf(arguments));
    ExprPtr result =
        make(line, height, TestExpr{std::move(input), std::move(name), test, std::move(arguments)});
    if (!negated) return result;
    const std::uint32_t notHeight = result->height;
    return make(line, notHeight, Unary{Unary::Op::Not, std::move(result)});
}

} // namespace altiplano::engine::jinja
