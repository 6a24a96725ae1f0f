"""Who comes with a situation, and in which wording, so that a run that plays it again tells it otherwise."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.loading import load_personas
from fr_envs.streams import ScheduleStream, generator, pick, seed_of
from fr_synth.situations.rendering import tone_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.situation.spec import Persona, Situation, SituationTurn

__all__ = ["Rotation", "comes_with", "persona_for", "wording_for"]


class Rotation(NamedTuple):
    """How often a run has come to a situation before.

    Attributes:
        seed: Seed of the run.
        times: How often, from 0.
    """

    seed: int
    times: int


def comes_with(persona: Persona, situation: Situation) -> bool:
    """Return True if somebody in that manner may come with a situation."""
    return persona.name in situation.personas or "any" in situation.personas


def persona_for(
    situation: Situation, rotation: Rotation | None, rng: np.random.Generator
) -> tuple[Persona, Rotation | None]:
    """Return who comes, and how often somebody with that tone has come with the situation before.

    One after the other comes in an order of the seed, in which neighbours speak in different tones where that can be.

    Args:
        situation: The situation.
        rotation: How often the run has come to it before; None for anybody, by chance.
        rng: Chooses by chance.
    """
    fitting = [persona for persona in load_personas() if comes_with(persona, situation)]
    fitting = fitting or list(load_personas())
    if rotation is None:
        return pick(rng, fitting), None
    drawn = _order((rotation.seed, ScheduleStream.VOICES, _key(situation.name)), len(fitting))
    order = _alternating([fitting[k] for k in drawn], situation.turns[0])
    chosen = order[rotation.times % len(order)]
    tone = tone_of(chosen, situation.turns[0])
    alike = [tone_of(each, situation.turns[0]) == tone for each in order]
    rounds, place = divmod(rotation.times, len(order))
    return chosen, rotation._replace(times=rounds * sum(alike) + sum(alike[:place]))


def _alternating(personas: list[Persona], turn: SituationTurn) -> list[Persona]:
    """Put personas into an order in which each has another tone than the one before it, as long as there is such."""
    found: list[Persona] = []
    while personas:
        before = tone_of(found[-1], turn) if found else ""
        following = next((each for each in personas if tone_of(each, turn) != before), personas[0])
        personas.remove(following)
        found.append(following)
    return found


def wording_for(persona: Persona, turn: SituationTurn, rotation: Rotation | None, rng: np.random.Generator) -> str:
    """Return what a persona says in a turn, its places still open: each wording comes up once before any comes again.

    Each time around they come in another order, so that the same person does not meet the same words in every turn.

    Args:
        persona: Who speaks.
        turn: The turn.
        rotation: How often somebody with that tone has come before; None for a wording by chance.
        rng: Chooses by chance.
    """
    wordings: Sequence[str] = turn.say[tone_of(persona, turn)]
    if rotation is None:
        return pick(rng, wordings)
    around, place = divmod(rotation.times, len(wordings))
    order = _order((rotation.seed, ScheduleStream.VOICES, _key(wordings[0]), around), len(wordings))
    return wordings[order[place]]


@functools.lru_cache(maxsize=4096)  # one situation is tried in several worlds, and comes up again
def _order(stream: tuple[int, ...], length: int) -> tuple[int, ...]:
    return tuple(generator(*stream).permutation(length).tolist())


def _key(text: str) -> int:
    return seed_of(text.encode())
