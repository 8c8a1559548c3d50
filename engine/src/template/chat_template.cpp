#include "engine/chat_template.h"

#include "engine/error.h"
#include "template/interpreter.h"
#include "template/parser.h"
#include "template/unicode.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace altiplano::engine {

using nlohmann::ordered_json;

namespace {

jinja::Value valueOf(jinja::Runtime& runtime, const ordered_json& json) {
    const jinja::Runtime::Level level(runtime);
    switch (json.type()) {
    case ordered_json::value_t::boolean:
        return json.get<bool>();
    case ordered_json::value_t::number_integer:
        return static_cast<jinja::Int>(json.get<std::int64_t>());
    case ordered_json::value_t::number_unsigned:
        return jinja::Value::integer(json.get<std::uint64_t>());
    case ordered_json::value_t::number_float:
        return json.get<double>();
    case ordered_json::value_t::string: {
        const auto& text = json.get_ref<const std::string&>();
        return runtime.text(jinja::isUtf8(text) ? text : jinja::repairUtf8(text));
    }
    case ordered_json::value_t::array: {
        std::vector<jinja::Value> items;
        items.reserve(json.size());
        for (const auto& item : json)
            items.push_back(valueOf(runtime, item));
        return runtime.list(std::move(items));
    }
    case ordered_json::value_t::object: {
        jinja::Dict dict;
        for (const auto& [key, value] : json.items())
            dict.set(runtime, runtime.text(jinja::isUtf8(key) ? key : jinja::repairUtf8(key)),
                     valueOf(runtime, value));
        return runtime.dict(std::move(dict));
    }
    default:
        return {};
    }
}

/// The failure as one line of bearable length; templates raise messages of any.
[[noreturn]] void rethrow(const jinja::Failure& failure, std::uint32_t line) {
    constexpr std::size_t kLongest = 500;
    std::string reason = failure.what();
    if (reason.size() > kLongest) reason = jinja::repairUtf8(reason.substr(0, kLongest)) + "...";
    std::replace_if(
        reason.begin(), reason.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    throw Error(ErrorCode::Template,
                "The chat template fails at line " + std::to_string(line) + ": " + reason);
}

} // namespace

struct ChatTemplate::Parsed {
    jinja::Body body;
};

ChatTemplate::ChatTemplate(std::string_view source) {
    try {
        if (!jinja::isUtf8(source)) jinja::fail("it is not UTF-8 text", 1);
        m_parsed = std::make_unique<const Parsed>(Parsed{jinja::parse(source)});
    } catch (const jinja::Failure& failure) {
        rethrow(failure, failure.line);
    }
}

ChatTemplate::~ChatTemplate() = default;
ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate& ChatTemplate::operator=(ChatTemplate&&) noexcept = default;

std::string ChatTemplate::render(const ordered_json& context, const TemplateLimits& limits) const {
    if (!context.is_object())
        throw Error(ErrorCode::BadRequest, "The context of a chat template must be a JSON object.");
    jinja::Runtime runtime(limits);
    try {
        const auto globals = std::make_shared<jinja::Scope>();
        // the names are views of the context's keys
        for (auto it = context.begin(); it != context.end(); ++it)
            globals->names.emplace(it.key(), valueOf(runtime, it.value()));
        return jinja::Interpreter(runtime, globals).render(m_parsed->body);
    } catch (const jinja::Failure& failure) {
        rethrow(failure, failure.line ? failure.line : runtime.line);
    }
}

ordered_json ChatTemplate::context(const ordered_json& messages, const ordered_json& tools,
                                   const Prompt& prompt) {
    const auto isObject = [](const ordered_json& message) { return message.is_object(); };
    if (!messages.is_array() || !std::all_of(messages.begin(), messages.end(), isObject))
        throw Error(ErrorCode::BadRequest, "The messages of a conversation must be a JSON array of objects.");
    ordered_json aliased = ordered_json::array();
    for (const ordered_json& message : messages) {
        ordered_json reasoning;
        for (const char* name : {"reasoning_content", "thinking", "reasoning"})
            if (reasoning.is_null() && message.contains(name)) reasoning = message[name];
        ordered_json copy = message;
        if (!reasoning.is_null()) {
            copy = ordered_json{{"thinking", reasoning}};
            copy.update(message);
            copy["reasoning_content"] = reasoning;
        }
        aliased.push_back(std::move(copy));
    }
    ordered_json context{{"messages", std::move(aliased)}, {"tools", tools},
                         {"documents", nullptr},           {"add_generation_prompt", prompt.addGeneration},
                         {"bos_token", prompt.bosToken},   {"eos_token", prompt.eosToken}};
    return context;
}

} // namespace altiplano::engine
