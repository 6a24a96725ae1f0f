"""A model's sentence in the situation's own words: each of its places holds what the situation has there.

A model that keeps a sentence of the situation's and tells another sum in it, or two names the other way round, says
something else of the same thing; whatever that value is a value of, there it is a wrong one.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from fr_envs.json_values import scalars
from fr_synth.verify.claims.figures.reference.linked import torn
from fr_synth.verify.claims.figures.situated.as_told import states
from fr_synth.verify.claims.known.sources import norm
from fr_synth.verify.claims.parsing.dates import Clock, Day
from fr_synth.verify.claims.parsing.numbers import CURRENCIES
from fr_synth.verify.claims.parsing.wordsets import word_set
from fr_synth.verify.situated.forms import own_words, read_as
from fr_synth.verify.situated.meaning.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import Json
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.situated.forms import Reading, Told
    from fr_synth.verify.situated.meaning.values import Names

__all__ = ["fits_some", "misfilled", "parts_of", "plainly", "sentences_of"]


def misfilled(moment: Moment) -> Iterator[str]:
    """Iterate over values in sentences of the situation's own that are not what these sentences tell.

    Args:
        moment: A model's text.
    """
    scope = scope_of(moment.evidence, moment.turn)
    if scope is None:
        return
    known = [names.apart() for names in scope.names]
    for text in parts_of(moment.text):
        readings = [
            each for each in _readings(scope.wordings, text) if all(_is_one(moment, told) for told in each.told)
        ]
        wrong: list[str] = []
        for at, names in enumerate(known):
            narrowed = [names.apart() for _ in readings]
            own = [
                next(_untrue(moment, names, new, each), "") or next(torn(moment.evidence, scope.turns, new, each), "")
                for new, each in zip(narrowed, readings, strict=True)
            ]
            if len(readings) == 1 and not own[0]:
                known[at] = narrowed[0]  # what follows is of the same thing
            wrong += own
        if wrong and all(wrong):  # of two wordings that fit, the text may be either
            yield wrong[0]


_ENDS = re.compile(r"(?<=[.!?]) (?=[A-Z{\[<\"\u20ac$\u00a3/\d])")
_FEWEST = 8  # letters of its own by which a wording is known


def parts_of(text: str) -> tuple[str, ...]:
    """Return a text and each of its sentences."""
    found = _ENDS.split(text)
    return (text, *found) if len(found) > 1 else (text,)


@functools.lru_cache(maxsize=512)
def sentences_of(wordings: tuple[str, ...], *, placed: bool = True) -> tuple[str, ...]:
    """Return some wordings and their sentences.

    Args:
        wordings: The wordings.
        placed: Those alone that have places.
    """
    parts = (part for each in wordings for part in parts_of(each) if part.count("<") == part.count(">"))
    return tuple(dict.fromkeys(plainly(part) for part in parts if "{" in part or not placed))


def plainly(text: str) -> str:
    """Return a text without contractions.

    Args:
        text: A text, or a wording.

    Example:
        >>> plainly("It's Ada's, so I can't change it.")
        "It is Ada's, so I cannot change it."
    """
    if "'" not in text and "\u2019" not in text:
        return text
    text = _CANNOT.sub("cannot", text.replace("\u2019", "'"))
    return _CONTRACTED.sub(lambda match: f" {_WHOLE[match[1]]}", _DENIED.sub(" not", text))


_CANNOT = re.compile(r"\bcan't\b")
_DENIED = re.compile(r"(?<=[a-z])n't\b")
_CONTRACTED = re.compile(
    r"(?:(?<=\bI)|(?<=\b[Ii]t)|(?<=\b[Hh]e)|(?<=\b[Ss]he)|(?<=\b[Yy]ou)|(?<=\b[Ww]e)|"
    r"(?<=\b[Tt]hey)|(?<=\b[Tt]hat)|(?<=\b[Ww]hat)|(?<=\b[Tt]here)|(?<=\b[Hh]ere)|(?<=\b[Ww]ho))'(s|re|ve|ll|m|d)\b"
)
_WHOLE = {"s": "is", "re": "are", "ve": "have", "ll": "will", "m": "am", "d": "would"}


def fits_some(wordings: tuple[str, ...], text: str) -> bool:
    """Return True if a sentence is one of those of some wordings, whatever stands in its places.

    Args:
        wordings: The wordings.
        text: The sentence.
    """
    text = plainly(text)
    readings = (read_as(wording, text) for wording in sentences_of(wordings, placed=False))
    return any(each is not None and (not each.told or own_words(each) >= _SOME) for each in readings)


_SOME = 7  # letters of its own without which a wording with places fits nearly anything


def _readings(wordings: tuple[str, ...], text: str) -> Iterator[Reading]:
    text = plainly(text)
    for wording in sentences_of(wordings):
        reading = read_as(wording, text)
        if reading is not None and reading.told and own_words(reading) >= _FEWEST:
            yield reading


_RUNS_ON = re.compile(r"[A-Za-z0-9)][.!?] (?=[A-Z])")  # a place has swallowed the beginning of a sentence


def _is_one(moment: Moment, told: Told) -> bool:
    """Return True if what stands in a place is a value, and no part of a sentence that the place has swallowed."""
    if _FIGURED.fullmatch(told.text):
        return True  # a seat, a version: whatever it is, it is no part of a sentence
    shaped = told.filters and told.filters[-1].partition(":")[0] in _SHAPED
    if shaped or norm(told.text) in moment.sources.texts:
        return _RUNS_ON.search(told.text) is None
    return any(
        _is_covered(moment, match.start(), match.end()) for match in re.finditer(re.escape(told.text), moment.text)
    )


_FIGURED = re.compile(r"[\w/-]*\d[\w/-]*(?:\.[\w/-]+)*")


def _is_covered(moment: Moment, start: int, end: int) -> bool:
    """Return True if a part of a text is made of values, and words that join them."""
    rest = list(moment.text[start:end])
    for claim in moment.claims:
        if start <= claim.span.start < end:
            a, b = claim.span.start - start, claim.span.end - start
            rest[a:b] = " " * (b - a)
    return _LISTS.sub("", "".join(rest)).strip(" \"'\u2019") == ""


_SHAPED = word_set("money amount day date weekday when nth month time size hours plural quoted")
_LISTS = re.compile(r"[,;()/&+]|\b(?:and|or|the|a|an|of|for|to|at|on|in|with|from)\b")


def _untrue(moment: Moment, known: Names, names: Names, reading: Reading) -> Iterator[str]:
    """Iterate over what is wrong with the places of a sentence, the model's freedom in naming things left to it.

    Args:
        moment: The text.
        known: What the names can stand for.
        names: The same, to be narrowed down by what the sentence tells.
        reading: The sentence.
    """
    for told in reading.told:
        alone = reading._replace(told=(told,))
        problem = next(names.untrue(alone, thought=moment.who == "reasoning"), None)
        if problem is not None and not _is_as_good(moment, known, told):
            yield problem
        elif not names.may_be(told.path) and not _is_known_there(moment, names, told):
            yield f"{told.text!r} is nothing of which is spoken there"
        elif _is_in_another_currency(told):
            yield f"{told.text!r} is in another currency than {told.path}"


def _is_as_good(moment: Moment, known: Names, told: Told) -> bool:
    """Return True if words in a place name the same thing in a form of the model's own: "Ellis" for "Clement Ellis"."""
    values = known.may_be(told.path)
    if not values:
        return True
    if any(isinstance(value, list) for value in values):
        counted = told.filters[-1:] and told.filters[-1].startswith("plural")
        return not counted and not _is_in_two_currencies(moment, told, values)
    mine = set(_WORDS.findall(norm(told.text)))
    plain = [value for whole in values for value in scalars(whole)]
    if any(isinstance(value, str) and mine and mine <= set(_WORDS.findall(norm(value))) for value in plain):
        return True
    claims = [c for c in moment.claims if not isinstance(c.span.value, str) and c.span.text in told.text]
    return bool(claims) and all(any(states(c, value, moment) for value in plain) for c in claims)


