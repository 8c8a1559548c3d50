#include "common.h"

#include <iostream>
#include <optional>

namespace altiplano::cli {

namespace {

struct Options {
    ModelOptions model;
    engine::SamplingParams sampling;
    std::string prompt, file;
    std::vector<std::string> stop;
    std::uint32_t tokens = 128;
};

/// What a generation has brought so far.
struct Outcome {
    std::string text;
    std::vector<engine::TokenId> ids;
    std::optional<engine::events::Finished> finished;
    std::optional<engine::events::Failed> failed;

    void hear(const engine::GenerationEvent& event, bool echo) {
        if (const auto* delta = std::get_if<engine::events::Delta>(&event)) {
            text += delta->text;
            if (delta->token >= 0) ids.push_back(delta->token);
            if (echo) std::cout << delta->text << std::flush;
        } else if (const auto* end = std::get_if<engine::events::Finished>(&event)) {
            finished = *end;
        } else if (const auto* failure = std::get_if<engine::events::Failed>(&event)) {
            failed = *failure;
        }
    }
};

nlohmann::ordered_json toJson(const Outcome& outcome, std::int64_t loadNs) {
    const engine::GenerationTimings& timings = outcome.finished->timings;
    const auto ms = [](std::int64_t ns) { return static_cast<double>(ns) / 1e6; };
    return {{"text", outcome.text},
            {"ids", outcome.ids},
            {"finish_reason", engine::finishReasonName(outcome.finished->reason)},
            {"seed", outcome.finished->seed},
            {"timings",
             {{"load_ms", ms(loadNs)},
              {"prompt_tokens", timings.promptTokens},
              {"prompt_ms", ms(timings.promptNs)},
              {"first_token_ms", ms(timings.firstTokenNs)},
              {"decode_tokens", timings.decodeTokens},
              {"decode_ms", ms(timings.decodeNs)}}}};
}

int complete(const Options& options, Interrupts& interrupts) {
    engine::GenerationRequest request;
    request.prompt = options.file.empty() ? options.prompt : readFile(options.file);
    request.maxTokens = options.tokens;
    request.stopStrings = options.stop;
    request.sampling = options.sampling;

    const auto model = options.model.load(interrupts.token());
    engine::Scheduler scheduler(model, options.model.schedulerOptions(model->contextLength()));
    Outcome outcome;
    scheduler.submit(
        std::move(request),
        [&](const engine::GenerationEvent& event) { outcome.hear(event, !options.model.json); },
        interrupts.token());
    while (scheduler.runSlice()) {
    }
    if (outcome.failed) throw engine::Error(outcome.failed->code, outcome.failed->sentence);
    if (options.model.json)
        printJson(toJson(outcome, model->loadNs()));
    else
        std::cout << '\n';
    return outcome.finished->reason == engine::FinishReason::Stopped ? kInterrupted : kDone;
}

} // namespace

void addComplete(CLI::App& program, Interrupts& interrupts, int& exitCode) {
    auto options = std::make_shared<Options>();
    CLI::App* command = program.add_subcommand("complete", "Continues raw text");
    options->model.addTo(*command);
    CLI::Option_group* input = command->add_option_group("input");
    input->add_option("--prompt", options->prompt, "The text to continue");
    input->add_option("--file", options->file, "File with the text to continue");
    input->require_option(1);
    command->add_option("-n,--tokens", options->tokens,
                        "Most tokens to generate; 0: until the context is full");
    command->add_option("--stop", options->stop, "Ends the text where it comes up, may be repeated");
    addSamplingOptions(*command, options->sampling);
    command->callback([options, &interrupts, &exitCode] { exitCode = complete(*options, interrupts); });
}

} // namespace altiplano::cli
