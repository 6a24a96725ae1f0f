"""Looking before saying no, or before asking: which reads a reply rests on in a turn that acts on nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.json_values import leaves_of, scalars
from fr_synth.language.verbalise import stands_in
from fr_synth.verify.kinds.world import reply_of
from fr_synth.verify.words.text import same_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.json_values import Json
    from fr_synth.verify.evidence import Evidence

__all__ = ["leading_up"]


def leading_up(evidence: Evidence, number: int, own: Sequence[int]) -> set[int]:
    """Return those calls of a turn on which nothing but its reply rests, where the reply is all that is to come of it.

    Such a call only reads, and shows what the call that is left undone would be made with, or what the reply tells.

    Args:
        evidence: The record and its replay.
        number: The turn.
        own: Numbers of its calls.
    """
    turn, calls, tools = evidence.dialogue.turns[number], evidence.dialogue.calls, evidence.domain.spec.tools
    if turn.awaited is None or not turn.awaited.tool:
        return set()
    wanted = [value for _, value in leaves_of(turn.awaited.arguments)]
    reply = reply_of(evidence, number)
    return {
        k
        for k in own
        if calls[k].error is None
        and tools[calls[k].name].effect == "read"
        and evidence.states[k].digest == evidence.states[k + 1].digest
        and _bears_on(evidence.results[k], wanted, reply)
    }


def _bears_on(result: Json, wanted: Sequence[Json], reply: str) -> bool:
    for value in scalars(result):
        if value in (None, "") or isinstance(value, bool):
            continue
        if any(same_json(value, each) for each in wanted):
            return True
        if isinstance(value, str) and len(value) >= _SHORTEST and stands_in(value.lower(), reply.lower()):
            return True
    return False


_SHORTEST = 3  # characters of a text that tells something
