#include "tokenizer/pre_tokenizer.h"

#include "engine/error.h"
#include "tokenizer/pre_tokenizer_table.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <limits>
#include <string>

namespace altiplano::engine {

namespace {

/// PCRE2's \s takes U+180E for a space, Unicode's White_Space does not: \s and \S written out, \s also within
/// brackets.
std::string withUnicodeSpaces(std::string_view pattern) {
    constexpr std::string_view kSpaces =
        R"(\t-\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})";
    std::string result;
    bool inClass = false;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const std::string_view escape = pattern.substr(at, 2);
        if (escape == R"(\s)" || escape == R"(\S)") {
            if (!inClass) result += escape == R"(\s)" ? "[" : "[^";
            result += kSpaces;
            if (!inClass) result += ']';
            ++at;
        } else if (pattern[at] == '\\') {
            result += escape;
            ++at;
        } else {
            if (pattern[at] == '[') inClass = true;
            if (pattern[at] == ']') inClass = false;
            result += pattern[at];
        }
    }
    return result;
}

pcre2_code* compile(const PreTokenizerStage& stage) {
    const std::string pattern = stage.onBytes ? std::string(stage.pattern) : withUnicodeSpaces(stage.pattern);
    int error = 0;
    std::size_t place = 0;
    pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                     stage.onBytes ? 0 : PCRE2_UTF | PCRE2_UCP, &error, &place, nullptr);
    if (!code)
        throw Error(ErrorCode::Unsupported, "This build of PCRE2 cannot compile the expression " + pattern);
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); // without a JIT the interpreter matches, slowly
    return code;
}

struct FreeMatchData {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeMatchContext {
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

} // namespace

/// What one call of split needs.
struct PreTokenizer::Run {
    explicit Run(const std::function<void(std::string_view)>& visitor)
        : word(visitor), match(pcre2_match_data_create(1, nullptr)),
          context(pcre2_match_context_create(nullptr)) {
        if (!match || !context) throw std::bad_alloc();
        pcre2_set_match_limit(context.get(), std::numeric_limits<std::uint32_t>::max());
    }

    const std::function<void(std::string_view)>& word;
    std::unique_ptr<pcre2_match_data, FreeMatchData> match;
    std::unique_ptr<pcre2_match_context, FreeMatchContext> context;
};

void PreTokenizer::FreeCode::operator()(pcre2_code* code) const {
    pcre2_code_free(code);
}

PreTokenizer::PreTokenizer(std::string_view name) {
    const PreTokenizerSpec* spec = findPreTokenizer(name);
    if (!spec) spec = findPreTokenizer("default");
    for (const PreTokenizerStage& stage : spec->stages)
        m_stages.emplace_back(compile(stage));
    m_ignoresMerges = spec->ignoresMerges;
}

bool PreTokenizer::known(std::string_view name) {
    return findPreTokenizer(name) != nullptr;
}

bool PreTokenizer::addsBos(std::string_view name) {
    const PreTokenizerSpec* spec = findPreTokenizer(name);
    return spec && spec->addsBos;
}

void PreTokenizer::split(std::string_view text, const std::function<void(std::string_view)>& word) const {
    splitFrom(0, text, Run(word));
}

void PreTokenizer::splitFrom(std::size_t stage, std::string_view text, const Run& run) const {
    if (stage == m_stages.size()) return run.word(text);
    std::size_t at = 0;
    while (at < text.size()) {
        const int found =
            pcre2_match(m_stages[stage].get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), at,
                        PCRE2_NO_UTF_CHECK, run.match.get(), run.context.get());
        const std::size_t* bounds = pcre2_get_ovector_pointer(run.match.get());
        const std::size_t begin = found > 0 ? bounds[0] : text.size();
        const std::size_t end = found > 0 ? bounds[1] : text.size();
        if (begin > at) splitFrom(stage + 1, text.substr(at, begin - at), run);
        if (end > begin) splitFrom(stage + 1, text.substr(begin, end - begin), run);
        at = end;
    }
}

} // namespace altiplano::engine
