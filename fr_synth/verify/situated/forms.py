"""Wordings as patterns: a text is read as an instance of a wording, or it is none."""

from __future__ import annotations

import difflib
import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.templates import Choice, Fill, Mark, parse
from fr_synth.language.formats import FILTERS
from fr_synth.verify.words.instances import instance, kept, literal, one_of, place, sequence, word_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from fr_envs.situation.templates import Part, Template
    from fr_synth.verify.words.instances import Step

__all__ = ["Reading", "Told", "fits", "fits_as", "is_marked", "is_nearly", "own_words", "pattern_with", "read_as"]


class Told(NamedTuple):
    """A place of a wording and the words that fill it.

    Attributes:
        path: Where the value stands, as the situation names it.
        filters: How it is put into words.
        text: The words.
    """

    path: str
    filters: tuple[str, ...]
    text: str


class Reading(NamedTuple):
    """A text as an instance of a wording.

    Attributes:
        wording: The wording.
        text: The text.
        lower: The wording's own letters are small in it.
        told: The places that the text fills.
        marks: Words that refer to something: the mark, and the words.
    """

    wording: str
    text: str
    lower: bool
    told: tuple[Told, ...]
    marks: tuple[tuple[Mark, str], ...]


class _Form(NamedTuple):
    step: Step
    fills: dict[str, Fill]
    marks: dict[str, Mark]


class _Written(NamedTuple):
    pattern: str
    fills: dict[str, Fill]
    bodies: dict[str, str]


def read_as(wording: str, text: str, *, lower: bool = False) -> Reading | None:
    """Read a text as an instance of a wording; None where it is none.

    Args:
        wording: The wording.
        text: The text.
        lower: The wording's own letters are small in the text.
    """
    if len(text) > _LONGEST or not _has_pieces(wording, text, lower=lower):
        return None
    if _words_alone(wording, lower) == text:  # what has no places is told without a pattern
        return Reading(wording, text, lower, (), ())
    form = _form(wording, lower)
    caught = instance(form.step, text)
    if caught is None:
        return None
    words = {name: text[start:end] for name, (start, end) in caught.items()}
    told = [Told(fill.path, fill.filters, words[name]) for name, fill in form.fills.items() if name in words]
    marks = [(mark, words[name]) for name, mark in form.marks.items() if name in words]
    return Reading(wording, text, lower, tuple(told), tuple(marks))


def fits(reading: Reading, told: Told, words: Iterable[str]) -> bool:
    """Return True if a text is an instance of its wording also with one of some words in a place.

    Where one place follows another, what stands there can be divided between them in several ways.

    Args:
        reading: The text as an instance of the wording.
        told: The place.
        words: What may stand there.
    """
    standing = [each for each in words if each in reading.text]
    if not standing:
        return False
    steps = _Steps(lower=reading.lower, told=Fill(told.path, told.filters), words=standing)
    return instance(steps.whole(parse(reading.wording)), reading.text) is not None


def fits_as(reading: Reading, told: Told, words: str) -> bool:
    """Return True if a text is an instance of its wording also with words of some pattern in a place."""
    form = _written(reading.wording, reading.lower)
    pattern = form.pattern
    for name, fill in form.fills.items():
        if fill == Fill(told.path, told.filters):
            pattern = pattern.replace(f"(?P<{name}>{_shape(fill)})", f"(?P<{name}>{words})")
    return re.fullmatch(pattern, reading.text, re.DOTALL) is not None


def pattern_with(wording: str, words: Callable[[Fill], str | None]) -> str:
    """Return a wording as a pattern in whose places certain words stand.

    Args:
        wording: The wording.
        words: The words of a place as a pattern; None where it may be filled with anything of its form.
    """
    form = _written(wording, False)
    body = "".join(_Writer(lower=False).parts(parse(wording)))
    for name, fill in form.fills.items():
        known = words(fill)
        shape = _shape(fill)
        body = body.replace(f"(?P<{name}>{shape})", f"(?:{shape if known is None else known})")
    return re.sub(r"\(\?P<m\d+>", "(?:", body)


_LONGEST = 20_000  # characters; a file that is read out is cut off by its world long before


def own_words(reading: Reading) -> int:
    """Return how many letters of a text are the wording's own: a wording that is one place alone reads anything."""
    return len(reading.text) - sum(len(told.text) for told in reading.told)


