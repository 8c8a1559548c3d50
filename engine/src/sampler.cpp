#include "engine/sampling.h"

#include "engine/error.h"
#include "sampling_stages.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <unordered_map>

namespace altiplano::engine {

namespace {

void requireRange(const char* name, float value, float least, float most) {
    if (value >= least && value <= most) return; // false for NaN
    throw Error(ErrorCode::BadRequest, std::string("The sampling value '") + name + "' is " +
                                           std::to_string(value) + ", but must be from " +
                                           std::to_string(least) + " to " + std::to_string(most) + ".");
}

/// A sequence that was said before, longer than this, is penalized as if it were this long.
constexpr std::size_t kDryLongest = 50;

} // namespace

void checkSamplingParams(const SamplingParams& params) {
    constexpr float kLarge = 1e6f;
    requireRange("temperature", params.temperature, 0, 100);
    requireRange("top_p", params.topP, 0, 1);
    requireRange("min_p", params.minP, 0, 1);
    requireRange("typical_p", params.typicalP, 0, 1);
    requireRange("repetition_penalty", params.repetitionPenalty, 0.01f, 100);
    requireRange("presence_penalty", params.presencePenalty, -kLarge, kLarge);
    requireRange("frequency_penalty", params.frequencyPenalty, -kLarge, kLarge);
    requireRange("dry_multiplier", params.dryMultiplier, 0, kLarge);
    requireRange("dry_base", params.dryBase, 1, 10);
    requireRange("xtc_probability", params.xtcProbability, 0, 1);
    requireRange("xtc_threshold", params.xtcThreshold, 0, 1);
    requireRange("mirostat_tau", params.mirostatTau, 0, 100);
    requireRange("mirostat_eta", params.mirostatEta, 0, 1);
    for (const auto& [token, bias] : params.logitBias)
        if (!(bias < kLarge)) requireRange("logit_bias", bias, -kLarge, kLarge);
}

struct Sampler::State {
    SamplingParams params;
    const Tokenizer& tokenizer;
    std::uint64_t seed;
    std::mt19937_64 generator;
    float mirostatMu;
    std::vector<TokenId> history;
    std::unordered_map<TokenId, bool> breakers; ///< tokens that were looked at
    std::vector<TokenId> window;                ///< scratch
    Candidates candidates;

    State(const SamplingParams& p, const Tokenizer& t)
        : params(p), tokenizer(t), seed(p.seed ? *p.seed : randomSeed()), generator(seed),
          mirostatMu(2 * p.mirostatTau) {}

    static std::uint64_t randomSeed() {
        std::random_device device;
        return std::uint64_t(device()) << 32 | device();
    }

    /// In [0, 1), the same on every standard library.
    double uniform() { return static_cast<double>(generator() >> 11) * 0x1p-53; }

