#pragma once

#include <span>
#include <string_view>

namespace altiplano::engine {

/// One regular expression, in the words of the tokenizer.json that it comes from: \s is Unicode's
/// White_Space.
struct PreTokenizerStage {
    std::string_view pattern;
    bool onBytes = false; ///< matched against bytes, not characters
};

struct PreTokenizerSpec {
    std::span<const std::string_view> names; ///< values of tokenizer.ggml.pre
    std::span<const PreTokenizerStage> stages;
    bool ignoresMerges = false;
    bool addsBos = false; ///< where the file has no add_bos_token
};

/// The specification of that name; null when there is none.
const PreTokenizerSpec* findPreTokenizer(std::string_view name);

} // namespace altiplano::engine
