"""Whoever wants something corrected says what: a change of a thing has more than the thing."""

from __future__ import annotations

from typing import Any

import pytest

from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.adapters.world_file import ready
from fr_envs.contract.loading import spec_from_dict
from fr_synth.sample.arguments.binding import bindings
from fr_synth.sample.reaching.reach import attempt
from fr_synth.sample.walk import WalkSettings
from fr_synth.sample.weights import DEFAULT_WEIGHTS, PLAIN_WEIGHTS, SamplerWeights
from tests.fr_synth.sample.purpose.harbour import SPEC, Harbour
from tests.fr_synth.walks import new_walk


def with_change(name: str) -> Any:
    """The harbour with a tool more: of a berth a day may be given, and need not."""

    class Rebuilt(Harbour):
        """A harbour whose berths change."""

    def change(self: Harbour, berth_id: str, day: str | None = None) -> dict[str, Any]:
        """Correct what is known of a berth."""
        self.berths[berth_id]["day"] = day
        return {"berth_id": berth_id}

    setattr(Rebuilt, name, change)
    tools: Any = SPEC["tools"]
    day = {**tools["move_hire"]["parameters"]["day"], "default": None, "clause": "on {}"}
    tool = {
        **tools["pay_hire"],
        "parameters": {"berth_id": {"kind": "berth_id"}, "day": day},
        "returns": {"berth_id": {"kind": "berth_id"}},
        "request_templates": ["correct {berth_id}"],
    }
    spec = spec_from_dict({**SPEC, "tools": {**tools, name: tool}})
    return ready(domain_from_object(Rebuilt, name="harbour", spec=spec))


def day_named(name: str, weights: SamplerWeights) -> set[bool]:
    walk = new_walk(with_change(name), 3, settings=WalkSettings(weights=weights))
    assert attempt(walk, "list_berths", user_requested=True)
    walk.next_turn()
    found = [bindings(walk, name, user_requested=True, tries=40) for _ in range(5)]
    return {"day" in each.arguments for drawn in found for each in drawn}


@pytest.mark.parametrize("name", ["update_berth", "correct"])
def test_no_change_is_asked_for_without_what_changes(name: str) -> None:
    assert day_named(name, PLAIN_WEIGHTS) == {True}
    assert day_named(name, DEFAULT_WEIGHTS) == {True, False}


def test_what_may_be_left_out_of_any_other_request_is_left_out() -> None:
    assert day_named("inspect_berth", PLAIN_WEIGHTS) == {True, False}
