#pragma once

#include "support/gguf_writer.h"

#include "kernels/quant_type.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace altiplano::test {

/// SentencePiece (byte pieces, "▁the") or byte-level BPE (256 bytes, merges, <|im_start|>).
enum class TinyVocabulary { SentencePiece, Bpe };

/// What a tiny model is like. Columns (hidden, heads * headDim, feedForward) must be whole blocks of the
/// types asked for: 32 for Q4_0 to Q8_0, 256 for the K formats.
struct TinyModelOptions {
    std::string architecture = "llama"; ///< or "qwen2", which brings biases of q, k and v
    std::uint32_t layers = 2;
    std::uint32_t hidden = 64;
    std::uint32_t heads = 4;
    std::uint32_t kvHeads = 2;
    std::uint32_t headDim = 0; ///< 0: hidden / heads
    std::uint32_t feedForward = 128;
    std::uint32_t contextLength = 512;
    std::uint32_t slidingWindow = 0; ///< 0: the key is left out
    float normEpsilon = 1e-5f;
    float ropeBase = 10000;
    TinyVocabulary vocabulary = TinyVocabulary::SentencePiece;
    std::uint32_t vocabularySize = 0; ///< 0: as it comes, a few hundred; more is filled up with unused tokens

    kernels::QuantType embedding = kernels::QuantType::F32;
    kernels::QuantType attention = kernels::QuantType::F32; ///< q, k and output
    kernels::QuantType attentionV = kernels::QuantType::F32;
    kernels::QuantType feedForwardUp = kernels::QuantType::F32; ///< gate and up
    kernels::QuantType feedForwardDown = kernels::QuantType::F32;
    kernels::QuantType output = kernels::QuantType::F32;

    bool tied = false;            ///< no output.weight
    bool attentionBiases = false; ///< q, k, v
    bool allBiases = false;       ///< q, k, v, attention output, gate, up and down
    bool ropeFreqs = false;       ///< rope_freqs.weight, divisors from 1 to 8 as in Llama 3
    std::string chatTemplate;     ///< tokenizer.chat_template; empty: none
    bool hollow = false; ///< weights are holes in the file: as large as one likes, and never to be run
    std::uint64_t seed = 1;

    /// All matrices of one type.
    TinyModelOptions& allOf(kernels::QuantType type);
};

/// A complete model with random weights, to be changed further before it is written. The same options give
/// the same bytes.
GgufWriter tinyModelWriter(const TinyModelOptions& options = {});

/// Its bytes.
std::vector<std::byte> tinyModel(const TinyModelOptions& options = {});

/// Writes it to `path` and returns that.
std::filesystem::path writeTinyModel(const std::filesystem::path& path, const TinyModelOptions& options = {});

} // namespace altiplano::test
