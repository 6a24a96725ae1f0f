"""How calls come out, counted.

1. Each yes or no, each list and each call counts by itself; what never reached its tool counts nowhere.
2. What is nearly always the same is named, unless it is too seldom; that calls work is what one expects.
3. An exception of the contract comes with its reason, and one for what is no outcome is a fault.
"""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

import msgspec
import pytest

import env_specs
from fr_envs import load_spec
from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.reach_checks import outcome_places
from fr_envs.contract.writing import contract_data
from fr_envs.errors import SpecError
from fr_synth.run.outcomes import count_outcomes, one_sided
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.walks import new_walk, record_of, take

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.trace.records import CallRecord

DATA = contract_data(LIBRARY.spec)


def with_steady(tool: str, steady: JsonObject) -> JsonObject:
    return {**DATA, "tools": {**DATA["tools"], tool: {**DATA["tools"][tool], "steady": steady}}}


def calls() -> list[CallRecord]:
    walk = new_walk()
    take(walk, "search_books", {"title": "The"}, user_requested=True)
    take(walk, "list_books", user_requested=True)
    shown, listed = record_of(walk, "What do you have?").calls
    return [shown, msgspec.structs.replace(shown, result={"books": []}), listed]


def test_every_place_of_two_outcomes_counts() -> None:
    counted = count_outcomes(LIBRARY.spec, calls())
    assert counted == {
        ("search_books", "works", "yes"): 2, ("search_books", "books", "some"): 1,
        ("search_books", "books", "empty"): 1,
        ("list_books", "works", "yes"): 1, ("list_books", "books", "some"): 1,
    }  # fmt: skip


def test_calls_that_fail_count_as_such_and_those_that_a_fault_met_do_not() -> None:
    first, *_ = calls()
    refused = msgspec.structs.replace(first, error="no_card")
    struck = msgspec.structs.replace(first, error="service_unavailable")
    strange = msgspec.structs.replace(first, name="no_such_tool")
    assert count_outcomes(LIBRARY.spec, [refused, struck, strange]) == {("search_books", "works", "no"): 1}


def test_yes_or_no_within_rows_counts_row_by_row() -> None:
    banking = load_spec("banking")
    assert "subscriptions.*.blocked" in outcome_places(banking, banking.tools["list_subscriptions"])
    (call, *_) = calls()
    rows = [{"blocked": False}, {"blocked": True}, {"blocked": None}, {}]
    listing = msgspec.structs.replace(call, name="list_subscriptions", result={"subscriptions": rows, "count": 4})
    counted = count_outcomes(banking, [listing])
    assert counted["list_subscriptions", "subscriptions.*.blocked", "false"] == 1
    assert counted["list_subscriptions", "subscriptions.*.blocked", "true"] == 1
    assert counted["list_subscriptions", "subscriptions", "some"] == 1


def test_what_is_nearly_always_the_same_is_named() -> None:
    spec = spec_from_dict(with_steady("list_books", {"books": "A library has books."}))
    counted = collections.Counter({
        ("list_books", "works", "yes"): 40, ("list_books", "books", "some"): 40,
        ("search_books", "works", "no"): 90, ("search_books", "works", "yes"): 10,
        ("search_books", "books", "empty"): 8, ("search_books", "books", "some"): 2,
    })  # fmt: skip
    found = one_sided(spec, counted)
    assert [(each.tool, each.place, each.outcome, each.share, each.uses) for each in found] == [
        ("search_books", "works", "no", 0.9, 100), ("list_books", "books", "some", 1.0, 40),
    ]  # fmt: skip
    assert [each.reason for each in found] == ["", "A library has books."]
    assert len(one_sided(spec, counted, most=0.79)) == 3, "eight of ten are too many then"
    assert len(one_sided(spec, counted, least=50)) == 1


@pytest.mark.parametrize("place", ["book", "books.*.title", "total", ""])
def test_what_is_called_steady_has_to_be_an_outcome(place: str) -> None:
    with pytest.raises(SpecError, match="steady") as raised:
        spec_from_dict(with_steady("list_books", {place: "So it is."}))
    assert place == "" or raised.value.fix == "name one of works, books"


def test_exceptions_come_out_of_a_contract_as_they_went_in() -> None:
    for name in env_specs.names():
        spec = load_spec(name)
        again = spec_from_dict(contract_data(spec), spec.source)
        assert {each.name: each.steady for each in again.tools.values()} == {
            t.name: t.steady for t in spec.tools.values()
        }
        assert any(tool.steady for tool in spec.tools.values())
