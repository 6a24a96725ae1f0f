"""What holds of every shipped world, whatever it is about.

1. A tool can be asked for in five ways at least, none of which asks for another tool too.
2. No two seeds are alike: neither the states, nor the names and amounts that could be learnt by heart.
3. Each scale is larger than the one before; a large world is built within ten seconds, and reset within microseconds.
4. A forked instance takes less than 2 KiB.
5. Whatever the seed, every tool can be called with success.
"""

from __future__ import annotations

import collections
import itertools
import re
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fr_envs import load_domain
from fr_envs.episode.session import Session
from fr_envs.episode.trajectory import first_state
from fr_envs.testing import check_reach, probe_domain
from fr_envs.world.domain import SCALES
from fr_envs.world.registry import WORKSPACE, domain_names
from tests.rounds import rounds

if TYPE_CHECKING:
    from fr_envs.world.state import State

WORLDS = domain_names()
TOOLS = [(world, tool) for world in WORLDS for tool in load_domain(world).spec.tools]


@pytest.mark.parametrize(("world", "tool"), TOOLS)
def test_a_tool_can_be_asked_for_in_five_ways(world: str, tool: str) -> None:
    asks = load_domain(world).spec.tools[tool].request_templates
    assert len({ask.casefold().rstrip("?.!") for ask in asks}) >= 5
    openings = {tuple(ask.casefold().split()[:2]) for ask in asks}
    assert len(openings) >= 3, "five ways that begin alike are hardly five"


@pytest.mark.parametrize("world", [*WORLDS, WORKSPACE])
def test_one_wording_asks_for_one_tool(world: str) -> None:
    wordings = collections.Counter(
        ask for tool in load_domain(world).spec.tools.values() for ask in tool.request_templates
    )
    assert [wording for wording, count in wordings.items() if count > 1] == []


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_no_two_seeds_give_one_world(world: str) -> None:
    domain = load_domain(world)
    assert len({domain.initial(seed).digest for seed in range(60)}) == 60


LEARNABLE = {
    "banking": (("customers", "name"), ("accounts", "iban"), ("accounts", "balance"), ("entries", "amount")),
    "filesystem": (("nodes", "text"),),
    "travel": (("passengers", "name"), ("bookings", "fare"), ("invoices", "amount")),
}
"""Tables and fields by which a world could be recognised."""


def values_of(state: State, table: str, field: str) -> set[Any]:
    """The values of a field that say something: no zeros, no words that any world has."""
    rows = getattr(state, table, ())
    found = {getattr(row, field, None) for row in rows.values()} if rows else set()
    return {value for value in found if value and (not isinstance(value, str) or len(value) > 8)}


@pytest.mark.parametrize("world", WORLDS)
def test_names_and_amounts_do_not_repeat_from_seed_to_seed(world: str) -> None:
    states = [load_domain(world).initial(seed) for seed in range(40)]
    for table, field in LEARNABLE[world]:
        groups = [values_of(state, table, field) for state in states]
        seen = collections.Counter(value for group in groups for value in group)
        if not seen:
            continue
        shares = [len(one & other) / max(1, len(one)) for one, other in itertools.pairwise(groups)]
        assert sum(shares) / len(shares) < 0.1, (table, field)
        assert max(seen.values()) < len(states) / 3, (table, field, seen.most_common(3))


@pytest.mark.parametrize("world", WORLDS)
def test_each_scale_is_larger_than_the_one_before(world: str) -> None:
    sizes = [sum(len(table) for table in load_domain(world).initial(5, scale).tables()) for scale in SCALES[:3]]
    assert sizes == sorted(set(sizes))


@pytest.mark.slow
@pytest.mark.parametrize(("world", "table", "rows"), [("filesystem", "nodes", 1_000_000), ("travel", "", 0)])
def test_a_large_world_is_built_once_and_kept_for_every_reset(world: str, table: str, rows: int) -> None:
    """How long that takes is measured by ``benchmarks/bench_worlds.py --large``; a bank has a test of its own."""
    state = first_state(load_domain(world), (11,), "large")
    assert not table or len(getattr(state, table)) >= rows
    session = Session(world)
    for _ in range(3):
        session.reset(seed=11, scale="large")
        assert session.state is state, "kept, not built again"


@pytest.mark.slow
@pytest.mark.parametrize("world", [*WORLDS, WORKSPACE])
def test_a_fork_takes_less_than_two_kibibytes(world: str) -> None:
    session = Session(world)
    session.reset(seed=2, scale="medium")
    session.fork()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        twins = [session.fork() for _ in range(200)]
        spent = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len({twin.digest for twin in twins}) == 1
    assert spent / len(twins) < 2048


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_every_tool_goes_through_whatever_the_seed(world: str) -> None:
    domain = load_domain(world)
    for seed in range(20, 20 + rounds(2, 6)):
        check_reach(domain, probe_domain(domain, seed))


def test_a_world_of_ones_own_takes_sixty_lines() -> None:
    page = Path(__file__).parents[3].joinpath("docs", "adding-a-world.md").read_text(encoding="utf-8")
    contract, handlers = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[:2]
    assert sum(1 for line in (contract + handlers).splitlines() if line.strip()) <= 60
