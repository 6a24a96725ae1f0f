"""The advanced tool of a trace: a macro that gives the trace again, runs elsewhere, or says why it cannot.

1. On the state of the trace, with its example, it makes the same calls.
2. On another seed it works with other parameters, or stops at a step and names the reason.
3. Its parameters are what the user said; everything else is data flow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from fr_envs import load_domain
from fr_synth.sample.advanced import abstract
from fr_synth.sample.reaching.reach import Limits
from fr_synth.sample.targets import targets_of
from fr_synth.sample.turns import goal_of, sample_turn
from fr_synth.trace.dataflow.mention import Mention
from fr_synth.trace.dataflow.provenance import Output
from fr_synth.trace.macro import AdvancedTool, MacroParameter, MacroStep, Pick, Take, run
from fr_synth.trace.target import EdgeTarget, ToolTarget
from fr_synth.trace.turn_trace import Reply, TurnTrace
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import by_fields, given, known, new_walk, take

if TYPE_CHECKING:
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.macro import Argument

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


def lending(seed: int, title: str) -> tuple[Walk, AdvancedTool]:
    """Lend the book called so, by way of the list of all books."""
    walk = new_walk(LIBRARY, seed)
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "list_books")
    books = walk.state.books.rows()  # type: ignore[attr-defined]
    value = next(key for key, book in books if book.title == title)
    mention = by_fields(walk, "book_id", value, f"the book called {title}", title=title)
    sources = {"/book_id": given(walk, "book_id", value)}
    take(
        walk,
        "borrow",
        {"book_id": value, "days": 3},
        user_requested=True,
        sources=sources,
        mentions={"/book_id": mention},
    )
    return walk, abstract(LIBRARY, trace_of(walk), "lend", "Lend a book to a new reader.")


def test_a_trace_becomes_parameters_and_data_flow() -> None:
    _, tool = lending(0, "The Weir")
    assert (tool.name, tool.description) == ("lend", "Lend a book to a new reader.")
    assert tool.example == {"name": "Ada Kern", "book_title": "The Weir", "days": 3}
    assert tool.parameters["required"] == ["name", "book_title", "days"]
    assert tool.parameters["properties"]["days"] == {"type": "integer", "minimum": 1, "maximum": 28}
    assert tool.steps == (
        MacroStep("join", {"/name": MacroParameter("name")}),
        MacroStep("list_books", {}),
        MacroStep(
            "borrow",
            {"/book_id": Pick(1, "/books", "book_id", by={"title": "book_title"}), "/days": MacroParameter("days")},
        ),
    )
    assert jsonschema_rs.is_valid(tool.parameters, tool.example)


def test_on_its_own_state_it_makes_the_same_calls() -> None:
    walk, tool = lending(0, "The Weir")
    ran = run(LIBRARY, walk.turn_state, tool, tool.example)
    assert ran.failure == ""
    assert list(ran.calls) == [step.call for step in walk.steps]
    assert list(ran.results) == [step.result for step in walk.steps]
    assert ran.state.digest == walk.state.digest


def test_on_another_seed_it_works_with_other_parameters() -> None:
    _, tool = lending(0, "The Weir")
    for seed in range(1, 8):
        state = LIBRARY.initial(seed)
        ran = run(LIBRARY, state, tool, {"name": "Ben Okoye", "book_title": "Winter Bees", "days": 9})
        assert ran.failure == ""
        assert state.books[ran.calls[-1].arguments["book_id"]].title == "Winter Bees"
        assert ran.results[-1]["due_day"] == 109


@pytest.mark.slow
@pytest.mark.parametrize("world", sorted(WORLDS))
def test_every_sampled_turn_runs_again_and_elsewhere_says_why_not(world: str) -> None:
    domain = WORLDS[world]
    targets = targets_of(domain)
    worked, reasons = 0, 0
    for seed in range(40):
        walk = new_walk(domain, seed)
        for turn in range(2):
            trace = sample_turn(
                walk, targets[(2 * seed + turn) % len(targets)], policy="directed", calls=2, limits=Limits()
            )
            if trace is None:
                break
            tool = abstract(domain, trace, "x", "y")
            assert jsonschema_rs.is_valid(tool.parameters, tool.example)
            here = run(domain, trace.start, tool, tool.example)
            assert (here.failure, list(here.calls)) == ("", [step.call for step in trace.steps])
            assert here.state.digest == trace.end.digest
            there = run(domain, domain.initial(1000 + seed), tool, tool.example)
            worked += not there.failure
            reasons += there.failure.startswith("step ")
            assert len(there.results) == len(tool.steps) or there.failure
            walk.next_turn()
    assert worked
    assert reasons


def test_the_smallest_and_the_largest_are_picked_anew() -> None:
    for seed, way in ((0, "least"), (0, "most"), (3, "least"), (3, "most")):
        walk = new_walk(ODD, seed)
        take(walk, "list_books")
        books = walk.steps[0].result["books"]
        best = (min if way == "least" else max)(books, key=lambda book: book["pages"])
        mention = Mention(0, "book_id", best["book_id"], "that", way, {"pages": best["pages"]}, 0, "/books")  # type: ignore[arg-type]
        sources = {"/book_id": given(walk, "book_id", best["book_id"])}
        take(
            walk,
            "get_book",
            {"book_id": best["book_id"]},
            user_requested=True,
            sources=sources,
            mentions={"/book_id": mention},
        )
        tool = abstract(ODD, trace_of(walk), "x", "y")
        assert tool.example == {}, "which book it is depends on the world alone"
        elsewhere = run(ODD, ODD.initial(50 + seed), tool, {})
        pages = [book["pages"] for book in elsewhere.results[0]["books"]]
        assert elsewhere.results[1]["pages"] == (min if way == "least" else max)(pages)


def test_two_values_for_one_name_become_two_parameters_and_equal_ones_stay_one() -> None:
    walk = new_walk()
    for title in ("The Weir", "Quiet Engines", "The Weir", "Old Harbours"):
        take(walk, "search_books", {"title": title}, user_requested=True)
    tool = abstract(LIBRARY, trace_of(walk), "x", "y")
    assert tool.example == {"title": "The Weir", "title_2": "Quiet Engines", "title_3": "Old Harbours"}
    assert [step.arguments["/title"] for step in tool.steps] == [
        MacroParameter("title"), MacroParameter("title_2"), MacroParameter("title"), MacroParameter("title_3"),
    ]  # fmt: skip


def test_what_an_earlier_turn_gave_is_a_parameter() -> None:
    walk = new_walk()
    take(walk, "list_books")
    walk.next_turn()
    take(
        walk,
        "get_book",
        {"book_id": "BOOK005"},
        user_requested=True,
        sources={"/book_id": given(walk, "book_id", "BOOK005")},
    )
    tool = abstract(LIBRARY, trace_of(walk, first=1), "x", "y")
    assert tool.example == {"book_id": "BOOK005"}
    assert tool.parameters["properties"]["book_id"]["pattern"] == "^BOOK[0-9]{3}$"


def test_a_value_with_no_list_around_it_is_taken_from_its_place() -> None:
    walk = new_walk()
    take(walk, "search_books", {"title": "The Weir"})
    take(
        walk,
        "get_book",
        {"book_id": "BOOK005"},
        user_requested=True,
        sources={"/book_id": given(walk, "book_id", "BOOK005")},
    )
    take(walk, "search_books", {"title": "The Weir"}, user_requested=True, sources={"/title": Output(1, "/title")})
    tool = abstract(LIBRARY, trace_of(walk), "x", "y")
    assert tool.steps[1].arguments == {"/book_id": Take(0, "/books/0/book_id")}
    assert tool.steps[2].arguments == {"/title": Take(1, "/title")}
    ran = run(LIBRARY, LIBRARY.initial(5), tool, {"title": "Old Harbours"})
    assert ran.failure == ""
    assert ran.calls[2].arguments == {"title": "Old Harbours"}


def test_lists_and_objects_are_built_leaf_by_leaf() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books")
    pages = {book["book_id"]: book["pages"] for book in walk.steps[0].result["books"]}
    mentions = {
        f"/book_ids/{i}": by_fields(walk, "book_id", value, "that", title=known(walk, "book_id", value).beside["title"])
        for i, value in enumerate(("BOOK003", "BOOK001"))
    }
    sources = {pointer: given(walk, "book_id", mention.value) for pointer, mention in mentions.items()}
    take(
        walk,
        "borrow_several",
        {"book_ids": ["BOOK003", "BOOK001"]},
        user_requested=True,
        sources=sources,
        mentions=mentions,
    )
    evening = {"evening": {"day": 3, "guests": ["Ada Kern", "Ben Okoye"]}, "room": "hall", "chairs": 4}
    take(walk, "plan_evening", evening, user_requested=True)
    tool = abstract(ODD, trace_of(walk), "x", "y")
    assert tool.example == {
        "book_title": "Quiet Engines", "book_title_2": "A Map of Rain", "evening": 3, "evening_2": "Ada Kern",
        "evening_3": "Ben Okoye", "room": "hall", "chairs": 4,
    }  # fmt: skip
    assert tool.parameters["properties"]["evening"] == {"type": "integer", "minimum": 1, "maximum": 31}
    assert tool.parameters["properties"]["evening_2"]["description"] == "Name of a person."
    assert pages
    ran = run(ODD, walk.turn_state, tool, tool.example)
    assert (ran.failure, list(ran.calls)) == ("", [step.call for step in walk.steps])


def test_a_number_beside_a_value_is_a_parameter_too_and_a_free_place_has_any_value() -> None:
    walk = new_walk()
    take(walk, "list_books")
    mention = by_fields(walk, "book_id", "BOOK005", "the history book of 516 pages", genre="history", pages=516)
    sources = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=sources, mentions={"/book_id": mention})
    tool = abstract(LIBRARY, trace_of(walk), "x", "y")
    assert tool.parameters["properties"] == {"book_genre": {"type": "string"}, "book_pages": {"type": "number"}}
    steps = (walk.steps[0], walk.steps[1]._replace(sources={"/book_id/odd/0": walk.steps[1].sources["/book_id"]}))
    with pytest.raises(LookupError):
        abstract(LIBRARY, trace_of(walk)._replace(steps=steps), "x", "y")


def test_a_schema_without_shape_takes_leaves_of_any_shape() -> None:
    """A foreign tool may declare nothing but "object"; what stands inside is a parameter without a schema."""
    from fr_envs.contract.loading import spec_from_dict
    from fr_envs.world.domain import Domain, Effect
    from tests.fr_envs.small_world import CONTRACT, HOOKS

    free = {
        "description": "Note anything.", "effect": "read", "returns": {}, "request_templates": ["note that"],
        "parameters": {"anything": {"schema": {"type": "object"}}},
    }  # fmt: skip

    def note(state: Any, anything: Json) -> Effect[Any]:
        return Effect(state, {"noted": bool(anything)})

    world: Domain[Any] = Domain(spec_from_dict({**CONTRACT, "tools": {"note": free}}), {"note": note}, HOOKS)
    walk = new_walk(world)
    take(walk, "note", {"anything": {"where": ["here"]}}, user_requested=True)
    tool = abstract(world, trace_of(walk), "x", "y")
    assert tool.parameters["properties"] == {"anything": {}}
    assert run(world, walk.turn_state, tool, {"anything": "there"}).calls[0].arguments == {
        "anything": {"where": ["there"]}
    }


def macro(argument: Argument) -> AdvancedTool:
    """List the books, then tell about one of them."""
    steps = (MacroStep("list_books", {}), MacroStep("get_book", {"/book_id": argument}))
    return AdvancedTool("x", "y", {}, steps, {})


@pytest.mark.parametrize(
    ("argument", "given_now", "failure"),
    [
        (MacroParameter("book"), {}, "step 1 (get_book): parameter 'book' is missing"),
        (Take(0, "/books/9/book_id"), {}, "step 1 (get_book): step 0 gave nothing at /books/9/book_id"),
        (
            Pick(0, "/books", "book_id", by={"genre": "genre", "pages": "pages"}),
            {"genre": "poetry"},
            "step 1 (get_book): parameter 'pages' is missing",
        ),
        (
            Pick(0, "/books", "book_id", by={"genre": "genre", "pages": "pages"}),
            {"genre": "poetry", "pages": 1},
            "step 1 (get_book): 0 of 7 in /books have genre 'poetry', pages 1; it takes exactly one",
        ),
        (
            Pick(0, "/books", "book_id", by={"genre": "genre"}),
            {"genre": "history"},
            "step 1 (get_book): 4 of 7 in /books have genre 'history'; it takes exactly one",
        ),
        (
            Pick(0, "/loans", "book_id", by={"genre": "genre"}),
            {"genre": "history"},
            "step 1 (get_book): 0 of 0 in /loans have genre 'history'; it takes exactly one",
        ),
        (
            Pick(0, "/books", "book_id", extreme="weight"),
            {},
            "step 1 (get_book): 0 of 7 in /books have the extreme weight; it takes exactly one",
        ),
        (
            MacroParameter("book"),
            {"book": "BOOK900"},
            "step 1 (get_book): no_such_book: There is no book BOOK900.",
        ),
    ],
)
def test_a_macro_that_cannot_go_on_says_why(argument: Argument, given_now: dict[str, Json], failure: str) -> None:
    start = LIBRARY.initial(0)
    ran = run(LIBRARY, start, macro(argument), given_now)
    assert ran.failure == failure
    assert ran.state is start
    assert [call.name for call in ran.calls][:1] == ["list_books"]
    assert len(ran.results) == 1


def test_a_pick_of_a_member_that_is_not_there_is_a_reason_too() -> None:
    ran = run(LIBRARY, LIBRARY.initial(0), macro(Pick(0, "/books", "isbn", by={"genre": "genre"})), {"genre": "poetry"})
    assert ran.failure == "step 1 (get_book): the one of /books that fits has no isbn"


def test_the_members_of_an_item_come_together() -> None:
    step = MacroStep("join", {f"/guests/{place}": MacroParameter(place) for place in ("0/name", "0/age", "1/name")})
    given_now = {"0/name": "Ada", "0/age": 7, "1/name": "Ben"}
    (call,) = run(LIBRARY, LIBRARY.initial(0), AdvancedTool("x", "y", {}, (step,), {}), given_now).calls
    assert call.arguments == {"guests": [{"name": "Ada", "age": 7}, {"name": "Ben"}]}


def test_what_went_through_before_a_failure_stays() -> None:
    tool = AdvancedTool("x", "y", {}, (MacroStep("join", {"/name": MacroParameter("name")}), MacroStep("leave", {}), MacroStep("leave", {})), {})  # noqa: E501  # fmt: skip
    start = LIBRARY.initial(0)
    ran = run(LIBRARY, start, tool, {"name": "Ada Kern"})
    assert ran.failure.startswith("step 2 (leave): no_card: ")
    assert [call.name for call in ran.calls] == ["join", "leave", "leave"]
    assert ran.state.digest != start.digest, "the counter of cards has moved"


@pytest.mark.slow
def test_a_value_that_words_find_elsewhere_is_taken_from_where_it_came() -> None:
    """The user names an account as the list shows it; the call takes it from what the closure gave back."""
    bank, edge = load_domain("banking"), EdgeTarget("confirm_account_closure", "list_statements", "account_id")
    pointed = 0
    for seed in range(40):
        walk = new_walk(bank, seed)
        trace = sample_turn(walk, edge, policy="directed", calls=2, limits=Limits())
        if trace is None:
            continue
        elsewhere = [
            mention
            for step in trace.steps
            for pointer, mention in step.mentions.items()
            if isinstance(source := step.sources[pointer], Output) and source.step != mention.step and mention.group
        ]
        pointed += bool(elsewhere)
        tool = abstract(bank, trace, "", "")
        assert run(bank, trace.start, tool, tool.example).failure == ""
    assert pointed
