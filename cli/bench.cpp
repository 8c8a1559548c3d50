#include "common.h"

#include "engine/bench_json.h"

#include <algorithm>
#include <iomanip>
#include <iostream>

namespace altiplano::cli {

namespace {

struct Options {
    ModelOptions model;
    std::uint32_t prompt = 512, tokens = 128, depth = 0, repetitions = 5;
    std::vector<std::uint32_t> batches = {1};
    std::vector<std::string> graphs = {"on"};
    bool spans = false;
};

void printRow(const nlohmann::ordered_json& row) {
    const bool decode = row["n_gen"] > 0;
    std::cout << std::fixed << std::setprecision(1) << std::left << std::setw(7)
              << (decode ? "decode" : "prompt") << std::right << std::setw(6)
              << (decode ? row["n_gen"] : row["n_prompt"]).get<int>() << " at depth " << std::setw(5)
              << row["depth"].get<int>() << ", batch " << std::setw(2) << row["batch"].get<int>() << ": "
              << std::setw(9) << row["tokens_per_s"].get<double>() << " tok/s, host " << std::setw(7)
              << row["host_us_per_token"].get<double>() << " us/token, device " << std::setprecision(3)
              << row["device_ms_per_token"].get<double>() << " ms/token";
    if (row["graphs"].get<bool>()) std::cout << ", graphs";
    if (!row["roof_percent"].is_null()) {
        const double percent = row["roof_percent"].get<double>();
        std::cout << ", " << std::setprecision(0) << percent << " % of the memory roof";
        if (percent > 100) std::cout << " (caches hold part of the model)";
    }
    std::cout << std::endl;
}

void bench(const Options& options, const Interrupts& interrupts) {
    engine::SchedulerOptions most = options.model.schedulerOptions(4096);
    most.maxSequences = *std::max_element(options.batches.begin(), options.batches.end());
    const std::uint64_t context = std::max<std::uint64_t>(
        std::uint64_t{options.depth} + std::max(options.prompt, options.tokens) + 64, options.model.context);
    const auto clamped = [](std::uint64_t tokens) {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(tokens, UINT32_MAX));
    };
    most.contextTokens = clamped(context);
    most.poolTokens = clamped(context * most.maxSequences); // runBench refuses what is beyond
    const auto model = options.model.load(interrupts.token(), &most);
    engine::SchedulerOptions scheduler = options.model.schedulerOptions(model->contextLength());
    struct Case {
        engine::BenchCase what;
        bool graphs = true;
        bool comparison = false; ///< the same as the one before but for graphs
    };
    std::vector<Case> cases;
    if (options.prompt > 0) cases.push_back({{options.prompt, 0, options.depth, 1, options.repetitions}});
    for (const std::uint32_t batch : options.batches)
        for (const std::string& graphs : options.graphs)
            if (options.tokens > 0)
                cases.push_back({{0, options.tokens, options.depth, batch, options.repetitions},
                                 graphs == "on",
                                 &graphs != &options.graphs.front()});
    for (Case& one : cases) {
        one.what.contextTokens = options.model.context;
        one.what.spans = options.spans;
    }

    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    bool hasGraphs = false;
    for (const Case& one : cases) {
        if (one.comparison && !hasGraphs) continue;
        scheduler.graphs = one.graphs;
        const engine::BenchResult result =
            engine::runBench(model, one.what, scheduler, {}, interrupts.token());
        hasGraphs = result.path != engine::StepPath::Host;
        rows.push_back(engine::benchRow(result, *model, scheduler));
        if (!options.model.json) printRow(rows.back());
    }
    if (options.model.json) printJson(rows);
}

} // namespace

void addBench(CLI::App& program, Interrupts& interrupts, int&) {
    auto options = std::make_shared<Options>();
    CLI::App* command = program.add_subcommand("bench", "Prompt and decode speed");
    options->model.addTo(*command);
    command->add_option("-p", options->prompt, "Prompt tokens; 0: not timed")->capture_default_str();
    command->add_option("-n", options->tokens, "Tokens to decode; 0: not timed")->capture_default_str();
    command->add_option("-d", options->depth, "Tokens in the context before")->capture_default_str();
    command->add_option("-b", options->batches, "Sequences at once, such as 1,4,8,16")
        ->delimiter(',')
        ->check(CLI::Range(1, 256));
    command->add_option("--graphs", options->graphs, "on, off or both; the CPU has none and ignores it")
        ->delimiter(',')
        ->check(CLI::IsMember({"on", "off"}));
    command->add_flag("--spans", options->spans, "With --json: the newest step, kernel by kernel");
    command->add_option("-r", options->repetitions, "Repetitions")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    command->callback([options, &interrupts] {
        if (options->prompt == 0 && options->tokens == 0)
            throw CLI::ValidationError("bench", "-p and -n are both 0: there is nothing to time");
        bench(*options, interrupts);
    });
}

} // namespace altiplano::cli
