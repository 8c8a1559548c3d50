#pragma once

#include "kernels/decode_loop.h"
#include "rows.h"

#include <cuda_runtime_api.h>

namespace altiplano::kernels::cuda {

/// A decoding sequence in device memory.
struct SequenceState {
    DecodeSampling sampling;
    std::uint32_t remaining;   ///< tokens still to choose; 0: done, further steps change nothing
    std::uint32_t emitted;     ///< tokens chosen since the start
    std::uint32_t chosen;      ///< and before it
    std::uint32_t recentCount; ///< tokens ever put into `recent`, a ring
    std::uint32_t stopCount;
    std::int32_t recent[kMaxPenaltyWindow];
    std::int32_t stop[kMaxStopTokens];
    unsigned long long stepEndNs; ///< when the last step ended, by the device's clock; 0: none yet
};

/// A token on its way to the host, in pinned memory. From the highest bit: the token's number (from 1), 12
/// bits; how long its step took, 20 bits; last, 1 bit; the token, 31 bits. Token n of a sequence goes to
/// entry n % kTokenSlots of the sequence's slots.
using TokenMessage = unsigned long long;
inline constexpr std::uint32_t kTokenSlots = 1024;
inline constexpr std::uint32_t kNumberMask = 0xfff, kDurationMask = 0xfffff, kTokenMask = 0x7fffffff;
inline constexpr std::uint32_t kDurationUnitNs = 256; ///< durations of 268 ms and more become 0: not known
static_assert(kTokenSlots > DecodeLoop::kMaxStepsAhead && kTokenSlots < kNumberMask);

struct Sampling {
    SequenceState* sequences = nullptr; ///< [rows]
    Row* rows = nullptr;                ///< get the chosen token and the next position
    float* logits = nullptr;            ///< [rows x vocabulary], penalties are applied in place
    TokenMessage* messages = nullptr;   ///< [rows x kTokenSlots], pinned
    std::uint32_t vocabulary = 0;
    std::uint32_t rowCount = 0;
    std::uint32_t clusterBlocks = 1;      ///< blocks per row; more than 1 from compute capability 9.0
    bool dependent = false;               ///< launch with programmatic dependence
    unsigned long long* stamps = nullptr; ///< get the device's time at begin and end; may be null
};

/// Penalties, sampling, stop check and feedback for every row.
void sample(const Sampling& sampling, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
