#include "engine/error.h"
#include "engine/tokenizer.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace altiplano::engine {

void Vocabulary::check(const std::string& name) const {
    const auto refuse = [&](ErrorCode code, const std::string& reason) {
        throw Error(code, name + ": " + reason);
    };
    const auto refuseLength = [&](const char* list, std::size_t size) {
        refuse(ErrorCode::BadFile, std::string("tokenizer.ggml.") + list + " has " + std::to_string(size) +
                                       " entries for " + std::to_string(tokens.size()) + " tokens");
    };
    if (model != "llama" && model != "gpt2")
        refuse(ErrorCode::Unsupported,
               "tokenizer.ggml.model is '" + model + "'; this program knows 'llama' and 'gpt2'");
    if (tokens.empty()) refuse(ErrorCode::BadFile, "tokenizer.ggml.tokens is missing or empty");
    if (tokens.size() > std::numeric_limits<TokenId>::max() / 2)
        refuse(ErrorCode::BadFile, "tokenizer.ggml.tokens has too many entries");
    if (!scores.empty() && scores.size() != tokens.size()) refuseLength("scores", scores.size());
    if (!types.empty() && types.size() != tokens.size()) refuseLength("token_type", types.size());
    if (std::ranges::any_of(scores, [](float score) { return std::isnan(score); }))
        refuse(ErrorCode::BadFile, "tokenizer.ggml.scores has an entry that is not a number");
    if (model == "llama" && scores.empty()) refuse(ErrorCode::BadFile, "tokenizer.ggml.scores is missing");
    if (model == "gpt2" && merges.empty())
        refuse(ErrorCode::BadFile, "tokenizer.ggml.merges is missing or empty");
}

TokenType Vocabulary::type(TokenId id) const {
    if (!types.empty()) return types[id];
    if (id == unknown) return TokenType::Unknown;
    if (id == bos || id == eos || id == eot || id == eom || id == padding) return TokenType::Control;
    const std::string& text = tokens[id];
    const bool byte = model == "llama" && text.size() == 6 && text.starts_with("<0x") && text.ends_with('>');
    return byte ? TokenType::Byte : TokenType::Normal;
}

} // namespace altiplano::engine
