#pragma once

#include "engine/tokenizer.h"

namespace sentencepiece {
class SentencePieceProcessor;
}

namespace altiplano::engine {

/// The tokenizer of LLaMA 1 and 2 and of Mistral up to v3, by libsentencepiece itself.
class SentencePieceTokenizer : public Tokenizer {
public:
    /// Error{Unsupported} where the library refuses the vocabulary.
    explicit SentencePieceTokenizer(Vocabulary vocabulary);
    ~SentencePieceTokenizer() override;

    std::string piece(TokenId id, bool special) const override;
    std::string decode(std::span<const TokenId> ids, bool special) const override;

protected:
    void encodeRun(std::string_view text, std::vector<TokenId>& ids) const override;

private:
    std::unique_ptr<const sentencepiece::SentencePieceProcessor> m_processor;
};

} // namespace altiplano::engine
