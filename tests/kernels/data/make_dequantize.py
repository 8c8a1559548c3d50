#!/usr/bin/env python3
"""Write dequantize.txt: what PyPI gguf makes of random blocks of every type (run with numpy and gguf).

A line is: type name, blocks, SHA-256 of all weights (float32, every NaN as 7fc00000), the first two blocks'
weights in hex. tst_dequantize makes the same bytes. Random bytes as scales bring NaN, infinity and denormals.
"""
import hashlib
import pathlib

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as T
from gguf.quants import dequantize

TYPES = [T.F32, T.F16, T.BF16, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0, T.Q2_K, T.Q3_K, T.Q4_K, T.Q5_K, T.Q6_K, T.Q8_K,
         T.IQ4_NL, T.IQ4_XS, T.TQ1_0, T.TQ2_0, T.MXFP4]


def splitmix(seed, count):
    """count 64-bit numbers of Steele, Lea and Flood's SplitMix64."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def weights(t, raw):
    if t == T.Q8_K:  # gguf has no function for it; ggml's is d * q
        rows = raw.reshape(-1, 292)
        return (rows[:, :4].copy().view(np.float32) * rows[:, 4:260].view(np.int8).astype(np.float32)).ravel()
    return dequantize(raw.reshape(1, -1), t).ravel()


def main():
    np.seterr(all="ignore")
    with open(pathlib.Path(__file__).with_name("dequantize.txt"), "w") as out:
        for t in TYPES:
            length, size = GGML_QUANT_SIZES[t]
            blocks = 65536 if length == 1 else 2048
            if size == 2:
                raw = np.arange(65536, dtype="<u2").view(np.uint8)  # every value there is
            else:
                raw = splitmix(int(t), (blocks * size + 7) // 8).view(np.uint8)[:blocks * size].copy()
            bits = weights(t, raw).astype(np.float32).view(np.uint32)
            bits[(bits & 0x7fffffff) > 0x7f800000] = 0x7fc00000
            first = "".join(f"{b:08x}" for b in bits[:2 * length])
            print(t.name, blocks, hashlib.sha256(bits.tobytes()).hexdigest(), first, file=out)


if __name__ == "__main__":
    main()
