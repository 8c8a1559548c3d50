#pragma once

#include "engine/chat_template.h"
#include "engine/generation.h"
#include "engine/gguf_file.h"
#include "engine/model_config.h"
#include "engine/tokenizer.h"

#include "kernels/backend.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace altiplano::engine {

enum class BackendChoice : std::uint8_t { Auto, Cpu, Cuda };

struct LoadOptions {
    BackendChoice backend = BackendChoice::Auto;
    std::uint32_t threads = 0;  ///< 0: the backend's choice
    std::int32_t gpuLayers = -1; ///< -1: as many as fit
    std::string instructions = "auto"; ///< see kernels::CpuOptions
};

/// Bytes of weights ready, of all.
using LoadProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// A model ready to run: file, tokenizer, template and weights. Immutable and thread-safe: share it as
/// shared_ptr<const Model>.
class Model {
public:
    /// Loads, calling `progress` (may be empty) from this thread; Error{Cancelled} once `stop` is requested.
    static std::shared_ptr<const Model> load(const std::filesystem::path& path, const LoadOptions& options,
                                             const LoadProgress& progress = {}, std::stop_token stop = {});
    ~Model();

    const GgufFile& file() const;
    const ModelConfig& config() const;
    const Tokenizer& tokenizer() const;
    const ChatTemplate& chatTemplate() const;
    const std::string& builtInTemplate() const; ///< name of the built-in in use; empty: the file's own
    const std::vector<std::string>& warnings() const; ///< sentences for the user, such as an unknown pre-tokenizer
    const kernels::Program& program() const;
    const kernels::DeviceInfo& device() const;
    std::int64_t loadNs() const;

    /// The prompt of a conversation, as text. Error{Template}.
    std::string renderPrompt(const std::vector<ChatMessage>& messages, bool generationPrompt = true) const;

private:
    struct Data;
    explicit Model(std::unique_ptr<Data> data);
    std::unique_ptr<Data> m_data;
};

} // namespace altiplano::engine
