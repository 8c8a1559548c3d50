#!/usr/bin/env python3
"""Writes sampling_golden.json: what each sampling stage keeps, computed with numpy in float64.

Each stage is written here from its definition (see engine/sampling.h for the sources); nothing is shared with
the engine. Draws use a plain MT19937-64 (Matsumoto and Nishimura), 53 bits of it.

    python3 make_sampling_golden.py > sampling_golden.json
"""
import json
import math

import numpy as np

VOCABULARY = 48
BREAKERS = {3, 5}  # the test's tokenizer spells these with a breaker in them


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / e.sum()


def order(logits, ids):
    return sorted(ids, key=lambda i: (-logits[i], i))


def probabilities(logits, ids):
    return dict(zip(ids, softmax(np.array([logits[i] for i in ids]))))


def penalize(logits, history, p):
    out = logits.copy()
    window = history[-p.get("penaltyWindow", 64):] if p.get("penaltyWindow", 64) else []
    for token in set(window):
        r = p.get("repetitionPenalty", 1.0)
        out[token] = out[token] / r if out[token] > 0 else out[token] * r
        out[token] -= p.get("presencePenalty", 0.0) + p.get("frequencyPenalty", 0.0) * window.count(token)
    return out


def dry(logits, history, p):
    out = logits.copy()
    if not p.get("dryMultiplier") or len(history) < 2 or history[-1] in BREAKERS:
        return out
    for candidate in range(VOCABULARY):
        if candidate in BREAKERS:
            continue
        best = 0  # longest suffix of the text that was followed by the candidate before
        for length in range(1, min(50, len(history)) + 1):
            suffix = history[-length:]
            if any(t in BREAKERS for t in suffix):
                break
            if any(history[i:i + length] == suffix and history[i + length] == candidate
                   for i in range(len(history) - length)):
                best = length
        if best >= p.get("dryAllowedLength", 2) and best > 0:
            out[candidate] -= p["dryMultiplier"] * p.get("dryBase", 1.75) ** (best - p.get("dryAllowedLength", 2))
    return out


def distribution(logits, history, p):
    logits = np.array(logits, dtype=np.float64)
    for token, bias in p.get("logitBias", []):
        logits[token] += bias
    logits = dry(penalize(logits, history, p), history, p)
    ids = order(logits, range(VOCABULARY))
    temperature = p.get("temperature", 0.7)
    if temperature == 0:
        return [(ids[0], 1.0)]
    if p.get("mirostat"):
        pr = probabilities(logits / temperature, ids)
        mu = 2 * p.get("mirostatTau", 5.0)
        ids = [i for i in ids if -math.log2(pr[i]) <= mu] or ids[:1]
        pr = probabilities(logits / temperature, ids)
        return [(i, pr[i]) for i in ids]
    if p.get("topK", 40):
        ids = ids[: p.get("topK", 40)]
    if p.get("typicalP", 1.0) < 1:
        pr = probabilities(logits, ids)
        entropy = -sum(v * math.log(v) for v in pr.values())
        ranked = sorted(ids, key=lambda i: abs(-math.log(pr[i]) - entropy))
        kept, mass = [], 0.0
        for i in ranked:
            if kept and mass >= p["typicalP"]:
                break
            kept.append(i)
            mass += pr[i]
        ids = order(logits, kept)
    if p.get("topP", 0.95) < 1:
        pr = probabilities(logits, ids)
        kept, mass = [], 0.0
        for i in ids:
            if kept and mass >= p.get("topP", 0.95):
                break
            kept.append(i)
            mass += pr[i]
        ids = kept
    if p.get("minP", 0.05) > 0:
        pr = probabilities(logits, ids)
        ids = [i for i in ids if pr[i] >= p.get("minP", 0.05) * pr[ids[0]]]
    if p.get("xtcProbability", 0) == 1:
        pr = probabilities(logits, ids)
        above = [i for i in ids if pr[i] >= p.get("xtcThreshold", 0.1)]
        if len(above) >= 2:
            ids = [i for i in ids if i not in above[:-1]]
    pr = probabilities(logits / temperature, ids)
    return [(i, pr[i]) for i in ids]


