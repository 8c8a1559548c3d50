#include "cuda/real_shapes.h"

#include "support/gguf_writer.h"
#include "support/tiny_vocabulary.h"

#include <set>
#include <string>

namespace altiplano::test {

using namespace kernels;

namespace {

/// {layers, hidden, heads, kvHeads, headDim, feedForward, vocabulary}
constexpr PlanShape k7b{32, 4096, 32, 32, 128, 11008, 32000}, k13b{40, 5120, 40, 40, 128, 13824, 32000},
    k8b{32, 4096, 32, 8, 128, 14336, 128256}, k1b{16, 2048, 32, 8, 64, 8192, 128256},
    k135m{30, 576, 9, 3, 64, 1536, 49152};
constexpr RealShape kShapes[] = {
    {"llama2-7b-q4_0", k7b, QuantType::Q4_0, false},     {"llama2-7b-q4_k_m", k7b, QuantType::Q4_K, false},
    {"llama2-7b-q8_0", k7b, QuantType::Q8_0, false},     {"llama2-7b-f16", k7b, QuantType::F16, false},
    {"llama2-13b-q4_k_m", k13b, QuantType::Q4_K, false}, {"llama3-8b-q4_k_m", k8b, QuantType::Q4_K, false},
    {"llama3.2-1b-q4_k_m", k1b, QuantType::Q4_K, true},  {"llama3.2-1b-f16", k1b, QuantType::F16, true},
    {"smol-135m-q4_1", k135m, QuantType::Q4_1, true}};

/// Adds the tensors of a plan under their names in a LLaMA file.
class TensorWriter {
public:
    explicit TensorWriter(GgufWriter& writer) : m_writer(writer) {}

    void operator()(const EmbedStep& s) {
        m_table = s.table.data;
        matrix("token_embd.weight", s.table);
    }
    void operator()(const QkvStep& s) {
        m_block = "blk." + std::to_string(s.layer) + ".";
        vector(m_block + "attn_norm.weight", s.norm.weight);
        matrix(m_block + "attn_q.weight", s.q.weight);
        matrix(m_block + "attn_k.weight", s.k.weight);
        matrix(m_block + "attn_v.weight", s.v.weight);
    }
    void operator()(const AttentionStep&) {}
    void operator()(const AttentionOutputStep& s) { matrix(m_block + "attn_output.weight", s.output.weight); }
    void operator()(const GateUpStep& s) {
        vector(m_block + "ffn_norm.weight", s.norm.weight);
        matrix(m_block + "ffn_gate.weight", s.gate.weight);
        matrix(m_block + "ffn_up.weight", s.up.weight);
    }
    void operator()(const DownStep& s) { matrix(m_block + "ffn_down.weight", s.down.weight); }
    void operator()(const LogitsStep& s) {
        vector("output_norm.weight", s.norm.weight);
        if (s.head.weight.data != m_table) matrix("output.weight", s.head.weight);
    }

private:
    void matrix(const std::string& name, const TensorView& view) {
        add(name, view, {std::uint64_t(view.columns), std::uint64_t(view.rows)});
    }
    void vector(const std::string& name, const TensorView& view) {
        add(name, view, {std::uint64_t(view.columns)});
    }
    void add(const std::string& name, const TensorView& view, std::vector<std::uint64_t> dimensions) {
        m_writer.addTensor(name, view.type, std::move(dimensions), {view.data, view.data + view.bytes()});
    }

    GgufWriter& m_writer;
    const std::byte* m_table = nullptr;
    std::string m_block;
};

} // namespace

std::span<const RealShape> realShapes() {
    return kShapes;
}

SyntheticModel makeRealShape(const RealShape& real, std::mt19937_64& random) {
    ModelSpec spec = uniformSpec(real.shape, real.type);
    spec.tied = real.tied;
    if (real.type != QuantType::F16 && real.type != QuantType::Q8_0) spec.head = QuantType::Q6_K;
    if (real.type == QuantType::F16 || real.type == QuantType::Q8_0) spec.head = real.type;
    if (real.shape.hidden % 256 != 0) spec.head = QuantType::Q8_0;
    if (real.tied) spec.embed = spec.head;
    SyntheticModel model = makeModel(spec, random, true);
    if (real.type != QuantType::Q4_K) return model;
    ModelSpec better = spec;
    better.v = better.down = QuantType::Q6_K;
    SyntheticModel other = makeModel(better, random, true);
    const std::uint32_t layers = real.shape.layers;
    const auto isBetter = [&](std::uint32_t i) {
        return i < layers / 8 || i >= 7 * layers / 8 || (i - layers / 8) % 3 == 2;
    };
    for (std::size_t i = 0; i < model.plan.steps.size(); ++i) {
        auto* qkv = std::get_if<QkvStep>(&model.plan.steps[i]);
        auto* down = std::get_if<DownStep>(&model.plan.steps[i]);
        if (qkv && isBetter(qkv->layer)) qkv->v = std::get<QkvStep>(other.plan.steps[i]).v;
        if (down && isBetter(down->layer)) down->down = std::get<DownStep>(other.plan.steps[i]).down;
    }
    for (auto& block : other.storage)
        model.storage.push_back(std::move(block));
    return model;
}

void writeGguf(const SyntheticModel& model, const std::filesystem::path& path) {
    const PlanShape& s = model.plan.shape;
    GgufWriter writer;
    writer.set("general.architecture", std::string("llama"));
    writer.set("general.name", path.stem().string());
    setSentencePieceVocabulary(writer, s.vocabulary);
    writer.set("llama.block_count", s.layers);
    writer.set("llama.context_length", std::uint32_t{8192});
    writer.set("llama.embedding_length", s.hidden);
    writer.set("llama.feed_forward_length", s.feedForward);
    writer.set("llama.attention.head_count", s.heads);
    writer.set("llama.attention.head_count_kv", s.kvHeads);
    writer.set("llama.attention.key_length", s.headDim);
    writer.set("llama.attention.value_length", s.headDim);
    writer.set("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    writer.set("llama.rope.dimension_count", s.headDim);
    writer.set("llama.rope.freq_base", 10000.0f);
    writer.set("llama.vocab_size", s.vocabulary);
    TensorWriter tensors(writer);
    for (const Step& step : model.plan.steps)
        std::visit(tensors, step);
    writer.write(path);
}

} // namespace altiplano::test
