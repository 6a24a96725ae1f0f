"""How fast does the scripted teacher make proven dialogues on one core, and how much of that is the worlds' own work?

    python benchmarks/bench_synth.py --count 60

For each world, in this process: dialogues as a run makes them, of situations and all kinds of turn, and once more
drills of three turns, each from the plan through all proofs. Two floors are measured in the same run. ``bare``: the
very calls of those dialogues, run through ``Domain.apply`` from first states made beforehand. ``from scratch``: each
first state made, then its calls, which is the least that anybody pays for a dialogue in a world of its own. A record
costs a floor once to be made, at least once more to be proven (that is the replay), and the search for it on top:
``x bare`` and ``x scratch`` are the whole, dropped plans and the worlds of all attempts included, as multiples of one
run of either floor. Seconds are those of the processor; ``proven/s`` are dialogues a second on one core.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from fr_envs import domain_names, load_domain
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.world.tool_call import ToolCall
from fr_synth.build.dialogue import DialoguePlan, Dropped, Settings, make_dialogue
from fr_synth.run.config import RunConfig
from fr_synth.run.making import make_index
from fr_synth.run.pipeline import spare_the_collector
from fr_synth.sample.schedule import draw_targets
from fr_synth.sample.targets import offers_of, read_mix
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.rows import decode
from fr_synth.verify.proofs import prove

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain
    from fr_synth.trace.records import Dialogue

SEED = 17
TURNS = 3
WARM = 5  # dialogues made and proven before the clock starts
FLOOR_RUNS = 5  # runs of a floor; the fastest counts


class Row(NamedTuple):
    """Figures of one world; times in seconds, of the processor.

    Attributes:
        world: Its name.
        of: ``situations`` or ``drills``.
        dialogues: Proven dialogues made.
        dropped: Plans from which none came.
        calls: Calls in the dialogues.
        made_s: Time to make them, plans and worlds that were dropped included.
        proven_s: Time to prove them.
        floor_s: Time to run their calls bare.
        scratch_s: Time to make their first states, and run their calls from them.
    """

    world: str
    of: str
    dialogues: int
    dropped: int
    calls: int
    made_s: float
    proven_s: float
    floor_s: float
    scratch_s: float

    @property
    def per_second(self) -> float:
        """Proven dialogues a second."""
        return self.dialogues / (self.made_s + self.proven_s)

    @property
    def ratio(self) -> float:
        """Making and proving, as a multiple of one bare run of the calls."""
        return (self.made_s + self.proven_s) / self.floor_s

    @property
    def scratch_ratio(self) -> float:
        """Making and proving, as a multiple of one bare run that makes the first states as well."""
        return (self.made_s + self.proven_s) / self.scratch_s

    def figures(self) -> dict[str, Any]:
        """Return everything, what follows from the times included."""
        return {
            **self._asdict(), "per_second": self.per_second, "floor_per_second": self.dialogues / self.floor_s,
            "scratch_per_second": self.dialogues / self.scratch_s, "ratio": self.ratio,
            "scratch_ratio": self.scratch_ratio, "made_ratio": self.made_s / self.floor_s,
            "proven_ratio": self.proven_s / self.floor_s,
        }  # fmt: skip


def measure_situations(world: str, count: int) -> Row:
    """Make ``count`` records as a run makes them, then run their calls bare."""
    domain, config = load_domain(world), RunConfig(domains=(world,), seed=SEED)
    spare_the_collector()
    for number in range(WARM):
        make_index(config, count + number)
    start = time.process_time()
    made = [make_index(config, number) for number in range(count)]
    whole_s = time.process_time() - start
    dialogues = [decode(each.lines, str(each.number)) for each in made if each.lines is not None]
    start = time.process_time()
    for dialogue in dialogues:
        prove(dialogue, domain)
    proven_s = time.process_time() - start
    calls = sum(len(each.calls) for each in dialogues)
    return Row(
        world, "situations", len(dialogues), count - len(dialogues), calls, whole_s - proven_s, proven_s,
        *floors(domain, dialogues),
    )  # fmt: skip


def measure(world: str, count: int, targets: str = "mixed", depth: int = Settings().depth) -> Row:
    """Make and prove the dialogues of ``count`` plans, then run their calls bare."""
    domain = load_domain(world)
    graph = ApiGraph(domain.spec)
    offers = [offers_of(domain, graph)]
    teacher, settings, mix = ScriptedTeacher(), Settings(depth=depth), read_mix(targets)

    def made(number: int) -> Dialogue | Dropped:
        targets = draw_targets(SEED, number, offers, (TURNS, TURNS), mix).targets
        return make_dialogue(
            domain, graph, DialoguePlan(f"{world}-{number}", (SEED, number, 0), targets), settings, teacher
        )

    spare_the_collector()
    for number in range(WARM):
        first = made(count + number)
        if not isinstance(first, Dropped):
            prove(first, domain)
    made_s = proven_s = 0.0
    proven = []
    for number in range(count):  # one after the other, as a run does it
        start = time.process_time()
        dialogue = made(number)
        between = time.process_time()
        if not isinstance(dialogue, Dropped) and prove(dialogue, domain) is None:
            proven.append(dialogue)
        made_s += between - start
        proven_s += time.process_time() - between
    calls = sum(len(each.calls) for each in proven)
    return Row(world, "drills", len(proven), count - len(proven), calls, made_s, proven_s, *floors(domain, proven))


class Floors(NamedTuple):
    """Times in seconds, of the processor.

    Attributes:
        bare: Of the calls of some dialogues by themselves.
        scratch: Of making their first states, and of the calls.
    """

    bare: float
    scratch: float


def floors(domain: Domain[Any], dialogues: list[Dialogue]) -> Floors:
    """Return the times that the calls of some dialogues take, without and with their first states."""
    calls = [[ToolCall(call.name, call.arguments) for call in each.calls] for each in dialogues]
    kept = [_begun(domain, each) for each in dialogues]
    bare, scratch = [], []
    for _ in range(FLOOR_RUNS):
        start = time.process_time()
        for state, own in zip(kept, calls, strict=True):
            _run(domain, state, own)
        between = time.process_time()
        for each, own in zip(dialogues, calls, strict=True):
            _run(domain, _begun(domain, each), own)
        bare.append(between - start)
        scratch.append(time.process_time() - between)
    return Floors(min(bare), min(scratch))


def _begun(domain: Domain[Any], dialogue: Dialogue) -> Any:  # noqa: ANN401 -- a state of any world
    return domain.initial(np.random.default_rng(list(dialogue.seed)), dialogue.scale)


def _run(domain: Domain[Any], state: Any, calls: list[ToolCall]) -> None:  # noqa: ANN401
    for call in calls:
        state = domain.apply(state, call).state


def main() -> None:
    """Print the table, or the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=60, help="plans for each world (default: 60)")
    parser.add_argument("--domain", action="append", metavar="NAME", help="world; may be repeated (default: all)")
    parser.add_argument(
        "--targets", default="mixed", help="what turns aim at, as of `funreason synth` (default: mixed)"
    )
    parser.add_argument("--depth", type=int, default=Settings().depth, help="longest chain striven for (default: 4)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    worlds = options.domain or domain_names()
    rows = [measure_situations(world, options.count) for world in worlds]
    rows += [measure(world, options.count, options.targets, options.depth) for world in worlds]
    if options.json:
        sys.stdout.write(json.dumps([row.figures() for row in rows]) + "\n")
        return
    head = (
        "world", "of", "dialogues", "dropped", "calls", "proven/s", "scratch/s", "bare/s", "x scratch", "x bare",
        "making", "proving",
    )  # fmt: skip
    lines = ["".join(f"{title:>12}" for title in head)]
    for row in rows:
        figures = row.figures()
        cells = [row.world, row.of, row.dialogues, row.dropped, row.calls]
        cells += [f"{figures[name]:,.1f}" for name in ("per_second", "scratch_per_second", "floor_per_second")]
        cells += [f"{figures[name]:,.1f}x" for name in ("scratch_ratio", "ratio", "made_ratio", "proven_ratio")]
        lines.append("".join(f"{cell:>12}" for cell in cells))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
