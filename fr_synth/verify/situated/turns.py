"""Which turns of its situation a turn of a dialogue can be, by what is done in it; and the words that these have.

A model words a dialogue anew, so nothing counts on its words here: a turn is known by its kind, the calls that are
asked for, and the call that is left undone. Where several turns of the situation are alike in that, it can be any of
them.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.loading import every_turn
from fr_envs.situation.spec import arrival_of
from fr_envs.situation.templates import Choice, Mark, parse
from fr_synth.language.taking_back import answered_otherwise
from fr_synth.verify.situated.retaking import others, taken_back_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.situation.spec import Situation, SituationTurn
    from fr_envs.situation.templates import Template
    from fr_synth.verify.evidence import Evidence

__all__ = [
    "Retaken",
    "plain_text",
    "played_in",
    "retaken_as",
    "thought_in",
    "told_in",
    "turns_of",
    "wished_in",
]

_TAKEN_BACK = frozenset({"correction", "change_of_mind"})


class Retaken(NamedTuple):
    """A turn that a turn of a dialogue can be.

    Attributes:
        turn: The situation's turn, or what it becomes where something is taken back.
        taken: Name of the value that is another than before; ``-`` where a wish is let be, empty for neither.
    """

    turn: SituationTurn
    taken: str = ""


def turns_of(evidence: Evidence, number: int) -> tuple[SituationTurn, ...]:
    """Return the turns of the situation that a turn can be; none for a drill.

    Args:
        evidence: The record and its replay.
        number: The turn.
    """
    return tuple(each.turn for each in retaken_as(evidence, number))


def retaken_as(evidence: Evidence, number: int) -> tuple[Retaken, ...]:
    """Return the turns of the situation that a turn can be, each with what is taken back in it; none for a drill.

    Args:
        evidence: The record and its replay.
        number: The turn.
    """
    situation = played_in(evidence, number)
    if situation is None:
        return ()
    turns, every = evidence.dialogue.turns, every_turn(situation)
    at, found, before = 0, list[int](), list[int]()
    for k in range(number + 1):
        if turns[k].target == turns[number].target:
            before, found = found, [place for place in range(at, len(every)) if _can_be(evidence, k, every[place])]
            at = found[0] + 1 if found and k < number else at  # each comes up once, in order
    if found or number == 0 or not (turns[number].announced or _TAKEN_BACK & set(turns[number].traits)):
        return tuple(Retaken(every[place]) for place in found)
    return tuple(way for place in before for way in _coming_behind(evidence, number, every[place]))


def _coming_behind(evidence: Evidence, number: int, before: SituationTurn) -> Iterator[Retaken]:
    """Iterate over what a turn can be in which a tool comes, or that takes back what was said in the one before it."""
    turn, last = evidence.dialogue.turns[number], evidence.dialogue.turns[number - 1]
    if turn.goal.unmet or turn.target != last.target:
        return
    if turn.announced:
        arrival = arrival_of(before)
        yield from () if arrival is None else (Retaken(arrival),)
        return
    for way in taken_back_from(evidence, number, before):
        yield Retaken(*way)
    left = {} if last.awaited is None else {last.awaited.tool: last.awaited.arguments}
    for answer in before.then if "change_of_mind" in turn.traits else ():
        for name, course in others(evidence, number, answer, left):
            otherwise = answered_otherwise(before, answer, name, course)
            yield from () if otherwise is None else (Retaken(otherwise, name),)


def played_in(evidence: Evidence, number: int) -> Situation | None:
    """Return what a turn is played from: what is said besides, or the dialogue's situation; None for a drill."""
    target = evidence.dialogue.turns[number].target
    return evidence.asides.get(target.removeprefix("aside:")) or evidence.situation


def _can_be(evidence: Evidence, number: int, each: SituationTurn) -> bool:
    """Return True if a turn of a situation is of a kind with one of a dialogue, and asks for the calls of that."""
    turn = evidence.dialogue.turns[number]
    if each.kind != turn.kind or turn.announced or turn.goal.unmet or _TAKEN_BACK & set(turn.traits) - set(each.traits):
        return False
    calls = [call for call in evidence.dialogue.calls if call.turn == number and call.user_requested]
    made = {call.name for call in calls if call.error is None}
    if not made <= {request.call for request in each.requests}:
        return False
    if each.kind == "act" and not made and any(request.asked and not request.when for request in each.requests):
        return False
    awaited = "" if turn.awaited is None else turn.awaited.tool
    return each.awaits is None or not awaited or each.awaits.call == awaited


def wished_in(turns: Iterable[SituationTurn]) -> str:
    """Return the words in which people ask in some turns, one after the other; their places are left out."""
    return " ".join(plain_text(wording) for turn in turns for each in turn.say.values() for wording in each)


def told_in(turns: Iterable[SituationTurn]) -> tuple[str, ...]:
    """Return the wordings of what is thought and replied in some turns."""
    found: list[str] = []
    for turn in turns:
        found += thought_in(turn)
        found += [wording for reply in turn.reply for wording in reply.say]
    return tuple(dict.fromkeys(found))


def thought_in(turn: SituationTurn) -> tuple[str, ...]:
    """Return the wordings of what is thought in a turn."""
    thought = turn.thought
    found = [*thought.plan, *thought.found, *thought.direct, *thought.close]
    return (*found, *(wording for request in turn.requests for wording in _before(request)))


def _before(request: object) -> Iterator[str]:
    yield from getattr(request, "thought", ())
    for lookup in getattr(request, "lookups", ()):
        yield from lookup.thought


@functools.lru_cache(maxsize=16384)
def plain_text(wording: str) -> str:
    """Return a wording's own words, those of every alternative, with a blank in each place.

    Example:
        >>> plain_text("<Hi|Hello>, [the rent](rent) is {rent.amount|money}.")
        'Hi Hello, the rent is  .'
    """
    return re.sub(r" ,", ",", "".join(_plain(parse(wording))))


def _plain(template: Template) -> Iterator[str]:
    for part in template:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Mark):
            yield from _plain(part.words)
        elif isinstance(part, Choice):
            for number, option in enumerate(part.options):
                yield " " if number else ""
                yield from _plain(option)
        else:
            yield " "
