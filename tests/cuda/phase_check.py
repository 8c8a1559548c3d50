#!/usr/bin/env python3
"""Holds the phases that Altiplano shows against an outside profiler's.

    phase_check.py TRACE.csv BENCH.json

TRACE.csv is of kernel_trace.cpp, BENCH.json of the same run: `altiplano-cli bench MODEL -p 0 -n 400 --json`
with one case. Prints, per token: the time from the end of one step to the end of the next as the profiler has
it, how much of it kernels ran, and the gaps between them; then each phase, from the end of what came before to
the end of its own kernels, beside ours. Exit 1 where the sums differ by more than 2 %.
"""
import collections
import csv
import json
import statistics
import sys

LIMIT = 0.02  # of a token's wall time
Kernel = collections.namedtuple("Kernel", "start end graph name")


def read(path):
    with open(path, newline="") as file:
        rows = [Kernel(int(r["start_ns"]), int(r["end_ns"]), int(r["graph"]), r["name"]) for r in csv.DictReader(file)]
    return sorted(rows, key=lambda k: k.start)


def steps_of(kernels):
    """Cuts at the kernel that chooses the token, which ends a step."""
    steps, step = [], []
    for kernel in kernels:
        step.append(kernel)
        if "sampleKernel" in kernel.name:
            steps.append(step)
            step = []
    return steps


def phases_of(step):
    """The phase of each kernel of a step of one sequence: products have one name, and are told apart by their place."""
    attentions = [i for i, k in enumerate(step) if "attentionKernel" in k.name]
    begins = [i for i, k in enumerate(step) if any(n in k.name for n in ("beginKernel", "embedKernel", "ropeTable"))]
    if len(attentions) < 2 or not begins:
        return None
    qkv = attentions[0] - begins[-1] - 1  # products before attention
    after = attentions[1] - attentions[0] - 1 - qkv  # projection, then gate, up and down
    names = []
    for i, kernel in enumerate(step):
        last = [a for a in attentions if a < i]
        if "sampleKernel" in kernel.name:
            names.append("sample")
        elif i in attentions:
            names.append("attention")
        elif i <= begins[-1]:
            names.append("embed")
        elif not last:
            names.append("qkv")
        else:
            place = i - last[-1]
            in_layer = "projection" if place == 1 else "feed forward" if place <= after else None
            names.append(in_layer or ("qkv" if last[-1] != attentions[-1] else "logits"))
    return names


def measure(step, before):
    """Nanoseconds of a step that begins where the one before ended: all of it, gaps, and by phase."""
    end, gaps, phases = before, 0, collections.Counter()
    for kernel, phase in zip(step, phases_of(step)):
        gaps += max(0, kernel.start - end)
        phases[phase] += max(0, kernel.end - end)
        end = max(end, kernel.end)
    return end - before, gaps, phases


def compare(title, theirs_us, ours_us):
    difference = ours_us / theirs_us - 1 if theirs_us else 0
    print(f"  {title:<22} {theirs_us:9.1f} {ours_us:9.1f}  {100 * difference:+6.1f} %")
    return abs(difference)


def by_ends(spans):
    """Our own record of a step, as the profiler's is read here: each phase from the end of what came before."""
    end, gaps, phases = spans[0][2], 0, collections.Counter()
    for phase, _, start, ns in spans:
        gaps += max(0, start - end)
        phases[phase] += start + ns - end
        end = start + ns
    return gaps, phases


def check_kernels(kernels, row):
    steps = steps_of(kernels)
    usual = statistics.mode(len(s) for s in steps)  # the first of an answer has its prompt's kernels, too
    measured = [(measure(steps[i], max(k.end for k in steps[i - 1])), steps[i][0].graph != 0)
                for i in range(1, len(steps)) if len(steps[i]) == usual and phases_of(steps[i])]
    for graph in (True, False):
        some = [m for m, of_graph in measured if of_graph == graph]
        if not some:
            continue
        count = len(some)
        wall, gap = sum(m[0] for m in some) / count / 1e3, sum(m[1] for m in some) / count / 1e3
        print(f"{count} steps {'of graphs' if graph else 'launched kernel by kernel'}, {usual} kernels each: "
              f"{wall:.1f} us a token, {gap:.1f} us of it gaps in which no kernel ran")
    count = len(measured)
    phases = collections.Counter()
    for (_, _, some), _ in measured:
        phases.update(some)
    wall = sum(m[0][0] for m in measured) / count / 1e3
    print(f"  us a token             profiler altiplano")
    worst = compare("wall (tokens/s)", wall, 1e6 / row["tokens_per_s"])
    worst = max(worst, compare("sum of device phases", wall, sum(row["device_us"].values())))
    for phase, us in row["device_us"].items():
        compare(phase, phases[phase] / count / 1e3, us)
    spans = row.get("step", {}).get("spans")
    if spans:
        gaps, ours = by_ends(spans)
        print(f"  one step's {len(spans)} spans, from end to end; {gaps / 1e3:.1f} us between them")
        for phase, us in ours.items():
            compare(phase, phases[phase] / count / 1e3, us / 1e3)
    return worst


def check_graphs(spans, row):
    """Whole graphs, each of eight steps or of one."""
    ours = sum(row["device_us"].values())
    graphs = [s for s in spans if s.name == "graph" and s.end - s.start > 4e3 * ours]
    gaps = [b.start - a.end for a, b in zip(graphs, graphs[1:]) if 0 <= b.start - a.end < 1e3 * ours]
    us = statistics.mean(g.end - g.start for g in graphs) / 8e3
    gap = statistics.mean(gaps) / 8e3 if gaps else 0
    print(f"{len(graphs)} graphs of 8 steps: {us:.1f} us a token, and {gap:.2f} us of gaps between graphs")
    print(f"  us a token             profiler altiplano")
    worst = compare("wall (tokens/s)", us + gap, 1e6 / row["tokens_per_s"])
    return max(worst, compare("sum of device phases", us + gap, ours))


def main():
    spans = read(sys.argv[1])
    with open(sys.argv[2]) as file:
        row = json.load(file)[0]
    print(f"{row['model']}, {row['device']}, graphs {row['graphs']}: {row['tokens_per_s']:.1f} tokens/s while traced")
    whole = any(s.name == "graph" for s in spans)
    worst = check_graphs(spans, row) if whole else check_kernels(spans, row)
    print("within 2 %" if worst <= LIMIT else "NOT within 2 %")
    return worst > LIMIT


if __name__ == "__main__":
    sys.exit(main())
