"""Foreign tools, measured on the eight multi-turn classes of BFCL: replay, and what inference finds.

    python benchmarks/bench_bfcl.py --walks 640

For development; needs ``pip install --no-deps bfcl-eval`` and ``pip install mpmath filelock``. Prints how many of the
800 ground truths replay with the executor's outputs, then recall weighted by use and precision (``bfcl_score`` says of
what) for names alone, for the attributes that the source code reads and writes, and for the inference, which sees first
states of cases and no trajectory. The thresholds of the inference are chosen on one half of the classes and measured on
the other, the other way round, and on each class by the seven others; the defaults of ``Rules`` are those of the first
half. ``--worlds`` measures the three worlds of this project with their kinds hidden as well.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import sys
from typing import TYPE_CHECKING

from bfcl_baselines import by_names, by_source
from bfcl_cases import CLASSES, bounded, cases, class_domain
from bfcl_reference import Reference, class_of_tools, reference
from bfcl_replay import differences
from bfcl_score import Score, chosen_data, chosen_state, claimed_data, claimed_state, of_data, of_state
from inference_worlds import measured

from fr_envs.adapters.inference.contract import ProbeEvidence, gather
from fr_envs.adapters.inference.rules import DEFAULT
from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from bfcl_cases import Case

STARTS = 16
"""First states of cases that the inference walks from, for each class."""

HALVES = (sorted(CLASSES)[::2], sorted(CLASSES)[1::2])
"""Every second class by name: the first half is the one that the default rules are chosen on."""

HEAD = f"{'':<38} {'edges':>6} {'recall':>7} {'precision':>15} {'2 scenarios':>14}"


def gathered(walks: int, length: int, seed: int) -> dict[str, ProbeEvidence]:
    """Try out each class by itself."""
    found = {}
    for name in CLASSES:
        mine = [case for case in cases("base") if name in case.classes][:STARTS]
        starts = [class_domain(name, case.config.get(name)).initial(0) for case in mine]
        found[name] = gather(bounded(class_domain(name)), starts, seed=seed, walks=walks, length=length)
    return found


def within(truth: Reference, classes: Collection[str], owner: Mapping[str, str]) -> Reference:
    """Keep the chances between tools of one class, of some classes."""
    uses = [use for use in truth.uses if owner[use.producer] == owner[use.consumer] and owner[use.producer] in classes]
    effects = [
        effect
        for effect in truth.effects
        if owner[effect.earlier.name] == owner[effect.later.name] and owner[effect.earlier.name] in classes
    ]
    return Reference(uses, effects)


def overall(truth: Reference, evidence: Mapping[str, ProbeEvidence]) -> Iterator[str]:
    """Set names, source code and inference against all of the trajectories."""
    data, state = by_names()
    every = evidence.values()
    yield of_data(data, truth.uses).line("data, names alone")
    yield of_data(claimed_data(every, DEFAULT), truth.uses).line("data, inference")
    bare = claimed_data(every, DEFAULT._replace(lists=False))
    yield of_data(bare, truth.uses).line("data, inference without lists of words")
    yield of_state(dict.fromkeys(state), truth.effects).line("state, names alone")
    yield of_state(dict.fromkeys(by_source()), truth.effects).line("state, reads and writes of the source")
    yield of_state(claimed_state(every, DEFAULT), truth.effects).line("state, inference")


def by_class(truth: Reference, evidence: Mapping[str, ProbeEvidence], owner: Mapping[str, str]) -> Iterator[str]:
    """Take each class by itself, with the default rules."""
    for name, each in evidence.items():
        own = within(truth, [name], owner)
        yield of_data(claimed_data([each], DEFAULT), own.uses).line(f"data, {name}")
    for name, each in evidence.items():
        own = within(truth, [name], owner)
        yield of_state(claimed_state([each], DEFAULT), own.effects).line(f"state, {name}")


def moved(
    truth: Reference, evidence: Mapping[str, ProbeEvidence], learned: Collection[str], tested: Collection[str]
) -> tuple[Score, Score]:
    """Choose rules on some classes and score data and state edges of others."""
    owner = class_of_tools()
    known, asked = within(truth, learned, owner), within(truth, tested, owner)
    source, target = [evidence[name] for name in learned], [evidence[name] for name in tested]
    data = of_data(claimed_data(target, chosen_data(source, known.uses)), asked.uses)
    return data, of_state(claimed_state(target, chosen_state(source, known.effects)), asked.effects)


def held_out(truth: Reference, evidence: Mapping[str, ProbeEvidence]) -> Iterator[str]:
    """Choose rules on some classes and measure on others."""
    owner = class_of_tools()
    for label, half in zip(("first", "second"), HALVES, strict=True):
        rest = [name for name in CLASSES if name not in half]
        own, mine = within(truth, half, owner), [evidence[name] for name in half]
        data, state = chosen_data(mine, own.uses), chosen_state(mine, own.effects)
        yield f"chosen on {', '.join(half)}: works={data.works} times={data.times}"
        yield f"  seen={state.seen} share={state.share} apart={state.apart}"
        for which, tested in (("the same half", half), ("the other half", rest)):
            scores = moved(truth, evidence, half, tested)
            yield scores[0].line(f"data, by the {label} half, {which}")
            yield scores[1].line(f"state, by the {label} half, {which}")
    every = [moved(truth, evidence, [each for each in CLASSES if each != name], [name]) for name in CLASSES]
    yield functools.reduce(Score.plus, (data for data, _ in every)).line("data, each class by the seven others")
    yield functools.reduce(Score.plus, (state for _, state in every)).line("state, each class by the seven others")


def replayed(every: Collection[Case]) -> Iterator[str]:
    """Replay all cases, and name what differs."""
    different = [found for case in every for found in differences(case)]
    agree = len(every) - len({found.case for found in different})
    yield f"replay: {agree} of {len(every)} cases give the executor's outputs, twice each"
    for found in different[:20]:
        yield f"  {found.case}: {found.call}: {found.theirs[:100]} / {str(found.ours)[:100]}"


def tables(every: Collection[Case], given: argparse.Namespace) -> Iterator[str]:
    """Write all tables, for one seed after the other."""
    truth = reference(every)
    owner = class_of_tools()
    across = sum(use.taken for use in truth.uses if owner[use.producer] != owner[use.consumer])
    total = sum(use.taken for use in truth.uses)
    yield f"{total} uses of outputs, {across} of them across two classes, which inference by class cannot see"
    yield f"{sum(effect.taken for effect in truth.effects)} effects"
    for seed in range(given.seed, given.seed + given.seeds):
        evidence = gathered(given.walks, given.length, seed)
        yield f"\nseed {seed}, default rules\n{HEAD}"
        yield from overall(truth, evidence)
        if seed == given.seed:
            yield f"\nseed {seed}, default rules, class by class\n{HEAD}"
            yield from by_class(truth, evidence, owner)
        yield f"\nseed {seed}, held out\n{HEAD}"
        yield from held_out(truth, evidence)


def main() -> int:
    """Run the measurements."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--walks", type=int, default=640, help="walks for each class")
    parser.add_argument("--length", type=int, default=18, help="calls in each walk")
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how often all is inferred anew")
    parser.add_argument("--no-replay", action="store_true", help="leave the replay out")
    parser.add_argument("--worlds", nargs="*", default=[], help="worlds of this project to measure as well")
    given = parser.parse_args()
    try:
        every = list(cases())
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    lines = itertools.chain(
        () if given.no_replay else replayed(every),
        tables(every, given),
        (line for name in given.worlds for line in measured(name, given.walks, given.length)),
    )
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
