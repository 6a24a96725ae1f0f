"""Distractors: a read that nobody needs, as assistants make them, marked as such; and the rule that it is held to.

1. It reads: the world is as it was, to the digest.
2. Nothing takes anything from it, and without it every other call gives the same and the goal is reached.
3. It has not failed, and a turn has one at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_synth.sample.reaching.reach import attempt
from fr_synth.trace.dataflow.provenance import Said, inputs_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = [
    "Distractor",
    "distractor_for",
]


class Distractor(NamedTuple):
    """A read that nobody needs.

    Attributes:
        position: Position in the turn at which it is to stand.
        step: The call.
    """

    position: int
    step: ExecutedCall


def distractor_for(walk: Walk, steps: Sequence[ExecutedCall]) -> Distractor | None:
    """Find a read to put into a turn, which takes nothing from the user's words; None if none is found.

    Args:
        walk: Where the dialogue stands at the start of the turn.
        steps: The turn's calls.
    """
    position = int(walk.rng.integers(len(steps)))
    here = walk.fork()
    for step in steps[:position]:
        here.take(step)
    reads = _reads(here, called={step.call.name for step in steps})
    for i in walk.rng.permutation(len(reads))[: walk.weights.distractor_tries]:
        trial = here.fork()
        if attempt(trial, reads[int(i)], user_requested=False) and _rests_on_no_words(trial.steps[-1]):
            return Distractor(position, trial.steps[-1]._replace(purpose="distractor"))
    return None


def _reads(walk: Walk, called: Collection[str]) -> list[str]:
    """Return the reads that can be made now and that a turn does not make anyway."""
    tools = walk.domain.spec.tools
    return [n for n in walk.graph.legal(walk.needs()) if tools[n].effect == "read" and n not in called]


def _rests_on_no_words(step: ExecutedCall) -> bool:
    """Return True if a call leaves the world as it is and takes nothing from what the user says."""
    said = any(isinstance(each, Said) for source in step.sources.values() for each in inputs_of(source))
    return not said and not step.mentions and step.before.digest == step.after.digest
