#include "engine/model.h"

#include "device_choice.h"
#include "engine/chat_prompt.h"
#include "engine/error.h"
#include "engine/forward_plan.h"
#include "engine/model_config.h"
#include "sentences.h"

#include <chrono>
#include <new>
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
    std::unique_ptr<kernels::Backend> backend;
    std::unique_ptr<kernels::Program> program; ///< after the backend and the file, which it may need
    DeviceReport device;
    std::int64_t loadNs = 0;

    void loadTokenizer();
    void loadTemplate();
    void loadWeights(const LoadOptions& options, const LoadProgress& progress, const std::stop_token& stop);
    void upload(const LoadProgress& progress, const std::stop_token& stop);
    void report(const std::string& reason);
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

void Model::Data::loadWeights(const LoadOptions& options, const LoadProgress& progress,
                              const std::stop_token& stop) {
    DeviceChoice choice = createBackend(options);
    const bool mayFallBack = options.backend == BackendChoice::Auto && !options.makeBackend &&
                             choice.backend->device().backend != "cpu";
    backend = std::move(choice.backend);
    try {
        upload(progress, stop);
    } catch (const Error& error) {
        if (!mayFallBack || error.code() == ErrorCode::Cancelled) throw;
        choice = createFallback(options, error.what());
        backend = std::move(choice.backend);
        upload(progress, stop);
    }
    report(choice.reason);
}

void Model::Data::upload(const LoadProgress& progress, const std::stop_token& stop) {
    kernels::Plan plan = forwardPlan(file, config);
    const std::uint64_t total = planBytes(plan);
    const std::uint64_t free = backend->device().freeBytes;
    const auto outOfMemory = [&] {
        return Error(ErrorCode::OutOfMemory, "The model's weights need " + byteText(total) + ", but " +
                                                 (free ? "only " + byteText(free) + " of memory are free"
                                                       : "the memory does not suffice") +
                                                 "; a smaller quantization of it may fit.");
    };
    if (free != 0 && total > free) throw outOfMemory();
    kernels::UploadObserver observer;
    observer.stop = stop;
    observer.onTensor = [&](const kernels::TensorView& tensor, bool kept, std::uint64_t done) {
        if (!kept) file.release(tensor.data, tensor.bytes());
        if (progress) progress(done, total);
    };
    try {
        program = backend->upload(std::move(plan), observer);
    } catch (const kernels::BackendError& error) {
        if (error.kind == kernels::BackendError::Kind::OutOfMemory) throw outOfMemory();
        throw asError(error);
    } catch (const std::bad_alloc&) {
        throw outOfMemory();
    }
    if (!program) throw Error(ErrorCode::Cancelled, "Loading was cancelled.");
}

void Model::Data::report(const std::string& reason) {
    const kernels::DeviceInfo info = backend->device();
    device = {info.backend,        info.name,
              info.instructions,   info.threads,
              info.memoryBytes,    info.readBytesPerSecond,
              config.shape.layers, reason};
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
    data->loadWeights(options, progress, stop);
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
    return *m_data->program;
}
const DeviceReport& Model::device() const {
    return m_data->device;
}
std::uint32_t Model::contextLength() const {
    return m_data->config.contextLength;
}
std::uint64_t Model::weightBytes() const {
    return m_data->program->weightBytes();
}
std::uint64_t Model::freeBytes() const {
    return m_data->backend->device().freeBytes;
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
