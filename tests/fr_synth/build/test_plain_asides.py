"""Turns of other kinds than ``act`` in worlds without stories.

1. A value that the call must have is left out, asked for, and said next; the call is then made with it.
2. Nothing is left out of a request that would then mean nothing, or be none.
3. Somebody says thanks at the end, where there is room for it.
4. All of it is proven as any other dialogue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from fr_envs.graph.api_graph import ApiGraph
from fr_synth.build.dialogue import DialoguePlan, Settings, make_dialogue
from fr_synth.build.leaving_out import without
from fr_synth.sample.weights import PLAIN_WEIGHTS
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.records import Dialogue
from fr_synth.trace.target import ToolTarget
from fr_synth.verify.evidence import gather
from fr_synth.verify.goals.aims import missed_aims
from fr_synth.verify.proofs import examine
from tests.fr_synth.sample.purpose.harbour import WORLD

if TYPE_CHECKING:
    from fr_envs.episode.turn_kind import TurnKind

GRAPH = ApiGraph(WORLD.spec)


def told(seed: int, tool: str, kinds: tuple[TurnKind, ...], turns: int = 2, most: int = 4) -> Dialogue:
    """Make a dialogue that begins with a tool."""
    targets = ((ToolTarget(tool),),) * turns
    plan = DialoguePlan("harbour-1", (seed,), targets, turns=(1, most), kinds=kinds, lone=True)
    made = make_dialogue(WORLD, GRAPH, plan, Settings(weights=PLAIN_WEIGHTS), ScriptedTeacher())
    assert isinstance(made, Dialogue), made
    return made


def test_what_is_left_out_is_asked_for_and_said() -> None:
    several = [told(seed, "hire_berth", ("ask",)) for seed in range(12)]
    asked = [made for made in several if "ask" in [turn.kind for turn in made.turns]]
    assert len(asked) > 2
    for made in asked:
        _holds(made)


def _holds(made: Dialogue) -> None:
    kinds = [turn.kind for turn in made.turns]
    assert kinds.count("ask") == 1
    asking = kinds.index("ask")
    awaited = made.turns[asking].awaited
    assert awaited is not None
    (lacking,) = awaited.lacks
    assert not [call for call in made.calls if call.turn == asking]
    (call,) = [call for call in made.calls if call.turn == asking + 1 and call.name == awaited.tool]
    assert call.arguments[lacking] == awaited.arguments[lacking]
    assert examine(gather(made, WORLD)) is None


@pytest.mark.parametrize("seed", range(4))
def test_thanks_come_last_where_there_is_room(seed: int) -> None:
    made = told(seed, "list_berths", ("no_call",))
    assert [turn.kind for turn in made.turns].index("no_call") == len(made.turns) - 1
    assert examine(gather(made, WORLD)) is None
    assert "no_call" not in [turn.kind for turn in told(seed, "list_berths", ("no_call",), turns=1, most=1).turns]


def test_a_turn_without_a_call_is_said_of_the_one_that_it_awaits_or_thanks_for() -> None:
    several = [told(seed, "hire_berth", ("ask",)) for seed in range(12)]
    asked = next(made for made in several if "ask" in [turn.kind for turn in made.turns])
    thanked = told(1, "list_berths", ("no_call",))
    for made, kind in ((asked, "ask"), (thanked, "no_call")):
        number = next(k for k, turn in enumerate(made.turns) if turn.kind == kind)
        assert not list(missed_aims(gather(made, WORLD), number))
        turns = list(made.turns)
        turns[number] = msgspec.structs.replace(turns[number], target="see_off")
        spoilt = msgspec.structs.replace(made, turns=tuple(turns))
        assert list(missed_aims(gather(spoilt, WORLD), number)) == ["and see_off is not called"]


@pytest.mark.parametrize(
    ("message", "text", "left"),
    [
        ("Could you move the hire to 9 May 2026?", "9 May 2026", "Could you move the hire?"),
        ("Hire the berth for 20 on 4 May 2026, please.", "4 May 2026", "Hire the berth for 20."),
        (
            "OK, hire the berth for 20 on 4 May 2026, as it's the cheapest.",
            "4 May 2026",
            "OK, hire the berth for 20, as it's the cheapest.",
        ),
        ("Mark the berth as closed.", "closed", ""),
        ("Wash Elsa.", "Elsa", ""),
        ("On 4 May 2026 hire the berth.", "4 May 2026", ""),
    ],
)
def test_only_the_end_of_a_request_is_left_out(message: str, text: str, left: str) -> None:
    assert without(message, text) == left
