#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace altiplano::engine {

/// What a rendering may cost. A template that needs more ends in Error{Template}.
struct TemplateLimits {
    /// Expressions, statements and items, and text in units of 64 bytes.
    std::uint64_t steps = 20'000'000;
    /// Of the rendered text, and of any one value; all values of a rendering together may hold 4 times as
    /// much.
    std::uint64_t outputBytes = 64u << 20;
    /// Nested calls, expressions, blocks and values; 1000 need under 0.5 MB of stack.
    std::uint32_t depth = 1000;
};

/// A chat template: the Jinja that GGUF files carry, rendered as Hugging Face transformers renders it
/// (jinja2's ImmutableSandboxedEnvironment with trim_blocks and lstrip_blocks, loop controls, the generation
/// tag, tojson, raise_exception, strftime_now). Immutable and thread-safe.
///
/// What differs from jinja2: integers end at 2**120; include, import, extends, autoescape and super() fail;
/// there are no filters pprint, random, urlize, wordwrap and xmlattr and no lipsum(); an unknown filter or
/// test fails only when it is reached; a variable of the context stays visible in a block although the
/// template sets the same name behind that block.
class ChatTemplate {
public:
    /// Parses; Error{Template} with the line where it cannot.
    explicit ChatTemplate(std::string_view source);
    ~ChatTemplate();
    ChatTemplate(ChatTemplate&&) noexcept;
    ChatTemplate& operator=(ChatTemplate&&) noexcept;

    /// Renders with the members of `context` (an object: messages, tools, add_generation_prompt, bos_token,
    /// eos_token, ...) as global variables. Error{Template} with the template's line.
    std::string render(const nlohmann::ordered_json& context, const TemplateLimits& limits = {}) const;

    /// The context that transformers' apply_chat_template makes: tools (null or an array) and documents are
    /// none where there are none, and a message's reasoning is there under each of its names. `messages` is
    /// an array of objects. Set more variables on the result as needed.
    struct Prompt {
        bool addGeneration = true;
        std::string_view bosToken, eosToken;
    };
    static nlohmann::ordered_json context(const nlohmann::ordered_json& messages,
                                          const nlohmann::ordered_json& tools, const Prompt& prompt);

    /// The built-in template for files that bring none: a name such as "chatml" or "llama2", chosen by the
    /// architecture and the vocabulary's special tokens, and its source.
    struct BuiltIn {
        std::string_view name;
        std::string_view source;
    };
    /// `hasToken` tells whether the vocabulary has a control token of that text, such as "<|im_start|>".
    template <typename HasToken>
    static BuiltIn builtInFor(std::string_view architecture, HasToken hasToken);
    /// "chatml", "llama2", "llama3", "mistral", "zephyr", "plain"; any other name gives "plain".
    static BuiltIn builtIn(std::string_view name);

private:
    struct Parsed;
    std::unique_ptr<const Parsed> m_parsed;
};

template <typename HasToken>
ChatTemplate::BuiltIn ChatTemplate::builtInFor(std::string_view architecture, HasToken hasToken) {
    if (hasToken("<|im_start|>")) return builtIn("chatml");
    if (hasToken("<|start_header_id|>")) return builtIn("llama3");
    if (hasToken("[INST]")) return builtIn("mistral");
    return builtIn(architecture == "llama" ? "llama2" : "plain");
}

} // namespace altiplano::engine
