"""A turn holds what its requests need and nothing else, and leaves the world as its goal says.

1. Every call is needed; every request leaves a trace or an answer; no request takes another one back.
2. A turn that does not work out takes nothing.
3. Taking out calls renumbers what the rest rests on.
4. An edge as the target is walked along: the consumer takes what the producer gave.
5. Of what has been looked up nobody has spoken yet, the look-up is a turn of its own: one asks for cars, then for one.
6. Where the weights keep looks apart, a first turn that shows something asks for nothing more, if that tells anything.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.episode.task import judge
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect
from fr_synth.sample.reaching.reach import Limits
from fr_synth.sample.targets import edges_of, targets_of
from fr_synth.sample.trimming import needless
from fr_synth.sample.turns import goal_of, sample_turn
from fr_synth.sample.walk import WalkSettings
from fr_synth.sample.weights import DEFAULT_WEIGHTS
from fr_synth.trace.dataflow.provenance import Derived, Output, Said
from fr_synth.trace.target import EdgeTarget, ToolTarget
from fr_synth.trace.turn_trace import PendingTarget, Reply, TurnTrace
from fr_synth.verify.calls.necessity import unneeded
from tests.fr_envs.small_world import HOOKS, LIBRARY, library
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import graph_of, new_walk, part_of_library, take

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.target import Target

WORLDS: dict[str, Domain[Any]] = {
    "library": LIBRARY,
    "odd": ODD,
    "filesystem": load_domain("filesystem"),
    "travel": load_domain("travel"),
}


def sampled(walk: Walk, target: Target, calls: int = 3, **limits: Any) -> TurnTrace | None:
    return sample_turn(walk, target, policy="directed", calls=calls, limits=Limits(**limits))


@functools.cache
def traces(world: str, count: int) -> list[tuple[Walk, TurnTrace]]:
    """Second turns, so that there is something to go back to; the targets take turns. Shared: not to be changed."""
    domain = WORLDS[world]
    targets = targets_of(domain)
    found = []
    for seed in range(count):
        walk = new_walk(domain, seed)
        if sampled(walk, targets[(seed * 7 + 3) % len(targets)]) is None:
            continue
        walk.next_turn()
        trace = sampled(walk, targets[seed % len(targets)])
        if trace is not None:
            found.append((walk, trace))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("world", sorted(WORLDS))
def test_a_turn_is_whole_and_holds_nothing_needless(world: str) -> None:
    domain = WORLDS[world]
    found = traces(world, 60)
    assert len(found) >= 20
    for walk, trace in found:
        assert walk.steps[trace.first :] == list(trace.steps)
        assert walk.state is trace.end
        results = [step.result for step in trace.steps]
        assert judge(trace.goal, trace.start, trace.end, results, "").score == 1
        assert judge(trace.goal, trace.start, trace.start, [], "").score < 1
        ran = list(trace.steps)
        assert unneeded(domain, trace.start, ran, trace.goal, set(), trace.first) == []
        assert trace.target in [ToolTarget(step.call.name) for step in trace.steps if step.user_requested]
        for number, step in enumerate(trace.steps, start=trace.first):
            outputs = [source.step for source in step.sources.values() if isinstance(source, Output)]
            assert all(source < number for source in outputs)
            assert all(mention.step < number for mention in step.mentions.values())


def test_a_turn_gets_about_as_many_calls_as_it_should() -> None:
    short: list[int] = []
    long: list[int] = []
    for seed in range(25):
        for calls, lengths in ((1, short), (4, long)):
            trace = sampled(new_walk(LIBRARY, seed), ToolTarget("borrow"), calls)
            lengths.append(len(trace.steps) if trace else 0)
    assert sum(long) > sum(short)


def test_further_wishes_go_with_what_the_turn_is_about() -> None:
    several = 0
    for _, trace in traces("travel", 60):
        requests = [step for step in trace.steps if step.user_requested]
        several += len(requests) > 1
        assert len({step.call.name for step in requests}) == len(requests), "nobody asks for one thing twice"
    assert several > 5


@pytest.mark.slow
@pytest.mark.parametrize("world", sorted(WORLDS))
def test_an_edge_is_walked_along(world: str) -> None:
    domain = WORLDS[world]
    edges = edges_of(graph_of(domain))
    walked = 0
    for seed, edge in enumerate(edges[:: max(1, len(edges) // 30)]):
        walk = new_walk(domain, seed)
        trace = sampled(walk, edge)
        if trace is None:
            continue
        for turns in (1, 2):
            if trace is not None and trace.target != edge:
                assert walk.pending == PendingTarget(edge, turns), "it goes on in the next turn"
                walk.next_turn()
                trace = sampled(walk, edge)
        if trace is None or trace.target != edge:
            continue
        walked += 1
        assert trace.target == edge
        assert any(
            isinstance(source, Output) and walk.steps[source.step].call.name == edge.producer
            for step in trace.steps
            if step.call.name == edge.tool
            for source in step.sources.values()
        ), edge
    assert walked > 3


def test_a_target_is_led_up_to_in_two_turns_at_most() -> None:
    walk = new_walk(WORLDS["library"])
    walk.put_off(EdgeTarget("list_books", "get_book", "no_such_kind"), 2)
    trace = sampled(walk, ToolTarget("list_books"))
    assert trace is not None
    assert trace.target == ToolTarget("list_books")
    assert walk.pending is None


def test_what_no_request_could_tell_is_asked_for_first() -> None:
    """Where and when stand in the search alone, so nobody can ask for a car without having asked which there are."""
    hired = 0
    for seed in range(4):
        walk = new_walk(WORLDS["travel"], seed)
        turns: list[TurnTrace] = []
        for _ in range(3):
            trace = sampled(walk, ToolTarget("rent_car"), 1, misses=5, ways=1)
            turns += [trace] if trace is not None else []
            walk.next_turn()
        asked = [[step.call.name for step in turn.steps if step.user_requested] for turn in turns]
        for number, requests in enumerate(asked):
            if "rent_car" in requests:
                hired += 1
                assert ["search_cars"] in asked[:number]
    assert hired


def test_an_edge_whose_giver_cannot_be_reached_is_not_walked() -> None:
    walk = new_walk(ODD)
    assert sampled(walk, EdgeTarget("write_blurb", "get_book", "book_id")) is None
    assert walk.steps == []


def test_a_target_out_of_reach_takes_nothing() -> None:
    walk = new_walk(ODD)
    assert sampled(walk, ToolTarget("write_blurb"), 1) is None
    assert (walk.steps, walk.state) == ([], walk.turn_state)


def test_needless_calls_are_those_that_the_last_one_can_do_without() -> None:
    walk = new_walk()
    take(walk, "list_books")
    take(walk, "search_books", {"title": "The Weir"})
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "get_book", {"book_id": "BOOK001"}, sources={"/book_id": Output(0, "/books/0/book_id")})
    take(
        walk, "borrow", {"book_id": "BOOK005"}, user_requested=True, sources={"/book_id": Output(1, "/books/0/book_id")}
    )
    assert needless(LIBRARY, walk.steps) == [True, False, False, True, False]
    later = [step._replace(sources={"/book_id": Output(7, "/x")}) for step in walk.steps[:1]]
    assert needless(LIBRARY, later, first=6) == [False]


def test_what_is_left_rests_on_the_calls_that_are_left() -> None:
    """A sampled turn drops detours; its sources have to follow, derived ones too."""
    from fr_synth.sample.trimming import _renumbered

    source = Derived("sum", (Output(4, "/a"), Said(0, "x"), Derived("first", (Output(9, "/b"),))))
    assert _renumbered(source, {4: 1}) == Derived(
        "sum", (Output(1, "/a"), Said(0, "x"), Derived("first", (Output(9, "/b"),)))
    )


def test_a_call_that_comes_out_otherwise_without_its_detours_spoils_the_turn() -> None:
    """Loans are numbered, and a number taken by a call that is left out shifts the rest."""
    count = {"calls": 0}

    def moody(state: Any, book_id: str) -> Effect[Any]:
        count["calls"] += 1
        book = state.books[book_id]
        entry = {"book_id": book_id, "title": book.title, "genre": book.genre, "pages": count["calls"]}
        return Effect(state, {**entry, "loan_id": None, "stars": []})

    world = part_of_library("list_books", "get_book", get_book=moody)
    assert sampled(new_walk(world), ToolTarget("get_book")) is None, "run again, it gave something else"


def test_a_refusal_when_run_again_spoils_the_turn() -> None:
    count = {"calls": 0}

    def shy(state: Any, book_id: str) -> Effect[Any]:
        count["calls"] += 1
        if count["calls"] % 2 == 0:
            raise Refusal("no_such_book")
        book = state.books[book_id]
        entry = {"book_id": book_id, "title": book.title, "genre": book.genre, "pages": book.pages}
        return Effect(state, {**entry, "loan_id": None, "stars": []})

    world = part_of_library("list_books", "get_book", get_book=shy)
    assert sampled(new_walk(world), ToolTarget("get_book"), news=False) is None


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_no_request_puts_a_row_back_as_it_was_before_another_one(world: str) -> None:
    for _, trace in traces(world, 60):
        requests = [step for step in trace.steps if step.user_requested]
        for k, later in enumerate(requests):
            for earlier in requests[:k]:
                before = {(c.table, c.key): c.before for c in earlier.before.diff(earlier.after)}
                after = {(c.table, c.key): c.after for c in later.before.diff(later.after)}
                assert not [
                    place
                    for place in before.keys() & after.keys()
                    if before[place] == after[place] and before[place] is not None
                ]


def test_a_goal_holds_the_changes_and_answers_that_were_asked_for() -> None:
    walk = new_walk()
    start = walk.state
    steps = [
        take(walk, "join", {"name": "Ada Kern"}),
        take(walk, "borrow", {"book_id": "BOOK001"}, user_requested=True),
    ]
    goal = goal_of(LIBRARY, steps, start, walk.state, Reply("", ()))
    assert {(change.table, change.key) for change in goal.changes} == {("counters", "loan"), ("loans", "LOAN0001")}, (
        "a card is the way there, a counter moved by the request is part of it"
    )
    assert goal.incidental == tuple(sorted(HOOKS.incidental))
    asked = [steps[0]._replace(user_requested=True), steps[1]]
    tables = {change.table for change in goal_of(LIBRARY, asked, start, walk.state, Reply("", ())).changes}
    assert tables == {"counters", "desk", "loans"}


def test_a_request_that_leaves_no_trace_makes_no_turn() -> None:
    from fr_synth.sample.turns import _finish

    walk = new_walk(ODD)
    ahead = walk.fork()
    steps = [
        take(ahead, tool, {"title": title}, user_requested=True)
        for tool, title in (("wish_for", "The Weir"), ("wish_for", "Sea Salt"), ("drop_wish", "The Weir"))
    ]
    whole = _finish(walk, ToolTarget("wish_for"), steps[:2])
    assert whole is not None
    assert len(whole.goal.changes) == 2
    assert _finish(walk, ToolTarget("wish_for"), steps) is None, "of one of two wishes nothing is left"


def test_a_read_with_nothing_to_tell_makes_no_turn() -> None:
    from tests.fr_envs.small_world import CONTRACT

    mute = {**CONTRACT["tools"]["list_books"], "response_templates": ["There are books."]}
    world = library({**CONTRACT, "tools": {**CONTRACT["tools"], "list_books": mute}})
    assert sampled(new_walk(world), ToolTarget("list_books"), news=False) is None


def test_one_write_for_one_thing() -> None:
    """Two writes about the same book are two requests that an everyday request does not hold."""
    for seed in range(60):
        walk = new_walk(LIBRARY, seed)
        trace = sampled(walk, ToolTarget("review_book"), 6)
        books = [
            step.call.arguments["book_id"]
            for step in (trace.steps if trace else ())
            if step.user_requested
            and LIBRARY.spec.tools[step.call.name].effect == "write"
            and "book_id" in step.call.arguments
        ]
        if books and trace is not None and next(s.call.name for s in trace.steps if s.user_requested) == "review_book":
            assert len(books) == len(set(books))


APART = WalkSettings(
    4, 0.0, msgspec.structs.replace(DEFAULT_WEIGHTS, looks_apart=True, requests=(1.0,), lone_calls=1.0)
)


@pytest.mark.parametrize(
    ("edge", "first"),
    [
        (EdgeTarget("list_alerts", "set_overdraft", "account_id"), ["list_alerts"]),
        (EdgeTarget("get_card", "set_overdraft", "account_id"), ["get_card", "set_overdraft"]),  # the list told it all
        (EdgeTarget("freeze_card", "set_overdraft", "account_id"), ["freeze_card", "set_overdraft"]),
    ],
)
def test_one_looks_and_then_goes_on(edge: EdgeTarget, first: list[str]) -> None:
    banking, seen = load_domain("banking"), 0
    for seed in range(6):
        walk = new_walk(banking, seed, settings=APART)
        trace = sampled(walk, edge)
        if trace is not None and edge.producer in {step.call.name for step in trace.steps if step.user_requested}:
            assert [step.call.name for step in trace.steps if step.user_requested] == first
            seen += 1
    assert seen > 1
