"""Reasoning uses what is known by then, leads to its calls, and speaks of no hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fr_envs.world.tool_call import ToolCall
from fr_synth.verify.evidence import gather
from fr_synth.verify.faithful import faithful, reasoning_faults
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import new_walk, record_of, take

if TYPE_CHECKING:
    from fr_synth.trace.records import Dialogue

LIST = ToolCall("list_books", {})
LEND = ToolCall("borrow", {"book_id": "BOOK005", "days": 3})


@pytest.mark.parametrize(
    ("reasoning", "calls", "fault"),
    [
        ("  ", [], "there is no reasoning"),
        ("The Hint says so.", [], "speaks of 'The Hint'"),
        ("A hint would help.", [], "speaks of 'A hint'"),
        ("As the hint suggests", [], "speaks of 'the hint'"),
        ("The critic was right.", [], "speaks of 'The critic'"),
        ("That is the ground truth.", [], "speaks of 'ground truth'"),
        ("The reference solution is short.", [], "speaks of 'reference solution'"),
        ("This is all_in_one.", [], "names the advanced tool"),
        ("It must be BOOK007.", [], "knows 'BOOK007' before any result tells it"),
        ("Let me look.", [LIST], "does not lead to list_books"),
        ("I call list_books.", [LIST, LEND], "does not lead to borrow"),
        ("Borrowing is next.", [LEND], "does not lead to borrow"),
        ("BOOK005 for 13 days", [LEND], "does not lead to borrow"),
    ],
)
def test_what_is_wrong_with_a_reasoning(reasoning: str, calls: list[ToolCall], fault: str) -> None:
    faults = list(reasoning_faults(reasoning, calls, ["BOOK007", 12], "all_in_one"))
    assert any(fault in each for each in faults), faults


@pytest.mark.parametrize(
    ("reasoning", "calls"),
    [
        ("That is all.", []),
        ("I call list_books.", [LIST]),
        ("Now list books.", [LIST]),
        ("Borrow it.", [LEND]),
        ("It is BOOK005 for 3 days.", [LEND]),
        ("They gave no hints, and 12 is a number.", []),
        ("BOOK0071 is another one.", []),
    ],
)
def test_what_is_right(reasoning: str, calls: list[ToolCall]) -> None:
    assert list(reasoning_faults(reasoning, calls, ["BOOK007", 12], "all_in_one")) == []
    assert list(reasoning_faults(reasoning, calls, [], "")) == []


def test_a_call_with_nothing_but_truth_values_has_to_be_named() -> None:
    call = ToolCall("tidy", {"all": True, "rows": [1], "how": {"x": 1}})
    assert list(reasoning_faults("True, 1 and x.", [call], [], "")) == ["the reasoning does not lead to tidy"]


def two_turns(thought: str, message: int, *, second: str = "And the second one?") -> tuple[Dialogue, list[str]]:
    """Two books are looked at, one a turn; one thought is replaced."""
    walk = new_walk(ODD)
    take(walk, "list_books", {"limit": 1})
    walk.next_turn()
    take(walk, "search_books", {"title": "Lamps"}, user_requested=True)
    take(walk, "write_blurb", {"blurb": "A", "note": "B"}, user_requested=True)
    record = record_of(walk, "Which books are there?", second)
    record.messages[message]["reasoning_content"] = thought
    return record, list(faithful(gather(record, ODD)))


def test_only_what_was_asked_for_goes_without_a_thought() -> None:
    assert two_turns("", 2)[1] == [
        "message 2: there is no reasoning",
        "message 2: the reasoning does not lead to list_books",
    ]
    assert two_turns("", 6)[1] == [], "the look-up was asked for"
    assert two_turns("", 10)[1] == [], "a result is told as it is"


def test_an_identifier_may_be_thought_of_once_a_result_or_the_user_has_told_it() -> None:
    record, _ = two_turns("", 2)
    roles = [message["role"] for message in record.messages]
    first, second = ["user", "assistant", "tool", "assistant"], ["user", *["assistant", "tool"] * 2, "assistant"]
    assert roles == ["system", *first, *second]
    assert two_turns("list_books will show BOOK001.", 2)[1] == [
        "message 2: the reasoning knows 'BOOK001' before any result tells it"
    ]
    assert two_turns("It showed BOOK001.", 4)[1] == []
    assert two_turns("search_books finds BOOK002.", 6)[1] == [
        "message 6: the reasoning knows 'BOOK002' before any result tells it"
    ]
    assert two_turns("search_books finds BOOK002.", 6, second="And BOOK002?")[1] == []
    assert two_turns("write_blurb about BOOK002.", 8)[1] == []


def test_the_reasoning_before_a_reply_counts_too() -> None:
    assert two_turns("  ", 10)[1] == ["message 10: there is no reasoning"]
    assert two_turns("all_in_one has done it.", 4)[1] == ["message 4: the reasoning names the advanced tool"]


def test_every_reasoning_of_a_record_is_looked_at() -> None:
    walk = new_walk(LIBRARY)
    take(walk, "list_books", user_requested=True)
    assert list(faithful(gather(record_of(walk, "Which books?"), LIBRARY))) == []
