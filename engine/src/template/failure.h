#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace altiplano::engine::jinja {

/// What ends a parse or a rendering. `line` is 0 where the thrower does not know it; then it is the line that
/// the evaluator was on. Becomes Error{Template} at the engine's edge.
struct Failure : std::runtime_error {
    explicit Failure(const std::string& message, std::uint32_t at = 0)
        : std::runtime_error(message), line(at) {}
    std::uint32_t line;
};

[[noreturn]] inline void fail(const std::string& message, std::uint32_t line = 0) {
    throw Failure(message, line);
}

} // namespace altiplano::engine::jinja
