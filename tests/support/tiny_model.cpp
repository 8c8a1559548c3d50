#include "support/tiny_model.h"

#include "support/quantize.h"
#include "support/tiny_vocabulary.h"

#include <cmath>
#include <random>

namespace altiplano::test {

using kernels::QuantType;

namespace {

/// Adds tensors of random weights in the sizes that keep activations near 1.
class WeightMaker {
public:
    WeightMaker(GgufWriter& writer, const TinyModelOptions& options)
        : m_writer(writer), m_hollow(options.hollow), m_random(options.seed) {}

    void matrix(const std::string& name, QuantType type, std::uint64_t rows, std::uint64_t columns) {
        if (m_hollow) {
            m_writer.addHole(name, type, {columns, rows});
            return;
        }
        const float deviation = 1 / std::sqrt(static_cast<float>(columns));
        m_writer.addTensor(name, type, {columns, rows},
                           randomWeights(type, rows * columns, deviation, m_random));
    }
    void vector(const std::string& name, std::uint64_t size, float mean, float deviation) {
        if (m_hollow) {
            m_writer.addHole(name, QuantType::F32, {size});
            return;
        }
        std::normal_distribution<float> normal(mean, deviation);
        std::vector<float> values(size);
        for (float& value : values)
            value = normal(m_random);
        m_writer.addTensor(name, QuantType::F32, {size}, quantize(QuantType::F32, values));
    }
    void norm(const std::string& name, std::uint64_t size) { vector(name, size, 1, 0.1f); }
    void bias(const std::string& name, std::uint64_t size) { vector(name, size, 0, 0.1f); }

private:
    GgufWriter& m_writer;
    bool m_hollow;
    std::mt19937_64 m_random;
};

void setHyperparameters(GgufWriter& writer, const TinyModelOptions& options, std::uint32_t headDim,
                        std::uint32_t vocabulary) {
    const auto set = [&](const char* key, auto value) { writer.set(options.architecture + key, value); };
    set(".block_count", options.layers);
    set(".context_length", options.contextLength);
    set(".embedding_length", options.hidden);
    set(".feed_forward_length", options.feedForward);
    set(".attention.head_count", options.heads);
    set(".attention.head_count_kv", options.kvHeads);
    set(".attention.layer_norm_rms_epsilon", options.normEpsilon);
    set(".rope.dimension_count", headDim);
    set(".rope.freq_base", options.ropeBase);
    set(".vocab_size", vocabulary);
    if (headDim * options.heads != options.hidden) {
        set(".attention.key_length", headDim);
        set(".attention.value_length", headDim);
    }
    if (options.slidingWindow) set(".attention.sliding_window", options.slidingWindow);
}

void addLayer(WeightMaker& make, const TinyModelOptions& options, std::uint32_t headDim,
              std::uint32_t layer) {
    const std::string block = "blk." + std::to_string(layer) + ".";
    const std::uint32_t qRows = options.heads * headDim, kvRows = options.kvHeads * headDim;
    make.norm(block + "attn_norm.weight", options.hidden);
    make.matrix(block + "attn_q.weight", options.attention, qRows, options.hidden);
    make.matrix(block + "attn_k.weight", options.attention, kvRows, options.hidden);
    make.matrix(block + "attn_v.weight", options.attentionV, kvRows, options.hidden);
    make.matrix(block + "attn_output.weight", options.attention, options.hidden, qRows);
    make.norm(block + "ffn_norm.weight", options.hidden);
    make.matrix(block + "ffn_gate.weight", options.feedForwardUp, options.feedForward, options.hidden);
    make.matrix(block + "ffn_up.weight", options.feedForwardUp, options.feedForward, options.hidden);
    make.matrix(block + "ffn_down.weight", options.feedForwardDown, options.hidden, options.feedForward);
    if (options.attentionBiases || options.allBiases || options.architecture == "qwen2") {
        make.bias(block + "attn_q.bias", qRows);
        make.bias(block + "attn_k.bias", kvRows);
        make.bias(block + "attn_v.bias", kvRows);
    }
    if (options.allBiases) {
        make.bias(block + "attn_output.bias", options.hidden);
        make.bias(block + "ffn_gate.bias", options.feedForward);
        make.bias(block + "ffn_up.bias", options.feedForward);
        make.bias(block + "ffn_down.bias", options.hidden);
    }
}

} // namespace

TinyModelOptions& TinyModelOptions::allOf(QuantType type) {
    embedding = attention = attentionV = feedForwardUp = feedForwardDown = output = type;
    return *this;
}

GgufWriter tinyModelWriter(const TinyModelOptions& options) {
    GgufWriter writer;
    writer.set("general.architecture", options.architecture);
    writer.set("general.name", std::string("Tiny random model"));
    const std::uint32_t headDim = options.headDim ? options.headDim : options.hidden / options.heads;
    const std::uint32_t vocabulary = options.vocabulary == TinyVocabulary::SentencePiece
                                         ? setSentencePieceVocabulary(writer, options.vocabularySize)
                                         : setBpeVocabulary(writer, options.vocabularySize);
    if (!options.chatTemplate.empty()) writer.set("tokenizer.chat_template", options.chatTemplate);
    setHyperparameters(writer, options, headDim, vocabulary);

    WeightMaker make(writer, options);
    make.matrix("token_embd.weight", options.embedding, vocabulary, options.hidden);
    for (std::uint32_t layer = 0; layer < options.layers; ++layer)
        addLayer(make, options, headDim, layer);
    make.norm("output_norm.weight", options.hidden);
    if (!options.tied) make.matrix("output.weight", options.output, vocabulary, options.hidden);
    if (options.ropeFreqs) {
        std::vector<float> divisors(headDim / 2);
        for (std::size_t i = 0; i < divisors.size(); ++i)
            divisors[i] = 1 + 7 * static_cast<float>(i) / static_cast<float>(divisors.size());
        writer.addTensor("rope_freqs.weight", QuantType::F32, {divisors.size()},
                         quantize(QuantType::F32, divisors));
    }
    return writer;
}

std::vector<std::byte> tinyModel(const TinyModelOptions& options) {
    return tinyModelWriter(options).bytes();
}

std::filesystem::path writeTinyModel(const std::filesystem::path& path, const TinyModelOptions& options) {
    tinyModelWriter(options).write(path);
    return path;
}

} // namespace altiplano::test
