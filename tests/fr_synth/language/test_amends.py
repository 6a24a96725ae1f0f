"""Second thoughts in words.

1. A number is put right by what it counts, and a member by its name.
2. Reasons speak of the person for whom something was asked, and of days only where a day is said.
"""

from __future__ import annotations

from typing import Any

import pytest

from fr_envs.adapters.lists.tool_lists import spec_from_tools
from fr_envs.adapters.simulated.world import simulated_world
from fr_envs.adapters.world_file import ready
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.amends import corrected, thoughts_on
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.mention import Mention
from fr_synth.trace.dataflow.provenance import Output, Said

TOOL: Any = {"name": "change_plate", "description": "Change the plate.", "parameters": {"permit_id": "str"}}
STATE = ready(simulated_world(spec_from_tools([TOOL], name="park"))).initial(3)


def change(name: str, value: Any, thing: str, tool: str = "change_plate") -> ExecutedCall:
    sources: dict[str, Any] = {"/permit_id": Output(0, "/permit_id"), f"/{name}": Said(0, str(value))}
    mention = Mention(0, "permit_id", "P1", thing, "anaphora", {}, 0)
    return ExecutedCall(
        ToolCall(tool, {"permit_id": "P1", name: value}), {}, STATE, STATE, sources, {"/permit_id": mention},
        user_requested=True, turn=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("step", "text", "said"),
    [
        (change("seats", 4, "it"), "change it to 4 seats", "actually, make it 4 seats"),
        (change("seats", 1, "it"), "change it to 1 seats", "actually, make it 1 seat"),
        (change("plate", "KL 4471", "that permit"), "change the plate of that permit to KL 4471",
         "sorry, I gave you the wrong plate for that permit. It should be KL 4471"),
        (change("room", "Cedar", "it"), "switch it to Cedar", "actually, make it Cedar"),
        (change("seats", 4, "that permit"), "change that permit to 4 seats", None),
    ],
)  # fmt: skip
def test_what_was_said_wrongly_is_put_right(step: ExecutedCall, text: str, said: str | None) -> None:
    assert next(corrected(step, text), None) == said


def test_reasons_speak_of_who_comes() -> None:
    booked = change("guest", "Petra Holm", "it", "book_permit")
    dated = thoughts_on(change("day", "2026-03-14", "it", "move_permit"), "move it to 14 March 2026", [booked])
    assert "Petra Holm can't make it then, so {}" in dated
    hours = thoughts_on(change("time", "20:00", "it", "move_permit"), "move it to 20:00", [booked])
    assert not any("day" in each for each in hours)
    nobody = thoughts_on(change("day", "2026-03-14", "it", "move_permit"), "move it to 14 March 2026", [])
    assert nobody
    assert not any("{who}" in each or "Petra" in each for each in nobody)
