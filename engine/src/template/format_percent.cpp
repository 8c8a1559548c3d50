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
#include <cstdio>

namespace altiplano::engine::jinja {

namespace {

struct Conversion {
    bool alternate = false, zeros = false, left = false, space = false, plus = false;
    std::uint64_t width = 0;
    long precision = -1;
    char type = 's';
};

class PercentFormatter {
public:
    PercentFormatter(Runtime& runtime, const Text& format, const Value& values)
        : m_runtime(runtime), m_format(format), m_values(values), m_out(runtime) {}

    Value run() {
        const std::string& f = m_format.bytes;
        for (std::size_t next = f.find('%'); next != std::string::npos; next = f.find('%', m_at)) {
            m_out << std::string_view(f).substr(m_at, next - m_at);
            m_at = next + 1;
            convert();
        }
        m_out << std::string_view(f).substr(m_at);
        const bool mapping =
            m_values.dict() || m_values.isUndefined() || (m_values.sequence() && !m_values.sequence()->tuple);
        const std::size_t given = tuple() ? tuple()->items.size() : 1;
        if (m_used < given && !mapping) fail("not all arguments converted during string formatting");
        return m_runtime.text(m_out.take(), m_format.markup);
    }

private:
    const Sequence* tuple() const {
        const Sequence* s = m_values.sequence();
        return s && s->tuple ? s : nullptr;
    }

    char peek() const {
        if (m_at >= m_format.bytes.size()) fail("incomplete format");
        return m_format.bytes[m_at];
    }

    Value nextValue() {
        const std::size_t given = tuple() ? tuple()->items.size() : 1;
        if (m_used >= given) fail("not enough arguments for format string");
        ++m_used;
        return tuple() ? tuple()->items[m_used - 1] : m_values;
    }

    std::uint64_t number() {
        if (peek() == '*') {
            ++m_at;
            const auto i = integer(nextValue());
            if (!i) fail("* wants int");
            m_runtime.memory().check(*i > static_cast<Int>(m_runtime.memory().largest()) ? UINT64_MAX : 0);
            return *i < 0 ? 0 : static_cast<std::uint64_t>(*i);
        }
        std::uint64_t n = 0;
        while (peek() >= '0' && peek() <= '9') {
            n = n * 10 + static_cast<std::uint64_t>(peek() - '0');
            m_runtime.memory().check(n);
            ++m_at;
        }
        return n;
    }

    Conversion readConversion() {
        Conversion c;
        for (;; ++m_at) {
            if (peek() == '#')
                c.alternate = true;
            else if (peek() == '0')
                c.zeros = true;
            else if (peek() == '-')
                c.left = true;
            else if (peek() == ' ')
                c.space = true;
            else if (peek() == '+')
                c.plus = true;
            else
                break;
        }
        c.width = number();
        if (peek() == '.') {
            ++m_at;
            c.precision = static_cast<long>(number());
        }
        if (peek() == 'h' || peek() == 'l' || peek() == 'L') ++m_at;
        c.type = peek();
        ++m_at;
        return c;
    }

    std::optional<Value> readKey() {
        if (peek() != '(') return std::nullopt;
        std::size_t depth = 1;
        const std::size_t begin = ++m_at;
        for (; depth > 0; ++m_at)
            depth += peek() == '(' ? 1 : peek() == ')' ? std::size_t(-1) : 0;
        const std::string key = m_format.bytes.substr(begin, m_at - 1 - begin);
        if (m_values.isUndefined()) failUndefined(m_values);
        if (!m_values.dict()) fail("format requires a mapping");
        const Value* found = m_values.dict()->find(key);
        if (!found) fail("the format names '" + key + "', which is not there");
        m_used = 1;
        return *found;
    }

    void convert() {
        const auto keyed = readKey();
        const Conversion c = readConversion();
        if (c.type == '%') {
            m_out << "%";
            return;
        }
        m_out << formatted(c, keyed ? *keyed : nextValue());
    }

    std::string formatted(const Conversion& c, const Value& v) {
        switch (c.type) {
        case 's':
            return padText(c, m_format.markup ? escapedText(v) : str(m_runtime, v));
        case 'r':
        case 'a':
            return padText(c, m_format.markup ? escapeHtml(repr(m_runtime, v)) : repr(m_runtime, v));
        case 'c':
            return padText(c, character(v));
        case 'd':
        case 'i':
        case 'u':
        case 'x':
        case 'X':
        case 'o':
            return formatInteger(c, v);
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G':
            return formatFloat(c, v);
        default:
            fail("unsupported format character '" + std::string(1, c.type) + "'");
        }
    }

