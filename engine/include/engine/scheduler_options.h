#pragma once

#include <cstdint>

namespace altiplano::engine {

/// How K and V are stored: half floats, or blocks of 32 int8 with a half scale (little more than half the
/// bytes).
enum class KvType : std::uint8_t { F16, Q8_0 };

struct SchedulerOptions {
    std::uint32_t contextTokens = 4096; ///< per sequence; at most what the pool holds
    std::uint32_t poolTokens = 0;       ///< KV pool; 0: contextTokens
    KvType kvType = KvType::F16;
    std::uint32_t promptChunk = 512; ///< most rows of one step
    std::uint32_t sharedChunk = 128; ///< most prompt rows of a step in which other requests decode
    std::uint32_t maxSequences = 8;  ///< decoded together; more wait

    /// Where the device can decode without the host (see kernels::DecodeLoop), it does, and the host is some
    /// steps behind; off: step by step, each token chosen by the host. Requests whose sampling the device
    /// does not do (DRY, XTC, mirostat, logit bias) go step by step, and so does everything beside them.
    bool decodeLoop = true;
    bool graphs = true; ///< a decode loop's steps as captured graphs; off: the same kernels one by one
};

} // namespace altiplano::engine
