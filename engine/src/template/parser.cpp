#include "template/parser.h"

#include "template/expression_parser.h"
#include "template/unicode.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace altiplano::engine::jinja {

namespace {

using Kind = Token::Kind;
using Names = std::initializer_list<std::string_view>;

class Parser : private ExpressionParser {
public:
    explicit Parser(std::string_view source) : ExpressionParser(tokenize(source)) {}

    Body run() { return parseBody({}); }

private:
    /// Statements and data up to a tag of one of these names, which is current then (or the end without
    /// names).
    Body parseBody(Names ends) {
        const Nested nested(*this);
        Body body;
        while (current().kind != Kind::End) {
            const Token& token = advance();
            if (token.kind == Kind::Data) {
                body.push_back({token.line, Data{dataValue(token.text)}});
            } else if (token.kind == Kind::PrintBegin) {
                body.push_back({token.line, Print{parseTuple(true)}});
                expect(Kind::PrintEnd);
            } else {
                if (std::any_of(ends.begin(), ends.end(), [&](auto end) { return current().isName(end); }))
                    return body;
                parseStatement(body, ends);
                expect(Kind::BlockEnd);
            }
        }
        if (ends.size() > 0)
            fail("Unexpected end of template; looking for '" + std::string(*std::prev(ends.end())) + "'",
                 current().line);
        return body;
    }

    /// The body behind a tag, whose end is here; its end tag's name is current afterwards.
    Body parseBlock(Names ends) {
        skipOperator(":");
        expect(Kind::BlockEnd);
        return parseBody(ends);
    }

    /// A body with one end tag, up to the end of that tag.
    Body parseClosed(std::string_view end) {
        Body body = parseBlock({end});
        advance();
        return body;
    }

    static Value dataValue(const std::string& text) {
        return Value(std::make_shared<const Text>(Text{text, countCodePoints(text), false, {}}));
    }

    void parseStatement(Body& body, Names ends) {
        using Handler = void (Parser::*)(Body&, std::uint32_t);
        static const std::unordered_map<std::string_view, Handler> kStatements{
            {"for", &Parser::parseFor},
            {"if", &Parser::parseIf},
            {"set", &Parser::parseSet},
            {"with", &Parser::parseWith},
            {"macro", &Parser::parseMacro},
            {"call", &Parser::parseCallBlock},
            {"filter", &Parser::parseFilterBlock},
            {"print", &Parser::parsePrint},
            {"block", &Parser::parseNamedBlock},
            {"generation", &Parser::parseGeneration},
            {"break", &Parser::parseBreak},
            {"continue", &Parser::parseBreak},
            {"include", &Parser::parseLoad},
            {"import", &Parser::parseLoad},
            {"from", &Parser::parseLoad},
            {"extends", &Parser::parseLoad}};
        const Token& tag = current();
        if (tag.kind != Kind::Name) fail("tag name expected", tag.line);
        const auto found = kStatements.find(tag.text);
        if (found == kStatements.end()) {
            const std::string looking =
                ends.size() > 0 ? "; looking for '" + std::string(*std::prev(ends.end())) + "'" : "";
            fail("Encountered unknown tag '" + tag.text + "'" + looking, tag.line);
        }
        (this->*found->second)(body, tag.line);
    }

    void parseFor(Body& body, std::uint32_t line) {
        advance();
        ++m_loopDepth;
        For loop;
        loop.target = parseTarget("in");
        expectName("in");
        loop.items = parseTuple(false, "recursive");
        if (skipName("if")) loop.test = parseExpression();
        loop.recursive = skipName("recursive");
        loop.body = parseBlock({"else", "endfor"});
        --m_loopDepth;
        if (advance().text == "else") loop.otherwise = parseClosed("endfor");
        body.push_back({line, std::move(loop)});
    }

    void parseIf(Body& body, std::uint32_t line) {
        If branches;
        for (std::string_view tag = "if"; tag != "endif";) {
            advance();
            if (tag == "else") {
                branches.otherwise = parseBlock({"endif"});
            } else {
                ExprPtr test = parseTuple(false);
                branches.branches.emplace_back(std::move(test), parseBlock({"elif", "else", "endif"}));
            }
            tag = current().text;
        }
        advance();
        body.push_back({line, std::move(branches)});
    }

    void parseSet(Body& body, std::uint32_t line) {
        advance();
        ExprPtr target = assignable(parseTarget({}, true));
        if (skipOperator("=")) {
            body.push_back({line, Assign{std::move(target), parseTuple(true)}});
            return;
        }
        ExprPtr filter = parseFilters(nullptr);
        body.push_back({line, AssignBlock{std::move(target), std::move(filter), parseClosed("endset")}});
    }

    /// jinja2 lets nothing but a loop itself set the name "loop" inside it.
    ExprPtr assignable(ExprPtr target) const {
        const auto* name = std::get_if<Name>(&target->node);
        if (name && name->name == "loop" && m_loopDepth > 0)
            fail("Can't assign to special loop variable in for-loop target", target->line);
        return target;
    }

