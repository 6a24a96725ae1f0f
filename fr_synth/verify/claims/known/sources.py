"""What is known at a moment, by the place that tells it: results and arguments of calls, the contract, what was said.

Every object of a result is a *row*; so are the arguments of a call and the top of its result. A row's *scope* is what
may be said in one breath with it: its own members, those of the objects around it, the call's arguments, and the
objects whose identifier it carries.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.episode.judging.naming import named
from fr_synth.verify.claims.parsing.dates import iso_day, iso_time
from fr_synth.verify.claims.parsing.spans import Span, parse

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.verify.claims.parsing.dates import Clock

__all__ = ["EDGES", "Place", "Row", "Sources", "norm", "tokens"]


class Place(NamedTuple):
    """Where a value stands.

    Attributes:
        row: Number of the row in ``Sources.rows``; -1 for what was said or stands in the contract.
        field: Member, or the list's name for an item of a list.
        value: The value.
    """

    row: int
    field: str
    value: Json


class Row(NamedTuple):
    """An object that a call took or gave.

    Attributes:
        call: Number of the call in the dialogue.
        parent: Row around it, -1 for none.
        list: Name of the list of which it is an item; empty for none.
        fields: Plain members; a list of plain values stands under its own name.
        given: It is the call's arguments.
    """

    call: int
    parent: int
    list: str
    fields: JsonObject
    given: bool


def norm(text: str) -> str:
    """Return a text as it is compared, letter for letter as long as the text: plain quotes, spaces, no case."""
    if text.isascii():
        return text.replace("\n", " ").replace("\t", " ").lower()
    plain = text.translate(_PLAIN)
    lowered = plain.lower()
    return lowered if len(lowered) == len(plain) else plain


_PLAIN = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "“": '"',
        "”": '"',
        "\u00a0": " ",
        "\u2212": "-",
        "\u2013": "-",
        "\n": " ",
        "\t": " ",
    }
)


def tokens(field: str) -> list[str]:
    """Return the words of a member's name.

    Example:
        >>> tokens("newBalance_eur")
        ['new', 'balance', 'eur']
    """
    kept = _TOKENS.get(field)
    if kept is None:
        spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", field)
        kept = _TOKENS[field] = [word.lower() for word in re.split(r"[\W_]+", spaced) if word]
    return kept


_TOKENS: dict[str, list[str]] = {}
EDGES = re.compile(r"^[^\w/~+-]+|[^\w/]+$")
_WORD = re.compile(r"\w+(?:[.'\u2019&/@+-]\w+)*")
_COUNTRY = 2  # letters of a country's code
_LONG = 24  # characters; longer texts may be quoted in part


class _Text(NamedTuple):
    """A text value as it is kept: see ``_prepared``."""

    plain: str
    first: str
    verbatim: str
    day: datetime.date | None
    clock: Clock | None


@functools.lru_cache(maxsize=8192)  # results repeat the values of earlier ones
def _prepared(value: str) -> _Text:
    """Return a text without its edges, its first word, itself where it stands word for word, its day and its time."""
    day = clock = None
    if len(value) <= 32 and value[0].isdigit():
        day, clock = iso_day(value), iso_time(value)
    plain = norm(value)
    verbatim = plain.strip() if '"' in plain or "`" in plain or "\n" in value else ""
    if not (plain[0].isalnum() and plain[-1].isalnum()):
        plain = EDGES.sub("", plain)
    word = _WORD.search(plain, 0, 400)
    return _Text(plain, word[0] if word else plain, verbatim, day, clock)


@functools.lru_cache(maxsize=4096)
def _stamps(value: str) -> tuple[tuple[datetime.date | None, Clock], ...]:
    """Return the days and times that the lines of a log or of a table begin with."""
    found = []
    for match in _STAMP.finditer(value, 0, _READ):
        clock = iso_time(f"2000-01-01T{match['time']}")
        if clock is not None:
            found.append((iso_day(match["day"]) if match["day"] else None, clock))
    return tuple(dict.fromkeys(found))


_STAMP = re.compile(r"(?<![\w:.-])(?:(?P<day>\d{4}-\d\d-\d\d)[ T])?(?P<time>[0-2]\d:[0-5]\d(?::[0-5]\d)?)(?![\w:])")
_READ = 20_000  # characters of a text that are looked through


class Sources:
    """Everything known at a moment; grows as the dialogue goes on.

    Attributes:
        rows: Every row so far.
        numbers: Number -> places.
        days: (date, place) of every day.
        times: Minute of the day -> places.
        texts: Normalised text -> places.
        today: The world's date, None if it has none.
        told: Numbers that replies have told so far.
        amounts: Those of them that may be sums of money, and count nothing.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self.rows: list[Row] = []
        self.numbers: dict[float, list[Place]] = {}
        self.days: list[tuple[datetime.date, Place]] = []
        self.times: dict[int, list[Place]] = {}
        self.texts: dict[str, list[Place]] = {}
        self.long: list[tuple[str, Place]] = []
        self.today: datetime.date | None = None
        self.said: list[tuple[int, Span]] = []
        self.told: list[float] = []
        self.amounts: set[float] = set()
        self._said_values: set[tuple[str, object]] = set()
        self._said_up_to = 0
        self.heard: list[str] = []
        self.verbatim: list[str] = []
        self.vocabulary: frozenset[str] = frozenset()
        self._first: dict[str, set[str]] = {}
        self._by_word: dict[str, set[str]] = {}
        self._unsorted: list[str] = []
        self._owners: dict[str, list[int]] = {}
        self._scopes: dict[int, frozenset[int]] = {}
        self._given: dict[int, int] = {}
        self._of_call: dict[int, list[int]] = {}

    def hear(self, turn: int, text: str) -> None:
        """Take in a message of the user; -1 for a turn stands for the rules that everybody is told."""
        spans = parse(text)
        for span in spans:
            self.said.append((turn, span))
            if span.kind == "quote":
                self.said += [(turn, inner) for inner in parse(span.text)]
        self.heard.append(norm(text))

    def said_values(self) -> set[tuple[str, object]]:
        """Return (kind, value) of all that was said."""
        for _, span in self.said[self._said_up_to :]:
            self._said_values.add((span.kind, span.value))
        self._said_up_to = len(self.said)
        return self._said_values

    def foresee(self, call: int, arguments: JsonObject) -> None:
        """Take in what a call is to be given."""
        self._given[call] = self._row(call, -1, "", arguments, given=True)
        self._scopes.clear()

    def learn(self, call: int, result: JsonObject) -> None:
        """Take in what a call gave."""
        self._row(call, self._given.get(call, -1), "", result, given=False)
        self._scopes.clear()

    def _row(self, call: int, parent: int, name: str, value: Mapping[str, Json], *, given: bool) -> int:
        number = len(self.rows)
        plain = {key: member for key, member in value.items() if type(member) in _SCALARS or not _nested(member)}
        self.rows.append(Row(call, parent, name, plain, given))
        self._of_call.setdefault(call, []).append(number)
        if not given:
            for owner in _identifiers(plain):
                self._owners.setdefault(owner, []).append(number)
        for key, member in plain.items():
            for item in member if isinstance(member, list) else (member,):
                self._index(item, Place(number, key, item))
        for key, item in _objects(value) if len(plain) < len(value) else ():
            self._row(call, number, key, item, given=given)
        return number

    def _index(self, value: Json, place: Place) -> None:
        if isinstance(value, str):
            if value:
                self._text(value, place)
            if len(value) == _COUNTRY and place.field == "country":
                for name in named(value):
                    self._text(name, place)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.numbers.setdefault(round(float(value), 6), []).append(place)

    def _text(self, value: str, place: Place) -> None:
        plain, first, verbatim, day, clock = _prepared(value)
        if day is not None:
            self.days.append((day, place))
        if clock is not None:
            self.times.setdefault(clock.minutes, []).append(place)
        if len(value) > _LONG:
            self._stamped(value, place)
        if verbatim:
            self.verbatim.append(verbatim)
        known = self.texts.get(plain)
        if known is not None:
            known.append(place)
            return
        self.texts[plain] = [place]
        if plain:
            self._first.setdefault(first, set()).add(plain)
            self._unsorted.append(plain)
            if len(plain) > _LONG:
                self.long.append((plain, place))

    def _stamped(self, value: str, place: Place) -> None:
        """Take up the days and times that stand within a long text."""
        for day, clock in _stamps(value):
            self.days += [] if day is None else [(day, place)]
            self.times.setdefault(clock.minutes, []).append(place)

    def of_calls(self, calls: Iterable[int]) -> list[int]:
        """Return the rows of some calls."""
        return [row for call in calls for row in self._of_call.get(call, ())]

    def known_by(self, identifiers: Iterable[str]) -> Iterator[int]:
        """Iterate over the rows of results that are known by one of some identifiers."""
        for each in identifiers:
            yield from self._owners.get(each, ())

    def scope(self, number: int) -> frozenset[int]:
        """Return the rows that may be spoken of in one breath with a row, itself among them."""
        kept = self._scopes.get(number)
        if kept is None:
            own = {number}
            at = number
            while (at := self.rows[at].parent) >= 0:
                own.add(at)
            if self.rows[number].given:
                own.update(row for row in self._of_call[self.rows[number].call] if self._is_top(row))
            kept = self._scopes[number] = frozenset(own.union(*(self._joined(row) for row in own)))
        return kept

    def _is_top(self, row: int) -> bool:
        parent = self.rows[row].parent
        return parent >= 0 and self.rows[parent].given and not self.rows[row].list

    def _joined(self, row: int) -> Iterator[int]:
        """Iterate over the rows whose identifier stands in a row, and what stands around those."""
        for name, value in self.rows[row].fields.items():
            for item in value if isinstance(value, list) else (value,):
                if isinstance(item, str) and _names_one(name, item):
                    yield from self._owners.get(item, ())
                elif type(item) is int and _numbers_one(name):
                    for key in {name, "id"}:
                        yield from self._owners.get(f"{key}#{item}", ())

    def longest_at(self, folded: str, at: int) -> str | None:
        """Return the longest known text that stands at a place of a folded text, None if there is none."""
        word = _WORD.match(folded, at)
        begun = self._first.get(word[0] if word else folded[at : at + 1])
        if begun is None:
            return None
        best: str | None = None
        for known in begun:
            if (best is None or len(known) > len(best)) and folded.startswith(known, at):
                after = folded[at + len(known) : at + len(known) + 1]
                if not (after.isalnum() and (known[-1].isalnum() or known[-1] == "/")):
                    best = known
        return best

    def with_words(self, words: Sequence[str]) -> list[str]:
        """Return the known texts in which some folded words stand one after the other."""
        self._sort_words()
        found = set.intersection(*(self._by_word.get(word, set()) for word in words)) if words else set()
        joined = f" {' '.join(words)} "
        return [known for known in found if joined in f" {' '.join(_WORD.findall(known))} "]

    def _sort_words(self) -> None:
        """Put the texts that came since the last time under their words."""
        for plain in self._unsorted:
            for word in _WORD.findall(plain[:400])[:8]:
                for part in (word, *word.split("-")) if "-" in word else (word,):
                    self._by_word.setdefault(part, set()).add(plain)
        self._unsorted.clear()

    def holds(self, folded: str) -> bool:
        """Return True if words stand just so in a message or in a long text."""
        return any(folded in text for text in self.heard) or any(folded in known for known, _ in self.long)

    def within(self, folded: str) -> list[Place]:
        """Return the places whose long text holds a folded text."""
        part = " ".join(folded.split())
        return [place for known, place in self.long if part in " ".join(known.split())]


