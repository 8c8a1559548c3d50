#pragma once

#include "kernels/step.h"

#include <cstdint>
#include <string>

namespace altiplano::engine {

class GgufFile;

/// The hyperparameters of a LLaMA-family model, read from GGUF metadata and held against the tensors: a file
/// whose numbers contradict each other is refused with Error{BadFile}; another architecture with
/// Error{Unsupported}.
struct ModelConfig {
    std::string architecture; ///< general.architecture
    std::string name;         ///< general.name, or the file's name
    std::string quantization; ///< as people call it: "Q4_K_M", from general.file_type or the tensors
    std::uint64_t parameters = 0;
    kernels::PlanShape shape;
    std::uint32_t contextLength = 0; ///< what the model was trained for
    float normEpsilon = 1e-5f;
    float attentionScale = 0;        ///< 1/sqrt(headDim) unless the file says otherwise
    std::uint32_t slidingWindow = 0; ///< 0: attends to everything
    kernels::Rope rope;
    bool tiedEmbeddings = false;

    static ModelConfig fromGguf(const GgufFile& file);
};

} // namespace altiplano::engine
