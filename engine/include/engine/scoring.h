#pragma once

#include "engine/scheduler.h"
#include "engine/tokenizer.h"

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>

namespace altiplano::engine {

class Model;

struct ScoringOptions {
    KvType kvType = KvType::F16;
    std::uint32_t chunk =
        0; ///< rows of one step; 0: 512, or fewer where the vocabulary's logits would be large
};

/// Called with the logits [vocabulary] of each position in order, valid during the call.
using LogitsListener = std::function<void(std::uint32_t position, std::span<const float> logits)>;

/// Runs the tokens as one sequence from position 0 and hands out the logits of every position, on this
/// thread. Logits of position i speak of token i + 1. Error{BadRequest} for ids outside the vocabulary,
/// {OutOfMemory}, {Device}, {Cancelled} once `stop` is requested; exceptions of the listener pass through.
void scoreTokens(const Model& model, std::span<const TokenId> tokens, const LogitsListener& listener,
                 const ScoringOptions& options = {}, const std::stop_token& stop = {});

} // namespace altiplano::engine
