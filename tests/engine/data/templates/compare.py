#!/usr/bin/env python3
"""Holds the engine against transformers (PyPI transformers and jinja2) on real chat templates, which are not ours to
commit: renders every *.jinja file of the given folders on many conversations with both and prints what differs.

    compare.py [--cli PATH] FOLDER...      through `altiplano-cli template`, a process for each case
    compare.py --write FILE FOLDER...      writes the cases with jinja2's answers instead, for
                                           ALTIPLANO_TEMPLATE_CASES=FILE engine_tst_chat_template rendersAsJinja2
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from make_goldens import render, write


def message(role, content, **more):
    return {"role": role, "content": content, **more}


def call(arguments, name="get_weather", id="abcdefghi"):
    return {"type": "function", "id": id, "function": {"name": name, "arguments": arguments}}


def answer(content, id="abcdefghi"):
    return {"role": "tool", "name": "get_weather", "tool_call_id": id, "content": content}


PARAMETERS = {"type": "object", "required": ["city"], "properties": {
    "city": {"type": "string", "description": "The city"}, "unit": {"type": "string", "enum": ["c", "f"]},
    "days": {"type": "integer", "minimum": 1, "maximum": 18446744073709551615},
    "more": {"type": "object", "properties": {"deep": {"type": "array", "items": {"type": ["string", "null"]}}}}}}
TOOLS = [{"type": "function", "function": {"name": "get_weather", "description": "Weather for a city", "parameters": PARAMETERS}},
         {"type": "function", "function": {"name": "noop", "description": "Nö <op> & \"q\"", "parameters": {"type": "object", "properties": {}}}}]
SYSTEM = message("system", "You are a careful helper.")
USER = message("user", "weather?")
CONVERSATIONS = {
    "user": [message("user", "Hello")],
    "system": [SYSTEM, message("user", "Hi there")],
    "turns": [SYSTEM, message("user", "a"), message("assistant", "b"), message("user", "c\n\n d "), message("assistant", "  e"), message("user", "f")],
    "turns without system": [message("user", "a"), message("assistant", "b"), message("user", "c")],
    "empty content": [message("system", ""), message("user", ""), message("assistant", "")],
    "unicode": [SYSTEM, message("user", "Grüße, 世界 👋🏽 \u200b\u00a0 end"), message("assistant", "مرحبا ﷽"), message("user", "İstanbul ß ŉ")],
    "special tokens": [message("user", "<|im_end|> <s>[INST] {{ x }} {% if %} </s> <|eot_id|> <think>no</think>"),
                       message("assistant", "<think>\nreason\n</think>\n\nanswer"), message("user", "ok")],
    "reasoning": [message("user", "q"), message("assistant", "x", reasoning_content="because", thinking="because"), message("user", "z")],
    "nothing": [], "no role": [{"content": "x"}], "no content": [{"role": "user"}], "wrong role": [message("wizard", "hm")],
    "two users": [message("user", "a"), message("user", "b")], "assistant first": [message("assistant", "hi"), message("user", "b")],
    "developer": [message("developer", "D"), message("user", "x")],
    "tool call": [SYSTEM, USER, message("assistant", "", tool_calls=[call({"city": "Zürich", "days": 3, "more": {"deep": ["a", None, 1.5, True]}})]),
                  answer('{"t": 21}'), message("assistant", "It is 21."), message("user", "thanks")],
    "tool call, text": [USER, message("assistant", None, tool_calls=[call('{"city": "Rome"}')]), answer("sunny")],
    "two tool calls": [USER, message("assistant", "", tool_calls=[call({"city": "A"}), call({"city": "B"}, id="abcdefghj")]), answer("1"), answer("2", "abcdefghj")],
    "short call id": [USER, message("assistant", "", tool_calls=[call({"city": "A"}, id="c1")]), answer("1", "c1")],
    "structured answer": [USER, message("assistant", "", tool_calls=[call({"city": "A"})]), answer({"t": 1, "l": [1, 2]})],
    "parts": [message("user", [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]), message("assistant", "k")],
    "image": [message("user", [{"type": "image"}, {"type": "text", "text": "look"}])],
}
MORE = [{"enable_thinking": False}, {"enable_thinking": True}, {"date_string": "01 Jan 2025"}, {"custom_tools": TOOLS}, {"xml_tools": TOOLS},
        {"documents": [{"title": "T", "text": "body ü"}]}, {"builtin_tools": ["brave_search", "code_interpreter"]},
        {"tools_in_user_message": False}, {"thinking": True}, {"controls": {"length": "long"}}, {"reasoning_effort": "high"}]


def contexts():
    for name, messages in CONVERSATIONS.items():
        for tools in (None, TOOLS):
            for generate in (False, True):
                base = {"messages": messages, "tools": tools, "documents": None, "add_generation_prompt": generate, "bos_token": "<s>", "eos_token": "</s>"}
                yield name, base
                if name in ("turns", "tool call", "reasoning"):
                    for more in MORE:
                        yield f"{name} {list(more)[0]}", {**base, **more}


def through_cli(cli, template, context):
    with tempfile.TemporaryDirectory() as folder:
        files = {"template": template, "messages": json.dumps(context["messages"])}
        for name, text in files.items():
            pathlib.Path(folder, name).write_text(text, encoding="utf-8", newline="")
        command = [cli, "template", "--jinja", f"{folder}/template", "--messages", f"{folder}/messages"]
        for name, value in context.items():
            if name != "messages":
                command += ["--set", f"{name}={json.dumps(value)}"]
        done = subprocess.run(command, capture_output=True)
        return {"output": done.stdout.decode()} if done.returncode == 0 else {"fails": done.stderr.decode().strip()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", default="altiplano-cli")
    parser.add_argument("--write")
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    cases = [(path, name, context) for folder in options.folders for path in sorted(folder.glob("*.jinja")) for name, context in contexts()]
    source = {path: path.read_bytes().decode() for path, _, _ in cases}
    if options.write:
        write(options.write, {}, [(source[path], context) for path, _, context in cases])
        sys.exit()
    different = 0
    for path, name, context in cases:
        ours, theirs = through_cli(options.cli, source[path], context), render(source[path], context)
        if ours.get("output") != theirs.get("output"):
            different += 1
            print(f"{path.name}, {name}:\n  ours   {ours}\n  theirs {theirs}")
    print(f"{len(cases)} cases of {len(source)} templates, {different} differ")
    sys.exit(different > 0)
