#include "cuda/checks.h"

#include "engine/error.h"
#include "engine/model.h"
#include "engine/scheduler.h"
#include "engine/scoring.h"

#include "support/heard.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

#include <cstdio>
#include <deque>
#include <numeric>

using namespace altiplano;
using namespace altiplano::engine;
using namespace altiplano::test;

namespace {

enum class Way { Graphs, Launches, StepByStep };

GenerationRequest request(std::uint64_t seed, std::size_t length, std::uint32_t count, float temperature) {
    std::mt19937_64 random(seed);
    GenerationRequest request;
    for (std::size_t i = 0; i < length; ++i)
        request.promptTokens.push_back(static_cast<TokenId>(3 + random() % 250));
    request.maxTokens = count;
    request.ignoreEos = true;
    request.sampling.temperature = temperature;
    request.sampling.repetitionPenalty = temperature > 0 ? 1.1f : 1.0f;
    request.sampling.seed = seed;
    return request;
}

Scheduler makeScheduler(const std::shared_ptr<const Model>& model, Way way, KvType kvType) {
    SchedulerOptions options;
    options.contextTokens = 1024;
    options.poolTokens = 8192;
    options.kvType = kvType;
    options.decodeLoop = way != Way::StepByStep;
    options.graphs = way == Way::Graphs;
    return Scheduler(model, options);
}

void runAll(Scheduler& scheduler) {
    while (scheduler.runSlice()) {
    }
}

std::deque<Heard> answers(const std::shared_ptr<const Model>& model, Way way, KvType kvType,
                          const std::vector<GenerationRequest>& requests) {
    Scheduler scheduler = makeScheduler(model, way, kvType);
    std::deque<Heard> heard(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i)
        scheduler.submit(requests[i], heard[i].listener());
    runAll(scheduler);
    return heard;
}

bool complete(const Heard& heard, std::size_t tokens) {
    if (heard.failed) std::printf("%s\n", heard.failed->sentence.c_str());
    return heard.finishedWith(FinishReason::Length) && heard.ids.size() == tokens;
}

/// How the steps of an answer were driven, and whether their times make sense.
void checkTimings(Report& report, const std::string& name, const Heard& heard, StepPath path) {
    std::uint32_t steps = 0, measured = 0;
    std::int64_t deviceNs = 0, wallNs = 0;
    for (const GenerationEvent& event : heard.events) {
        const auto* delta = std::get_if<events::Delta>(&event);
        if (!delta || delta->token < 0 || ++steps == 1) continue;
        const StepTiming& t = delta->timing;
        report.isTrue(name + ": the path of a step", t.path == path);
        report.isTrue(name + ": bytes", t.weightBytes > 0 && t.kvBytes > 0);
        const auto device = std::accumulate(t.deviceNs.begin(), t.deviceNs.end(), std::int64_t(0));
        if (device == 0) continue;
        ++measured;
        for (const std::int64_t ns : t.deviceNs)
            report.isTrue(name + ": every phase has a time", ns > 0);
        deviceNs += device;
        wallNs += t.wallNs;
    }
    report.isTrue(name + ": steps have device times", measured * 10 >= steps * 9);
    std::printf("%s: the device's phases are %.1f %% of the wall time\n", name.c_str(),
                100 * static_cast<double>(deviceNs) / static_cast<double>(std::max<std::int64_t>(1, wallNs)));
}

void checkModel(Report& report, const std::string& name, const TinyModelOptions& options, KvType kvType) {
    const TemporaryFolder folder;
    LoadOptions load;
    load.backend = BackendChoice::Cuda;
    const auto model = Model::load(writeTinyModel(folder.path() / "model.gguf", options), load);

    constexpr std::uint32_t kCount = 300;
    const std::vector<GenerationRequest> one{request(1, 70, kCount, 0)};
    const auto expected = answers(model, Way::StepByStep, kvType, one);
    const auto graphs = answers(model, Way::Graphs, kvType, one);
    const auto launches = answers(model, Way::Launches, kvType, one);
    report.isTrue(name + ": step by step", complete(expected[0], kCount));
    report.isTrue(name + ": graphs give the same text", graphs[0].ids == expected[0].ids);
    report.isTrue(name + ": launches give the same text", launches[0].ids == expected[0].ids);
    checkTimings(report, name + ", graphs", graphs[0], StepPath::Graphs);
    checkTimings(report, name + ", launches", launches[0], StepPath::Launches);

    const std::vector<GenerationRequest> warm{request(2, 20, kCount, 0.8f)};
    report.isTrue(name + ": same seed, same text", answers(model, Way::Graphs, kvType, warm)[0].ids ==
                                                       answers(model, Way::Launches, kvType, warm)[0].ids);

    std::vector<GenerationRequest> many;
    for (std::uint64_t i = 0; i < 5; ++i)
        many.push_back(
            request(i + 1, i == 0 ? 70 : 10 + 40 * i, kCount - 20 * static_cast<std::uint32_t>(i), 0));
    const auto together = answers(model, Way::Graphs, kvType, many);
    for (std::size_t i = 0; i < many.size(); ++i)
        report.isTrue(name + ": every one of several is answered", complete(together[i], many[i].maxTokens));
    const auto same =
        std::mismatch(together[0].ids.begin(), together[0].ids.end(), expected[0].ids.begin()).first;
    std::printf("%s: among others the same text for %td of %u tokens\n", name.c_str(),
                same - together[0].ids.begin(), kCount);

    // A stop, then the same prompt on what is left in the pages.
    Scheduler scheduler = makeScheduler(model, Way::Graphs, kvType);
    std::stop_source stop;
    Heard stopped, again;
    scheduler.submit(
        one[0],
        [&](const GenerationEvent& event) {
            stopped(event);
            if (stopped.ids.size() == 100) stop.request_stop();
        },
        stop.get_token());
    runAll(scheduler);
    report.isTrue(name + ": a stop takes effect at once",
                  stopped.finishedWith(FinishReason::Stopped) && stopped.ids.size() == 100);
    GenerationRequest more = one[0];
    more.promptTokens.insert(more.promptTokens.end(), stopped.ids.begin(), stopped.ids.end());
    more.maxTokens = 100;
    scheduler.submit(more, again.listener());
    runAll(scheduler);
    report.isTrue(name + ": pages of a stopped answer are reused",
                  complete(again, 100) && again.finished->timings.reusedTokens == 169);
    report.isTrue(name + ": and the text goes on as it did",
                  std::equal(again.ids.begin(), again.ids.end(), expected[0].ids.begin() + 100));
}

std::vector<float> logitsOf(const Model& model) {
    std::vector<TokenId> tokens(150);
    std::iota(tokens.begin(), tokens.end(), 3);
    std::vector<float> all;
    const auto take = [&](std::uint32_t, std::span<const float> logits) {
        all.insert(all.end(), logits.begin(), logits.end());
    };
    scoreTokens(model, tokens, take, {KvType::F16, 64});
    return all;
}

/// The first layers on the GPU and the rest on the CPU: the same logits, but for what differs between
/// devices.
void checkSplit(Report& report, const TinyModelOptions& options) {
    const TemporaryFolder folder;
    const auto path = writeTinyModel(folder.path() / "model.gguf", options);
    LoadOptions load;
    load.backend = BackendChoice::Cpu;
    load.instructions = "avx2"; // float activations
    const std::vector<float> reference = logitsOf(*Model::load(path, load));
    const std::vector<double> expected(reference.begin(), reference.end());
    load.backend = BackendChoice::Cuda;
    for (std::uint32_t layers = 1; layers <= options.layers; ++layers) {
        load.gpuLayers = static_cast<std::int32_t>(layers);
        const auto model = Model::load(path, load);
        report.isTrue("the layers that were asked for", model->placement().gpuLayers == layers);
        report.isTrue("their memory is foreseen", model->placement().gpuBytes > 0);
        report.atMost("split after " + std::to_string(layers), relativeError(logitsOf(*model), expected),
                      1e-2);
        const auto heard = answers(model, Way::Graphs, KvType::F16, {request(1, 70, 40, 0)});
        report.isTrue("a split model answers", complete(heard[0], 40));
    }
}

} // namespace

