"""Turns in which waiting is right, since the message itself holds off what it asks for; the next one puts it right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.language.taking_back import is_held_off
from fr_synth.language.verbalise import mentions_value
from fr_synth.trace.provenance import Said, inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.trace.awaited import Awaited
    from fr_synth.trace.records import CallRecord
    from fr_synth.verify.evidence import Evidence

__all__ = ["held"]


def held(evidence: Evidence, number: int, awaited: Awaited) -> Iterator[str]:
    """The message says to wait and tells something wrongly; the next one tells it rightly, and only then it is done."""
    said, turns = evidence.user_text(number), evidence.dialogue.turns
    if not awaited.misspoken or awaited.misspoken.lower() not in said.lower():
        yield "a call is awaited where none is left undone"
        return
    reasons = set(is_held_off(said))
    if not reasons:
        yield "the message does not hold off what it asks for"
    if number + 1 >= len(turns):
        yield "nothing comes of what it holds off"
        return
    if not reasons & set(turns[number + 1].traits):
        yield "the turn after it neither corrects it nor wants it otherwise"
    if awaited.misspoken.lower() in evidence.user_text(number + 1).lower():
        yield f"the next message tells {awaited.misspoken!r} again"
    yield from _put_right(evidence, number, awaited)


def _put_right(evidence: Evidence, number: int, awaited: Awaited) -> Iterator[str]:
    """The awaited call is made in the next turn alone, with what its message tells and this one does not."""
    made = [call for call in evidence.dialogue.calls if call.turn == number + 1 and call.name == awaited.tool]
    done = next((call for call in made if call.error is None and call.arguments == awaited.arguments), None)
    if done is None:
        yield f"{awaited.tool} is not called in the turn after it, as it was meant"
        return
    for name in awaited.lacks:
        if name not in done.arguments:
            yield f"{awaited.tool} has no argument {name!r} that could be put right"
        elif mentions_value(evidence.user_text(number), done.arguments[name]):
            yield f"{name} = {done.arguments[name]!r} is told already in the message that is to be wrong about it"
        elif not _told(evidence, number + 1, done, name):
            yield f"the next message does not tell {name}"
    if not awaited.lacks:
        yield "it does not say what was told wrongly"


def _told(evidence: Evidence, turn: int, call: CallRecord, name: str) -> bool:
    """Return True if a message tells an argument: says it, or points at it."""
    source = call.sources.get(f"/{name}")
    said = source is not None and any(isinstance(each, Said) and each.turn == turn for each in inputs_of(source))
    mentions = evidence.dialogue.turns[turn].mentions
    pointed = any(each.value == call.arguments[name] for each in mentions)
    return said or pointed or _named(evidence, turn, call, name)


def _named(evidence: Evidence, turn: int, call: CallRecord, name: str) -> bool:
    """Return True if a message has a member of the thing that an argument identifies."""
    parameter = evidence.domain.spec.tools[call.name].parameters.get(name)
    kind = None if parameter is None else parameter.field.kind
    things = (evidence.domain.entities(evidence.states[0], kind) or {}) if kind else {}
    members = things.get(call.arguments[name]) or {}
    texts = (value for value in members.values() if isinstance(value, str) and len(value) > 1)
    return any(value.lower() in evidence.user_text(turn).lower() for value in texts)