def is_nearly(wording: str, text: str) -> bool:
    """Return True if a text has nearly all words of a wording's own in order, and few others, and is none of it."""
    own, said = _words_of(wording), _WORD.findall(text.lower())
    if (
        len(own) < _FEW
        or len(said) < _MOST * len(own)
        or len(own) < _MOST * (len(said) - _IN_PLACES * _places(wording))
    ):
        return False
    matcher = difflib.SequenceMatcher(None, own, said, autojunk=False)
    if len(own) < _MANY:
        return matcher.ratio() >= _MOST and read_as(wording, text) is None
    kept = sum(block.size for block in matcher.get_matching_blocks())
    return kept >= _MOST * len(own) and read_as(wording, text) is None


@functools.lru_cache(maxsize=16384)
def _places(wording: str) -> int:
    return wording.count("{")


@functools.lru_cache(maxsize=16384)
def _words_of(wording: str) -> tuple[str, ...]:
    try:
        template = parse(wording)
    except ValueError:
        return ()  # a sentence that was cut within an alternative
    return tuple(_plain_words(template))


def _plain_words(template: Template) -> Iterator[str]:
    for part in template:
        if isinstance(part, str):
            yield from _WORD.findall(part.lower())
        elif isinstance(part, Choice):
            yield from _plain_words(part.options[0])


_WORD = re.compile(r"[a-z']+")
_FEW = 4  # words from which on a wording can be told from others
_MANY = 7  # words of a wording's own that, in order, tell it whatever stands in its places
_IN_PLACES = 3  # words that a place may bring
_MOST = 0.8


def is_marked(reading: Reading, words: str) -> bool:
    """Return True if a text is an instance of its wording with some words in the place of one of its marks."""
    if any(words == each for _, each in reading.marks):
        return True
    if words not in reading.text:
        return False
    form = _written(reading.wording, reading.lower)
    whole = form.pattern
    patterns = (whole.replace(f"(?P<{name}>{body})", re.escape(words)) for name, body in form.bodies.items())
    return any(pattern != whole and re.fullmatch(pattern, reading.text, re.DOTALL) for pattern in patterns)


def _has_pieces(wording: str, text: str, *, lower: bool) -> bool:
    """Return True if the plain pieces of a wording stand in a text in their order: a pattern is built only then."""
    at = 0
    for piece in _pieces(wording, lower):
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


@functools.lru_cache(maxsize=16384)
def _pieces(wording: str, lower: bool) -> tuple[str, ...]:
    """Return plain pieces that every instance of a wording has, in their order."""
    pieces = [part.strip() for part in parse(wording) if isinstance(part, str)]
    sure = [piece for piece in pieces if piece and not re.search(r"\s\s| [,.;:?!]", piece)]
    return tuple(piece.lower() if lower else piece for piece in sure)


@functools.lru_cache(maxsize=16384)
def _words_alone(wording: str, lower: bool) -> str | None:
    """Return the text that a wording without places, marks and alternatives is; None for any other."""
    template = parse(wording)
    if len(template) != 1 or not isinstance(template[0], str):
        return None
    plain = re.sub(r"[ \t]+", " ", template[0]).strip()
    return plain.lower() if lower else plain


@functools.lru_cache(maxsize=8192)
def _form(wording: str, lower: bool) -> _Form:
    steps = _Steps(lower=lower)
    whole = steps.whole(parse(wording))
    return _Form(whole, steps.fills, steps.marks)


@functools.lru_cache(maxsize=1024)
def _written(wording: str, lower: bool) -> _Written:
    writer = _Writer(lower=lower)
    body = "".join(writer.parts(parse(wording)))
    return _Written(rf"\s*{body}\s*", writer.fills, writer.bodies)


class _Steps:
    """Puts a template together of steps; places and marks have the names that they have in its pattern.

    Args:
        lower: The wording's own letters are small.
        told: A place in which certain words stand.
        words: The words.
    """

    def __init__(self, *, lower: bool, told: Fill | None = None, words: Sequence[str] = ()) -> None:
        self._lower = lower
        self._told = told
        self._words = words
        self._kept = 0  # marks around the place
        self.fills: dict[str, Fill] = {}
        self.marks: dict[str, Mark] = {}

    def whole(self, template: Template) -> Step:
        """Return a template as one step."""
        following = [*template[1:], None][: len(template)]  # nothing follows nothing
        return sequence([self._step(part, after) for part, after in zip(template, following, strict=True)])

    def _step(self, part: Part, after: Part | None) -> Step:
        if isinstance(part, Fill):
            name = f"f{len(self.fills)}"
            self.fills[name] = part
            return word_of(name, self._words) if part == self._told else place(name, _shape(part), self._begun(after))
        if isinstance(part, Choice):
            return one_of([self.whole(option) for option in part.options])
        if isinstance(part, Mark):
            name = f"m{len(self.marks)}"
            self.marks[name] = part
            self._kept += 1
            within = self.whole(part.words)
            self._kept -= 1
            return kept(name, within)
        return literal(_pieces_of(self._plain(part)))

    def _begun(self, after: Part | None) -> str:
        """Return plain text that has to stand behind a place; empty where none has to."""
        return (_pieces_of(self._plain(after))[0] or "") if isinstance(after, str) else ""

    def _plain(self, text: str) -> str:
        return text.lower() if self._lower and not self._kept else text


