#include "support/mutate.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace altiplano::test {

namespace {

using Bytes = std::vector<std::uint8_t>;

void writeNumber(Bytes& bytes, std::size_t at, std::mt19937_64& random) {
    constexpr std::array<std::uint64_t, 12> kExtremes = {
        0, 1, 2, 7, 0x7f, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, 1ull << 40, 1ull << 63, ~0ull};
    const std::uint64_t number = kExtremes[random() % kExtremes.size()];
    const std::size_t width = std::min<std::size_t>(1u << random() % 4, bytes.size() - at);
    std::memcpy(&bytes[at], &number, width);
}

void mutateOnce(Bytes& bytes, std::mt19937_64& random) {
    const std::size_t at = random() % bytes.size();
    const std::size_t length = std::min<std::size_t>(1 + random() % 32, bytes.size() - at);
    const auto piece = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto pieceEnd = piece + static_cast<std::ptrdiff_t>(length);
    switch (random() % 7) {
    case 0:
        bytes[at] ^= static_cast<std::uint8_t>(1u << random() % 8);
        break;
    case 1:
        bytes[at] = static_cast<std::uint8_t>(random());
        break;
    case 2:
        writeNumber(bytes, at, random);
        break;
    case 3:
        bytes.erase(piece, pieceEnd);
        break;
    case 4: {
        const Bytes copy(piece, pieceEnd);
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(random() % bytes.size()), copy.begin(),
                     copy.end());
        break;
    }
    case 5: {
        const Bytes copy(piece, pieceEnd);
        std::ranges::copy(copy, bytes.begin() +
                                    static_cast<std::ptrdiff_t>(random() % (bytes.size() - length + 1)));
        break;
    }
    default:
        if (random() % 4 == 0) bytes.resize(at);
    }
}

} // namespace

void mutate(Bytes& bytes, std::mt19937_64& random) {
    for (std::uint64_t i = 1 + random() % 8; i > 0 && !bytes.empty(); --i)
        mutateOnce(bytes, random);
}

} // namespace altiplano::test
