"""Which turn of a situation each turn of a dialogue is, read off the person's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.loading import load_personas
from fr_envs.situation.spec import arrival_of
from fr_synth.language.mishaps import once_again
from fr_synth.language.taking_back import REASONS, held_off, pieces_of, put_otherwise
from fr_synth.verify.situated.forms import own_words
from fr_synth.verify.situated.manner import heard_as
from fr_synth.verify.situated.mishaps import outage_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.situation.spec import Persona, Situation, SituationTurn
    from fr_synth.trace.records import CallRecord
    from fr_synth.verify.evidence import Evidence
    from fr_synth.verify.situated.forms import Reading

__all__ = ["PlayedTurn", "course", "persona_of"]


class PlayedTurn(NamedTuple):
    """A turn of a dialogue as a turn of its situation.

    Attributes:
        number: The turn of the dialogue, from 0.
        turn: The situation's turn.
        message: What the person says, as an instance of a wording.
        calls: Numbers of the turn's calls.
        again: The turn that has to come next; None where any later one of the situation may.
    """

    number: int
    turn: SituationTurn
    message: Reading
    calls: tuple[int, ...]
    again: SituationTurn | None = None

    def asked(self, evidence: Evidence) -> Iterator[CallRecord]:
        """Iterate over the calls of the turn that the person asked for and that worked."""
        records = (evidence.dialogue.calls[number] for number in self.calls)
        return (call for call in records if call.user_requested and call.error is None)


def persona_of(evidence: Evidence, situation: Situation) -> Persona | None:
    """Return who speaks; None where nobody of that name comes in this situation."""
    fitting = {each.name: each for each in load_personas()}
    persona = fitting.get(evidence.dialogue.persona)
    comes = "any" in situation.personas or not fitting.keys() & set(situation.personas)
    return persona if persona is not None and (comes or persona.name in situation.personas) else None


def course(evidence: Evidence, situation: Situation, persona: Persona, numbers: range) -> tuple[PlayedTurn | None, ...]:
    """Return each of some turns of a dialogue as the next turn of its situation that it can be; None where it is none.

    Args:
        evidence: The record and its replay.
        situation: What they play.
        persona: Who speaks.
        numbers: The turns.
    """
    turns = tuple(_in_order(situation.turns))
    found: list[PlayedTurn | None] = []
    at = 0
    for number in numbers:
        text = evidence.user_text(number)
        calls = tuple(k for k, call in enumerate(evidence.dialogue.calls) if call.turn == number)
        before = found[-1] if found else None
        again = None if before is None else _owed(evidence, before)
        if evidence.dialogue.turns[number].announced and again is None:
            found.append(None)  # of no turn before it is it said that its tool comes
            continue
        if again is not None:
            heard = heard_as(persona, again, text, first=False)
            found.append(None if heard is None else PlayedTurn(number, again, heard, calls))
            continue
        read = [
            (place, *ways, reading)
            for place, turn in enumerate(turns[at:], start=at)
            for ways in _ways(evidence, number, turn)
            if (reading := heard_as(persona, ways[0], text, first=number == 0)) is not None
        ]
        if not read:
            found.append(None)
            continue
        place, turn, after, reading = max(read, key=lambda each: (own_words(each[3]), -each[0]))
        found.append(PlayedTurn(number, turn, reading, calls, after))
        at = place + 1
    return tuple(found)


def _owed(evidence: Evidence, before: PlayedTurn) -> SituationTurn | None:
    """Return the turn that has to come behind one; None where any later one of the situation may."""
    following = before.number + 1
    turns = evidence.dialogue.turns
    if following < len(turns) and turns[following].announced:
        return arrival_of(before.turn)
    if outage_in(evidence, before.number) is not None:
        return once_again(before.turn)  # nothing else is said to what could not be done
    return before.again


def _ways(evidence: Evidence, number: int, turn: SituationTurn) -> Iterator[tuple[SituationTurn, SituationTurn | None]]:
    """Iterate over what a turn of a situation can be in a dialogue, each with the turn that has to come behind it."""
    awaited = evidence.dialogue.turns[number].awaited
    if awaited is None or not awaited.misspoken:
        yield turn, None
        return
    for name in awaited.lacks:
        if any(
            piece.name == name for wordings in turn.say.values() for each in wordings for piece in pieces_of(turn, each)
        ):
            yield from ((held_off(turn, why, name), put_otherwise(turn, why, name)) for why in REASONS)


def _in_order(turns: Iterable[SituationTurn]) -> Iterator[SituationTurn]:
    """Iterate over turns, each followed by those that come only behind it."""
    for turn in turns:
        yield turn
        yield from _in_order(turn.then)
