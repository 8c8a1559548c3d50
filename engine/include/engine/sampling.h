#pragma once

#include "engine/tokenizer.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace altiplano::engine {

/// How the next token is chosen. The stages run in this order: logit bias, repetition / presence / frequency
/// penalties, DRY, top-k, typical, top-p, min-p, XTC, temperature, draw. Each sees the probabilities that the
/// one before it left, summing to 1. A value that is "off" skips its stage.
struct SamplingParams {
    float temperature = 0.7f;       ///< 0: greedy
    std::uint32_t topK = 40;        ///< 0: off
    float topP = 0.95f;             ///< 1: off
    float minP = 0.05f;             ///< 0: off
    float typicalP = 1.0f;          ///< 1: off. Meister et al. 2022, arXiv 2202.00666
    float repetitionPenalty = 1.0f; ///< 1: off. Divides positive and multiplies negative logits
    float presencePenalty = 0.0f;
    float frequencyPenalty = 0.0f;
    std::uint32_t penaltyWindow = 64; ///< newest tokens that the penalties look at

    float dryMultiplier = 0.0f; ///< 0: off. "Don't repeat yourself", text-generation-webui PR 5677
    float dryBase = 1.75f;
    std::uint32_t dryAllowedLength = 2;
    std::vector<std::string> dryBreakers = {"\n", ":", "\"", "*"};

    float xtcProbability = 0.0f; ///< 0: off. "Exclude top choices", text-generation-webui PR 6335
    float xtcThreshold = 0.1f;

    bool mirostat = false; ///< version 2, arXiv 2007.14966; replaces top-k ... XTC
    float mirostatTau = 5.0f;
    float mirostatEta = 0.1f;

    std::vector<std::pair<TokenId, float>> logitBias;
    std::optional<std::uint64_t> seed; ///< absent: a random one, reported in Finished
};

/// Error{BadRequest} naming the value where a parameter is outside its range or not a number.
void checkSamplingParams(const SamplingParams& params);

struct TokenProbability {
    TokenId token = -1;
    float probability = 0;
};

/// The state of one sequence's sampling: recent tokens, generator, mirostat's mu. Same parameters, seed and
/// logits: same tokens. Not thread-safe.
class Sampler {
public:
    /// `tokenizer` is used to find DRY's sequence breakers; it must outlive the sampler. Error{BadRequest}.
    Sampler(const SamplingParams& params, const Tokenizer& tokenizer);
    ~Sampler();
    Sampler(Sampler&&) noexcept;
    Sampler& operator=(Sampler&&) noexcept;

    /// Tells of a token that is part of the text already (the prompt's, and each sampled one).
    void accept(TokenId token);

    /// Chooses a token; `logits` [vocabulary] is scratch afterwards. Does not accept it. NaN and +inf logits
    /// count as -inf; where none is finite, EOS.
    TokenId sample(std::span<float> logits);

    /// What sample would draw from: the tokens that are left and their probabilities, the most probable
    /// first. `logits` is scratch afterwards.
    std::vector<TokenProbability> distribution(std::span<float> logits);

    std::uint64_t seed() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace altiplano::engine
