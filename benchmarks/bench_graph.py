"""How fast the API graph is on generated contracts of growing size.

A sampling step is what a sampler does after each call: the kinds that an output tells become known, one fact is lost
now and then, and it asks for the legal tools, the distance to its target and the first tool on the way there.

Run: python benchmarks/bench_graph.py [--tools 100 1000 10000] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fr_envs.contract.spec import DomainSpec, Fact, Field, Kind, Parameter, ToolSpec
from fr_envs.graph.api_graph import ApiGraph, Need

STEPS = 200
SEED = 7


class Row(NamedTuple):
    """Figures for one size; times in milliseconds unless named otherwise."""

    tools: int
    needs: int
    build_s: float
    scratch: float
    step_median: float
    step_p99: float
    step_max: float


def generated(size: int, rng: np.random.Generator) -> DomainSpec:
    """Make a contract of ``size`` tools with 1.5 tools a kind and 10 tools a fact.

    Tools come in groups of 40 (a service); nine of ten kinds that a tool takes are of its own group.
    """
    kinds_count, facts_count, group = max(4, size * 2 // 3), max(2, size // 10), 40
    kinds = {f"k{i}": Kind(f"k{i}", {}, "named" if i % 4 == 0 else "issued", "k") for i in range(kinds_count)}
    facts = {f"f{i}": Fact(f"f{i}", "f", f"not_f{i}") for i in range(facts_count)}

    def some(count: int, total: int, at: int) -> list[int]:
        near = at // group * group * total // size + rng.integers(0, max(1, group * total // size), count)
        anywhere = rng.integers(0, total, count)
        picked = np.where(rng.random(count) < 0.9, near, anywhere) % total
        return [int(i) for i in dict.fromkeys(picked.tolist())]

    tools = {}
    for i in range(size):
        takes = [f"k{k}" for k in some(int(rng.integers(0, 4)), kinds_count, i)]
        gives = [f"k{k}" for k in some(int(rng.integers(1, 6)), kinds_count, i)]
        needs = tuple(f"f{f}" for f in some(int(rng.random() < 0.4), facts_count, i))
        sets = tuple(f"f{f}" for f in some(int(rng.random() < 0.25), facts_count, i))
        parameters = {k: Parameter(k, Field(kind=k), required=True) for k in takes}
        returns = {k: Field(kind=k) for k in gives}
        tools[f"t{i}"] = ToolSpec(f"t{i}", "t", parameters, returns, "read", needs=needs, sets=sets)
    return DomainSpec("generated", "Bench/Generated-v0", "s", "p", kinds, facts, tools)


def measure(size: int) -> Row:
    """Build the graph of ``size`` tools and take ``STEPS`` sampling steps, with a new target every 20."""
    rng = np.random.default_rng([SEED, size])
    spec = generated(size, rng)
    start = time.perf_counter()
    graph = ApiGraph(spec)
    build = time.perf_counter() - start
    start = time.perf_counter()
    costs = graph.costs()
    scratch = time.perf_counter() - start
    reachable = [name for name, cost in costs.tool.items() if cost < float("inf")]
    times: list[float] = []
    target, known = reachable[0], set[Need]()
    for i in range(STEPS):
        if i % 20 == 0:
            target, known = reachable[int(rng.integers(len(reachable)))], set()
        legal = graph.legal(known)
        call = spec.tools[legal[int(rng.integers(len(legal)))]]
        known |= {("kind", kind) for kind in call.output_kinds()} | {("fact", fact) for fact in call.sets}
        if i % 10 == 9:
            known -= set([need for need in sorted(known) if need[0] == "fact"][:1])
        start = time.perf_counter()
        legal, distance = graph.legal(known), graph.distance(target, known)
        if 0 < distance < float("inf"):
            graph.plan(target, known)
        times.append((time.perf_counter() - start) * 1e3)
    return Row(
        size, len(graph.wiring.needs), build, scratch * 1e3, statistics.median(times),
        statistics.quantiles(times, n=100)[98], max(times),
    )  # fmt: skip


def main() -> None:
    """Print a table, and write it as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=int, nargs="+", default=[40, 100, 1_000, 10_000])
    parser.add_argument("--json", type=Path, help="write the figures there")
    options = parser.parse_args()
    rows = [measure(size) for size in options.tools]
    head = ("tools", "needs", "build s", "scratch ms", "step ms", "p99", "max")
    lines = ["".join(f"{title:>11}" for title in head)]
    for row in rows:
        lines.append("".join(f"{v:>11,.3f}" if isinstance(v, float) else f"{v:>11,}" for v in row))
    sys.stdout.write("\n".join(lines) + "\n")
    if options.json:
        options.json.write_text(json.dumps([row._asdict() for row in rows], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
