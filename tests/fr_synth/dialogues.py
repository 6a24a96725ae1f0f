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


@functools.cache
def dialogues(world: str, count: int, **settings: Any) -> tuple[Dialogue, ...]:
    """Up to so many dialogues of two turns; ``settings`` are those of ``Settings``. Shared: not to be changed."""
    domain: Domain[Any] = load_domain(world)
    graph = graph_of(domain)
    offers = offers_of(domain, graph)
    plans = [DialoguePlan(f"x-{k}", (3, k), draw_targets(3, k, [offers], (2, 2)).targets) for k in range(count)]
    made = [make_dialogue(domain, graph, plan, Settings(**settings), ScriptedTeacher()) for plan in plans]
    return tuple(each for each in made if isinstance(each, Dialogue))