    std::string escapedText(const Value& v) {
        return v.text() ? escaped(*v.text()) : escapeHtml(str(m_runtime, v));
    }

    std::string padText(const Conversion& c, std::string text) {
        std::u32string points = toCodePoints(text);
        if (c.precision >= 0 && points.size() > static_cast<std::size_t>(c.precision))
            points.resize(static_cast<std::size_t>(c.precision));
        if (points.size() < c.width) points.insert(c.left ? points.size() : 0, c.width - points.size(), U' ');
        return toUtf8(points);
    }

    std::string character(const Value& v) {
        if (v.text() && v.text()->length == 1) return v.text()->bytes;
        const auto i = integer(v);
        if (!i || *i < 0 || *i > 0x10FFFF || (*i >= 0xD800 && *i <= 0xDFFF)) fail("%c requires int or char");
        std::string out;
        appendCodePoint(out, static_cast<char32_t>(*i));
        return out;
    }

    static std::string sign(const Conversion& c, bool negative) {
        return negative ? "-" : c.plus ? "+" : c.space ? " " : "";
    }

    std::string formatInteger(const Conversion& c, const Value& v) {
        if (v.isUndefined()) failUndefined(v);
        const bool decimal = c.type == 'd' || c.type == 'i' || c.type == 'u';
        if (!isNumber(v) || (!decimal && v.is<double>()))
            fail("%" + std::string(1, c.type) + " format: a number is required, not " +
                 std::string(v.typeName()));
        const Int i = v.is<double>() ? intOf(*v.as<double>()) : *integer(v);
        std::string digits = toString(i < 0 ? -i : i, decimal ? 10 : c.type == 'o' ? 8 : 16);
        if (c.precision > static_cast<long>(digits.size()))
            digits.insert(0, static_cast<std::size_t>(c.precision) - digits.size(), '0');
        std::string prefix = sign(c, i < 0);
        if (c.alternate && !decimal) prefix += c.type == 'o' ? "0o" : "0x";
        if (c.type == 'X') {
            prefix = upper(prefix);
            digits = upper(digits);
        }
        return padNumber(m_runtime, prefix, digits, c.width, c.zeros, c.left);
    }

    std::string formatFloat(const Conversion& c, const Value& v) {
        if (v.isUndefined()) failUndefined(v);
        if (!isNumber(v)) fail("must be real number, not " + std::string(v.typeName()));
        const double value = real(v);
        const std::string digits = printFloat(m_runtime, c.alternate ? "#" : "",
                                              c.precision < 0 ? 6 : c.precision, c.type, std::abs(value));
        return padNumber(m_runtime, sign(c, std::signbit(value) && !std::isnan(value)), digits, c.width,
                         c.zeros, c.left);
    }

    Runtime& m_runtime;
    const Text& m_format;
    const Value& m_values;
    TextBuilder m_out;
    std::size_t m_at = 0, m_used = 0;
};

} // namespace

Value formatPercent(Runtime& runtime, const Text& format, const Value& values) {
    return PercentFormatter(runtime, format, values).run();
}

std::string printFloat(Runtime& runtime, const std::string& flags, long precision, char type, double value) {
    runtime.memory().check(static_cast<std::uint64_t>(std::max(precision, 0L)));
    const std::string format = "%" + flags + (precision < 0 ? "" : ".*") + type;
    const auto print = [&](char* to, std::size_t size) {
        return precision < 0 ? std::snprintf(to, size, format.c_str(), value)
                             : std::snprintf(to, size, format.c_str(),
                                             static_cast<int>(std::min(precision, 1L << 30)), value);
    };
    std::string out(static_cast<std::size_t>(std::max(print(nullptr, 0), 0)) + 1, '\0');
    print(out.data(), out.size());
    out.pop_back();
    return out;
}

std::string padNumber(Runtime& runtime, const std::string& prefix, const std::string& digits,
                      std::uint64_t width, bool zeros, bool left) {
    runtime.memory().check(width);
    const std::size_t size = prefix.size() + digits.size();
    const std::size_t missing = width > size ? width - size : 0;
    if (left) return prefix + digits + std::string(missing, ' ');
    if (zeros) return prefix + std::string(missing, '0') + digits;
    return std::string(missing, ' ') + prefix + digits;
}

} // namespace altiplano::engine::jinja
