#pragma once

#include "conversation.h"
#include "engine/generation.h"
#include "engine/kv_pool.h"
#include "engine/sampling.h"
#include "engine/text_decoder.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace altiplano::engine {

class Model;
class StepClock;

/// A request on its way through the scheduler: its text so far, its sampler, its events that are not
/// delivered yet.
class ActiveRequest {
public:
    ActiveRequest(const Model& model, GenerationRequest request, GenerationListener listener,
                  std::stop_token stop);
    ActiveRequest(const ActiveRequest&) = delete;
    ActiveRequest& operator=(const ActiveRequest&) = delete;

    /// Makes prompt, sampler and decoder, once; drops turns where the prompt is too long and the policy says
    /// so. Error where it cannot be run in a context of that many tokens.
    void prepare(std::uint32_t contextTokens);

    /// Finds what the pool knows of the text already.
    void openSequence(KvPool& pool, const KvPool::CopyPage& copy);
    void closeSequence() { m_sequence.reset(); } ///< its pages stay as cache

    bool isOpen() const { return m_sequence.has_value(); }
    Sequence& sequence() { return *m_sequence; }
    const std::vector<TokenId>& tokens() const { return m_tokens; } ///< prompt and answer
    std::size_t answerStart() const { return m_answerStart; }       ///< its first generated token
    std::uint32_t pending() const; ///< tokens that are to be run before the next one can be chosen
    std::span<const TokenId> nextTokens(std::uint32_t count) const;

    /// True when a step of `rows` rows of it reads prompt rather than decodes.
    bool isPrompt(std::uint32_t rows) const { return rows > 1 || m_firstTokenNs == 0; }

    void beginStep();      ///< rows of it are about to run
    void reportProgress(); ///< a chunk of the prompt was run

    /// Chooses the next token; may end the request. Laps Sample and Detokenize.
    void takeLogits(std::span<float> logits, StepClock& clock);

    /// Takes the next token, which the device has chosen; may end the request. Laps Detokenize.
    void takeToken(TokenId token, StepClock& clock);

    const SamplingParams& sampling() const { return m_request.sampling; }
    std::uint64_t seed() const { return m_sampler->seed(); }
    bool ignoresTurnEnds() const { return m_request.ignoreEos; }
    std::uint32_t decoded() const { return m_timings.decodeTokens; }
    std::uint32_t tokensLeft(std::uint32_t contextTokens) const; ///< until maxTokens or the context end it

    /// The context is full: drops turns if the policy allows it (the sequence must be opened again then), or
    /// ends. Error from the template.
    void makeRoom(std::uint32_t contextTokens);

    void finish(FinishReason reason);
    void fail(ErrorCode code, const std::string& sentence);
    void failNotFinite(); ///< the model's logits are no numbers
    bool ended() const { return m_ended; }
    bool failed() const { return m_failed; }

    bool stopRequested() const { return m_listenerFailed || m_stop.stop_requested(); }
    const std::stop_token& stopToken() const { return m_stop; }

    /// Hands the events over; Delta and PromptProgress get this timing.
    void deliver(const StepTiming& timing);

    std::uint64_t lastChunk = 0; ///< the slice in which its prompt last had its turn: the scheduler's note

private:
    void encodePrompt();
    void fitPrompt(std::uint32_t contextTokens);
    bool drop(std::size_t limit);
    void endText();

    const Model& m_model;
    GenerationRequest m_request;
    GenerationListener m_listener;
    std::stop_token m_stop;
    bool m_listenerFailed = false;
    bool m_ended = false;
    bool m_failed = false;

    std::optional<Conversation> m_conversation;
    std::vector<TokenId> m_tokens;
    std::size_t m_answerStart = 0; ///< in m_tokens
    std::optional<Sequence> m_sequence;
    std::optional<Sampler> m_sampler;
    TextDecoder m_decoder;
    std::vector<GenerationEvent> m_outbox;

    GenerationTimings m_timings;
    std::int64_t m_submitNs = 0;
    std::int64_t m_promptStartNs = 0;
    std::int64_t m_firstTokenNs = 0;
};

} // namespace altiplano::engine
