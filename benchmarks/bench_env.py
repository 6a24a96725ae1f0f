"""How fast worlds and episodes are, each figure beside the one that it is to be compared with.

All in one run, so that the ratios hold on any machine: calls of each shipped world, steps through Gymnasium beside
those of an environment that does nothing, a fork with one write and a digest beside a deep copy that is hashed, the
start of a process, the start of an episode, the memory of forked sessions.

Run: python benchmarks/bench_env.py [--seconds 0.5] [--json FILE]
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import subprocess
import sys
import time
import tracemalloc
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import gymnasium as gym
import msgspec
import numpy as np
from gymnasium.envs.registration import register
from typing_extensions import override

import fr_envs
from fr_envs.episode.session import MAX_STEPS, Session
from fr_envs.search.probing import Probe
from fr_envs.world.state import Record, State, Table
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fr_envs.world.domain import Domain

ENV_ID = "FunReason/FileSystem-v0"
NO_OP_ID = "FunReasonBenchmark/NoOp-v0"
FORKS = 1_000
FEW, MANY = 500, 50_000


class Figure(NamedTuple):
    """One line of the table.

    Attributes:
        what: What was measured.
        value: The figure.
        unit: Its unit.
        ratio: The figure divided by the one that it is compared with; None where there is none.
        beside: What it is compared with.
    """

    what: str
    value: float
    unit: str
    ratio: float | None = None
    beside: str = ""


class NoOp(gym.Env[Any, Any]):
    """Does nothing: what Gymnasium itself costs."""

    def __init__(self) -> None:
        """Take one number as observation and action."""
        self.observation_space = gym.spaces.Discrete(1)
        self.action_space = gym.spaces.Discrete(1)

    @override
    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        return 0, {}

    @override
    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        return 0, 0.0, False, False, {}


class Row(Record, frozen=True):
    """A row of middling width."""

    name: str
    amount: int
    tags: tuple[str, ...]


class Rows(State, frozen=True):
    """A state of one table."""

    rows: Table[Row] = Table("rows", indexed=("name",))


def seconds_a_call(function: Callable[[], object], seconds: float, repeats: int = 5) -> float:
    """Return the seconds of one call: the best of some repeats, of which each takes about ``seconds / repeats``."""
    count = 1
    while (spent := _time(function, count)) < seconds / repeats / 4:
        count *= 4
    count = max(1, int(count * seconds / repeats / spent))
    return min(_time(function, count) for _ in range(repeats)) / count


def beside(base: Callable[[], object], function: Callable[[], object], seconds: float) -> tuple[float, float]:
    """Return the seconds of one call of each: the best of repeats in turns, so that what else goes on strikes both."""
    first, second = (max(1, int(seconds / 18 / seconds_a_call(each, seconds / 8, 1))) for each in (base, function))
    turns = [(_time(base, first) / first, _time(function, second) / second) for _ in range(9)]
    return min(turn[0] for turn in turns), min(turn[1] for turn in turns)


def in_episodes(
    base: gym.Env[Any, Any], env: gym.Env[Any, Any], actions: Sequence[object], seconds: float
) -> tuple[float, float]:
    """Return the seconds of a step of each: actions in episodes as long as they are by default, resets left out.

    Each episode counts with the best time of some repeats, and all count alike, so that no cheap one stands for all.
    """
    parts = [actions[at : at + MAX_STEPS] for at in range(0, len(actions), MAX_STEPS)]
    best, nothing = [float("inf")] * len(parts), float("inf")
    end = time.monotonic() + 2 * seconds
    while time.monotonic() < end or nothing == float("inf"):
        nothing = min(nothing, _steps(base, (0,) * 20 * MAX_STEPS))
        for number, part in enumerate(parts):
            env.reset(seed=7)
            best[number] = min(best[number], _steps(env, part))
    return nothing, sum(best) / len(best)


def _steps(env: gym.Env[Any, Any], actions: Sequence[object]) -> float:
    rest = iter(actions)
    return _time(lambda: env.step(next(rest)), len(actions)) / len(actions)  # called as all that is compared here is


def _time(function: Callable[[], object], count: int) -> float:
    start = time.process_time()  # of this process alone: others may be at work on the same cores
    for _ in range(count):
        function()
    return time.process_time() - start


def calls_of(domain: Domain[Any], seconds: float) -> list[Figure]:
    """Measure every read and every write of one world, and give the median and the slowest of each."""
    found: dict[str, dict[str, float]] = {"read": {}, "write": {}}
    rng = np.random.default_rng(7)
    for name, tool in domain.spec.tools.items():
        probe = Probe(domain, domain.initial(7), rng)
        if probe.reach(name):
            visit = next(v for v in reversed(probe.visits) if v.call.name == name and v.outcome.error is None)
            call, before = visit.call, visit.before
            spent = seconds_a_call(lambda call=call, state=before: domain.apply(state, call), seconds / 50, 2)  # type: ignore[misc]
            found[tool.effect][name] = 1 / spent
    figures = []
    for effect, rates in found.items():
        middle = sorted(rates, key=rates.__getitem__)[len(rates) // 2]
        slowest = min(rates, key=rates.__getitem__)
        figures.append(Figure(f"{domain.name}: a {effect}, the median ({middle})", rates[middle], "calls/s"))
        figures.append(Figure(f"{domain.name}: a {effect}, the slowest ({slowest})", rates[slowest], "calls/s"))
    return figures


def steps_of(env: gym.Env[Any, Any], action: object, seconds: float) -> float:
    """Return the steps a second of one environment, resets left out."""
    env.reset(seed=7)
    return 1 / seconds_a_call(lambda: env.step(action), seconds)


def stepping(seconds: float) -> list[Figure]:
    """Measure steps through Gymnasium, bare and with the wrappers that ``make`` puts around."""
    if NO_OP_ID not in gym.registry:
        register(id=NO_OP_ID, entry_point=f"{__name__}:NoOp")
    nothing = gym.make(NO_OP_ID)
    bare = steps_of(nothing, 0, seconds)

    def compared(title: str, function: Callable[[], object], unit: str = "steps/s") -> Figure:
        base, spent = beside(lambda: nothing.step(0), function, seconds)
        return Figure(title, 1 / spent, unit, base / spent, "nothing")

    figures = [Figure("steps of an environment that does nothing", bare, "steps/s")]
    actions: tuple[tuple[str, object], ...] = (
        ("a call as text", '{"name": "pwd", "arguments": {}}'),
        ("a call as an object", {"name": "pwd", "arguments": {}}),
        ("a call between tags", '<tool_call>\n{"name": "pwd", "arguments": {}}\n</tool_call>'),
    )
    for title, action in actions:
        env = gym.make(ENV_ID, max_steps=None)
        env.reset(seed=7)
        figures.append(compared(f"steps, {title}", lambda env=env, action=action: env.step(action)))  # type: ignore[misc]
        env.reset(seed=7)  # what a long episode keeps is not to weigh on what is measured next
    drawing = gym.make(ENV_ID)
    drawing.reset(seed=7)
    drawing.action_space.seed(7)
    drawn = [drawing.action_space.sample() for _ in range(20 * MAX_STEPS)]
    base, spent = in_episodes(nothing, drawing, drawn, seconds)
    figures.append(
        Figure("steps, calls sampled before, most of them refused", 1 / spent, "steps/s", base / spent, "nothing")
    )
    figures.append(compared("calls sampled", lambda: drawing.action_space.sample(), "calls/s"))
    figures += vectors(str(actions[0][1]), seconds)
    session = Session("filesystem", max_steps=None)
    session.reset(seed=7)
    domain, state, call = session.domain, session.state, ToolCall("pwd", {})
    alone = 1 / seconds_a_call(lambda: domain.apply(state, call), seconds)
    inside = 1 / seconds_a_call(lambda: session.call("pwd"), seconds)
    figures.append(Figure("the same call by Session.call", inside, "calls/s", inside / alone, "Domain.apply"))
    return figures


def vectors(action: str, seconds: float) -> list[Figure]:
    """Measure a vector of 64 environments beside the same steps in the same worlds, taken one by one."""
    vector = gym.make_vec(ENV_ID, num_envs=64, vectorization_mode="sync", max_steps=None)
    vector.reset(seed=7)
    alone = [gym.make(ENV_ID, max_steps=None) for _ in range(64)]
    for number, env in enumerate(alone):
        env.reset(seed=7 + number)

    def one_by_one() -> None:
        for env in alone:
            env.step(action)

    single, whole = beside(one_by_one, lambda: vector.step((action,) * 64), seconds)
    return [
        Figure("steps of 64 environments one by one, a call as text", 64 / single, "steps/s"),
        Figure("steps in a vector of 64, a call as text", 64 / whole, "steps/s", single / whole, "one by one"),
    ]


def forking(seconds: float) -> list[Figure]:
    """Measure a fork with one write and a digest, beside a deep copy of plain data with the same."""
    figures = []
    plain = {f"ROW{i:05d}": {"name": f"n{i % 97}", "amount": i, "tags": ["a", "b"]} for i in range(FEW)}

    def copied() -> str:
        twin = copy.deepcopy(plain)  # noqa: TID251 - what frozen values are compared with
        twin["ROW00007"]["amount"] = 1
        return hashlib.sha256(json.dumps(twin, sort_keys=True).encode()).hexdigest()

    slow = seconds_a_call(copied, seconds)
    figures.append(Figure(f"deep copy, write, SHA-256 of JSON, {FEW:,} rows", slow * 1e6, "µs"))
    for size in (FEW, MANY):
        rows = {f"ROW{i:05d}": Row(f"n{i % 97}", i, ("a", "b")) for i in range(size)}
        state = Rows(Table("rows", rows, indexed=("name",)))

        def forked(state: Rows = state) -> int:
            row = msgspec.structs.replace(state.rows["ROW00007"], amount=1)
            return msgspec.structs.replace(state, rows=state.rows.put("ROW00007", row)).digest

        spent = seconds_a_call(forked, seconds)
        figures.append(Figure(f"fork, write, digest, {size:,} rows", spent * 1e6, "µs", spent / slow, "deep copy"))
    return figures


def starting() -> list[Figure]:
    """Measure the start of processes; the best of five."""
    figures = []
    nothing = _process("-c", "pass")
    figures.append(Figure("python that does nothing", nothing, "s"))
    for title, words in (
        ("import fr_envs", ("-c", "import fr_envs")),
        ("funreason --help", ("-m", "fr_synth.cli", "--help")),
    ):
        spent = _process(*words)
        figures.append(Figure(title, spent, "s", spent / nothing, "python"))
    return figures


def _process(*words: str) -> float:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def episodes(seconds: float) -> list[Figure]:
    """Measure the start of an episode whose first state is kept, beside one that is built, for each world."""
    figures = []
    for name in fr_envs.domain_names():
        domain, session = fr_envs.load_domain(name), Session(name)
        built = seconds_a_call(lambda domain=domain: domain.initial(7), seconds / 2)  # type: ignore[misc]
        kept = seconds_a_call(lambda session=session: session.reset(seed=7), seconds / 2)  # type: ignore[misc]
        figures.append(Figure(f"{name}: a first state, built", built * 1e6, "µs"))
        figures.append(Figure(f"{name}: reset to one that is kept", kept * 1e6, "µs", kept / built, "built"))
    return figures


def memory() -> list[Figure]:
    """Measure the memory of forked sessions: as they are, and after one write each."""
    session = Session("filesystem")
    session.reset(seed=7)
    session.fork().call("mkdir", {"path": "warm"})
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    twins = [session.fork() for _ in range(FORKS)]
    forked = tracemalloc.get_traced_memory()[0]
    for i, twin in enumerate(twins):
        twin.call("mkdir", {"path": f"new{i}"})
    written = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    scale = FORKS * 1024
    return [
        Figure("memory of a forked session", (forked - before) / scale, "KiB"),
        Figure("the same after one write", (written - before) / scale, "KiB"),
    ]


def _table(figures: list[Figure]) -> str:
    wide = max(len(figure.what) for figure in figures)
    lines = []
    for what, value, unit, ratio, beside in figures:
        shown = f"{value:>14,.0f}" if value >= 1000 else f"{value:>14,.3f}"
        compared = "" if ratio is None else f"{ratio:>10.4f} of {beside}"
        lines.append(f"{what:<{wide}}{shown} {unit:<8}{compared}".rstrip())
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print a table, and write it as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0.5, help="time for each figure, in seconds")
    parser.add_argument("--json", type=Path, help="write the figures there")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # Gymnasium warns of spaces and rewards that are no trouble here
    figures = stepping(options.seconds) + forking(options.seconds) + starting() + episodes(options.seconds) + memory()
    for name in fr_envs.domain_names():
        figures += calls_of(fr_envs.load_domain(name), options.seconds)
    sys.stdout.write(_table(figures))
    if options.json:
        options.json.write_text(json.dumps([f._asdict() for f in figures], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
