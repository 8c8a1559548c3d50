#!/usr/bin/env python3
"""Writes the first inputs of fuzz_tokenizer: small vocabularies of both kinds, for every pre-tokenizer, each with a
text. The form of the input: fuzz_tokenizer.cpp."""
import pathlib

FOLDER = pathlib.Path(__file__).parent / "tokenizer"
FOLDER.mkdir(exist_ok=True)
NORMAL, UNKNOWN, CONTROL, USER, UNUSED, BYTE = range(1, 7)
TEXT = "Hello  there, it's 12345 <s>\n\n 世界 é ½ \x00\xff".encode("latin-1", "backslashreplace") + b"ab aab\xf0\x9f"


def token(kind, score, text):
    return bytes([kind + 7 * score]) + text.encode() + b"\n"


def letter(byte):
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in printable]
    return chr(byte if byte in printable else 0x100 + others.index(byte))


def write(name, first, rest):
    (FOLDER / name).write_bytes(first.encode() + b"\n" + rest + b"\n" + TEXT)


pieces = token(CONTROL, 2, "<s>") + token(UNKNOWN, 2, "<unk>") + token(UNKNOWN, 2, "<pad>") + token(USER, 2, "ther")
pieces += b"".join(token(NORMAL, 9 + i, t) for i, t in enumerate(["▁", "a", "b", "ab", "▁ab", "e", "l", "He", "ab"]))
write("llama", "llama", pieces + token(UNUSED, 20, "aab"))
write("llama_bytes", "llama", pieces + b"".join(token(BYTE, 2, f"<0x{b:02X}>") for b in range(256) if b != 10))

merges = [("a", "b"), ("Ġ", "ab"), ("a", "ab"), ("Ġ", "t"), ("1", "2"), ("12", "3"), ("Ċ", "Ċ"), ("l", "l")]
tokens = [letter(b) for b in range(256)] + [left + right for left, right in merges]
rest = token(CONTROL, 2, "<s>") + token(USER, 2, "ther") + b"".join(token(NORMAL, 2, t) for t in tokens)
rest += b"".join(f" {left} {right}\n".encode() for left, right in merges)
for name in ["llama-bpe", "qwen2", "gpt-2", "smollm", "falcon", "deepseek-llm", "deepseek-coder", "deepseek-v3", "tekken",
             "gpt-4o", "default"]:
    write(name, name, rest)
