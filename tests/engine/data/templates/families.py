"""Chat templates of our own wording that use the constructs of each family's real template, and conversations for
them; make_goldens.py writes what jinja2 makes of them."""

FAMILIES = {
    # whole conversation in one expression per turn, system text folded into the first user turn, alternation checked
    "llama2": """\
{% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}{% set head = messages[0]['content'] %}{% else %}{% set rest = messages %}{% set head = false %}{% endif %}
{% for m in rest %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Turns must go user, assistant, user, ...') }}{% endif %}
{% if loop.index0 == 0 and head != false %}{% set text = '<<SYS>>\\n' + head + '\\n<</SYS>>\\n\\n' + m['content'] %}{% else %}{% set text = m['content'] %}{% endif %}
{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' + text.strip() + ' [/INST]' }}{% elif m['role'] == 'assistant' %}{{ ' ' + text.strip() + ' ' + eos_token }}{% endif %}{% endfor %}
""",
    # Llama 3.1 to 3.3: defaults, date, tools as indented JSON, tool calls, ipython role
    "llama3": """\
{{- bos_token }}
{%- if custom_tools is defined %}{%- set tools = custom_tools %}{%- endif %}
{%- if not date_string is defined %}{%- if strftime_now is defined and false %}{%- set date_string = strftime_now("%d %b %Y") %}{%- else %}{%- set date_string = "26 Jul 2024" %}{%- endif %}{%- endif %}
{%- if not tools is defined %}{%- set tools = none %}{%- endif %}
{%- if messages[0].role == 'system' %}
    {%- set head = messages[0]['content'] | trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set head = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if builtin_tools is defined or tools is not none %}{{- "Environment: ipython\\n" }}{%- endif %}
{%- if builtin_tools is defined %}{{- "Tools: " + builtin_tools | reject('equalto', 'code_interpreter') | join(", ") + "\\n\\n" }}{%- endif %}
{{- "Today: " + date_string + "\\n\\n" }}
{%- if tools is not none %}
    {%- for t in tools %}{{- t | tojson(indent=4) }}{{- "\\n\\n" }}{%- endfor %}
{%- endif %}
{{- head }}{{- "<|eot_id|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls | length == 1 %}{{- raise_exception("One call at a time") }}{%- endif %}
        {%- set call = message.tool_calls[0].function %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
        {%- if builtin_tools is defined and call.name in builtin_tools %}
            {{- "<|python_tag|>" + call.name + ".call(" }}
            {%- for name, value in call.arguments | items %}{{- name + '="' ~ value ~ '"' }}{%- if not loop.last %}{{- ", " }}{%- endif %}{%- endfor %}
            {{- ")" }}
        {%- else %}
            {{- '{"name": "' + call.name + '", ' }}{{- '"parameters": ' }}{{- call.arguments | tojson }}{{- "}" }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- else %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\\n\\n" }}
        {%- if message.content is mapping or message.content is iterable %}{{- message.content | tojson }}{%- else %}{{- message.content }}{%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}
""",
    # Mistral v3 to v7: selectattr, namespace counters, tools before the last user turn, call ids checked
    "mistral": """\
{%- if messages[0]["role"] == "system" %}{%- set head = messages[0]["content"] %}{%- set turns = messages[1:] %}{%- else %}{%- set turns = messages %}{%- endif %}
{%- set users = turns | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace(index=0) %}
{%- for m in turns %}{%- if not (m.role == "tool" or m.role == "tool_results" or (m.tool_calls is defined and m.tool_calls is not none)) %}
{%- if (m["role"] == "user") != (ns.index % 2 == 0) %}{{- raise_exception("Turns must alternate") }}{%- endif %}{%- set ns.index = ns.index + 1 %}{%- endif %}{%- endfor %}
{{- bos_token }}
{%- for m in turns %}
{%- if m["role"] == "user" %}
{%- if tools is not none and (m == users[-1]) %}{{- "[AVAILABLE_TOOLS] [" }}{%- for t in tools %}{%- set t = t.function %}{{- '{"type": "function", "function": {' }}
{%- for key, val in t.items() if key != "return" %}{%- if val is string %}{{- '"' + key + '": "' + val + '"' }}{%- else %}{{- '"' + key + '": ' + val | tojson }}{%- endif %}{%- if not loop.last %}{{- ", " }}{%- endif %}{%- endfor %}
{{- "}}" }}{%- if not loop.last %}{{- ", " }}{%- else %}{{- "]" }}{%- endif %}{%- endfor %}{{- "[/AVAILABLE_TOOLS]" }}{%- endif %}
{%- if loop.last and head is defined %}{{- "[INST] " + head + "\\n\\n" + m["content"] + "[/INST]" }}{%- else %}{{- "[INST] " + m["content"] + "[/INST]" }}{%- endif %}
{%- elif m.tool_calls is defined and m.tool_calls is not none %}{{- "[TOOL_CALLS] [" }}
{%- for c in m.tool_calls %}{%- set out = c.function | tojson %}{{- out[:-1] }}{%- if not c.id is defined or c.id | length != 9 %}{{- raise_exception("A call id has 9 letters") }}{%- endif %}{{- ', "id": "' + c.id + '"}' }}
{%- if not loop.last %}{{- ", " }}{%- else %}{{- "]" + eos_token }}{%- endif %}{%- endfor %}
{%- elif m["role"] == "assistant" %}{{- " " + m["content"] | trim + eos_token }}
{%- elif m["role"] == "tool" %}{%- if m.content is defined and m.content.content is defined %}{%- set content = m.content.content %}{%- else %}{%- set content = m.content %}{%- endif %}
{{- '[TOOL_RESULTS] {"content": ' + content | string + ", " }}{{- '"call_id": "' + m.tool_call_id + '"}[/TOOL_RESULTS]' }}
{%- else %}{{- raise_exception("Only user and assistant roles, not " ~ m.role) }}{%- endif %}
{%- endfor %}
""",
    "zephyr": """\
{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '<|assistant|>\\n'  + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}
""",
    # Qwen 2.5 and 3, SmolLM 3, QwQ: tools, grouped tool results, reasoning found by splitting, reverse search
    "qwen": """\
{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}
    {{- "# Tools\\n<tools>" }}{%- for tool in tools %}{{- "\\n" }}{{- tool | tojson }}{%- endfor %}{{- "\\n</tools><|im_end|>\\n" }}
{%- elif messages[0].role == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}{%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}{%- set content = message.content %}{%- else %}{%- set content = '' %}{%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set reasoning = '' %}
        {%- if message.reasoning_content is string %}{%- set reasoning = message.reasoning_content %}
        {%- elif '</think>' in content %}
            {%- set reasoning = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index and (loop.last or (not loop.last and reasoning)) %}
            {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {%- if message.tool_calls %}{%- for tool_call in message.tool_calls %}
            {%- if (loop.first and content) or (not loop.first) %}{{- '\\n' }}{%- endif %}
            {%- if tool_call.function %}{%- set tool_call = tool_call.function %}{%- endif %}
            {{- '<tool_call>\\n{"name": "' }}{{- tool_call.name }}{{- '", "arguments": ' }}
            {%- if tool_call.arguments is string %}{{- tool_call.arguments }}{%- else %}{{- tool_call.arguments | tojson }}{%- endif %}{{- '}\\n</tool_call>' }}
        {%- endfor %}{%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}{{- '<|im_start|>user' }}{%- endif %}
        {{- '\\n<tool_response>\\n' }}{{- content }}{{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}{{- '<|im_end|>\\n' }}{%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endif %}
""",
    "smollm2": "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\\nHelp.<|im_end|>\\n' }}{% endif %}"
               "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
    "phi": "{% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>\\n' + message['content'] + '<|end|>\\n'}}"
           "{% elif message['role'] == 'user' %}{{'<|user|>\\n' + message['content'] + '<|end|>\\n'}}{% elif message['role'] == 'assistant' %}"
           "{{'<|assistant|>\\n' + message['content'] + '<|end|>\\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% else %}{{ eos_token }}{% endif %}",
    # DeepSeek: one namespace with many flags, set before use, string pieces per state
    "deepseek": "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(is_first=false, is_tool=false, is_output_first=true, head='') %}"
                "{%- for m in messages %}{%- if m['role'] == 'system' %}{% set ns.head = m['content'] %}{%- endif %}{%- endfor %}{{bos_token}}{{ns.head}}"
                "{%- for m in messages %}{%- if m['role'] == 'user' %}{%- set ns.is_tool = false -%}{{'<｜User｜>' + m['content']}}{%- endif %}"
                "{%- if m['role'] == 'assistant' and m['content'] is none %}{%- set ns.is_tool = false -%}{%- for tool in m['tool_calls'] %}{%- if not ns.is_first %}"
                "{{'<｜Assistant｜><｜calls｜>' + tool['type'] + '<｜sep｜>' + tool['function']['name'] + '\\n' + '```json' + '\\n' + tool['function']['arguments'] + '\\n' + '```'}}{%- set ns.is_first = true -%}"
                "{%- else %}{{'\\n' + tool['function']['name']}}{%- endif %}{%- endfor %}{%- endif %}"
                "{%- if m['role'] == 'assistant' and m['content'] is not none %}{%- if ns.is_tool %}{{'<｜out｜>' + m['content']}}{%- set ns.is_tool = false -%}"
                "{%- else %}{% set content = m['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{'<｜Assistant｜>' + content + '<｜end｜>'}}{%- endif %}{%- endif %}"
                "{%- if m['role'] == 'tool' %}{%- set ns.is_tool = true -%}{{'\\n<｜out｜>' + m['content']}}{%- endif %}{%- endfor -%}"
                "{% if ns.is_tool %}{{'<｜outs｜>'}}{% endif %}{% if add_generation_prompt and not ns.is_tool %}{{'<｜Assistant｜><think>\\n'}}{% endif %}",
    # Gemma 2 and 3: roles renamed, parts of content
    "gemma": """\
{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}{%- set prefix = messages[0]['content'] + '\\n\\n' -%}{%- else -%}{%- set prefix = messages[0]['content'][0]['text'] + '\\n\\n' -%}{%- endif -%}
    {%- set turns = messages[1:] -%}
{%- else -%}{%- set prefix = "" -%}{%- set turns = messages -%}{%- endif -%}
{%- for message in turns -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}{{ raise_exception("Roles must alternate") }}{%- endif -%}
    {%- set role = "model" if (message['role'] == 'assistant') else message['role'] -%}
    {{ '<start_of_turn>' + role + '\\n' + (prefix if loop.first else "") }}
    {%- if message['content'] is string -%}{{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}{%- for item in message['content'] -%}{%- if item['type'] == 'image' -%}{{ '<image>' }}{%- elif item['type'] == 'text' -%}{{ item['text'] | trim }}{%- endif -%}{%- endfor -%}
    {%- else -%}{{ raise_exception("Invalid content type") }}{%- endif -%}
    {{ '<end_of_turn>\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<start_of_turn>model\\n' }}{%- endif -%}
""",
    # Granite 3: blocks of documents and controls
    "granite": """\
{%- if messages[0]['role'] == 'system' %}{%- set head = messages[0]['content'] %}{%- set turns = messages[1:] %}
{%- else %}{%- set head = "Knowledge cutoff: " ~ cutoff | default("April 2024") ~ "." %}{%- if tools and documents %}{%- set head = head + " Tools and documents." %}{%- elif tools %}{%- set head = head + " Tools." %}{%- endif %}{%- set turns = messages %}{%- endif %}
{{- '<|start_of_role|>system<|end_of_role|>' + head + '<|end_of_text|>\\n' }}
{%- if tools %}{{- '<|start_of_role|>tools<|end_of_role|>' }}{{- tools | tojson(indent=4) }}{{- '<|end_of_text|>\\n' }}{%- endif %}
{%- if documents %}{{- '<|start_of_role|>documents<|end_of_role|>' }}{%- for document in documents %}{{- 'Document ' + loop.index | string + '\\n' }}{{- document['text'] }}{%- if not loop.last %}{{- '\\n\\n' }}{%- endif %}{%- endfor %}{{- '<|end_of_text|>\\n' }}{%- endif %}
{%- for message in turns %}
    {{- '<|start_of_role|>' + message['role'] + '<|end_of_role|>' + (message['content'] or '') }}
    {%- if message.tool_calls %}{{- '<|tool_call|>' + message.tool_calls | map(attribute='function') | list | tojson }}{%- endif %}{{- '<|end_of_text|>\\n' }}
    {%- if loop.last and add_generation_prompt %}{{- '<|start_of_role|>assistant' }}{%- if controls %}{{- ' ' + controls | tojson() }}{%- endif %}{{- '<|end_of_role|>' }}{%- endif %}
{%- endfor %}
""",
    # Hermes 2 and 3: recursive macros that turn JSON schemas into types
    "hermes": """\
{%- macro type_of(spec) %}
{%- set simple = {"string": "str", "number": "float", "integer": "int", "boolean": "bool"} %}
{%- if simple[spec.type] is defined %}{{- simple[spec.type] }}
{%- elif spec.type == "array" %}{{- "list[" + type_of(spec["items"]) + "]" }}
{%- elif spec.type == "object" %}{%- if spec.additionalProperties is defined %}{{- "dict[str, " + type_of(spec.additionalProperties) + "]" }}{%- else %}{{- "dict" }}{%- endif %}
{%- elif spec.type is iterable %}{{- "Union[" }}{%- for t in spec.type %}{{- type_of({"type": t}) }}{%- if not loop.last %}{{- "," }}{%- endif %}{%- endfor %}{{- "]" }}
{%- else %}{{- "Any" }}{%- endif %}
{%- endmacro %}
{{- bos_token }}{{- "<|im_start|>system\\n<tools> " }}
{%- for tool in tools or [] %}{%- if tool.function is defined %}{%- set tool = tool.function %}{%- endif %}
{{- tool.name + "(" }}{%- for name, fields in tool.parameters.properties | items %}{{- name + ": " + type_of(fields) }}{%- if not loop.last %}{{- ", " }}{%- endif %}{%- endfor %}{{- ")" }}
{%- if tool.return is defined %}{{- " -> " + type_of(tool.return) }}{%- endif %}{{- " - " + tool.description + "\\n" }}
{%- for name, fields in tool.parameters.properties | items %}{{- "  " + name }}{%- if fields.enum is defined %}{{- " one of " + fields.enum | join("/") }}{%- endif %}{{- "\\n" }}{%- endfor %}
{{- {"name": tool.name, "required": tool.parameters.required | default([])} | tojson }}{{- "\\n" }}
{%- endfor %}{{- "</tools><|im_end|>\\n" }}
{%- for message in messages %}
{%- if message.role == "user" or message.role == "system" or (message.role == "assistant" and message.tool_calls is not defined) %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
{%- elif message.role == "assistant" %}{{- '<|im_start|>' + message.role }}{%- for tool_call in message.tool_calls %}{{- '\\n<tool_call>\\n' }}{%- if tool_call.function is defined %}{%- set tool_call = tool_call.function %}{%- endif %}{{- {'name': tool_call.name, 'arguments': tool_call.arguments} | tojson }}{{- '\\n</tool_call>' }}{%- endfor %}{{- '<|im_end|>\\n' }}
{%- elif message.role == "tool" %}{%- if loop.previtem and loop.previtem.role != "tool" %}{{- '<|im_start|>tool\\n' }}{%- endif %}{{- '<tool_response>\\n' }}{{- message.content }}{%- if not loop.last %}{{- '\\n</tool_response>\\n' }}{%- else %}{{- '\\n</tool_response>' }}{%- endif %}{%- if not loop.last and loop.nextitem.role != "tool" %}{{- '<|im_end|>' }}{%- elif loop.last %}{{- '<|im_end|>' }}{%- endif %}
{%- endif %}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
""",
    # Command R: Python signatures by recursive macros, str.format, documents, generation blocks
    "command-r": """\
{%- macro arguments(parameters) -%}
{%- set ns = namespace(first=true) -%}
{%- for name, p in parameters.properties.items() -%}
{%- if not ns.first %}, {% endif -%}{%- set ns.first = false -%}{{ name }}: {% if name in parameters.required %}{{ p.type }}{% else %}Optional[{{ p.type }}] = None{% endif -%}
{%- endfor -%}
{%- endmacro -%}
{{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set turns = messages[1:] %}{% set head = messages[0]['content'] %}{% else %}{% set turns = messages %}{% set head = 'You are a model.' %}{% endif %}
{{ '<|START|>' }}{{ '# Preamble\\n' ~ head | indent(2) }}
{% for tool in tools or [] if tool.type == 'function' %}
```python
def {{ tool.function.name }}({{ arguments(tool.function.parameters) }}):
    \"\"\"{{ tool.function.description.replace('"', "'") }}\"\"\"
    pass
```{% if not loop.last %},{% endif %}

{% endfor %}
{% for message in turns %}
{% if message.role == 'assistant' %}{% generation %}{{ '<|BOT|>{}<|END|>'.format((message.content or '').strip()) }}{% endgeneration %}
{% elif message.role == 'user' %}{{ '<|USER|>%s<|END|>' | format(message.content) }}
{% else %}{% call(x) (loop.cycle('a', 'b') and wrap if wrap is defined else box)(message.content) %}{{ x | upper }}{% endcall %}
{% endif %}
{% endfor %}
{%- if add_generation_prompt %}{{ '<|BOT|>' }}{% endif %}
""",
}
FAMILIES["command-r"] = "{%- macro box(text) -%}[{{ caller(text | string) }}]{%- endmacro -%}" + FAMILIES["command-r"]
