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

/// The vocabulary as a GGUF file stores it, checked: the three lists have equal lengths (scores and types may
/// be absent: then empty), special ids are in range.
struct Vocabulary {
    std::string model; ///< tokenizer.ggml.model: "llama" (SentencePiece) or "gpt2" (BPE)
    std::string pre;   ///< tokenizer.ggml.pre: the pre-tokenizer's name, may be empty
    std::vector<std::string> tokens;
    std::vector<float> scores;
    std::vector<TokenType> types;
    std::vector<std::string> merges; ///< "left right", BPE only
    std::optional<TokenId> bos, eos, eot, unknown, padding;
    bool addBos = false;
    bool addEos = false;
    bool addSpacePrefix = true;

    /// Reads and checks the tokenizer.ggml.* keys. Error{BadFile} or Error{Unsupported}.
    static Vocabulary fromGguf(const GgufFile& file);
};

struct EncodeOptions {
    bool addSpecial = true;   ///< put BOS/EOS where the vocabulary says so
    bool parseSpecial = true; ///< text of control tokens becomes that token; else it is plain text
};

/// Text to token ids and back. Immutable and thread-safe.
class Tokenizer {
public:
    virtual ~Tokenizer() = default;

    /// Any bytes are accepted; invalid UTF-8 is encoded as the reference implementation does.
    virtual std::vector<TokenId> encode(std::string_view text, const EncodeOptions& options) const = 0;

    /// The bytes that a token stands for; empty for a control token unless `special`. Ids out of range give
    /// an empty string. Concatenating pieces gives the text, but for a leading space that SentencePiece adds.
    virtual std::string piece(TokenId id, bool special = false) const = 0;

    /// The text of a whole sequence.
    virtual std::string decode(std::span<const TokenId> ids, bool special = false) const = 0;

    const Vocabulary& vocabulary() const { return m_vocabulary; }

    /// True for every token that ends a turn: EOS, EOT and those whose text is known to (<|eot_id|>,
    /// <|im_end|>, ...).
    bool endsTurn(TokenId id) const;

    /// Makes the tokenizer that the vocabulary asks for. `warn` hears of an unknown pre-tokenizer name.
    static std::unique_ptr<Tokenizer> create(Vocabulary vocabulary,
                                             const std::function<void(const std::string&)>& warn = {});

protected:
    explicit Tokenizer(Vocabulary vocabulary);

private:
    Vocabulary m_vocabulary;
    std::vector<TokenId> m_turnEnds; ///< sorted
};

} // namespace altiplano::engine
