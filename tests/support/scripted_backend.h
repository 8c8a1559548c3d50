#pragma once

#include "engine/model.h"

#include "kernels/backend.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <vector>

namespace altiplano::test {

/// How a scripted device decodes by itself, and what it was asked for. When it runs what was launched, and
/// when it lets the host see which tokens, is random within what kernels::DecodeLoop allows: a step may be
/// run at once, or only when the host waits for it.
struct LoopScript {
    std::mt19937_64 random{1};
    std::function<void()> onCreate, onStart, onLaunch, onPoll; ///< may throw
    std::int64_t stepNs = 0;                                   ///< what a step is said to have taken
    std::vector<kernels::PhaseSpan> spans;                     ///< of a measured one

    std::uint32_t starts = 0;
    std::uint64_t steps = 0;                        ///< run
    std::uint32_t mostAhead = 0;                    ///< steps launched and not polled
    std::vector<kernels::DecodeSequence> sequences; ///< of the last start; its spans are not valid any more
    std::vector<std::vector<std::int32_t>> stopTokens;
    kernels::DecodeLoopOptions options;
};

/// What a scripted device does, and what it was asked for. Shared with the test.
struct DeviceScript {
    /// The token that greedy sampling is to choose after this text. The text is what stands in the KV pages,
    /// so a scheduler that mixes pages up gets another answer.
    std::function<std::int32_t(std::span<const std::int32_t> text)> next;
    /// Called for each row before it is run; may throw, block, or request a stop.
    std::function<void(const kernels::BatchRow&)> onRow;
    std::uint64_t bytesPerPage = 1000;
    std::uint64_t freeBytes = 0;
    bool nan = false;               ///< logits are NaN
    std::optional<LoopScript> loop; ///< absent: the device has no decode loop

    std::atomic<std::uint64_t> executions{0};
    std::atomic<std::uint64_t> rows{0}; ///< run to the end
    std::uint32_t mostRows = 0;         ///< of one execution
    std::uint32_t mostSequences = 0;
    std::vector<std::vector<std::uint32_t>> batches; ///< rows of each sequence, for each execution
};

/// A device without a model behind it: it keeps the tokens of each KV page and answers from a script. It
/// checks that batches are as kernels::Batch promises and throws std::logic_error where not.
std::unique_ptr<kernels::Backend> createScriptedBackend(std::shared_ptr<DeviceScript> script);

/// Load options that run on such a device.
engine::LoadOptions scriptedOptions(const std::shared_ptr<DeviceScript>& script);

} // namespace altiplano::test
