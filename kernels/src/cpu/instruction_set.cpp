#include "cpu/instruction_set.h"

#include "cpu/cpu_features.h"

#include <array>

namespace altiplano::kernels {
namespace {

bool always() {
    return true;
}

} // namespace

std::span<const InstructionSet> instructionSets() noexcept {
    static const std::array sets{
        InstructionSet{"scalar", "plain x86-64", kScalarMatmul, kScalarVector, kScalarAttention, always},
        InstructionSet{"avx2", "AVX2", kAvx2Matmul, kAvx2Vector, kAvx2Attention, hasAvx2},
        InstructionSet{"avx512", "AVX-512 VNNI", kAvx512Matmul, kAvx512Vector, kAvx512Attention, hasAvx512},
        InstructionSet{"amx", "AMX BF16", kAmxMatmul, kAvx512Vector, kAmxAttention, hasAmx},
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
