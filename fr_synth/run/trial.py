"""Situations tried out: in how many worlds one fits, what the others lack, and what it sounds like."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, Literal, NamedTuple

from fr_envs.episode.turn_kind import KINDS
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.situation.loading import kind_of
from fr_synth.build.dialogue import DialoguePlan, Dropped, Settings, make_dialogue
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from fr_envs.episode.turn_kind import TurnKind
    from fr_envs.situation.spec import Situation
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_synth.trace.records import Dialogue

__all__ = ["AS_IT_COMES", "Trial", "Variant", "trial_of", "variants_of"]


class Variant(NamedTuple):
    """A way in which a situation can be played: which turns that are not to be acted on come up in it.

    Attributes:
        kind: Kind of these turns; empty for as it comes.
        times: How many of them there can be.
        asides: What can be said besides, where the situation has no such turn itself.
    """

    kind: TurnKind | Literal[""] = ""
    times: int = 0
    asides: tuple[Situation, ...] = ()


AS_IT_COMES = Variant()
"""The way in which it is played where no kind of turn is called for."""


def variants_of(situation: Situation, asides: Sequence[Situation], kinds: Collection[TurnKind]) -> tuple[Variant, ...]:
    """Return the ways in which a situation can be played, one for each of some kinds of turn.

    Args:
        situation: The situation.
        asides: What can be said besides in its world.
        kinds: The kinds; ``act`` stands for the situation as it comes.
    """
    found = [AS_IT_COMES] if "act" in kinds else []
    for kind in KINDS[1:]:
        times = sum(turn.kind == kind for turn in situation.turns)
        besides = () if times or situation.aside else tuple(each for each in asides if kind_of(each) == kind)
        if kind in kinds and (times or besides):
            found.append(Variant(kind, max(times, 1), besides))
    return tuple(found)


class Trial(NamedTuple):
    """What came of a situation in several worlds.

    Attributes:
        tried: Worlds.
        made: Worlds in which a proven dialogue came out.
        fell: Where the others fell -> how many: ``cast`` for a world that lacks what it speaks of, ``situation`` for
            one in which it does not come to its end, else a stage or proof.
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


def trial_of(
    situation: Situation, domain: Domain[State], worlds: int, seed: int = 0, *, keep: int = 3,
    variant: Variant = AS_IT_COMES,
) -> Trial:  # fmt: skip
    """Play a situation in several worlds.

    Args:
        situation: The situation.
        domain: The world.
        worlds: How many first states, 1 or more.
        seed: Seed of the first of them.
        keep: How many dialogues are handed back.
        variant: How it is played; a dialogue in which no turn of its kind comes up counts as fallen.
    """
    fell: collections.Counter[str] = collections.Counter()
    reasons: dict[str, str] = {}
    kept: list[Dialogue] = []
    tools: set[str] = set()
    made = 0
    for outcome in _outcomes(situation, domain, worlds, seed, variant):
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
    situation: Situation, domain: Domain[State], worlds: int, seed: int, variant: Variant
) -> Iterator[Dialogue | tuple[str, str]]:
    graph, teacher = ApiGraph(domain.spec), ScriptedTeacher(0.0)
    settings = Settings(whole=bool(variant.kind))
    kinds: tuple[TurnKind, ...] = (variant.kind,) * variant.times if variant.kind else ()
    for number in range(worlds):
        turn = number % len(variant.asides) if variant.asides else 0  # each world begins with another aside
        asides = ((*variant.asides[turn:], *variant.asides[:turn]),) if variant.asides else ()
        plan = DialoguePlan(
            f"{situation.name}-{number:03d}", (seed, number, 0), (), situation=situation, kinds=kinds, asides=asides
        )
        made = make_dialogue(domain, graph, plan, settings, teacher)
        if isinstance(made, Dropped):
            yield made.stage, made.reason
            continue
        if variant.kind and all(each.kind != variant.kind for each in made.turns):
            yield "kind", f"no turn of kind {variant.kind} comes up"
            continue
        finding = examine(gather(made, domain, {situation.name: situation}))
        yield made if finding is None else (finding.proof, finding.problem)
