"""Which turn of a situation each turn of a dialogue is, read off the person's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.loading import load_personas
from fr_envs.situation.spec import arrival_of
from fr_synth.language.mishaps import once_again
from fr_synth.language.taking_back import answered_otherwise
from fr_synth.verify.situated.forms import own_words
from fr_synth.verify.situated.manner import heard_as
from fr_synth.verify.situated.mishaps import outage_in
from fr_synth.verify.situated.retaking import others, taken_back_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.situation.spec import Persona, Situation, SituationTurn
    from fr_synth.trace.records import CallRecord
    from fr_synth.verify.evidence import Evidence
    from fr_synth.verify.situated.forms import Reading

__all__ = ["PlayedTurn", "course", "in_order", "persona_of"]


class PlayedTurn(NamedTuple):
    """A turn of a dialogue as a turn of its situation.

    Attributes:
        number: The turn of the dialogue, from 0.
        turn: The situation's turn.
        message: What the person says, as an instance of a wording.
        calls: Numbers of the turn's calls.
        taken: Name of the value that is another than before; ``-`` where a wish is let be, empty for neither.
    """

    number: int
    turn: SituationTurn
    message: Reading
    calls: tuple[int, ...]
    taken: str = ""

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
    turns = tuple(in_order(situation.turns))
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
        ways = [] if before is None else [(at - 1, *way) for way in taken_back_from(evidence, number, before.turn)]
        for place, turn in enumerate(turns[at:], start=at):
            ways += [(place, *way) for way in _ways(evidence, number, turn, before)]
        heard_so = ((*way, heard_as(persona, way[1], text, first=number == 0)) for way in ways)
        read = [(place, turn, taken, said) for place, turn, taken, said in heard_so if said is not None]
        if not read:
            found.append(None)
            continue
        place, turn, taken, reading = max(read, key=lambda each: (own_words(each[3]), -each[0]))
        found.append(PlayedTurn(number, turn, reading, calls, taken))
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
    return None


def _ways(
    evidence: Evidence, number: int, turn: SituationTurn, before: PlayedTurn | None
) -> Iterator[tuple[SituationTurn, str]]:
    """Iterate over what a turn of a situation can be in a dialogue, each with what is another in it than before."""
    yield turn, ""
    asked = before is not None and any(each is turn for each in before.turn.then)
    if before is None or not asked or "change_of_mind" not in evidence.dialogue.turns[number].traits:
        return
    awaited = evidence.dialogue.turns[number - 1].awaited
    left = {} if awaited is None else {awaited.tool: awaited.arguments}
    for name, course in others(evidence, number, turn, left):
        otherwise = answered_otherwise(before.turn, turn, name, course)
        yield from () if otherwise is None else ((otherwise, name),)


def in_order(turns: Iterable[SituationTurn]) -> Iterator[SituationTurn]:
    """Iterate over turns, each followed by those that come only behind it.

    Args:
        turns: Turns of a situation.
    """
    for turn in turns:
        yield turn
        yield from in_order(turn.then)
