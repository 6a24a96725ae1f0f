"""How often does each sampler reach its target? Every tool of every world, many seeds.

    python benchmarks/bench_reach.py --seeds 50

One line a world and policy: share of (tool, seed) pairs in which the tool was called, calls on the way, and the tools
that were ever missed. ``random`` is the floor that the other two are to be read against.
"""

from __future__ import annotations

import argparse
import json
import sys

import numpy as np

from fr_envs import domain_names, load_domain
from fr_envs.graph.api_graph import ApiGraph
from fr_synth.sample.reaching.reach import POLICIES, Limits, SamplingPolicy, reach
from fr_synth.sample.walk import Walk


def measure(world: str, policy: SamplingPolicy, seeds: int) -> dict[str, object]:
    """Reach for every tool of a world from ``seeds`` first states."""
    domain = load_domain(world)
    graph = ApiGraph(domain.spec)
    hits = calls = tried = 0
    missed: dict[str, int] = {}
    for seed in range(seeds):
        state = domain.initial(np.random.default_rng([seed, 0]))
        for tool in domain.spec.tools:
            walk = Walk(domain, graph, state, np.random.default_rng([seed, 1]))
            tried += 1
            if reach(walk, tool, policy, Limits(ways=24, news=False)):
                hits += 1
                calls += len(walk.steps)
            else:
                missed[tool] = missed.get(tool, 0) + 1
    return {
        "world": world, "policy": policy, "tools": len(domain.spec.tools), "seeds": seeds,
        "hit_rate": hits / tried, "calls_per_hit": calls / max(hits, 1), "missed": missed,
    }  # fmt: skip


def main() -> int:
    """Print the table; exit with 1 when the directed sampler misses a tool."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--domain", action="append")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = [measure(w, p, options.seeds) for w in options.domain or domain_names() for p in POLICIES]
    if options.json:
        sys.stdout.write(json.dumps(rows) + "\n")
    else:
        for row in rows:
            missed = json.dumps(row["missed"]) if row["policy"] == "directed" and row["missed"] else ""
            sys.stdout.write(
                f"{row['world']:<12} {row['policy']:<10} hit rate {row['hit_rate']:7.2%}  "
                f"calls per hit {row['calls_per_hit']:5.2f}  {missed}\n"
            )
    return 0 if all(row["hit_rate"] == 1 for row in rows if row["policy"] == "directed") else 1


if __name__ == "__main__":
    sys.exit(main())
