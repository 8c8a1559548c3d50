// The chat template engine: any template renders within its limits or ends in an Error of one line. The input
// is a template.
#include "engine/chat_template.h"
#include "engine/error.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

using namespace altiplano::engine;

namespace {

nlohmann::ordered_json context() {
    const auto messages = nlohmann::ordered_json::parse(R"([
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "Grüße 世界 <b>"},
        {"role": "assistant", "content": "", "tool_calls": [{"id": "c1", "function": {"name": "f", "arguments": {"x": [1, 2.5, null]}}}]},
        {"role": "tool", "name": "f", "content": "3"}])");
    return ChatTemplate::context(
        messages, nlohmann::ordered_json::parse(R"([{"type": "function", "function": {"name": "f"}}])"),
        {true, "<s>", "</s>"});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const nlohmann::ordered_json kContext = context();
    try {
        const ChatTemplate parsed(std::string_view(reinterpret_cast<const char*>(data), size));
        const TemplateLimits limits{100'000, 1u << 20, 300};
        if (parsed.render(kContext, limits).size() > limits.outputBytes) std::abort();
    } catch (const Error& error) {
        const std::string_view sentence = error.what();
        if (sentence.empty() || sentence.find('\n') != sentence.npos || sentence.size() > 1000) std::abort();
    }
    return 0;
}
