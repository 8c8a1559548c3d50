#include "common.h"

#include "engine/model_summary.h"

#include <iomanip>
#include <iostream>
#include <optional>
#include <unistd.h>

namespace altiplano::cli {

namespace {

struct Options {
    ModelOptions model;
    engine::SamplingParams sampling;
    std::string system;
};

void printTimings(const engine::GenerationTimings& timings) {
    if (timings.decodeTokens < 2) return;
    std::cerr << std::fixed << std::setprecision(1) << '['
              << (timings.decodeTokens - 1) * 1e9 / static_cast<double>(timings.decodeNs)
              << " tok/s, first token after " << std::setprecision(2)
              << static_cast<double>(timings.firstTokenNs) / 1e9 << " s]\n";
}

/// One answer: streams it, and returns its text; nothing when the request failed.
std::optional<std::string> answer(engine::Scheduler& scheduler,
                                  const std::vector<engine::ChatMessage>& messages,
                                  const engine::SamplingParams& sampling, const std::stop_token& stop) {
    engine::GenerationRequest request;
    request.messages = messages;
    request.sampling = sampling;
    request.overflow = engine::OverflowPolicy::DropOldest;
    std::string text;
    bool ok = true;
    const auto hear = [&](const engine::GenerationEvent& event) {
        if (const auto* delta = std::get_if<engine::events::Delta>(&event)) {
            text += delta->text;
            std::cout << delta->text << std::flush;
        } else if (const auto* dropped = std::get_if<engine::events::Dropped>(&event)) {
            std::cerr << (text.empty() ? "" : "\n") << "[the context is full: the model no longer sees "
                      << dropped->messages << " of the oldest messages]\n";
        } else if (const auto* failed = std::get_if<engine::events::Failed>(&event)) {
            std::cerr << "altiplano-cli: " << failed->sentence << '\n';
            ok = false;
        } else if (const auto* end = std::get_if<engine::events::Finished>(&event)) {
            std::cout << std::endl;
            printTimings(end->timings);
        }
    };
    scheduler.submit(std::move(request), hear, stop);
    while (scheduler.runSlice()) {
    }
    return ok ? std::optional(std::move(text)) : std::nullopt;
}

int chat(const Options& options, Interrupts& interrupts) {
    const auto model = options.model.load(interrupts.token());
    engine::Scheduler scheduler(model, options.model.schedulerOptions(model->contextLength()));
    const bool person = isatty(STDIN_FILENO) != 0;
    if (person)
        std::cerr << engine::ModelSummary::fromGguf(model->file()).name << " on " << model->device().name
                  << " (" << model->device().instructions << "). Ctrl-C stops an answer, Ctrl-D leaves.\n";

    std::vector<engine::ChatMessage> messages;
    if (!options.system.empty()) messages.push_back({"system", options.system});
    std::string line;
    int exitCode = kDone;
    while ((person && std::cerr << "\n> "), std::getline(std::cin, line)) {
        if (line.empty()) continue;
        interrupts.rearm();
        messages.push_back({"user", line});
        auto text = answer(scheduler, messages, options.sampling, interrupts.token());
        if (!text) exitCode = person ? kDone : kFailed; // a person has read why, a script asks for the code
        if (!text || text->empty())
            messages.pop_back();
        else
            messages.push_back({"assistant", std::move(*text)});
    }
    return exitCode;
}

} // namespace

void addChat(CLI::App& program, Interrupts& interrupts, int& exitCode) {
    auto options = std::make_shared<Options>();
    CLI::App* command = program.add_subcommand("chat", "A conversation in the terminal; a line is a message");
    options->model.addTo(*command);
    command->add_option("--system", options->system, "System prompt");
    addSamplingOptions(*command, options->sampling);
    command->callback([options, &interrupts, &exitCode] { exitCode = chat(*options, interrupts); });
}

} // namespace altiplano::cli
