"""How far the worlds reach: every tool at `small` and at `medium`, the first states of each scale, forks.

For each tool the calls that a search has found to go through, from several first states, each timed alone (the best of
some repeats; the median and the slowest over the calls). A tool that answers with a list is marked: its time goes with
its output. The goals: at most twice as slow at `medium` unless it is a listing, no call slower than a millisecond,
less than 2 KiB for a forked instance, a large world within ten seconds and its reset within microseconds.

Run: python benchmarks/bench_worlds.py [--large] [--seeds 3] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs import domain_names, load_domain
from fr_envs.episode.session import Session
from fr_envs.episode.trajectory import first_state
from fr_envs.testing import probe_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_envs.search.probing import Visit
    from fr_envs.world.domain import Domain, Scale

TWICE, SLOW = 2.0, 1000.0
REPEATS, MOST_CALLS, FORKS = 9, 40, 1000


class Timing(NamedTuple):
    """What the calls of one tool take, in microseconds.

    Attributes:
        median: Of all calls.
        slowest: Of all calls.
        calls: How many different ones were timed.
    """

    median: float
    slowest: float
    calls: int


class Row(NamedTuple):
    """One tool of one world at two scales."""

    world: str
    tool: str
    listing: bool
    small: Timing
    medium: Timing

    @property
    def ratio(self) -> float:
        """How many times slower the median call is at `medium`."""
        return self.medium.median / self.small.median

    @property
    def goal(self) -> str:
        """Which goal is missed; empty if none."""
        missed = []
        if self.ratio > TWICE and not self.listing:
            missed.append("more than twice as slow")
        if self.medium.slowest > SLOW:
            missed.append("slower than a millisecond")
        return ", ".join(missed)


def microseconds(domain: Domain[Any], visit: Visit) -> float:
    """Return what a call takes, the best of some repeats."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        domain.apply(visit.before, visit.call)
        best = min(best, time.perf_counter() - start)
    return best * 1e6


def timings(domain: Domain[Any], scale: Scale, seeds: int) -> dict[str, Timing]:
    """Time every tool of a world at one scale."""
    found: dict[str, list[Visit]] = {}
    for seed in range(seeds):
        for visit in probe_domain(domain, seed, scale, 6):
            if visit.outcome.error is None:
                found.setdefault(visit.call.name, []).append(visit)
    return {name: _timing(domain, visits[:MOST_CALLS]) for name, visits in found.items()}


def _timing(domain: Domain[Any], visits: Iterable[Visit]) -> Timing:
    spent = [microseconds(domain, visit) for visit in visits]
    return Timing(statistics.median(spent), max(spent), len(spent))


def rows_of(world: str, seeds: int) -> list[Row]:
    """Time every tool of a world at both scales; a tool that was not reached at either is left out."""
    domain = load_domain(world)
    small, medium = timings(domain, "small", seeds), timings(domain, "medium", seeds)
    return [
        Row(world, name, any(field.array is not None for field in tool.returns.values()), small[name], medium[name])
        for name, tool in domain.spec.tools.items()
        if name in small and name in medium
    ]


def first_states(world: str, scales: Iterable[Scale]) -> dict[str, dict[str, float]]:
    """Return, by scale, the milliseconds of building a first state and of resetting to one that is kept."""
    found: dict[str, dict[str, float]] = {}
    for scale in scales:
        domain, session = load_domain(world), Session(world)
        built = min(_seconds(lambda: domain.initial(7, scale)) for _ in range(1 if scale == "large" else 3))  # noqa: B023
        first_state(domain, (7,), scale)
        kept = min(_seconds(lambda: session.reset(seed=7, scale=scale)) for _ in range(5))  # noqa: B023
        found[scale] = {"built_ms": built * 1e3, "reset_ms": kept * 1e3}
    return found


def _seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def bytes_of_a_fork(world: str, scale: Scale) -> float:
    """Return the bytes of one forked session."""
    session = Session(world)
    session.reset(seed=7, scale=scale)
    session.fork()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    twins = [session.fork() for _ in range(FORKS)]
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / len(twins)


def report(world: str, rows: list[Row], states: dict[str, dict[str, float]], fork: float) -> str:
    """Write out the figures of one world: the sum, the slowest five, and every tool that misses a goal."""
    plain = [row for row in rows if not row.listing]
    worst = max(plain, key=lambda row: row.ratio)
    middle = statistics.median(row.medium.median for row in rows)
    tools = len(load_domain(world).spec.tools)
    lines = [
        f"{world}: {len(rows)} of {tools} tools; median {1e6 / middle:,.0f} calls/s at medium; "
        f"a fork takes {fork:.0f} bytes",
        f"  medium/small, listings left out: median {statistics.median(r.ratio for r in plain):.2f}, "
        f"most {worst.ratio:.2f} ({worst.tool})",
    ]
    lines += [f"  {s}: built in {t['built_ms']:,.1f} ms, reset in {t['reset_ms']:.3f} ms" for s, t in states.items()]
    for row in sorted(rows, key=lambda row: -row.medium.slowest)[:5]:
        lines.append(_line(row, "slowest"))
    lines += [_line(row, row.goal) for row in rows if row.goal]
    return "\n".join(lines) + "\n"


def _line(row: Row, why: str) -> str:
    return (
        f"  {row.tool:<26}{'list ' if row.listing else '     '}"
        f"small {row.small.median:8.1f} µs  medium {row.medium.median:8.1f} µs (x{row.ratio:.1f}), "
        f"at most {row.medium.slowest / 1e3:6.3f} ms  {why}"
    )


def main() -> None:
    """Print the figures, and write them as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="first states to search from")
    parser.add_argument("--large", action="store_true", help="build the large first states too (half a minute)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    options = parser.parse_args()
    scales: tuple[Scale, ...] = ("tiny", "small", "medium", *(("large",) if options.large else ()))
    figures = {}
    for world in domain_names():
        rows, states, fork = (
            rows_of(world, options.seeds),
            first_states(world, scales),
            bytes_of_a_fork(world, "medium"),
        )
        sys.stdout.write(report(world, rows, states, fork))
        figures[world] = {"tools": [row._asdict() for row in rows], "first_states": states, "fork_bytes": fork}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
