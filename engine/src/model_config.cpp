#include "engine/model_config.h"

#include "display_name.h"
#include "engine/error.h"
#include "engine/forward_plan.h"
#include "engine/gguf_file.h"
#include "gguf/printable.h"
#include "hyperparameters.h"
#include "quantization_name.h"
#include "rope_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace altiplano::engine {

namespace {

/// What the architectures differ in. Converters store llama's Q and K rows permuted, so that pairs are
/// adjacent.
struct Architecture {
    std::string_view name;
    kernels::RopePairing pairing;
};
constexpr std::array kArchitectures = {
    Architecture{"llama", kernels::RopePairing::Adjacent},
    Architecture{"qwen2", kernels::RopePairing::Halves},
};

/// Keys that change what a model computes in ways that the forward pass does not have, and the number with
/// which they change nothing.
struct ForeignKey {
    const char* key;
    double neutral;
};
constexpr std::array kForeignKeys = {
    ForeignKey{"expert_count", 0},
    ForeignKey{"attention.clamp_kqv", 0},
    ForeignKey{"attention.max_alibi_bias", 0},
    ForeignKey{"attention.temperature_scale", 0},
    ForeignKey{"attn_logit_softcapping", 0},
    ForeignKey{"final_logit_softcapping", 0},
    ForeignKey{"rope.scaling.alpha", 0},
    ForeignKey{"embedding_scale", 1},
    ForeignKey{"residual_scale", 1},
    ForeignKey{"logit_scale", 1},
};

[[noreturn]] void refuse(const GgufFile& file, const std::string& reason,
                         ErrorCode code = ErrorCode::BadFile) {
    throw Error(code, onOneLine(file.path().string()) + ": " + reason);
}

const Architecture& findArchitecture(const GgufFile& file) {
    if (const auto type = file.string("general.type").value_or("model"); type != "model")
        refuse(file, "the file is of the type " + inQuotes(type) + ", not a model", ErrorCode::Unsupported);
    const std::optional<std::string_view> name = file.string("general.architecture");
    if (!name) refuse(file, "metadata key 'general.architecture': is missing");
    for (const Architecture& known : kArchitectures)
        if (known.name == *name) return known;
    refuse(file, "the architecture " + inQuotes(*name) + " is not supported; llama and qwen2 are",
           ErrorCode::Unsupported);
}

void refuseForeign(const Hyperparameters& keys) {
    for (const auto& [key, neutral] : kForeignKeys)
        if (const std::optional<double> value = keys.number(key); value && *value != neutral)
            keys.refuse(key,
                        std::string(key) == "expert_count"
                            ? "a mixture of experts is not supported"
                            : "this variation of the architecture is not supported",
                        ErrorCode::Unsupported);
}

kernels::PlanShape readShape(const GgufFile& file, const Hyperparameters& keys) {
    kernels::PlanShape shape;
    shape.layers = keys.count("block_count");
    shape.hidden = keys.count("embedding_length");
    shape.feedForward = keys.count("feed_forward_length");
    shape.heads = keys.count("attention.head_count");
    shape.kvHeads = keys.count("attention.head_count_kv", shape.heads);
    if (shape.heads % shape.kvHeads != 0)
        keys.refuse("attention.head_count_kv", std::to_string(shape.heads) + " heads cannot share " +
                                                   std::to_string(shape.kvHeads) + " key-value heads");
    if (!keys.find("attention.key_length") && shape.hidden % shape.heads != 0)
        keys.refuse("attention.head_count", std::to_string(shape.hidden) +
                                                " dimensions cannot be divided among " +
                                                std::to_string(shape.heads) + " heads");
    shape.headDim = keys.count("attention.key_length", shape.hidden / shape.heads);
    if (keys.count("attention.value_length", shape.headDim) != shape.headDim)
        keys.refuse("attention.value_length", "differs from the key length, which this engine does not run",
                    ErrorCode::Unsupported);
    if (shape.headDim % 2 != 0) keys.refuse("attention.key_length", "an odd head size cannot be rotated");
    if (keys.count("rope.dimension_count", shape.headDim) != shape.headDim)
        keys.refuse("rope.dimension_count",
                    "is not the head size, " + std::to_string(shape.headDim) +
                        ": only whole heads are rotated",
                    ErrorCode::Unsupported);

    const GgufTensor* embedding = file.tensor("token_embd.weight");
    if (!embedding)
        refuse(file, file.tensors().empty() ? "the file has no weights, only metadata"
                                            : "tensor 'token_embd.weight' is missing");
    const std::int64_t rows = embedding->view().rows;
    if (rows > std::numeric_limits<std::int32_t>::max())
        refuse(file,
               "tensor 'token_embd.weight' has " + std::to_string(rows) + " rows, too many for token ids");
    shape.vocabulary = static_cast<std::uint32_t>(rows);
    return shape;
}

/// Everything that counts the vocabulary must come to the number of rows that the embedding has.
void checkVocabulary(const GgufFile& file, const Hyperparameters& keys, std::uint32_t rows) {
    if (keys.count("vocab_size", rows) != rows)
        keys.refuse("vocab_size", "tensor 'token_embd.weight' has " + std::to_string(rows) + " rows");
    const GgufArray* tokens = file.array("tokenizer.ggml.tokens");
    if (tokens && tokens->size() != rows)
        refuse(file, "metadata key 'tokenizer.ggml.tokens': there are " + std::to_string(tokens->size()) +
                         " tokens, but tensor 'token_embd.weight' has " + std::to_string(rows) + " rows");
}

/// A window for all layers. A pattern over the layers must say the same of each.
std::uint32_t readSlidingWindow(const GgufFile& file, const Hyperparameters& keys) {
    if (keys.number("attention.sliding_window").value_or(0) == 0) return 0;
    const std::uint32_t window = keys.count("attention.sliding_window");
    const GgufValue* pattern = keys.find("attention.sliding_window_pattern");
    if (!pattern) return window;
    const auto* array = std::get_if<std::shared_ptr<const GgufArray>>(pattern);
    const auto* slides = array ? std::get_if<std::vector<bool>>(&(*array)->values) : nullptr;
    if (slides && std::ranges::find(*slides, false) == slides->end()) return window;
    if (slides && std::ranges::find(*slides, true) == slides->end()) return 0;
    refuse(file, "attention with a sliding window in some layers only is not supported",
           ErrorCode::Unsupported);
}

} // namespace

