#pragma once

#include "engine/error.h"
#include "support/gguf_writer.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace altiplano::test {

/// A small file with a bit of everything: two tensors ("first", F32; "second", Q8_0), a string, a number,
/// lists.
GgufWriter smallFile(std::uint32_t version = 3, std::uint32_t alignment = 32);

/// What an action was refused with.
struct Refusal {
    engine::ErrorCode code{};
    std::string sentence; ///< empty: it was not refused

    /// One line that names the file, as every refusal is.
    bool isOneLine() const;
    bool says(std::string_view text) const { return sentence.find(text) != sentence.npos; }
};

template <typename Action>
Refusal refusalOf(Action action) {
    try {
        action();
        return {};
    } catch (const engine::Error& error) {
        return {error.code(), error.what()};
    }
}

/// What a file of these bytes, called small.gguf, is refused with.
Refusal refusalOfBytes(std::span<const std::byte> bytes);

/// A copy with a number written over its bytes from `at` on.
template <typename T>
std::vector<std::byte> patched(std::vector<std::byte> bytes, std::size_t at, T value) {
    bytes.at(at + sizeof(T) - 1); // throws where the number would not fit
    std::memcpy(&bytes[at], &value, sizeof(T));
    return bytes;
}

/// Where a text stands in a file.
std::size_t find(std::span<const std::byte> bytes, std::string_view text);

} // namespace altiplano::test
