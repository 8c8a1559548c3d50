#pragma once

#include "template/ast.h"

#include <algorithm>

/// Makes the nodes of expressions and bounds how tall their tree grows, since it is walked and freed
/// recursively.
namespace altiplano::engine::jinja {

/// The height of the tallest of some parts.
inline std::uint32_t heightOf(const ExprPtr& e) {
    return e ? e->height : 0;
}
template <typename A, typename B>
std::uint32_t heightOf(const std::pair<A, B>& pair);
inline std::uint32_t heightOf(const std::string&) {
    return 0;
}
inline std::uint32_t heightOf(Comparison) {
    return 0;
}
template <typename T>
std::uint32_t heightOf(const std::vector<T>& items) {
    std::uint32_t height = 0;
    for (const T& item : items)
        height = std::max(height, heightOf(item));
    return height;
}
template <typename A, typename B>
std::uint32_t heightOf(const std::pair<A, B>& pair) {
    return std::max(heightOf(pair.first), heightOf(pair.second));
}
inline std::uint32_t heightOf(const CallArguments& a) {
    return std::max({heightOf(a.positional), heightOf(a.named), heightOf(a.spread), heightOf(a.spreadNamed)});
}

/// A node over parts of the given height.
template <typename Node>
ExprPtr make(std::uint32_t line, std::uint32_t height, Node node) {
    constexpr std::uint32_t kMaxHeight = 500; // also of chains such as a + b + c
    if (height >= kMaxHeight) fail("the expression is too long or too deep", line);
    return std::make_unique<Expr>(Expr{line, height + 1, std::move(node)});
}

} // namespace altiplano::engine::jinja
