#pragma once

#include "engine/error.h"
#include "engine/sampling.h"
#include "engine/step_timing.h"
#include "engine/tokenizer.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace altiplano::engine {

/// One turn of a conversation.
struct ChatMessage {
    std::string role; ///< "system", "user", "assistant", "tool"
    std::string content;
};

/// What happens when prompt plus answer outgrow the context.
enum class OverflowPolicy : std::uint8_t {
    Stop,       ///< the answer ends with FinishReason::ContextFull
    DropOldest, ///< system prompt kept, oldest whole turns (user and answer) dropped; a Dropped event says
                ///< which
};

/// A request for text: either a conversation (rendered through the chat template) or a raw prompt.
struct GenerationRequest {
    std::vector<ChatMessage> messages; ///< a conversation, or
    std::string prompt;                ///< raw text (used when messages is empty), or
    std::vector<TokenId> promptTokens; ///< raw ids (used when both are empty)
    bool addSpecial = true;            ///< for a raw text prompt: BOS/EOS as the vocabulary says
    std::string answerSoFar;           ///< the answer's beginning, after which it is to go on
    std::uint32_t maxTokens = 0;       ///< most tokens to generate; 0: until the context is full
    bool ignoreEos = false;            ///< for benchmarks: an end-of-turn token does not end the answer
    std::vector<std::string> stopStrings;
    SamplingParams sampling;
    OverflowPolicy overflow = OverflowPolicy::Stop;
};

enum class FinishReason : std::uint8_t { EndOfTurn, StopString, Length, ContextFull, Stopped };
std::string_view finishReasonName(FinishReason reason); ///< "stop", "stop", "length", "context", "cancelled"

/// Numbers of a whole answer. Nanoseconds.
struct GenerationTimings {
    std::uint32_t promptTokens = 0;
    std::uint32_t reusedTokens = 0; ///< of them, found in KV pages
    std::uint32_t decodeTokens = 0;
    std::int64_t promptNs = 0;     ///< spent on the prompt's other tokens
    std::int64_t firstTokenNs = 0; ///< from submit to the first token
    std::int64_t decodeNs = 0;     ///< from the first token to the last
};

namespace events {
struct PromptProgress { ///< after each chunk of the prompt; again from the start after Dropped
    std::uint32_t done = 0, total = 0;
    StepTiming timing; ///< of the step that ran this chunk
};
struct Delta { ///< new text (may be empty while characters or stop strings are held back)
    std::string text;
    TokenId token = -1; ///< -1: only text that had been held back
    StepTiming timing;
    std::uint32_t contextUsed = 0; ///< tokens of the context in use now
};
struct Dropped {                    ///< the context was full: these messages are no longer seen by the model
    std::uint32_t firstMessage = 0; ///< index into GenerationRequest::messages
    std::uint32_t messages = 0;
    std::uint32_t tokens = 0; ///< by which the context shrank
};
struct Finished {
    FinishReason reason = FinishReason::EndOfTurn;
    std::string stopString; ///< the one that ended it, if any
    std::uint64_t seed = 0;
    GenerationTimings timings;
};
struct Failed {
    ErrorCode code = ErrorCode::BadRequest;
    std::string sentence;
};
} // namespace events

/// What a request brings about, in order; ends with exactly one Finished or Failed.
using GenerationEvent =
    std::variant<events::PromptProgress, events::Delta, events::Dropped, events::Finished, events::Failed>;

/// Called on the thread that runs the scheduler. Must not block.
using GenerationListener = std::function<void(const GenerationEvent&)>;

} // namespace altiplano::engine
