"""What people take back: a value put right after the fact, or another one given with an answer.

Who makes dialogues derives such a turn from one of a situation here; who proves them holds what was said to the same.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import msgspec

import env_specs
from fr_envs.situation.spec import ReplyWordings, SituationTurn, Thought, Wordings
from fr_envs.situation.templates import Fill, Mark, parse, parts_in
from fr_envs.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import Request

__all__ = [
    "REASONS",
    "WAS",
    "Course",
    "Reason",
    "answered_otherwise",
    "corrected",
    "course_of",
    "is_day",
    "is_set_right",
    "told_of",
    "values_of",
]

Reason: TypeAlias = Literal["correction", "change_of_mind"]
"""Why something is taken back: the person got it wrong, or has thought better of it."""

REASONS: tuple[Reason, ...] = get_args(Reason)
"""Every reason."""

Course: TypeAlias = Literal["less", "more", "earlier", "later"]
"""Where a sum or a day goes when another takes its place."""

_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")

WAS = "was"
"""Name under which the value is spoken of that was said before."""

_UNCLEAR = frozenset({"first", "last", "name", "folder", "country", "size", "month", "weekday", "nth"})
"""Filters that give a part of a value alone, by which nobody would say what it is to be."""


_FIGURES = frozenset({"money", "amount", "day", "date", "time", "weekday", "month", "plural", "size"})
"""Filters of what hangs on a value that was set."""

_LEANING = re.compile(r"(?:That|This|Those|These|Yes|No|There are several)\b")
"""How a reply begins that takes up the question of the message before it."""

_OLD = re.compile(r"\b(?:There was|instead of|in place of|the old|previous|until now|so far|before)\b")
"""What a reply names of how things stood before, which is not what was said wrongly."""


class _Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    say: Wordings
    days: Wordings
    sums: Wordings
    thought: Thought
    lead: tuple[str, ...]
    lead_it: tuple[str, ...] = ()
    reply: tuple[str, ...] = ()

    def said(self, course: Course) -> Wordings:
        """Return what is said of a day, or of a sum."""
        own = self.sums if course in ("less", "more") else self.days
        return {tone: (*wordings, *own.get(tone, ())) for tone, wordings in self.say.items()}


class _Corrections(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    done: _Correction
    looked: _Correction


class _Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    confirm: dict[Course, Wordings]
    answer: dict[Course, Wordings]
    thought: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    correction: _Corrections
    change: _Change


@functools.cache
def _words() -> _File:
    return msgspec.convert(read_yaml(env_specs.taking_back_path().read_text(encoding="utf-8")), _File)


def is_day(value: Json) -> bool:
    """Return True if a value is a day in ISO form."""
    return isinstance(value, str) and _DAY.fullmatch(value) is not None


def course_of(was: Json, now: Json) -> Course | None:
    """Return where a value goes when another takes its place; None unless both are numbers, or both are days.

    Example:
        >>> course_of(500, 450.5), course_of("2026-03-01", "2026-03-04"), course_of("Piano", "Bike")
        ('less', 'later', None)
    """
    if isinstance(was, bool) or isinstance(now, bool) or was == now:
        return None
    if isinstance(was, int | float) and isinstance(now, int | float):
        return "less" if now < was else "more"
    if isinstance(was, str) and isinstance(now, str) and is_day(was) and is_day(now):
        return "earlier" if now < was else "later"
    return None


def values_of(turn: SituationTurn) -> dict[str, str]:
    """Return the arguments of a turn's one request that are values worked out, each with the name of its value."""
    request = _only(turn)
    if request is None:
        return {}
    return {name: path for name, path in request.arguments.items() if isinstance(path, str) and "." not in path}


def told_of(turn: SituationTurn, name: str) -> tuple[str, ...]:
    """Return the places of a turn's wordings that tell a value as a whole, as wordings are written, each once.

    Args:
        turn: The turn.
        name: Name of the value.
    """
    found: dict[str, None] = {}
    for wording in (each for wordings in turn.say.values() for each in wordings):
        parts = list(parts_in(parse(wording)))
        if any(isinstance(part, Mark) and part.path.partition(".")[0] == name for part in parts):
            return ()
        for part in parts:
            if (
                isinstance(part, Fill)
                and part.path == name
                and not _UNCLEAR & {f.partition(":")[0] for f in part.filters}
            ):
                found[f"{{{'|'.join((part.path, *part.filters))}}}"] = None
    return tuple(found)


def _is_unclear(written: str) -> bool:
    return written.partition(":")[0] in _UNCLEAR


def _only(turn: SituationTurn) -> Request | None:
    """Return the request of a turn that is to be acted on and wants one thing; None for any other turn."""
    plain = turn.kind == "act" and not turn.traits and not turn.last and len(turn.requests) == 1
    request = turn.requests[0] if plain else None
    return request if request is not None and request.asked and not request.fails and not request.when else None


def _filled(wordings: Sequence[str], name: str, places: Sequence[str]) -> tuple[str, ...]:
    """Return wordings with what it is to be, and what it was, in each way in which the situation tells it."""
    return tuple(
        dict.fromkeys(
            wording.replace("{it}", place).replace("{was}", place.replace(f"{{{name}", f"{{{WAS}"))
            for wording in wordings
            for place in places
        )
    )


