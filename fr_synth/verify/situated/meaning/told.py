"""What the names of a situation stand for in a dialogue: results, rows picked from them, things of the cast."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.situation.conditions import matches, resolved
from fr_synth.language.formats import in_words
from fr_synth.verify.situated.forms import fits
from fr_synth.verify.things import KEY, Meant, inside, things

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import Pick, Request
    from fr_synth.verify.evidence import Evidence
    from fr_synth.verify.situated.course import PlayedTurn
    from fr_synth.verify.situated.forms import Reading, Told

__all__ = ["KEY", "Meant", "given", "inside", "meanings", "says", "things", "tidied"]


def meanings(evidence: Evidence, turn: PlayedTurn, value_of: Callable[[str], Json]) -> dict[str, list[Meant]]:
    """Return what the names that a turn brings can stand for: results of its requests, and rows picked from them.

    Args:
        evidence: The record and its replay.
        turn: The turn.
        value_of: Returns the value at a path into what was known before, None where that is not known for sure.
    """
    found: dict[str, list[Meant]] = {}
    for request in turn.turn.requests:
        results = [Meant(evidence.dialogue.calls[k].result, k) for k in _made_for(evidence, turn, request)]
        found[request.name] = results
        for name, pick in request.picks.items():
            found[name] = list(_picked(pick, found, value_of))
    return found


def given(evidence: Evidence, turn: PlayedTurn) -> dict[str, list[Json]]:
    """Return what the calls of a turn are made with, by the paths from which the situation has their arguments.

    What a situation calls a thing of its cast is told by what it is known by, and not by what a call takes.
    """
    found: dict[str, list[Json]] = {}
    for request in turn.turn.requests:
        for number in _made_for(evidence, turn, request):
            arguments = evidence.dialogue.calls[number].arguments
            for name, path in request.arguments.items():
                if isinstance(path, str) and isinstance(arguments.get(name), str | int | float):
                    found.setdefault(path, []).append(arguments[name])
    for path, value in _undone(evidence, turn):
        found.setdefault(path, []).append(value)
    return found


def _undone(evidence: Evidence, turn: PlayedTurn) -> Iterator[tuple[str, Json]]:
    """Iterate over (path, value) of what the call would be made with that a turn leads up to and leaves undone."""
    awaits, awaited = turn.turn.awaits, evidence.dialogue.turns[turn.number].awaited
    if awaits is None or awaited is None or awaited.tool != awaits.call:
        return
    for name, path in awaits.arguments.items():
        value = awaited.arguments.get(name)
        if isinstance(path, str) and isinstance(value, str | int | float) and name not in awaits.lacks:
            yield path, value


def _made_for(evidence: Evidence, turn: PlayedTurn, request: Request) -> Iterator[int]:
    """Iterate over the calls of a turn that may be the one that a request stands for."""
    for number in turn.calls:
        call = evidence.dialogue.calls[number]
        works = call.error is None and call.purpose != "slip" and call.user_requested >= request.asked
        if call.name == request.call and (works or call.error in request.fails):
            yield number


def _picked(pick: Pick, known: Mapping[str, Sequence[Meant]], value_of: Callable[[str], Json]) -> Iterator[Meant]:
    def at(path: str) -> Json:
        root, _, rest = path.partition(".")
        mine = [inside(meant.value, rest) if rest else meant.value for meant in known.get(root, ())]
        value = mine[0] if len(mine) == 1 else None if mine else value_of(path)
        return f"${path}" if value is None else value

    where = resolved(pick.where, at)
    root, _, rest = pick.rows.partition(".")
    plain = {name: condition for name, condition in where.items() if "$" not in str(condition)}
    for meant in known.get(root, ()):
        rows = inside(meant.value, rest) if rest else meant.value
        for row in _extremes(rows if isinstance(rows, list) else [], plain, pick, sure=plain == where):
            yield Meant(row, meant.call)


def _extremes(rows: list[Json], where: JsonObject, pick: Pick, *, sure: bool) -> list[JsonObject]:
    """Return the rows that meet some conditions; of these the first or last by a member, where that is sure."""
    fitting = [row for row in rows if isinstance(row, dict) and matches(where, row)]
    member = pick.least or pick.most
    valued = [row for row in fitting if member and row.get(member) is not None]
    if not member and sure:
        return fitting[:1]  # the first of several is meant
    if not member or not sure or not valued:
        return fitting
    best = (min if pick.least else max)(row[member] for row in valued)
    return [row for row in valued if row[member] == best]


def says(told: Told, value: Json, reading: Reading, today: str | None) -> bool:
    """Return True if a text says a value in the form that a place asks for.

    Args:
        told: The place, and the words in it.
        value: The value.
        reading: The whole text.
        today: The world's day in ISO form, None where there is none.
    """
    name = told.filters[-1].partition(":")[0] if told.filters else ""
    if name == "money" and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{abs(value):,.2f}" == _FIGURE.sub("", told.text) and (value < 0) == told.text.startswith("-")
    try:
        said = {tidied(in_words(value, told.filters, today=day)) for day in (today, None)}
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return True  # the form does not go with the value: nothing is said of it
    return tidied(told.text) in said or fits(reading, told, said)


_FIGURE = re.compile(r"[^\d.,]")


_SEVERAL_BLANKS = re.compile(r"[ \t]{2,}|\t")
_BLANK_BEFORE_MARK = re.compile(r" ([,.;:?!])(?=\s|$)")


def tidied(text: str) -> str:
    """Return a text with its blanks as whoever fills wordings leaves them."""
    if " " not in text and "\t" not in text:
        return text.strip()
    return _BLANK_BEFORE_MARK.sub(r"\1", _SEVERAL_BLANKS.sub(" ", text).strip())
