#include "tokenizer/pre_tokenizer.h"

#include "engine/error.h"
#include "tokenizer/pre_tokenizer_table.h"
#include "tokenizer/unicode_additions.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <limits>
#include <optional>
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
    Run(std::string_view given, const std::function<void(std::string_view)>& visitor)
        : text(given), older(withOlderCharacters(given)), word(visitor),
          match(pcre2_match_data_create(1, nullptr)), context(pcre2_match_context_create(nullptr)) {
        if (!match || !context) throw std::bad_alloc();
        pcre2_set_match_limit(context.get(), std::numeric_limits<std::uint32_t>::max());
    }

    std::string_view subject(bool asBytes) const {
        return older && !asBytes ? std::string_view(*older) : text;
    }

    std::string_view text;
    std::optional<std::string> older; ///< of the same length; what characters are matched in
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
        m_stages.push_back({decltype(Stage::code)(compile(stage)), stage.onBytes});
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
    splitFrom(0, 0, text.size(), Run(text, word));
}

void PreTokenizer::splitFrom(std::size_t stage, std::size_t begin, std::size_t end, const Run& run) const {
    if (stage == m_stages.size()) return run.word(run.text.substr(begin, end - begin));
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(run.subject(m_stages[stage].onBytes).data() + begin);
    for (std::size_t at = begin; at < end;) {
        const int found = pcre2_match(m_stages[stage].code.get(), subject, end - begin, at - begin,
                                      PCRE2_NO_UTF_CHECK, run.match.get(), run.context.get());
        const std::size_t* bounds = pcre2_get_ovector_pointer(run.match.get());
        const std::size_t first = found > 0 ? begin + bounds[0] : end;
        const std::size_t last = found > 0 ? begin + bounds[1] : end;
        if (first > at) splitFrom(stage + 1, at, first, run);
        if (last > first) splitFrom(stage + 1, first, last, run);
        at = std::max(last, at + 1);
    }
}

} // namespace altiplano::engine
