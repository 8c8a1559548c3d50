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
    static const RowKernels scalar{kScalarMatmul, kScalarAttention}, avx2{kAvx2Matmul, kAvx2Attention},
        avx512{kAvx512Matmul, kAvx512Attention}, avx512Bf16{kAvx512Bf16Matmul, kAvx512Attention};
    static const std::array sets{
        InstructionSet{"scalar", "plain x86-64", scalar, scalar, kScalarVector, always},
        InstructionSet{"avx2", "AVX2", avx2, avx2, kAvx2Vector, hasAvx2},
        InstructionSet{"avx512", "AVX-512 VNNI", avx512, avx512, kAvx512Vector, hasAvx512},
        InstructionSet{"avx512bf16", "AVX-512 VNNI, BF16", avx512Bf16, avx512Bf16, kAvx512Vector,
                       hasAvx512Bf16},
        InstructionSet{"amx", "AMX BF16", {kAmxMatmul, kAmxAttention}, avx512, kAvx512Vector, hasAmx},
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
