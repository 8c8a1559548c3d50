#pragma once

#include "kernels/execute_times.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace altiplano::kernels {

/// How a decode loop chooses a token. The stages and their order are engine::SamplingParams', less those that
/// a device does not do (whoever needs one samples on the host through Program::execute): penalties, top-k,
/// typical, top-p, min-p, temperature, draw. A value that is "off" skips its stage.
struct DecodeSampling {
    float temperature = 0;       ///< 0: greedy, the lowest id where several are largest
    std::uint32_t topK = 0;      ///< 0: off
    float typicalP = 1;          ///< 1: off
    float topP = 1;              ///< 1: off
    float minP = 0;              ///< 0: off
    float repetitionPenalty = 1; ///< 1: off
    float presencePenalty = 0;
    float frequencyPenalty = 0;
    std::uint32_t penaltyWindow = 0; ///< newest tokens that the penalties look at; at most kMaxPenaltyWindow
    std::uint64_t seed = 0;          ///< same seed, parameters and logits: same tokens
};

inline constexpr std::uint32_t kMaxPenaltyWindow = 256;
inline constexpr std::uint32_t kMaxStopTokens = 16;

/// One sequence at the point where it starts to decode: K/V of all positions before `position` are in its
/// pages.
struct DecodeSequence {
    std::int32_t token = 0;      ///< the newest token, not run yet
    std::uint32_t position = 0;  ///< its position
    std::uint32_t maxTokens = 0; ///< most tokens to choose, at least 1
    std::uint32_t chosen = 0;    ///< tokens chosen before: the seed's random numbers go on from there
    std::span<const std::uint32_t> pages; ///< its page table so far; see DecodeLoop::addPages
    std::span<const std::int32_t> recent; ///< text so far for the penalties, newest last, `token` included
    std::span<const std::int32_t> stopTokens; ///< at most kMaxStopTokens; one of them ends the sequence
    DecodeSampling sampling;
    bool masked = false; ///< none of its tokens is drawn before DecodeLoop::allow has said which ones may be
};

/// A token that a decode loop has chosen.
struct DecodedToken {
    std::uint32_t sequence = 0; ///< index in DecodeLoop::start
    std::int32_t token = 0;     ///< kNoToken where no logit was a finite number; it is the last then
    bool last = false;          ///< a stop token, or the sequence's maxTokens-th
    std::int64_t stepNs = 0;    ///< how long the device worked on its step; 0: not measured

    static constexpr std::int32_t kNoToken = -1;
};

/// What a step of a decode loop takes now. Phases are measured on one step in many, which costs less than
/// 1 % of the time: their shares hold for the steps between, each of which has its own stepNs.
struct DecodeCosts {
    /// Of the newest measured step; 0: none yet. What passes until the next phase begins belongs to each.
    std::array<std::int64_t, ExecuteTimes::kPhases> phaseNs{};
    /// The same step kernel by kernel, from the beginning of its first, where its kernels tell; in time
    /// order.
    std::shared_ptr<const std::vector<PhaseSpan>> spans;
    std::uint64_t weightBytes = 0;     ///< read by every step
    std::uint64_t kvBytesPerToken = 0; ///< for each position attended to
};

/// Decoding without the host: the whole step (embedding, layers, logits, penalties, sampling, the token's
/// feedback, position, stop check) runs on the device, and the host only launches ahead and reads tokens as
/// they arrive. Steps past a sequence's last token change nothing, so running ahead never shows. Belongs to
/// the thread of its ExecutionState; between start and the last token nothing else may run on that state.
class DecodeLoop {
public:
    virtual ~DecodeLoop() = default;

    /// Begins with these sequences, one row of every step each. Waits for the steps of an earlier start.
    virtual void start(std::span<const DecodeSequence> sequences) = 0;

    /// Appends to a sequence's page table; the steps launched from now on see it. Before launch(n) the table
    /// must cover the positions that those n steps can reach.
    virtual void addPages(std::uint32_t sequence, std::span<const std::uint32_t> pages) = 0;

    /// What a masked sequence may choose as its next token: bit i % 32 of word i / 32 for token i. Once for
    /// each token, when the one before it has been polled; steps may be launched before, and wait. The place
    /// for what the host must decide per token, such as a grammar; runs without a masked sequence do not have
    /// it.
    virtual void allow(std::uint32_t sequence, std::span<const std::uint32_t> bits) = 0;

    /// Enqueues steps and returns at once. At most kMaxStepsAhead may be launched and not yet polled.
    virtual void launch(std::uint32_t steps) = 0;

    /// Appends the tokens that have arrived since the last call, in order; never blocks. Throws
    /// BackendError{Device} when the device has failed.
    virtual void poll(std::vector<DecodedToken>& tokens) = 0;

    /// Waits until every launched step is done; masked sequences whose masks are missing end.
    virtual void wait() = 0;

    virtual DecodeCosts costs() const = 0;

    static constexpr std::uint32_t kMaxStepsAhead = 256;
};

struct DecodeLoopOptions {
    std::uint32_t maxSequences = 1;
    bool graphs = true; ///< off: the same kernels by stream launches, to show what the graph gains
    bool timing = true; ///< measure phases; see DecodeCosts
};

} // namespace altiplano::kernels
