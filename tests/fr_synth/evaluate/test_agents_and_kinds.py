"""What agents with one trick earn over some hundred turns of every kind: at most the share of their kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, final

import pytest

from fr_synth.evaluate.agents import OracleAgent
from fr_synth.evaluate.rollouts import play
from fr_synth.trace.rows import task_of
from tests.fr_synth.asides import WORLDS, asides, dialogue_with

if TYPE_CHECKING:
    from collections.abc import Collection

    from fr_envs.episode.task import Task
    from fr_envs.json_values import JsonObject
    from fr_synth.evaluate.agents import Agent, Move

SEEDS = (0, 1)


@final
class OneTrick:
    """Says one thing whatever it is asked, with the user's words in it."""

    name = "one trick"
    concurrency = 1

    def __init__(self, text: str) -> None:
        self.text = text

    def act(self, move: Move) -> JsonObject:
        said = str(next(each["content"] for each in reversed(move.messages) if each["role"] == "user"))
        return {"role": "assistant", "content": self.text.format(said=said)}


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    names = [(world, name) for world in WORLDS for name in asides(world)]
    return [task_of(dialogue_with(world, name, seed)) for world, name in names for seed in SEEDS]


def scores(tasks: list[Task], agent: Agent) -> list[tuple[str, float]]:
    return [(turn.kind, turn.score) for task in tasks for turn in play(task, agent).turns]


def test_the_reference_earns_all_through_every_kind(tasks: list[Task]) -> None:
    found = scores(tasks, OracleAgent())
    assert len(found) >= 60
    assert {kind for kind, _ in found} == {
        "act", "ask", "choose", "missing_tool", "no_call", "out_of_scope", "refuse", "confirm",
    }  # fmt: skip
    assert [each for each in found if each[1] < 1] == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Could you tell me more? Which one, what amount, what name, when?", {"ask", "choose"}),
        ("I'm sorry, I can't do that: {said}", {"refuse", "out_of_scope", "missing_tool"}),
        ("I can't do that, it is against the rules.", {"refuse", "out_of_scope", "missing_tool"}),
        ("You want this: {said} Shall I go ahead?", {"confirm"}),
        ("Done, all of it.", {"no_call"}),
        ("…", set()),
    ],
)
def test_one_trick_earns_at_most_the_share_of_its_kinds(tasks: list[Task], text: str, kinds: Collection[str]) -> None:
    found = scores(tasks, OneTrick(text))
    elsewhere = [each for each in found if each[1] and each[0] not in kinds]
    assert elsewhere == []
    assert math.fsum(score for _, score in found) <= sum(kind in kinds for kind, _ in found)
