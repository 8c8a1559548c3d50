#!/usr/bin/env python3
"""Writes unicode_additions_table.inc: the letters, marks, numbers, punctuation and symbols that Unicode 15 and 16
added to Unicode 14, in runs, each with the nearest older character of the same kind and UTF-8 length.

Needs a Python whose unicodedata is of Unicode 14 (3.11) for what is old, and PyPI tokenizers (0.23 or later, whose
regular expressions know Unicode 16) for what is new: they are the reference that splits must agree with.
"""
import pathlib
import unicodedata
from tokenizers import Regex, normalizers

assert unicodedata.unidata_version == "14.0.0"
KINDS = [r"[\p{Lu}\p{Lt}]", r"\p{Ll}", r"[\p{Lm}\p{Lo}]", r"\p{M}", r"\p{N}", r"\p{P}", r"\p{S}"]
# The ranges that the expressions of pre_tokenizer_table.cpp name: old and new must lie in the same ones.
RANGES = [(0x800, 0x4E00), (0x3040, 0x30FF), (0x4E00, 0x9FA5), (0xAC00, 0xD7FF)]
EVERY = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def place(c):
    return len(chr(c).encode()), [first <= c <= last for first, last in RANGES]


everything = "".join(map(chr, EVERY))
kinds = {}
for kind in KINDS:
    others = set(normalizers.Replace(Regex(kind), "").normalize_str(everything))
    kinds.update({c: kind for c in EVERY if chr(c) not in others})

runs = []
older = {}
for c in EVERY:
    if c not in kinds:
        continue
    key = (kinds[c], str(place(c)))
    if unicodedata.category(chr(c)) != "Cn":
        older[key] = c
    elif runs and runs[-1][1] == c - 1 and runs[-1][2] == older[key]:
        runs[-1][1] = c
    else:
        runs.append([c, c, older[key]])

path = pathlib.Path(__file__).with_name("unicode_additions_table.inc")
rows = [f"{{0x{first:X}, 0x{last:X}, 0x{old:X}}}," for first, last, old in runs]
lines = [" ".join(rows[i:i + 3]) for i in range(0, len(rows), 3)]
path.write_text("// Made by make_unicode_additions.py: first, last, stand-in.\n" + "\n".join(lines) + "\n")
