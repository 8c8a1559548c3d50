#include "gguf/printable.h"

#include <cstdio>

namespace altiplano::engine {

std::string inQuotes(std::string_view bytes) {
    constexpr std::size_t kLongest = 80;
    std::string out = "'";
    for (const char c : bytes.substr(0, kLongest)) {
        if (c >= ' ' && c <= '~') {
            out += c;
        } else {
            char escaped[5];
            std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned char>(c));
            out += escaped;
        }
    }
    return out + (bytes.size() > kLongest ? "...'" : "'");
}

std::string onOneLine(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
    return text;
}

} // namespace altiplano::engine
