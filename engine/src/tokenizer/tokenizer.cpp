#include "engine/tokenizer.h"

#include "engine/error.h"
#include "tokenizer/bpe_tokenizer.h"
#include "tokenizer/pre_tokenizer.h"
#include "tokenizer/sentencepiece_tokenizer.h"
#include "tokenizer/special_tokens.h"

#include <algorithm>

namespace altiplano::engine {

namespace {

/// Texts that end a turn in the chat formats of the models named.
constexpr std::string_view kTurnEnds[] = {
    "<|eot_id|>",            // Llama 3
    "<|eom_id|>",            // Llama 3.1: end of a message that awaits a tool
    "<|im_end|>",            // ChatML: SmolLM, Qwen, Hermes
    "<|end|>",               // Phi 3
    "<|endoftext|>",         // GPT-2 and its heirs
    "<|end_of_text|>",       // Llama 3, Granite
    "<end_of_turn>",         // Gemma
    "<|END_OF_TURN_TOKEN|>", // Command R
    "<EOT>",                 // CodeLlama infill
    "<|EOT|>",               // DeepSeek Coder
    "<｜end▁of▁sentence｜>", // DeepSeek
};

} // namespace

Tokenizer::Tokenizer(Vocabulary vocabulary, bool cutUserDefined) : m_vocabulary(std::move(vocabulary)) {
    SpecialTokens parsed, always;
    for (TokenId id = 0; id < static_cast<TokenId>(m_vocabulary.tokens.size()); ++id) {
        const std::string& text = m_vocabulary.tokens[id];
        const TokenType type = m_vocabulary.type(id);
        const bool userDefined = type == TokenType::UserDefined && cutUserDefined;
        if (userDefined) always.add(text, id);
        if (userDefined || type == TokenType::Control || id == m_vocabulary.unknown) parsed.add(text, id);
        if (id == m_vocabulary.eos || id == m_vocabulary.eot || id == m_vocabulary.eom ||
            std::ranges::find(kTurnEnds, text) != std::end(kTurnEnds))
            m_turnEnds.push_back(id);
    }
    m_parsed = std::make_unique<const SpecialTokens>(std::move(parsed));
    m_always = std::make_unique<const SpecialTokens>(std::move(always));
}

Tokenizer::~Tokenizer() = default;

std::vector<TokenId> Tokenizer::encode(std::string_view text, const EncodeOptions& options) const {
    std::vector<TokenId> ids;
    if (options.addSpecial && m_vocabulary.addBos && m_vocabulary.bos) ids.push_back(*m_vocabulary.bos);
    const auto next = [&](std::size_t from) {
        if (!options.parseSpecial) return m_always->find(text, from);
        auto special = m_parsed->find(text, from);
        while (special && std::ranges::binary_search(options.plainAt, special->begin)) {
            if (const auto userDefined = m_always->findAt(text, special->begin)) return userDefined;
            special = m_parsed->find(text, special->begin + 1);
        }
        return special;
    };
    std::size_t at = 0;
    while (const auto special = next(at)) {
        if (special->begin > at) encodeRun(text.substr(at, special->begin - at), ids);
        ids.push_back(special->id);
        at = special->end;
    }
    if (at < text.size()) encodeRun(text.substr(at), ids);
    if (options.addSpecial && m_vocabulary.addEos && m_vocabulary.eos) ids.push_back(*m_vocabulary.eos);
    return ids;
}

std::vector<std::size_t> Tokenizer::controlTokensIn(std::string_view text) const {
    std::vector<std::size_t> places;
    for (auto found = m_parsed->find(text, 0); found; found = m_parsed->find(text, found->begin + 1)) {
        const auto always = m_always->findAt(text, found->begin);
        if (!always || always->end < found->end) places.push_back(found->begin);
    }
    return places;
}

std::string Tokenizer::decode(std::span<const TokenId> ids, bool special) const {
    std::string text;
    for (const TokenId id : ids)
        text += piece(id, special);
    return text;
}

bool Tokenizer::endsTurn(TokenId id) const {
    return std::ranges::binary_search(m_turnEnds, id);
}

std::unique_ptr<Tokenizer> Tokenizer::create(Vocabulary vocabulary,
                                             const std::function<void(const std::string&)>& warn) {
    vocabulary.check("The vocabulary");
    if (vocabulary.model == "llama") return std::make_unique<SentencePieceTokenizer>(std::move(vocabulary));
    if (!PreTokenizer::known(vocabulary.pre) && warn)
        warn("Unknown pre-tokenizer '" + vocabulary.pre +
             "': text is split by the default rules, which may differ "
             "from those that the model was trained with.");
    std::vector<std::string> merges = std::move(vocabulary.merges);
    vocabulary.merges.clear();
    return std::make_unique<BpeTokenizer>(std::move(vocabulary), merges);
}

} // namespace altiplano::engine
