"""Foreign tools, measured on the eight multi-turn classes of BFCL: replay, and what inference finds.

    python benchmarks/bench_bfcl.py --walks 480

For development; needs ``pip install --no-deps bfcl-eval`` and ``pip install mpmath filelock``. Prints how many of the
800 ground truths replay with the executor's outputs, then for data edges and state edges the recall weighted by use
and the precision of name matching and of the inference. The inference sees first states of cases and no trajectory.

An edge that was found counts for precision where the trajectories gave it a chance: the producer's output came before
the parameter (data), the one call before the other (state), at least ``--chances`` times. An edge that is real but that
no trajectory exercises counts as wrong. MathAPI is left out of the inference: it keeps no state, and takes a number of
digits to compute that no time limit can stop.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from bfcl_cases import CLASSES, cases, class_domain
from bfcl_reference import DataEdge, Reference, StateEdge, reference
from bfcl_replay import differences

from fr_envs.adapters.inference.contract import infer
from fr_envs.adapters.inference.values import likeness, words
from fr_envs.errors import UsageError
from fr_envs.spec import leaves

if TYPE_CHECKING:
    from collections import Counter

STARTS = 16
"""First states of cases that the inference walks from, for each class."""


def by_names() -> tuple[set[DataEdge], set[StateEdge]]:
    """Match names alone: an output called like a parameter; two tools of a class that share a word."""
    data: set[DataEdge] = set()
    state: set[StateEdge] = set()
    for name in CLASSES:
        tools = class_domain(name).spec.tools.values()
        for one in tools:
            for other in tools:
                for parameter in other.parameters:
                    if any(likeness(words(leaf.path[-1]), words(parameter)) == 1 for leaf in leaves(one.returns)):
                        data.add(DataEdge(one.name, other.name, parameter))
                if words(one.name) & words(other.name):
                    state.add(StateEdge(one.name, other.name))
    return data, state


def by_execution(walks: int, length: int) -> tuple[set[DataEdge], set[StateEdge]]:
    """Infer, class by class."""
    data: set[DataEdge] = set()
    state: set[StateEdge] = set()
    for name in CLASSES:
        if name == "MathAPI":
            continue
        mine = [case for case in cases("base") if name in case.classes][:STARTS]
        starts = [class_domain(name, case.config.get(name)).initial(0) for case in mine]
        found = infer(class_domain(name), starts, walks=walks, length=length)
        data |= {DataEdge(edge.producer, edge.consumer, edge.parameter) for edge in found.data}
        state |= {StateEdge(edge.earlier, edge.later) for edge in found.state}
    return data, state


def line(label: str, found: set[Any], uses: Counter[Any], chances: Counter[Any], least: int) -> str:
    """Say how much was found and how much of it is right."""
    real = {edge for edge, count in uses.items() if count}
    testable = [edge for edge in sorted(found) if chances[edge] >= least]
    weighted = sum(uses[edge] for edge in found) / sum(uses.values())
    right = sum(edge in real for edge in testable)
    return (
        f"{label:<24} {len(found):>6} {weighted:>9.1%} {len(real & found) / len(real):>7.1%} "
        f"{len(testable):>9} {right / max(1, len(testable)):>10.1%}"
    )


def table(truth: Reference, walks: int, length: int, chances: int) -> str:
    """Set name matching and inference against the trajectories."""
    named, executed = by_names(), by_execution(walks, length)
    lines = [f"{'':<24} {'edges':>6} {'recall(w)':>9} {'recall':>7} {'testable':>9} {'precision':>10}"]
    for index, (kind, uses, tried) in enumerate(
        (("data", truth.data, truth.data_chances), ("state", truth.state, truth.state_chances))
    ):
        lines.append(line(f"{kind}, names", named[index], uses, tried, chances))
        lines.append(line(f"{kind}, inference", executed[index], uses, tried, chances))
    return "\n".join(lines)


def main() -> int:
    """Run both measurements."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--walks", type=int, default=480, help="walks for each class")
    parser.add_argument("--length", type=int, default=18, help="calls in each walk")
    parser.add_argument("--chances", type=int, default=1, help="chances from which on an edge is testable")
    parser.add_argument("--no-replay", action="store_true", help="leave the replay out")
    given = parser.parse_args()
    try:
        every = list(cases())
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if not given.no_replay:
        different = [found for case in every for found in differences(case)]
        agree = len(every) - len({found.case for found in different})
        sys.stdout.write(f"replay: {agree} of {len(every)} cases give the executor's outputs, twice each\n")
        for found in different[:20]:
            sys.stdout.write(f"  {found.case}: {found.call}: {found.theirs[:100]} / {str(found.ours)[:100]}\n")
    sys.stdout.write(f"{table(reference(every), given.walks, given.length, given.chances)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
