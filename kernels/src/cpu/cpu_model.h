#pragma once

#include "cpu/instruction_set.h"
#include "cpu/packed_weights.h"

#include "kernels/backend.h"

#include <variant>
#include <vector>

namespace altiplano::kernels {

/// The steps of a plan with their weights where the CPU backend has put them.
struct CpuLinear {
    PackedMatrix weight;
    const float* bias = nullptr; ///< null where there is none
};
struct CpuNorm {
    const float* weight = nullptr;
    float epsilon = 0;
};
struct CpuEmbed {
    TensorView inPlace;  ///< the table in the file, or
    PackedMatrix packed; ///< where the head shares it, its tiles
};
struct CpuQkv {
    CpuNorm norm;
    CpuLinear q, k, v;
};
struct CpuAttention {
    std::size_t cache; ///< which layer of a KV page it uses
    float scale;
    std::uint32_t window;
    std::size_t rope; ///< index into CpuModel::ropes: how the layer's queries and keys turn
};
struct CpuOutput { ///< attention's output projection, or the feed-forward's down projection: added to x
    CpuLinear linear;
    bool feedForward;
};
struct CpuGateUp {
    CpuNorm norm;
    CpuLinear gate, up;
};
struct CpuLogits {
    CpuNorm norm;
    CpuLinear head;
};
using CpuStep = std::variant<CpuEmbed, CpuQkv, CpuAttention, CpuOutput, CpuGateUp, CpuLogits>;

/// What every execution of a program reads.
struct CpuModel {
    /// Checks the plan's shapes and adds up its sizes. BackendError{Unsupported} where they contradict.
    CpuModel(const Plan& plan, const InstructionSet& set);

    /// Fills `steps`, once the weights are packed.
    void bind(const Plan& plan);

    KvLayout kvLayout(KvType type) const { return {type, caches, shape.kvHeads, shape.headDim}; }

    const InstructionSet& instructions;
    PlanShape shape;
    PackedWeights weights;
    std::vector<CpuStep> steps;
    std::vector<Rope> ropes; ///< different ones only

    /// Sizes that the scratch memory follows from.
    std::size_t caches = 0;                 ///< layers of a KV page
    std::vector<std::size_t> promptColumns; ///< widest activations of each format of prompt rows; 0: none
    std::vector<std::size_t>
        answerColumns; ///< and of answer rows (of all, where the set makes no difference)
    bool embeds = false, givesLogits = false;

private:
    void addLinear(const Linear& linear, std::size_t rows, std::size_t columns);
    std::size_t addRope(const Rope& rope);
};

} // namespace altiplano::kernels
