#!/usr/bin/env python3
"""Times altiplano-cli beside llama.cpp's llama-bench: same file, same threads, alternating pairs.

    compare_llama.py --llama LLAMA_BENCH --altiplano ALTIPLANO_CLI [--pairs 5] [--threads 2]
                     [-p 512] [-n 64] [--instructions auto] MODEL.gguf ...

Prints a Markdown row per model: the median of the pairs of each engine, and the median ratio with its range.
On a CPU only the ratio counts.
"""
import argparse
import json
import statistics
import subprocess


def run(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def llama(a, model):
    rows = run([a.llama, "-m", model, "-t", a.threads, "-p", a.p, "-n", a.n, "-r", a.repetitions, "-o", "json"])
    return [next(r["avg_ts"] for r in rows if bool(r["n_prompt"]) == prompt) for prompt in (True, False)]


def altiplano(a, model):
    rows = run([a.altiplano, "bench", model, "--backend", "cpu", "--threads", a.threads, "-p", a.p, "-n", a.n,
                "-r", a.repetitions, "--instructions", a.instructions, "--json"])
    return [next(r["tokens_per_s"] for r in rows if bool(r["n_prompt"]) == prompt) for prompt in (True, False)]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("models", nargs="+")
    p.add_argument("--llama", required=True)
    p.add_argument("--altiplano", required=True)
    p.add_argument("--pairs", type=int, default=5)
    p.add_argument("--repetitions", default="3")
    p.add_argument("--threads", default="2")
    p.add_argument("--instructions", default="auto")
    p.add_argument("-p", default="512")
    p.add_argument("-n", default="64")
    a = p.parse_args()
    print(f"| model | prompt {a.p}: llama.cpp | ours | ratio (range) | decode {a.n}: llama.cpp | ours | ratio (range) |")
    print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for model in a.models:
        pairs = []
        for i in range(a.pairs):  # who goes first alternates
            order = (llama, altiplano) if i % 2 == 0 else (altiplano, llama)
            done = {engine: engine(a, model) for engine in order}
            pairs.append((done[llama], done[altiplano]))
        cells = [model.split("/")[-1]]
        for what in (0, 1):
            ratios = [ours[what] / theirs[what] for theirs, ours in pairs]
            cells += [f"{statistics.median(t[what] for t, _ in pairs):.1f}",
                      f"{statistics.median(o[what] for _, o in pairs):.1f}",
                      f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"]
        print("| " + " | ".join(cells) + " |", flush=True)


main()
