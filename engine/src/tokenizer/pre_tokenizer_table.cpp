#include "tokenizer/pre_tokenizer_table.h"

#include <algorithm>

namespace altiplano::engine {

namespace {

// The expressions are those of the named models' tokenizer.json; names that share one are grouped as
// llama.cpp's converter groups them.

constexpr std::string_view kGpt2 =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr std::string_view kDigit = R"(\p{N})";
constexpr std::string_view kThreeDigits = R"([0-9][0-9][0-9])";
constexpr std::string_view kPunctuation = R"([\p{P}!-/:-@\[-`{-~]+)";
constexpr std::string_view kChinese = R"([\x{4E00}-\x{9FA5}\x{800}-\x{4E00}\x{AC00}-\x{D7FF}]+)";

// Falcon's tokenizer.json splits digits after the bytes became letters, and among those letters Rust takes
// the superscripts and fractions of Latin-1 (bytes B2, B3, B9, BC to BE) for digits, too.
constexpr std::string_view kByteDigit = R"([0-9\xB2\xB3\xB9\xBC-\xBE])";
constexpr std::string_view kByteDigits = R"([0-9\xB2\xB3\xB9\xBC-\xBE]+)";

constexpr std::string_view kDeepSeekLetters =
    R"(\s?[)"
    R"(A-Za-z\x{B5}\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{1BA}\x{1BC}-\x{1BF}\x{1C4}-\x{293})"
    R"(\x{295}-\x{2AF}\x{370}-\x{373}\x{376}\x{377}\x{37B}-\x{37D}\x{37F}\x{386}\x{388}-\x{38A})"
    R"(\x{38C}\x{38E}-\x{3A1}\x{3A3}-\x{3F5}\x{3F7}-\x{481}\x{48A}-\x{52F}\x{531}-\x{556})"
    R"(\x{10A0}-\x{10C5}\x{13A0}-\x{13F5}\x{13F8}-\x{13FD}\x{1C90}-\x{1CBA}\x{1CBD}-\x{1CBF})"
    R"(\x{1D00}-\x{1D2B}\x{1D6B}-\x{1D77}\x{1D79}-\x{1D9A}\x{1E00}-\x{1F15}\x{1F18}-\x{1F1D})"
    R"(\x{1F20}-\x{1F45}\x{1F48}-\x{1F4D}\x{1F50}-\x{1F57}\x{1F59}\x{1F5B}\x{1F5D}\x{1F5F}-\x{1F7D})"
    R"(\x{1F80}-\x{1FB4}\x{1FB6}-\x{1FBC}\x{1FBE}\x{1FC2}-\x{1FC4}\x{1FC6}-\x{1FCC})"
    R"(\x{1FD0}-\x{1FD3}\x{1FD6}-\x{1FDB}\x{1FE0}-\x{1FEC}\x{1FF2}-\x{1FF4}\x{1FF6}-\x{1FFC})"
    R"(\x{2102}\x{2107}\x{210A}-\x{2113}\x{2115}\x{2119}-\x{211D}\x{2124}\x{2126}\x{2128})"
    R"(\x{212A}-\x{212D}\x{212F}-\x{2134}\x{2139}\x{213C}-\x{213F}\x{2145}-\x{2149}\x{214E}\x{2183})"
    R"(\x{2184}\x{2C00}-\x{2C7B}\x{2C7E}-\x{2CE4}\x{2CEB}-\x{2CEE}\x{2CF2}\x{2CF3}\x{A640}-\x{A66D})"
    R"(\x{A680}-\x{A69B}\x{A722}-\x{A76F}\x{A771}-\x{A787}\x{A78B}-\x{A78E}\x{AB70}-\x{ABBF})"
    R"(\x{FB00}-\x{FB06}\x{FB13}-\x{FB17}\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}\x{10400}-\x{1044F})"
    R"(\x{104B0}-\x{104D3}\x{104D8}-\x{104FB}\x{10C80}-\x{10CB2}\x{10CC0}-\x{10CF2})"
    R"(\x{118A0}-\x{118DF}\x{1E900}-\x{1E943})"
    R"(]+)";
constexpr std::string_view kDeepSeekPunctuation =
    R"(\s?[!-/:-~\x{FF01}-\x{FF0F}\x{FF1A}-\x{FF5E}\x{2018}-\x{201F}\x{3000}-\x{3002}]+)";
// "\s+$" there; the look-behind keeps the search linear in a long run of spaces.
constexpr std::string_view kDeepSeekTrailingSpace = R"((?<!\s)\s+$)";

constexpr PreTokenizerStage kGpt2Stages[] = {{kGpt2}};
constexpr PreTokenizerStage kDigitGpt2Stages[] = {{kDigit}, {kGpt2}};
constexpr PreTokenizerStage kLlama3Stages[] = {
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
     R"(|\s*[\r\n]+|\s+(?!\S)|\s+)"}};
constexpr PreTokenizerStage kQwen2Stages[] = {
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
     R"(|\s*[\r\n]+|\s+(?!\S)|\s+)"}};
