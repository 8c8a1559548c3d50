#include "cuda/checks.h"
#include "cuda/real_shapes.h"
#include "kernels/cuda_backend.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <numeric>

using namespace altiplano;
using namespace altiplano::kernels;

namespace {

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::uint64_t bytesPerToken(const Plan& plan) {
    std::uint64_t bytes = 0;
    for (const Step& step : plan.steps) {
        if (const auto* s = std::get_if<QkvStep>(&step))
            bytes += s->q.weight.bytes() + s->k.weight.bytes() + s->v.weight.bytes();
        if (const auto* s = std::get_if<AttentionOutputStep>(&step)) bytes += s->output.weight.bytes();
        if (const auto* s = std::get_if<GateUpStep>(&step))
            bytes += s->gate.weight.bytes() + s->up.weight.bytes();
        if (const auto* s = std::get_if<DownStep>(&step)) bytes += s->down.weight.bytes();
        if (const auto* s = std::get_if<LogitsStep>(&step)) bytes += s->head.weight.bytes();
    }
    return bytes;
}

struct Options {
    std::uint32_t depth = 0, tokens = 128, repetitions = 5;
    std::vector<std::uint32_t> prompts;
    KvType kvType = KvType::F16;
    bool sampled = false;
    bool timed = true;
};

/// Decodes `tokens` from `depth`, as an application does: launching ahead, polling until the last has come.
void benchDecode(const Program& program, ExecutionState& state, const test::RealShape& named,
                 const Plan& plan, bool graphs, std::uint32_t batch, const Options& o, double roof) {
    const auto loop = program.createDecodeLoop(state, {batch, graphs, o.timed});
    const std::uint32_t each = (o.depth + o.tokens) / kKvPageTokens + 1;
    std::vector<std::uint32_t> pages(std::size_t{each} * batch);
    std::iota(pages.begin(), pages.end(), 0);
    std::vector<double> rates, host;
    for (std::uint32_t r = 0; r <= o.repetitions; ++r) {
        std::vector<DecodeSequence> starts(batch);
        for (std::uint32_t i = 0; i < batch; ++i) {
            starts[i].token = static_cast<std::int32_t>(1 + i);
            starts[i].position = o.depth;
            starts[i].maxTokens = o.tokens;
            starts[i].pages = std::span(pages).subspan(std::size_t{i} * each, each);
            if (o.sampled) {
                starts[i].sampling.temperature = 0.7f;
                starts[i].sampling.topK = 40;
                starts[i].sampling.topP = 0.95f;
                starts[i].sampling.minP = 0.05f;
            }
        }
        loop->start(starts);
        loop->wait();
        std::vector<DecodedToken> tokens;
        const double begin = now();
        double launching = 0;
        for (std::uint32_t launched = 0; tokens.size() < std::size_t{o.tokens} * batch;) {
            if (launched < o.tokens && launched < tokens.size() / batch + 32) {
                const double before = now();
                const std::uint32_t steps = std::min(16u, o.tokens - launched);
                loop->launch(steps);
                launched += steps;
                launching += now() - before;
            }
            loop->poll(tokens);
        }
        const double seconds = now() - begin;
        if (r == 0) continue; // warms up and captures
        rates.push_back(o.tokens * batch / seconds);
        host.push_back(launching / o.tokens * 1e6);
    }
    std::sort(rates.begin(), rates.end());
    std::sort(host.begin(), host.end());
    const double rate = rates[rates.size() / 2];
    const double kv = static_cast<double>(plan.shape.layers) * plan.shape.kvHeads * plan.shape.headDim * 2 *
                      (o.kvType == KvType::F16 ? 2.0 : 34.0 / 32) * (o.depth + o.tokens / 2.0);
    const double stepBytes = static_cast<double>(bytesPerToken(plan)) + kv * batch;
    std::printf(
        "{\"model\": \"%s\", \"batch\": %u, \"graphs\": %s, \"sampled\": %s, \"depth\": %u, \"n_gen\": %u, "
        "\"tokens_per_s\": %.1f, "
        "\"spread\": %.4f, \"host_us_per_token\": %.2f, \"bytes_per_token\": %.0f, \"roof_percent\": %.1f}\n",
        named.name, batch, graphs ? "true" : "false", o.sampled ? "true" : "false", o.depth, o.tokens, rate,
        (rates.back() - rates.front()) / rate, host[host.size() / 2], stepBytes,
        100 * rate / batch * stepBytes / roof);
    std::fflush(stdout);
}

void benchPrompt(const Program& program, ExecutionState& state, const test::RealShape& named,
                 std::uint32_t prompt, const Options& o) {
    std::vector<std::uint32_t> pages(prompt / kKvPageTokens + 1);
    std::iota(pages.begin(), pages.end(), 0);
    const SequencePages table{pages};
    std::vector<BatchRow> rows;
    for (std::uint32_t i = 0; i < prompt; ++i)
        rows.push_back({static_cast<std::int32_t>(i * 7 % named.shape.vocabulary), i, 0, i + 1 == prompt});
    std::vector<float> logits(named.shape.vocabulary);
    std::vector<double> rates;
    ExecuteTimes times;
    for (std::uint32_t r = 0; r <= o.repetitions; ++r) {
        const double begin = now();
        program.execute(state, {rows, {&table, 1}}, logits, {}, {}, nullptr);
        if (r > 0) rates.push_back(prompt / (now() - begin));
    }
    program.execute(state, {rows, {&table, 1}}, logits, {}, {}, &times);
    std::sort(rates.begin(), rates.end());
    std::printf("{\"model\": \"%s\", \"n_prompt\": %u, \"tokens_per_s\": %.0f, \"ms\": {", named.name, prompt,
                rates[rates.size() / 2]);
    const char* names[] = {"embed", "qkv", "attention", "projection", "ffn", "logits", "sample"};
    for (int i = 0; i < ExecuteTimes::kPhases; ++i)
        std::printf("%s\"%s\": %.2f", i ? ", " : "", names[i],
                    static_cast<double>(times.ns[static_cast<std::size_t>(i)]) / 1e6);
    std::printf("}}\n");
    std::fflush(stdout);
}

} // namespace

