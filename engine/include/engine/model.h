#pragma once

#include "engine/chat_template.h"
#include "engine/generation.h"
#include "engine/gguf_file.h"
#include "engine/placement.h"
#include "engine/scheduler_options.h"
#include "engine/tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace altiplano::kernels {
class Backend;
class Program;
struct StateLimits;
} // namespace altiplano::kernels

namespace altiplano::engine {

struct ModelConfig;

enum class BackendChoice : std::uint8_t { Auto, Cpu, Cuda };

struct LoadOptions {
    BackendChoice backend = BackendChoice::Auto;
    std::uint32_t threads = 0;         ///< 0: one per core; at most one per CPU that this process may use
    std::int32_t gpuLayers = -1;       ///< -1: as many as fit beside what `runWith` takes
    std::string instructions = "auto"; ///< see kernels::CpuOptions
    SchedulerOptions runWith;          ///< how the model is to be run
    /// Makes the device to run on in place of the GPU (a test's). Empty: `backend` decides.
    std::function<std::unique_ptr<kernels::Backend>()> makeBackend;
};

/// The device that a model runs on, and why that one. Bytes and bytes per second; 0 where not known.
struct DeviceReport {
    std::string backend;      ///< "cpu" or "cuda"
    std::string name;         ///< as its maker calls it
    std::string instructions; ///< "AVX2", "sm_90", ...
    std::uint32_t threads = 0;
    std::uint64_t memoryBytes = 0;
    double readBytesPerSecond = 0; ///< measured
    std::uint32_t layers = 0;      ///< layers of the model that it runs
    std::string reason;            ///< a sentence: why this device
};

/// Memory that a device does not have.
struct MemoryShortage {
    std::uint64_t needed = 0, free = 0; ///< bytes
    bool onGpu = false;
};

/// Bytes of weights ready, of all.
using LoadProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// A model ready to run: file, tokenizer, template and weights. Immutable and thread-safe: share it as
/// shared_ptr<const Model>.
class Model {
public:
    /// Loads, calling `progress` (may be empty) from this thread; Error{Cancelled} once `stop` is requested,
    /// Error{OutOfMemory} when the weights do not fit, and whatever the file's parts throw.
    static std::shared_ptr<const Model> load(const std::filesystem::path& path, const LoadOptions& options,
                                             const LoadProgress& progress = {}, std::stop_token stop = {});
    ~Model();

    const GgufFile& file() const;
    const ModelConfig& config() const; ///< engine/model_config.h
    const Tokenizer& tokenizer() const;
    const ChatTemplate& chatTemplate() const;
    const std::string& builtInTemplate() const; ///< name of the built-in in use; empty: the file's own
    const std::vector<std::string>&
    warnings() const; ///< sentences for the user, such as an unknown pre-tokenizer
    const kernels::Program& program() const;
    const DeviceReport& device() const;               ///< the first of devices()
    const std::vector<DeviceReport>& devices() const; ///< a GPU, and the CPU where it runs layers too
    const Placement& placement() const;
    double
    readBytesPerSecond() const; ///< at which all devices read the model, one after the other; 0: not known
    std::uint32_t contextLength() const; ///< tokens that the model was trained for
    std::uint64_t weightBytes() const;   ///< held by the device

    std::uint64_t freeBytes() const; ///< of the first device's memory, now; 0: not known
    std::uint64_t gpuBytes(const SchedulerOptions& options) const; ///< on the GPU, run with these options

    /// The device that cannot hold K/V and workspace of this size beside the weights, if any.
    std::optional<MemoryShortage> shortage(const kernels::StateLimits& limits) const;
    /// How many layers on the GPU would leave room for running with these options; 0: none, or no GPU.
    std::uint32_t gpuLayersThatFit(const SchedulerOptions& options) const;

    std::int64_t loadNs() const;

    /// The prompt of a conversation, as text. Error{Template}.
    std::string renderPrompt(const std::vector<ChatMessage>& messages, bool generationPrompt = true) const;

    /// The ids of that prompt: the template's special tokens parsed, those that messages spell taken as text
    /// (engine/chat_prompt.h), and BOS added only where the template did not write it.
    std::vector<TokenId> encodePrompt(const std::vector<ChatMessage>& messages) const;

private:
    struct Data;
    explicit Model(std::unique_ptr<Data> data);
    std::unique_ptr<Data> m_data;
};

} // namespace altiplano::engine
