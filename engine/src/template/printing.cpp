#include "template/printing.h"

#include "template/integer.h"
#include "template/runtime.h"
#include "template/unicode.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace altiplano::engine::jinja {

namespace {

void write(Runtime& runtime, TextBuilder& out, const Value& v);

void writeItems(Runtime& runtime, TextBuilder& out, const Sequence& list) {
    out << (list.tuple ? "(" : "[");
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        if (i > 0) out << ", ";
        write(runtime, out, list.items[i]);
    }
    if (list.tuple && list.items.size() == 1) out << ",";
    out << (list.tuple ? ")" : "]");
}

void writeEntries(Runtime& runtime, TextBuilder& out, const Dict& dict) {
    out << "{";
    bool first = true;
    for (const auto& [key, value] : dict.entries()) {
        if (!std::exchange(first, false)) out << ", ";
        write(runtime, out, key);
        out << ": ";
        write(runtime, out, value);
    }
    out << "}";
}

/// repr(v), appended.
void write(Runtime& runtime, TextBuilder& out, const Value& v) {
    runtime.step();
    const Runtime::Level level(runtime);
    if (v.isNone()) {
        out << "None";
    } else if (v.isUndefined()) {
        out << "Undefined";
    } else if (const bool* b = v.as<bool>()) {
        out << (*b ? "True" : "False");
    } else if (const Int* i = v.as<Int>()) {
        out << toString(*i);
    } else if (const double* d = v.as<double>()) {
        out << reprFloat(*d);
    } else if (const Text* text = v.text()) {
        runtime.stepBytes(text->bytes.size());
        out << (text->markup ? "Markup(" : "") << reprText(text->bytes) << (text->markup ? ")" : "");
    } else if (const Sequence* list = v.sequence()) {
        writeItems(runtime, out, *list);
    } else if (const Dict* dict = v.dict()) {
        writeEntries(runtime, out, *dict);
    } else {
        out << v.object()->repr(runtime);
    }
}

} // namespace

std::string str(Runtime& runtime, const Value& v) {
    if (const Text* text = v.text()) return text->bytes;
    if (v.isUndefined()) return {};
    return repr(runtime, v);
}

std::string repr(Runtime& runtime, const Value& v) {
    TextBuilder out(runtime);
    write(runtime, out, v);
    return out.take();
}

std::string reprDict(Runtime& runtime, const Dict& dict) {
    TextBuilder out(runtime);
    writeEntries(runtime, out, dict);
    return out.take();
}

std::string reprText(std::string_view text) {
    const char quote = text.find('\'') != text.npos && text.find('"') == text.npos ? '"' : '\'';
    std::string out(1, quote);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const char32_t c = nextCodePoint(text, at);
        if (c == static_cast<unsigned char>(quote) || c == '\\') {
            out += '\\';
            out += static_cast<char>(c);
        } else if (c == '\n' || c == '\r' || c == '\t') {
            out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
        } else if (isPrintable(c)) {
            out += text.substr(begin, at - begin);
        } else {
            char escape[16];
            const char* format = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
            out.append(escape, static_cast<std::size_t>(
                                   std::snprintf(escape, sizeof escape, format, static_cast<unsigned>(c))));
        }
    }
    return out += quote;
}

std::string reprFloat(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    char buffer[40] = {};
    const auto end =
        std::to_chars(buffer, buffer + sizeof buffer - 1, std::abs(value), std::chars_format::scientific).ptr;
    const std::string_view scientific(buffer, static_cast<std::size_t>(end - buffer));
    const std::size_t e = scientific.find('e');
    const int exponent = std::atoi(buffer + e + 1);
    std::string digits(1, scientific[0]);
    if (e > 2) digits += scientific.substr(2, e - 2);
    std::string out = std::signbit(value) ? "-" : "";
    if (exponent < -4 || exponent >= 16) {
        out += digits[0];
        if (digits.size() > 1) out += "." + digits.substr(1);
        std::snprintf(buffer, sizeof buffer, "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
        return out + buffer;
    }
    if (exponent < 0) return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() <= whole) return out + digits + std::string(whole - digits.size(), '0') + ".0";
    return out + digits.substr(0, whole) + "." + digits.substr(whole);
}

} // namespace altiplano::engine::jinja
