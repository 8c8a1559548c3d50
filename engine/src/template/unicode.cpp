#include "template/unicode.h"

#include "template/unicode_tables.h"

#include <algorithm>

namespace altiplano::engine::jinja {

namespace {

/// Bytes of the valid UTF-8 sequence at `at`, or 0.
std::size_t sequenceLength(std::string_view s, std::size_t at) {
    const auto byte = [&](std::size_t i) -> unsigned {
        return i < s.size() ? static_cast<unsigned char>(s[i]) : 0;
    };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
    const unsigned b = byte(at), next = byte(at + 1);
    if (b < 0x80) return 1;
    if (b >= 0xC2 && b <= 0xDF) return tail(at + 1) ? 2 : 0;
    if (b >= 0xE0 && b <= 0xEF) {
        if ((b == 0xE0 && next < 0xA0) || (b == 0xED && next > 0x9F)) return 0;
        return tail(at + 1) && tail(at + 2) ? 3 : 0;
    }
    if (b >= 0xF0 && b <= 0xF4) {
        if ((b == 0xF0 && next < 0x90) || (b == 0xF4 && next > 0x8F)) return 0;
        return tail(at + 1) && tail(at + 2) && tail(at + 3) ? 4 : 0;
    }
    return 0;
}

/// The row of a sorted table whose [first, last] holds c on its stride.
template <typename Run>
const Run* findRun(const Run* rows, std::size_t count, char32_t c) {
    const Run* row = std::partition_point(rows, rows + count, [c](const Run& r) { return r.last < c; });
    return row != rows + count && c >= row->first && (c - row->first) % row->stride == 0 ? row : nullptr;
}

struct CaseMap {
    const tables::CaseRun* runs;
    std::size_t runCount;
    const tables::CaseExpansion* expansions;
    std::size_t expansionCount;

    void append(std::string& out, char32_t c) const {
        const auto* end = expansions + expansionCount;
        const auto* longer = std::partition_point(expansions, end, [c](const auto& e) { return e.from < c; });
        if (longer != end && longer->from == c) {
            for (const char32_t to : longer->to)
                if (to) appendCodePoint(out, to);
            return;
        }
        const auto* run = findRun(runs, runCount, c);
        appendCodePoint(out, run ? static_cast<char32_t>(static_cast<int>(c) + run->delta) : c);
    }
};

#define ALTIPLANO_CASE_MAP(NAME)                                                                             \
    CaseMap {                                                                                                \
        tables::NAME##Runs, tables::NAME##RunsCount, tables::NAME##Expansions, tables::NAME##ExpansionsCount \
    }
CaseMap toLower() {
    return ALTIPLANO_CASE_MAP(kToLower);
}
CaseMap toUpper() {
    return ALTIPLANO_CASE_MAP(kToUpper);
}
CaseMap toTitle() {
    return ALTIPLANO_CASE_MAP(kToTitle);
}
CaseMap toFold() {
    return ALTIPLANO_CASE_MAP(kToFold);
}
#undef ALTIPLANO_CASE_MAP

std::string mapAll(std::string_view text, const CaseMap& map) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();)
        map.append(out, nextCodePoint(text, at));
    return out;
}

/// Lower case of the letter at [begin, end); a sigma that ends a word takes its final form.
void appendLower(std::string& out, std::string_view text, std::size_t begin, std::size_t end,
                 bool afterLetter) {
    std::size_t at = begin;
    const char32_t c = nextCodePoint(text, at);
    if (c != 0x3A3) return toLower().append(out, c);
    std::size_t next = end;
    const bool beforeLetter = next < text.size() && isCased(nextCodePoint(text, next));
    appendCodePoint(out, afterLetter && !beforeLetter ? 0x3C2 : 0x3C3);
}

/// Lower-cases, except where `first` of a word (or of the text) takes its title case.
enum class Title { Never, TextStart, EveryWord };
std::string lowerExcept(std::string_view text, Title title) {
    std::string out;
    out.reserve(text.size());
    bool afterCased = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const char32_t c = nextCodePoint(text, at);
        if ((title == Title::EveryWord && !afterCased) || (title == Title::TextStart && begin == 0))
            toTitle().append(out, c);
        else
            appendLower(out, text, begin, at, afterCased);
        afterCased = isCased(c);
    }
    return out;
}

