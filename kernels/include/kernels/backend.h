#pragma once

#include "kernels/batch.h"
#include "kernels/decode_loop.h"
#include "kernels/execute_times.h"
#include "kernels/step.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>

namespace altiplano::kernels {

/// What a device is and has. Bytes and bytes per second; 0 where it is not known.
struct DeviceInfo {
    std::string backend;      ///< "cpu" or "cuda"
    std::string name;         ///< as its maker calls it
    std::string instructions; ///< "AVX2", "AVX-512 VNNI", "AMX", "sm_90", ...
    std::uint32_t threads = 0;
    std::uint64_t memoryBytes = 0;
    std::uint64_t freeBytes = 0;
    double readBytesPerSecond = 0; ///< measured, not a data sheet's
};

/// Thrown by upload, createState and execute. engine turns it into a sentence for the user.
struct BackendError : std::runtime_error {
    enum class Kind { OutOfMemory, Unsupported, Device };
    BackendError(Kind k, const std::string& what) : std::runtime_error(what), kind(k) {}
    Kind kind;
};

/// KV pages and scratch memory for running a Program. One per thread that executes; never shared.
class ExecutionState {
public:
    virtual ~ExecutionState() = default;
    virtual std::uint64_t bytes() const = 0;

    /// Copies the first `tokens` positions of a page into another (copy on write).
    virtual void copyPage(std::uint32_t from, std::uint32_t to, std::uint32_t tokens) = 0;
};

struct StateLimits {
    std::uint32_t maxRows = 512; ///< most rows of one execute call
    std::uint32_t kvPages = 0;   ///< size of the page pool
    KvType kvType = KvType::F16;
};

/// A plan with its weights on one device. Immutable once made; may be executed from several threads, each
/// with a state of its own.
class Program {
public:
    virtual ~Program() = default;
    virtual std::uint64_t weightBytes() const = 0;
    virtual std::uint64_t stateBytes(const StateLimits& limits) const = 0; ///< what createState will take
    virtual std::unique_ptr<ExecutionState> createState(const StateLimits& limits) const = 0;

    /// Runs the plan over the batch. `logits` takes [rows that want logits x vocabulary] float32, in the
    /// order of the rows; empty where the plan has no LogitsStep. `hidden` [rows x hidden] float32 is the
    /// input of a plan without an EmbedStep and the output of one without a LogitsStep; else empty. Returns
    /// false, promptly and with the batch's KV rows undefined, once `stop` is requested. `times` may be null.
    virtual bool execute(ExecutionState& state, const Batch& batch, std::span<float> logits,
                         std::span<float> hidden, const std::stop_token& stop, ExecuteTimes* times) const = 0;

    /// A loop that decodes on the device without the host, on a state of this program, which must outlive it.
    /// Null where the backend has none, or the plan lacks the embedding or the logits.
    virtual std::unique_ptr<DecodeLoop> createDecodeLoop(ExecutionState&, const DecodeLoopOptions&) const {
        return nullptr;
    }
};

/// Bytes of a device's memory.
struct MemoryNeed {
    std::uint64_t weights = 0; ///< held by a Program
    std::uint64_t state = 0;   ///< by an ExecutionState
    std::uint64_t total() const { return weights + state; }
    MemoryNeed& operator+=(const MemoryNeed& other);
};

/// What an upload tells its caller, from the calling thread. Both may be empty.
struct UploadObserver {
    /// The backend has its own copy of this tensor, or of some rows of it (large ones are told slice by
    /// slice, so that their memory can go as soon as it was read), or will read it in place where `kept`;
    /// bytes done so far.
    std::function<void(const TensorView& tensor, bool kept, std::uint64_t bytesDone)> onTensor;
    std::stop_token stop;
};

/// A device that runs plans. Thread-safe.
class Backend {
public:
    virtual ~Backend() = default;
    virtual DeviceInfo device() const = 0;
    virtual std::uint64_t freeBytes() const { return device().freeBytes; } ///< alone, without measuring

    /// What uploading the plan and then createState will take of this device's memory; 0: not known. Looks at
    /// shapes only.
    virtual MemoryNeed memoryNeeded(const Plan&, const StateLimits&) const { return {}; }

    /// Repacks the plan's weights into what this device's kernels stream best, at equal bytes per weight and
    /// with bounded staging memory. A tensor named twice (tied head) is held once. Views that are reported as
    /// kept must outlive the program. Null when the observer's stop was requested.
    virtual std::unique_ptr<Program> upload(Plan plan, const UploadObserver& observer) = 0;
};

/// CPUs (hyperthreads too) that this process may use: those of its affinity mask, and no more than its
/// control group's quota. At least 1. More threads than that would wait for each other's CPU.
std::uint32_t usableCpus();

/// How the CPU backend runs.
struct CpuOptions {
    std::uint32_t threads = 0; ///< 0: one per physical core that this process may use
    /// "auto", or at most this: "scalar" (the reference), "avx2", "avx512", "avx512bf16", "amx".
    std::string instructions = "auto";
};

/// The CPU backend. Throws BackendError{Unsupported} for instructions that this CPU lacks.
std::unique_ptr<Backend> createCpuBackend(const CpuOptions& options);

/// The same as that backend's memoryNeeded, without making it and its threads.
MemoryNeed cpuMemoryNeeded(const CpuOptions& options, const Plan& plan, const StateLimits& limits);

/// Bytes that the system could give to programs now; 0: not known.
std::uint64_t freeCpuBytes();

} // namespace altiplano::kernels
