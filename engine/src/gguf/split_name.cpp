#include "gguf/split_name.h"

#include <charconv>

namespace altiplano::engine {

std::optional<SplitName> SplitName::parse(const std::filesystem::path& path) {
    constexpr std::string_view kPattern = "-00000-of-00000.gguf";
    const std::string name = path.filename().string();
    if (name.size() < kPattern.size()) return std::nullopt;
    SplitName out{path.parent_path(), name.substr(0, name.size() - kPattern.size())};
    const char* const tail = name.data() + out.stem.size();
    std::from_chars(tail + 1, tail + 6, out.number);
    std::from_chars(tail + 10, tail + 15, out.count);
    if (out.part(out.number).filename() != name) return std::nullopt;
    return out;
}

std::filesystem::path SplitName::part(std::uint64_t other) const {
    return directory / (stem + "-" + digits(other) + "-of-" + digits(count) + ".gguf");
}

std::string SplitName::digits(std::uint64_t number) {
    const std::string plain = std::to_string(number);
    return std::string(plain.size() < 5 ? 5 - plain.size() : 0, '0') + plain;
}

} // namespace altiplano::engine