/// Checks the engine on the GPU, through the real scheduler. Exit 0: all well, 1: not, 77: there is no GPU.
int main() {
    Report report;
    TinyModelOptions options;
    options.hidden = 512;
    options.heads = 8;
    options.kvHeads = 2;
    options.feedForward = 1024;
    options.layers = 3;
    options.vocabularySize = 5000;
    options.contextLength = 4096;
    try {
        checkModel(report, "q4_0", TinyModelOptions(options).allOf(kernels::QuantType::Q4_0), KvType::F16);
        TinyModelOptions mixed = TinyModelOptions(options).allOf(kernels::QuantType::Q4_K);
        mixed.attentionV = mixed.feedForwardDown = mixed.output = kernels::QuantType::Q6_K;
        checkModel(report, "q4_k, q6_k", mixed, KvType::Q8_0);
        checkModel(report, "f16", TinyModelOptions(options).allOf(kernels::QuantType::F16), KvType::F16);
        checkSplit(report, TinyModelOptions(options).allOf(kernels::QuantType::F16));
    } catch (const Error& error) {
        if (error.code() == ErrorCode::Device && report.checks() == 0) {
            std::printf("%s\n", error.what());
            return 77;
        }
        report.isTrue(error.what(), false);
    }
    std::printf("{\"engine_checks\": %d, \"failures\": %d}\n", report.checks(), report.failures());
    return report.failures() == 0 ? 0 : 1;
}
