#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

struct pcre2_real_code_8;
struct pcre2_real_match_data_8;

namespace altiplano::engine {

/// Cuts text into the words within which BPE merges, by the regular expressions of a model family. Each stage
/// cuts every piece of the stage before into matches and what lies between them, as the "Isolated" splits of
/// a tokenizer.json do. Immutable and thread-safe.
class PreTokenizer {
public:
    /// `name` as in tokenizer.ggml.pre; an unknown one means "default".
    explicit PreTokenizer(std::string_view name);

    static bool known(std::string_view name);
    static bool addsBos(std::string_view name); ///< where the file does not say

    /// True when a word that is a token stays whole even if no merges lead to it.
    bool ignoresMerges() const { return m_ignoresMerges; }

    /// Calls `word` for every word of a valid UTF-8 text, in order; together they are the text. Views into
    /// it.
    void split(std::string_view text, const std::function<void(std::string_view)>& word) const;

private:
    struct FreeCode {
        void operator()(pcre2_real_code_8* code) const;
    };

    struct Run;
    void splitFrom(std::size_t stage, std::size_t begin, std::size_t end, const Run& run) const;

    struct Stage {
        std::unique_ptr<pcre2_real_code_8, FreeCode> code;
        bool onBytes;
    };
    std::vector<Stage> m_stages;
    bool m_ignoresMerges = false;
};

} // namespace altiplano::engine
