#!/usr/bin/env python3
"""Write rope.json: rotary frequencies as Hugging Face transformers computes them (modeling_rope_utils.py: default,
linear, yarn, llama3), in float64 numpy, beside the GGUF keys that a converter writes for them. Each case is also
computed as ggml does it (rope_yarn in ops.cpp, float32), which must agree.
"""
import json
import math
import pathlib

import numpy as np


def transformers(kind, dim, base, factor=1.0, original=4096, fast=32.0, slow=1.0, attention=None, low=1.0, high=4.0):
    inverse = base ** (-np.arange(0, dim, 2) / dim)
    if kind == "linear":
        return inverse / factor, 1.0
    if kind == "llama3":
        wave = 2 * math.pi / inverse
        smooth = (original / wave - low) / (high - low)
        medium = (1 - smooth) * inverse / factor + smooth * inverse
        return np.where(wave > original / low, inverse / factor, np.where(wave < original / high, inverse, medium)), 1.0
    if kind == "yarn":
        def correction(rotations):
            return dim * math.log(original / (rotations * 2 * math.pi)) / (2 * math.log(base))
        lo, hi = max(math.floor(correction(fast)), 0), min(math.ceil(correction(slow)), dim - 1)
        ramp = np.clip((np.arange(dim // 2) - lo) / ((hi - lo) or 0.001), 0, 1)
        gain = 0.1 * math.log(factor) + 1 if factor > 1 else 1.0
        return inverse / factor * ramp + inverse * (1 - ramp), attention or gain
    return inverse, 1.0


def ggml(dim, base, divisors, scale, yarn, original, fast, slow):
    f = np.float32
    theta_scale, theta, out = f(base) ** f(-2.0 / dim), f(1), []
    def correction(rotations):
        return f(dim) * np.log(f(original) / (f(rotations) * f(2) * f(math.pi))) / (f(2) * np.log(f(base)))
    lo, hi = max(f(0), np.floor(correction(fast))), min(f(dim - 1), np.ceil(correction(slow)))
    for i in range(dim // 2):
        extrapolated = theta / f(divisors[i])
        mix = f(1) - min(f(1), max(f(0), (f(i) - lo) / max(f(0.001), hi - lo))) if yarn else f(0)
        out.append(f(scale) * extrapolated * (f(1) - mix) + extrapolated * mix)
        theta *= theta_scale
    return np.array(out)


CASES = {
    "plain": dict(kind="default", dim=64, base=10000.0),
    "llama 3 base": dict(kind="default", dim=128, base=500000.0),
    "linear": dict(kind="linear", dim=128, base=10000.0, factor=4.0),
    "linear, stretched the other way": dict(kind="linear", dim=32, base=10000.0, factor=0.5),
    "llama 3.1": dict(kind="llama3", dim=128, base=500000.0, factor=8.0, original=8192),
    "llama 3.2": dict(kind="llama3", dim=64, base=500000.0, factor=32.0, original=8192),
    "yarn, Qwen 2.5": dict(kind="yarn", dim=128, base=1000000.0, factor=4.0, original=32768),
    "yarn, Llama 2 128k": dict(kind="yarn", dim=128, base=10000.0, factor=32.0, original=4096),
    "yarn with betas": dict(kind="yarn", dim=64, base=10000.0, factor=16.0, original=2048, fast=4.0, slow=0.5),
    "yarn with attention factor": dict(kind="yarn", dim=64, base=10000.0, factor=8.0, original=4096, attention=1.25),
    "yarn, narrow ramp": dict(kind="yarn", dim=8, base=10000.0, factor=8.0, original=64, fast=1.0, slow=1.0),
}


def main():
    out = []
    for name, case in CASES.items():
        frequencies, magnitude = transformers(**case)
        plain = transformers("default", case["dim"], case["base"])[0]
        numbers = {"rope.freq_base": case["base"]}
        divisors = None
        if case["kind"] == "llama3":
            divisors = [float(x) for x in (plain / frequencies).astype(np.float32)]
            frequencies = plain / np.array(divisors)  # what float32 divisors leave of it
        elif "factor" in case:
            numbers["rope.scaling.factor"] = case["factor"]
        if case["kind"] == "yarn":
            numbers["rope.scaling.original_context_length"] = case["original"]
            numbers |= {"rope.scaling.yarn_" + key: case[k] for key, k in
                        [("beta_fast", "fast"), ("beta_slow", "slow"), ("attn_factor", "attention")] if k in case}
        scale = 1 / case["factor"] if case["kind"] in ("linear", "yarn") else 1.0
        other = ggml(case["dim"], case["base"], divisors or [1.0] * len(plain), scale, case["kind"] == "yarn",
                     case.get("original", 4096), case.get("fast", 32.0), case.get("slow", 1.0))
        assert np.allclose(other, frequencies, rtol=1e-4, atol=0), name
        out.append({"name": name, "dimensions": case["dim"], "type": case["kind"] if case["kind"] in ("linear", "yarn")
                    else None, "numbers": numbers, "divisors": divisors, "inverseFrequency": frequencies.tolist(),
                    "magnitude": magnitude})
    lines = ",\n".join(json.dumps(case) for case in out)
    pathlib.Path(__file__).with_name("rope.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
