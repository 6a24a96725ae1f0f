"""Dialogues of each kind of turn: what people say besides, each behind some situation of its world."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from fr_envs.graph.api_graph import ApiGraph
from fr_envs.situation.loading import asides_in, kind_of, load_situations, read_situations, situations_in
from fr_envs.world.registry import load_domain
from fr_synth.build.dialogue import DialoguePlan, Dropped, Settings, make_dialogue
from fr_synth.build.showing import Stage
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine

if TYPE_CHECKING:
    from fr_envs.episode.turn_kind import TurnKind
    from fr_envs.situation.spec import Situation
    from fr_envs.world.domain import Domain
    from fr_synth.trace.awaited import Awaited
    from fr_synth.trace.records import Dialogue
    from fr_synth.verify.evidence import Evidence

__all__ = ["WORLDS", "asides", "dialogue_with", "gathered", "own_asides", "place_of", "with_awaited"]

WORLDS = ("banking", "travel", "filesystem")
_TRIES = 400  # worlds tried until an aside comes up


@functools.cache
def own_asides() -> dict[str, Situation]:
    """Return what the tests have people say besides, by name; what ships changes with what reads well."""
    return {each.name: each for each in read_situations(Path(__file__).with_name("asides.yaml"))}


def asides(world: str) -> list[str]:
    """Return the names of what the tests have people say besides in a world."""
    return [each.name for each in asides_in(world, tuple(own_asides().values()))]


def gathered(dialogue: Dialogue) -> Evidence:
    """Run a dialogue again from its seed; what the tests have people say besides is known."""
    return gather(dialogue, load_domain(dialogue.domain), own_asides())


@functools.cache
def dialogue_with(world: str, name: str, seed: int = 0, rename: float = 0.0) -> Dialogue:
    """Return a proven dialogue in which something is said besides."""
    domain: Domain[Any] = load_domain(world)
    aside = own_asides()[name]
    own = kind_of(aside)  # a story with a turn of that kind tells it by itself
    hosts = [each for each in situations_in(world, load_situations()) if all(turn.kind != own for turn in each.turns)]
    graph = ApiGraph(domain.spec)
    why = []
    for number in range(_TRIES):
        plan = DialoguePlan(
            f"{world}-{number:06d}", (seed, number, 0), (), situation=hosts[(seed + number) % len(hosts)], turns=(1, 6),
            kinds=(kind_of(aside),), asides=((aside,),),
        )  # fmt: skip
        made = make_dialogue(domain, graph, plan, Settings(stage=Stage((8, 20), rename)), ScriptedTeacher(0.0))
        if isinstance(made, Dropped):
            why.append(made.reason)
        elif any(turn.target == f"aside:{name}" for turn in made.turns):
            finding = examine(gathered(made))
            if finding is None:
                return made
            why.append(finding.problem)
    raise AssertionError(f"{name} fits no world: {why}")


def place_of(dialogue: Dialogue, kind: TurnKind) -> int:
    """Return the number of the first turn of a kind."""
    return next(number for number, turn in enumerate(dialogue.turns) if turn.kind == kind)


def with_awaited(dialogue: Dialogue, kind: TurnKind, **changes: Any) -> Dialogue:
    """Return a dialogue in which the call that is not made, in its first turn of a kind, is another."""
    place = place_of(dialogue, kind)
    awaited: Awaited | None = dialogue.turns[place].awaited
    assert awaited is not None
    turn = msgspec.structs.replace(dialogue.turns[place], awaited=msgspec.structs.replace(awaited, **changes))
    return msgspec.structs.replace(dialogue, turns=(*dialogue.turns[:place], turn, *dialogue.turns[place + 1 :]))
