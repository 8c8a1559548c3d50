#pragma once

#include "engine/scheduler_options.h"

#include <cstdint>
#include <string>

namespace altiplano::engine {

class GgufFile;

/// What a person wants to know of a model file before loading it, from the header alone.
struct ModelSummary {
    std::string architecture;
    std::string name;
    std::string quantization; ///< as people call it: "Q4_K_M"
    std::uint64_t parameters = 0;
    std::uint32_t layers = 0;
    std::uint32_t contextLength = 0; ///< what the model was trained for
    std::uint32_t vocabulary = 0;
    std::string license;         ///< as the file calls it: "apache-2.0"; empty: it does not say
    std::uint64_t fileBytes = 0; ///< all parts
    std::string refusal;         ///< a sentence: why this engine does not run it; empty: it does

    /// Errors as ModelConfig::fromGguf.
    static ModelSummary fromGguf(const GgufFile& file);

    /// The same of any GGUF file: of one that this engine does not run, the refusal and what else is known.
    static ModelSummary ofAny(const GgufFile& file);
};

/// Bytes that running a model takes of a device.
struct MemoryEstimate {
    std::uint64_t weights = 0;
    std::uint64_t embedding = 0; ///< an untied embedding table: read in place from the file, a row per token
    std::uint64_t kv = 0;        ///< the KV pool
    std::uint64_t workspace = 0; ///< activations and logits
    std::uint64_t total() const { return weights + kv + workspace; }
    MemoryEstimate& operator+=(const MemoryEstimate& other);
};

/// What running the model on the CPU with these options takes, from the header alone; of other devices:
/// engine/forecast.h. Errors as ModelConfig::fromGguf.
MemoryEstimate estimateMemory(const GgufFile& file, const SchedulerOptions& options);

/// The longest context, at most that of the options, with which the model takes no more than `bytes`.
/// Error{BadRequest} where even 512 tokens take more, and as ModelConfig::fromGguf.
std::uint32_t contextWithin(const GgufFile& file, const SchedulerOptions& options, std::uint64_t bytes);

} // namespace altiplano::engine
