#!/usr/bin/env python3
"""Makes tokenizer_bpe.json, tokenizer_sentencepiece.json and tokenizer_starter.json: small vocabularies, random
Unicode texts and the ids that the reference implementations give them.

References: PyPI tokenizers (0.23) with each model family's pre-tokenizer as its tokenizer.json has it, and PyPI
sentencepiece (0.2). The BPE vocabulary is trained without borders between words, so that every border that a
pre-tokenizer makes or forgets changes the ids. Usage: make_tokenizer.py STARTER_MODEL.gguf
"""
import json
import pathlib
import random
import sys
import tempfile

import gguf
import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, models, pre_tokenizers as pre, trainers

HERE = pathlib.Path(__file__).parent
rng = random.Random(20261123)

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
LLAMA3 = (CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
          r"|\s*[\r\n]+|\s+(?!\S)|\s+")
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"


def cased(ending, number):
    start = r"[^\r\n\p{L}\p{N}]?"
    return (start + UPPER + "*" + LOWER + "+" + ending + "|" + start + UPPER + "+" + LOWER + "*" + ending + "|" + number +
            r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")


DEEPSEEK3 = (r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"""
             r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
DEEPSEEK_LETTERS = (
    r"\s?["
    r"A-Za-z\x{B5}\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{1BA}\x{1BC}-\x{1BF}\x{1C4}-\x{293}"
    r"\x{295}-\x{2AF}\x{370}-\x{373}\x{376}\x{377}\x{37B}-\x{37D}\x{37F}\x{386}\x{388}-\x{38A}"
    r"\x{38C}\x{38E}-\x{3A1}\x{3A3}-\x{3F5}\x{3F7}-\x{481}\x{48A}-\x{52F}\x{531}-\x{556}"
    r"\x{10A0}-\x{10C5}\x{13A0}-\x{13F5}\x{13F8}-\x{13FD}\x{1C90}-\x{1CBA}\x{1CBD}-\x{1CBF}"
    r"\x{1D00}-\x{1D2B}\x{1D6B}-\x{1D77}\x{1D79}-\x{1D9A}\x{1E00}-\x{1F15}\x{1F18}-\x{1F1D}"
    r"\x{1F20}-\x{1F45}\x{1F48}-\x{1F4D}\x{1F50}-\x{1F57}\x{1F59}\x{1F5B}\x{1F5D}\x{1F5F}-\x{1F7D}"
    r"\x{1F80}-\x{1FB4}\x{1FB6}-\x{1FBC}\x{1FBE}\x{1FC2}-\x{1FC4}\x{1FC6}-\x{1FCC}"
    r"\x{1FD0}-\x{1FD3}\x{1FD6}-\x{1FDB}\x{1FE0}-\x{1FEC}\x{1FF2}-\x{1FF4}\x{1FF6}-\x{1FFC}"
    r"\x{2102}\x{2107}\x{210A}-\x{2113}\x{2115}\x{2119}-\x{211D}\x{2124}\x{2126}\x{2128}"
    r"\x{212A}-\x{212D}\x{212F}-\x{2134}\x{2139}\x{213C}-\x{213F}\x{2145}-\x{2149}\x{214E}\x{2183}"
    r"\x{2184}\x{2C00}-\x{2C7B}\x{2C7E}-\x{2CE4}\x{2CEB}-\x{2CEE}\x{2CF2}\x{2CF3}\x{A640}-\x{A66D}"
    r"\x{A680}-\x{A69B}\x{A722}-\x{A76F}\x{A771}-\x{A787}\x{A78B}-\x{A78E}\x{AB70}-\x{ABBF}"
    r"\x{FB00}-\x{FB06}\x{FB13}-\x{FB17}\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}\x{10400}-\x{1044F}"
    r"\x{104B0}-\x{104D3}\x{104D8}-\x{104FB}\x{10C80}-\x{10CB2}\x{10CC0}-\x{10CF2}"
    r"\x{118A0}-\x{118DF}\x{1E900}-\x{1E943}"
    r"]+")


def split(pattern):
    return pre.Split(Regex(pattern), "isolated")


GPT2 = pre.ByteLevel(add_prefix_space=False, use_regex=True)
BYTES = pre.ByteLevel(add_prefix_space=False, use_regex=False)
DIGITS_GPT2 = pre.Sequence([pre.Digits(True), GPT2])
DEEPSEEK_CHINESE = split("[一-龥ࠀ-一가-퟿]+")
PRE = {
    "llama-bpe": pre.Sequence([split(LLAMA3), BYTES]),
    "qwen2": pre.Sequence([split(LLAMA3.replace("{1,3}", "")), BYTES]),
    "gpt-2": GPT2,
    "phi-2": GPT2,
    "mpt": GPT2,
    "smollm": DIGITS_GPT2,
    "starcoder": DIGITS_GPT2,
    "refact": DIGITS_GPT2,
    "command-r": DIGITS_GPT2,
    "falcon": pre.Sequence([pre.Punctuation("contiguous"), GPT2, pre.Digits(False), split("[0-9][0-9][0-9]")]),
    "falcon3": pre.Sequence([pre.Punctuation("contiguous"), GPT2, pre.Digits(True)]),
    "deepseek-llm": pre.Sequence([split("[\r\n]"), split(DEEPSEEK_LETTERS), split(r"\s?[!-/:-~！-／：-～‘-‟　-。]+"),
                                  split(r"\s+$"), DEEPSEEK_CHINESE, pre.Digits(True), BYTES]),
    "deepseek-coder": pre.Sequence([split("[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), DEEPSEEK_CHINESE,
                                    pre.Digits(True), BYTES]),
    "deepseek-v3": pre.Sequence([split(r"\p{N}{1,3}"), split("[一-龥぀-ゟ゠-ヿ]+"), split(DEEPSEEK3), BYTES]),
    "tekken": pre.Sequence([split(cased("", r"\p{N}")), BYTES]),
    "gpt-4o": pre.Sequence([split(cased(CONTRACTIONS + "?", r"\p{N}{1,3}")), BYTES]),
    # No model has it; what it means is defined by llama.cpp's expressions.
    "default": pre.Sequence([split(r"[\p{P}$+<=>^~|]+"), split(
        r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"), split(r"\p{N}+"),
        split("[0-9][0-9][0-9]"), BYTES]),
}
IGNORES_MERGES = {"llama-bpe", "tekken"}
WORDS = """the of and to in is it's don't We'll THEY'RE I'VE he'd naïve café Straße Привет мир こんにちは 世界 你好 안녕
שלום مرحبا नमस्ते ไทย def return (self): {x}=1; 3.14 1234567 ٣٤٥ ½ x² Ǆ ǅ 👩‍💻 🤗 é ſ 's 'S 'ſ http://a.b/c?d=e&f #1 $5 +1 -- ... «q»
""".split()
SPACES = [" ", "  ", "    ", "\n", "\n\n", "\r\n", "\t", " \n", "\n ", "\u00a0", "\u0085", "\u180e", "\u2028", "\u3000"]


def character():
    top = rng.choice([0x80, 0x250, 0x3000, 0x10000, 0x20000, 0x110000])
    point = rng.randrange(top)
    return "" if 0xD800 <= point < 0xE000 else chr(point)


def text(pieces):
    parts = []
    for _ in range(pieces):
        part = rng.choice([lambda: rng.choice(WORDS), lambda: rng.choice(SPACES), lambda: " " + rng.choice(WORDS),
                           lambda: str(rng.randrange(10 ** 6)), character])()
        parts.append(part * rng.choice([1] * 9 + [3]))
    return "".join(parts)


def write(name, value):
    (HERE / name).write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("],[", "],\n[") + "\n")


def bpe():
    corpus = [text(12)[:100] for _ in range(3000)]
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = BYTES
    trained.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=1200, initial_alphabet=pre.ByteLevel.alphabet(), show_progress=False, max_token_length=12))
    model = json.loads(trained.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    # A token that no merge makes, for the families that take a whole word at once.
    tokens.append("ĠStraÃŁenbahn")
    assert len(set(tokens)) == len(tokens)
    control, user = ["<|im_start|>", "<|im_end|>", "<|im_end|>x"], ["<tool>", "    "]
    texts = [text(rng.randrange(1, 24)) for _ in range(30)] + [
        "", " ", "a", "<|im_start|>user\nHi  Straßenbahn    there<|im_end|>x<tool><|im_end|><|im_end", "Straßenbahn Straßenbahn",
        "".join(rng.choice("abcde ") for _ in range(300)).strip(),
    ]
    long = "".join(rng.choice("thean") for _ in range(5000))  # one word, beyond what the heap takes
    cases = {}
    for name, pre_tokenizer in PRE.items():
        tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)},
                                         merges=[tuple(m) for m in model["merges"]],
                                         ignore_merges=name in IGNORES_MERGES))
        tokenizer.pre_tokenizer = pre_tokenizer
        tokenizer.add_tokens([AddedToken(t, normalized=False) for t in user])
        plain = [tokenizer.encode(t).ids for t in texts]
        tokenizer = Tokenizer.from_str(tokenizer.to_str())
        tokenizer.add_special_tokens([AddedToken(t, normalized=False) for t in control])
        cases[name] = {"plain": plain, "special": [tokenizer.encode(t).ids for t in texts[-5:-1]]}
        if name == "llama-bpe":
            longIds = tokenizer.encode(long).ids
    write("tokenizer_bpe.json", {
        "tokens": tokens + user + control, "userDefined": len(user), "control": len(control),
        "merges": [" ".join(m) for m in model["merges"]], "texts": texts, "cases": cases,
        "long": {"text": long, "ids": longIds}})


def sentence_piece():
    corpus = ["".join(rng.choice(["", " "]) + rng.choice(WORDS) for _ in range(12)) for _ in range(3000)]
    texts = [text(rng.randrange(1, 24)).encode() for _ in range(40)]
    for t in texts[:25]:  # invalid UTF-8
        broken = bytearray(t or b"x")
        broken[rng.randrange(len(broken))] = rng.randrange(256)
        texts.append(bytes(broken[:rng.randrange(1, len(broken) + 1)]))
    texts += [b"", b" ", b"  a ", "▁▁ x".encode(), b"<unk><s></s>", b"[INST] hi <tool>there<tool>", b"a\0b"]
    models_ = []
    for prefix in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            sentencepiece.SentencePieceTrainer.train(
                sentence_iterator=iter(corpus), model_prefix=folder + "/m", vocab_size=1000, model_type="bpe",
                byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False,
                add_dummy_prefix=prefix, control_symbols=["[INST]", "[/INST]"],
                user_defined_symbols=["<tool>", "▁▁▁"], minloglevel=2)
            model = sentencepiece.SentencePieceProcessor(model_file=folder + "/m.model")
        types = [2 if model.IsUnknown(i) else 3 if model.IsControl(i) else 6 if model.IsByte(i) else
                 4 if model.IdToPiece(i) in ("<tool>", "▁▁▁") else 1 for i in range(model.vocab_size())]
        models_.append({
            "addSpacePrefix": prefix, "types": types,
            "tokens": [model.IdToPiece(i) for i in range(model.vocab_size())],
            "scores": [model.GetScore(i) for i in range(model.vocab_size())],
            "ids": [model.encode(t) for t in texts],
            "decoded": [model.decode(model.encode(t)).encode().hex() for t in texts],
        })
    write("tokenizer_sentencepiece.json", {"texts": [t.hex() for t in texts], "models": models_})


def starter(path):
    fields = {k: v.contents() for k, v in gguf.GGUFReader(path).fields.items() if k.startswith("tokenizer.ggml.")}
    tokens = fields["tokenizer.ggml.tokens"]
    tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)},
                                     merges=[tuple(m.split(" ")) for m in fields["tokenizer.ggml.merges"]]))
    tokenizer.pre_tokenizer = PRE["smollm"]
    kinds = fields["tokenizer.ggml.token_type"]
    tokenizer.add_special_tokens([AddedToken(t, normalized=False) for t, k in zip(tokens, kinds) if k == 3])
    texts = [text(rng.randrange(1, 40)) for _ in range(40)] + [
        "<|im_start|>user\nWhat's 12345 + 678?<|im_end|>\n<|im_start|>assistant\n"]
    write("tokenizer_starter.json", {"texts": texts, "ids": [tokenizer.encode(t).ids for t in texts]})


bpe()
sentence_piece()
starter(sys.argv[1])
