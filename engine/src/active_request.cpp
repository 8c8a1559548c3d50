#include "active_request.h"

#include "engine/model.h"
#include "engine/model_config.h"
#include "sentences.h"
#include "step_clock.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace altiplano::engine {

namespace {

/// True when a logit is NaN. In blocks without a branch, which compilers turn into vector code.
bool hasNan(std::span<const float> logits) {
    constexpr std::size_t kBlock = 32;
    std::size_t i = 0;
    for (; i + kBlock <= logits.size(); i += kBlock) {
        int nan = 0;
        for (std::size_t j = 0; j < kBlock; ++j)
            nan |= logits[i + j] != logits[i + j] ? 1 : 0;
        if (nan) return true;
    }
    return std::any_of(logits.begin() + static_cast<std::ptrdiff_t>(i), logits.end(),
                       [](float logit) { return std::isnan(logit); });
}

} // namespace

ActiveRequest::ActiveRequest(const Model& model, GenerationRequest request, GenerationListener listener,
                             std::stop_token stop)
    : m_model(model), m_request(std::move(request)), m_listener(std::move(listener)), m_stop(std::move(stop)),
      m_submitNs(steadyNs()) {}

void ActiveRequest::prepare(std::uint32_t contextTokens) {
    if (m_sampler) return;
    encodePrompt();
    fitPrompt(contextTokens);
    m_timings.promptTokens = static_cast<std::uint32_t>(m_tokens.size());
    m_decoder = TextDecoder(m_request.stopStrings);
    m_sampler.emplace(m_request.sampling, m_model.tokenizer());
    for (const TokenId token : m_tokens)
        m_sampler->accept(token);
}

void ActiveRequest::encodePrompt() {
    if (!m_request.messages.empty()) {
        m_conversation.emplace(m_model, m_request.messages);
        m_tokens = m_conversation->tokens();
    } else if (!m_request.prompt.empty() || m_request.promptTokens.empty()) {
        m_tokens = m_model.tokenizer().encode(m_request.prompt, {.addSpecial = m_request.addSpecial});
    } else {
        m_tokens = m_request.promptTokens;
    }
    if (m_tokens.empty()) throw Error(ErrorCode::BadRequest, "The prompt is empty.");
    const std::uint32_t vocabulary = m_model.config().shape.vocabulary;
    for (const TokenId token : m_tokens)
        if (token < 0 || static_cast<std::uint32_t>(token) >= vocabulary)
            throw Error(ErrorCode::BadRequest, "Token " + std::to_string(token) +
                                                   " of the prompt is not in the model's vocabulary of " +
                                                   withSeparators(vocabulary) + " tokens.");
    m_answerStart = m_tokens.size();
    if (m_request.answerSoFar.empty()) return;
    const auto soFar =
        m_model.tokenizer().encode(m_request.answerSoFar, {.addSpecial = false, .parseSpecial = false});
    m_tokens.insert(m_tokens.end(), soFar.begin(), soFar.end());
}

/// The context must have room for the prompt and a token after it.
void ActiveRequest::fitPrompt(std::uint32_t contextTokens) {
    if (m_tokens.size() < contextTokens) return;
    drop(contextTokens - contextTokens / 4);
    if (m_tokens.size() < contextTokens) return;
    throw Error(ErrorCode::BadRequest, "The prompt has " + withSeparators(m_tokens.size()) +
                                           " tokens, but the context holds " + withSeparators(contextTokens) +
                                           "; shorten it or choose a larger context.");
}

/// Where the policy allows it, drops turns until prompt and answer have at most `limit` tokens, or as many as
/// may be.
bool ActiveRequest::drop(std::size_t limit) {
    if (m_request.overflow != OverflowPolicy::DropOldest || !m_conversation) return false;
    const std::vector<TokenId> answer(m_tokens.begin() + static_cast<std::ptrdiff_t>(m_answerStart),
                                      m_tokens.end());
    const events::Dropped dropped = m_conversation->dropOldest(limit - std::min(limit, answer.size()));
    if (dropped.messages == 0) return false;
    m_outbox.emplace_back(dropped);
    m_tokens = m_conversation->tokens();
    m_answerStart = m_tokens.size();
    m_tokens.insert(m_tokens.end(), answer.begin(), answer.end());
    return true;
}

void ActiveRequest::openSequence(KvPool& pool, const KvPool::CopyPage& copy) {
    m_sequence = pool.open(m_tokens, copy);
    if (m_promptStartNs == 0) m_timings.reusedTokens = m_sequence->size();
}

