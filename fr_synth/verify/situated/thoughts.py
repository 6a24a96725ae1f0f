"""Thoughts of a situation: each is one that the situation has for this moment, or leads to its calls in other words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.world.tool_call import ToolCall
from fr_synth.language.mishaps import NOTHING_WRONG, outage_thoughts
from fr_synth.verify.faithful import leads_to
from fr_synth.verify.situated.forms import fits, is_nearly, read_as
from fr_synth.verify.situated.mishaps import is_wished, outage_in, set_right

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.situation.spec import Situation
    from fr_synth.language.mishaps import WhatWentWrong
    from fr_synth.trace.records import CallRecord
    from fr_synth.verify.evidence import Evidence
    from fr_synth.verify.situated.course import PlayedTurn
    from fr_synth.verify.situated.forms import Reading

__all__ = ["Spoken", "has_words", "misreported", "moments_of", "own_thoughts", "strange_thoughts"]


class Spoken(NamedTuple):
    """Something that the assistant says or thinks.

    Attributes:
        turn: The turn.
        place: Index of the message.
        calls: Calls that the message makes; none for a reply.
        text: The words.
        opens: It is the turn's first message.
        asks: It is the first that makes a call that was asked for, or an attempt at it that goes wrong.
        direct: The first call that it makes is such a one.
        alone: No other message of the turn makes one that works.
        anew: What may be thought where something that went wrong just before is set right; nothing where nothing did.
        unmet: The turn ends without what was asked for, since something fails for good.
    """

    turn: PlayedTurn
    place: int
    calls: tuple[CallRecord, ...]
    text: str
    opens: bool
    asks: bool
    direct: bool
    alone: bool
    anew: WhatWentWrong = NOTHING_WRONG
    unmet: bool = False


def moments_of(evidence: Evidence, turn: PlayedTurn, member: str) -> Iterator[Spoken]:
    """Iterate over the assistant's messages of a turn: their ``content`` or ``reasoning_content``."""
    dialogue = evidence.dialogue
    users = [each.message for each in dialogue.turns]
    end = users[turn.number + 1] if turn.number + 1 < len(users) else len(dialogue.messages)
    asking = {dialogue.calls[k].message for k in turn.calls if is_wished(evidence, k)}
    works = {dialogue.calls[k].message for k in turn.calls if dialogue.calls[k].user_requested}
    unmet = outage_in(evidence, turn.number) is not None
    first = min(asking, default=-1)
    opens = True
    for index in range(users[turn.number] + 1, end):
        message = dialogue.messages[index]
        if message["role"] == "assistant" and member in message:
            numbers = [k for k in turn.calls if dialogue.calls[k].message == index]
            text = evidence.in_contract(str(message[member]))
            anew = set_right(evidence, turn.calls, numbers[0]) if len(numbers) == 1 else NOTHING_WRONG
            yield Spoken(
                turn, index, tuple(dialogue.calls[k] for k in numbers), text, opens, index == first,
                bool(numbers) and is_wished(evidence, numbers[0]),
                len(works or asking) == 1, anew, unmet,
            )  # fmt: skip
            opens = False


def own_thoughts(spoken: Spoken) -> tuple[Reading, ...] | None:
    """Read a thought as those that the situation has for the moment, one after the other; None where it is not."""
    if spoken.anew.wordings:
        return _of_mishap(spoken)
    opening, before = _allowed(spoken)
    alone = _chain(spoken.text, opening, before)
    return alone if alone is not None else _sentence(spoken.text, (*opening, *before))


def _of_mishap(spoken: Spoken) -> tuple[Reading, ...] | None:
    """Read a thought as one of those that there are where something went wrong, or as a sentence of one.

    Such a wording is little more than its places, so one is preferred in which these tell what was wrong.
    """
    wordings = spoken.anew.wordings
    parts = (part for each in wordings for part in (each, *_ENDS.split(each)) if part.count("<") == part.count(">"))
    found = [reading for part in parts if (reading := read_as(part, spoken.text)) is not None]
    right = (reading for reading in found if not any(misreported(spoken, reading)))
    return (next(right, found[0]),) if found else None


def has_words(spoken: Spoken) -> bool:
    """Return True if the situation has a thought for the moment that can always be had."""
    opening, before = _allowed(spoken)
    return any("{" not in wording for wording in (*opening, *before))


def misreported(spoken: Spoken, reading: Reading) -> Iterator[str]:
    """Iterate over what a thought says of something that went wrong just before, and that was otherwise.

    Args:
        spoken: The thought.
        reading: The thought as an instance of a wording.
    """
    for told in reading.told:
        case = spoken.anew.case.get(told.path)
        if case is None or (told.text != case and not fits(reading, told, [case])):
            yield f"message {spoken.place}: {told.text!r} is not what was wrong"


