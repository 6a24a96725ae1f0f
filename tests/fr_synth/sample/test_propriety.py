"""What nobody would ask for is not sampled.

1. One thing is not named twice in a request.
2. What an earlier turn brought about is not taken back.
3. Nothing is asked twice for the same answer.
4. What calls on the way need stands in the requests.
5. Rights that were taken are given up.
6. What something belongs to names a value only for an argument of the same role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fr_envs import load_domain
from fr_envs.world.tool_call import ToolCall
from fr_synth.sample.arguments.binding import bindings
from fr_synth.sample.arguments.pointing import is_of_one_role, refer
from fr_synth.sample.propriety import giving_up, improper
from fr_synth.sample.reaching.reach import Limits
from fr_synth.sample.targets import targets_of
from fr_synth.sample.turns import sample_turn
from fr_synth.sample.walk import WalkSettings
from fr_synth.sample.weights import SamplerWeights
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.mention import Mention
from fr_synth.trace.dataflow.provenance import Output, Said
from fr_synth.trace.target import ToolTarget
from fr_synth.verify.calls.necessity import unneeded
from tests.fr_synth.walks import given, new_walk, take, without_roles

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

FILES = load_domain("filesystem")


def asked(name: str, arguments: JsonObject) -> ExecutedCall:
    """A request that the user makes, between states that do not matter but that they differ."""
    before, after = FILES.initial(0), FILES.initial(1)
    sources = {f"/{each}": Said(0, str(value)) for each, value in arguments.items()}
    return ExecutedCall(ToolCall(name, arguments), {}, before, after, sources, {}, user_requested=True, turn=0)


@pytest.mark.parametrize(
    ("tool", "first", "second"), [("diff", "path", "other"), ("cp", "source", "destination"), ("cmp", "path", "other")]
)
def test_nothing_is_compared_with_itself(tool: str, first: str, second: str) -> None:
    walk = new_walk(FILES)
    assert improper(walk, [asked(tool, {first: "/a/x.txt", second: "/a/x.txt"})]) == "one thing twice"
    assert improper(walk, [asked(tool, {first: "/a/x.txt", second: "/a/y.txt"})]) == ""


def test_what_anybody_can_make_up_may_come_twice() -> None:
    words = asked("replace_in_file", {"path": "/a", "old": "x", "new": "x"})
    assert improper(new_walk(FILES), [words]) == ""


def test_what_an_earlier_turn_did_is_not_taken_back() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"}, user_requested=True)
    walk.next_turn()
    back = walk.fork()
    take(back, "leave", user_requested=True)
    assert improper(walk, back.turn_steps()) == "taken back"
    hidden = new_walk()
    take(hidden, "join", {"name": "Ada Kern"})
    hidden.next_turn()
    again = hidden.fork()
    take(again, "leave", user_requested=True)
    assert improper(hidden, again.turn_steps()) == "", "nobody asked for the first"


def test_nothing_is_asked_twice_for_one_answer() -> None:
    walk = new_walk()
    take(walk, "list_books", user_requested=True)
    walk.next_turn()
    again = walk.fork()
    take(again, "list_books", user_requested=True)
    assert improper(walk, again.turn_steps()) == "asked before"
    other = walk.steps[0]._replace(result={"books": [], "count": 0})
    walk.steps[0] = other
    assert improper(walk, again.turn_steps()) == "", "things have changed since"


def test_what_a_look_up_needs_is_said_by_a_request() -> None:
    walk = new_walk()
    take(walk, "search_books", {"title": "The"}, sources={"/title": Said(0, "The Weir")})
    sources = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=sources)
    before = new_walk()
    assert improper(before, walk.steps) == "told beside"
    mention = Mention(0, "book_id", "BOOK005", "the book called The Weir", "fields", {"title": "The Weir"}, 0, "/books")
    named = walk.steps[1]._replace(mentions={"/book_id": mention})
    assert improper(before, [walk.steps[0], named]) == ""
    entering = new_walk()
    take(entering, "join", {"name": "Ada Kern"}, sources={"/name": Said(0, "Ada Kern")})
    take(entering, "list_books", user_requested=True)
    assert improper(before, entering.steps) == "", "what lets one in is told beside"


def test_rights_are_given_up_when_they_have_served() -> None:
    walk = new_walk(FILES, 3)
    found = 0
    for seed in range(60):
        walk = new_walk(FILES, seed)
        target = ToolTarget("chown")
        trace = sample_turn(walk, target, policy="directed", calls=1, limits=Limits())
        names = [] if trace is None else [step.call.name for step in trace.steps]
        if trace is None or "su" not in names:
            continue
        found += 1
        assert names[-1] == "exit"
        assert not FILES.holds(trace.end, "privileged")
        assert not unneeded(FILES, trace.start, trace.steps, trace.goal, set(), trace.first)
        kept = list(trace.steps[:-1])
        assert [step.call.name for step in giving_up(walk, kept)][-1] == "exit", "it fails without"
        assert giving_up(walk, list(trace.steps)) == list(trace.steps), "once is enough"
    assert found >= 2


def test_a_day_of_something_else_is_no_day_for_this() -> None:
    plain = without_roles("travel")
    walk = new_walk(plain, 1)
    take(walk, "list_invoices")
    found = next(each for each in walk.knowledge.sources("date", walk.steps[0].result["invoices"][0]["date"]))
    mention = Mention(0, "date", found.value, "the date of that invoice", "of", {}, 0, found.group)
    assert is_of_one_role(walk, "date", mention), "without roles, names are all that is known"
    assert not is_of_one_role(walk, "check_in", mention)
    assert is_of_one_role(walk, "", mention), "an item of a list has no name"


def test_roles_say_what_a_value_is_for_whatever_arguments_are_called() -> None:
    walk = new_walk(load_domain("travel"), 1)
    take(walk, "list_invoices")
    take(walk, "list_stays")
    invoice, stay = walk.steps[0].result["invoices"][0]["date"], walk.steps[1].result["stays"][0]
    assert [walk.permitted("date", invoice, role) for role in ("departure day", "stay start")] == [(), ()]
    assert refer(walk, "date", invoice, step=0, role="stay start") is None
    places = walk.permitted("date", stay["check_out"], "departure day")
    place = next(each for each in places if each.role == "stay end")
    mention = Mention(0, "date", place.value, "the day I check out", "of", {}, 1, place.group)
    assert is_of_one_role(walk, "date", mention, "departure day"), "one flies home then"


def test_a_value_that_is_for_something_else_is_never_bound() -> None:
    with_roles = {"departure day", "stay start", "stay end", "rental start", "rental end", "today"}
    found, weights = 0, SamplerWeights(take_output=1, take_looked_up=1)
    for seed in range(6):
        for domain, roles in ((load_domain("travel"), with_roles), (without_roles("travel"), {""})):
            walk = new_walk(domain, seed, settings=WalkSettings(weights=weights))
            for tool in ("list_invoices", "list_points_activity", "list_stays", "list_bookings"):
                take(walk, tool)
            for binding in bindings(walk, "search_hotels", user_requested=False, tries=6):
                source = binding.sources["/check_in"]
                if isinstance(source, Output):
                    found += 1
                    places = walk.knowledge.sources("date", binding.arguments["check_in"])
                    assert {each.role for each in places if Output(each.step, each.pointer) == source} <= roles
    assert found >= 3


@pytest.mark.parametrize("world", ["banking", "filesystem", "travel"])
def test_sampled_turns_keep_every_rule(world: str) -> None:
    domain = load_domain(world)
    targets, seen = targets_of(domain), 0
    for seed in range(20):
        walk = new_walk(domain, seed)
        for turn in range(2):
            before = walk.fork()
            target = targets[(5 * seed + turn) % len(targets)]
            trace = sample_turn(walk, target, policy="directed", calls=3, limits=Limits())
            if trace is None:
                break
            seen += 1
            assert improper(before, trace.steps) == ""
            walk.next_turn()
    assert seen >= 20
