#include "template/failure.h"
#include "template/token.h"
#include "template/unicode.h"

#include <algorithm>
#include <array>

namespace altiplano::engine::jinja {

namespace {

using Kind = Token::Kind;

bool isDigitChar(char c) {
    return c >= '0' && c <= '9';
}

/// Line ends become \n and one at the end of the template is dropped.
std::string normalizeLines(std::string_view source) {
    std::string out;
    out.reserve(source.size());
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] == '\r') {
            out += '\n';
            if (i + 1 < source.size() && source[i + 1] == '\n') ++i;
        } else {
            out += source[i];
        }
    }
    if (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
}

std::string_view withoutTrailingSpace(std::string_view text) {
    while (!text.empty()) {
        std::size_t at = text.size() - 1;
        while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
            --at;
        std::size_t next = at;
        if (!isSpace(nextCodePoint(text, next))) break;
        text = text.substr(0, at);
    }
    return text;
}

class Lexer {
public:
    explicit Lexer(std::string_view source) : m_source(normalizeLines(source)) {}

    std::vector<Token> run() {
        while (m_at < m_source.size())
            lexData();
        push(Kind::End, {});
        return std::move(m_tokens);
    }

private:
    std::string_view rest() const { return std::string_view(m_source).substr(m_at); }
    bool at(std::string_view text) const { return rest().substr(0, text.size()) == text; }

    void push(Kind kind, std::string_view text) { m_tokens.push_back({kind, m_line, std::string(text)}); }

    /// Moves past `count` bytes, counting lines.
    void skip(std::size_t count) {
        const auto begin = m_source.begin() + static_cast<std::ptrdiff_t>(m_at);
        m_line +=
            static_cast<std::uint32_t>(std::count(begin, begin + static_cast<std::ptrdiff_t>(count), '\n'));
        m_at += count;
        m_lineStart = count > 0 && m_source[m_at - 1] == '\n';
    }

    std::size_t spaceAt(std::size_t from) const {
        std::size_t end = from;
        while (end < m_source.size()) {
            std::size_t next = end;
            if (!isSpace(nextCodePoint(m_source, next))) break;
            end = next;
        }
        return end;
    }
    void skipSpace() { skip(spaceAt(m_at) - m_at); }

    /// Moves past the end of a block or comment if it is here: "%}" with "-" (eats the space behind) or "+"
    /// (keeps the line end) before it.
    bool skipTagEnd(std::string_view end) {
        const std::size_t sign = at("-") || at("+") ? 1 : 0;
        if (rest().substr(sign, 2) != end) return false;
        const bool strip = at("-"), keep = at("+");
        skip(sign + 2);
        if (strip) {
            const bool any = spaceAt(m_at) != m_at;
            if (any) skipSpace();
        } else if (!keep && at("\n")) {
            skip(1);
        }
        return true;
    }

    /// Emits the data before a tag as its whitespace sign (and lstrip_blocks, for all but prints) asks.
    void pushData(std::string_view text, char sign, bool isPrint) {
        std::string_view kept = text;
        if (sign == '-') {
            kept = withoutTrailingSpace(text);
        } else if (sign != '+' && !isPrint) {
            const std::size_t lineBegin = text.rfind('\n') + 1;
            if (lineBegin > 0 || m_lineStart) {
                const std::string_view line = text.substr(lineBegin);
                if (withoutTrailingSpace(line).empty()) kept = text.substr(0, lineBegin);
            }
        }
        if (!kept.empty()) push(Kind::Data, kept);
        skip(text.size());
    }

    char signAfterBrace() const {
        const char c = m_at + 2 < m_source.size() ? m_source[m_at + 2] : '\0';
        return c == '-' || c == '+' ? c : '\0';
    }

    static std::size_t findTag(std::string_view text) {
        for (std::size_t i = text.find('{'); i != text.npos; i = text.find('{', i + 1))
            if (i + 1 < text.size() && (text[i + 1] == '%' || text[i + 1] == '{' || text[i + 1] == '#'))
                return i;
        return text.npos;
    }

    void lexData() {
        const std::size_t begin = m_at;
        const std::size_t tag = findTag(rest());
        if (tag == std::string::npos) {
            push(Kind::Data, rest());
            m_at = m_source.size();
            return;
        }
        const bool lineStart = m_lineStart;
        m_at = begin + tag;
        const char sign = signAfterBrace();
        const char brace = m_source[m_at + 1];
        m_at = begin;
        m_lineStart = lineStart;
        pushData(std::string_view(m_source).substr(begin, tag), sign, brace == '{');
        if (brace == '%' && lexRaw()) return;
        const Kind kind = brace == '{' ? Kind::PrintBegin : Kind::BlockBegin;
        if (brace != '#') push(kind, {});
        skip(sign ? 3 : 2);
        if (brace == '#')
            lexComment();
        else
            lexTag(kind);
    }

    void lexComment() {
        const std::uint32_t line = m_line;
        if (rest().empty()) return; // jinja2 misses the end only where there is text
        const std::size_t end = rest().find("#}");
        if (end == std::string::npos) fail("the comment has no end", line);
        const std::size_t sign = end > 0 && (rest()[end - 1] == '-' || rest()[end - 1] == '+') ? 1 : 0;
        skip(end - sign);
        skipTagEnd("#}");
    }

