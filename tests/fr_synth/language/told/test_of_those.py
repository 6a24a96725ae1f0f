"""Changes told: what came of them for those whom they name, things that are several, things that were found before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fr_envs.contract.loading import spec_from_dict
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.told.composing import result_told
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import Said
from tests.fr_synth.walks import new_walk

TEXT = {"schema": {"type": "string"}}
COUNT = {"schema": {"type": "integer"}}
CREW, FIND = {"kind": "crew_id"}, {"kind": "item_id"}
CREW_ROW = {"crew_id": CREW, "name": TEXT, "points": COUNT}
RUN = {"run_id": {"schema": {"type": "string"}}, "skipper": TEXT, "seats": COUNT, "guests": {"array": TEXT}}
FIND_ROW = {"item_id": FIND, "title": TEXT, "location": TEXT, "found_on": TEXT}


def _tool(effect: str, parameters: Any, returns: Any, *asks: str) -> dict[str, Any]:
    return {"description": f"{asks[0].capitalize()}.", "effect": effect, "parameters": parameters, "returns": returns,
            "request_templates": list(asks)}  # fmt: skip


SPEC = spec_from_dict({
    "name": "club", "id": "Test/Club-v0", "version": "1.0.0", "summary": "A club.", "policy": "Be kind.",
    "kinds": {name: {"schema": {"type": "string"}, "origin": "issued", "description": "One.",
                     "references": [{"text": text, "by": [text.split("{")[1][:-1]]}]}
              for name, text in (("crew_id", "{name}"), ("item_id", "the {title}"))},
    "facts": {},
    "tools": {
        "list_crews": _tool("read", {}, {"result": {"array": {"object": CREW_ROW}}}, "which crews are there?"),
        "list_items": _tool("read", {}, {"result": {"array": {"object": FIND_ROW}}}, "what was found?"),
        "race": _tool("write", {"home_id": CREW, "guest_id": CREW}, {"home_points": COUNT, "guest_points": COUNT},
                      "record a race between {home_id} and {guest_id}"),
        "crew_letter": _tool("read", {"crew_id": CREW}, {"result": TEXT}, "write a letter about {crew_id}"),
        "offer": _tool("write", {"start": TEXT}, {}, "offer a new ride to the office from {start}"),
        "runs": _tool("read", {}, {"result": {"array": {"object": RUN}}}, "which runs still have a free seat?"),
        "burn": _tool("write", {"item_id": FIND}, {}, "dispose of {item_id}"),
        "add_item": _tool("write", {"title": TEXT, "location": TEXT, "found_on": TEXT}, FIND_ROW,
                          'add an item called "{title}", found in {location} on {found_on}'),
    },
})  # fmt: skip

CREWS = [{"crew_id": "C1", "name": "Osprey", "points": 12}, {"crew_id": "C2", "name": "Heron", "points": 9}]


def told(*calls: tuple[str, dict[str, Any], dict[str, Any]], message: str = "") -> str:
    state = new_walk().state
    steps = [
        ExecutedCall(ToolCall(name, arguments), result, state, state, {f"/{each}": Said(0, "x") for each in arguments},
                     {}, user_requested=True, turn=number)
        for number, (name, arguments, result) in enumerate(calls)
    ]  # fmt: skip
    return result_told(SPEC, steps, len(steps) - 1, message, np.random.default_rng(0)).text


@pytest.mark.parametrize(
    ("points", "news"),
    [
        ((14, 7), " Osprey's points are now 14 and Heron's 7."),
        ((12, 7), " Heron's points are now 7."),
        ((12, 9), ""),
    ],
)
def test_what_a_change_brought_to_those_whom_it_names_is_told(points: tuple[int, int], news: str) -> None:
    result = dict(zip(("home_points", "guest_points"), points, strict=True))
    listed: tuple[str, dict[str, Any], dict[str, Any]] = ("list_crews", {}, {"result": CREWS})
    text = told(listed, ("race", {"home_id": "C1", "guest_id": "C2"}, result))
    assert text == f"A race between Osprey and Heron is recorded.{news}"


@pytest.mark.parametrize(("title", "verb"), [("House keys", "are"), ("Wool scarf", "is"), ("Road atlas", "is")])
def test_what_is_called_by_a_plural_is_several(title: str, verb: str) -> None:
    row = {"item_id": "I1", "title": title, "location": "Lobby", "found_on": "2026-11-20"}
    text = told(("list_items", {}, {"result": [row]}), ("burn", {"item_id": "I1"}, {}))
    assert text == f"The {title} {verb} disposed of."


def test_what_was_done_before_belongs_to_the_thing() -> None:
    given = {"title": "Oar", "location": "Lobby", "found_on": "2026-11-20"}
    text = told(("add_item", given, {"item_id": "I1", **given}))
    assert text == 'An item called "Oar", found in Lobby on 20 November 2026, is added.'


@pytest.mark.parametrize(
    "text", ["Osprey sails at noon. All are welcome!", "Osprey sails at noon", "For Osprey:\n\nsail at noon"]
)
def test_a_text_that_was_made_for_the_person_is_the_answer(text: str) -> None:
    listed: tuple[str, dict[str, Any], dict[str, Any]] = ("list_crews", {}, {"result": CREWS})
    reply = told(listed, ("crew_letter", {"crew_id": "C1"}, {"result": text}))
    assert text in reply
    assert not reply.endswith(("..", "!."))


def test_where_a_thing_leads_belongs_to_it() -> None:
    assert told(("offer", {"start": "Riverside"}, {})) == "A new ride to the office is offered from Riverside."


@pytest.mark.parametrize(("asked", "told_too"), [("Which runs still have a free seat?", False), ("Which runs?", True)])
def test_who_asks_what_is_free_is_told_of_no_capacity(asked: str, *, told_too: bool) -> None:
    rows = [
        {"run_id": f"R{k}", "skipper": name, "seats": k + 2, "guests": ["Bo"]} for k, name in enumerate(("Ana", "Li"))
    ]
    text = told(("runs", {}, {"result": rows}), message=asked)
    assert ("3 seats" in text) is told_too
    assert "Bo" in text