constexpr PreTokenizerStage kTekkenStages[] = {
    {R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
     R"(|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
     R"(|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)"}};
constexpr PreTokenizerStage kGpt4oStages[] = {
    {R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
     R"(|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
     R"(|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)"}};
constexpr PreTokenizerStage kDeepSeekLlmStages[] = {
    {R"([\r\n])"}, {kDeepSeekLetters}, {kDeepSeekPunctuation}, {kDeepSeekTrailingSpace}, {kChinese},
    {kDigit}};
constexpr PreTokenizerStage kDeepSeekCoderStages[] = {
    {R"([\r\n])"}, {R"(\s?\p{L}+)"}, {R"(\s?\p{P}+)"}, {kChinese}, {kDigit}};
constexpr PreTokenizerStage kDeepSeek3Stages[] = {
    {R"(\p{N}{1,3})"},
    {R"([\x{4E00}-\x{9FA5}\x{3040}-\x{309F}\x{30A0}-\x{30FF}]+)"},
    {R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+)"
     R"(| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"}};
constexpr PreTokenizerStage kFalconStages[] = {{kPunctuation}, {kGpt2}, {kByteDigits, true}, {kThreeDigits}};
constexpr PreTokenizerStage kFalcon3Stages[] = {{kPunctuation}, {kGpt2}, {kByteDigit, true}};
// No model's own: what llama.cpp does for a file that names no pre-tokenizer.
constexpr PreTokenizerStage kDefaultStages[] = {
    {R"([\p{P}$+<=>^~|]+)"}, {kGpt2}, {R"(\p{N}+)"}, {kThreeDigits}};

using Names = std::string_view[];
constexpr Names kLlama3Names = {"llama-bpe", "llama3", "llama-v3", "pixtral", "lfm2"};
constexpr Names kLlama3LikeNames = {"dbrx", "smaug-bpe", "chatglm-bpe"};
constexpr Names kGlm4Names = {"glm4"};
constexpr Names kQwen2Names = {"qwen2", "deepseek-r1-qwen", "stablelm2", "megrez", "hunyuan"};
constexpr Names kGpt2Names = {"gpt-2", "phi-2",    "mpt",     "olmo",
                              "jais",  "trillion", "exaone4", "granite-docling"};
constexpr Names kDigitGpt2Names = {"smollm",    "starcoder", "refact",    "command-r",
                                   "codeshell", "exaone",    "minerva-7b"};
constexpr Names kTekkenNames = {"tekken"};
constexpr Names kGpt4oNames = {"gpt-4o", "llama4"};
constexpr Names kDeepSeekLlmNames = {"deepseek-llm"};
constexpr Names kDeepSeekCoderNames = {"deepseek-coder"};
constexpr Names kDeepSeek3Names = {"deepseek-v3", "hunyuan-dense"};
constexpr Names kFalconNames = {"falcon"};
constexpr Names kFalcon3Names = {"falcon3"};
constexpr Names kDefaultNames = {"default"};

constexpr PreTokenizerSpec kSpecs[] = {
    {.names = kLlama3Names, .stages = kLlama3Stages, .ignoresMerges = true, .addsBos = true},
    {.names = kLlama3LikeNames, .stages = kLlama3Stages},
    {.names = kGlm4Names, .stages = kLlama3Stages, .ignoresMerges = true},
    {.names = kQwen2Names, .stages = kQwen2Stages},
    {.names = kGpt2Names, .stages = kGpt2Stages},
    {.names = kDigitGpt2Names, .stages = kDigitGpt2Stages},
    {.names = kTekkenNames, .stages = kTekkenStages, .ignoresMerges = true, .addsBos = true},
    {.names = kGpt4oNames, .stages = kGpt4oStages},
    {.names = kDeepSeekLlmNames, .stages = kDeepSeekLlmStages},
    {.names = kDeepSeekCoderNames, .stages = kDeepSeekCoderStages},
    {.names = kDeepSeek3Names, .stages = kDeepSeek3Stages},
    {.names = kFalconNames, .stages = kFalconStages},
    {.names = kFalcon3Names, .stages = kFalcon3Stages},
    {.names = kDefaultNames, .stages = kDefaultStages},
};

} // namespace

const PreTokenizerSpec* findPreTokenizer(std::string_view name) {
    const auto spec = std::ranges::find_if(kSpecs, [&](const auto& candidate) {
        return std::ranges::find(candidate.names, name) != candidate.names.end();
    });
    return spec == std::end(kSpecs) ? nullptr : spec;
}

} // namespace altiplano::engine
