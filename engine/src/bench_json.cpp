#include "engine/bench_json.h"

#include "engine/model.h"
#include "engine/model_summary.h"

#include <array>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

namespace altiplano::engine {

namespace {

using Json = nlohmann::ordered_json;

/// Of the kernel module, such as "580.159.03": NVIDIA's driver says it in /proc/driver/nvidia/version.
Json driverVersion(const std::string& backend) {
    std::ifstream file("/proc/driver/nvidia/version");
    std::string line;
    std::smatch found;
    static const std::regex version("[0-9]{3}\\.[0-9]+(\\.[0-9]+)?");
    if (backend != "cuda" || !std::getline(file, line) || !std::regex_search(line, found, version)) return {};
    return found.str();
}

std::string now() {
    const std::time_t time = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&time, &utc);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text.data();
}

Json knownOrNull(double value) {
    return value > 0 ? Json(value) : Json();
}

template <typename PhaseType, std::size_t N>
Json phases(const std::array<double, N>& values) {
    Json object = Json::object();
    for (std::size_t i = 0; i < N; ++i)
        object[std::string(phaseName(static_cast<PhaseType>(i)))] = values[i];
    return object;
}

/// Times in nanoseconds from the step's beginning; a device that runs ahead of the host begins before.
Json stepObject(const StepTiming& step) {
    Json host = Json::object(), spans = Json::array();
    for (std::size_t i = 0; i < kHostPhases; ++i)
        host[std::string(phaseName(static_cast<HostPhase>(i)))] = step.hostNs[i];
    if (step.spans)
        for (const DeviceSpan& span : *step.spans)
            spans.push_back(
                {phaseName(span.phase), span.layer, span.startNs - step.startNs, span.durationNs});
    return {{"wall_ns", step.wallNs}, {"host_ns", host}, {"spans", spans}};
}

} // namespace

nlohmann::ordered_json benchRow(const BenchResult& result, const Model& model,
                                const SchedulerOptions& options) {
    const BenchCase& one = result.benchCase;
    const DeviceReport& device = model.device();
    const ModelSummary summary = ModelSummary::fromGguf(model.file());
    const double roof = model.readBytesPerSecond();
    // The memory roof, what the device reads of a buffer beyond its caches, binds decoding; a prompt is bound
    // by arithmetic. A model that the caches hold part of goes beyond it.
    const bool hasRoof = one.generateTokens > 0 && roof > 0;
    Json row = {{"model", summary.name},
                {"file", model.file().path().filename().string()},
                {"quantization", summary.quantization},
                {"backend", device.backend},
                {"device", device.name},
                {"instructions", device.instructions},
                {"threads", model.devices().back().threads},
                {"graphs", result.path == StepPath::Graphs},
                {"batch", one.batch},
                {"depth", one.depth},
                {"n_prompt", one.promptTokens},
                {"n_gen", one.generateTokens},
                {"tokens_per_s", result.tokensPerSecondMedian},
                {"tokens_per_s_all", result.tokensPerSecond},
                {"host_us_per_token", result.hostUsPerToken},
                {"device_ms_per_token", result.deviceMsPerToken},
                {"roof_percent", hasRoof ? Json(100 * result.bytesPerSecond / roof) : Json()},
                {"host_us", phases<HostPhase>(result.hostUs)},
                {"device_us", phases<DevicePhase>(result.deviceUs)},
                {"bytes_per_s", knownOrNull(result.bytesPerSecond)},
                {"roof_bytes_per_s", knownOrNull(roof)},
                {"kv", options.kvType == KvType::F16 ? "f16" : "q8_0"},
                {"layers", summary.layers},
                {"gpu_layers", model.placement().gpuLayers},
                {"parameters", summary.parameters},
                {"weight_bytes", model.weightBytes()},
                {"driver", driverVersion(device.backend)},
                {"version", ALTIPLANO_VERSION},
                {"date", now()}};
    if (result.step) row["step"] = stepObject(*result.step);
    return row;
}

} // namespace altiplano::engine
