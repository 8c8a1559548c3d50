#include "engine/error.h"
#include "engine/forward_plan.h"
#include "engine/gguf_file.h"
#include "engine/model_config.h"

#include "kernels/cuda_backend.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <deque>
#include <fstream>
#include <map>
#include <numeric>

using namespace altiplano;
using namespace altiplano::kernels;

namespace {

/// A plan with every matrix as float32, for the reference.
class FloatPlan {
public:
    explicit FloatPlan(const Plan& plan) : m_plan(plan) {
        for (Step& step : m_plan.steps)
            std::visit([this](auto& s) { convert(s); }, step);
    }
    const Plan& plan() const { return m_plan; }

private:
    void convert(TensorView& view) {
        if (view.type == QuantType::F32) return;
        auto [entry, isNew] = m_known.try_emplace(view.data);
        if (isNew) {
            const auto count = static_cast<std::size_t>(view.rows * view.columns);
            auto& values = m_values.emplace_back(count);
            dequantize(view.type, view.data, values.data(), count);
            entry->second = {QuantType::F32, view.rows, view.columns,
                             reinterpret_cast<std::byte*>(values.data())};
        }
        view = entry->second;
    }
    void convert(EmbedStep& s) { convert(s.table); }
    void convert(QkvStep& s) { convert(s.q.weight), convert(s.k.weight), convert(s.v.weight); }
    void convert(AttentionStep&) {}
    void convert(AttentionOutputStep& s) { convert(s.output.weight); }
    void convert(GateUpStep& s) { convert(s.gate.weight), convert(s.up.weight); }
    void convert(DownStep& s) { convert(s.down.weight); }
    void convert(LogitsStep& s) { convert(s.head.weight); }

    Plan m_plan;
    std::deque<std::vector<float>> m_values;
    std::map<const std::byte*, TensorView> m_known;
};

/// Runs one sequence on a device, `chunk` tokens at a time.
class Runner {
public:
    Runner(const Backend& backend, const Program& program, std::uint32_t tokens, std::uint32_t chunk,
           KvType kvType)
        : m_name(backend.device().name), m_program(program), m_chunk(chunk),
          m_pages(tokens / kKvPageTokens + 1),
          m_state(program.createState({512, static_cast<std::uint32_t>(m_pages.size()), kvType})) {
        std::iota(m_pages.begin(), m_pages.end(), 0);
    }

    void run(std::span<const std::int32_t> tokens, std::uint32_t from, std::span<float> logits) {
        const SequencePages table{m_pages};
        const std::size_t vocabulary = logits.size() / tokens.size();
        for (std::size_t first = 0; first < tokens.size(); first += m_chunk) {
            std::vector<BatchRow> rows;
            for (std::size_t i = first; i < std::min(first + m_chunk, tokens.size()); ++i)
                rows.push_back({tokens[i], from + static_cast<std::uint32_t>(i), 0, true});
            m_program.execute(*m_state, {rows, {&table, 1}},
                              logits.subspan(first * vocabulary, rows.size() * vocabulary), {}, {}, nullptr);
        }
    }

private:
    std::string m_name;
    const Program& m_program;
    std::uint32_t m_chunk;
    std::vector<std::uint32_t> m_pages;
    std::unique_ptr<ExecutionState> m_state;
};

/// Log of the probabilities, and the most probable token.
std::size_t logSoftmax(std::span<const float> logits, std::vector<double>& out) {
    const auto best =
        static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
    double sum = 0;
    out.resize(logits.size());
    for (std::size_t i = 0; i < logits.size(); ++i)
        sum += std::exp(out[i] = static_cast<double>(logits[i]) - static_cast<double>(logits[best]));
    for (double& value : out)
        value -= std::log(sum);
    return best;
}

struct Divergence {
    std::vector<double> kl;
    std::size_t sameTop = 0;

    void add(std::span<const float> reference, std::span<const float> other) {
        std::vector<double> p, q;
        sameTop += logSoftmax(reference, p) == logSoftmax(other, q);
        double sum = 0;
        for (std::size_t i = 0; i < p.size(); ++i)
            sum += std::exp(p[i]) * (p[i] - q[i]);
        kl.push_back(sum);
    }