    void parseWith(Body& body, std::uint32_t line) {
        advance();
        With with;
        while (current().kind != Kind::BlockEnd) {
            if (!with.assignments.empty()) expectOperator(",");
            ExprPtr target = assignable(parseTarget());
            expectOperator("=");
            with.assignments.emplace_back(std::move(target), parseExpression());
        }
        with.body = parseClosed("endwith");
        body.push_back({line, std::move(with)});
    }

    Signature parseSignature() {
        Signature signature;
        expectOperator("(");
        while (!current().isOperator(")")) {
            if (!signature.names.empty()) expectOperator(",");
            signature.names.push_back(expect(Kind::Name).text);
            if (skipOperator("="))
                signature.defaults.push_back(parseExpression());
            else if (!signature.defaults.empty())
                fail("non-default argument follows default argument", current().line);
        }
        expectOperator(")");
        return signature;
    }

    /// The body of a macro or call block; fills in which special names it reads.
    Body parseMacroBody(Signature& signature, std::string_view end, std::uint32_t line) {
        const int loopDepth = std::exchange(m_loopDepth, 0);
        macros.emplace_back();
        Body body = parseClosed(end);
        const SpecialNames names = macros.back();
        macros.pop_back();
        m_loopDepth = loopDepth;
        const auto position = [&](std::string_view name) {
            return static_cast<std::size_t>(std::find(signature.names.begin(), signature.names.end(), name) -
                                            signature.names.begin());
        };
        const auto declares = [&](std::string_view name) { return position(name) < signature.names.size(); };
        if (names.reads[SpecialNames::Caller] && declares("caller") &&
            position("caller") < signature.names.size() - signature.defaults.size())
            fail("the special \"caller\" argument must be omitted or be given a default", line);
        signature.usesCaller = names.reads[SpecialNames::Caller];
        signature.usesVarargs = names.reads[SpecialNames::Varargs] && !declares("varargs");
        signature.usesKwargs = names.reads[SpecialNames::Kwargs] && !declares("kwargs");
        return body;
    }

    void parseMacro(Body& body, std::uint32_t line) {
        advance();
        MacroDefinition macro;
        macro.name = parseTargetName();
        macro.signature = parseSignature();
        macro.body = parseMacroBody(macro.signature, "endmacro", line);
        body.push_back({line, std::move(macro)});
    }

    void parseCallBlock(Body& body, std::uint32_t line) {
        advance();
        CallBlock block;
        if (current().isOperator("(")) block.signature = parseSignature();
        block.call = parseExpression();
        if (!std::holds_alternative<Call>(block.call->node)) fail("expected call", line);
        block.body = parseMacroBody(block.signature, "endcall", line);
        body.push_back({line, std::move(block)});
    }

    void parseFilterBlock(Body& body, std::uint32_t line) {
        advance();
        ExprPtr filter = parseFilters(nullptr, true);
        body.push_back({line, FilterBlock{std::move(filter), parseClosed("endfilter")}});
    }

    void parsePrint(Body& body, std::uint32_t line) {
        advance();
        for (bool first = true; current().kind != Kind::BlockEnd; first = false) {
            if (!first) expectOperator(",");
            body.push_back({line, Print{parseExpression()}});
        }
    }

    void parseNamedBlock(Body& body, std::uint32_t line) {
        advance();
        const std::string name = expect(Kind::Name).text;
        if (!m_blocks.insert(name).second) fail("block '" + name + "' defined twice", line);
        const bool scoped = skipName("scoped");
        skipName("required");
        const int loopDepth = std::exchange(m_loopDepth, 0);
        Body inner = parseClosed("endblock");
        m_loopDepth = loopDepth;
        skipName(name);
        body.push_back({line, Block{std::move(inner), scoped}});
    }

    void parseGeneration(Body& body, std::uint32_t line) {
        advance();
        const int loopDepth = std::exchange(m_loopDepth, 0);
        body.push_back({line, Generation{parseClosed("endgeneration")}});
        m_loopDepth = loopDepth;
    }

    void parseBreak(Body& body, std::uint32_t line) {
        const std::string tag = advance().text;
        if (m_loopDepth == 0) fail("'" + tag + "' outside loop", line);
        if (tag == "break")
            body.push_back({line, Break{}});
        else
            body.push_back({line, Continue{}});
    }

    /// Other templates cannot be loaded, but a template may name one in a branch that is not taken.
    void parseLoad(Body& body, std::uint32_t line) {
        advance();
        while (current().kind != Kind::BlockEnd && current().kind != Kind::End)
            advance();
        body.push_back({line, LoadTemplate{}});
    }

    int m_loopDepth = 0;
    std::set<std::string> m_blocks;
};

} // namespace

Body parse(std::string_view source) {
    return Parser(source).run();
}

} // namespace altiplano::engine::jinja