def _objects(value: Mapping[str, Json]) -> Iterator[tuple[str, JsonObject]]:
    """Iterate over the objects right inside another one, with the name under which each stands."""
    for key, member in value.items():
        for item in member if isinstance(member, list) else (member,):
            if isinstance(item, dict):
                yield key, item


_SCALARS = frozenset({str, int, float, bool, type(None)})


def _nested(value: Json) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))


def _identifiers(fields: JsonObject) -> Iterator[str]:
    """Iterate over what a row is known by: its first identifier, and its path."""
    first = next((value for key, value in fields.items() if _numbers_one(key)), None)
    if isinstance(first, str):
        yield first
    elif type(first) is int:
        yield f"{next(key for key in fields if _numbers_one(key))}#{first}"
    for key in ("path", "name", "user", "number", "iban"):
        if isinstance(fields.get(key), str) and fields[key] != first:
            yield fields[key]
            return


def _numbers_one(field: str) -> bool:
    """Return True for the name of a member that holds an identifier which may be a number."""
    return field == "id" or field.endswith(("_id", "Id"))  # however the tools spell their names


def _names_one(field: str, value: str) -> bool:
    named = ("id", "path", "destination", "source", "target", "other", "name", "user", "iban")
    return field.lower().endswith(named) and bool(value)
