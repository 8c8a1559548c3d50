#include "engine/model.h"

#include "engine/chat_prompt.h"
#include "engine/error.h"
#include "engine/forward_plan.h"
#include "engine/model_config.h"
#include "layer_split.h"
#include "model_weights.h"
#include "sentences.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

namespace altiplano::engine {

struct Model::Data {
    explicit Data(GgufFile f) : file(std::move(f)), config(ModelConfig::fromGguf(file)) {}

    GgufFile file;
    ModelConfig config;
    std::unique_ptr<Tokenizer> tokenizer;
    std::optional<ChatTemplate> chatTemplate;
    std::string builtInTemplate;
    std::vector<std::string> warnings;
    ModelWeights weights; ///< after the file, which they may need
    std::vector<DeviceReport> devices;
    std::int64_t loadNs = 0;

    void loadTokenizer();
    void loadTemplate();
    void report();
};

namespace {

void throwIfStopped(const std::stop_token& stop) {
    if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "Loading was cancelled.");
}

} // namespace

void Model::Data::loadTokenizer() {
    tokenizer = Tokenizer::create(Vocabulary::fromGguf(file),
                                  [this](const std::string& sentence) { warnings.push_back(sentence); });
    if (tokenizer->vocabulary().tokens.size() > config.shape.vocabulary)
        throw Error(ErrorCode::BadFile, file.path().string() + ": the vocabulary has " +
                                            withSeparators(tokenizer->vocabulary().tokens.size()) +
                                            " tokens, but the embedding only " +
                                            withSeparators(config.shape.vocabulary) + ".");
}

/// The file's own template, or the built-in one that fits its vocabulary, with a warning.
void Model::Data::loadTemplate() {
    std::string reason = "The file has no chat template";
    if (const auto source = file.string("tokenizer.chat_template")) {
        try {
            chatTemplate.emplace(*source);
            return;
        } catch (const Error& error) {
            reason = "The file's chat template cannot be used (" + std::string(error.what()) + ")";
        }
    }
    const Vocabulary& vocabulary = tokenizer->vocabulary();
    const ChatTemplate::BuiltIn builtIn =
        ChatTemplate::builtInFor(config.architecture, [&](std::string_view text) {
            for (std::size_t i = 0; i < vocabulary.tokens.size(); ++i)
                if (vocabulary.tokens[i] == text &&
                    (vocabulary.types.empty() || vocabulary.types[i] == TokenType::Control ||
                     vocabulary.types[i] == TokenType::UserDefined))
                    return true;
            return false;
        });
    chatTemplate.emplace(builtIn.source);
    builtInTemplate = builtIn.name;
    warnings.push_back(reason + "; the built-in template '" + builtInTemplate +
                       "' is used, and may not be what the model was trained with.");
}

void Model::Data::report() {
    for (const ModelWeights::Device& device : weights.devices) {
        const kernels::DeviceInfo info = device.backend->device();
        const Placement& placement = weights.placement;
        const bool first = devices.empty();
        const std::uint32_t layers = weights.devices.size() == 1 ? placement.layers
                                     : first                     ? placement.gpuLayers
                                                                 : placement.layers - placement.gpuLayers;
        devices.push_back({info.backend, info.name, info.instructions, info.threads, info.memoryBytes,
                           info.readBytesPerSecond, layers,
                           first ? placement.reason : "It runs what the GPU has no room for."});
    }
}

std::shared_ptr<const Model> Model::load(const std::filesystem::path& path, const LoadOptions& options,
                                         const LoadProgress& progress, std::stop_token stop) {
    const auto start = std::chrono::steady_clock::now();
    throwIfStopped(stop);
    auto data = std::make_unique<Data>(GgufFile::open(path));
    throwIfStopped(stop);
    data->loadTokenizer();
    data->loadTemplate();
    throwIfStopped(stop);
    data->weights = loadWeights(data->file, data->config, options, progress, stop);
    data->report();
    data->loadNs = std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count();
    return std::shared_ptr<const Model>(new Model(std::move(data)));
}

Model::Model(std::unique_ptr<Data> data) : m_data(std::move(data)) {}
Model::~Model() = default;