    void print(const char* name) {
        const auto n = static_cast<double>(kl.size());
        const double mean = std::accumulate(kl.begin(), kl.end(), 0.0) / n;
        double variance = 0;
        for (const double value : kl)
            variance += (value - mean) * (value - mean) / n;
        std::sort(kl.begin(), kl.end());
        std::printf("{\"engine\": \"%s\", \"positions\": %zu, \"mean_kl\": %.6f, \"standard_error\": %.6f, "
                    "\"kl_999\": %.5f, \"same_top_percent\": %.2f}\n",
                    name, kl.size(), mean, std::sqrt(variance / n), kl[kl.size() * 999 / 1000],
                    100 * static_cast<double>(sameTop) / n);
    }
};

std::vector<std::int32_t> readIds(const char* path) {
    std::ifstream file(path);
    return nlohmann::json::parse(file).get<std::vector<std::int32_t>>();
}

void compare(const char* modelPath, const char* idsPath, std::uint32_t chunk, KvType kvType) {
    const auto file = engine::GgufFile::open(modelPath);
    const Plan plan = engine::forwardPlan(file, engine::ModelConfig::fromGguf(file));
    const std::vector<std::int32_t> ids = readIds(idsPath);
    const auto count = static_cast<std::uint32_t>(ids.size());
    const std::size_t vocabulary = plan.shape.vocabulary;

    struct Engine {
        std::string name;
        std::unique_ptr<Backend> backend;
        std::unique_ptr<Program> program;
        std::unique_ptr<Runner> runner;
        Divergence divergence;
    };
    std::deque<Engine> engines;
    const auto add = [&](const std::string& name, std::unique_ptr<Backend> backend, const Plan& p,
                         std::uint32_t rows) {
        engines.push_back({name, std::move(backend), nullptr, nullptr, {}});
        Engine& e = engines.back();
        e.program = e.backend->upload(p, {});
        e.runner = std::make_unique<Runner>(*e.backend, *e.program, count, rows, kvType);
    };
    const FloatPlan floats(plan);
    add("reference", createCpuBackend({0, "avx2"}), floats.plan(), 64);
    add("cpu avx2", createCpuBackend({0, "avx2"}), plan, 64);
    CudaSearch search = findCudaBackend();
    if (search.backend) {
        add("cuda, " + std::to_string(chunk) + " rows", std::move(search.backend), plan, chunk);
        add("cuda, row by row", findCudaBackend().backend, plan, 1);
        add("cuda, 4 rows", findCudaBackend().backend, plan, 4);
    }

    constexpr std::uint32_t kBlock = 256;
    std::vector<float> reference(kBlock * vocabulary), other(kBlock * vocabulary);
    for (std::uint32_t from = 0; from < count; from += kBlock) {
        const std::uint32_t rows = std::min(kBlock, count - from);
        const auto tokens = std::span(ids).subspan(from, rows);
        engines[0].runner->run(tokens, from, std::span(reference).first(rows * vocabulary));
        for (std::size_t e = 1; e < engines.size(); ++e) {
            engines[e].runner->run(tokens, from, std::span(other).first(rows * vocabulary));
            for (std::uint32_t r = 0; r < rows; ++r)
                engines[e].divergence.add(std::span(reference).subspan(r * vocabulary, vocabulary),
                                          std::span(other).subspan(r * vocabulary, vocabulary));
        }
    }
    for (std::size_t e = 1; e < engines.size(); ++e)
        engines[e].divergence.print(engines[e].name.c_str());
}

} // namespace

/// How far the GPU's logits are from those of float32 weights and activations over a text, beside the CPU's:
/// MODEL.gguf IDS.json [ROWS [q8_0]]. IDS.json is an array of token ids, ROWS how many of them go at once.
int main(int argc, char** argv) {
    if (argc < 3) return 2;
    try {
        compare(argv[1], argv[2], argc > 3 ? static_cast<std::uint32_t>(std::stoul(argv[3])) : 256,
                argc > 4 && std::strcmp(argv[4], "q8_0") == 0 ? KvType::Q8_0 : KvType::F16);
    } catch (const std::exception& error) {
        std::printf("%s\n", error.what());
        return 1;
    }
    return 0;
}
