"""Proof "traits": the traits that a turn is marked with are those that its calls show, or its author may say.

1. What calls tell (an error, calls side by side, long results …) is marked where it is so, and nowhere else.
2. ``correction`` and ``change_of_mind`` are said by authors of situations: of no drill, and not of a first turn, before
   which there is nothing to correct. What holds something off is followed by one of them, and the proof ``kinds`` holds
   the two turns to each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.episode.traits import AUTHORED
from fr_synth.trace.traits import traits_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.evidence import Evidence

__all__ = ["traits"]


def traits(evidence: Evidence) -> Iterator[str]:
    """The traits of each turn are what its calls show, and what its author may say."""
    dialogue = evidence.dialogue
    for number, turn in enumerate(dialogue.turns):
        found = traits_of(evidence.domain, dialogue.calls, number, turn.traits)
        for trait in turn.traits:
            if trait not in found:
                yield f"turn {number}: marked as {trait}, which its calls do not show"
        for trait in found:
            if trait not in turn.traits:
                yield f"turn {number}: not marked as {trait}, which its calls show"
        if turn.traits != found:
            yield f"turn {number}: its traits are not named in their order, each once"
        said = AUTHORED.intersection(turn.traits)
        if said and (number == 0 or not dialogue.situation):
            yield f"turn {number}: marked as {min(said)}, with nothing before it to take back"
