#include "common.h"

#include "engine/scoring.h"

#include <cmath>
#include <fstream>
#include <iostream>
#include <span>

namespace altiplano::cli {

namespace {

struct Options {
    ModelOptions model;
    std::string file, ids, logits;
};

/// -log softmax(logits)[token]
double negativeLogLikelihood(std::span<const float> logits, engine::TokenId token) {
    const float largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const float logit : logits)
        sum += std::exp(static_cast<double>(logit) - largest);
    return std::log(sum) + largest - logits[static_cast<std::size_t>(token)];
}

void score(const Options& options, const Interrupts& interrupts) {
    const auto model = options.model.load(interrupts.token());
    const engine::Tokenizer& tokenizer = model->tokenizer();
    const std::vector<engine::TokenId> ids = options.ids.empty()
                                                 ? tokenizer.encode(readFile(options.file), {})
                                                 : readIds(options.ids, tokenizer.vocabulary().tokens.size());
    if (ids.empty()) throw engine::Error(engine::ErrorCode::BadRequest, "There are no tokens to score.");
    if (options.model.context > 0 && ids.size() > options.model.context)
        throw engine::Error(engine::ErrorCode::BadRequest, "The text has " + std::to_string(ids.size()) +
                                                               " tokens, but the context of --ctx only " +
                                                               std::to_string(options.model.context) + ".");
    if (ids.size() > model->contextLength())
        std::cerr << "altiplano-cli: warning: the text has " << ids.size()
                  << " tokens, but the model was trained on " << model->contextLength() << '\n';

    std::ofstream out;
    if (!options.logits.empty()) out.open(options.logits, std::ios::binary | std::ios::trunc);
    double total = 0;
    engine::ScoringOptions scoring;
    scoring.kvType = options.model.kvType();
    const auto listen = [&](std::uint32_t position, std::span<const float> logits) {
        if (position + 1 < ids.size()) total += negativeLogLikelihood(logits, ids[position + 1]);
        if (!options.logits.empty())
            out.write(reinterpret_cast<const char*>(logits.data()),
                      static_cast<std::streamsize>(logits.size_bytes()));
        if (!options.logits.empty() && !out)
            throw engine::Error(engine::ErrorCode::File, options.logits + ": cannot be written");
    };
    engine::scoreTokens(*model, ids, listen, scoring, interrupts.token());
    if (out.is_open() && (out.close(), !out))
        throw engine::Error(engine::ErrorCode::File, options.logits + ": cannot be written");

    // A text of one token has nothing that was predicted.
    const std::size_t scored = ids.size() - 1;
    const auto mean = [&](auto of) {
        return scored > 0 ? nlohmann::ordered_json(of(total / static_cast<double>(scored)))
                          : nlohmann::ordered_json();
    };
    const auto nll = mean([](double value) { return value; });
    const auto perplexity = mean([](double value) { return std::exp(value); });
    if (options.model.json)
        printJson({{"tokens", ids.size()}, {"nll", nll}, {"perplexity", perplexity}});
    else if (scored == 0)
        std::cout << "1 token: nothing to score, as no token follows it\n";
    else
        std::cout << ids.size() << " tokens, mean negative log-likelihood " << nll.get<double>()
                  << ", perplexity " << perplexity.get<double>() << '\n';
}

} // namespace

void addScore(CLI::App& program, Interrupts& interrupts, int&) {
    auto options = std::make_shared<Options>();
    CLI::App* command = program.add_subcommand("score", "How well the model predicts a text");
    options->model.addTo(*command);
    CLI::Option_group* input = command->add_option_group("input");
    input->add_option("--file", options->file, "Text file");
    input->add_option("--ids", options->ids, "JSON file with token ids");
    input->require_option(1);
    command->add_option("--logits", options->logits, "Write float32 rows [tokens x vocabulary] here");
    command->callback([options, &interrupts] { score(*options, interrupts); });
}

} // namespace altiplano::cli
