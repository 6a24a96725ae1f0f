"""Dialogues of the shipped worlds, made once for all tests of a process."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from fr_envs import load_domain
from fr_synth.build.dialogue import DialoguePlan, Settings, make_dialogue
from fr_synth.sample.schedule import draw_targets
from fr_synth.sample.targets import offers_of
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.records import Dialogue
from tests.fr_synth.walks import graph_of

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain
    from fr_synth.sample.schedule import Offers


def dialogues(world: str, count: int, **settings: Any) -> tuple[Dialogue, ...]:
    """Up to so many dialogues of two turns; ``settings`` are those of ``Settings``. Shared: not to be changed."""
    made = [_made(world, number, **settings) for number in range(count)]
    return tuple(each for each in made if each is not None)


@functools.cache
def _made(world: str, number: int, **settings: Any) -> Dialogue | None:
    domain: Domain[Any] = load_domain(world)
    graph = graph_of(domain)
    plan = DialoguePlan(f"x-{number}", (3, number), draw_targets(3, number, [_offers(world)], (2, 2)).targets)
    made = make_dialogue(domain, graph, plan, Settings(**settings), ScriptedTeacher())
    return made if isinstance(made, Dialogue) else None


@functools.cache
def _offers(world: str) -> Offers:
    domain: Domain[Any] = load_domain(world)
    return offers_of(domain, graph_of(domain))
