"""A turn in which something went wrong: which turns may have what, what is thought, and the turn after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.language.mishaps import worded
from fr_synth.situations.mishaps.plan import NO_MISHAP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from fr_envs.situation.spec import SituationTurn
    from fr_synth.language.mishaps import WhatWentWrong
    from fr_synth.situations.mishaps.plan import Mishap
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["asked_at_once", "fitting", "misread_in", "unmet_by", "with_mishaps"]


_SILENT = 0.2  # share of faults after which a call is repeated without a word


def fitting(mishap: Mishap, turn: SituationTurn, *, room: bool) -> Mishap:
    """Return a mishap where a turn may have it, else none.

    Args:
        mishap: What is drawn.
        turn: The turn. Only one with a single wish can fail as a whole, and one that may end in an error of the world
            needs no other.
        room: There may be a turn after it.
    """
    if any(request.fails for request in turn.requests):
        return NO_MISHAP
    single = sum(request.asked for request in turn.requests) == 1
    return mishap if mishap.kind != "outage" or (single and room) else NO_MISHAP


def unmet_by(steps: Sequence[ExecutedCall]) -> str:
    """Return the code of the error of the world with which a turn ends; empty where what failed worked after all."""
    for number, step in enumerate(steps):
        if step.error and step.purpose == "needed" and not step.faulted:
            worked = any(each.call.name == step.call.name and not each.error for each in steps[number + 1 :])
            return "" if worked else step.error
    return ""


def asked_at_once(steps: Sequence[ExecutedCall]) -> bool:
    """Return True if a turn begins with what the person asks for, or with an attempt at it."""
    right = next(step for step in steps if step.purpose != "slip" and not step.faulted)
    return right.user_requested or bool(right.error)


def misread_in(steps: Sequence[ExecutedCall]) -> tuple[str, ...]:
    """Return the values that slips of a turn have otherwise: a thought that names them would not have gone wrong."""
    slips = [k for k, step in enumerate(steps) if step.purpose == "slip"]
    wrong = [value for k in slips for value in steps[k].call.arguments.values()]
    right = [value for k in slips for value in steps[k + 1].call.arguments.values()]
    return tuple(value for value in right if isinstance(value, str) and value not in wrong)


def with_mishaps(
    steps: Sequence[ExecutedCall],
    own: Mapping[int, str],
    mended: Mapping[int, Sequence[WhatWentWrong]],
    rng: np.random.Generator,
) -> dict[int, str]:
    """Return what is thought before single calls, by their positions in the turn.

    Args:
        steps: The turn's calls.
        own: What is thought anyway; where a call went wrong first, it is thought before that.
        mended: For calls that come behind something that went wrong: what may be thought before the calls that set it
            right, that call the last of them. Now and then nothing is where a fault has passed: that speaks for itself.
        rng: Chooses among wordings.
    """
    thoughts, known = dict(own), misread_in(steps)
    for position, choices in mended.items():
        wrong = position - len(choices)
        if not (steps[wrong].error or steps[wrong].purpose == "slip"):
            continue  # it went wrong on a way that was given up
        moved = thoughts.pop(position, "")
        if moved and not any(each in moved for each in known):
            thoughts[wrong] = moved
        silent = rng.random() < _SILENT and steps[wrong].purpose != "slip"
        thoughts.update({} if silent else {wrong + 1 + k: worded(each, rng) for k, each in enumerate(choices)})
    return thoughts
