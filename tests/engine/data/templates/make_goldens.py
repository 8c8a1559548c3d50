#!/usr/bin/env python3
"""Writes the JSON files beside this script: what transformers' environment for chat templates (PyPI transformers and
jinja2) renders for the templates of constructs.py, families.py and random_templates.py.

Each file is a list of {"template", "context", "output"} or, where it raises, {"template", "context", "fails": type}.
A case without a context has the shared one, which is the file's first element: {"context": ...}.
"""
import json
import os
import sys
from pathlib import Path

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
from transformers.utils.chat_template_utils import _compile_jinja_template

sys.path.insert(0, str(Path(__file__).parent))


def render(template, context):
    try:
        return {"output": _compile_jinja_template(template).render(**context)}
    except Exception as error:
        return {"fails": type(error).__name__}


def write(name, shared, cases):
    """cases: (template, context or None for the shared one)."""
    rows = [{"context": shared}]
    for template, context in cases:
        row = {"template": template, **({"context": context} if context is not None else {})}
        rows.append({**row, **render(template, shared if context is None else context)})
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    Path(__file__).with_name(name).write_text("[\n" + lines + "\n]\n", encoding="utf-8")
    failing = sum("fails" in row for row in rows)
    print(f"{name}: {len(rows) - 1} cases, {failing} of them failing")
    return rows


if __name__ == "__main__":
    import constructs

    one_by_one = ["{{ [" + e + "] }}" for e in constructs.EXPRESSIONS]
    rows = write("constructs.json", constructs.CONTEXT, [(t, None) for t in one_by_one + constructs.STATEMENTS])
    for row in rows[1:]:
        if "fails" in row:
            print("  meant to render:", row["template"], row["fails"])
    rows = write("failing.json", constructs.CONTEXT, [(t, None) for t in constructs.FAILING])
    for row in rows[1:]:
        if "output" in row:
            print("  meant to fail:", row["template"])
