#include "common.h"

#include "engine/forecast.h"
#include "engine/model_summary.h"

#include <iomanip>
#include <iostream>
#include <sstream>

namespace altiplano::cli {

namespace {

using nlohmann::ordered_json;

ordered_json toJson(const engine::GgufValue& value);

ordered_json toJson(const engine::GgufArray& array) {
    ordered_json result = ordered_json::array();
    std::visit(
        [&](const auto& values) {
            for (const auto& value : values) {
                if constexpr (std::is_same_v<std::decay_t<decltype(value)>,
                                             std::shared_ptr<const engine::GgufArray>>)
                    result.push_back(toJson(*value));
                else
                    result.push_back(value);
            }
        },
        array.values);
    return result;
}

ordered_json toJson(const engine::GgufValue& value) {
    return std::visit(
        [](const auto& held) -> ordered_json {
            if constexpr (std::is_same_v<std::decay_t<decltype(held)>,
                                         std::shared_ptr<const engine::GgufArray>>)
                return toJson(*held);
            else
                return held;
        },
        value);
}

ordered_json tensorsJson(const engine::GgufFile& file) {
    ordered_json result = ordered_json::array();
    for (const engine::GgufTensor& tensor : file.tensors()) {
        result.push_back({{"name", tensor.name},
                          {"type", tensor.typeName()},
                          {"shape", tensor.dimensions},
                          {"bytes", tensor.bytes}});
    }
    return result;
}

/// What running the model takes with these options, or why it cannot run.
ordered_json memoryJson(const engine::GgufFile& file, const ModelOptions& options) {
    if (file.tensors().empty()) return {{"runnable", false}, {"reason", "The file holds no tensors."}};
    try {
        const engine::ModelSummary summary = engine::ModelSummary::fromGguf(file);
        const engine::SchedulerOptions scheduler = options.schedulerOptions(summary.contextLength);
        engine::LoadOptions load = options.loadOptions();
        load.runWith = scheduler;
        const engine::Forecast forecast = engine::Forecaster().forecast(file, load);
        const engine::Placement& placement = forecast.placement;
        engine::MemoryEstimate estimate = forecast.onCpu;
        estimate += forecast.onGpu;
        ordered_json devices = ordered_json::array();
        if (placement.gpuLayers > 0)
            devices.push_back({{"backend", "cuda"},
                               {"layers", placement.gpuLayers},
                               {"bytes", placement.gpuBytes},
                               {"free_bytes", placement.gpuFreeBytes}});
        if (placement.gpuLayers < placement.layers)
            devices.push_back({{"backend", "cpu"},
                               {"layers", placement.layers - placement.gpuLayers},
                               {"bytes", forecast.onCpu.total()},
                               {"free_bytes", forecast.free.cpu}});
        return {{"runnable", true},
                {"context", scheduler.contextTokens},
                {"kv_type", options.kv},
                {"weights_bytes", estimate.weights},
                {"embedding_in_file_bytes", estimate.embedding},
                {"kv_bytes", estimate.kv},
                {"workspace_bytes", estimate.workspace},
                {"total_bytes", estimate.total()},
                {"fits", forecast.fits},
                {"devices", devices},
                {"reason", placement.reason}};
    } catch (const engine::Error& error) {
        const engine::ErrorCode code = error.code();
        if (code != engine::ErrorCode::Unsupported && code != engine::ErrorCode::OutOfMemory &&
            code != engine::ErrorCode::Device)
            throw;
        return {{"runnable", false}, {"reason", error.what()}};
    }
}

std::string inMebibytes(std::uint64_t bytes) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(1) << static_cast<double>(bytes) / (1 << 20) << " MiB";
    return text.str();
}

/// A metadata value in one line of text; long arrays and strings are cut.
std::string shortText(const ordered_json& value) {
    if (value.is_array() && value.size() > 6) return "[" + std::to_string(value.size()) + " values]";
    const std::string text = value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    if (text.size() <= 100) return text;
    std::size_t end = 100;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) // not inside a character
        --end;
    return text.substr(0, end) + "…";
}

void printText(const ordered_json& metadata, const ordered_json& tensors, const ordered_json& memory) {
    for (const auto& [key, value] : metadata.items())
        std::cout << key << " = " << shortText(value) << '\n';
    for (const auto& tensor : tensors)
        std::cout << std::left << std::setw(32) << tensor["name"].get<std::string>() << ' ' << std::setw(7)
                  << tensor["type"].get<std::string>() << ' ' << tensor["shape"].dump() << '\n';
    if (!memory["runnable"]) {
        std::cout << "Cannot run: " << memory["reason"].get<std::string>() << '\n';
        return;
    }
    std::cout << "Memory for " << memory["context"] << " tokens of context: weights "
              << inMebibytes(memory["weights_bytes"]) << ", KV " << inMebibytes(memory["kv_bytes"])
              << ", workspace " << inMebibytes(memory["workspace_bytes"]) << "; ";
    for (const auto& device : memory["devices"])
        std::cout << device["layers"] << " layers on the " << (device["backend"] == "cpu" ? "CPU" : "GPU")
                  << ". ";
    std::cout << memory["reason"].get<std::string>() << '\n';
    if (!memory["fits"]) std::cout << "There is not enough memory for that now.\n";
}

} // namespace

void addInspect(CLI::App& program, int&) {
    auto options = std::make_shared<ModelOptions>();
    CLI::App* command = program.add_subcommand("inspect", "What is in a GGUF file and what running it takes");
    options->addTo(*command);
    command->callback([options] {
        const engine::GgufFile file = engine::GgufFile::open(options->path);
        ordered_json metadata = ordered_json::object();
        for (const auto& [key, value] : file.metadata())
            metadata[std::string(key)] = toJson(value);
        const ordered_json tensors = tensorsJson(file);
        const ordered_json memory = memoryJson(file, *options);
        if (options->json)
            printJson({{"metadata", metadata}, {"tensors", tensors}, {"memory", memory}});
        else
            printText(metadata, tensors, memory);
    });
}

} // namespace altiplano::cli