def _said(wordings: Wordings, tones: Sequence[str], name: str, places: Sequence[str]) -> Wordings:
    return {tone: _filled(wordings.get(tone, wordings["plain"]), name, places) for tone in tones}


def corrected(turn: SituationTurn, name: str, course: Course, *, looks: bool) -> SituationTurn | None:
    """Return the turn in which somebody puts right a value of what was done in the turn before; None where none can.

    What comes of it is told as the situation tells it, where more than the one value hangs on it. Nothing is left to
    think of then.

    Args:
        turn: The turn before.
        name: Name of the value.
        course: Where the value goes from what was said wrongly.
        looks: Nothing was changed in it, only looked up.
    """
    places, words = told_of(turn, name), _words().correction.looked if looks else _words().correction.done
    request = _only(turn)
    if not places or request is None:
        return None
    direct, reply = _filled(words.thought.direct, name, places), _replies(turn, request, name, places, words)
    if not all(each.say for each in reply):
        return None
    thought = Thought(plan=direct, direct=direct)
    again = msgspec.structs.replace(request, thought=(), lookups=())
    return msgspec.structs.replace(
        turn, say=_said(words.said(course), tuple(turn.say), name, places), requests=(again,), thought=thought,
        values={}, when={}, then=(), instead="", chance=1.0, traits=("correction",), reply=reply,
    )  # fmt: skip


def _replies(
    turn: SituationTurn, request: Request, name: str, places: Sequence[str], words: _Correction
) -> tuple[ReplyWordings, ...]:
    """Return the replies of a turn in which a value is put right.

    A value that was set and nothing else is said with what it was. Else the situation's reply follows what is said of
    a correction, without those that take up the question of the turn before, or what stood there before that.
    """
    echoed = next((key for key, path in request.arguments.items() if path == name), "")
    found = []
    for reply in turn.reply:
        if words.reply and not any(_hangs(each, request.name, name, echoed) for each in reply.say):
            say = _filled(words.reply, name, _priced(reply.say, name, echoed) or places)
        else:
            fitting = [
                each for each in reply.say if not _LEANING.match(each) and not (words.reply and _OLD.search(each))
            ]
            say = tuple(led for each in fitting for led in _led(each, name, places, words))
        found.append(msgspec.structs.replace(reply, say=say))
    return tuple(found)


def _led(reply: str, name: str, places: Sequence[str], words: _Correction) -> tuple[str, ...]:
    tells = any(part.path == name for part in parts_in(parse(reply)))
    leads = words.lead if tells or not words.lead_it else _filled(words.lead_it, name, places)
    return tuple(f"{lead} {reply}" for lead in leads)


def _priced(replies: Sequence[str], name: str, echoed: str) -> tuple[str, ...]:
    """Return the place of a value as replies tell it where they name its currency; none where they don't."""
    parts = (part for each in replies for part in parts_in(parse(each)) if isinstance(part, Fill))
    own = (part for part in parts if part.path == name or part.path.rpartition(".")[2] == echoed)
    money = (part for part in own if any(each.startswith("money:") and "." not in each for each in part.filters))
    return next(((f"{{{'|'.join((name, *part.filters))}}}",) for part in money), ())


def _hangs(reply: str, result: str, name: str, echoed: str) -> bool:
    """Return True if a reply tells figures or days of a result besides the value that was set."""
    fills = [part for part in parts_in(parse(reply)) if isinstance(part, Fill)]
    own = [part for part in fills if part.path.startswith(f"{result}.") and _FIGURES & _names(part)]
    echoes = [part for part in own if part.path.rpartition(".")[2] == echoed]
    told = bool(echoes) or any(part.path == name for part in fills)  # else the first figure stands for the value
    return len(own) - len(echoes) > (0 if told else 1)


def _names(part: Fill) -> set[str]:
    return {each.partition(":")[0] for each in part.filters}


def is_set_right(turn: SituationTurn) -> bool:
    """Return True for a turn in which a value is put right, by words that no situation has."""
    return "correction" in turn.traits and not turn.thought.close


def answered_otherwise(
    question: SituationTurn, answer: SituationTurn, name: str, course: Course
) -> SituationTurn | None:
    """Return the turn in which somebody answers a question and changes a value that they had said; None where none can.

    Args:
        question: The turn in which they said it, and were asked.
        answer: The turn in which they answer.
        name: Name of the value.
        course: Where the value goes from what they had said; it tells why it does.
    """
    places, words = told_of(question, name), _words().change
    rested = any(name in request.arguments.values() for request in question.requests)  # what was told came of it
    if not places or rested or told_of(answer, name) or name not in values_of(answer).values():
        return None
    if question.kind == "confirm":
        say = _said(words.confirm[course], tuple(answer.say), name, places)
    else:
        tails = _said(words.answer[course], tuple(answer.say), name, places)
        say = {
            tone: tuple(f"{_ended(each)} {tail}" for each in wordings for tail in tails[tone])
            for tone, wordings in answer.say.items()
        }
    direct = _filled(words.thought, name, places)
    thought = msgspec.structs.replace(answer.thought, direct=direct, plan=direct)
    return msgspec.structs.replace(answer, say=say, thought=thought, traits=("change_of_mind",))


def _ended(wording: str) -> str:
    """Return a wording with a full stop, where it has none behind which another sentence can stand."""
    return wording if wording.rstrip().endswith((".", "!", "?", ">")) else f"{wording.rstrip()}."
