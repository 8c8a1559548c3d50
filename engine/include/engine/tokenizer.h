#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace altiplano::engine {

class GgufFile;

using TokenId = std::int32_t;

/// GGUF's tokenizer.ggml.token_type.
enum class TokenType : std::uint8_t {
    Undefined = 0,
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
};

/// The vocabulary as a GGUF file stores it.
struct Vocabulary {
    std::string model; ///< tokenizer.ggml.model: "llama" (SentencePiece) or "gpt2" (BPE)
    std::string pre;   ///< tokenizer.ggml.pre: the pre-tokenizer's name, may be empty
    std::vector<std::string> tokens;
    std::vector<float> scores;       ///< as many as tokens; empty where the file has none
    std::vector<TokenType> types;    ///< likewise
    std::vector<std::string> merges; ///< "left right", BPE only; a tokenizer keeps none of them here
    std::optional<TokenId> bos, eos, eot, eom, unknown, padding; ///< in range, else absent
    bool addBos = false;
    bool addEos = false;
    bool addSpacePrefix = true; ///< SentencePiece's dummy prefix; BPE ignores it

    /// Reads the tokenizer.ggml.* keys and checks them. A special id out of range counts as absent (real
    /// files have such padding ids). Error{BadFile} or Error{Unsupported}, naming the file and the key.
    static Vocabulary fromGguf(const GgufFile& file);

    /// Throws Error{BadFile} or Error{Unsupported} with `name` in front unless a tokenizer can be made of
    /// this.
    void check(const std::string& name) const;

    /// The type of a token in range; where the file has no types, what its special ids and "<0x0A>" texts
    /// tell.
    TokenType type(TokenId id) const;
};

struct EncodeOptions {
    bool addSpecial = true; ///< put BOS/EOS where the vocabulary says so
    /// The text of control tokens and of the unknown token becomes that token; else it is plain text.
    /// User-defined tokens are found in either case, as in Hugging Face's tokenizers and llama.cpp.
    bool parseSpecial = true;
    /// Places where text that would become a control token with parseSpecial stays text: ascending. See
    /// engine/chat_prompt.h.
    std::span<const std::size_t> plainAt = {};
};

class SpecialTokens;

/// Text to token ids and back. Immutable and thread-safe.
///
/// Special tokens are cut out first: the leftmost, and of those that begin there the longest. The runs of
/// text between them are encoded each by itself. For SentencePiece that means that every run gets its dummy
/// prefix, as when the library encodes the messages of a chat one by one (Mistral's and Meta's own code,
/// llama.cpp). User-defined SentencePiece tokens do not end a run: the library finds them itself, as with
/// tokenizer.model.
///
/// The text is not normalized to NFC first, though the original tokenizers of Qwen 2, Command R and MPT do
/// that: GGUF does not carry the normalizer, and what is decoded must be what was encoded.
class Tokenizer {
public:
    virtual ~Tokenizer();

    /// Any bytes are accepted. Invalid UTF-8 is encoded as U+FFFD: by SentencePiece one for each byte, as the
    /// library does; by BPE one for each maximal invalid part (Unicode 15, 3.9), as Python and Rust decode
    /// the text that they give to Hugging Face's tokenizers.
    std::vector<TokenId> encode(std::string_view text, const EncodeOptions& options = {}) const;

    /// Where in the text a token begins that only parseSpecial would find, ascending.
    std::vector<std::size_t> controlTokensIn(std::string_view text) const;

    /// The bytes that a token stands for; empty for a control or unknown token unless `special`. Ids out of
    /// range give an empty string. Concatenating pieces gives the text, but for a leading space that
    /// SentencePiece adds.
    virtual std::string piece(TokenId id, bool special = false) const = 0;

    /// The text of a whole sequence, without the leading space that SentencePiece added.
    virtual std::string decode(std::span<const TokenId> ids, bool special = false) const;

    const Vocabulary& vocabulary() const { return m_vocabulary; }

    /// True for every token that ends a turn: EOS, EOT, EOM and those whose text is known to (<|eot_id|>,
    /// <|im_end|>, ...).
    bool endsTurn(TokenId id) const;

    /// Makes the tokenizer that the vocabulary asks for. `warn` hears of an unknown pre-tokenizer name.
    /// Error{BadFile} or Error{Unsupported} for a vocabulary that cannot be used.
    static std::unique_ptr<Tokenizer> create(Vocabulary vocabulary,
                                             const std::function<void(const std::string&)>& warn = {});

protected:
    /// `cutUserDefined`: user-defined tokens are cut out of the text too, not left to encodeRun.
    explicit Tokenizer(Vocabulary vocabulary, bool cutUserDefined = true);

    /// Appends the tokens of a text without special tokens.
    virtual void encodeRun(std::string_view text, std::vector<TokenId>& ids) const = 0;

private:
    Vocabulary m_vocabulary;
    std::unique_ptr<const SpecialTokens> m_parsed; ///< cut out with parseSpecial
    std::unique_ptr<const SpecialTokens> m_always; ///< cut out without
    std::vector<TokenId> m_turnEnds;               ///< sorted
};

} // namespace altiplano::engine
