#include "common.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

namespace altiplano::cli {

using engine::Error;
using engine::ErrorCode;

namespace {

/// A number from `least` to `most`. CLI::Range lets nan pass.
CLI::Validator numberFrom(double least, double most) {
    const auto check = [=](const std::string& text) -> std::string {
        double value = 0;
        const bool isNumber = CLI::detail::lexical_cast(text, value);
        if (isNumber && value >= least && value <= most) return {};
        std::ostringstream sentence;
        sentence << "a number from " << least << " to " << most << " is expected, not '" << text << "'";
        return sentence.str();
    };
    return {check, "FLOAT"};
}

} // namespace

void ModelOptions::addTo(CLI::App& command) {
    const auto layers = [](const std::string& text) -> std::string {
        const bool digits =
            !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == text.npos;
        return text == "auto" || digits ? "" : "a number of layers or 'auto' is expected, not '" + text + "'";
    };
    command.add_option("MODEL", path, "GGUF file")->required();
    command.add_option("--backend", backend, "Where to run")->check(CLI::IsMember({"auto", "cpu", "cuda"}));
    command.add_option("--threads", threads, "CPU threads, at most one per CPU (default: one per core)")
        ->check(CLI::Range(1, 1024));
    command.add_option("--ctx", context, "Context in tokens")->check(CLI::Range(16, 1 << 24));
    command.add_option("--gpu-layers", gpuLayers, "Layers on the GPU, or auto")->check(layers);
    command.add_option("--kv", kv, "How K and V are stored")->check(CLI::IsMember({"f16", "q8_0"}));
    command.add_option("--instructions", instructions, "CPU instructions to use at most")
        ->check(CLI::IsMember({"auto", "scalar", "avx2", "avx512", "avx512bf16", "amx"}));
    command.add_flag("--json", json, "Print JSON");
}

engine::LoadOptions ModelOptions::loadOptions() const {
    engine::LoadOptions options;
    options.backend = backend == "cpu"    ? engine::BackendChoice::Cpu
                      : backend == "cuda" ? engine::BackendChoice::Cuda
                                          : engine::BackendChoice::Auto;
    options.threads = threads;
    options.gpuLayers = gpuLayers == "auto" ? -1 : std::stoi(gpuLayers);
    options.instructions = instructions;
    options.runWith = schedulerOptions(4096);
    return options;
}

engine::KvType ModelOptions::kvType() const {
    return kv == "f16" ? engine::KvType::F16 : engine::KvType::Q8_0;
}

engine::SchedulerOptions ModelOptions::schedulerOptions(std::uint32_t trainedContext) const {
    engine::SchedulerOptions options;
    options.contextTokens = context > 0 ? context : std::min(4096u, trainedContext);
    options.kvType = kvType();
    options.maxSequences = 1;
    return options;
}

std::shared_ptr<const engine::Model> ModelOptions::load(const std::stop_token& stop,
                                                        const engine::SchedulerOptions* most) const {
    engine::LoadOptions options = loadOptions();
    if (most) options.runWith = *most;
    auto model = engine::Model::load(path, options, {}, stop);
    for (const std::string& warning : model->warnings())
        std::cerr << "altiplano-cli: warning: " << warning << '\n';
    if (context > model->contextLength())
        std::cerr << "altiplano-cli: warning: the model was trained on " << model->contextLength()
                  << " tokens; what it says beyond them may make no sense\n";
    return model;
}

void addSamplingOptions(CLI::App& command, engine::SamplingParams& params) {
    const auto probability = numberFrom(0, 1);
    command.add_option("--temperature", params.temperature, "0: greedy")->check(numberFrom(0, 100));
    command.add_option("--top-k", params.topK, "0: off");
    command.add_option("--top-p", params.topP, "1: off")->check(probability);
    command.add_option("--min-p", params.minP, "0: off")->check(probability);
    command.add_option("--typical", params.typicalP, "1: off")->check(probability);
    command.add_option("--repeat-penalty", params.repetitionPenalty, "1: off")->check(numberFrom(0.01, 100));
    command.add_option("--presence-penalty", params.presencePenalty)->check(numberFrom(-100, 100));
    command.add_option("--frequency-penalty", params.frequencyPenalty)->check(numberFrom(-100, 100));
    command.add_option("--penalty-window", params.penaltyWindow, "Newest tokens that penalties look at");
    command.add_option("--dry-multiplier", params.dryMultiplier, "0: off")->check(numberFrom(0, 100));
    command.add_option("--dry-base", params.dryBase)->check(numberFrom(1, 10));
    command.add_option("--dry-allowed-length", params.dryAllowedLength);
    command.add_option("--xtc-probability", params.xtcProbability, "0: off")->check(probability);
    command.add_option("--xtc-threshold", params.xtcThreshold)->check(probability);
    command.add_flag("--mirostat", params.mirostat, "Mirostat version 2");
    command.add_option("--mirostat-tau", params.mirostatTau)->check(numberFrom(0, 100));
    command.add_option("--mirostat-eta", params.mirostatEta)->check(numberFrom(0, 1));
    command.add_option("--seed", params.seed, "Same seed, same text");
    command.add_option_function<std::vector<std::string>>(
        "--logit-bias",
        [&params](const std::vector<std::string>& pairs) {
            for (const std::string& pair : pairs) {
                std::istringstream text(pair);
                engine::TokenId token = 0;
                float bias = 0;
                char equals = 0;
                if (!(text >> token >> equals >> bias) || equals != '=' || text.peek() != EOF)
                    throw CLI::ValidationError("--logit-bias", "expects TOKEN=BIAS, not '" + pair + "'");
                params.logitBias.emplace_back(token, bias);
            }
        },
        "TOKEN=BIAS, may be repeated");
}

std::string readFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (file && file.peek() != EOF) text << file.rdbuf();
    if (!file) throw Error(ErrorCode::File, path + ": cannot be read");
    return std::move(text).str();
}

nlohmann::ordered_json readJson(const std::string& path) {
    const std::string text = readFile(path);
    try {
        return nlohmann::ordered_json::parse(text);
    } catch (const nlohmann::json::parse_error& error) {
        throw Error(ErrorCode::BadRequest, path + ": not JSON: error at byte " + std::to_string(error.byte));
    }
}

std::vector<engine::TokenId> readIds(const std::string& path, std::size_t vocabulary) {
    const nlohmann::ordered_json json = readJson(path);
    if (!json.is_array())
        throw Error(ErrorCode::BadRequest, path + ": a JSON array of token ids is expected");
    std::vector<engine::TokenId> ids;
    for (const auto& id : json) {
        if (!id.is_number_integer() || id.get<std::int64_t>() < 0 ||
            id.get<std::int64_t>() >= static_cast<std::int64_t>(vocabulary))
            throw Error(ErrorCode::BadRequest,
                        path + ": " + id.dump() + " is not a token id below " + std::to_string(vocabulary));
        ids.push_back(id.get<engine::TokenId>());
    }
    return ids;
}

void printJson(const nlohmann::ordered_json& value) {
    std::cout << value.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

} // namespace altiplano::cli
