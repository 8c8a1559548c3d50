#include "engine/scoring.h"

#include "engine/error.h"
#include "engine/model.h"
#include "engine/model_config.h"
#include "sentences.h"

#include <algorithm>
#include <new>
#include <vector>

namespace altiplano::engine {

namespace {

/// Rows of one step: as many as keep the logits at 32 MB.
std::uint32_t rowsPerStep(const ScoringOptions& options, std::uint32_t vocabulary) {
    return options.chunk ? options.chunk : std::clamp((8u << 20) / vocabulary, 16u, 512u);
}

void run(const Model& model, std::span<const TokenId> tokens, const LogitsListener& listener,
         const ScoringOptions& options, const std::stop_token& stop) {
    const std::size_t vocabulary = model.config().shape.vocabulary;
    const auto count = static_cast<std::uint32_t>(tokens.size());
    const std::uint32_t chunk = rowsPerStep(options, model.config().shape.vocabulary);
    std::vector<std::uint32_t> pages((count + kernels::kKvPageTokens - 1) / kernels::kKvPageTokens);
    for (std::uint32_t i = 0; i < pages.size(); ++i)
        pages[i] = i;
    const kernels::StateLimits limits{std::min(chunk, count), static_cast<std::uint32_t>(pages.size()),
                                      static_cast<kernels::KvType>(options.kvType)};
    const auto state = model.program().createState(limits);
    const kernels::SequencePages table{pages};

    std::vector<kernels::BatchRow> rows;
    std::vector<float> logits;
    for (std::uint32_t from = 0; from < count; from += chunk) {
        rows.clear();
        for (std::uint32_t i = from; i < std::min(count, from + chunk); ++i)
            rows.push_back({tokens[i], i, 0, true});
        logits.resize(rows.size() * vocabulary);
        if (!model.program().execute(*state, {rows, {&table, 1}}, logits, {}, stop, nullptr))
            throw Error(ErrorCode::Cancelled, "Scoring was cancelled.");
        for (std::uint32_t i = 0; i < rows.size(); ++i)
            listener(from + i, std::span(logits).subspan(i * vocabulary, vocabulary));
    }
}

} // namespace

void scoreTokens(const Model& model, std::span<const TokenId> tokens, const LogitsListener& listener,
                 const ScoringOptions& options, const std::stop_token& stop) {
    for (const TokenId token : tokens)
        if (token < 0 || static_cast<std::uint32_t>(token) >= model.config().shape.vocabulary)
            throw Error(ErrorCode::BadRequest,
                        "Token " + std::to_string(token) + " is not in the model's vocabulary of " +
                            withSeparators(model.config().shape.vocabulary) + " tokens.");
    if (tokens.empty()) return;
    try {
        run(model, tokens, listener, options, stop);
    } catch (const kernels::BackendError& error) {
        throw asError(error);
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::OutOfMemory,
                    "Scoring " + withSeparators(tokens.size()) +
                        " tokens at once needs more memory than is free; score fewer.");
    }
}

} // namespace altiplano::engine