ModelConfig ModelConfig::fromGguf(const GgufFile& file) {
    const Architecture& architecture = findArchitecture(file);
    const Hyperparameters keys(file, architecture.name);
    refuseForeign(keys);

    ModelConfig config;
    config.architecture = architecture.name;
    config.name = displayName(file);
    config.quantization = quantizationName(file);
    for (const GgufTensor& tensor : file.tensors())
        config.parameters += static_cast<std::uint64_t>(tensor.view().rows) * tensor.dimensions[0];
    config.shape = readShape(file, keys);
    checkVocabulary(file, keys, config.shape.vocabulary);
    config.contextLength = keys.count("context_length");
    config.normEpsilon = keys.positive("attention.layer_norm_rms_epsilon");
    if (config.normEpsilon >= 1) keys.refuse("attention.layer_norm_rms_epsilon", "is not a plausible number");
    config.attentionScale = 1 / std::sqrt(static_cast<float>(config.shape.headDim));
    if (keys.number("attention.scale").value_or(0) != 0)
        config.attentionScale = keys.positive("attention.scale");
    config.slidingWindow = readSlidingWindow(file, keys);
    config.tiedEmbeddings = !file.tensor("output.weight");
    // Holds every tensor against these numbers: only then may anything be sized by them.
    forwardPlan(file, config);
    config.rope = ropeFromGguf(file, keys, architecture.pairing, config.shape.headDim, config.contextLength);
    return config;
}

} // namespace altiplano::engine