    /// Where `{% word %}` at `from` ends its word, or npos; `from` is at "{%".
    std::size_t wordTag(std::size_t from, std::string_view word) const {
        std::size_t p = from + 2;
        if (p < m_source.size() && (m_source[p] == '-' || m_source[p] == '+')) ++p;
        p = spaceAt(p);
        if (m_source.compare(p, word.size(), word) != 0) return std::string::npos;
        return spaceAt(p + word.size());
    }

    bool lexRaw() {
        const std::size_t open = wordTag(m_at, "raw");
        if (open == std::string::npos) return false;
        const std::string_view after = std::string_view(m_source).substr(open);
        if (after.substr(0, 2) != "%}" && after.substr(0, 3) != "-%}") return false;
        const std::uint32_t line = m_line;
        const bool strip = after[0] == '-';
        skip(open - m_at + (strip ? 3 : 2));
        if (strip && spaceAt(m_at) != m_at) skipSpace();
        if (rest().empty()) return true;
        for (std::size_t end = m_source.find("{%", m_at); end != std::string::npos;
             end = m_source.find("{%", end + 1)) {
            const std::size_t close = wordTag(end, "endraw");
            if (close == std::string::npos) continue;
            const std::string_view tail = std::string_view(m_source).substr(close);
            const std::size_t sign = !tail.empty() && (tail[0] == '-' || tail[0] == '+') ? 1 : 0;
            if (tail.substr(sign, 2) != "%}") continue;
            const char c = m_source[end + 2];
            pushData(std::string_view(m_source).substr(m_at, end - m_at), c, false);
            skip(close - m_at);
            skipTagEnd("%}");
            return true;
        }
        fail("the raw block has no end", line);
    }

    void lexTag(Kind kind) {
        std::string open; // the brackets that wait for their ends
        while (m_at < m_source.size()) {
            skipSpace();
            if (open.empty()) {
                if (kind == Kind::BlockBegin) {
                    const std::uint32_t line = m_line;
                    if (skipTagEnd("%}")) return m_tokens.push_back({Kind::BlockEnd, line, {}});
                } else if (at("}}") || at("-}}")) {
                    push(Kind::PrintEnd, {});
                    const bool strip = at("-");
                    skip(strip ? 3 : 2);
                    if (strip && spaceAt(m_at) != m_at) skipSpace();
                    return;
                }
            }
            if (m_at < m_source.size()) lexToken(open);
        }
    }

    void lexToken(std::string& open) {
        const char c = m_source[m_at];
        if (isDigitChar(c)) return lexNumber();
        if (c == '\'' || c == '"') return lexString();
        std::size_t next = m_at;
        if (isWord(nextCodePoint(m_source, next))) return lexName();
        lexOperator(open);
    }

    void lexName() {
        std::size_t end = m_at;
        while (end < m_source.size()) {
            std::size_t next = end;
            if (!isWord(nextCodePoint(m_source, next))) break;
            end = next;
        }
        push(Kind::Name, rest().substr(0, end - m_at));
        skip(end - m_at);
    }

    /// The end of a run of digits with single underscores between them; `from` where there is none.
    template <typename IsDigit>
    std::size_t digitsEnd(std::size_t from, IsDigit isDigitOf) const {
        const auto digitAt = [&](std::size_t i) { return i < m_source.size() && isDigitOf(m_source[i]); };
        std::size_t end = from;
        while (digitAt(end) ||
               (end > from && end < m_source.size() && m_source[end] == '_' && digitAt(end + 1)))
            ++end;
        return end;
    }

    void pushNumber(Kind kind, std::size_t end) {
        std::string digits(rest().substr(0, end - m_at));
        digits.erase(std::remove(digits.begin(), digits.end(), '_'), digits.end());
        push(kind, digits);
        skip(end - m_at);
    }

    std::size_t floatEnd() const {
        if (m_at > 0 && m_source[m_at - 1] == '.') return m_at;
        const std::size_t whole = digitsEnd(m_at, isDigitChar);
        std::size_t end = whole;
        if (end < m_source.size() && m_source[end] == '.' && digitsEnd(end + 1, isDigitChar) > end + 1)
            end = digitsEnd(end + 1, isDigitChar);
        if (end < m_source.size() && (m_source[end] == 'e' || m_source[end] == 'E')) {
            std::size_t exponent = end + 1;
            if (exponent < m_source.size() && (m_source[exponent] == '+' || m_source[exponent] == '-'))
                ++exponent;
            if (digitsEnd(exponent, isDigitChar) > exponent) end = digitsEnd(exponent, isDigitChar);
        }
        return end == whole ? m_at : end;
    }

