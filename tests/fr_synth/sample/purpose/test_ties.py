"""How requests follow, over a small harbour of which nothing but a contract is known.

1. One of a list is chosen, for a reason where the rows have one; what is none of them follows from nothing.
2. What was made goes on, or is put right.
3. Whoever has made or ended something looks what there is now; whoever changed one thing was told so.
4. The same is done again with what is as open as the last.
5. Things that go by their names are things.
6. In a dialogue every later turn follows in one of these ways, or there is none.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fr_envs.graph.api_graph import ApiGraph
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.tying import NO_TIE
from fr_synth.sample.following import Place, sample_following
from fr_synth.sample.purpose.dealt import listed, made, taken, thing_kinds, told_of
from fr_synth.sample.purpose.ties import Past, amends, speaks_for, tie_of
from fr_synth.sample.reaching.reach import NO_LIMITS
from fr_synth.sample.targets import targets_of
from fr_synth.sample.walk import Walk, WalkSettings
from fr_synth.sample.weights import PLAIN_WEIGHTS
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import Said
from tests.fr_synth.sample.purpose.harbour import WORLD

GRAPH = ApiGraph(WORLD.spec)


class Talk:
    """Requests, one after another."""

    def __init__(self) -> None:
        self.steps: list[ExecutedCall] = []
        self.state = WORLD.initial(7)

    @property
    def past(self) -> Past:
        return Past(WORLD, GRAPH, list(self.steps))

    def ask(self, tool: str, **arguments: Any) -> tuple[str, str]:
        """Make a request; return how it follows, and its reason."""
        call = ToolCall(tool, arguments)
        outcome = WORLD.apply(self.state, call)
        assert outcome.error is None
        sources: dict[str, Any] = {f"/{name}": Said(0, str(value)) for name, value in arguments.items()}
        step = ExecutedCall(
            call, outcome.value, self.state, outcome.state, sources, {}, user_requested=True, turn=len(self.steps)
        )
        tie = tie_of(self.past, step)
        self.steps.append(step)
        self.state = outcome.state
        return tie.purpose, tie.reason


def test_one_of_a_list_is_chosen_for_a_reason_where_the_rows_have_one() -> None:
    assert Talk().ask("list_berths") == ("", "")
    for berth, follows in (("B1", ("decide", "is the cheapest")), ("B3", ("take up", ""))):
        talk = Talk()
        talk.ask("list_berths")
        assert speaks_for(talk.past, "hire_berth", ("berth_id", berth)) == bool(follows[1])
        assert talk.ask("hire_berth", berth_id=berth, day="2026-05-04") == follows


def test_what_a_list_does_not_show_follows_from_nothing() -> None:
    talk = Talk()
    talk.ask("list_berths")
    assert talk.ask("wash_boat", boat="Tern") == ("", "")
    assert talk.ask("boats_here") == ("", "")  # it was told so


def test_what_was_made_goes_on_or_is_put_right() -> None:
    talk = Talk()
    talk.ask("hire_berth", berth_id="B2", day="2026-05-04")
    assert made(GRAPH, talk.steps) == {("hire_id", "H1")}
    assert talk.ask("list_hires") == ("see", "")
    assert talk.ask("move_hire", hire_id="H1", day="2026-05-09") == ("put right", "")
    assert told_of(GRAPH, talk.steps, ("hire_id", "H1"))["day"] == "2026-05-09"
    assert talk.ask("pay_hire", hire_id="H1") == ("go on", "")
    assert not amends(talk.past, talk.steps[-1])
    assert talk.ask("move_hire", hire_id="H1", day="2026-05-13") == ("", "")  # nobody puts it right twice


def test_who_has_ended_something_looks_what_there_is_now() -> None:
    talk = Talk()
    talk.ask("see_off", boat="Tern")
    assert talk.ask("boats_here") == ("see", "")
    assert Talk().past.dealt() == set()


def test_the_same_is_done_with_what_is_as_open() -> None:
    talk = Talk()
    talk.ask("boats_here")
    assert talk.ask("wash_boat", boat="Puffin") == ("decide", "hasn't been washed yet")
    assert talk.ask("wash_boat", boat="Tern") == ("again", "")
    unasked = Talk()
    unasked.ask("wash_boat", boat="Puffin")
    assert unasked.ask("wash_boat", boat="Tern") == ("", "")


def test_a_name_that_tools_are_told_is_a_thing() -> None:
    assert thing_kinds(GRAPH) == {"berth_id", "hire_id", "boat"}
    talk = Talk()
    talk.ask("boats_here")
    found = listed(GRAPH, talk.steps[0], ("boat", "Elsa"))
    assert found is not None
    assert found[1] == {"boat": "Elsa", "washed": True}
    assert listed(GRAPH, talk.steps[0], ("boat", "Nautilus")) is None
    talk.ask("wash_boat", boat="Tern")
    assert taken(GRAPH, talk.steps[1]) == {("boat", "Tern")}


@pytest.mark.parametrize("seed", range(12))
def test_every_later_turn_of_a_dialogue_follows(seed: int) -> None:
    settings = WalkSettings(weights=PLAIN_WEIGHTS)
    walk = Walk(WORLD, GRAPH, WORLD.initial(seed), np.random.default_rng(seed), settings)
    drawn = [list(targets_of(WORLD))[seed % 8 :]] * 4
    for number in range(4):
        past = Past(WORLD, GRAPH, list(walk.steps))
        trace = sample_following(walk, drawn[number], Place(number, 2, 4), policy="directed", limits=NO_LIMITS)
        if trace is None:
            assert number, "somebody comes for something"
            break
        (asked,) = [step for step in trace.steps if step.user_requested]
        assert (tie_of(past, asked) != NO_TIE) == bool(number)
        walk.next_turn()
