#pragma once

#include "cpu/attention.h"
#include "cpu/matmul.h"
#include "cpu/vector.h"

#include <span>
#include <string_view>

namespace altiplano::kernels {

/// How a set computes rows of one kind.
struct RowKernels {
    const MatmulKernels& matmul;
    const AttentionKernels& attention;
};

/// A family of CPU instructions that this project has kernels for.
struct InstructionSet {
    std::string_view name;     ///< as in CpuOptions::instructions
    std::string_view title;    ///< as its maker writes it
    RowKernels prompt, answer; ///< of rows that were read, and generated: ///< the same ones, but for AMX
    const VectorKernels& vector;
    bool (*supported)(); ///< by this CPU, its operating system and this build

    bool tellsRowsApart() const { return &prompt.matmul != &answer.matmul; }
};

/// All of them, the plainest first.
std::span<const InstructionSet> instructionSets() noexcept;

/// The best one that this CPU runs among those up to `name`; "auto" is no limit. Null where `name` is unknown
/// or this CPU lacks it.
const InstructionSet* findInstructionSet(std::string_view name) noexcept;

} // namespace altiplano::kernels
