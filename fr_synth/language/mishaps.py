"""What is thought and said when something has gone wrong: a closed list of wordings, and which of them fit.

Who makes dialogues picks from it; who proves them holds what was said to the same list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from fr_envs.contract.schemas import field_schema
from fr_envs.situation.spec import Thought

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.episode.faults import FaultCode
    from fr_envs.situation.spec import SituationTurn

__all__ = [
    "OUTAGE_REPLIES",
    "OUTAGE_THOUGHTS",
    "SlipKind",
    "mended",
    "mixed_up",
    "noun_of",
    "once_again",
    "slip_kind",
    "undoing",
]

SlipKind: TypeAlias = Literal["format", "time", "id", "path", "missing"]
"""What is wrong with a call that is wrongly written."""

_AGAIN: Mapping[str, tuple[str, ...]] = {
    "plain": (
        "Could you try that again now?",
        "Please give it another try.",
        "Try it again, please. Maybe it works now.",
        "OK, does it work if you try again now?",
        "Then let's have another go at it.",
    ),
    "terse": ("Try again.", "Again please.", "Once more?", "And now?", "Retry."),
    "chatty": (
        "Ah, that happens. Would you mind giving it another go now?",
        "No worries, not your fault. Can you try it again? I've waited a bit.",
        "Hm, okay. I made myself a coffee in the meantime, so please try it again.",
    ),
    "formal": (
        "I would ask you to attempt it again.",
        "Kindly try once more.",
        "Would you please repeat the attempt now?",
    ),
}
"""How a person asks for what did not work, by tone."""

_AGAIN_THOUGHT = Thought(
    direct=(
        "They want another try, and nothing else has changed: the same call as before.",
        "The wish is the same as before, so the same call goes out again with the same values.",
        "Nothing was done the last time, so trying again does no harm.",
        "I have everything from before, so there is nothing to look up; I only repeat the call.",
    ),
    plan=(
        "They want another try. The wish is the same, so I do again what leads up to it.",
        "The same wish once more; what I know still holds, and what has lapsed I do again.",
    ),
)
"""What an agent thinks when it is asked to try again."""

_MENDED: Mapping[FaultCode | SlipKind, tuple[str, ...]] = {
    "service_unavailable": (
        "The service was not there for a moment, which has nothing to do with the request; I send the same call again.",
        "That is an outage and not a refusal: nothing was done, so repeating the call cannot do it twice.",
        "The service could not be reached. The call itself is right, so I try it again as it is.",
    ),
    "timeout": (
        "It took too long and was dropped. Nothing was done, so the same call can go out again.",
        "A timeout, so no fault of the call; I repeat it as it is.",
        "The answer came too late for the service. I try the same once more.",
    ),
    "rate_limited": (
        "Too many requests at that moment; that passes, so I repeat the call.",
        "The service turned it away because it was busy, not because it was wrong. The same call again.",
        "That is a limit on how fast calls may come, so I wait a moment and send the same one.",
    ),
    "temporarily_locked": (
        "Something else holds a lock for the moment. Locks like that are let go soon, so I try again.",
        "Locked for the moment, and not by us; the same call again.",
        "It was held by another process. Nothing was changed, so I repeat the call.",
    ),
    "format": (
        "I wrote the day in the wrong form; the tool takes it as year, month, day. The same call in that form.",
        "The day is the right one, but not written as the tool wants it: the year comes first. Again, in that form.",
        "My mistake: the date has to be in ISO form. I write it that way and call again.",
    ),
    "time": (
        "The clock time has to be written with twenty-four hours. My mistake, so once more in that form.",
        "I wrote the time in the wrong form; the tool takes hours and minutes alone. Again like that.",
    ),
    "id": (
        "I put in an identifier from the wrong list. I take the right one from the result above.",
        "That identifier belongs to something else; I mixed up the lists. Now the right one.",
        "My mistake: the identifier was of another sort than the tool wants. Corrected.",
    ),
    "path": (
        "I misspelt the path. The name has to be just as it stands, so I write it again.",
        "A typo of mine in the path; corrected, the rest stays the same.",
        "There is no such path because I swapped letters in it. The same call with the name as it is.",
    ),
    "missing": (
        "I left out something that the tool requires. It is known, so I add it and call again.",
        "The call lacked a required argument; my mistake. Now it is complete.",
        "One argument was missing. I have its value, so I fill it in.",
    ),
}
"""What is thought before a call is made again, by the code of a fault, or by what was wrongly written."""

_WRONG_MONTH = (
    "I asked for the wrong month, as the result shows. The same call for the right days.",
    "These are the wrong dates: I slipped into the month before. Again, for the time that was meant.",
    "The result is of another time than was asked for; my mistake. Now the right dates.",
)

_MIXED_UP = (
    "The result is about another {noun} than the one that is meant: I mixed them up. Now the right one.",
    "That was the wrong {noun}; I took its neighbour from the list. Again, with the one that is meant.",
    "I see from the result that this is not the {noun} in question. My mistake; the same for the right one.",
)

_UNDOING = (
    "That was the wrong {noun}: I mixed them up. Before anything else I take that back.",
    "I see from the result that I changed another {noun} than the one that was meant. I undo it first.",
    "Wrong {noun}, my mistake. It has to be as it was before, so I reverse that at once.",
)

_REDOING = (
    "That is undone. Now the same for the {noun} that was meant.",
    "The mistake is taken back, so I can do it for the right {noun}.",
    "As it was before. Now the right {noun}.",
)

OUTAGE_THOUGHTS = (
    "It fails again, so this is no hiccup. I do nothing else in its place and say plainly that it is not done.",
    "The same error as before. Trying on would not help, and nobody asked for anything else; I say how it stands.",
    "It does not pass for now. I must not claim that it worked, so I say what is not done and leave the rest to them.",
)
"""What is thought before a reply that says that something could not be done."""

OUTAGE_REPLIES: Mapping[FaultCode, tuple[str, ...]] = {
    "service_unavailable": (
        "I'm sorry, I couldn't do that: the service can't be reached at the moment, and trying again didn't help. "
        "Nothing was changed. Tell me when I should try again.",
        "That didn't work. The service is down right now, so nothing has been done. Shall I try again in a while?",
        "I could not get that done: the service isn't available, even after another attempt. Nothing was changed so "
        "far, so we can simply try again later.",
    ),
    "timeout": (
        "I'm sorry, I couldn't do that: the service takes too long to answer and drops the request. Nothing was "
        "changed. Tell me when I should try again.",
        "That didn't go through. The service timed out, also when I tried again, so nothing has been done. Shall I "
        "try again in a while?",
    ),
    "rate_limited": (
        "I'm sorry, I couldn't do that: the service is taking no more requests at the moment. Nothing was changed. "
        "Tell me when I should try again.",
        "That didn't go through: there are too many requests right now, and another attempt was turned away as well. "
        "Nothing has been done. Shall I try again in a while?",
    ),
    "temporarily_locked": (
        "I'm sorry, I couldn't do that: it is locked by another process at the moment. Nothing was changed. Tell me "
        "when I should try again.",
        "That didn't work, because something else holds a lock on it right now, and it was still there when I tried "
        "again. Nothing has been done. Shall I try again in a while?",
    ),
}
"""Replies that say that something could not be done, by the code of the fault that lasts."""


MONTH = "month"
"""What is mixed up where a day should have been another."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"[0-2]\d:[0-5]\d(?::[0-5]\d)?")
_WORD = 4  # letters of a name in which two can be exchanged unnoticed


