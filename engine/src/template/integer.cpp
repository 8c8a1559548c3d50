#include "template/integer.h"

#include "template/unicode.h"

#include <algorithm>
#include <cmath>

namespace altiplano::engine::jinja {

namespace {

constexpr Int kLargest = static_cast<Int>(1) << 120;

[[noreturn]] void tooLarge() {
    fail("an integer is beyond 2**120, the largest this template engine counts to");
}

std::string_view trimmed(std::string_view text) {
    const auto ascii = [](char c) {
        return isSpace(static_cast<unsigned char>(c)) && static_cast<unsigned char>(c) < 0x80;
    };
    while (!text.empty() && ascii(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && ascii(text.back()))
        text.remove_suffix(1);
    return text;
}

} // namespace

Int checkedInt(Int value) {
    if (value > kLargest || value < -kLargest) tooLarge();
    return value;
}

Int intOf(double value) {
    if (std::isnan(value)) fail("cannot convert float NaN to integer");
    if (std::isinf(value)) fail("cannot convert float infinity to integer");
    if (std::abs(value) > 1e36) tooLarge();
    return static_cast<Int>(value);
}

Int multiply(Int a, Int b) {
    const Int size = a < 0 ? -a : a, times = b < 0 ? -b : b;
    if (size != 0 && times > kLargest / size) tooLarge();
    return a * b;
}

Int power(Int base, Int exponent) {
    if (base == 0 || base == 1) return exponent == 0 ? 1 : base;
    if (base == -1) return exponent % 2 == 0 ? 1 : -1;
    if (exponent > 120) tooLarge();
    Int result = 1;
    for (Int i = 0; i < exponent; ++i)
        result = multiply(result, base);
    return result;
}

Int floorDivide(Int a, Int b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}
Int modulo(Int a, Int b) {
    return a - multiply(floorDivide(a, b), b);
}

std::string toString(Int value, unsigned base) {
    std::string digits;
    for (Int rest = value < 0 ? -value : value; rest != 0 || digits.empty(); rest /= base)
        digits += "0123456789abcdef"[static_cast<unsigned>(rest % base)];
    if (value < 0) digits += '-';
    std::reverse(digits.begin(), digits.end());
    return digits;
}

std::optional<Int> parseInt(std::string_view text, unsigned base) {
    text = trimmed(text);
    const bool negative = !text.empty() && text[0] == '-';
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
    if (text.size() > 1 && text[0] == '0') {
        const char p = static_cast<char>(text[1] | 32);
        const unsigned of = p == 'x' ? 16 : p == 'o' ? 8 : p == 'b' ? 2 : 0;
        if (of != 0 && (base == 0 || base == of)) {
            base = of;
            text.remove_prefix(2);
            if (!text.empty() && text[0] == '_') text.remove_prefix(1);
        }
    }
    if (base == 0) { // a decimal number with leading zeros is not one
        if (text.size() > 1 && text[0] == '0' && text.find_first_not_of("0_") != text.npos)
            return std::nullopt;
        base = 10;
    }
    Int value = 0;
    bool digitBefore = false;
    for (const char c : text) {
        if (c == '_' && digitBefore) {
            digitBefore = false;
            continue;
        }
        const unsigned digit = c >= '0' && c <= '9' ? static_cast<unsigned>(c - '0')
                               : (c | 32) >= 'a' && (c | 32) <= 'z'
                                   ? static_cast<unsigned>((c | 32) - 'a' + 10)
                                   : 99;
        if (digit >= base) return std::nullopt;
        value = checkedInt(multiply(value, base) + static_cast<Int>(digit));
        digitBefore = true;
    }
    if (!digitBefore) return std::nullopt;
    return negative ? -value : value;
}

} // namespace altiplano::engine::jinja
