#include "cpu/instruction_set.h"

#include <array>

namespace altiplano::kernels {
namespace {

bool always() {
    return true;
}

/// Every CPU with these two also converts half floats (F16C).
bool hasAvx2() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

} // namespace

std::span<const InstructionSet> instructionSets() noexcept {
    static const std::array sets{
        InstructionSet{"scalar", "plain x86-64", kScalarMatmul, kScalarVector, kScalarAttention, always},
        InstructionSet{"avx2", "AVX2", kAvx2Matmul, kAvx2Vector, kAvx2Attention, hasAvx2},
    };
    return sets;
}

const InstructionSet* findInstructionSet(std::string_view name) noexcept {
    const InstructionSet* best = nullptr;
    for (const InstructionSet& set : instructionSets()) {
        const bool runs = set.supported();
        if (runs) best = &set;
        if (set.name == name) return runs ? &set : nullptr;
    }
    return name == "auto" ? best : nullptr;
}

} // namespace altiplano::kernels