def once_again(turn: SituationTurn) -> SituationTurn:
    """Return the turn in which what failed is tried again."""
    requests = tuple(msgspec.structs.replace(request, thought=()) for request in turn.requests)
    thought = msgspec.structs.replace(_AGAIN_THOUGHT, close=turn.thought.close)
    return msgspec.structs.replace(
        turn, say=dict(_AGAIN), requests=requests, thought=thought, values={}, when={}, then=(), instead="", chance=1.0,
        traits=(),
    )  # fmt: skip


def mended(why: FaultCode | SlipKind) -> tuple[str, ...]:
    """Return what may be thought before a call is made again that has failed.

    Args:
        why: The code of a fault, or a ``SlipKind``.
    """
    return _MENDED[why]


def mixed_up(noun: str, *, undone: bool) -> tuple[str, ...]:
    """Return what may be thought before the right call, where one was about something else than was meant.

    Args:
        noun: What was mixed up, as ``noun_of`` gives it.
        undone: What the wrong call had changed has just been undone.
    """
    wordings = _REDOING if undone else _WRONG_MONTH if noun == MONTH else _MIXED_UP
    return tuple(wording.replace("{noun}", noun) for wording in wordings)


def undoing(noun: str) -> tuple[str, ...]:
    """Return what may be thought before what was done wrongly is undone; the argument as of ``mixed_up``."""
    return tuple(wording.replace("{noun}", noun) for wording in _UNDOING)


def noun_of(spec: DomainSpec, tool: str, name: str, value: str) -> str:
    """Return what people call that which an argument is about.

    Args:
        spec: The world's contract.
        tool: The tool.
        name: Its parameter.
        value: What it should have been.
    """
    if _DATE.fullmatch(value):
        return MONTH
    field = spec.tools[tool].parameters[name].field
    kind = spec.kinds.get(field.kind or "")
    if kind is None or "enum" in field_schema(spec, field):
        return name.replace("_", " ")
    return kind.name.removesuffix("_id").removesuffix("_number").replace("_", " ")


def slip_kind(value: str) -> SlipKind:
    """Return how a value of a call is wrongly written, if it is; whatever is nothing else is an identifier.

    Example:
        >>> slip_kind("2025-03-01"), slip_kind("09:30"), slip_kind("/home/notes.txt"), slip_kind("ACC-1")
        ('format', 'time', 'path', 'id')
    """
    if _DAY.fullmatch(value):
        return "format"
    if _CLOCK.fullmatch(value):
        return "time"
    return "path" if "/" in value and len(value.rpartition("/")[2]) >= _WORD else "id"
