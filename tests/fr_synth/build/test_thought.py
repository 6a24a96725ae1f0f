"""Thoughts decide: what is wanted and missing, what a result shows and excludes, which rule bears, what has changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fr_envs import load_domain
from fr_envs.contract.spec import PLACEHOLDER
from fr_envs.world.tool_call import ToolCall
from fr_synth.build.message_groups import groups
from fr_synth.build.thought.endings import ENDINGS
from fr_synth.build.thought.frames import FRAMES
from fr_synth.build.thought.wording import doing, expand, sentences, their
from fr_synth.build.thought.writing import closing, explain, in_brief
from fr_synth.sample.reaching.reach import Limits
from fr_synth.sample.targets import targets_of
from fr_synth.sample.turns import goal_of, sample_turn
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.mention import Mention
from fr_synth.trace.dataflow.provenance import Output, Said, harvest
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
        assert list(reasoning_faults(text, calls, unknown, "", domain.spec.tools)) == [], text


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
    pair = {expand(frame, np.random.default_rng(0)) for frame in FRAMES["two_at_once"]}
    assert all(any(frame in text for frame in pair) for text in said_of(walk, [0, 1]))
    many = {expand(frame, np.random.default_rng(0)) for frame in FRAMES["many_at_once"]}
    assert all(any(frame in text for frame in many) for text in said_of(walk, [0, 1, 2]))


def test_a_look_up_says_what_is_missing_and_who_can_tell() -> None:
    walk = new_walk()
    take(walk, "list_books")
    take(walk, "join", {"name": "Ada Kern"})
    mention = Mention(0, "book_id", "BOOK005", "my copy of The Weir", "fields", {"title": "The Weir"}, 0, "/books")
    take(
        walk,
        "borrow",
        {"book_id": "BOOK005"},
        user_requested=True,
        sources={"/book_id": given(walk, "book_id", "BOOK005")},
        mentions={"/book_id": mention},
    )
    texts = said_of(walk, [0])
    assert all("the list of books" in text.lower() for text in texts)
    assert all("their copy of the weir" in text.lower() for text in texts), "in the words of somebody else"
    assert not any("BOOK005" in text for text in texts), "nothing has shown it yet"
    assert len(texts) > 60, "not always in the same words"
    plain = walk.steps[2]._replace(mentions={})
    walk.steps[2] = plain
    assert all("book" in text and "list of books" in text.lower() for text in said_of(walk, [0]))


def test_an_enabling_step_says_what_it_makes_true() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"}, sources={"/name": Said(0, "Ada Kern")})
    take(walk, "borrow", {"book_id": "BOOK005"}, user_requested=True)
    first, then = doing(LIBRARY.spec.tools["join"]), doing(LIBRARY.spec.tools["borrow"])
    for text in said_of(walk, [0]):
        assert first in text or "the reader has a card" in text.lower() or then in text, text
    assert any("the reader has a card" in text.lower() for text in said_of(walk, [0]))


def test_a_step_without_a_fact_is_on_the_way() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "review_book", {"book_id": "BOOK005", "stars": 3})
    take(walk, "leave", user_requested=True)
    order = doing(LIBRARY.spec.tools["review_book"])
    assert all(order in text for text in said_of(walk, [1]))


def mentioned(way: str, text: str, by: dict[str, Any]) -> set[str]:
    walk = new_walk()
    take(walk, "list_books")
    mention = Mention(0, "book_id", "BOOK005", text, way, by, 0, "/books")  # type: ignore[arg-type]
    sources = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=sources, mentions={"/book_id": mention})
    return said_of(walk, [1])


def test_a_reference_is_resolved_aloud() -> None:
    titled = mentioned("fields", "the Weir", {"title": "The Weir"})
    assert all("BOOK005" in text for text in titled)
    assert any("Out of" in text or "are listed" in text for text in titled), "what the list excludes"
    assert all("BOOK005" in text and "pages" in text for text in mentioned("least", "the shortest one", {"pages": 516}))
    assert all("BOOK005" in text and "pages" in text for text in mentioned("most", "the longest one", {"pages": 516}))
    assert all("that book" in text.lower() for text in mentioned("anaphora", "that book", {}))
    assert all("list of books" in text.lower() for text in mentioned("noun", "the first", {}))


def test_a_list_is_counted_as_it_is() -> None:
    walk = new_walk()
    take(walk, "list_books")
    rows = len(walk.steps[0].result["books"])
    number = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")[rows]
    texts = mentioned("fields", "the Weir", {"title": "The Weir"})
    counted = [text for text in texts if "Out of" in text]
    assert counted
    assert all(f"Out of {number} books" in text for text in counted)


def test_long_texts_and_line_breaks_are_not_thought() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    text = "It goes on\nand on " * 10
    sources = {"/text": Said(0, text), "/stars": Said(0, "3")}
    take(walk, "review_book", {"book_id": "BOOK001", "stars": 3, "text": text}, user_requested=True, sources=sources)
    for thought in said_of(walk, [1]):
        assert "\n" not in thought
        assert "and on" not in thought
        assert len(thought) < 300


def test_a_yes_or_no_is_not_recited() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books", {"limit": 2})
    arguments = {"book_ids": ["BOOK001", "BOOK002"], "large_print": True}
    take(walk, "borrow_several", arguments, user_requested=True, sources={"/large_print": Said(0, "in large print")})
    assert not any("yes" in text for text in said_of(walk, [1]))


def test_several_wishes_are_named_together_and_once() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"}, user_requested=True)
    take(walk, "leave", user_requested=True)
    orders = [doing(LIBRARY.spec.tools[name]) for name in ("join", "leave")]
    texts = said_of(walk, [0])
    assert any(all(order in text for order in orders) for text in texts)
    assert not any(orders[0] in text for text in said_of(walk, [1])), "the task is said once"


def test_a_value_of_an_earlier_turn_is_from_there() -> None:
    walk = new_walk()
    take(walk, "list_books")
    walk.next_turn()
    sources = {"/book_id": Output(0, "/books/4/book_id")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=sources)
    assert all("BOOK005" in text and "list of books" in text.lower() for text in said_of(walk, [0], first=1))


def ended(walk: Walk, reply: str = "") -> set[str]:
    """Everything that is thought before the reply of a turn, over many draws."""
    trace = trace_of(walk)._replace(reply=Reply(reply, ()))
    return {closing(walk.domain, trace, [], np.random.default_rng(seed)) for seed in range(60)}


def test_the_closing_states_the_finding() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"}, user_requested=True)
    done = ended(walk)
    take(walk, "list_books", user_requested=True)
    both = ended(walk)
    assert len(done) >= 6
    assert not done & both
    fresh = new_walk()
    take(fresh, "list_books", user_requested=True)
    assert all("books" in text for text in ended(fresh)), "how many there are"
    empty = new_walk()
    take(empty, "list_books", user_requested=True)
    empty.steps[0] = empty.steps[0]._replace(result={"books": [], "count": 0})
    said = "nothing", "no rows", "empty"
    assert all(any(word in text.lower() for word in said) for text in ended(empty))


def test_the_order_that_a_one_time_code_is_for_and_its_limit_are_named() -> None:
    bank = load_domain("banking")
    limit = re.compile(r"1,000\b")
    seen: set[str] = set()
    walk = new_walk(bank, 3)
    arguments = {"standing_order_id": "SO1", "amount": 1060.0}
    code = ExecutedCall(
        ToolCall("request_code", {}), {"challenge_id": "CHL1"}, walk.state, walk.state, {}, {}, False, 0
    )
    look = code._replace(call=ToolCall("list_messages", {}), result={"messages": [{"code": "990528"}], "total": 1})
    sources = {"/challenge_id": Output(0, "/challenge_id"), "/code": Output(1, "/messages/0/code")}
    sign = code._replace(
        call=ToolCall("confirm_code", {"challenge_id": "CHL1", "code": "990528"}),
        result={"confirmed": True},
        sources=sources,
    )
    change = code._replace(call=ToolCall("update_standing_order", arguments), result=arguments, user_requested=True)
    walk.steps += [code, look, sign, change]
    for text in said_of(walk, [0]):
        assert limit.search(text), text
        assert "1,060" in text
        seen.add(text)
    assert len(seen) > 6
    assert not any("990528" in text for text in said_of(walk, [1])), "nobody has read it yet"
    confirmed = said_of(walk, [2])
    assert all("990528" in text for text in confirmed)
    assert any("standing order" in text for text in confirmed)
    small = change._replace(call=ToolCall("update_standing_order", {**arguments, "amount": 900.0}))
    walk.steps[3] = small
    assert not any(limit.search(text) for text in said_of(walk, [0])), "900 is not above it"


def test_there_are_enough_frames_and_most_weigh() -> None:
    every = [frame for frames in (*FRAMES.values(), *ENDINGS.values()) for frame in frames if frame]
    assert len(set(every)) == len(every) >= 150
    weighing = re.compile(r"\b(because|but|unless|so|only|instead|since|rather|although|whether|otherwise)\b", re.I)
    assert sum(bool(weighing.search(frame)) for frame in every) > 0.55 * len(every)


@pytest.mark.parametrize("move", [*FRAMES, *ENDINGS])
def test_no_name_runs_into_the_next_word(move: str) -> None:
    """A value is followed by a word in lower case or a mark: "Ada Kern I need" is no name."""
    for frame in (*FRAMES.get(move, ()), *ENDINGS.get(move, ())):
        assert not re.search(r"\} I\b", frame.replace("{source} I", "").replace("{order} I", "")), frame
        assert frame.count("<") == frame.count(">")
        assert all(name for name in PLACEHOLDER.findall(frame))


def test_a_thought_is_cut_to_one_sentence_that_leads_to_its_calls() -> None:
    walk = new_walk()
    take(walk, "list_books")
    take(
        walk,
        "get_book",
        {"book_id": "BOOK005"},
        user_requested=True,
        sources={"/book_id": Output(0, "/books/4/book_id")},
    )
    trace = trace_of(walk)
    for seed in range(30):
        thought = explain(LIBRARY, trace, [], [0], np.random.default_rng(seed))
        short = in_brief(LIBRARY, trace, [0], thought)
        assert len(sentences(short)) == 1
        assert list(reasoning_faults(short, [walk.steps[0].call], [], "", LIBRARY.spec.tools)) == []
    assert in_brief(LIBRARY, trace, [], "It is there. Say so.") == "It is there."


def test_words_of_the_user_are_somebody_elses_in_a_thought() -> None:
    assert their("my savings account") == "their savings account"
    assert their("the account I call Giro") == "the account they call Giro"
    assert their("Mint Tea in me.txt") == "Mint Tea in me.txt"


def test_nobody_looks_while_waiting() -> None:
    """A call that lets time pass goes out alone, even where a look beside it would give the same."""
    world = load_domain("filesystem")
    walk = new_walk(world)
    for tool, arguments in (("whoami", {}), ("wait", {"minutes": 5}), ("whoami", {})):
        take(walk, tool, arguments)
    assert groups(world, walk.steps, 0) == [[0], [1], [2]]
