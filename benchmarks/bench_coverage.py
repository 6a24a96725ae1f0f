"""How much of a world's graph does a run of three-turn dialogues cover?

    python benchmarks/bench_coverage.py --domain travel --count 3000 --policy directed --policy paper --policy random
    python benchmarks/bench_coverage.py --domain travel --count 3000 --drills 0.15 --turns 2-4
    python benchmarks/bench_coverage.py --run runs/first

A line a world and policy; ``random`` and ``paper`` are what ``directed`` is to be read against. No record holds a call
that nothing needs: that is one of its proofs. Prints tools called, data edges along which a value was passed (of those
that have a witness), calls a turn, the share of calls that rest on earlier ones, and the mean number of calls in the
longest chain of dependence: along values alone, and along values and state (a call depends on an earlier one if leaving
that out makes it fail or come out otherwise). BFCL's multi-turn cases have 40.7 % and 2.43 (docs/synthesis.md has the
source). ``--drills`` is the share of drills; the other dialogues play situations.

Below stand the outcomes that come up at least ten times and nearly always the same way (``fr_synth.run.outcomes``):
those that the contract calls steady with its reason, the others marked with a star. ``--run`` tells that of a run that
is there already.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fr_envs import domain_names, load_domain
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.world.tool_call import ToolCall
from fr_synth.run.config import RunConfig
from fr_synth.run.folder.journal import read_dialogues
from fr_synth.run.outcomes import OneSided, Outcomes, count_outcomes, one_sided
from fr_synth.run.pipeline import produce
from fr_synth.run.statistics import Summary, totals
from fr_synth.sample.reaching.reach import POLICIES, SamplingPolicy
from fr_synth.trace.dataflow.provenance import Output, inputs_of
from fr_synth.trace.rows import decode

if TYPE_CHECKING:
    from fr_synth.trace.records import Dialogue


def chain_with_state(dialogue: Dialogue) -> int:
    """Return the calls of the longest chain in which each takes a value of the one before or depends on its effect."""
    domain = load_domain(dialogue.domain)
    states = [domain.initial(np.random.default_rng(list(dialogue.seed)), dialogue.scale)]
    calls = [ToolCall(call.name, call.arguments) for call in dialogue.calls]
    for call in calls:
        states.append(domain.apply(states[-1], call).state)
    needs: list[set[int]] = [
        {e.step for source in call.sources.values() for e in inputs_of(source) if isinstance(e, Output)}
        for call in dialogue.calls
    ]
    for left_out in range(len(calls)):
        if states[left_out] is states[left_out + 1]:
            continue
        state = states[left_out]
        for later in range(left_out + 1, len(calls)):
            outcome = domain.apply(state, calls[later])
            state = outcome.state
            if outcome.value != dialogue.calls[later].result:
                needs[later].add(left_out)
    deep: list[int] = []
    for own in needs:
        deep.append(1 + max((deep[k] for k in own), default=0))
    return max(deep, default=0)


def measure(world: str, policy: SamplingPolicy, options: argparse.Namespace) -> dict[str, Any]:
    """Make a run in memory and count."""
    count, seed = options.count, options.seed
    least, most = map(int, options.turns.split("-"))
    config = RunConfig(
        domains=(world,), seed=seed, turns=(least, most), policy=policy, retries=options.retries, drills=options.drills
    ).checked()
    graph = ApiGraph(load_domain(world).spec)
    summaries: list[Summary] = []
    chains: list[int] = []
    counted: Outcomes = collections.Counter()
    indexes = 0
    for made in produce(config, 0, options.workers):
        indexes += 1
        if made.lines is not None and made.summary is not None:
            summaries.append(made.summary)
            dialogue = decode(made.lines, "memory")
            chains.append(chain_with_state(dialogue))
            counted += count_outcomes(graph.spec, dialogue.calls)
        if len(summaries) >= count:
            break
    covered = {edge for summary in summaries for edge in summary.edges}
    witnessed = _witnessed(world)
    figures = totals(summaries, {world: graph}, {})
    return {
        "world": world, "policy": policy, "dialogues": count, "given_up": indexes - count,
        "tools": figures.coverage[world].tools,
        "tools_of": figures.coverage[world].tools_of, "edges": len(covered & witnessed), "edges_of": len(witnessed),
        "calls_per_turn": figures.calls_per_turn, "dependent_share": figures.dependent_share,
        "value_chain": figures.mean_depth, "chain": float(np.mean(chains)),
        "one_sided": [each._asdict() for each in one_sided(graph.spec, counted)],
        "uncovered": sorted(" > ".join(edge) for edge in witnessed - covered),
    }  # fmt: skip


def _witnessed(world: str) -> set[tuple[str, str, str]]:
    from fr_envs.graph.witness import Witness, shipped

    found = shipped(load_domain(world))
    proven = [edge for edge, proof in found.items() if isinstance(proof, Witness)]
    return {(edge.source, edge.target, edge.via) for edge in proven if edge.relation == "data"}


def outcomes_of(folder: Path) -> dict[str, list[OneSided]]:
    """Return by world what nearly always comes out the same way in a run that is there already."""
    counted: dict[str, Outcomes] = {}
    for dialogue in read_dialogues(folder):
        spec = load_domain(dialogue.domain).spec
        counted.setdefault(dialogue.domain, collections.Counter()).update(count_outcomes(spec, dialogue.calls))
    return {world: one_sided(load_domain(world).spec, found) for world, found in counted.items()}


def told(found: OneSided) -> str:
    """Return an outcome as a line."""
    why = found.reason or "no exception is named"
    mark = " " if found.reason else "*"
    return f" {mark} {found.tool} {found.place}: {found.outcome} in {found.share:.0%} of {found.uses} ({why})\n"


def main() -> int:
    """Print a line a world, and what comes out one way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--domain", action="append")
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--retries", type=int, default=1, help="worlds tried for a dialogue that walks every edge")
    parser.add_argument("--policy", action="append", choices=POLICIES, help="directed if not given")
    parser.add_argument("--drills", type=float, default=0.0, help="share of drills, from 0 to 1 (default: 0)")
    parser.add_argument("--turns", default="3-3", help="least and most turns of a dialogue (default: 3-3)")
    parser.add_argument("--run", type=Path, help="only tell the outcomes of a run that is there already")
    options = parser.parse_args()
    if options.run is not None:
        for world, found in outcomes_of(options.run).items():
            sys.stdout.write(f"{world}\n{''.join(map(told, found))}")
        return 0
    policies: list[SamplingPolicy] = options.policy or ["directed"]
    rows = [measure(world, policy, options) for world in options.domain or domain_names() for policy in policies]
    if options.json:
        sys.stdout.write(json.dumps(rows) + "\n")
        return 0
    for row in rows:
        sys.stdout.write(
            f"{row['world']:<12} {row['policy']:<9} tools {row['tools']} of {row['tools_of']}  "
            f"edges {row['edges']} of {row['edges_of']} witnessed  calls a turn {row['calls_per_turn']:.2f}  "
            f"rest on earlier {row['dependent_share']:.1%}  chain {row['chain']:.2f} "
            f"(values alone {row['value_chain']:.2f})  given up {row['given_up']}\n"
        )
        sys.stdout.write("".join(told(OneSided(**each)) for each in row["one_sided"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
