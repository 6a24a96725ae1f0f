"""Room that is left to what is said besides, and what is chosen from long lists.

1. A story goes on where nothing could be said besides, and its words point at what they mean.
2. Where that leaves a dialogue too short, the story goes on as well.
3. Of a long list a thing is chosen that the list shows.
"""

from __future__ import annotations

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.episode.trajectory import first_state
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.situation.loading import asides_in, load_situations
from fr_envs.streams import generator
from fr_envs.world.tool_call import ToolCall
from fr_synth.build.dialogue import DialoguePlan, Settings, make_dialogue
from fr_synth.sample.walk import Walk, WalkSettings
from fr_synth.situations.casting import Misfit, cast
from fr_synth.situations.scope import Entity
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.records import Dialogue
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine

OFFICE = load_domain("filesystem+travel")
STORIES = {each.name: each for each in load_situations()}
PASSPORTS = STORIES["passports_running_out"]
ASIDE = next(each for each in asides_in("travel", load_situations()) if each.name == "which_booking_to_price")
NOBODY = msgspec.structs.replace(ASIDE.cast["booking"], where={"status": "nowhere"})
UNFIT = msgspec.structs.replace(ASIDE, cast={**ASIDE.cast, "booking": NOBODY})


def told(plan: DialoguePlan) -> list[Dialogue]:
    plans = (plan._replace(seed=(5, number, 0)) for number in range(6))
    graph, teacher = ApiGraph(OFFICE.spec), ScriptedTeacher(0.0)
    found = [make_dialogue(OFFICE, graph, each, Settings(), teacher) for each in plans]
    return [each for each in found if isinstance(each, Dialogue)]


def test_words_of_a_turn_behind_nothing_said_besides_point_at_what_they_mean() -> None:
    plan = DialoguePlan("x", (5, 0, 0), (), situation=PASSPORTS, turns=(2, 4))
    dialogues = told(plan._replace(kinds=("ask", "choose"), asides=((), (UNFIT,))))
    answers = [turn for each in dialogues for turn in each.turns[3:]]
    assert any(turn.mentions for turn in answers)
    for dialogue in dialogues:
        assert examine(gather(dialogue, OFFICE, {PASSPORTS.name: PASSPORTS})) is None


def test_a_dialogue_is_not_too_short_because_of_what_was_not_said_besides() -> None:
    plan = DialoguePlan("x", (5, 0, 0), (), situation=PASSPORTS, turns=(2, 2))
    dialogues = told(plan._replace(kinds=("choose",), asides=((UNFIT,),)))
    assert len(dialogues) >= 4
    assert {len(each.turns) for each in dialogues} == {2}


@pytest.mark.parametrize("name", ["put_together_as_trip", "light_ticket_is_kept"])
def test_of_a_long_list_a_thing_is_chosen_that_the_list_shows(name: str) -> None:
    travel = load_domain("travel")
    graph, chosen = ApiGraph(travel.spec), 0
    for number in range(4):
        state = first_state(travel, (7, number, 0), "busy")
        scope = cast(STORIES[name], Walk(travel, graph, state, generator(7, number), WalkSettings()))
        shown = travel.apply(state, ToolCall("list_bookings", {})).value
        assert isinstance(shown["bookings"], list)
        assert shown["total"] > len(shown["bookings"])
        if not isinstance(scope, Misfit):
            bookings = [each for each in scope.names.values() if isinstance(each, Entity) and each.kind == "booking_id"]
            chosen += len(bookings)
            assert {each.key for each in bookings} <= {row["booking_id"] for row in shown["bookings"]}
    assert chosen
