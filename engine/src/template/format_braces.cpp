#include "template/access.h"
#include "template/escape.h"
#include "template/format.h"
#include "template/integer.h"
#include "template/operators.h"
#include "template/printing.h"
#include "template/runtime.h"
#include "template/unicode.h"

#include <algorithm>
#include <cmath>

namespace altiplano::engine::jinja {

namespace {

bool isDigits(std::string_view s) {
    return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A parsed format specification: [[fill]align][sign][#][0][width][grouping][.precision][type].
struct Spec {
    char32_t fill = U' ';
    char align = 0, sign = '-', grouping = 0, type = 0;
    bool alternate = false, zeros = false;
    std::uint64_t width = 0;
    long precision = -1;

    Spec(Runtime& runtime, std::string_view text) {
        const std::u32string points = toCodePoints(text);
        const auto isAlign = [](char32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; };
        std::size_t at = 0;
        const auto peek = [&](std::size_t i) { return at + i < points.size() ? points[at + i] : U'\0'; };
        const auto number = [&] {
            std::uint64_t n = 0;
            for (; peek(0) >= '0' && peek(0) <= '9'; ++at)
                runtime.memory().check(n = n * 10 + (peek(0) - U'0'));
            return n;
        };
        if (isAlign(peek(1))) fill = points[at++];
        if (isAlign(peek(0))) align = static_cast<char>(points[at++]);
        if (peek(0) == '+' || peek(0) == '-' || peek(0) == ' ') sign = static_cast<char>(points[at++]);
        if (peek(0) == '#') alternate = ++at;
        if (peek(0) == '0') zeros = ++at;
        width = number();
        if (peek(0) == ',' || peek(0) == '_') grouping = static_cast<char>(points[at++]);
        if (peek(0) == '.') {
            ++at;
            if (!(peek(0) >= '0' && peek(0) <= '9')) fail("Format specifier missing precision");
            precision = static_cast<long>(number());
        }
        if (at < points.size() && points[at] < 0x80) type = static_cast<char>(points[at++]);
        if (at < points.size()) fail("Invalid format specifier '" + std::string(text) + "'");
    }

    std::string pad(Runtime& runtime, const std::string& prefix, const std::string& body,
                    char natural) const {
        runtime.memory().check(width * 4);
        const std::size_t size = countCodePoints(prefix) + countCodePoints(body);
        const std::size_t missing = width > size ? width - size : 0;
        const char where = align ? align : zeros ? '=' : natural;
        const std::size_t before = where == '<' ? 0 : where == '^' ? missing / 2 : missing;
        const char32_t with = zeros && fill == U' ' ? U'0' : fill;
        const std::string left = toUtf8(std::u32string(before, with)),
                          right = toUtf8(std::u32string(missing - before, with));
        return where == '=' ? prefix + left + body : left + prefix + body + right;
    }

    /// Puts the grouping sign between each `every` digits before the point.
    std::string grouped(std::string digits, std::size_t every) const {
        if (!grouping) return digits;
        const std::size_t whole = std::min(digits.find_first_not_of("0123456789abcdefABCDEF"), digits.size());
        for (std::size_t i = whole; i > every; i -= every)
            digits.insert(i - every, 1, grouping);
        return digits;
    }

    std::string signOf(bool negative) const {
        return negative ? "-" : sign == '-' ? "" : std::string(1, sign);
    }
};

std::string formatText(Runtime& runtime, const Text& text, const Spec& spec) {
    if ((spec.type != 0 && spec.type != 's') || spec.sign != '-' || spec.grouping || spec.align == '=')
        fail("Invalid format specifier for object of type 'str'");
    std::u32string points = toCodePoints(text.bytes);
    if (spec.precision >= 0 && points.size() > static_cast<std::size_t>(spec.precision))
        points.resize(static_cast<std::size_t>(spec.precision));
    Spec aligned = spec;
    if (spec.zeros && !spec.align) aligned.align = '<';
    return aligned.pad(runtime, "", toUtf8(points), '<');
}

std::string formatInt(Runtime& runtime, Int value, const Spec& spec) {
    if (spec.precision >= 0) fail("Precision not allowed in integer format specifier");
    if (spec.type == 'c') {
        if (value < 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
            fail("%c arg not in range(0x110000)");
        return spec.pad(runtime, "", toUtf8(std::u32string(1, static_cast<char32_t>(value))), '<');
    }
    const unsigned base = spec.type == 'b'                       ? 2
                          : spec.type == 'o'                     ? 8
                          : spec.type == 'x' || spec.type == 'X' ? 16
                                                                 : 10;
    std::string digits = spec.grouped(toString(value < 0 ? -value : value, base), base == 10 ? 3 : 4);
    std::string prefix = spec.alternate && base != 10 ? std::string("0") + (base == 16  ? spec.type
                                                                            : base == 8 ? 'o'
                                                                                        : 'b')
                                                      : "";
    if (spec.type == 'X') digits = upper(digits);
    return spec.pad(runtime, spec.signOf(value < 0) + prefix, digits, '>');
}

std::string formatReal(Runtime& runtime, double value, const Spec& spec) {
    const double size = std::abs(value);
    const std::string flags = spec.alternate ? "#" : "";
    std::string digits;
    if (spec.type == '%')
        digits = printFloat(runtime, flags, spec.precision < 0 ? 6 : spec.precision, 'f', size * 100) + "%";
    else if (spec.type == 0 && spec.precision < 0)
        digits = reprFloat(size);
    else if (spec.type == 0) { // like g, but never without a fraction or an exponent
        digits = printFloat(runtime, flags, std::max(spec.precision, 1L), 'g', size);
        if (digits.find_first_not_of("0123456789") == std::string::npos) digits += ".0";
    } else
        digits = printFloat(runtime, flags, spec.precision < 0 ? 6 : spec.precision,
                            spec.type == 'n' ? 'g' : spec.type, size);
    return spec.pad(runtime, spec.signOf(std::signbit(value) && !std::isnan(value)), spec.grouped(digits, 3),
                    '>');
}

class BraceFormatter {
public:
    BraceFormatter(Runtime& runtime, const Text& format, const Arguments& arguments)
        : m_runtime(runtime), m_markup(format.markup), m_arguments(arguments) {}

    std::string run(std::string_view format, int depth) {
        if (depth > 2) fail("Max string recursion exceeded");
        TextBuilder out(m_runtime);
        for (std::size_t at = 0; at < format.size();) {
            const std::size_t brace = std::min(format.find_first_of("{}", at), format.size());
            out << format.substr(at, brace - at);
            if (brace == format.size()) break;
            if (brace + 1 < format.size() && format[brace + 1] == format[brace]) {
                out << format.substr(brace, 1);
                at = brace + 2;
                continue;
            }
            if (format[brace] == '}') fail("Single '}' encountered in format string");
            std::size_t end = brace + 1;
            for (int open = 1; open > 0; ++end) {
                if (end >= format.size()) fail("expected '}' before end of string");
                open += format[end] == '{' ? 1 : format[end] == '}' ? -1 : 0;
            }
            out << field(format.substr(brace + 1, end - brace - 2), depth);
            at = end;
        }
        return out.take();
    }

private:
    std::string field(std::string_view text, int depth) {
        const std::size_t nameEnd = std::min(text.find_first_of("!:"), text.size());
        Value value = lookUp(text.substr(0, nameEnd));
        std::string_view rest = text.substr(nameEnd);
        if (!rest.empty() && rest[0] == '!') {
            if (rest.size() < 2 || (rest.size() > 2 && rest[2] != ':'))
                fail("expected ':' after conversion specifier");
            if (rest[1] == 'r' || rest[1] == 'a')
                value = m_runtime.text(repr(m_runtime, value));
            else if (rest[1] == 's')
                value = m_runtime.text(str(m_runtime, value));
            else
                fail("Unknown conversion specifier " + std::string(1, rest[1]));
            rest.remove_prefix(2);
        }
        if (!rest.empty()) rest.remove_prefix(1);
        const std::string formatted = formatSpec(m_runtime, value, run(rest, depth + 1));
        return m_markup && !(value.text() && value.text()->markup) ? escapeHtml(formatted) : formatted;
    }

    Value lookUp(std::string_view path) {
        const std::size_t firstEnd = std::min(path.find_first_of(".["), path.size());
        Value value = argument(path.substr(0, firstEnd));
        for (std::size_t at = firstEnd; at < path.size();) {
            const bool index = path[at] == '[';
            const std::size_t end =
                index ? path.find(']', at) : std::min(path.find_first_of(".[", at + 1), path.size());
            if (end == path.npos || end == at + 1) fail("Empty attribute in format string");
            const std::string name(path.substr(at + 1, end - at - 1));
            if (!index)
                value = attributeOf(m_runtime, value, name);
            else if (isDigits(name))
                value = itemOf(m_runtime, value, *parseInt(name));
            else
                value = itemOf(m_runtime, value, m_runtime.text(name));
            at = index ? end + 1 : end;
        }
        return value;
    }

    Value argument(std::string_view name) {
        if (name.empty() || isDigits(name)) {
            const std::size_t i =
                name.empty() ? m_next++ : static_cast<std::size_t>(std::min<Int>(*parseInt(name), INT32_MAX));
            if (i >= m_arguments.positional.size())
                fail("Replacement index " + std::to_string(i) + " out of range for positional args tuple");
            return m_arguments.positional[i];
        }
        for (const auto& [key, value] : m_arguments.named)
            if (key == name) return value;
        fail("the format names '" + std::string(name) + "', which is not given");
    }

    Runtime& m_runtime;
    bool m_markup;
    const Arguments& m_arguments;
    std::size_t m_next = 0;
};

} // namespace

std::string formatSpec(Runtime& runtime, const Value& value, std::string_view text) {
    if (text.empty()) return str(runtime, value);
    const Spec spec(runtime, text);
    if (value.text()) return formatText(runtime, *value.text(), spec);
    const bool wantsFloat =
        spec.type != 0 && std::string_view("eEfFgG%").find(spec.type) != std::string_view::npos;
    if (value.is<double>() || (isNumber(value) && wantsFloat)) {
        if (spec.type != 0 && spec.type != 'n' && !wantsFloat)
            fail("Unknown format code '" + std::string(1, spec.type) + "' for object of type 'float'");
        return formatReal(runtime, real(value), spec);
    }
    if (const auto i = integer(value)) {
        if (spec.type != 0 && std::string_view("bcdoxXn").find(spec.type) == std::string_view::npos)
            fail("Unknown format code '" + std::string(1, spec.type) + "' for object of type 'int'");
        return formatInt(runtime, *i, spec);
    }
    fail("unsupported format string passed to " + std::string(value.typeName()) + ".__format__");
}

Value formatBraces(Runtime& runtime, const Text& format, const Arguments& arguments) {
    return runtime.text(BraceFormatter(runtime, format, arguments).run(format.bytes, 1), format.markup);
}

} // namespace altiplano::engine::jinja