    void adjust(std::span<float> logits);
    void applyPenalties(std::span<float> logits);
    void applyDry(std::span<float> logits);
    bool isBreaker(TokenId token);
    bool narrow(std::span<float> logits);
    TokenId fallback() const { return tokenizer.vocabulary().eos.value_or(0); }
};

/// The stages that change logits.
void Sampler::State::adjust(std::span<float> logits) {
    for (const auto& [token, bias] : params.logitBias)
        if (static_cast<std::size_t>(token) < logits.size()) logits[static_cast<std::size_t>(token)] += bias;
    applyPenalties(logits);
    applyDry(logits);
}

void Sampler::State::applyPenalties(std::span<float> logits) {
    if (params.repetitionPenalty == 1 && params.presencePenalty == 0 && params.frequencyPenalty == 0) return;
    const std::size_t count = std::min<std::size_t>(params.penaltyWindow, history.size());
    window.assign(history.end() - static_cast<std::ptrdiff_t>(count), history.end());
    std::sort(window.begin(), window.end());
    for (auto run = window.begin(); run != window.end();) {
        const auto end = std::upper_bound(run, window.end(), *run);
        const auto token = static_cast<std::size_t>(*run);
        if (token < logits.size()) {
            float& logit = logits[token];
            logit = logit > 0 ? logit / params.repetitionPenalty : logit * params.repetitionPenalty;
            logit -= params.presencePenalty + params.frequencyPenalty * static_cast<float>(end - run);
        }
        run = end;
    }
}

/// A token that would continue a repetition of at least dryAllowedLength tokens pays for it exponentially.
void Sampler::State::applyDry(std::span<float> logits) {
    if (params.dryMultiplier == 0 || history.size() < 2 || isBreaker(history.back())) return;
    std::unordered_map<TokenId, std::size_t> repeated; ///< by the token that would come next
    const std::size_t last = history.size() - 1;
    for (std::size_t i = 0; i < last; ++i) {
        if (history[i] != history[last] || isBreaker(history[i + 1])) continue;
        std::size_t length = 1;
        while (length < kDryLongest && length <= i && history[i - length] == history[last - length] &&
               !isBreaker(history[last - length]))
            ++length;
        std::size_t& longest = repeated[history[i + 1]];
        longest = std::max(longest, length);
    }
    for (const auto& [token, length] : repeated) {
        if (length < params.dryAllowedLength || static_cast<std::size_t>(token) >= logits.size()) continue;
        const auto exponent = static_cast<float>(length - params.dryAllowedLength);
        logits[static_cast<std::size_t>(token)] -= params.dryMultiplier * std::pow(params.dryBase, exponent);
    }
}

bool Sampler::State::isBreaker(TokenId token) {
    const auto [entry, isNew] = breakers.try_emplace(token, false);
    if (isNew) {
        const std::string piece = tokenizer.piece(token, true);
        entry->second =
            std::any_of(params.dryBreakers.begin(), params.dryBreakers.end(), [&](const std::string& text) {
                return !text.empty() && piece.find(text) != std::string::npos;
            });
    }
    return entry->second;
}

/// Fills `candidates` with what may be drawn; false where no logit is finite.
bool Sampler::State::narrow(std::span<float> logits) {
    adjust(logits);
    if (params.temperature == 0) {
        candidates.assign(logits, 1);
        return !candidates.empty();
    }
    candidates.assign(logits, params.mirostat ? 0 : params.topK);
    if (candidates.empty()) return false;
    if (params.mirostat) {
        candidates.setTemperature(params.temperature);
        candidates.keepSurprise(mirostatMu);
        return true;
    }
    if (params.typicalP < 1) candidates.keepTypical(params.typicalP);
    if (params.topP < 1) candidates.keepTopP(params.topP);
    if (params.minP > 0) candidates.keepMinP(params.minP);
    if (params.xtcProbability > 0 && uniform() < params.xtcProbability)
        candidates.excludeTopChoices(params.xtcThreshold);
    candidates.setTemperature(params.temperature);
    return true;
}

Sampler::Sampler(const SamplingParams& params, const Tokenizer& tokenizer) {
    checkSamplingParams(params);
    for (const auto& [token, bias] : params.logitBias)
        if (token < 0 || static_cast<std::size_t>(token) >= tokenizer.vocabulary().tokens.size())
            throw Error(ErrorCode::BadRequest, "logit_bias names token " + std::to_string(token) +
                                                   ", which the model's vocabulary does not have.");
    m_state = std::make_unique<State>(params, tokenizer);
}

Sampler::~Sampler() = default;
Sampler::Sampler(Sampler&&) noexcept = default;
Sampler& Sampler::operator=(Sampler&&) noexcept = default;

void Sampler::accept(TokenId token) {
    m_state->history.push_back(token);
}

TokenId Sampler::sample(std::span<float> logits) {
    State& s = *m_state;
    if (!s.narrow(logits)) return s.fallback();
    if (s.params.temperature == 0) return s.candidates.items().front().token;
    const Candidate& drawn = s.candidates.at(s.uniform());
    if (s.params.mirostat)
        s.mirostatMu -=
            s.params.mirostatEta *
            (static_cast<float>(-std::log2(s.candidates.probability(drawn))) - s.params.mirostatTau);
    return drawn.token;
}

std::vector<TokenProbability> Sampler::distribution(std::span<float> logits) {
    State& s = *m_state;
    if (!s.narrow(logits)) return {{s.fallback(), 1.0f}};
    s.candidates.sort();
    std::vector<TokenProbability> result;
    for (const Candidate& candidate : s.candidates.items())
        result.push_back({candidate.token, static_cast<float>(s.candidates.probability(candidate))});
    return result;
}

std::uint64_t Sampler::seed() const {
    return m_state->seed;
}

} // namespace altiplano::engine
