#!/usr/bin/env python3
"""Writes the JSON files beside this script: what transformers' environment for chat templates (PyPI transformers and
jinja2) renders for the templates of constructs.py, families.py and random_templates.py.

Each file is a list whose first element is {"context": the shared one, "templates": [...], "contexts": [...]}; the rest
are cases {"template", "context", "output"} or, where it raises, {"template", "context", "fails": type}. A template or
context may be its place in the first element's list; a case without a context has the shared one.
"""
import itertools
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


def write(name, shared, cases, templates=(), contexts=()):
    """cases: (template, context or None for the shared one), each itself or its place in templates or contexts."""
    rows = [{"context": shared, "templates": templates, "contexts": contexts}]
    for template, context in cases:
        row = {"template": template, **({"context": context} if context is not None else {})}
        source = templates[template] if isinstance(template, int) else template
        row |= render(source, shared if context is None else contexts[context] if isinstance(context, int) else context)
        if " object " not in row.get("output", "").lower():  # an address, which no one else can print
            rows.append(row)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (Path(__file__).parent / name).write_text("[\n" + lines + "\n]\n", encoding="utf-8")
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

    import compare
    import families
    import random_templates

    templates = list(families.FAMILIES.values())
    contexts = [context for i, (_, context) in enumerate(compare.contexts()) if i % 13 == 1]
    write("families.json", {}, itertools.product(range(len(templates)), range(len(contexts))), templates, contexts)
    write("random.json", constructs.CONTEXT, [(t, None) for t in random_templates.templates(400, 2024)])
