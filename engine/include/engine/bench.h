#pragma once

#include "engine/scheduler.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace altiplano::engine {

class Model;

/// One thing to time: a prompt of `promptTokens`, or `generateTokens` of decoding (the other is 0), with
/// `depth` tokens in the context before it, `batch` sequences at once.
struct BenchCase {
    std::uint32_t promptTokens = 0;
    std::uint32_t generateTokens = 0;
    std::uint32_t depth = 0;
    std::uint32_t batch = 1;
    std::uint32_t repetitions = 5;
    std::uint32_t contextTokens = 0; ///< of each sequence; 0: as many as are needed
    bool spans = false;              ///< tell the newest step in detail
};

/// What a case gave. Medians are over the repetitions; a warm-up run comes before them and is not counted.
struct BenchResult {
    BenchCase benchCase;
    std::vector<double> tokensPerSecond; ///< of all sequences together, each repetition
    double tokensPerSecondMedian = 0;
    StepPath path = StepPath::Host;
    double hostUsPerToken = 0;                    ///< host work of a step but for waiting, over its tokens
    double deviceMsPerToken = 0;                  ///< time in the kernels, over its tokens
    double bytesPerSecond = 0;                    ///< weights and K/V read, over the time
    std::array<double, kHostPhases> hostUs{};     ///< per token, waiting included
    std::array<double, kDevicePhases> deviceUs{}; ///< per token
    std::optional<StepTiming> step;               ///< the newest, where BenchCase::spans asked for it
};

/// Times a case through the Scheduler, so with sampling (greedy), detokenizing and delivery: what a user
/// gets. Tokens are random (fixed seed). `progress` (may be empty) hears of each repetition that is done.
/// Throws Error{BadRequest} where the case does not fit the context, Error{Cancelled} when `stop` is
/// requested, and Error of a request that failed. The case decides on context, pool and sequences.
BenchResult runBench(const std::shared_ptr<const Model>& model, const BenchCase& benchCase,
                     SchedulerOptions options, const std::function<void(std::uint32_t done)>& progress = {},
                     std::stop_token stop = {});

} // namespace altiplano::engine
