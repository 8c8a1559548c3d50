#pragma once

#include "cuda/synthetic_model.h"

#include <filesystem>
#include <span>

namespace altiplano::test {

/// A model that people run, by its shape and types; its weights are made up.
struct RealShape {
    const char* name; ///< "llama2-7b-q4_0"
    kernels::PlanShape shape;
    kernels::QuantType type;
    bool tied;
};

std::span<const RealShape> realShapes();

/// The types as llama-quantize deals them: the head in Q6_K, and for Q4_K_M the value and down projections of
/// the first and last eighth of the layers and every third between in Q6_K too.
SyntheticModel makeRealShape(const RealShape& real, std::mt19937_64& random);

/// Writes a plan and its weights as a GGUF file with a small SentencePiece vocabulary, filled up.
void writeGguf(const SyntheticModel& model, const std::filesystem::path& path);

} // namespace altiplano::test
