"""Which split a record goes to, so that worlds, situations and some tools are really apart.

Records with one situation stay together; without a situation, those of one first state of a world. Tools that few
records call are *held out*: whoever calls one of them goes to a later split, so that these hold calls that training has
never seen. They fill at most half of the later splits; the rest is drawn by a hash of world and seed, or situation. A
record has one split whatever its rows are, so parts of a dialogue are never in two of them.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_synth.export.example import Example

__all__ = ["Division", "divide", "group_of", "tools_called"]


class Division(NamedTuple):
    """Which split each group of records goes to.

    Attributes:
        names: The splits, the one to train on first.
        ends: For each split but the last, the first place of a group, from 0, that lies behind it.
        moved: Groups that call a held-out tool.
        held_out: Tools (``WORLD.TOOL``) that the first split never calls.
    """

    names: tuple[str, ...]
    ends: tuple[int, ...]
    moved: frozenset[int]
    held_out: tuple[str, ...]

    def split_of(self, example: Example) -> str:
        """Return the split of a record."""
        group = group_of(example)
        if group in self.moved:
            later = self.names[1:]
            return later[group % len(later)]
        return self.names[sum(group >= end for end in self.ends)]


def group_of(example: Example) -> int:
    """Return the number, below 2^64, of the records that have to stay together with one."""
    seed = ",".join(map(str, example.seed))
    what = (
        f"situation\n{example.situation}" if example.situation else f"seed\n{example.domain}\n{example.scale}\n{seed}"
    )
    return int.from_bytes(hashlib.blake2b(what.encode(), digest_size=8).digest(), "big")


def tools_called(example: Example) -> set[str]:
    """Return the tools that a dialogue calls, as ``WORLD.TOOL`` of the contract."""
    view = example.view
    names = {} if view is None else {each.offered: each.tool for each in view.tools}
    called = {call["function"]["name"] for message in example.messages for call in message.get("tool_calls") or ()}
    return {f"{example.domain}.{names.get(name, name)}" for name in called}


def divide(examples: Iterable[Example], shares: Mapping[str, float]) -> Division:
    """Find the split of every group of records; O(records) in time, a few dozen bytes a record in memory.

    Raises:
        UsageError: A split comes out empty.
    """
    names = tuple(shares)
    if len(names) == 1:
        return Division(names, (), frozenset(), ())
    sizes: Counter[int] = Counter()
    callers: dict[str, set[int]] = {}
    for example in examples:
        group = group_of(example)
        sizes[group] += 1
        for tool in tools_called(example):
            callers.setdefault(tool, set()).add(group)
    total = sizes.total()
    later = total - round(shares[names[0]] * total)
    moved, held_out = _held_out(callers, sizes, later // 2)
    ends = _ends(sizes, moved, shares)
    division = Division(names, ends, frozenset(moved), held_out)
    _check_all_there(division, sizes, total)
    return division


def _held_out(callers: dict[str, set[int]], sizes: Counter[int], most: int) -> tuple[set[int], tuple[str, ...]]:
    """Choose the tools that fewest records call, as long as all that call one of them make up at most so many."""
    moved: set[int] = set()
    held: list[str] = []
    for tool in sorted(callers, key=lambda name: (len(callers[name]), name)):
        if len(callers[tool]) > most:
            break
        reached = moved | callers[tool]
        if sum(sizes[group] for group in reached) <= most:
            moved = reached
            held.append(tool)
    return moved, tuple(sorted(held))


def _ends(sizes: Counter[int], moved: set[int], shares: Mapping[str, float]) -> tuple[int, ...]:
    """Return where each split ends, so that with the groups that were moved it has its share of the records."""
    names, total = tuple(shares), sizes.total()
    already = Counter(dict.fromkeys(names, 0))
    for group in moved:
        already[names[1:][group % (len(names) - 1)]] += sizes[group]
    wanted = [max(round(shares[name] * total) - already[name], 0) for name in names]
    wanted[0] = min(wanted[0], total - sum(already.values()) - 1) or 1  # the others get something in any case
    goals = list(itertools.accumulate(wanted))[:-1]
    ends: list[int] = []
    seen = 0
    for group in sorted(sizes.keys() - moved):
        while len(ends) < len(goals) and seen >= goals[len(ends)]:
            ends.append(group)
        seen += sizes[group]
    return (*ends, *[2**64] * (len(goals) - len(ends)))


def _check_all_there(division: Division, sizes: Counter[int], total: int) -> None:
    found: Counter[str] = Counter()
    later = division.names[1:]
    for group, size in sizes.items():
        here = later[group % len(later)] if group in division.moved else None
        found[here or division.names[sum(group >= end for end in division.ends)]] += size
    for name in division.names:
        if not found[name]:
            raise UsageError(
                f"split {name} comes out empty: {total} records make {len(sizes)} groups that belong together; "
                "give more records or fewer splits"
            )
