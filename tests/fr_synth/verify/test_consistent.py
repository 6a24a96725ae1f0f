"""What was looked up for one thing is used for that thing alone.

1. A value with a scope goes with the entity that it was listed for.
2. A supporting call takes what its own turn says.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.contract.loading import spec_from_dict
from fr_envs.errors import SpecError
from fr_envs.world.tool_call import ToolCall
from fr_synth.trace.dataflow.provenance import Said
from fr_synth.verify.calls.consistent import consistent
from fr_synth.verify.evidence import gather
from tests.fr_envs.small_world import CONTRACT, LIBRARY
from tests.fr_synth.walks import new_walk, record_of, take

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain
    from fr_synth.trace.records import Dialogue


def problems(dialogue: Dialogue, domain: Domain[Any]) -> list[str]:
    return list(consistent(gather(dialogue, domain)))


@pytest.mark.parametrize("wrong", ["nothing", "loan_id"])
def test_a_scope_has_to_be_another_kind(wrong: str) -> None:
    kinds = {**CONTRACT["kinds"], "loan_id": {**CONTRACT["kinds"]["loan_id"], "scope": [wrong]}}
    with pytest.raises(SpecError, match="/kinds/loan_id/scope/0: no other kind"):
        spec_from_dict({**CONTRACT, "kinds": kinds})


def insured(listed: int, bought: int) -> list[str]:
    """Problems of a dialogue in which plans are listed for one booking and one is bought for another or the same."""
    travel = load_domain("travel")
    for seed in itertools.count():
        walk = new_walk(travel, seed)
        rows = take(walk, "list_bookings").result["bookings"]
        able = [row["booking_id"] for row in rows if _insurable(walk.state, travel, row["booking_id"])]
        if len(able) > 1:
            plans = take(walk, "list_insurance_plans", {"booking_id": able[listed]}).result["plans"]
            pay = take(walk, "list_payment_methods").result["payment_methods"][0]["payment_method_id"]
            arguments = {"booking_id": able[bought], "plan_id": plans[0]["plan_id"], "payment_method_id": pay}
            if travel.apply(walk.state, ToolCall("buy_insurance", arguments)).error is None:
                take(walk, "buy_insurance", arguments, user_requested=True)
                return problems(record_of(walk, "Insure it.", seed=seed), travel)
    raise AssertionError("unreachable")


def _insurable(state: Any, travel: Domain[Any], booking: str) -> bool:
    return travel.apply(state, ToolCall("list_insurance_plans", {"booking_id": booking})).error is None


def test_a_value_goes_with_what_it_was_listed_for() -> None:
    assert insured(listed=0, bought=0) == []
    (problem,) = insured(listed=0, bought=1)
    assert "uses the plan_id" in problem
    assert "which was listed for" in problem


def test_a_supporting_call_takes_no_value_of_an_earlier_turn_where_its_own_says_another() -> None:
    walk = new_walk()
    take(walk, "search_books", {"title": "The Weir"}, user_requested=True)
    walk.next_turn()
    take(walk, "search_books", {"title": "The Weir"}, sources={"/title": Said(0, "The Weir")})
    take(walk, "search_books", {"title": "Rain"}, user_requested=True, sources={"/title": Said(1, "Rain")})
    record = record_of(walk, "Do you have The Weir?", "And do you have Rain?")
    (problem,) = problems(record, LIBRARY)
    assert "takes the title 'The Weir' from an earlier turn" in problem
    calls = (record.calls[0], msgspec.structs.replace(record.calls[1], user_requested=True), record.calls[2])
    assert problems(msgspec.structs.replace(record, calls=calls), LIBRARY) == []
