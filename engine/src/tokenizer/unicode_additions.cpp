#include "tokenizer/unicode_additions.h"

#include <algorithm>
#include <cstdint>

namespace altiplano::engine {

namespace {

struct Addition {
    std::uint32_t first, last;
    std::uint32_t standIn;
};

constexpr Addition kAdditions[] = {
#include "tokenizer/unicode_additions_table.inc"
};

/// The older character for a new one; 0 for another.
std::uint32_t standInFor(std::uint32_t point) {
    const auto run = std::ranges::lower_bound(kAdditions, point, {}, &Addition::last);
    return run != std::end(kAdditions) && point >= run->first ? run->standIn : 0;
}

} // namespace

std::optional<std::string> withOlderCharacters(std::string_view text) {
    std::optional<std::string> older;
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    for (std::size_t at = 0; at < text.size();) {
        if (byte(at) < 0xE0) { // all additions have three or four bytes
            ++at;
            continue;
        }
        const std::size_t length = byte(at) < 0xF0 ? 3 : 4;
        std::uint32_t point = byte(at) & (length == 3 ? 0x0F : 0x07);
        for (std::size_t i = 1; i < length; ++i)
            point = point << 6 | (byte(at + i) & 0x3F);
        if (std::uint32_t standIn = standInFor(point)) {
            if (!older) older = text;
            for (std::size_t i = length - 1; i > 0; --i, standIn >>= 6)
                (*older)[at + i] = static_cast<char>(0x80 | (standIn & 0x3F));
            (*older)[at] = static_cast<char>((length == 3 ? 0xE0 : 0xF0) | standIn);
        }
        at += length;
    }
    return older;
}

} // namespace altiplano::engine
