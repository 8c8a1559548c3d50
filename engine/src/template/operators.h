#pragma once

#include "template/value.h"

#include <cstdint>
#include <optional>

/// Python's operators on values.
namespace altiplano::engine::jinja {

enum class Arithmetic : std::uint8_t { Add, Subtract, Multiply, Divide, FloorDivide, Modulo, Power };
enum class Comparison : std::uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, In, NotIn };

Value arithmetic(Runtime&, Arithmetic op, const Value& a, const Value& b);
Value negate(const Value& v);
Value plus(const Value& v); ///< unary
bool compare(Runtime&, Comparison op, const Value& a, const Value& b);

bool truth(Runtime&, const Value& v);
bool equals(Runtime&, const Value& a, const Value& b);
bool less(Runtime&, const Value& a, const Value& b); ///< Failure where Python has no order
bool contains(Runtime&, const Value& container, const Value& item);
bool isHashable(const Value& v);

bool isNumber(const Value& v);            ///< int, float or bool
std::optional<Int> integer(const Value&); ///< of an int or a bool
double real(const Value& number);
/// Fails as jinja2 does when an undefined value is used.
[[noreturn]] void failUndefined(const Value& v);

} // namespace altiplano::engine::jinja
