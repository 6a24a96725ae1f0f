"""Phase I gets there, and takes nothing when it does not.

1. The directed policy reaches every tool of every world; paper and random go by their own rules.
2. A call that teaches nothing and changes nothing is not taken, so no loop can form.
3. A requested write changes something; a requested read has something to tell that the turn has not shown.
4. When a way leads nowhere, the walk goes back to where it began; without success nothing is taken.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fr_envs import domain_names, load_domain
from fr_envs.errors import UsageError
from fr_envs.json_values import scalars
from fr_synth.sample.reaching.reach import POLICIES, Limits, attempt, reach
from fr_synth.trace.dataflow.executed import Feed
from fr_synth.trace.dataflow.provenance import Knowledge, Output
from tests.fr_envs.small_world import LIBRARY, library
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import new_walk, part_of_library, step_of, take

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain, Effect
    from fr_synth.sample.reaching.reach import SamplingPolicy
    from fr_synth.sample.walk import Walk

WORLDS: dict[str, Domain[Any]] = {"library": LIBRARY, "odd": ODD}
WORLDS |= {name: load_domain(name) for name in domain_names() if name in ("filesystem", "travel")}

TOOLS = [(world, tool) for world, domain in WORLDS.items() for tool in domain.spec.tools if tool != "write_blurb"]


def attempt_steps(walk: Walk) -> list[tuple[str, str]]:
    return [(step.call.name, repr(sorted(step.call.arguments.items()))) for step in walk.steps]


@pytest.mark.parametrize(("world", "tool"), TOOLS)
def test_the_directed_policy_reaches_every_tool(world: str, tool: str) -> None:
    for seed in range(3):
        walk = new_walk(WORLDS[world], seed)
        assert reach(walk, tool, limits=Limits(ways=16, news=False)), f"seed {seed}"
        assert walk.steps[-1].call.name == tool
        assert all(step.user_requested == _asked(walk, step.call.name, tool) for step in walk.steps)


def _asked(walk: Walk, tool: str, target: str) -> bool:
    spec = walk.domain.spec.tools[tool]
    return not spec.implicit and (tool == target or spec.effect == "write")


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_what_a_walk_took_happened_and_was_worth_it(world: str) -> None:
    domain = WORLDS[world]
    for seed, target in enumerate(list(domain.spec.tools)[:25]):
        walk = new_walk(domain, seed)
        reach(walk, target)
        state, known = walk.turn_state, Knowledge()
        for number, step in enumerate(walk.steps):
            outcome = domain.apply(state, step.call)
            assert step.before is state
            assert (outcome.error, outcome.value, outcome.state.digest) == (None, step.result, step.after.digest)
            taught = known.learn(number, 0, domain.spec.tools[step.call.name].returns, step.result)
            changed = step.after.digest != state.digest
            assert taught or changed or step.user_requested, step.call
            if step.user_requested and domain.spec.tools[step.call.name].effect == "write":
                assert changed, step.call
            state = step.after
        assert walk.state.digest == state.digest
        same = [(call, step.before.digest) for call, step in zip(attempt_steps(walk), walk.steps, strict=True)]
        assert len(same) == len(set(same)), "the same call in the same state is never made twice"


@pytest.mark.parametrize("policy", POLICIES)
def test_each_policy_reaches_what_is_near(policy: SamplingPolicy) -> None:
    hits = 0
    for seed in range(20):
        walk = new_walk(LIBRARY, seed)
        if reach(walk, "borrow", policy):
            hits += 1
            names = [step.call.name for step in walk.steps]
            assert names[-1] == "borrow"
            assert "join" in names, "only a reader with a card borrows"
    assert hits >= 18


def test_the_paper_takes_the_target_as_soon_as_it_is_legal_and_the_nearest_tool_before() -> None:
    for seed in range(20):
        walk = new_walk(LIBRARY, seed)
        assert reach(walk, "get_book", "paper", Limits(news=False))
        assert walk.steps[0].call.name in ("list_books", "search_books"), "one edge away"
        walk = new_walk(LIBRARY, seed)
        assert reach(walk, "join", "paper")
        assert [step.call.name for step in walk.steps] == ["join"]


def test_the_random_policy_wanders() -> None:
    seen = set()
    for seed in range(20):
        walk = new_walk(LIBRARY, seed)
        reach(walk, "borrow", "random", Limits(ways=1), keep=True)
        seen |= {step.call.name for step in walk.steps}
    assert len(seen) > 5


def test_first_turns_mostly_look_up_what_they_could_name() -> None:
    looked = 0
    for seed in range(60):
        walk = new_walk(load_domain("travel"), seed)
        if reach(walk, "search_flights", limits=Limits(news=False)):
            looked += len(walk.steps) > 1
    assert looked > 20


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("keep", [False, True])
def test_without_success_nothing_is_taken_unless_asked_for(policy: SamplingPolicy, keep: bool) -> None:
    """Nobody can make up a blurb, so no way leads there."""
    walk = new_walk(ODD)
    take(walk, "search_books", {"title": "The Weir"})
    before = (walk.state, list(walk.steps), dict(walk.focus), walk.knowledge)
    assert not reach(walk, "write_blurb", policy, keep=keep)
    after = (walk.state, walk.steps, walk.focus, walk.knowledge)
    if keep:
        assert walk.steps[:1] == before[1]
        assert len(walk.steps) > 1
    else:
        assert after == before


def test_there_is_an_end_to_calls_and_to_misses() -> None:
    walk = new_walk(LIBRARY)
    assert not reach(walk, "return_book", limits=Limits(calls=2, ways=6))
    assert not reach(walk, "return_book", limits=Limits(calls=0))
    assert not reach(walk, "return_book", limits=Limits(misses=0))
    assert not walk.steps


def test_an_unknown_target_is_named() -> None:
    with pytest.raises(UsageError, match="no tool 'fly'"):
        reach(new_walk(), "fly")


def test_a_way_that_leads_nowhere_is_left() -> None:
    """With an odd clerk who lends history books alone, a walk that sees only novels has to look elsewhere."""
    from fr_envs.errors import Refusal
    from tests.fr_envs.small_world import borrow

    def picky(state: Any, book_id: str, days: int) -> Effect[Any]:
        if state.books[book_id].genre != "poetry":
            raise Refusal("lent")
        return borrow(state, book_id, days)

    world = library(borrow=picky)
    reached = 0
    for seed in range(20):
        walk = new_walk(world, seed)
        poems = walk.state.books.keys_by("genre", "poetry")  # type: ignore[attr-defined]
        got = reach(walk, "borrow", limits=Limits(ways=12))
        reached += got
        assert not got or walk.steps[-1].call.arguments["book_id"] in poems
        assert got or not walk.steps
    assert reached >= 12


@pytest.mark.parametrize("policy", POLICIES)
def test_when_everything_has_been_tried_in_vain_it_is_tried_again_up_to_a_bound(policy: SamplingPolicy) -> None:
    from fr_envs.errors import Refusal

    asked = []

    def closed(state: Any, book_id: str) -> Any:
        asked.append((state, book_id))
        raise Refusal("no_such_book")

    walk = new_walk(part_of_library("list_books", "get_book", get_book=closed))
    assert not reach(walk, "get_book", policy, Limits(ways=2))
    assert len(asked) > 2
    assert walk.steps == []


def test_a_read_that_tells_nothing_new_is_no_wish_of_the_turn() -> None:
    walk = new_walk(LIBRARY)
    take(walk, "list_books", {"limit": 50}, user_requested=True)
    assert not attempt(walk, "search_books", user_requested=True), "every title has been shown"
    assert attempt(walk, "search_books", user_requested=True, limits=Limits(news=False))
    walk.next_turn()
    assert attempt(walk, "search_books", user_requested=True), "a new turn may ask again"
    heard = set(scalars(walk.steps[0].result))
    assert set(scalars(walk.steps[-1].result)) <= heard


def test_the_loop_guard() -> None:
    walk = new_walk(LIBRARY)
    take(walk, "list_books")
    assert not attempt(walk, "list_books", user_requested=False), "it would teach nothing"
    assert not attempt(walk, "search_books", user_requested=False)
    take(walk, "join", {"name": "Ada Kern"})
    assert not attempt(walk, "join", user_requested=False), "the world refuses"
    length = len(walk.steps)
    while attempt(walk, "get_book", user_requested=False):
        assert len(walk.steps) <= length + 7
    assert len(walk.steps) == length, "titles, genres and identifiers are known from the list"


def test_a_wish_that_changes_nothing_is_none() -> None:
    from fr_envs.world.domain import Effect

    def distractor(state: Any, book_id: str, stars: int, text: str) -> Effect[Any]:
        del book_id, stars, text
        return Effect(state, {"reviews": 1})

    walk = new_walk(library(review_book=distractor))
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "list_books")
    assert not attempt(walk, "review_book", user_requested=True)


def test_a_feed_is_walked_along() -> None:
    walk = new_walk(LIBRARY)
    take(walk, "search_books", {"title": "The"})
    assert reach(walk, "borrow", limits=Limits(feed=Feed("book_id", 0)))
    assert walk.steps[-1].call.name == "borrow"
    source = walk.steps[-1].sources["/book_id"]
    assert isinstance(source, Output)
    assert source.step == 0


def test_the_same_draws_give_the_same_walk() -> None:
    walks = [new_walk(load_domain("travel"), 4) for _ in range(2)]
    assert [reach(walk, "cancel_booking") for walk in walks] == [True, True]
    assert attempt_steps(walks[0]) == attempt_steps(walks[1])
    other = new_walk(load_domain("travel"), 4, draws=1)
    other.rng = np.random.default_rng(77)
    assert reach(other, "cancel_booking")
    assert not math.isclose(len(attempt_steps(other)), 0)


def test_what_is_in_the_way_is_changed() -> None:
    """A card can only be given back when no book is out: the walk has to return the book first."""
    reached = 0
    for seed in range(12):
        walk = new_walk(LIBRARY, seed)
        walk.state = step_of(walk, "join", {"name": "Ada Kern"}).after
        walk.state = step_of(walk, "borrow", {"book_id": "BOOK001"}).after
        if reach(walk, "leave", limits=Limits(ways=12)):
            names = [step.call.name for step in walk.steps]
            assert "return_book" in names[:-1]
            reached += 1
    assert reached >= 8
