#include "support/scripted_model.h"

#include "support/temporary_folder.h"
#include "support/tiny_model.h"

namespace altiplano::test {

using engine::TokenId;

std::vector<TokenId> byteTokens(std::string_view text) {
    std::vector<TokenId> tokens;
    for (const char c : text)
        tokens.push_back(kByteTokens + static_cast<unsigned char>(c));
    return tokens;
}

std::vector<TokenId> counted(std::size_t length, TokenId first) {
    std::vector<TokenId> prompt(length);
    for (std::size_t i = 0; i < length; ++i)
        prompt[i] = first + static_cast<TokenId>(i % 190);
    return prompt;
}

engine::SchedulerOptions withContext(std::uint32_t tokens) {
    engine::SchedulerOptions options;
    options.contextTokens = tokens;
    return options;
}

ScriptedModel::ScriptedModel() {
    TinyModelOptions options;
    options.layers = 1;
    options.chatTemplate = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}[assistant]";
    const TemporaryFolder folder;
    script->next = hashed;
    model =
        engine::Model::load(writeTinyModel(folder.path() / "tiny.gguf", options), scriptedOptions(script));
}

std::int32_t ScriptedModel::hashed(std::span<const std::int32_t> text) {
    std::uint64_t hash = 14695981039346656037ull;
    for (const std::int32_t token : text)
        hash = (hash ^ static_cast<std::uint64_t>(token)) * 1099511628211ull;
    return kByteTokens + static_cast<std::int32_t>((hash >> 20) % 200);
}

std::vector<TokenId> ScriptedModel::expected(std::vector<TokenId> prompt, std::size_t count) {
    const std::size_t start = prompt.size();
    while (prompt.size() < start + count)
        prompt.push_back(hashed(prompt));
    return {prompt.begin() + static_cast<std::ptrdiff_t>(start), prompt.end()};
}

void ScriptedModel::say(std::size_t promptTokens, const std::vector<TokenId>& answer) {
    script->next = [=](std::span<const std::int32_t> text) {
        const std::size_t i = text.size() - promptTokens;
        return i < answer.size() ? answer[i] : kEos;
    };
}

engine::GenerationRequest ScriptedModel::request(std::vector<TokenId> prompt, std::uint32_t maxTokens) {
    engine::GenerationRequest request;
    request.promptTokens = std::move(prompt);
    request.maxTokens = maxTokens;
    request.sampling.temperature = 0;
    return request;
}

void runAll(engine::Scheduler& scheduler) {
    while (scheduler.runSlice()) {
    }
}

} // namespace altiplano::test
