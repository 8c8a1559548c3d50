#include "template/arguments.h"
#include "template/filters.h"
#include "template/integer.h"
#include "template/operators.h"
#include "template/printing.h"
#include "template/runtime.h"
#include "template/selection.h"
#include "template/unicode.h"

#include <cmath>
#include <cstdio>

namespace altiplano::engine::jinja {

namespace {

/// Python's json.dumps.
class JsonWriter {
public:
    JsonWriter(Runtime& runtime, const Arguments& a) : m_runtime(runtime), m_out(runtime) {
        const auto [ascii, indent, separators, sortKeys] =
            bind("tojson", a, {"ensure_ascii", "indent", "separators", "sort_keys"});
        m_ascii = ascii && truth(runtime, *ascii);
        m_sortKeys = sortKeys && truth(runtime, *sortKeys);
        if (given(indent)) {
            m_lines = true;
            m_itemSeparator = ",";
            m_indent = indent->text() ? indent->text()->bytes : spaces(intArgument(*indent));
        }
        if (given(separators)) {
            const Sequence* pair = separators->sequence();
            if (!pair || pair->items.size() != 2) fail("separators must be a pair of strings");
            m_itemSeparator = textArgument(pair->items[0]).bytes;
            m_keySeparator = textArgument(pair->items[1]).bytes;
        }
    }

    std::string write(const Value& v) {
        writeValue(v, 0);
        return m_out.take();
    }

private:
    std::string spaces(Int count) const {
        const Int most = static_cast<Int>(m_runtime.memory().largest());
        m_runtime.memory().check(count > most ? UINT64_MAX : 0);
        return std::string(static_cast<std::size_t>(std::max<Int>(count, 0)), ' ');
    }

    void writeValue(const Value& v, std::size_t depth) {
        m_runtime.step();
        const Runtime::Level level(m_runtime);
        if (v.text())
            writeText(v.text()->bytes);
        else if (v.sequence())
            writeItems(v.sequence()->items, depth);
        else if (v.dict())
            writeEntries(*v.dict(), depth);
        else
            m_out << scalar(v);
    }

    std::string scalar(const Value& v) const {
        if (v.isNone()) return "null";
        if (const bool* b = v.as<bool>()) return *b ? "true" : "false";
        if (const Int* i = v.as<Int>()) return toString(*i);
        if (const double* d = v.as<double>())
            return std::isnan(*d)   ? "NaN"
                   : std::isinf(*d) ? (*d < 0 ? "-Infinity" : "Infinity")
                                    : reprFloat(*d);
        fail("Object of type " + std::string(v.typeName()) + " is not JSON serializable");
    }

    void newLine(std::size_t depth) {
        if (!m_lines) return;
        m_out << "\n";
        for (std::size_t i = 0; i < depth; ++i)
            m_out << m_indent;
    }

    void writeItems(const std::vector<Value>& items, std::size_t depth) {
        m_out << "[";
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (i > 0) m_out << m_itemSeparator;
            newLine(depth + 1);
            writeValue(items[i], depth + 1);
        }
        if (!items.empty()) newLine(depth);
        m_out << "]";
    }

    void writeEntries(const Dict& dict, std::size_t depth) {
        std::vector<Value> pairs;
        for (const auto& [key, value] : dict.entries())
            pairs.push_back(m_runtime.tuple({key, value}));
        if (m_sortKeys)
            sortBy(
                m_runtime, pairs, [](Runtime&, const Value& pair) { return pair.sequence()->items[0]; },
                false);
        m_out << "{";
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            if (i > 0) m_out << m_itemSeparator;
            newLine(depth + 1);
            const Value& key = pairs[i].sequence()->items[0];
            if (key.sequence() || key.object() || key.isUndefined())
                fail("keys must be str, int, float, bool or None, not " + std::string(key.typeName()));
            writeText(key.text() ? key.text()->bytes : scalar(key));
            m_out << m_keySeparator;
            writeValue(pairs[i].sequence()->items[1], depth + 1);
        }
        if (!pairs.empty()) newLine(depth);
        m_out << "}";
    }

    void writeText(std::string_view text) {
        m_runtime.stepBytes(text.size());
        std::string out = "\"";
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t begin = at;
            const char32_t c = nextCodePoint(text, at);
            static constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt";
            const std::size_t known = c < 0x80 ? kEscaped.find(static_cast<char>(c)) : kEscaped.npos;
            if (known != kEscaped.npos) {
                out += '\\';
                out += kLetters[known];
            } else if (c < 0x20 || (m_ascii && c >= 0x7F && c < 0x10000)) {
                out += unit(c);
            } else if (m_ascii && c >= 0x10000) {
                out += unit(0xD800 + ((c - 0x10000) >> 10)) + unit(0xDC00 + ((c - 0x10000) & 0x3FF));
            } else {
                out += text.substr(begin, at - begin);
            }
        }
        m_out << out << "\"";
    }

    static std::string unit(char32_t c) {
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c) & 0xFFFF);
        return escape;
    }

    Runtime& m_runtime;
    TextBuilder m_out;
    bool m_ascii = false, m_sortKeys = false, m_lines = false;
    std::string m_indent, m_itemSeparator = ", ", m_keySeparator = ": ";
};

} // namespace

Value toJson(Runtime& runtime, const Value& value, const Arguments& a) {
    return runtime.text(JsonWriter(runtime, a).write(value));
}

} // namespace altiplano::engine::jinja
