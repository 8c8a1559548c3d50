#include "cpu/cpu_model.h"

#include <algorithm>
#include <string>

namespace altiplano::kernels {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
    throw BackendError(BackendError::Kind::Unsupported, "The plan cannot run: " + reason + ".");
}

void checkShape(const TensorView& view, std::size_t rows, std::size_t columns) {
    if (view.empty() || view.rows != static_cast<std::int64_t>(rows) ||
        view.columns != static_cast<std::int64_t>(columns) ||
        columns % quantTraits(view.type).blockLength != 0)
        refuse("a weight is " + std::to_string(view.rows) + " x " + std::to_string(view.columns) + " where " +
               std::to_string(rows) + " x " + std::to_string(columns) + " is needed");
}

} // namespace

CpuModel::CpuModel(const Plan& plan, const InstructionSet& set)
    : instructions(set), shape(plan.shape), weights(plan), promptColumns(set.prompt.matmul.formats),
      answerColumns(set.answer.matmul.formats) {
    const std::size_t queries = std::size_t{shape.heads} * shape.headDim;
    const std::size_t keys = std::size_t{shape.kvHeads} * shape.headDim;
    if (shape.kvHeads == 0 || shape.heads % shape.kvHeads != 0) refuse("heads do not share KV heads evenly");
    const auto checkNorm = [&](const RmsNorm& norm) { checkShape(norm.weight, 1, shape.hidden); };
    for (const Step& step : plan.steps) {
        if (const auto* embed = std::get_if<EmbedStep>(&step)) {
            checkShape(embed->table, shape.vocabulary, shape.hidden);
            embeds = true;
        } else if (const auto* qkv = std::get_if<QkvStep>(&step)) {
            checkNorm(qkv->norm);
            addLinear(qkv->q, queries, shape.hidden);
            addLinear(qkv->k, keys, shape.hidden);
            addLinear(qkv->v, keys, shape.hidden);
            if (2 * qkv->rope.inverseFrequency.size() > shape.headDim) refuse("RoPE turns more than a head");
            addRope(qkv->rope);
            ++caches;
        } else if (const auto* output = std::get_if<AttentionOutputStep>(&step)) {
            addLinear(output->output, shape.hidden, queries);
        } else if (const auto* gateUp = std::get_if<GateUpStep>(&step)) {
            checkNorm(gateUp->norm);
            addLinear(gateUp->gate, shape.feedForward, shape.hidden);
            addLinear(gateUp->up, shape.feedForward, shape.hidden);
        } else if (const auto* down = std::get_if<DownStep>(&step)) {
            addLinear(down->down, shape.hidden, shape.feedForward);
        } else if (const auto* logits = std::get_if<LogitsStep>(&step)) {
            checkNorm(logits->norm);
            addLinear(logits->head, shape.vocabulary, shape.hidden);
            givesLogits = true;
        }
    }
}

void CpuModel::addLinear(const Linear& linear, std::size_t rows, std::size_t columns) {
    checkShape(linear.weight, rows, columns);
    if (!linear.bias.empty()) checkShape(linear.bias, 1, rows);
    const auto widen = [&](const MatmulKernels& matmul, std::vector<std::size_t>& widest) {
        std::size_t& width = widest[matmul.format(linear.weight.type)];
        width = std::max(width, columns);
    };
    if (instructions.tellsRowsApart()) widen(instructions.prompt.matmul, promptColumns);
    widen(instructions.answer.matmul, answerColumns);
}

std::size_t CpuModel::addRope(const Rope& rope) {
    const auto same = [&](const Rope& r) {
        return r.pairing == rope.pairing && r.inverseFrequency == rope.inverseFrequency &&
               r.magnitude == rope.magnitude;
    };
    const auto found = std::ranges::find_if(ropes, same);
    const auto index = static_cast<std::size_t>(found - ropes.begin());
    if (found == ropes.end()) ropes.push_back(rope);
    return index;
}

void CpuModel::bind(const Plan& plan) {
    const auto norm = [&](const RmsNorm& n) { return CpuNorm{weights.vector(n.weight), n.epsilon}; };
    const auto linear = [&](const Linear& l) {
        return CpuLinear{weights.matrix(l.weight), weights.vector(l.bias)};
    };
    std::size_t cache = 0, rope = 0;
    for (const Step& step : plan.steps) {
        if (const auto* embed = std::get_if<EmbedStep>(&step)) {
            const bool shared = weights.holds(embed->table);
            steps.push_back(CpuEmbed{embed->table, shared ? weights.matrix(embed->table) : PackedMatrix{}});
        } else if (const auto* qkv = std::get_if<QkvStep>(&step)) {
            rope = addRope(qkv->rope);
            steps.push_back(CpuQkv{norm(qkv->norm), linear(qkv->q), linear(qkv->k), linear(qkv->v)});
        } else if (const auto* attention = std::get_if<AttentionStep>(&step)) {
            steps.push_back(CpuAttention{cache++, attention->scale, attention->window, rope});
        } else if (const auto* output = std::get_if<AttentionOutputStep>(&step)) {
            steps.push_back(CpuOutput{linear(output->output), false});
        } else if (const auto* gateUp = std::get_if<GateUpStep>(&step)) {
            steps.push_back(CpuGateUp{norm(gateUp->norm), linear(gateUp->gate), linear(gateUp->up)});
        } else if (const auto* down = std::get_if<DownStep>(&step)) {
            steps.push_back(CpuOutput{linear(down->down), true});
        } else if (const auto* logits = std::get_if<LogitsStep>(&step)) {
            steps.push_back(CpuLogits{norm(logits->norm), linear(logits->head)});
        }
    }
}

} // namespace altiplano::kernels
