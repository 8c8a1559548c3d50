#include "template/operators.h"

#include "template/escape.h"
#include "template/format.h"
#include "template/integer.h"
#include "template/iteration.h"
#include "template/objects.h"
#include "template/runtime.h"

#include <algorithm>
#include <cmath>
#include <compare>

namespace altiplano::engine::jinja {

namespace {

const char* symbol(Arithmetic op) {
    static constexpr const char* kSymbols[] = {"+", "-", "*", "/", "//", "%", "** or pow()"};
    return kSymbols[static_cast<int>(op)];
}

[[noreturn]] void unsupported(Arithmetic op, const Value& a, const Value& b) {
    fail("unsupported operand type(s) for " + std::string(symbol(op)) + ": '" + std::string(a.typeName()) +
         "' and '" + std::string(b.typeName()) + "'");
}

Value integerArithmetic(Arithmetic op, Int a, Int b) {
    switch (op) {
    case Arithmetic::Add:
        return checkedInt(a + b);
    case Arithmetic::Subtract:
        return checkedInt(a - b);
    case Arithmetic::Multiply:
        return multiply(a, b);
    case Arithmetic::Divide:
        if (b == 0) fail("division by zero");
        return static_cast<double>(a) / static_cast<double>(b);
    case Arithmetic::FloorDivide:
        if (b == 0) fail("integer division or modulo by zero");
        return floorDivide(a, b);
    case Arithmetic::Modulo:
        if (b == 0) fail("integer modulo by zero");
        return modulo(a, b);
    case Arithmetic::Power:
        if (b >= 0) return power(a, b);
        if (a == 0) fail("0.0 cannot be raised to a negative power");
        return std::pow(static_cast<double>(a), static_cast<double>(b));
    }
    fail("no such operator");
}

/// Python's float % and //, whose result has the sign of the divisor.
double floatModulo(double a, double b) {
    double m = std::fmod(a, b);
    if (m != 0 && (b < 0) != (m < 0)) m += b;
    return m == 0 ? std::copysign(0.0, b) : m;
}

double floatFloorDivide(double a, double b) {
    const double m = std::fmod(a, b);
    double quotient = (a - m) / b;
    if (m != 0 && (b < 0) != (m < 0)) quotient -= 1;
    if (quotient == 0) return std::copysign(0.0, a / b);
    const double down = std::floor(quotient);
    return quotient - down > 0.5 ? down + 1 : down;
}

Value floatArithmetic(Arithmetic op, double a, double b) {
    switch (op) {
    case Arithmetic::Add:
        return a + b;
    case Arithmetic::Subtract:
        return a - b;
    case Arithmetic::Multiply:
        return a * b;
    case Arithmetic::Divide:
        if (b == 0) fail("float division by zero");
        return a / b;
    case Arithmetic::FloorDivide:
        if (b == 0) fail("float floor division by zero");
        return floatFloorDivide(a, b);
    case Arithmetic::Modulo:
        if (b == 0) fail("float modulo by zero");
        return floatModulo(a, b);
    case Arithmetic::Power: {
        if (a == 0 && b < 0) fail("0.0 cannot be raised to a negative power");
        if (a < 0 && std::isfinite(a) && std::isfinite(b) && b != std::floor(b))
            fail("a power has a complex result");
        const double result = std::pow(a, b);
        if (std::isinf(result) && std::isfinite(a) && std::isfinite(b))
            fail("a power is too large for a float");
        return result;
    }
    }
    fail("no such operator");
}

/// How often Python repeats a sequence: not at all for negative counts.
std::uint64_t repetitions(Runtime& runtime, Int times, std::uint64_t each) {
    if (times <= 0 || each == 0) return 0;
    if (times > static_cast<Int>(runtime.memory().largest())) runtime.memory().check(UINT64_MAX);
    const Int total = multiply(times, static_cast<Int>(each));
    runtime.memory().check(total > static_cast<Int>(INT64_MAX) ? UINT64_MAX
                                                               : static_cast<std::uint64_t>(total));
    return static_cast<std::uint64_t>(times);
}

std::optional<Value> repeat(Runtime& runtime, const Value& value, Int times) {
    if (const Text* text = value.text()) {
        const std::uint64_t count = repetitions(runtime, times, text->bytes.size());
        std::string out;
        out.reserve(count * text->bytes.size());
        for (std::uint64_t i = 0; i < count; ++i)
            out += text->bytes;
        return runtime.text(std::move(out), text->markup);
    }
    if (const Sequence* list = value.sequence()) {
        const std::uint64_t count = repetitions(runtime, times, list->items.size() * sizeof(Value));
        std::vector<Value> items;
        items.reserve(count * list->items.size());
        for (std::uint64_t i = 0; i < count; ++i)
            items.insert(items.end(), list->items.begin(), list->items.end());
        return list->tuple ? runtime.tuple(std::move(items)) : runtime.list(std::move(items));
    }
    return std::nullopt;
}

Value concatenate(Runtime& runtime, const Text& a, const Text& b) {
    const bool markup = a.markup || b.markup;
    TextBuilder out(runtime);
    out << (markup && !a.markup ? escapeHtml(a.bytes) : a.bytes)
        << (markup && !b.markup ? escapeHtml(b.bytes) : b.bytes);
    return runtime.text(out.take(), markup);
}

std::optional<Value> add(Runtime& runtime, const Value& a, const Value& b) {
    if (a.text() && b.text()) return concatenate(runtime, *a.text(), *b.text());
    if (a.text()) fail("can only concatenate str (not \"" + std::string(b.typeName()) + "\") to str");
    const Sequence *left = a.sequence(), *right = b.sequence();
    if (!left || !right || left->tuple != right->tuple) return std::nullopt;
    runtime.checkItems(left->items.size() + right->items.size());
    std::vector<Value> items = left->items;
    items.insert(items.end(), right->items.begin(), right->items.end());
    return left->tuple ? runtime.tuple(std::move(items)) : runtime.list(std::move(items));
}

std::partial_ordering orderNumbers(const Value& a, const Value& b) {
    const auto x = integer(a), y = integer(b);
    if (x && y)
        return *x < *y   ? std::partial_ordering::less
               : *x > *y ? std::partial_ordering::greater
                         : std::partial_ordering::equivalent;
    const auto wide = [](const Value& v) {
        return integer(v) ? static_cast<long double>(*integer(v)) : real(v);
    };
    return wide(a) <=> wide(b);
}

/// Python's rich comparison of sequences: their first different items decide, else their lengths.
bool lessSequences(Runtime& runtime, const std::vector<Value>& a, const std::vector<Value>& b) {
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
        if (!equals(runtime, a[i], b[i])) return less(runtime, a[i], b[i]);
    return a.size() < b.size();
}

bool equalDicts(Runtime& runtime, const Dict& a, const Dict& b) {
    if (a.size() != b.size()) return false;
    for (const auto& [key, value] : a.entries()) {
        const Value* other = b.find(runtime, key);
        if (!other || !equals(runtime, value, *other)) return false;
    }
    return true;
}

bool ordered(Runtime& runtime, Comparison op, const Value& a, const Value& b) {
    if (isNumber(a) && isNumber(b)) { // NaN is neither less nor greater
        const auto order = orderNumbers(a, b);
        switch (op) {
        case Comparison::Less:
            return order < 0;
        case Comparison::LessEqual:
            return order <= 0;
        case Comparison::Greater:
            return order > 0;
        default:
            return order >= 0;
        }
    }
    switch (op) {
    case Comparison::Less:
        return less(runtime, a, b);
    case Comparison::Greater:
        return less(runtime, b, a);
    case Comparison::LessEqual:
        return !less(runtime, b, a);
    default:
        return !less(runtime, a, b);
    }
}

} // namespace

bool isNumber(const Value& v) {
    return v.is<Int>() || v.is<double>() || v.is<bool>();
}

std::optional<Int> integer(const Value& v) {
    if (const Int* i = v.as<Int>()) return *i;
    if (const bool* b = v.as<bool>()) return *b ? 1 : 0;
    return std::nullopt;
}

double real(const Value& number) {
    if (const double* d = number.as<double>()) return *d;
    return static_cast<double>(integer(number).value_or(0));
}

void failUndefined(const Value& v) {
    fail(*v.as<Undefined>()->message);
}

Value arithmetic(Runtime& runtime, Arithmetic op, const Value& a, const Value& b) {
    if (a.isUndefined()) failUndefined(a);
    if (const Text* text = a.text(); text && op == Arithmetic::Modulo)
        return formatPercent(runtime, *text, b);
    if (b.isUndefined()) failUndefined(b);
    if (isNumber(a) && isNumber(b)) {
        const auto x = integer(a), y = integer(b);
        return x && y ? integerArithmetic(op, *x, *y) : floatArithmetic(op, real(a), real(b));
    }
    std::optional<Value> made;
    if (op == Arithmetic::Add) made = add(runtime, a, b);
    if (op == Arithmetic::Multiply) {
        if (const auto times = integer(b)) made = repeat(runtime, a, *times);
        if (const auto times = integer(a)) made = repeat(runtime, b, *times);
    }
    if (!made) unsupported(op, a, b);
    return *made;
}

Value negate(const Value& v) {
    if (v.isUndefined()) failUndefined(v);
    if (const double* d = v.as<double>()) return -*d;
    if (const auto i = integer(v)) return -*i;
    fail("bad operand type for unary -: '" + std::string(v.typeName()) + "'");
}

Value plus(const Value& v) {
    if (v.isUndefined()) failUndefined(v);
    if (v.is<double>()) return v;
    if (const auto i = integer(v)) return *i;
    fail("bad operand type for unary +: '" + std::string(v.typeName()) + "'");
}

bool truth(Runtime& runtime, const Value& v) {
    if (v.isNone() || v.isUndefined()) return false;
    if (const bool* b = v.as<bool>()) return *b;
    if (const Int* i = v.as<Int>()) return *i != 0;
    if (const double* d = v.as<double>()) return *d != 0;
    if (const Text* text = v.text()) return !text->bytes.empty();
    if (const Sequence* list = v.sequence()) return !list->items.empty();
    if (const Dict* dict = v.dict()) return dict->size() != 0;
    return v.object()->length(runtime).value_or(1) != 0;
}

bool equals(Runtime& runtime, const Value& a, const Value& b) {
    runtime.step();
    if (isNumber(a) && isNumber(b)) return orderNumbers(a, b) == 0;
    if (a.isUndefined()) return b.isUndefined();
    if (a.isNone()) return b.isNone();
    if (const Text* text = a.text()) {
        if (!b.text() || text->bytes.size() != b.text()->bytes.size()) return false;
        runtime.stepBytes(text->bytes.size());
        return text->bytes == b.text()->bytes;
    }
    if (const Sequence* x = a.sequence(), *y = b.sequence(); x && y) {
        const Runtime::Level level(runtime);
        return x->tuple == y->tuple &&
               std::equal(x->items.begin(), x->items.end(), y->items.begin(), y->items.end(),
                          [&](const Value& p, const Value& q) { return equals(runtime, p, q); });
    }
    if (a.dict() && b.dict()) {
        const Runtime::Level level(runtime);
        return equalDicts(runtime, *a.dict(), *b.dict());
    }
    if (const auto* x = a.object<Range>(), *y = b.object<Range>(); x && y) return x->equals(*y);
    return a.object() && a.object() == b.object();
}

bool less(Runtime& runtime, const Value& a, const Value& b) {
    runtime.step();
    if (a.isUndefined()) failUndefined(a);
    if (b.isUndefined()) failUndefined(b);
    if (isNumber(a) && isNumber(b)) return orderNumbers(a, b) < 0;
    if (a.text() && b.text()) return a.text()->bytes < b.text()->bytes;
    if (const Sequence* x = a.sequence(), *y = b.sequence(); x && y && x->tuple == y->tuple) {
        const Runtime::Level level(runtime);
        return lessSequences(runtime, x->items, y->items);
    }
    fail("'<' not supported between instances of '" + std::string(a.typeName()) + "' and '" +
         std::string(b.typeName()) + "'");
}

bool isHashable(const Value& v) {
    if (v.dict()) return false;
    const Sequence* list = v.sequence();
    if (!list) return true;
    return list->tuple && std::all_of(list->items.begin(), list->items.end(), isHashable);
}

bool contains(Runtime& runtime, const Value& container, const Value& item) {
    if (const Text* text = container.text()) {
        if (!item.text())
            fail("'in <string>' requires string as left operand, not " + std::string(item.typeName()));
        runtime.stepBytes(text->bytes.size());
        return text->bytes.find(item.text()->bytes) != std::string::npos;
    }
    if (const Dict* dict = container.dict()) {
        if (!isHashable(item)) fail("unhashable type: '" + std::string(item.typeName()) + "'");
        return dict->find(runtime, item) != nullptr;
    }
    if (const auto* range = container.object<Range>(); range && integer(item))
        return range->contains(*integer(item));
    Pull pull = iterate(runtime, container, "argument of type '", "' is not iterable");
    while (const auto next = pull(runtime))
        if (next->same(item) || equals(runtime, *next, item)) return true;
    return false;
}

bool compare(Runtime& runtime, Comparison op, const Value& a, const Value& b) {
    switch (op) {
    case Comparison::Equal:
        return equals(runtime, a, b);
    case Comparison::NotEqual:
        return !equals(runtime, a, b);
    case Comparison::In:
        return contains(runtime, b, a);
    case Comparison::NotIn:
        return !contains(runtime, b, a);
    default:
        return ordered(runtime, op, a, b);
    }
}

} // namespace altiplano::engine::jinja