std::uint32_t ActiveRequest::pending() const {
    return static_cast<std::uint32_t>(m_tokens.size()) - m_sequence->size();
}

std::span<const TokenId> ActiveRequest::nextTokens(std::uint32_t count) const {
    return std::span(m_tokens).subspan(m_sequence->size(), count);
}

void ActiveRequest::beginStep() {
    if (m_promptStartNs == 0) m_promptStartNs = steadyNs();
}

void ActiveRequest::reportProgress() {
    m_outbox.emplace_back(
        events::PromptProgress{m_sequence->size(), static_cast<std::uint32_t>(m_tokens.size()), {}});
}

void ActiveRequest::takeLogits(std::span<float> logits, StepClock& clock) {
    if (hasNan(logits)) {
        failNotFinite();
        return;
    }
    const TokenId token = m_sampler->sample(logits);
    clock.lap(HostPhase::Sample);
    takeToken(token, clock);
}

std::uint32_t ActiveRequest::tokensLeft(std::uint32_t contextTokens) const {
    const auto room = static_cast<std::uint32_t>(contextTokens - m_tokens.size());
    return m_request.maxTokens == 0 ? room : std::min(room, m_request.maxTokens - m_timings.decodeTokens);
}

void ActiveRequest::takeToken(TokenId token, StepClock& clock) {
    const std::int64_t now = steadyNs();
    if (m_firstTokenNs == 0) {
        m_firstTokenNs = now;
        m_timings.firstTokenNs = now - m_submitNs;
        m_timings.promptNs = now - m_promptStartNs;
    }
    m_timings.decodeNs = now - m_firstTokenNs;
    if (!m_request.ignoreEos && m_model.tokenizer().endsTurn(token)) {
        finish(FinishReason::EndOfTurn);
        return;
    }
    m_sampler->accept(token);
    m_tokens.push_back(token);
    ++m_timings.decodeTokens;

    events::Delta delta;
    delta.token = token;
    delta.text = m_decoder.push(m_model.tokenizer().piece(token));
    delta.contextUsed = static_cast<std::uint32_t>(m_tokens.size());
    m_outbox.emplace_back(std::move(delta));
    if (m_decoder.stopped())
        finish(FinishReason::StopString);
    else if (m_request.maxTokens != 0 && m_timings.decodeTokens >= m_request.maxTokens)
        finish(FinishReason::Length);
    clock.lap(HostPhase::Detokenize);
}

void ActiveRequest::makeRoom(std::uint32_t contextTokens) {
    if (m_tokens.size() < contextTokens) return;
    const bool dropped = drop(contextTokens - contextTokens / 4);
    if (m_tokens.size() >= contextTokens)
        finish(FinishReason::ContextFull);
    else if (dropped)
        closeSequence();
}

void ActiveRequest::finish(FinishReason reason) {
    if (m_ended) return;
    endText();
    m_ended = true;
    m_outbox.emplace_back(
        events::Finished{reason, m_decoder.stopString(), m_sampler ? m_sampler->seed() : 0, m_timings});
}

/// Text that was held back comes out now: with the last token's event where that is still here.
void ActiveRequest::endText() {
    std::string text = m_decoder.finish();
    if (text.empty()) return;
    auto* last = m_outbox.empty() ? nullptr : std::get_if<events::Delta>(&m_outbox.back());
    if (!last) last = &std::get<events::Delta>(m_outbox.emplace_back(events::Delta{}));
    last->text += text;
    last->contextUsed = static_cast<std::uint32_t>(m_tokens.size());
}

void ActiveRequest::fail(ErrorCode code, const std::string& sentence) {
    if (m_ended) return;
    m_ended = m_failed = true;
    m_outbox.emplace_back(events::Failed{code, sentence});
}

void ActiveRequest::failNotFinite() {
    fail(ErrorCode::Device, "The model computed numbers that are not finite: its file may be damaged, or the "
                            "device be failing.");
}

void ActiveRequest::deliver(const StepTiming& timing) {
    for (GenerationEvent& event : std::exchange(m_outbox, {})) {
        if (auto* delta = std::get_if<events::Delta>(&event)) delta->timing = timing;
        if (auto* progress = std::get_if<events::PromptProgress>(&event)) progress->timing = timing;
        try {
            if (m_listener) m_listener(event);
        } catch (...) {
            m_listenerFailed = true;
        }
    }
}

} // namespace altiplano::engine
