"""Calls that go out together come to the same in any order, which is run and not argued; and they are marked.

1. Reads are independent; a write and what it makes possible or changes are not; two writes are where they do not meet.
2. A message of a record holds only calls that are, and is marked; the proof finds a wrong mark and a wrong message.
3. The share of turns in which calls go out together can be chosen; without it every call goes out on its own.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from fr_envs import load_domain
from fr_envs.errors import Refusal
from fr_synth.build.message_groups import groups
from fr_synth.verify.calls.independent import independent, side_by_side
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import prove
from tests.fr_envs.small_world import CONTRACT, LIBRARY, Library, get_book, library
from tests.fr_synth.dialogues import dialogues
from tests.fr_synth.walks import given, new_walk, take

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain, Effect
    from fr_synth.sample.walk import Walk

WORLDS = ["banking", "filesystem", "travel"]


def are_independent(walk: Walk, first: int = 0) -> bool:
    steps = walk.steps[first:]
    return independent(walk.domain, steps[0].before, steps, steps[-1].after)


def test_reads_are_independent() -> None:
    walk = new_walk()
    for tool in ("list_books", "search_books", "list_books"):
        take(walk, tool, {"title": "The"} if tool == "search_books" else {})
    assert are_independent(walk)


def test_a_write_and_what_it_makes_possible_are_not() -> None:
    walk = new_walk()
    take(walk, "list_books")
    take(walk, "join", {"name": "Ada Kern"})
    take(
        walk,
        "borrow",
        {"book_id": "BOOK005"},
        user_requested=True,
        sources={"/book_id": given(walk, "book_id", "BOOK005")},
    )
    assert not are_independent(walk, 1)
    assert are_independent(walk.fork(), 2)
    assert groups(LIBRARY, walk.steps, 0) == [[0, 1], [2]], "who lists the books may join at once"
    assert groups(LIBRARY, walk.steps, 0, fan_out=False) == [[0], [1], [2]]


def test_a_write_and_a_read_of_what_it_changes_are_not() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "borrow", {"book_id": "BOOK005"}, user_requested=True)
    take(walk, "get_book", {"book_id": "BOOK005"})
    assert not are_independent(walk, 1)


def test_of_many_calls_neighbours_are_exchanged() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    for book in ("BOOK001", "BOOK005"):
        take(walk, "get_book", {"book_id": book})
    take(walk, "list_books")
    assert are_independent(walk)
    take(walk, "borrow", {"book_id": "BOOK005"}, user_requested=True)
    assert not are_independent(walk), "who is no member yet borrows nothing"


def failing_in_order(wrong: tuple[int, ...]) -> Domain[Library]:
    """The library, in which the third book asked about is not found where the three come in one order."""
    asked: list[int] = []

    def moody(state: Library, book_id: str) -> Effect[Library]:
        asked.append(int(book_id[-1]))
        if len(asked) % 3 == 0 and tuple(asked[-3:]) == wrong:
            raise Refusal("no_such_book")
        return get_book(state, book_id)

    tools = {**CONTRACT["tools"], "get_book": {**CONTRACT["tools"]["get_book"], "effect": "write"}}
    return library({**CONTRACT, "tools": tools}, get_book=moody)


@pytest.mark.parametrize("wrong", [*itertools.permutations((1, 2, 3))])
def test_of_three_calls_every_order_is_run(wrong: tuple[int, ...]) -> None:
    walk = new_walk()
    calls = [take(walk, "get_book", {"book_id": f"BOOK00{k}"}) for k in (1, 2, 3)]
    assert not independent(failing_in_order(wrong), walk.state, calls, walk.state)
    assert independent(failing_in_order((7, 7, 7)), walk.state, calls, walk.state)


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_messages_of_records_hold_only_independent_calls_and_are_marked(world: str) -> None:
    domain = load_domain(world)
    marked = 0
    for dialogue in dialogues(world, 20):
        assert list(side_by_side(gather(dialogue, domain))) == []
        marked += sum(len(turn.parallel) for turn in dialogue.turns)
    assert marked > 2


@pytest.mark.slow
def test_the_share_of_turns_can_be_chosen() -> None:
    def share(**fan_out: float) -> int:
        return sum(bool(t.parallel) for d in dialogues("travel", 20, **fan_out) for t in d.turns)

    assert share(fan_out=0.0) == 0 < share(fan_out=0.4) < share()


@pytest.mark.slow
def test_a_wrong_mark_and_a_wrong_message_are_found() -> None:
    domain = load_domain("travel")
    made = dialogues("travel", 20)
    good = next(d for d in made if d.turns[0].parallel)
    for parallel in ((), (*good.turns[0].parallel, 99)):
        turns = (replace(good.turns[0], parallel=parallel), *good.turns[1:])
        finding = prove(replace(good, turns=turns), domain)
        assert finding is not None
        assert finding.proof == "independent"
        assert "several calls stand in messages" in finding.problem
    found = 0
    for dialogue in made:
        calls = list(dialogue.calls)
        for number in range(len(calls) - 1):
            pair = [*calls[:number], replace(calls[number], message=calls[number + 1].message), *calls[number + 1 :]]
            problems = list(side_by_side(gather(replace(dialogue, calls=tuple(pair)), domain)))
            found += any("in another order its calls come to something else" in problem for problem in problems)
    assert found
