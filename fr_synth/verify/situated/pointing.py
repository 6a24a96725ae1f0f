"""Mentions of a situation: just those words that its wording marks, each with what it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.json_values import at_pointer
from fr_synth.trace.dataflow.provenance import Output
from fr_synth.verify.situated.forms import is_marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import Situation
    from fr_envs.situation.templates import Mark
    from fr_synth.verify.evidence import Evidence
    from fr_synth.verify.situated.course import PlayedTurn

__all__ = ["unpointed"]


def unpointed(
    evidence: Evidence, situation: Situation, turn: PlayedTurn, earlier: Mapping[int, PlayedTurn]
) -> Iterator[str]:
    """Iterate over the mentions that are none of a wording's marks, and over marks that are used and mentioned nowhere.

    Args:
        evidence: The record and its replay.
        situation: The situation.
        turn: The turn.
        earlier: The turns before it, by number; what was said in them of a call left undone holds until it is made.
    """
    mentions = evidence.dialogue.turns[turn.number].mentions
    for mention in mentions:
        said_in = turn if mention.turn == turn.number else earlier.get(mention.turn)
        if said_in is None or not is_marked(said_in.message, mention.text):
            yield f"{mention.text!r} is not marked as words that point at something"
    mentioned = {_plain(mention.value) for mention in mentions}
    for words, value in _used(evidence, situation, turn, earlier):
        if _plain(value) not in mentioned:
            yield f"{words!r} points at {value!r}, and is no mention of the turn"


def _plain(value: Json) -> str:
    return f"{type(value).__name__} {value}"


def _used(
    evidence: Evidence, situation: Situation, turn: PlayedTurn, earlier: Mapping[int, PlayedTurn]
) -> Iterator[tuple[str, Json]]:
    """Iterate over (words, value) of the marks that a request is made with, and that only an output tells."""
    for request in turn.turn.requests:
        made = (evidence.dialogue.calls[number] for number in turn.calls)
        alike = (call for call in made if call.name == request.call and call.error is None)
        fitting = [call for call in alike if call.purpose != "slip"]
        for call in fitting if len(fitting) == 1 else ():
            for name, path in request.arguments.items():
                source = call.sources.get(f"/{name}")
                before = evidence.left_open(turn.number, call.arguments.get(name))
                said = (turn, *(earlier[number] for number in before if number in earlier))
                marks = (each for played in said for each in played.message.marks)
                found = next((each for each in marks if each[0].path == path), None)
                if found is not None and isinstance(source, Output) and _goes_by(evidence, situation, found[0], source):
                    yield found[1], call.arguments.get(name)


def _goes_by(evidence: Evidence, situation: Situation, mark: Mark, source: Output) -> bool:
    """Return True if what words go by stands beside the value, where its source has it."""
    if mark.again:
        return True
    role = situation.cast.get(mark.path)
    members = mark.by or tuple(role.where if role is not None else ())
    try:
        beside = at_pointer(evidence.dialogue.calls[source.step].result, source.pointer.rpartition("/")[0])
    except LookupError:
        return False
    return bool(members) and isinstance(beside, dict) and all(name in beside for name in members)
