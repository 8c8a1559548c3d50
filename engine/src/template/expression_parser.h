#pragma once

#include "template/ast.h"
#include "template/token.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace altiplano::engine::jinja {

/// Parses expressions from tokens, with jinja2's grammar and precedence.
class ExpressionParser {
public:
    explicit ExpressionParser(std::vector<Token> tokens) : m_tokens(std::move(tokens)) {}

    /// One or several expressions with commas between (then a tuple); `endName` may follow instead of a tag's
    /// end.
    ExprPtr parseTuple(bool withConditional, std::string_view endName = {}, bool parentheses = false);
    ExprPtr parseExpression(bool withConditional = true);
    /// What can be assigned to: names, tuples of them, and with `withNamespace` attributes of namespaces.
    ExprPtr parseTarget(std::string_view endName = {}, bool withNamespace = false);
    std::string parseTargetName();
    /// `|filter|filter...`, or with `inlineFirst` `filter|filter...`, on `input`.
    ExprPtr parseFilters(ExprPtr input, bool inlineFirst = false);

    const Token& current() const { return m_tokens[m_at]; }
    const Token& ahead() const { return m_tokens[m_at + (current().kind == Token::Kind::End ? 0 : 1)]; }
    const Token& advance() { return m_tokens[current().kind == Token::Kind::End ? m_at : m_at++]; }
    bool skipName(std::string_view name);
    bool skipOperator(std::string_view op);
    const Token& expect(Token::Kind kind);
    void expectName(std::string_view name);
    void expectOperator(std::string_view op);
    [[noreturn]] void unexpected() const;

    /// Parentheses, blocks and the like nest this deep at most, which bounds the stack that parsing needs.
    class Nested {
    public:
        explicit Nested(ExpressionParser& parser);
        ~Nested() { --m_parser.m_depth; }
        Nested(const Nested&) = delete;
        Nested& operator=(const Nested&) = delete;

    private:
        ExpressionParser& m_parser;
    };

    /// Which of a macro's special names its body reads before it sets them.
    struct SpecialNames {
        enum { Caller, Varargs, Kwargs };
        bool reads[3] = {}, sets[3] = {};
    };
    std::vector<SpecialNames> macros; ///< the macros around, the innermost last

protected:
    void readsName(std::string_view name);
    void setsName(std::string_view name);

private:
    ExprPtr parseOr();
    ExprPtr parseAnd();
    ExprPtr parseNot();
    ExprPtr parseCompare();
    ExprPtr parseSum();
    ExprPtr parseConcat();
    ExprPtr parseProduct();
    ExprPtr parsePower();
    ExprPtr parseUnary(bool withFilters);
    ExprPtr parsePrimary();
    ExprPtr parseString();
    ExprPtr parseList();
    ExprPtr parseDict();
    ExprPtr parsePostfix(ExprPtr object);
    ExprPtr parseFiltersAndTests(ExprPtr input);
    ExprPtr parseSubscript(ExprPtr object);
    ExprPtr parseBracket(ExprPtr object, std::uint32_t line);
    ExprPtr parseTest(ExprPtr input);
    ExprPtr parseCall(ExprPtr callee);
    ExprPtr parseTargetItem(bool withNamespace);
    CallArguments parseArguments();
    bool atTupleEnd(std::string_view endName) const;

    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    std::uint32_t m_depth = 0;
};

/// A token as messages name it.
std::string describe(const Token& token);

} // namespace altiplano::engine::jinja
