"""Dialogues of each kind of turn: what people say besides, each behind some situation of its world."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import msgspec

from fr_envs.graph.api_graph import ApiGraph
from fr_envs.situation.loading import asides_in, kind_of, load_situations, situations_in
from fr_envs.world.registry import load_domain
from fr_synth.build.dialogue import DialoguePlan, Dropped, Settings, make_dialogue
from fr_synth.build.showing import Stage
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine

if TYPE_CHECKING:
    from fr_envs.episode.turn_kind import TurnKind
    from fr_envs.world.domain import Domain
    from fr_synth.trace.awaited import Awaited
    from fr_synth.trace.records import Dialogue

__all__ = ["WORLDS", "asides", "dialogue_with", "place_of", "story_with", "with_awaited"]

WORLDS = ("banking", "travel", "filesystem")
_TRIES = 400  # worlds tried until an aside comes up


def asides(world: str) -> list[str]:
    """Return the names of what can be said besides in a world."""
    return [each.name for each in asides_in(world, load_situations())]


@functools.cache
def dialogue_with(world: str, name: str, seed: int = 0) -> Dialogue:
    """Return a proven dialogue in which something is said besides."""
    domain: Domain[Any] = load_domain(world)
    every = load_situations()
    aside = next(each for each in asides_in(world, every) if each.name == name)
    own = kind_of(aside)  # a story with a turn of that kind tells it by itself
    hosts = [each for each in situations_in(world, every) if all(turn.kind != own for turn in each.turns)]
    graph = ApiGraph(domain.spec)
    why = []
    for number in range(_TRIES):
        plan = DialoguePlan(
            f"{world}-{number:06d}", (seed, number, 0), (), situation=hosts[(seed + number) % len(hosts)], turns=(1, 6),
            kinds=(kind_of(aside),), asides=((aside,),),
        )  # fmt: skip
        made = make_dialogue(domain, graph, plan, Settings(stage=Stage((8, 20))), ScriptedTeacher(0.0))
        if isinstance(made, Dropped):
            why.append(made.reason)
        elif any(turn.target == f"aside:{name}" for turn in made.turns):
            finding = examine(gather(made, domain))
            if finding is None:
                return made
            why.append(finding.problem)
    raise AssertionError(f"{name} fits no world: {why}")


@functools.cache
def story_with(world: str, name: str, kind: TurnKind) -> Dialogue:
    """Return a proven dialogue of a story that has a turn of a kind by itself."""
    domain: Domain[Any] = load_domain(world)
    story = next(each for each in situations_in(world, load_situations()) if each.name == name)
    graph = ApiGraph(domain.spec)
    for number in range(_TRIES):
        plan = DialoguePlan(
            f"{world}-{number:06d}", (0, number, 0), (), situation=story, turns=(1, 6), kinds=(kind,), asides=((),)
        )
        made = make_dialogue(domain, graph, plan, Settings(stage=Stage((8, 20))), ScriptedTeacher(0.0))
        if isinstance(made, Dropped) or all(turn.kind != kind for turn in made.turns):
            continue
        if examine(gather(made, domain)) is None:
            return made
    raise AssertionError(f"{name} comes to no dialogue with {kind}")


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
