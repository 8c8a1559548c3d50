#include "tokenizer/model_proto.h"

#include "engine/error.h"

#include <algorithm>
#include <bit>
#include <bitset>
#include <limits>
#include <unordered_set>

namespace altiplano::engine {

namespace {

/// Writes protobuf's wire format (protobuf.dev/programming-guides/encoding).
class WireWriter {
public:
    void varint(std::uint32_t field, std::uint64_t value) {
        tag(field, 0);
        raw(value);
    }
    void number(std::uint32_t field, float value) {
        tag(field, 5);
        const auto bits = std::bit_cast<std::uint32_t>(value);
        for (int shift = 0; shift < 32; shift += 8)
            m_bytes.push_back(static_cast<char>(bits >> shift));
    }
    void bytes(std::uint32_t field, std::string_view value) {
        tag(field, 2);
        raw(value.size());
        m_bytes += value;
    }
    std::string&& take() { return std::move(m_bytes); }

private:
    void tag(std::uint32_t field, std::uint32_t wireType) { raw(field << 3 | wireType); }
    void raw(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7)
            m_bytes.push_back(static_cast<char>(value | 0x80));
        m_bytes.push_back(static_cast<char>(value));
    }
    std::string m_bytes;
};

/// The numbers of ModelProto.SentencePiece.Type are those of TokenType.
std::string piece(std::string_view text, float score, TokenType type) {
    WireWriter writer;
    writer.bytes(1, text);
    writer.number(2, score);
    writer.varint(3, static_cast<std::uint64_t>(type));
    return std::move(writer).take();
}

/// Converters write the spaces of user-defined tokens as spaces; the library looks for them as U+2581.
std::string escapeSpaces(std::string_view text) {
    std::string escaped;
    for (const char byte : text)
        if (byte == ' ')
            escaped += "\xE2\x96\x81";
        else
            escaped += byte;
    return escaped;
}

/// Text that no input can form: 0xFF is in no UTF-8 text.
std::string unreachable(std::size_t id) {
    return "\xFF" + std::to_string(id);
}

/// The token that stands for what the vocabulary cannot express.
std::optional<TokenId> unknownToken(const Vocabulary& vocabulary) {
    const auto isUnknown = [&](TokenId id) { return vocabulary.type(id) == TokenType::Unknown; };
    if (vocabulary.unknown && isUnknown(*vocabulary.unknown)) return vocabulary.unknown;
    for (TokenId id = 0; id < static_cast<TokenId>(vocabulary.tokens.size()); ++id)
        if (isUnknown(id)) return id;
    return std::nullopt;
}

/// Byte fallback works with all 256 byte pieces or not at all.
bool hasAllBytes(const Vocabulary& vocabulary) {
    std::bitset<256> found;
    for (TokenId id = 0; id < static_cast<TokenId>(vocabulary.tokens.size()); ++id)
        if (vocabulary.type(id) == TokenType::Byte)
            if (const auto byte = byteOfPiece(vocabulary.tokens[id])) found.set(*byte);
    return found.all();
}

/// The library finds user-defined pieces with a trie over zero-terminated texts, and of the pieces that begin
/// at one place it has room for 64.
void checkUserDefined(std::vector<std::string> texts) {
    std::ranges::sort(texts);
    std::vector<std::string_view> prefixes; // each a prefix of the next
    for (const std::string& text : texts) {
        while (!prefixes.empty() && !text.starts_with(prefixes.back()))
            prefixes.pop_back();
        prefixes.push_back(text);
        if (prefixes.size() > 64)
            throw Error(ErrorCode::Unsupported,
                        "The vocabulary has more than 64 user-defined tokens that begin one another");
    }
}

} // namespace

std::optional<std::uint8_t> byteOfPiece(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    if (text.size() != 6 || !text.starts_with("<0x") || text.back() != '>') return std::nullopt;
    const auto high = kDigits.find(text[3]), low = kDigits.find(text[4]);
    if (high == kDigits.npos || low == kDigits.npos) return std::nullopt;
    return static_cast<std::uint8_t>(high * 16 + low);
}

ModelProto makeModelProto(const Vocabulary& vocabulary) {
    const std::optional<TokenId> unknown = unknownToken(vocabulary);
    const bool byteFallback = hasAllBytes(vocabulary);
    std::unordered_set<std::string> texts, bytes; // the library keeps them apart, too
    std::vector<std::string> userDefined;

    /// The type that the library can take for this token; Control where it cannot take the token.
    const auto typeFor = [&](TokenId id, const std::string& text) {
        const TokenType type = vocabulary.type(id);
        if (id == unknown) return TokenType::Unknown;
        if (text.empty() || type == TokenType::Control || type == TokenType::Unknown)
            return TokenType::Control;
        if (type == TokenType::Byte)
            return byteFallback && byteOfPiece(text) && bytes.insert(text).second ? type : TokenType::Control;
        if (type == TokenType::UserDefined && text.find('\0') != text.npos) return TokenType::Control;
        if (!texts.insert(text).second) return TokenType::Control;
        return type == TokenType::Undefined ? TokenType::Normal : type;
    };

    WireWriter writer;
    for (TokenId id = 0; id < static_cast<TokenId>(vocabulary.tokens.size()); ++id) {
        std::string text = vocabulary.tokens[id];
        if (vocabulary.type(id) == TokenType::UserDefined) text = escapeSpaces(text);
        const TokenType type = typeFor(id, text);
        if (type == TokenType::UserDefined) userDefined.push_back(text);
        const bool reachable = type != TokenType::Control && type != TokenType::Unknown;
        writer.bytes(1, piece(reachable ? text : unreachable(id), vocabulary.scores[id], type));
    }
    checkUserDefined(std::move(userDefined));
    std::size_t pieces = vocabulary.tokens.size();
    if (!unknown) writer.bytes(1, piece(unreachable(pieces++), 0, TokenType::Unknown));

    WireWriter trainer, normalizer;
    trainer.varint(3, 2); // model_type: BPE
    trainer.varint(35, byteFallback);
    normalizer.bytes(1, "identity");
    normalizer.varint(3, vocabulary.addSpacePrefix); // add_dummy_prefix
    normalizer.varint(4, false);                     // remove_extra_whitespaces
    normalizer.varint(5, true);                      // escape_whitespaces
    writer.bytes(2, trainer.take());
    writer.bytes(3, normalizer.take());

    ModelProto proto{writer.take(), pieces};
    if (proto.bytes.size() > std::numeric_limits<std::int32_t>::max())
        throw Error(ErrorCode::Unsupported,
                    "The vocabulary is larger than the tokenizer library can take (2 GB)");
    return proto;
}

} // namespace altiplano::engine
