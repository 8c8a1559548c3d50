#include "template/strings.h"

#include "template/runtime.h"
#include "template/unicode.h"

#include <algorithm>

namespace altiplano::engine::jinja {

namespace {

std::size_t lastCodePoint(std::string_view text) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
        --at;
    return at;
}

} // namespace

std::string_view strip(std::string_view text, const Text* set, Side side) {
    const auto goes = [&](std::size_t at, std::size_t& next) {
        next = at;
        const char32_t c = nextCodePoint(text, next);
        return set ? set->bytes.find(text.substr(at, next - at)) != std::string::npos : isSpace(c);
    };
    std::size_t next = 0;
    while (side != Side::Right && !text.empty() && goes(0, next))
        text.remove_prefix(next);
    while (side != Side::Left && !text.empty() && goes(lastCodePoint(text), next))
        text = text.substr(0, lastCodePoint(text));
    return text;
}

std::vector<std::string> splitSpaces(Runtime& runtime, std::string_view text, Int limit, Side from) {
    std::vector<std::string> parts;
    const bool right = from == Side::Right;
    const Side inner = right ? Side::Right : Side::Left;
    text = strip(text, nullptr, inner);
    while (!text.empty()) {
        runtime.step();
        runtime.checkItems(parts.size() + 1);
        if (limit >= 0 && static_cast<Int>(parts.size()) == limit) {
            parts.emplace_back(text);
            break;
        }
        std::size_t end = right ? text.size() : 0;
        while (right ? end > 0 : end < text.size()) {
            const std::size_t at = right ? lastCodePoint(text.substr(0, end)) : end;
            std::size_t next = at;
            if (isSpace(nextCodePoint(text, next))) break;
            end = right ? at : next;
        }
        parts.emplace_back(right ? text.substr(end) : text.substr(0, end));
        text = strip(right ? text.substr(0, end) : text.substr(end), nullptr, inner);
    }
    if (right) std::reverse(parts.begin(), parts.end());
    return parts;
}

std::vector<std::string> splitBy(Runtime& runtime, std::string_view text, std::string_view separator,
                                 Int limit, Side from) {
    if (separator.empty()) fail("empty separator");
    std::vector<std::string> parts;
    const bool right = from == Side::Right;
    for (;;) {
        runtime.step();
        runtime.checkItems(parts.size() + 1);
        const std::size_t at = right ? text.rfind(separator) : text.find(separator);
        if (at == text.npos || (limit >= 0 && static_cast<Int>(parts.size()) == limit)) break;
        parts.emplace_back(right ? text.substr(at + separator.size()) : text.substr(0, at));
        text = right ? text.substr(0, at) : text.substr(at + separator.size());
    }
    parts.emplace_back(text);
    if (right) std::reverse(parts.begin(), parts.end());
    return parts;
}

std::vector<std::string> splitLines(Runtime& runtime, std::string_view text, bool keepEnds) {
    std::vector<std::string> lines;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = at;
        const char32_t c = nextCodePoint(text, at);
        if (!isLineBreak(c)) continue;
        if (c == '\r' && at < text.size() && text[at] == '\n') ++at;
        runtime.step();
        runtime.checkItems(lines.size() + 1);
        lines.emplace_back(text.substr(begin, (keepEnds ? at : end) - begin));
        begin = at;
    }
    if (begin < text.size()) lines.emplace_back(text.substr(begin));
    return lines;
}

std::string replace(Runtime& runtime, std::string_view text, std::string_view from, std::string_view to,
                    Int limit) {
    TextBuilder out(runtime);
    std::size_t at = 0;
    for (Int done = 0; limit < 0 || done < limit; ++done) {
        runtime.step();
        if (from.empty()) { // before each character and at the end
            out << to;
            if (at == text.size()) return out.take();
            const std::size_t begin = at;
            nextCodePoint(text, at);
            out << text.substr(begin, at - begin);
            continue;
        }
        const std::size_t found = text.find(from, at);
        if (found == text.npos) break;
        out << text.substr(at, found - at) << to;
        at = found + from.size();
    }
    out << text.substr(at);
    return out.take();
}

std::string justify(Runtime& runtime, std::string_view text, Int width, char32_t fill, Side side) {
    const Int length = static_cast<Int>(countCodePoints(text));
    if (width <= length) return std::string(text);
    if (width > static_cast<Int>(runtime.memory().largest() / 4)) runtime.memory().check(UINT64_MAX);
    const Int missing = width - length;
    const Int left = side == Side::Left    ? 0
                     : side == Side::Right ? missing
                                           : missing / 2 + (missing & width & 1);
    const auto padding = [&](Int count) {
        return toUtf8(std::u32string(static_cast<std::size_t>(count), fill));
    };
    return padding(left) + std::string(text) + padding(missing - left);
}

} // namespace altiplano::engine::jinja