/// Times decoding and prompts on models made up in memory, as lines of JSON. Arguments: parts of model names
/// (else all), -d DEPTH, -n TOKENS, -p PROMPT, -r REPETITIONS, -b BATCH, --q8kv, --sampled,
/// --untimed (phases are not measured).
int main(int argc, char** argv) {
    Options options;
    std::vector<std::string> wanted;
    std::vector<std::uint32_t> batches;
    for (int i = 1; i < argc; ++i) {
        const std::string a = argv[i];
        const auto number = [&] {
            return static_cast<std::uint32_t>(i + 1 < argc ? std::stoul(argv[++i]) : 0);
        };
        if (a == "-d")
            options.depth = number();
        else if (a == "-n")
            options.tokens = number();
        else if (a == "-p")
            options.prompts.push_back(number());
        else if (a == "-r")
            options.repetitions = std::max(1u, number());
        else if (a == "-b")
            batches.push_back(number());
        else if (a == "--q8kv")
            options.kvType = KvType::Q8_0;
        else if (a == "--sampled")
            options.sampled = true;
        else if (a == "--untimed")
            options.timed = false;
        else
            wanted.push_back(a);
    }
    if (batches.empty()) batches.push_back(1);
    if (options.prompts.empty()) options.prompts.push_back(512);
    const std::uint32_t longest = *std::max_element(options.prompts.begin(), options.prompts.end());
    const auto search = findCudaBackend();
    if (!search.backend) {
        std::printf("No GPU: %s\n", search.reason.c_str());
        return 77;
    }
    const DeviceInfo device = search.backend->device();
    std::printf("{\"device\": \"%s\", \"instructions\": \"%s\", \"read_bytes_per_s\": %.4g}\n",
                device.name.c_str(), device.instructions.c_str(), device.readBytesPerSecond);
    std::mt19937_64 random(1);
    for (const test::RealShape& named : test::realShapes()) {
        const auto chosen = [&](const std::string& w) {
            return std::strstr(named.name, w.c_str()) != nullptr;
        };
        if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(), chosen)) continue;
        const test::SyntheticModel model = test::makeRealShape(named, random);
        const double begin = now();
        const auto program = search.backend->upload(model.plan, {});
        const double loaded = now() - begin;
        const std::uint32_t most = *std::max_element(batches.begin(), batches.end());
        const std::uint32_t pages = std::max(((options.depth + options.tokens) / kKvPageTokens + 1) * most,
                                             longest / kKvPageTokens + 1);
        const auto state = program->createState({std::max(longest, most), pages, options.kvType});
        std::printf("{\"model\": \"%s\", \"upload_s\": %.3f, \"weight_bytes\": %llu}\n", named.name, loaded,
                    static_cast<unsigned long long>(program->weightBytes()));
        for (const std::uint32_t batch : batches)
            if (batch > 0)
                for (const bool graphs : {true, false})
                    benchDecode(*program, *state, named, model.plan, graphs, batch, options,
                                device.readBytesPerSecond);
        for (const std::uint32_t prompt : options.prompts)
            if (prompt > 0) benchPrompt(*program, *state, named, prompt, options);
    }
    return 0;
}
