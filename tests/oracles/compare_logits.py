#!/usr/bin/env python3
"""How far an engine's logits are from the reference's, over all positions of a text.

    compare_logits.py IDS.json REFERENCE.f32 NAME=LOGITS.f32 ...

Prints, for each engine: mean and 99.9th percentile of KL(reference || engine), the share of positions with the
same top token, and perplexity (the reference's too). Needs numpy.
"""
import json
import sys

import numpy as np


def log_softmax(rows):
    rows = rows.astype(np.float64)
    rows -= rows.max(-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(-1, keepdims=True))


def main():
    ids = np.array(json.load(open(sys.argv[1])))
    load = lambda path: np.memmap(path, np.float32).reshape(len(ids), -1)
    reference = load(sys.argv[2])
    for argument in ["reference=" + sys.argv[2]] + sys.argv[3:]:
        name, path = argument.split("=", 1)
        rows, kl, same, nll = load(path), [], 0, []
        for at in range(0, len(ids), 256):
            p, q = log_softmax(reference[at:at + 256]), log_softmax(rows[at:at + 256])
            kl.extend((np.exp(p) * (p - q)).sum(-1))
            same += (p.argmax(-1) == q.argmax(-1)).sum()
            following = ids[at + 1:at + 257]
            nll.extend(-q[np.arange(len(following)), following])
        print(f"{name}: {len(ids)} positions, mean KL {np.mean(kl):.5f}, 99.9 % below {np.quantile(kl, 0.999):.4f}, "
              f"same top token {100 * same / len(ids):.2f} %, perplexity {np.exp(np.mean(nll)):.4f}")


main()