def _allowed(spoken: Spoken) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what may be thought first, and before single requests."""
    thought = spoken.turn.turn.thought
    if not spoken.calls:
        return (outage_thoughts() if spoken.unmet else thought.close), ()
    if spoken.anew.wordings:
        return spoken.anew.wordings, ()
    opening: tuple[str, ...] = ()
    if spoken.opens:
        opening = thought.direct if spoken.direct else thought.plan
        if spoken.direct and not spoken.alone:  # a look-up by the tool that is asked for besides
            opening = (*thought.direct, *thought.plan)
    elif spoken.asks:
        opening = thought.found
    names = {call.name for call in spoken.calls}
    requests = spoken.turn.turn.requests
    lookups = (lookup for request in requests for lookup in request.lookups)
    made = [(each.call, each.thought) for each in requests] + [(each.call, each.thought) for each in lookups]
    return opening, tuple(wording for name, thought in made if name in names for wording in thought)


def _chain(text: str, opening: tuple[str, ...], before: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """Read a text as one of some wordings, behind which any of others may stand.

    Several are tried before one alone: a place at the beginning of one would swallow the others.
    """
    for cut in re.finditer(r"(?<=[.!?]) ", text) if before else ():
        head = next(filter(None, (read_as(each, text[: cut.start()]) for each in (*opening, *before))), None)
        tail = _chain(text[cut.end() :], (), before) if head is not None else None
        if head is not None and tail is not None:
            return (head, *tail)
    whole = next(filter(None, (read_as(each, text) for each in (*opening, *before))), None)
    return None if whole is None else (whole,)


_ENDS = re.compile(r"(?<=[.!?]) (?=[A-Z{\[<\"])")


def _sentence(text: str, wordings: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """Read a text as a single sentence of one of some wordings, as brief reasoning has them; its values are left open.

    A sentence alone has too few words of its own to tell for sure what stands in which of its places.
    """
    for wording in wordings:
        parts = _ENDS.split(wording)
        for part in parts if len(parts) > 1 else ():
            reading = read_as(part, text) if part.count("<") == part.count(">") else None
            if reading is not None and not any(_RUNS_ON.search(told.text) for told in reading.told):
                return ()
    return None


_RUNS_ON = re.compile(r"[A-Za-z0-9][.!?] [A-Z][a-z]* [a-z]")  # a place has swallowed the beginning of a sentence


def strange_thoughts(evidence: Evidence, situation: Situation, spoken: Spoken) -> Iterator[str]:
    """Iterate over what is wrong with a thought that is none of those that the situation has for its moment.

    Where the situation leaves the moment open, or speaks of what there is not, a thought has other words: these have
    to lead to what is done, and must not be the situation's words for another moment.

    Args:
        evidence: The record and its replay.
        situation: The situation.
        spoken: The thought.
    """
    opening, before = _allowed(spoken)
    if spoken.anew.wordings:
        yield f"message {spoken.place}: the thought is none that there is where something has just gone wrong"
    yield from _against_own(spoken, opening, before)
    every = tuple(dict.fromkeys((*_thoughts_of(situation), *opening, *before)))
    if any(read_as(wording, spoken.text) is not None for wording in every):
        yield f"message {spoken.place}: the thought belongs to another moment of the situation"
    elif any(is_nearly(part, said) for wording in every for part in _parts(wording) for said in _parts(spoken.text)):
        yield f"message {spoken.place}: the thought has words of the situation's that were altered"
    for call in spoken.calls:
        if not leads_to(spoken.text, ToolCall(call.name, call.arguments), evidence.domain.spec.tools.get(call.name)):
            yield f"message {spoken.place}: the thought does not lead to {call.name}"


def _against_own(spoken: Spoken, opening: Sequence[str], before: Sequence[str]) -> Iterator[str]:
    """Iterate over what is wrong with a thought where the situation has thoughts for its moment."""
    if any("{" not in wording for wording in opening) and (spoken.alone or not spoken.calls):
        brief = spoken.calls and len(_ENDS.split(spoken.text)) == 1
        if not brief:
            yield f"message {spoken.place}: the thought is none that the situation has for this moment"
    elif any(_begins_with(wording, spoken.text) for wording in (*opening, *before)):
        yield f"message {spoken.place}: the thought goes on where the situation's own ends"


def _begins_with(wording: str, text: str) -> bool:
    """Return True if the first sentences of a text are a wording, and more follow."""
    return any(read_as(wording, text[: end.start()]) is not None for end in _ENDS.finditer(text))


def _parts(text: str) -> tuple[str, ...]:
    """Return a text and each of its sentences."""
    found = _ENDS.split(text)
    return (text, *found) if len(found) > 1 else (text,)


def _thoughts_of(situation: Situation) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for turn in situation.turns:
        thought = turn.thought
        for wordings in (thought.plan, thought.found, thought.direct, thought.close):
            found.update(dict.fromkeys(wordings))
        for request in turn.requests:
            found.update(dict.fromkeys(request.thought))
    return tuple(found)
