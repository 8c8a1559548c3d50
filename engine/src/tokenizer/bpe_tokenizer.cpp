#include "tokenizer/bpe_tokenizer.h"

#include "tokenizer/utf8.h"
#include "tokenizer/word_merger.h"

namespace altiplano::engine {

namespace {

constexpr std::size_t kCachedWords = 1 << 16; ///< bounds what one call remembers
constexpr std::size_t kCachedBytes = 64;      ///< longer words seldom come again

} // namespace

/// What one run of text needs.
struct BpeTokenizer::Workspace {
    struct Range {
        std::size_t begin, count;
    };
    std::unordered_map<std::string_view, Range>
        seen; ///< words of this text -> where their tokens are in the output
    std::vector<TokenId> word;
    WordMerger merger;
};

BpeTokenizer::BpeTokenizer(Vocabulary given, const std::vector<std::string>& merges)
    : Tokenizer(std::move(given), true), m_preTokenizer(vocabulary().pre), m_merges(merges.size()) {
    const auto& tokens = vocabulary().tokens;
    m_ids.reserve(tokens.size());
    for (const bool normal : {true, false}) // of several tokens with one text the normal one counts
        for (TokenId id = 0; id < static_cast<TokenId>(tokens.size()); ++id)
            if ((vocabulary().type(id) == TokenType::Normal) == normal) m_ids.try_emplace(tokens[id], id);

    const auto find = [&](std::string_view text) {
        const auto found = m_ids.find(text);
        return found == m_ids.end() ? kNoToken : found->second;
    };
    for (unsigned byte = 0; byte < 256; ++byte)
        m_byteIds[byte] = find(m_alphabet.letter(static_cast<unsigned char>(byte)));

    std::string joined;
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
        const std::string_view merge = merges[rank];
        const std::size_t space = merge.find(' ', 1);
        if (space == merge.npos) continue;
        const std::string_view left = merge.substr(0, space), right = merge.substr(space + 1);
        joined.assign(left).append(right);
        const TokenId leftId = find(left), rightId = find(right), result = find(joined);
        if (leftId != kNoToken && rightId != kNoToken && result != kNoToken)
            m_merges.insert({leftId, rightId, static_cast<std::uint32_t>(rank), result});
    }
}

std::string BpeTokenizer::piece(TokenId id, bool special) const {
    if (id < 0 || static_cast<std::size_t>(id) >= vocabulary().tokens.size()) return {};
    const std::string& text = vocabulary().tokens[id];
    switch (vocabulary().type(id)) {
    case TokenType::Control:
    case TokenType::Unknown:
        return special ? text : std::string();
    case TokenType::UserDefined:
        return text;
    default:
        return m_alphabet.bytes(text).value_or(text);
    }
}

void BpeTokenizer::encodeRun(std::string_view text, std::vector<TokenId>& ids) const {
    std::string repaired;
    if (!isValidUtf8(text)) text = repaired = repairUtf8(text);
    Workspace workspace{.seen = {}, .word = {}, .merger = WordMerger(m_merges)};
    m_preTokenizer.split(text, [&](std::string_view word) { encodeWord(word, workspace, ids); });
}

void BpeTokenizer::encodeWord(std::string_view word, Workspace& workspace, std::vector<TokenId>& ids) const {
    if (word.size() == 1) {
        if (const TokenId id = m_byteIds[static_cast<unsigned char>(word[0])]; id != kNoToken)
            ids.push_back(id);
        return;
    }
    const bool cacheable = word.size() <= kCachedBytes;
    if (cacheable) {
        if (const auto seen = workspace.seen.find(word); seen != workspace.seen.end()) {
            for (std::size_t i = 0; i < seen->second.count; ++i)
                ids.push_back(ids[seen->second.begin + i]);
            return;
        }
    }
    const std::size_t begin = ids.size();
    const TokenId whole = m_preTokenizer.ignoresMerges() ? wholeWord(word) : kNoToken;
    if (whole != kNoToken)
        ids.push_back(whole);
    else
        mergeWord(word, workspace, ids);
    if (cacheable && workspace.seen.size() < kCachedWords)
        workspace.seen.emplace(word, Workspace::Range{begin, ids.size() - begin});
}

TokenId BpeTokenizer::wholeWord(std::string_view word) const {
    std::string letters;
    for (const char byte : word)
        letters += m_alphabet.letter(static_cast<unsigned char>(byte));
    const auto found = m_ids.find(letters);
    return found == m_ids.end() || vocabulary().type(found->second) == TokenType::Control ? kNoToken
                                                                                          : found->second;
}

void BpeTokenizer::mergeWord(std::string_view word, Workspace& workspace, std::vector<TokenId>& ids) const {
    workspace.word.clear();
    for (const char byte : word) {
        const TokenId id = m_byteIds[static_cast<unsigned char>(byte)];
        if (id != kNoToken) workspace.word.push_back(id); // else dropped, as Hugging Face's tokenizers do
    }
    workspace.merger.merge(workspace.word);
    ids.insert(ids.end(), workspace.word.begin(), workspace.word.end());
}

} // namespace altiplano::engine