def _is_in_two_currencies(moment: Moment, told: Told, values: Sequence[Json]) -> bool:
    """Return True if a phrase tells amounts of a list in several currencies, and its things are all in one."""
    rows = [row for value in values if isinstance(value, list) for row in value if isinstance(row, dict)]
    start = moment.text.find(told.text)
    own = (c.span for c in moment.claims if start <= c.span.start < start + len(told.text))
    return len({str(row.get("currency")) for row in rows}) == 1 < len({span.unit for span in own} & CURRENCIES)


_WORDS = re.compile(r"\w+")


def _is_known_there(moment: Moment, names: Names, told: Told) -> bool:
    """Return True if a value in a place of which nothing is known now is what it was, or is spoken of."""
    before = [value for whole in names.given_before(told.path) for value in scalars(whole)]
    figures = [c for c in moment.claims if isinstance(c.span.value, float) and c.span.text in told.text]
    if before and figures and all(isinstance(value, int | float) for value in before):
        return all(any(states(claim, value, moment) for value in before) for claim in figures)
    return _is_spoken_of(moment, told)


def _is_spoken_of(moment: Moment, told: Told) -> bool:
    """Return True if a value in a place of which nothing is known was said, or is of the turn's own calls."""
    now = {*moment.ran, *moment.ahead}
    sources = moment.sources
    said = {span.value for turn, span in sources.said if turn >= 0}
    own = [(c.span.value, c.places) for c in moment.claims if c.span.text in told.text and not c.plain]
    if len(own) > 1:  # a list, of which nothing is known
        return True
    for value, places in own or [(told.text, tuple(sources.texts.get(norm(told.text), ())))]:
        rows = [sources.rows[place.row] for place in places if place.row >= 0]
        mine = [row for row in rows if row.call in now and not (isinstance(value, str) and row.list)]
        free = not rows or value in said or value in sources.told or isinstance(value, Day | Clock)
        if not free and not mine and not any(norm(str(value)) in heard for heard in sources.heard[1:]):
            return False
    return True


_SIGNS = {"\u20ac": "EUR", "$": "USD", "\u00a3": "GBP"}


def _is_in_another_currency(told: Told) -> bool:
    """Return True if an amount has another sign or code than the place gives it."""
    name, _, code = told.filters[-1].partition(":") if told.filters else ("", "", "")
    said = _SIGNS.get(told.text.lstrip("-")[:1]) or (told.text[-3:] if told.text[-3:].isalpha() else "")
    return name == "money" and len(code) == len("EUR") and code.isupper() and bool(said) and said != code
