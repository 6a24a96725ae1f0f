"""What closes or checks something is held to a rule of its own; each way to break it is found.

1. closing: gives up what the dialogue acquired, is not asked for, and comes when nothing needs it any more.
2. check: looks at what a write before it was about, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from fr_envs.episode.task import Answer
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import PROOFS
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.walks import new_walk, record_of, take

if TYPE_CHECKING:
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.records import Dialogue, Purpose


def marked(dialogue: Dialogue, number: int, purpose: Purpose, **changes: object) -> Dialogue:
    calls = list(dialogue.calls)
    calls[number] = replace(calls[number], purpose=purpose, **changes)
    return replace(dialogue, calls=tuple(calls))


def record(walk: Walk, text: str) -> Dialogue:
    """A record whose goal leaves out what is incidental, and asks for what a list of books tells."""
    dialogue = record_of(walk, text)
    goal, hidden = dialogue.turns[0].goal, LIBRARY.hooks.incidental
    listed = [call.result["books"][0]["title"] for call in dialogue.calls if call.name == "list_books"]
    answers = tuple(Answer(title, title) for title in listed)
    changes = tuple(change for change in goal.changes if change.table not in hidden)
    wanted = replace(goal, changes=changes, incidental=tuple(hidden), answers=() if changes else answers)
    return replace(dialogue, turns=(replace(dialogue.turns[0], goal=wanted),))


def found(dialogue: Dialogue) -> list[str]:
    """What the proof of necessity finds about calls; the goals of these records are of no account."""
    return [problem for problem in PROOFS["necessary"](gather(dialogue, LIBRARY)) if problem.startswith("call")]


@pytest.fixture
def closed() -> Dialogue:
    """A card is made for a review, and given back."""
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "review_book", {"book_id": "BOOK005", "stars": 5}, user_requested=True)
    take(walk, "leave")
    return record(walk, "I am Ada Kern. Five stars for The Weir.")


@pytest.fixture
def checked() -> Dialogue:
    """A review is written, and looked at."""
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "review_book", {"book_id": "BOOK005", "stars": 5}, user_requested=True)
    take(walk, "get_book", {"book_id": "BOOK005"})
    return record(walk, "I am Ada Kern. Five stars for The Weir.")


def test_what_was_acquired_may_be_given_up(closed: Dialogue) -> None:
    assert found(marked(closed, 2, "closing")) == []
    assert found(closed) != [], "unmarked it is needless"


def test_what_needs_to_be_held_is_not_given_up_in_its_stead(closed: Dialogue) -> None:
    both = marked(marked(closed, 2, "closing"), 0, "closing")
    assert found(both) == ["call 0 (join) is marked as closing and needed"]


def test_what_is_asked_for_closes_nothing(closed: Dialogue) -> None:
    problems = found(marked(closed, 2, "closing", user_requested=True))
    assert problems == ["call 2 (leave) is marked as closing and needed"]


def test_only_what_the_dialogue_acquired_is_given_up() -> None:
    walk = new_walk()
    take(walk, "list_books", user_requested=True)
    take(walk, "join", {"name": "Ada Kern"})
    dialogue = marked(record(walk, "I am Ada Kern. Which books are there?"), 1, "closing")
    assert found(dialogue) == ["call 1 (join) is marked as closing and gives up nothing that the dialogue acquired"]


def test_a_session_opened_only_to_be_closed_is_needless() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "list_books", user_requested=True)
    take(walk, "leave")
    dialogue = marked(record(walk, "I am Ada Kern. Which books are there?"), 2, "closing")
    assert "call 0 (join) changes nothing by its absence" in found(dialogue)


def test_a_write_may_be_checked_once(checked: Dialogue) -> None:
    assert found(marked(checked, 2, "check")) == []
    assert found(checked) != [], "unmarked it is needless"
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "review_book", {"book_id": "BOOK005", "stars": 5}, user_requested=True)
    take(walk, "get_book", {"book_id": "BOOK005"})
    take(walk, "list_books")
    twice = marked(marked(record(walk, "I am Ada Kern. Five stars for The Weir."), 2, "check"), 3, "check")
    assert [problem[:20] for problem in found(twice)] == ["call 3 (list_books) "]


@pytest.mark.parametrize(("tool", "arguments"), [("get_book", {"book_id": "BOOK001"}), ("join", {"name": "Ben Okoye"})])
def test_a_check_looks_at_what_was_written(tool: str, arguments: dict[str, str]) -> None:
    walk = new_walk()
    if tool == "get_book":
        take(walk, "join", {"name": "Ada Kern"})
        take(walk, "review_book", {"book_id": "BOOK005", "stars": 5}, user_requested=True)
    else:
        take(walk, "list_books", user_requested=True)
    take(walk, tool, arguments)
    dialogue = record(walk, "I am Ada Kern. Five stars for The Weir. I am Ben Okoye.")
    last = len(dialogue.calls) - 1
    assert found(marked(dialogue, last, "check")) == [
        f"call {last} ({tool}) is marked as check and looks at nothing that a write before it was about"
    ]


def test_a_check_comes_after_the_write() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "get_book", {"book_id": "BOOK005"})
    take(walk, "review_book", {"book_id": "BOOK005", "stars": 5}, user_requested=True)
    dialogue = marked(record(walk, "I am Ada Kern. Five stars for The Weir."), 1, "check")
    assert any("marked as check and looks at nothing" in problem for problem in found(dialogue))
