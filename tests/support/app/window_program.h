#pragma once

#include <cstdio>
#include <stdexcept>

namespace altiplano::app {

/// The exit code of a program that makes windows: its body's, or 1 after a sentence where one cannot be made.
template <typename Body>
int windowProgram(const char* name, Body body) {
    try {
        return body();
    } catch (const std::runtime_error& error) {
        std::fprintf(stderr, "%s: %s\n", name, error.what());
        return 1;
    }
}

} // namespace altiplano::app
