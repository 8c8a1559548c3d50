#include "tokenizer/byte_alphabet.h"

namespace altiplano::engine {

ByteAlphabet::ByteAlphabet() {
    m_bytes.fill(-1);
    unsigned next = 0x100;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const bool printable = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
        const unsigned point = printable ? byte : next++;
        m_bytes[point] = static_cast<short>(byte);
        if (point < 0x80)
            m_letters[byte] = {static_cast<char>(point)};
        else
            m_letters[byte] = {static_cast<char>(0xC0 | point >> 6),
                               static_cast<char>(0x80 | (point & 0x3F))};
    }
}

std::optional<std::string> ByteAlphabet::bytes(std::string_view letters) const {
    std::string result;
    result.reserve(letters.size());
    for (std::size_t at = 0; at < letters.size(); ++at) {
        unsigned point = static_cast<unsigned char>(letters[at]);
        if (point >= 0xC0 && point < 0xE0 && at + 1 < letters.size())
            point = (point & 0x1F) << 6 | (static_cast<unsigned char>(letters[++at]) & 0x3F);
        else if (point >= 0x80)
            return std::nullopt;
        if (point >= m_bytes.size() || m_bytes[point] < 0) return std::nullopt;
        result.push_back(static_cast<char>(m_bytes[point]));
    }
    return result;
}

} // namespace altiplano::engine
