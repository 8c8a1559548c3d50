#!/usr/bin/env python3
"""Logits of a LLaMA GGUF file in plain float32 numpy: the oracle that docs/measurements compares engines with.

    reference_logits.py MODEL.gguf IDS.json OUT.f32

IDS.json is a JSON array of token ids, run as one sequence from position 0; OUT.f32 takes [tokens x vocabulary]
float32 rows. Weights are dequantized by PyPI gguf; activations and K/V stay float32. Needs numpy and gguf.
"""
import json
import sys

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize


def rms_norm(x, weight, eps):
    return x / np.sqrt(np.mean(x.astype(np.float64) ** 2, -1, keepdims=True) + eps).astype(np.float32) * weight


def rope(x, base):
    """Turns adjacent pairs of x [tokens, heads, dims], as GGUF's llama architecture stores them."""
    tokens, _, dims = x.shape
    angles = np.arange(tokens)[:, None] * base ** (-np.arange(0, dims, 2) / dims)
    cos, sin = np.cos(angles)[:, None].astype(np.float32), np.sin(angles)[:, None].astype(np.float32)
    out = np.empty_like(x)
    out[..., 0::2] = x[..., 0::2] * cos - x[..., 1::2] * sin
    out[..., 1::2] = x[..., 0::2] * sin + x[..., 1::2] * cos
    return out


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def main():
    path, ids, out = sys.argv[1:]
    reader = GGUFReader(path)
    tensors = {t.name: t for t in reader.tensors}
    field = lambda name: reader.fields["llama." + name].contents()
    weight = lambda name: dequantize(tensors[name].data, tensors[name].tensor_type).astype(np.float32)
    assert not any("rope_freqs" in name for name in tensors), "RoPE scaling is not written here"

    ids = np.array(json.load(open(ids)))
    n, heads, kv_heads = len(ids), field("attention.head_count"), field("attention.head_count_kv")
    eps, base = field("attention.layer_norm_rms_epsilon"), field("rope.freq_base")
    embedding = weight("token_embd.weight")
    x = embedding[ids]
    dim = x.shape[1] // heads
    mask = np.triu(np.full((n, n), -np.inf, np.float32), 1)
    for layer in range(field("block_count")):
        w = lambda name: weight(f"blk.{layer}.{name}.weight")
        h = rms_norm(x, w("attn_norm"), eps)
        q = rope((h @ w("attn_q").T).reshape(n, heads, dim), base)
        k = rope((h @ w("attn_k").T).reshape(n, kv_heads, dim), base)
        v = (h @ w("attn_v").T).reshape(n, kv_heads, dim)
        a = np.empty((n, heads, dim), np.float32)
        for head in range(heads):
            kv = head // (heads // kv_heads)
            a[:, head] = softmax(q[:, head] @ k[:, kv].T / np.sqrt(np.float32(dim)) + mask) @ v[:, kv]
        x = x + a.reshape(n, -1) @ w("attn_output").T
        h = rms_norm(x, w("ffn_norm"), eps)
        gate = h @ w("ffn_gate").T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ w("ffn_up").T)) @ w("ffn_down").T
    head = weight("output.weight") if "output.weight" in tensors else embedding
    (rms_norm(x, weight("output_norm.weight"), eps) @ head.T).astype(np.float32).tofile(out)


main()