    void lexNumber() {
        if (const std::size_t end = floatEnd(); end > m_at) return pushNumber(Kind::Float, end);
        const char base = m_source[m_at] == '0' && m_at + 1 < m_source.size()
                              ? static_cast<char>(m_source[m_at + 1] | 32)
                              : ' ';
        const auto ofBase = [base](char c) {
            if (base == 'b') return c == '0' || c == '1';
            if (base == 'o') return c >= '0' && c <= '7';
            return isDigitChar(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
        };
        if (base == 'b' || base == 'o' || base == 'x') {
            const std::size_t from =
                m_at + 2 + (m_at + 2 < m_source.size() && m_source[m_at + 2] == '_' ? 1 : 0);
            if (const std::size_t end = digitsEnd(from, ofBase); end > from)
                return pushNumber(Kind::Integer, end);
        }
        const bool zero = m_source[m_at] == '0';
        pushNumber(Kind::Integer,
                   zero ? digitsEnd(m_at, [](char c) { return c == '0'; }) : digitsEnd(m_at, isDigitChar));
    }

    void lexString() {
        const char quote = m_source[m_at];
        std::size_t end = m_at + 1;
        while (end < m_source.size() && m_source[end] != quote)
            end += m_source[end] == '\\' ? 2 : 1;
        if (end >= m_source.size()) fail("the string has no end", m_line);
        push(Kind::String, unescape(rest().substr(1, end - m_at - 1)));
        skip(end - m_at + 1);
    }

    /// A number of `count` digits of a base at s[i], which moves past them; -1 where they are not there.
    static long codeOf(std::string_view s, std::size_t& i, std::size_t least, std::size_t most,
                       unsigned base) {
        long value = 0;
        std::size_t n = 0;
        for (; n < most && i + n < s.size(); ++n) {
            const char c = s[i + n];
            const unsigned digit = isDigitChar(c) ? static_cast<unsigned>(c - '0')
                                   : (c | 32) >= 'a' && (c | 32) <= 'f'
                                       ? static_cast<unsigned>((c | 32) - 'a' + 10)
                                       : 99;
            if (digit >= base) break;
            value = value * static_cast<long>(base) + static_cast<long>(digit);
        }
        if (n < least) return -1;
        i += n;
        return value;
    }

    /// Python's escapes. A backslash before anything else stays.
    std::string unescape(std::string_view s) const {
        static constexpr std::string_view kNames = "\\'\"abfnrtv", kValues = "\\'\"\a\b\f\n\r\t\v";
        std::string out;
        for (std::size_t i = 0; i < s.size();) {
            if (s[i] != '\\') {
                out += s[i++];
                continue;
            }
            const char c = s[++i]; // a lone backslash cannot end the string
            if (const std::size_t known = kNames.find(c); known != kNames.npos) {
                out += kValues[known];
                ++i;
            } else if (c == '\n') {
                ++i;
            } else if (c >= '0' && c <= '7') {
                appendCodePoint(out, static_cast<char32_t>(codeOf(s, i, 1, 3, 8)));
            } else if (c == 'x' || c == 'u' || c == 'U') {
                const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
                const long code = codeOf(s, ++i, digits, digits, 16);
                if (code < 0 || code > 0x10FFFF)
                    fail("a string has a broken \\" + std::string(1, c) + " escape", m_line);
                if (code >= 0xD800 && code <= 0xDFFF) fail("a string has half a surrogate pair", m_line);
                appendCodePoint(out, static_cast<char32_t>(code));
            } else if (c == 'N') {
                fail("a string names a character with \\N, which is not supported", m_line);
            } else {
                out += '\\';
                if (static_cast<unsigned char>(c) >= 0x80) appendEscaped(out, nextCodePoint(s, i));
            }
        }
        return out;
    }

    /// jinja2 escapes what is not ASCII before it reads escapes, so that "\é" becomes the text "\xe9".
    static void appendEscaped(std::string& out, char32_t c) {
        const int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        out += digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
            out += "0123456789abcdef"[c >> shift & 15];
    }

    void lexOperator(std::string& open) {
        static constexpr std::array<std::string_view, 26> kOperators{
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[",
            "]",  "(",  ")",  "{",  "}",  ">",  "<", "=", ".", ":", "|", ",", ";"};
        const auto* op = std::find_if(kOperators.begin(), kOperators.end(), [&](auto o) { return at(o); });
        if (op == kOperators.end()) {
            std::size_t next = m_at;
            nextCodePoint(m_source, next);
            fail("unexpected character '" + m_source.substr(m_at, next - m_at) + "'", m_line);
        }
        const char c = (*op)[0];
        if (c == '{' || c == '(' || c == '[') {
            open += c == '{' ? '}' : c == '(' ? ')' : ']';
        } else if (c == '}' || c == ')' || c == ']') {
            if (open.empty()) fail("unexpected '" + std::string(*op) + "'", m_line);
            if (open.back() != c)
                fail("unexpected '" + std::string(1, c) + "', expected '" + open.back() + "'", m_line);
            open.pop_back();
        }
        push(Kind::Operator, *op);
        skip(op->size());
    }

    std::string m_source;
    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    std::uint32_t m_line = 1;
    bool m_lineStart = true; ///< whether the last match ended a line
};

} // namespace

std::vector<Token> tokenize(std::string_view source) {
    return Lexer(source).run();
}

} // namespace altiplano::engine::jinja