class Mt19937_64:
    def __init__(self, seed):
        mask = (1 << 64) - 1
        self.state = [seed & mask]
        for i in range(1, 312):
            previous = self.state[-1]
            self.state.append((6364136223846793005 * (previous ^ (previous >> 62)) + i) & mask)
        self.index = 312

    def next(self):
        if self.index == 312:
            for i in range(312):
                x = (self.state[i] & 0xFFFFFFFF80000000) | (self.state[(i + 1) % 312] & 0x7FFFFFFF)
                self.state[i] = self.state[(i + 156) % 312] ^ (x >> 1) ^ (0xB5026F5AA96619E9 if x & 1 else 0)
            self.index = 0
        x = self.state[self.index]
        self.index += 1
        x ^= (x >> 29) & 0x5555555555555555
        x ^= (x << 17) & 0x71D67FFFEDA60000
        x ^= (x << 37) & 0xFFF7EEE000000000
        return x ^ (x >> 43)

    def uniform(self):
        return (self.next() >> 11) * 2.0**-53


def draws(pairs, seed, count):
    generator, result = Mt19937_64(seed), []
    for _ in range(count):
        u, mass, chosen = generator.uniform(), 0.0, pairs[-1][0]
        for token, p in pairs:
            mass += p
            if u < mass:
                chosen = token
                break
        result.append(chosen)
    return result


OFF = {"temperature": 1.0, "topK": 0, "topP": 1.0, "minP": 0.0}
PARAMETERS = [
    {},
    OFF,
    {**OFF, "temperature": 0.0},
    {**OFF, "temperature": 0.3},
    {**OFF, "temperature": 1.8},
    {**OFF, "topK": 1},
    {**OFF, "topK": 7},
    {**OFF, "topP": 0.5},
    {**OFF, "topP": 0.9, "temperature": 0.6},
    {**OFF, "topP": 0.0},
    {**OFF, "minP": 0.1},
    {**OFF, "minP": 1.0},
    {**OFF, "typicalP": 0.4},
    {**OFF, "typicalP": 0.9},
    {**OFF, "typicalP": 0.7, "topK": 20, "topP": 0.8, "minP": 0.02, "temperature": 1.3},
    {**OFF, "xtcProbability": 1.0, "xtcThreshold": 0.1},
    {**OFF, "xtcProbability": 1.0, "xtcThreshold": 0.4},
    {**OFF, "xtcProbability": 1.0, "xtcThreshold": 0.05, "topP": 0.9, "temperature": 0.8},
    {**OFF, "mirostat": True, "mirostatTau": 1.5},
    {**OFF, "mirostat": True, "mirostatTau": 2.5, "temperature": 1.4},
    {**OFF, "repetitionPenalty": 1.3},
    {**OFF, "presencePenalty": 0.7, "frequencyPenalty": 0.4},
    {**OFF, "repetitionPenalty": 1.1, "presencePenalty": -0.5, "frequencyPenalty": 0.2, "penaltyWindow": 5},
    {**OFF, "penaltyWindow": 0, "repetitionPenalty": 2.0},
    {**OFF, "dryMultiplier": 0.8},
    {**OFF, "dryMultiplier": 0.5, "dryBase": 1.3, "dryAllowedLength": 1},
    {**OFF, "dryMultiplier": 1.2, "dryAllowedLength": 4, "topP": 0.95},
    {**OFF, "logitBias": [[2, 3.5], [7, -4.0], [11, 1.25]]},
    {"dryMultiplier": 0.8, "repetitionPenalty": 1.05, "xtcProbability": 1.0, "typicalP": 0.95, "topK": 30},
]


def main():
    random = np.random.default_rng(3)
    cases = []
    for parameters in PARAMETERS:
        for scale in (1.0, 3.0):
            logits = [float(np.float32(x)) for x in np.round(random.normal(0, scale, VOCABULARY), 4)]
            phrase = random.integers(6, VOCABULARY, 5).tolist()
            noise = random.integers(0, VOCABULARY, 6).tolist()
            history = phrase + noise + phrase + [3] + phrase[:2] + noise[:2] + phrase[: int(random.integers(1, 5))]
            kept = distribution(logits, history, parameters)
            case = {"params": parameters, "logits": logits, "history": history,
                    "kept": [[int(i), round(float(p), 8)] for i, p in kept]}
            if parameters.get("topK") and not parameters.get("xtcProbability"):  # drawn in this order
                case["draws"] = draws(kept, 20261123, 24)
            cases.append(case)
    print("[" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "]")


main()