bool has(const tables::CodePointRun* rows, std::size_t count, char32_t c) {
    return findRun(rows, count, c);
}

} // namespace

bool isUtf8(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = sequenceLength(bytes, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

std::string repairUtf8(std::string_view bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = sequenceLength(bytes, at);
        out += length ? bytes.substr(at, length) : "\xEF\xBF\xBD";
        at += std::max<std::size_t>(length, 1);
    }
    return out;
}

char32_t nextCodePoint(std::string_view s, std::size_t& at) {
    const auto byte = [&](std::size_t i) {
        return static_cast<char32_t>(static_cast<unsigned char>(s[at + i]));
    };
    const char32_t b = byte(0);
    char32_t c = b;
    std::size_t length = 1;
    if (b >= 0xF0) {
        c = (b & 7) << 18 | (byte(1) & 63) << 12 | (byte(2) & 63) << 6 | (byte(3) & 63);
        length = 4;
    } else if (b >= 0xE0) {
        c = (b & 15) << 12 | (byte(1) & 63) << 6 | (byte(2) & 63);
        length = 3;
    } else if (b >= 0x80) {
        c = (b & 31) << 6 | (byte(1) & 63);
        length = 2;
    }
    at += length;
    return c;
}

void appendCodePoint(std::string& out, char32_t c) {
    const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) return put(c);
    if (c < 0x800) {
        put(0xC0 | c >> 6);
    } else {
        if (c < 0x10000) {
            put(0xE0 | c >> 12);
        } else {
            put(0xF0 | c >> 18);
            put(0x80 | (c >> 12 & 63));
        }
        put(0x80 | (c >> 6 & 63));
    }
    put(0x80 | (c & 63));
}

std::size_t countCodePoints(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::u32string toCodePoints(std::string_view text) {
    std::u32string points;
    points.reserve(text.size());
    for (std::size_t at = 0; at < text.size();)
        points += nextCodePoint(text, at);
    return points;
}

std::string toUtf8(std::u32string_view points) {
    std::string text;
    text.reserve(points.size());
    for (const char32_t c : points)
        appendCodePoint(text, c);
    return text;
}

bool isSpace(char32_t c) {
    return (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}

bool isLineBreak(char32_t c) {
    return (c >= 10 && c <= 13) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool isPrintable(char32_t c) {
    return !has(tables::kUnprintable, tables::kUnprintableCount, c);
}
bool isAlpha(char32_t c) {
    return has(tables::kAlpha, tables::kAlphaCount, c);
}
bool isDecimal(char32_t c) {
    return has(tables::kDecimal, tables::kDecimalCount, c);
}
bool isDigit(char32_t c) {
    return has(tables::kDigit, tables::kDigitCount, c);
}
bool isNumeric(char32_t c) {
    return has(tables::kNumeric, tables::kNumericCount, c);
}
bool isAlnum(char32_t c) {
    return isAlpha(c) || isNumeric(c) || isDigit(c);
}
bool isLower(char32_t c) {
    return has(tables::kLower, tables::kLowerCount, c);
}
bool isUpper(char32_t c) {
    return has(tables::kUpper, tables::kUpperCount, c);
}
bool isTitle(char32_t c) {
    return has(tables::kTitle, tables::kTitleCount, c);
}

std::string upper(std::string_view text) {
    return mapAll(text, toUpper());
}
std::string lower(std::string_view text) {
    return lowerExcept(text, Title::Never);
}
std::string titleCase(std::string_view text) {
    return lowerExcept(text, Title::EveryWord);
}
std::string capitalize(std::string_view text) {
    return lowerExcept(text, Title::TextStart);
}
std::string caseFold(std::string_view text) {
    return mapAll(text, toFold());
}

std::string swapCase(std::string_view text) {
    std::string out;
    bool afterCased = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const char32_t c = nextCodePoint(text, at);
        if (isUpper(c)) {
            appendLower(out, text, begin, at, afterCased);
        } else if (isLower(c)) {
            toUpper().append(out, c);
        } else {
            appendCodePoint(out, c);
        }
        afterCased = isCased(c);
    }
    return out;
}

} // namespace altiplano::engine::jinja
