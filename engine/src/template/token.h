#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace altiplano::engine::jinja {

/// One token of a template. `text` is the template data, the name, the string's value, the operator or the
/// digits of a number (without underscores).
struct Token {
    enum class Kind {
        Data,
        BlockBegin,
        BlockEnd,
        PrintBegin,
        PrintEnd,
        Name,
        String,
        Integer,
        Float,
        Operator,
        End
    };
    Kind kind;
    std::uint32_t line;
    std::string text;

    bool isName(std::string_view name) const { return kind == Kind::Name && text == name; }
    bool isOperator(std::string_view op) const { return kind == Kind::Operator && text == op; }
};

/// The tokens of a template, ended by one of kind End; comments and whitespace control are already applied,
/// as jinja2's lexer does with trim_blocks and lstrip_blocks. Throws Failure with the line.
std::vector<Token> tokenize(std::string_view source);

} // namespace altiplano::engine::jinja
