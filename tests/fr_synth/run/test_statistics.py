"""The figures of a run are sums of the figures of its records, and each can be counted by hand."""

from __future__ import annotations

import pytest

from fr_envs.graph.api_graph import ApiGraph
from fr_synth.run.statistics import Summary, data_chain, passed_on, summarise, totals
from fr_synth.trace.dataflow.provenance import Default, Derived, Output, Provenance, Said
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import given, graph_of, new_walk, record_of, take


def test_a_chain_is_as_long_as_the_longest_way_through_it() -> None:
    assert data_chain([]) == 0
    assert data_chain([{}, {}]) == 1
    assert (
        data_chain([{}, {"/a": Output(0, "/x")}, {"/a": Said(0, "x")}, {"/a": Output(1, "/x"), "/b": Output(2, "/x")}])
        == 3
    )
    assert data_chain([{}, {"/a": Derived("sum", (Default(), Output(0, "/x")))}]) == 2


def test_edges_are_values_that_one_call_gave_and_another_took() -> None:
    calls: list[tuple[str, dict[str, Provenance]]] = [
        ("list_books", {}),
        (
            "borrow_several",
            {"/book_ids/0": Output(0, "/x"), "/book_ids/1": Output(0, "/y"), "/bags": Output(0, "/total")},
        ),
        ("get_book", {"/book_id": Derived("first", (Output(0, "/x"), Said(0, "y")))}),
    ]
    assert passed_on(ODD, calls) == {
        ("list_books", "borrow_several", "book_id"),
        ("list_books", "get_book", "book_id"),
    }


def test_the_summary_of_a_record() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "list_books")
    take(
        walk,
        "borrow",
        {"book_id": "BOOK005"},
        user_requested=True,
        sources={"/book_id": given(walk, "book_id", "BOOK005")},
    )
    walk.next_turn()
    take(
        walk,
        "return_book",
        {"book_id": "BOOK005"},
        user_requested=True,
        sources={"/book_id": given(walk, "book_id", "BOOK005")},
    )
    take(walk, "leave", user_requested=True)
    record = record_of(walk, "Lend me The Weir; Ada Kern.", "Take it back, and my card.")
    assert summarise(record, LIBRARY, LIBRARY.initial(0)) == Summary(
        domain="library",
        turns=2,
        calls=5,
        failed=0,
        dependent=3,  # borrow and return_book take an output; leave needs a card, which the first state has not
        depth=2,
        attempts=7,
        tools=("join", "list_books", "borrow", "return_book", "leave"),
        edges=(("list_books", "borrow", "book_id"), ("list_books", "return_book", "book_id")),
        kinds=("act", "act"),
    )


def summary(domain: str, calls: int, *tools: str) -> Summary:
    return Summary(domain, 2, calls, 1, 1, 3, 4, tools, ((tools[0], tools[-1], "book_id"),))


def test_totals_add_up() -> None:
    graphs = {"library": graph_of(LIBRARY), "odd": ApiGraph(ODD.spec)}
    summaries = [
        summary("library", 5, "list_books", "borrow"),
        summary("library", 4, "list_books", "get_book", "borrow"),
        summary("odd", 1, "list_books"),
    ]
    found = totals(iter(summaries), graphs, {"sampling": 2, "chain": 1})
    assert (found.records, found.turns, found.calls, found.attempts) == (3, 6, 10, 12)
    assert found.calls_per_turn == pytest.approx(1.667)
    assert found.dependent_share == pytest.approx(0.3)
    assert found.mean_depth == 3
    assert list(found.dropped) == ["chain", "sampling"]
    library = found.coverage["library"]
    assert (library.records, library.tools, library.tools_of, library.edges) == (2, 3, 8, 1)
    data = {(edge.source, edge.target, edge.via) for edge in graphs["library"].edges() if edge.relation == "data"}
    assert library.edges_of == len(data)
    assert found.to_json()["coverage"]["odd"]["records"] == 1


def test_totals_of_nothing() -> None:
    found = totals([], {"library": graph_of(LIBRARY)}, {})
    assert (found.records, found.calls_per_turn, found.dependent_share, found.mean_depth) == (0, 0.0, 0.0, 0.0)
    assert found.coverage["library"].tools == 0
