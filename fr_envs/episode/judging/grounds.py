"""What a reply can stand on: the values that were obtained, and which of what it states they bear out."""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING

from fr_envs.episode.judging.moments import same_date
from fr_envs.episode.judging.numerals import numbers, same_number
from fr_envs.episode.judging.saying import moments_told, plain, says
from fr_envs.json_values import scalars

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.episode.judging.moments import Date, Moment
    from fr_envs.episode.judging.numerals import Number
    from fr_envs.json_values import Json

__all__ = ["Grounds", "alike", "only_said", "passes_on", "paths_of", "without_results"]


def alike(value: Json) -> Json:
    """Make equal what means the same: 100 and 100.0; keep True apart from 1."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return (type(value).__name__, value)
    return ("number", value if value == value else "nan")


class Grounds:
    """Everything that an assistant had before it when it replied. Read only as far as it is asked for.

    Args:
        values: Results, arguments and errors.
        texts: What the user said, and what else was written.
    """

    def __init__(self, values: Iterable[Json], texts: Iterable[str] = ()) -> None:
        """Keep what there is."""
        self._values = tuple(values)
        self._texts = tuple(texts)

    def given(self) -> tuple[tuple[Json, ...], tuple[str, ...]]:
        """Return all of it: the values, then the texts."""
        return self._values, self._texts

    @functools.cached_property
    def _scalars(self) -> list[Json]:
        return [leaf for value in self._values for leaf in scalars(value)]

    @functools.cached_property
    def _exact(self) -> frozenset[float]:
        found = (leaf for leaf in self._scalars if _is_number(leaf) and abs(leaf) < _LARGEST)
        return frozenset(found) | {float(length) for value in self._values for length in _lengths(value)}

    @functools.cached_property
    def text(self) -> str:
        """All that is text in it, as ``plain`` gives it."""
        return plain("\n".join((*self._texts, *(str(leaf) for leaf in self._scalars if isinstance(leaf, str)))))

    @functools.cached_property
    def _read(self) -> tuple[float, ...]:
        return tuple(reading for number in numbers(self.text) for reading in number.readings)

    @functools.cached_property
    def _known(self) -> frozenset[float]:
        return self._exact | frozenset(self._read)

    @functools.cached_property
    def _moments(self) -> tuple[Moment, ...]:
        return moments_told("\n".join((*self._texts, *(leaf for leaf in self._scalars if isinstance(leaf, str)))))

    def bears_out(self, number: Number) -> bool:
        """Return True if a number was given, in figures or in words, to the cent or rounded to a whole."""
        if any(reading in self._exact or -reading in self._exact for reading in number.readings):
            return True
        if any(reading in self._known or -reading in self._known for reading in number.readings):
            return True
        return any(same_number(number, value) or _whole_of(number, value) for value in self._known)

    def derives(self, number: Number) -> bool:
        """Return True if a number is one step from given ones: a sum, difference, multiple, conversion or total."""
        known = {round(value, 6) for value in self._known}
        rates = [value for value in known if value != round(value, 2)]  # an amount by a rate is told in whole cents
        for reading in number.readings:
            if any(round(step, 6) in known for value in known for step in _steps(reading, value)):
                return True
            if any(abs(round(value * rate, 2) - reading) < 1e-6 for rate in rates for value in known):
                return True
        return any(abs(reading - total) < 1e-6 for reading in number.readings for total in self._totals)

    @functools.cached_property
    def _totals(self) -> tuple[float, ...]:
        columns: dict[str, list[float]] = {}
        for number, value in enumerate(self._values):
            for path, leaf in paths_of(value):
                if _is_number(leaf) and abs(leaf) < _LARGEST:
                    columns.setdefault(f"{number}{path}", []).append(leaf)
        return tuple(sum(column) for column in columns.values() if len(column) > 1)

    def bears_out_moment(self, moment: Moment) -> bool:
        """Return True if a date or a time was given; where the year is told, the year too."""
        date, time = moment.date, moment.time
        if time is None and date is not None and date.day is not None and self._is_plainly_given(date):
            return True
        dated = date is None or any(
            each.date is not None and (same_date(date, each.date) or same_date(each.date, date))
            for each in self._moments
        )
        timed = time is None or any(each.time is not None and each.time[:2] == time[:2] for each in self._moments)
        return dated and timed

    def _is_plainly_given(self, date: Date) -> bool:
        """Return True if a value is a day or a moment of it, which is sooner seen than all that is told is read."""
        day = f"{date.month:02}-{date.day:02}"
        return (day if date.year is None else f"{date.year:04}-{day}") in self._days

    @functools.cached_property
    def _days(self) -> frozenset[str]:
        found = {leaf[:10] for leaf in self._scalars if isinstance(leaf, str) and _DAY.fullmatch(leaf)}
        return frozenset((*found, *(day[5:] for day in found)))

    def bears_out_word(self, word: str) -> bool:
        """Return True if a word was given; hyphens and spaces do not count."""
        return word in self.text or _squeezed(word) in self._squeezed

    @functools.cached_property
    def _squeezed(self) -> str:
        return _squeezed(self.text)


_DAY = re.compile(r"[12]\d{3}-\d\d-\d\d(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)?", re.ASCII)
_LARGEST = 1e15  # up to here a float keeps every digit; what is no number is not below


def _steps(reading: float, value: float) -> Iterator[float]:
    """Iterate over what would have to be known for a number to be one step from a value."""
    yield from (reading - value, reading + value, value - reading)
    share = reading / value if value else reading
    if round(share, 6) or not reading:  # by a long identifier anything divides to next to nothing, which is no zero
        yield share


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole_of(number: Number, value: float) -> bool:
    reading = number.readings[0]
    return float(reading).is_integer() and abs(reading) > _COARSE and abs(abs(value) - abs(reading)) < 1


_COARSE = 20  # from here on a person leaves out the cents


def _squeezed(text: str) -> str:
    return text.replace("-", "").replace(" ", "")


def _lengths(value: Json) -> Iterator[int]:
    if isinstance(value, list | tuple):
        yield len(value)
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for member in inside:
        yield from _lengths(member)


# ---------------------------------------------------------------------------------------------- results as they are

_KEY = re.compile(r"""["']([A-Za-z_][\w-]*)["']\s*:""")


def without_results(reply: str, results: Iterable[Json]) -> str:
    """Leave out of a reply what is pasted from results as they came: objects with names of members in them.

    Nothing is left of a reply that lists a whole result member by member, under the names that the members have there.

    Example:
        >>> without_results('Here: {"balance": 5}', [{"balance": 5, "currency": "EUR"}])
        'Here: '
    """
    results = tuple(results)
    if any(_listed(reply, result) for result in results):
        return ""
    if "{" not in reply or not _KEY.search(reply):
        return reply
    names = {name for result in results for name, _ in _members(result)}
    kept: list[str] = []
    at = 0
    while (start := reply.find("{", at)) >= 0:
        end = _closing(reply, start)
        found = _KEY.findall(reply, start, end)
        pasted = bool(found) and names.issuperset(found)
        kept.append(reply[at:start] if pasted else reply[at : start + 1])
        at = end if pasted else start + 1
    return "".join((*kept, reply[at:]))


def _listed(reply: str, result: Json) -> bool:
    if not isinstance(result, dict) or len(result) < _MEMBERS or not all(str(name) in reply for name in result):
        return False
    return all(re.search(rf"(?<!\w){re.escape(str(name))}[\"'*`]*\s*[:=|]", reply) for name in result)


_MEMBERS = 2  # of so many at least, all under their own names, is a list of members


def _closing(text: str, start: int) -> int:
    depth = 0
    for match in re.compile(r"[{}]").finditer(text, start):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return match.end()
    return len(text)


def _members(value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield str(name), member
            yield from _members(member)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _members(item)


def paths_of(value: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Iterate over the plain values in a JSON value, each with where it stands, places in lists left out."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from paths_of(member, f"{path}/{name}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from paths_of(item, path)
    else:
        yield path, value


def _token(value: Json) -> str:
    """Return a text that tells a plain value apart from every other one, and 100 from 100.0."""
    if type(value) is str:
        return f"s{value}"
    if type(value) is int or type(value) is float:
        return f"n{value!r}"
    return json.dumps(alike(value), default=str)


def only_said(reply: str, results: Iterable[Json], answers: Iterable[Json]) -> bool:
    """Return True if a reply tells what was asked, and does not tell all that it was given.

    Counted are members of results, such as "balance", however many items of a list have it: to tell a list whole is no
    surplus. A few more members than there are answers may be told.
    """
    wanted = {_token(answer) for answer in answers}
    found: dict[str, dict[str, Json]] = {}
    for number, result in enumerate(results):
        for path, value in paths_of(result):
            if not isinstance(value, bool) and value is not None and value != "":
                found.setdefault(f"{number}{path}", {})[_token(value)] = value
    surplus = [tuple(values.values()) for values in found.values() if not wanted & values.keys()]
    allowed = _SURPLUS + _SURPLUS_EACH * len(wanted)
    if len(surplus) <= allowed:
        return True
    return sum(any(says(reply, value) for value in values[:_LOOKED_AT]) for values in surplus) <= allowed


def passes_on(reply: str, results: Iterable[Json], answers: Iterable[Json], heard: str = "") -> bool:
    """Return True if a reply has all that some result holds, letter for letter, and not the answers alone.

    People leave out what nobody asked for, and put days, amounts and kinds into words of their own. A reply without any
    word of its own passes on what it has as soon as it has all of a result, and anything in that is no answer.

    Args:
        reply: The reply.
        results: Results of the turn.
        answers: What was asked for.
        heard: What the user said: to say it again passes nothing on.
    """
    wanted = {_token(answer) for answer in answers}
    results = tuple(results)
    for result in results:
        leaves = {
            _token(value): str(value)
            for _, value in paths_of(result)
            if not isinstance(value, bool) and value not in (None, "")
        }
        besides = [text for key, text in leaves.items() if key not in wanted]
        surplus = [text for text in besides if text not in heard]
        left_out = sum(not _is_there(text, reply) for text in surplus)
        if len(surplus) >= _PASSED_ON and wanted & leaves.keys() and left_out <= len(surplus) // _LEFT_OUT:
            return True
        if besides and not left_out and all(_is_there(text, reply) for text in besides):
            return not _has_own_words(reply, results)
    return False


def _has_own_words(reply: str, results: Iterable[Json]) -> bool:
    """Return True if a reply has words beside the values of some results and the names of their members."""
    left = reply
    values = {str(value) for result in results for _, value in paths_of(result)}
    for text in sorted(values - {""}, key=len, reverse=True):
        left = left.replace(text, " ")
    names = (name for result in results for name, _ in _members(result))
    named = {word for name in names for word in re.split(r"[\W_]+", name.lower())}
    return bool(set(re.findall(r"[a-z]{2,}", left.lower())) - named - _LINKING)


_LINKING = frozenset({"the", "is", "are", "of", "and"})


_PASSED_ON = 2  # of so many members that nobody asked for, at least, is a result passed on
_LEFT_OUT = 5  # of so many, one may be left out all the same


def _is_there(text: str, reply: str) -> bool:
    at = reply.find(text)
    while at >= 0:
        before, after = reply[at - 1 : at], reply[at + len(text) : at + len(text) + 1]
        if not (before.isalnum() and text[0].isalnum()) and not (after.isalnum() and text[-1].isalnum()):
            return True
        at = reply.find(text, at + 1)
    return False


_SURPLUS, _SURPLUS_EACH = 8, 2  # members told beyond the answers, and more of them for each answer
_LOOKED_AT = 3  # values of a member that are looked for
