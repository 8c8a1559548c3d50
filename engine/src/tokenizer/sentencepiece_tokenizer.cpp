#include "tokenizer/sentencepiece_tokenizer.h"

#include "engine/error.h"
#include "tokenizer/model_proto.h"

#include <sentencepiece_processor.h>

namespace altiplano::engine {

namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81"; // U+2581, which SentencePiece writes for a space

std::string withSpaces(std::string_view text) {
    std::string result;
    for (auto at = text.find(kSpace); at != text.npos; at = text.find(kSpace)) {
        result.append(text.substr(0, at)).push_back(' ');
        text.remove_prefix(at + kSpace.size());
    }
    return result.append(text);
}

} // namespace

SentencePieceTokenizer::SentencePieceTokenizer(Vocabulary given) : Tokenizer(std::move(given), false) {
    auto processor = std::make_unique<sentencepiece::SentencePieceProcessor>();
    const auto status = processor->LoadFromSerializedProto(makeModelProto(vocabulary()).bytes);
    if (!status.ok())
        throw Error(ErrorCode::Unsupported,
                    std::string("The tokenizer library cannot take the vocabulary: ") + status.message());
    m_processor = std::move(processor);
}

SentencePieceTokenizer::~SentencePieceTokenizer() = default;

void SentencePieceTokenizer::encodeRun(std::string_view text, std::vector<TokenId>& ids) const {
    std::vector<int> found;
    const auto status = m_processor->Encode(text, &found);
    if (!status.ok())
        throw Error(ErrorCode::Unsupported,
                    std::string("The tokenizer library cannot encode the text: ") + status.message());
    // The unknown piece that the library needs and the vocabulary lacks stands for nothing.
    const auto size = static_cast<TokenId>(vocabulary().tokens.size());
    for (const int id : found)
        if (id < size) ids.push_back(id);
}

std::string SentencePieceTokenizer::piece(TokenId id, bool special) const {
    if (id < 0 || static_cast<std::size_t>(id) >= vocabulary().tokens.size()) return {};
    const std::string& text = vocabulary().tokens[id];
    switch (vocabulary().type(id)) {
    case TokenType::Control:
    case TokenType::Unknown:
        return special ? text : std::string();
    case TokenType::Byte:
        if (const auto byte = byteOfPiece(text)) return std::string(1, static_cast<char>(*byte));
        break;
    default:
        break;
    }
    return withSpaces(text);
}

std::string SentencePieceTokenizer::decode(std::span<const TokenId> ids, bool special) const {
    std::string text;
    bool atStart = vocabulary().addSpacePrefix;
    for (const TokenId id : ids) {
        std::string next = piece(id, special);
        const bool isControl = next.empty() || vocabulary().type(id) == TokenType::Control;
        if (atStart && !isControl) {
            atStart = false;
            if (next.front() == ' ') next.erase(0, 1);
        }
        text += next;
    }
    return text;
}

} // namespace altiplano::engine
