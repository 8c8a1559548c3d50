// The templates for files that bring none, in the formats that the models of each kind were trained on.
#include "engine/chat_template.h"

#include <algorithm>
#include <array>
#include <string>

namespace altiplano::engine {

namespace {

/// Content is a string or a list of parts, of which the text counts.
constexpr std::string_view kText = R"({%- macro text(content) -%}
{%- if content is string -%}{{ content }}
{%- else -%}{%- for part in content or [] -%}{{ part.text }}{%- endfor -%}
{%- endif -%}
{%- endmacro -%}
)";

constexpr std::string_view kChatMl = R"({%- for message in messages -%}
{{ '<|im_start|>' ~ message.role ~ '\n' ~ text(message.content) ~ '<|im_end|>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\n' }}{%- endif -%}
)";

constexpr std::string_view kLlama2 = R"({%- set ns = namespace(system='') -%}
{%- for message in messages -%}
{%- if message.role == 'system' -%}
{%- set ns.system = '<<SYS>>\n' ~ text(message.content) ~ '\n<</SYS>>\n\n' -%}
{%- elif message.role == 'assistant' -%}
{{ ' ' ~ text(message.content) | trim ~ ' ' ~ (eos_token or '') }}
{%- else -%}
{{ (bos_token or '') ~ '[INST] ' ~ ns.system ~ text(message.content) | trim ~ ' [/INST]' }}
{%- set ns.system = '' -%}
{%- endif -%}
{%- endfor -%}
)";

constexpr std::string_view kLlama3 = R"({{- bos_token or '' -}}
{%- for message in messages -%}
{{ '<|start_header_id|>' ~ message.role ~ '<|end_header_id|>\n\n' ~ text(message.content) | trim ~ '<|eot_id|>' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{%- endif -%}
)";

constexpr std::string_view kMistral = R"({%- set ns = namespace(system='') -%}
{{- bos_token or '' -}}
{%- for message in messages -%}
{%- if message.role == 'system' -%}
{%- set ns.system = text(message.content) ~ '\n\n' -%}
{%- elif message.role == 'assistant' -%}
{{ ' ' ~ text(message.content) | trim ~ (eos_token or '') }}
{%- else -%}
{{ '[INST] ' ~ ns.system ~ text(message.content) ~ '[/INST]' }}
{%- set ns.system = '' -%}
{%- endif -%}
{%- endfor -%}
)";

constexpr std::string_view kZephyr = R"({%- for message in messages -%}
{{ '<|' ~ message.role ~ '|>\n' ~ text(message.content) ~ (eos_token or '') ~ '\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|assistant|>\n' }}{%- endif -%}
)";

constexpr std::string_view kPlain = R"({{- bos_token or '' -}}
{%- for message in messages -%}
{{ message.role | capitalize ~ ': ' ~ text(message.content) | trim ~ '\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}Assistant:{%- endif -%}
)";

} // namespace

ChatTemplate::BuiltIn ChatTemplate::builtIn(std::string_view name) {
    struct Source {
        std::string_view name;
        std::string text;
    };
    static const auto with = [](std::string_view body) { return std::string(kText).append(body); };
    static const std::array<Source, 6> kBuiltIns{{{"plain", with(kPlain)},
                                                  {"chatml", with(kChatMl)},
                                                  {"llama2", with(kLlama2)},
                                                  {"llama3", with(kLlama3)},
                                                  {"mistral", with(kMistral)},
                                                  {"zephyr", with(kZephyr)}}};
    const auto* found =
        std::find_if(kBuiltIns.begin(), kBuiltIns.end(), [&](const Source& s) { return s.name == name; });
    const Source& source = found == kBuiltIns.end() ? kBuiltIns[0] : *found;
    return {source.name, source.text};
}

} // namespace altiplano::engine
