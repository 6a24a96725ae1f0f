"""Distractors: a read that nobody needs, as assistants make them, marked as such; and the rule that it is held to.

1. It reads: the world is as it was, to the digest.
2. Nothing takes anything from it, and without it every other call gives the same and the goal is reached.
3. It has not failed, and a turn has one at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_synth.knowledge import Said, inputs_of
from fr_synth.sampling import attempt

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from fr_synth.evidence import Evidence
    from fr_synth.walk import Step, Walk

__all__ = ["Distractor", "distractor_for", "not_idle"]

_TRIES = 6  # reads tried before a turn is left without one
_MOST = 1  # distractors of a turn


class Distractor(NamedTuple):
    """A read that nobody needs.

    Attributes:
        position: Position in the turn at which it is to stand.
        step: The call.
    """

    position: int
    step: Step


def distractor_for(walk: Walk, steps: Sequence[Step]) -> Distractor | None:
    """Find a read to put into a turn, which takes nothing from the user's words; None if none is found.

    Args:
        walk: Where the dialogue stands at the start of the turn.
        steps: The turn's calls.
    """
    position = int(walk.rng.integers(len(steps)))
    here = walk.fork()
    for step in steps[:position]:
        here.take(step)
    tools, called = walk.domain.spec.tools, {step.call.name for step in steps}
    reads = [n for n in here.graph.legal(here.needs()) if tools[n].effect == "read" and n not in called]
    for i in walk.rng.permutation(len(reads))[:_TRIES]:
        trial = here.fork()
        if attempt(trial, reads[int(i)], wanted=False):
            step = trial.steps[-1]
            said = any(isinstance(each, Said) for source in step.sources.values() for each in inputs_of(source))
            if not said and not step.mentions and step.before.digest == step.after.digest:
                return Distractor(position, step._replace(idle=True))
    return None


def not_idle(evidence: Evidence, own: Sequence[int], needed: Collection[int]) -> Iterator[str]:
    """Iterate over what is wrong with the calls of a turn that are marked as distractors.

    Args:
        evidence: The record and its replay.
        own: Numbers of the turn's calls.
        needed: Those of them that something needs.
    """
    calls, tools = evidence.dialogue.calls, evidence.domain.spec.tools
    idle = [number for number in own if calls[number].distractor]
    if len(idle) > _MOST:
        yield f"calls {', '.join(map(str, idle))} are distractors of one turn, which may have {_MOST}"
    for number in idle:
        name, before, after = calls[number].name, evidence.states[number], evidence.states[number + 1]
        if tools[name].effect != "read" or before.digest != after.digest:
            yield f"call {number} ({name}) is marked as a distractor and changes the world"
        if number in needed or calls[number].wanted:
            yield f"call {number} ({name}) is marked as a distractor and needed"
        if calls[number].error is not None:
            yield f"call {number} ({name}) is marked as a distractor and fails"
