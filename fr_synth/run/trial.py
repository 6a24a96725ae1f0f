"""Situations tried out: in how many worlds one fits, what the others lack, and what it sounds like."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.graph.api_graph import ApiGraph
from fr_synth.build.dialogue import DialoguePlan, Dropped, Settings, make_dialogue
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.situation.spec import Situation
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_synth.trace.records import Dialogue

__all__ = ["Trial", "trial_of"]


class Trial(NamedTuple):
    """What came of a situation in several worlds.

    Attributes:
        tried: Worlds.
        made: Worlds in which a proven dialogue came out.
        fell: Where the others fell -> how many: ``situation`` for a world that it does not fit, else a stage or proof.
        reasons: Why, in words, one example for each of those.
        dialogues: The dialogues.
        tools: Tools that they call.
    """

    tried: int
    made: int
    fell: dict[str, int]
    reasons: dict[str, str]
    dialogues: tuple[Dialogue, ...]
    tools: frozenset[str]


def trial_of(situation: Situation, domain: Domain[State], worlds: int, seed: int = 0, *, keep: int = 3) -> Trial:
    """Play a situation in several worlds.

    Args:
        situation: The situation.
        domain: The world.
        worlds: How many first states, 1 or more.
        seed: Seed of the first of them.
        keep: How many dialogues are handed back.
    """
    fell: collections.Counter[str] = collections.Counter()
    reasons: dict[str, str] = {}
    kept: list[Dialogue] = []
    tools: set[str] = set()
    made = 0
    for outcome in _outcomes(situation, domain, worlds, seed):
        if isinstance(outcome, tuple):
            stage, reason = outcome
            fell[stage] += 1
            reasons.setdefault(stage, reason)
            continue
        made += 1
        tools.update(call.name for call in outcome.calls)
        kept += [outcome] if len(kept) < keep else []
    return Trial(worlds, made, dict(fell), reasons, tuple(kept), frozenset(tools))


def _outcomes(
    situation: Situation, domain: Domain[State], worlds: int, seed: int
) -> Iterator[Dialogue | tuple[str, str]]:
    graph, settings, teacher = ApiGraph(domain.spec), Settings(), ScriptedTeacher(0.0)
    for number in range(worlds):
        plan = DialoguePlan(f"{situation.name}-{number:03d}", (seed, number, 0), (), situation=situation)
        made = make_dialogue(domain, graph, plan, settings, teacher)
        if isinstance(made, Dropped):
            yield made.stage, made.reason
            continue
        finding = examine(gather(made, domain, {situation.name: situation}))
        yield made if finding is None else (finding.proof, finding.problem)
