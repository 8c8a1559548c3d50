#pragma once

#include "cpu/attention.h"
#include "cpu/matmul.h"
#include "cpu/vector.h"

#include <span>
#include <string_view>

namespace altiplano::kernels {

/// A family of CPU instructions that this project has kernels for.
struct InstructionSet {
    std::string_view name;  ///< as in CpuOptions::instructions
    std::string_view title; ///< as its maker writes it
    const MatmulKernels& matmul;
    const VectorKernels& vector;
    const AttentionKernels& attention;
    bool (*supported)(); ///< by this CPU, its operating system and this build
};

/// All of them, the plainest first.
std::span<const InstructionSet> instructionSets() noexcept;

/// The best one that this CPU runs among those up to `name`; "auto" is no limit. Null where `name` is unknown
/// or this CPU lacks it.
const InstructionSet* findInstructionSet(std::string_view name) noexcept;

} // namespace altiplano::kernels
