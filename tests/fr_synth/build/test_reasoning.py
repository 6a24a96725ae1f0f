"""Reasoning is made of provenance: what is wanted, what is missing, where each value comes from, what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fr_envs import load_domain
from fr_synth.build.message_groups import groups
from fr_synth.build.reasoning import closing, explain
from fr_synth.sample.reaching.reach import Limits
from fr_synth.sample.targets import targets_of
from fr_synth.sample.turns import goal_of, sample_turn
from fr_synth.trace.mention import Mention
from fr_synth.trace.provenance import Output, Said, harvest
from fr_synth.trace.target import ToolTarget
from fr_synth.trace.turn_trace import Reply, TurnTrace
from fr_synth.verify.faithful import reasoning_faults
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import given, new_walk, take

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.world.domain import Domain
    from fr_synth.sample.walk import Walk

WORLDS: dict[str, Domain[Any]] = {
    "library": LIBRARY,
    "odd": ODD,
    "filesystem": load_domain("filesystem"),
    "travel": load_domain("travel"),
}


def trace_of(walk: Walk, first: int = 0) -> TurnTrace:
    steps = tuple(walk.steps[first:])
    start, end = steps[0].before, steps[-1].after
    told = Reply("Done.", ())
    goal = goal_of(walk.domain, steps, start, end, told)
    return TurnTrace(ToolTarget(steps[-1].call.name), steps, first, start, end, goal, told)


def said_of(walk: Walk, group: Sequence[int], first: int = 0, draws: int = 80) -> set[str]:
    """Everything that is thought before a group of calls, over many draws."""
    trace = trace_of(walk, first)
    before = walk.steps[:first]
    return {explain(walk.domain, trace, before, group, np.random.default_rng(seed)) for seed in range(draws)}


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_the_reasoning_of_every_sampled_turn_is_faithful(world: str) -> None:
    domain = WORLDS[world]
    targets, seen = targets_of(domain), 0
    for seed in range(40):
        walk = new_walk(domain, seed)
        for turn in range(2):
            before = list(walk.steps)
            trace = sample_turn(
                walk, targets[(3 * seed + turn) % len(targets)], policy="directed", calls=4, limits=Limits()
            )
            if trace is None:
                break
            seen += 1
            _check(domain, before, trace, np.random.default_rng(seed))
            walk.next_turn()
    assert seen >= 30


def _check(domain: Domain[Any], before: Sequence[Any], trace: TurnTrace, rng: np.random.Generator) -> None:
    together = groups(domain, trace.steps, trace.first)
    assert [position for group in together for position in group] == list(range(len(trace.steps)))
    issued = [
        found.value
        for step in (*before, *trace.steps)
        for found in harvest(domain.spec.tools[step.call.name].returns, step.result)
        if domain.spec.kinds[found.kind].origin == "issued" and not isinstance(found.value, dict | list)
    ]
    for group in together:
        shown = {
            found.value
            for step in (*before, *trace.steps[: group[0]])
            for found in harvest(domain.spec.tools[step.call.name].returns, step.result)
            if not isinstance(found.value, dict | list)
        }
        text = explain(domain, trace, before, group, rng)
        calls = [trace.steps[position].call for position in group]
        unknown = [value for value in issued if value not in shown]
        assert list(reasoning_faults(text, calls, unknown, "")) == [], text


def test_calls_that_do_not_need_each_other_go_out_together() -> None:
    walk = new_walk()
    take(walk, "list_books")
    take(walk, "search_books", {"title": "The"})
    take(walk, "get_book", {"book_id": "BOOK005"}, sources={"/book_id": given(walk, "book_id", "BOOK005")})
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "leave", user_requested=True)
    take(walk, "list_books", user_requested=True)
    assert groups(LIBRARY, walk.steps, 0) == [[0, 1], [2, 3], [4, 5]]
    assert groups(LIBRARY, [], 0) == []
    assert all("Neither needs the other" in text or "side by side" in text for text in said_of(walk, [0, 1]))
    assert all("None of these needs another" in text for text in said_of(walk, [0, 1, 2]))


def test_a_look_up_says_what_is_missing_and_for_what() -> None:
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
    texts = said_of(walk, [0])
    assert all("book id" in text and "borrow" in text and "list_books" in text for text in texts)
    assert all("borrow" in text.split(".")[0] for text in texts), "the task comes first"
    assert len(texts) > 4, "not always in the same words"


def test_an_enabling_step_says_what_it_makes_true() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "borrow", {"book_id": "BOOK005"}, user_requested=True)
    texts = said_of(walk, [0])
    assert all("the reader has a card" in text and "join" in text for text in texts)
    assert all("name Ada Kern" in text for text in texts)


def test_a_step_without_a_fact_is_on_the_way() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "review_book", {"book_id": "BOOK005", "stars": 3})
    take(walk, "leave", user_requested=True)
    assert all("review_book" in text and ("the rest" in text or "The way" in text) for text in said_of(walk, [1]))


def mentioned(way: str, text: str, by: dict[str, Any]) -> set[str]:
    walk = new_walk()
    take(walk, "list_books")
    mention = Mention(0, "book_id", "BOOK005", text, way, by, 0, "/books")  # type: ignore[arg-type]
    sources = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=sources, mentions={"/book_id": mention})
    return said_of(walk, [1])


def test_a_reference_is_resolved_aloud() -> None:
    assert all("BOOK005" in t and "The Weir" in t for t in mentioned("fields", "the Weir", {"title": "The Weir"}))
    assert all("the smallest of all" in text for text in mentioned("least", "the shortest one", {"pages": 516}))
    assert all("the largest of all" in text for text in mentioned("most", "the longest one", {"pages": 516}))
    assert all('"that book"' in text for text in mentioned("anaphora", "that book", {}))
    assert all("from list_books" in t or "list_books gave" in t for t in mentioned("noun", "the first", {}))


def test_long_texts_are_cut_and_line_breaks_are_not_thought() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    text = "It goes on\nand on " * 10
    sources = {"/text": Said(0, text), "/stars": Said(0, "3")}
    take(walk, "review_book", {"book_id": "BOOK001", "stars": 3, "text": text}, user_requested=True, sources=sources)
    for thought in said_of(walk, [1]):
        assert "…" in thought
        assert "\n" not in thought
        assert len(thought) < 300


def test_a_yes_or_no_is_not_recited() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books", {"limit": 2})
    arguments = {"book_ids": ["BOOK001", "BOOK002"], "large_print": True}
    take(walk, "borrow_several", arguments, user_requested=True, sources={"/large_print": Said(0, "in large print")})
    assert not any("large print" in text or "yes" in text for text in said_of(walk, [1]))


def test_several_wishes_are_named_together() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"}, user_requested=True)
    take(walk, "leave", user_requested=True)
    texts = said_of(walk, [0])
    assert all("join and leave" in text for text in texts)
    assert not any("one thing" in text for text in texts)
    later = said_of(walk, [1])
    assert not any("join" in text for text in later), "the task is said once"


def test_a_value_of_an_earlier_turn_is_from_there() -> None:
    walk = new_walk()
    take(walk, "list_books")
    walk.next_turn()
    sources = {"/book_id": Output(0, "/books/4/book_id")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=sources)
    assert all("BOOK005" in text and "list_books" in text for text in said_of(walk, [0], first=1))


def test_the_reply_is_led_up_to() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"}, user_requested=True)
    done = {closing(trace_of(walk), np.random.default_rng(seed)) for seed in range(40)}
    take(walk, "list_books", user_requested=True)
    answered = {closing(trace_of(walk), np.random.default_rng(seed)) for seed in range(40)}
    assert len(done) == len(answered) == 3
    assert not done & answered