const GgufFile& Model::file() const {
    return m_data->file;
}
const ModelConfig& Model::config() const {
    return m_data->config;
}
const Tokenizer& Model::tokenizer() const {
    return *m_data->tokenizer;
}
const ChatTemplate& Model::chatTemplate() const {
    return *m_data->chatTemplate;
}
const std::string& Model::builtInTemplate() const {
    return m_data->builtInTemplate;
}
const std::vector<std::string>& Model::warnings() const {
    return m_data->warnings;
}
const kernels::Program& Model::program() const {
    return *m_data->weights.program;
}
const DeviceReport& Model::device() const {
    return m_data->devices.front();
}
const std::vector<DeviceReport>& Model::devices() const {
    return m_data->devices;
}
const Placement& Model::placement() const {
    return m_data->weights.placement;
}
double Model::readBytesPerSecond() const {
    double bytes = 0, seconds = 0;
    for (std::size_t i = 0; i < m_data->devices.size(); ++i) {
        if (m_data->devices[i].readBytesPerSecond <= 0) return 0;
        double own = 0;
        for (const kernels::Program* program : m_data->weights.devices[i].programs)
            own += static_cast<double>(program->weightBytes());
        bytes += own;
        seconds += own / m_data->devices[i].readBytesPerSecond;
    }
    return seconds > 0 ? bytes / seconds : 0;
}
std::uint32_t Model::contextLength() const {
    return m_data->config.contextLength;
}
std::uint64_t Model::weightBytes() const {
    return m_data->weights.program->weightBytes();
}
std::uint64_t Model::freeBytes() const {
    return m_data->weights.devices.front().backend->freeBytes();
}
std::uint64_t Model::gpuBytes(const SchedulerOptions& options) const {
    std::uint64_t bytes = 0;
    if (m_data->weights.placement.gpuLayers > 0)
        for (const kernels::Program* program : m_data->weights.devices.front().programs)
            bytes += program->weightBytes() + program->stateBytes(stateLimits(options));
    return bytes;
}
std::optional<MemoryShortage> Model::shortage(const kernels::StateLimits& limits) const {
    for (const ModelWeights::Device& device : m_data->weights.devices) {
        MemoryShortage memory{0, device.backend->freeBytes(),
                              m_data->weights.placement.gpuLayers > 0 &&
                                  &device == m_data->weights.devices.data()};
        for (const kernels::Program* program : device.programs)
            memory.needed += program->stateBytes(limits);
        if (memory.free != 0 && memory.needed > memory.free) return memory;
    }
    return std::nullopt;
}
std::uint32_t Model::gpuLayersThatFit(const SchedulerOptions& options) const {
    const ModelWeights& weights = m_data->weights;
    if (weights.placement.gpuLayers == 0 || weights.placement.gpuBytes == 0) return 0;
    const kernels::Backend& gpu = *weights.devices.front().backend;
    std::uint64_t bytes = gpu.freeBytes();
    for (const kernels::Program* program : weights.devices.front().programs)
        bytes += program->weightBytes();
    return layersThatFit(forwardPlan(m_data->file, m_data->config), gpu, stateLimits(options), bytes);
}
std::int64_t Model::loadNs() const {
    return m_data->loadNs;
}

std::string Model::renderPrompt(const std::vector<ChatMessage>& messages, bool generationPrompt) const {
    const Vocabulary& vocabulary = tokenizer().vocabulary();
    const auto text = [&](std::optional<TokenId> id) {
        return id ? vocabulary.tokens[static_cast<std::size_t>(*id)] : std::string();
    };
    nlohmann::ordered_json context = {{"messages", nlohmann::ordered_json::array()},
                                      {"tools", nullptr},
                                      {"documents", nullptr},
                                      {"add_generation_prompt", generationPrompt},
                                      {"bos_token", text(vocabulary.bos)},
                                      {"eos_token", text(vocabulary.eos)},
                                      {"pad_token", text(vocabulary.padding)},
                                      {"unk_token", text(vocabulary.unknown)}};
    for (const ChatMessage& message : messages)
        context["messages"].push_back({{"role", message.role}, {"content", message.content}});
    return chatTemplate().render(context);
}

std::vector<TokenId> Model::encodePrompt(const std::vector<ChatMessage>& messages) const {
    const Vocabulary& vocabulary = tokenizer().vocabulary();
    const ChatPrompt prompt = renderChatPrompt(
        messages, tokenizer(), [this](const std::vector<ChatMessage>& given) { return renderPrompt(given); });
    std::vector<TokenId> tokens =
        tokenizer().encode(prompt.text, {.addSpecial = false, .plainAt = prompt.plainAt});
    const bool hasBos = !tokens.empty() && tokens.front() == vocabulary.bos;
    if (vocabulary.addBos && vocabulary.bos && !hasBos) tokens.insert(tokens.begin(), *vocabulary.bos);
    return tokens;
}

} // namespace altiplano::engine
