#pragma once

#include "engine/scheduler.h"

#include <cstdint>

namespace altiplano::engine {

class GgufFile;
struct ModelConfig;

/// Bytes that running a model takes, known from the file's header alone.
struct MemoryEstimate {
    std::uint64_t weights = 0; ///< every tensor that is read per token; the untied embedding stays in the file
    std::uint64_t embedding = 0; ///< an untied embedding table: read in place, a row per token
    std::uint64_t kv = 0;        ///< the KV pool for the asked context
    std::uint64_t workspace = 0; ///< activations and logits
    std::uint64_t total() const { return weights + kv + workspace; }
};

/// What `contextTokens` of context take with that KV type, in prompt chunks of `promptChunk` rows.
MemoryEstimate estimateMemory(const GgufFile& file, const ModelConfig& config, std::uint32_t contextTokens,
                              KvType kvType, std::uint32_t promptChunk = 512);

} // namespace altiplano::engine
