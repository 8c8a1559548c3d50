#!/usr/bin/env python3
"""Write the GGUF files that fuzzing starts from, and that tst_gguf_file reads, with PyPI gguf's own writer.

corpus/gguf/every_type.gguf    each metadata type, nested arrays, alignment 64, tensors of several types
corpus/gguf/tiny_llama.gguf    the smallest complete model: one layer, four tokens
corpus/gguf/tiny_qwen2.gguf    the same with biases, YaRN and rope_freqs
../engine/data/split-*.gguf    a model in three parts
"""
import pathlib

import numpy as np
from gguf import GGMLQuantizationType as T, GGUFValueType as V, GGUFWriter, RopeScalingType
from gguf.quants import quantize

HERE = pathlib.Path(__file__).parent
NUMBERS = {V.UINT8: (0, 255), V.INT8: (-128, 127), V.UINT16: (0, 65535), V.INT16: (-32768, 32767),
           V.UINT32: (0, 2**32 - 1), V.INT32: (-2**31, 2**31 - 1), V.UINT64: (0, 2**64 - 1),
           V.INT64: (-2**63, 2**63 - 1), V.FLOAT32: (-1.5, 3.0e38), V.FLOAT64: (-1.5, 1.0e300), V.BOOL: (False, True)}


def finish(w):
    w.write_header_to_file(), w.write_kv_data_to_file(), w.write_tensors_to_file(), w.close()


def every_type():
    w = GGUFWriter(HERE / "gguf/every_type.gguf", "none")
    w.add_custom_alignment(64)
    for t, values in NUMBERS.items():
        name = t.name.lower()
        w.add_key_value(f"one.{name}", values[1], t)
        w.add_key_value(f"list.{name}", list(values), V.ARRAY, t)
    w.add_string("one.string", "Grüße, \u2603")
    w.add_array("list.string", ["a", "", "\u2581the"])
    w.add_key_value("list.nested", [[1, 2], [3]], V.ARRAY)
    weights = np.arange(-48, 48, dtype=np.float32).reshape(3, 32) / 8
    w.add_tensor("weights.f32", weights)
    w.add_tensor("weights.f16", weights.astype(np.float16))
    w.add_tensor("weights.q8_0", quantize(weights, T.Q8_0), raw_dtype=T.Q8_0)
    w.add_tensor("vector", np.array([1.5, -2.5, 3.5], np.float32))
    w.add_tensor("cube", np.arange(24, dtype=np.float32).reshape(2, 3, 4))
    finish(w)


def model(path, architecture, **split):
    rng = np.random.default_rng(1)
    w = GGUFWriter(path, architecture, **split)
    tokens = ["<unk>", "<s>", "</s>", "\u2581a"]
    w.add_block_count(1), w.add_context_length(64), w.add_embedding_length(8), w.add_feed_forward_length(16)
    w.add_head_count(2), w.add_head_count_kv(1), w.add_layer_norm_rms_eps(1e-5), w.add_rope_freq_base(1e4)
    w.add_rope_dimension_count(4), w.add_vocab_size(4), w.add_tokenizer_model("llama"), w.add_token_list(tokens)
    w.add_token_scores([0.0, 0.0, 0.0, -1.0]), w.add_token_types([2, 3, 3, 1])
    if architecture == "qwen2":
        w.add_rope_scaling_type(RopeScalingType.YARN), w.add_rope_scaling_factor(4.0), w.add_rope_scaling_orig_ctx_len(16)
        w.add_tensor("rope_freqs.weight", np.array([1.0, 8.0], np.float32))
    shapes = {"token_embd": (4, 8), "output_norm": (8,), "blk.0.attn_norm": (8,), "blk.0.attn_q": (8, 8),
              "blk.0.attn_k": (4, 8), "blk.0.attn_v": (4, 8), "blk.0.attn_output": (8, 8), "blk.0.ffn_norm": (8,),
              "blk.0.ffn_gate": (16, 8), "blk.0.ffn_up": (16, 8), "blk.0.ffn_down": (8, 16)}
    for name, shape in shapes.items():
        w.add_tensor(name + ".weight", rng.standard_normal(shape, np.float32))
        if architecture == "qwen2" and name[6:] in ("attn_q", "attn_k", "attn_v"):
            w.add_tensor(name + ".bias", rng.standard_normal(shape[:1], np.float32))
    finish(w)


if __name__ == "__main__":
    (HERE / "gguf").mkdir(exist_ok=True)
    every_type()
    model(HERE / "gguf/tiny_llama.gguf", "llama")
    model(HERE / "gguf/tiny_qwen2.gguf", "qwen2")
    model(HERE.parent.parent / "engine/data/split.gguf", "llama", split_max_tensors=4)
