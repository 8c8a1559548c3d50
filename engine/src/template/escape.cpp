#include "template/escape.h"

#include "template/unicode.h"

#include <array>
#include <utility>

namespace altiplano::engine::jinja {

namespace {

constexpr std::array<std::pair<char, std::string_view>, 5> kHtml{
    {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'\'', "&#39;"}, {'"', "&#34;"}}};

std::string collapseSpace(std::string_view text) {
    std::string out;
    bool space = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        if (isSpace(nextCodePoint(text, at))) {
            space = true;
            continue;
        }
        if (std::exchange(space, false) && !out.empty()) out += ' ';
        out += text.substr(begin, at - begin);
    }
    return out;
}

std::string unescapeHtml(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto* known = kHtml.begin();
        while (known != kHtml.end() && text.substr(at, known->second.size()) != known->second)
            ++known;
        out += known != kHtml.end() ? known->first : text[at];
        at += known != kHtml.end() ? known->second.size() : 1;
    }
    return out;
}

} // namespace

std::string escapeHtml(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto* known = kHtml.begin();
        while (known != kHtml.end() && known->first != c)
            ++known;
        if (known != kHtml.end())
            out += known->second;
        else
            out += c;
    }
    return out;
}

std::string escaped(const Text& text) {
    return text.markup ? text.bytes : escapeHtml(text.bytes);
}

std::string quoteUrl(std::string_view text, bool query) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' ||
                           c == '.' || c == '-' || c == '~' || (c == '/' && !query);
        if (plain) {
            out += c;
        } else if (c == ' ' && query) {
            out += '+';
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
        }
    }
    return out;
}

std::string stripTags(std::string_view html) {
    std::string text;
    std::size_t at = 0;
    for (std::size_t open = html.find('<'); open != html.npos; open = html.find('<', at)) {
        const bool comment = html.substr(open, 4) == "<!--";
        const std::size_t end = comment ? html.find("-->", open + 4) : html.find('>', open);
        if (end == html.npos) break;
        text += html.substr(at, open - at);
        at = end + (comment ? 3 : 1);
    }
    text += html.substr(at);
    return unescapeHtml(collapseSpace(text));
}

} // namespace altiplano::engine::jinja