def _pieces_of(text: str) -> list[str | None]:
    """Return plain text in pieces, None for a blank that may be gone: see ``_literal``."""
    found = re.split(r"([ \t]+)", text)
    pieces: list[str | None] = [""]
    for number, piece in enumerate(found):
        blank = _blank(number, found) if number % 2 else piece
        if blank == " ?":
            pieces += [None, ""]
        else:
            pieces[-1] = f"{pieces[-1]}{blank}"
    return pieces


class _Writer:
    """Writes a template as a regular expression."""

    def __init__(self, *, lower: bool) -> None:
        self.lower = lower
        self.kept = 0  # marks around the place
        self.fills: dict[str, Fill] = {}
        self.marks: dict[str, Mark] = {}
        self.bodies: dict[str, str] = {}

    def parts(self, template: Template) -> Iterator[str]:
        for part in template:
            if isinstance(part, Fill):
                name = f"f{len(self.fills)}"
                self.fills[name] = part
                yield f"(?P<{name}>{_shape(part)})"
            elif isinstance(part, Choice):
                yield f"(?:{'|'.join(''.join(self.parts(option)) for option in part.options)})"
            elif isinstance(part, Mark):
                name = f"m{len(self.marks)}"
                self.marks[name] = part
                self.kept += 1
                self.bodies[name] = "".join(self.parts(part.words))
                yield f"(?P<{name}>{self.bodies[name]})"
                self.kept -= 1
            else:
                yield _literal(part.lower() if self.lower and not self.kept else part)


def _literal(text: str) -> str:
    """Return plain text as a pattern; a blank at its end may be gone, where an alternative beside it is empty."""
    found = re.split(r"([ \t]+)", text)
    return "".join(re.escape(piece) if not number % 2 else _blank(number, found) for number, piece in enumerate(found))


def _blank(number: int, pieces: list[str]) -> str:
    at_end = (number == 1 and not pieces[0]) or (number == len(pieces) - 2 and not pieces[-1])
    return " ?" if at_end or pieces[number + 1][:1] in tuple(",.;:?!") else " "


_DAY = r"\d{1,2} [A-Z][a-z]+(?: \d{4})?"
_SHAPES = {
    "money": r"-?[€$£]?[\d,]+\.\d\d(?: [A-Z]{3})?",
    "amount": r"-?[\d,.e-]+",
    "day": _DAY,
    "date": rf"[A-Z][a-z]+day {_DAY}",
    "weekday": r"[A-Z][a-z]+day",
    "when": rf"(?:today|tomorrow|on (?:[A-Z][a-z]+day|{_DAY}))",
    "nth": r"\d+(?:st|nd|rd|th)",
    "month": r"[A-Z][a-z]+",
    "time": r"\d\d:\d\d",
    "words": r"(?:[a-z]+|[\d,.]+)",
    "quoted": r'".*?"',
    "size": r"[\d,]+ bytes?",
    "hours": r"[\d,]+ (?:hours?|minutes?)(?: \d+ minutes?)?",
}


def _shape(fill: Fill) -> str:
    name, _, argument = fill.filters[-1].partition(":") if fill.filters else ("", "", "")
    if name == "plural":
        return _counted(argument, "1", r"(?!1 )[\d,]+")
    if name == "words" and argument:
        return _counted(argument, "one", rf"(?!one |1 ){_SHAPES[name]}")
    return _SHAPES.get(name, ".*?")


def _counted(noun: str, single: str, more: str) -> str:
    """Return a count with its noun as a pattern, in the form that goes with the count: "1 line", "6 lines"."""
    one, several = (re.escape(str(FILTERS["plural"](count, noun, (None, None)))[2:]) for count in (1, 2))
    return rf"(?:{single} {one}|{more} {several})"
