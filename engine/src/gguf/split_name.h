#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace altiplano::engine {

/// The name of one part of a split model: DIRECTORY/STEM-00002-of-00005.gguf.
struct SplitName {
    std::filesystem::path directory;
    std::string stem;
    std::uint64_t number = 0; ///< from 1
    std::uint64_t count = 0;

    static std::optional<SplitName> parse(const std::filesystem::path& path);

    /// The path of another part of the same model.
    std::filesystem::path part(std::uint64_t other) const;

    /// A number as such names write it, with five digits.
    static std::string digits(std::uint64_t number);
};

} // namespace altiplano::engine
