#pragma once

#include "engine/tokenizer.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/merge_table.h"
#include "tokenizer/pre_tokenizer.h"

#include <unordered_map>

namespace altiplano::engine {

/// Byte-level byte-pair encoding (GPT-2, Llama 3, Qwen 2 and others): PCRE2 cuts the text into words, and
/// within a word neighbours are merged in the order of the merges' ranks (Sennrich et al., arXiv:1508.07909).
class BpeTokenizer : public Tokenizer {
public:
    BpeTokenizer(Vocabulary vocabulary, const std::vector<std::string>& merges);

    std::string piece(TokenId id, bool special) const override;

protected:
    void encodeRun(std::string_view text, std::vector<TokenId>& ids) const override;

private:
    struct Workspace;
    void encodeWord(std::string_view word, Workspace& workspace, std::vector<TokenId>& ids) const;
    void mergeWord(std::string_view word, Workspace& workspace, std::vector<TokenId>& ids) const;
    TokenId wholeWord(std::string_view word) const;

    PreTokenizer m_preTokenizer;
    ByteAlphabet m_alphabet;
    std::unordered_map<std::string_view, TokenId> m_ids; ///< by text; views into the vocabulary
    std::array<TokenId, 256> m_byteIds;                  ///< kNoToken where the vocabulary lacks the byte
    MergeTable m_merges;
};

} // namespace altiplano::engine
