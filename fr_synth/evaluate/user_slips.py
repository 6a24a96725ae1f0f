"""What a model that speaks as the user lets slip: what the person can't know, another wish, leaving early."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.kinds.waiting import orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.episode.user.talk import Heard

__all__ = ["slip_of"]

_VALUE = re.compile(
    r"[\"“'‘](?P<quoted>[^\"”’\n]{2,60})[\"”’](?!\w)|(?P<number>[\w/.@:,+-]*\d[\w/.@:,+-]*)|"
    r"(?<=[a-z,;:] )(?P<name>[A-Z][\w-]+(?: [A-Z][\w-]+)*)"
)
_PLAIN = frozenset({"I", "I'm", "I'd", "I'll", "I've", "OK", "PIN", "IBAN", "ID"})


def slip_of(heard: Heard, text: str, *, leaving: bool, lost: bool) -> str:
    """Return in words what is amiss with what a user says; empty where nothing is.

    Args:
        heard: What the user has before them.
        text: What they say.
        leaving: They leave with it.
        lost: What they heard made no sense for so long that they may.
    """
    return next(_slips(heard, text, leaving=leaving, lost=lost), "")


def _slips(heard: Heard, text: str, *, leaving: bool, lost: bool) -> Iterator[str]:
    if leaving and not lost:
        yield "ends the talk although nothing stands in the way"
    if not text.strip() and not leaving:
        yield "says nothing"
    known = _within_reach(heard)
    for match in _VALUE.finditer(text):
        value = next(each for each in match.groups() if each).strip(".,:;'- ")
        if value and value not in _PLAIN and _bare(value) not in known:
            yield f"tells {value!r}, which the person does not know"
    yield from _orders(heard, text)


def _within_reach(heard: Heard) -> str:
    """Return what the person can speak of: their own messages, what they know, and what the agent told them."""
    messages = [turn.message for turn in heard.task.turns[: heard.turn + 1]]
    told = [each.text for each in heard.known]
    return _bare(" ".join([*messages, *told, *(each.reply for each in heard.talk), heard.reply]))


def _bare(text: str) -> str:
    return re.sub(r"[\s,]+", " ", text.lower())


def _orders(heard: Heard, text: str) -> Iterator[str]:
    """Iterate over what is ordered and is no part of what the person came for."""
    turns = heard.task.turns[: heard.turn + 1]
    wanted = {call.name for turn in turns for call in turn.calls} | {
        name for turn in turns for name in turn.goal.barred
    }
    for name, tool in heard.spec.tools.items():
        if tool.effect != "write" or name in wanted or not orders(text, tool):
            continue
        if not any(orders(turn.message, tool) for turn in turns) and not _shares_verb(heard, text, wanted):
            yield f"asks for {name}, which is not what the person came for"
            return


def _shares_verb(heard: Heard, text: str, wanted: set[str]) -> bool:
    """Return True if the order can be one of a tool that is wanted: tools of one verb are not told apart by words."""
    return any(orders(text, heard.spec.tools[name]) for name in wanted if name in heard.spec.tools)
