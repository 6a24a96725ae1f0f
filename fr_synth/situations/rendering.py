"""Wordings filled: one way through the alternatives, values in words, and what each piece of text stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.spec import TONES
from fr_envs.situation.templates import Choice, Fill, Mark, parse
from fr_envs.streams import pick
from fr_synth.language.formats import in_words
from fr_synth.language.requests import lower_first, upper_first
from fr_synth.situations.scope import MissingPathError, Worked

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy as np

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import Persona, SituationTurn
    from fr_envs.situation.templates import Template
    from fr_synth.situations.scope import Scope

__all__ = ["Filled", "Referring", "Rendered", "as_spoken_by", "one_that_fits", "render", "tone_of"]


class Filled(NamedTuple):
    """A value that a text tells: the words, where it stands, and the value."""

    text: str
    path: str
    value: Json


class Referring(NamedTuple):
    """Words that refer to something: the words, its path, the members by which, whether to what came last."""

    text: str
    path: str
    by: tuple[str, ...]
    again: bool


class Rendered(NamedTuple):
    """A text, and what its pieces stand for.

    Attributes:
        text: The text.
        filled: Values that it tells.
        referring: Words of it that refer to something.
    """

    text: str
    filled: tuple[Filled, ...]
    referring: tuple[Referring, ...]


class _Piece(NamedTuple):
    """A piece of text; one that stands for something is left as it is by whatever a persona does to texts."""

    text: str
    kept: bool


class _Writer:
    """Goes one way through a wording."""

    def __init__(self, scope: Scope, rng: np.random.Generator) -> None:
        self.scope = scope
        self.rng = rng
        self.filled: list[Filled] = []
        self.referring: list[Referring] = []

    def pieces(self, template: Template) -> list[_Piece]:
        found: list[_Piece] = []
        for part in template:
            if isinstance(part, Fill):
                found.append(_Piece(self.fill(part), kept=True))
            elif isinstance(part, Choice):
                found += self.pieces(pick(self.rng, part.options))
            elif isinstance(part, Mark):
                words = _joined(self.pieces(part.words))
                self.referring.append(Referring(words, part.path, part.by, part.again))
                found.append(_Piece(words, kept=True))
            else:
                found.append(_Piece(part, kept=False))
        return found

    def fill(self, part: Fill) -> str:
        value = self.scope.value(part.path)
        if value == "" and isinstance(self.scope.names[part.path.partition(".")[0]], Worked):
            raise MissingPathError(part.path)  # a list of nothing has no words
        currency = self._currency(part.path) if any(each.startswith("money") for each in part.filters) else None
        text = in_words(value, part.filters, today=self.scope.get("today"), currency=currency)
        self.filled.append(Filled(text, part.path, value))
        return text

    def _currency(self, path: str) -> str | None:
        """Return the currency beside an amount, or the one that the situation names for all."""
        around, _, _ = path.rpartition(".")
        found = self.scope.get(f"{around}.currency") if around else None
        found = found or self.scope.get("currency")
        return found if isinstance(found, str) else None


def render(wording: str, scope: Scope, rng: np.random.Generator) -> Rendered:
    """Fill a wording.

    Raises:
        MissingPathError: A place names what there is not.
    """
    writer = _Writer(scope, rng)
    text = _tidy(writer.pieces(parse(wording)))
    return Rendered(text, tuple(writer.filled), tuple(writer.referring))


def tone_of(persona: Persona, turn: SituationTurn) -> str:
    """Return the tone in which a persona says what a turn has to say."""
    return next((tone for tone in persona.tones if tone in turn.say and tone in TONES), "plain")


def as_spoken_by(persona: Persona, wording: str, scope: Scope, rng: np.random.Generator, *, first: bool) -> Rendered:
    """Fill a wording in a persona's manner; values and references stay as they are.

    Args:
        persona: The manner.
        wording: The wording.
        scope: What it speaks of.
        rng: Chooses among alternatives and slips.
        first: It is the dialogue's first message, which may begin with a greeting.

    Raises:
        MissingPathError: A place names what there is not.
    """
    writer = _Writer(scope, rng)
    pieces = writer.pieces(parse(wording))
    slip = rng.random() < persona.typos
    opener, closer = pick(rng, persona.openers) if first else "", pick(rng, persona.closers)
    if slip:
        pieces = _slipped(pieces, rng)
    if persona.lower:
        pieces = [piece if piece.kept else piece._replace(text=piece.text.lower()) for piece in pieces]
    text = _tidy(pieces)
    if persona.loose and text.endswith("."):
        text = text[:-1]
    if opener:
        ended = opener.rstrip().endswith((".", "!", "?"))
        named = wording.startswith(("{", "<{"))  # a value keeps its capital
        if ended and not persona.lower:
            text = upper_first(text)
        elif not ended and not named:
            text = lower_first(text)
        text = f"{opener}{text}"
    if closer and len(text) + len(closer) < _LONGEST and _is_request(text) and not _THANKS.search(text):
        text = f"{text}{closer}"
    return Rendered(text, tuple(writer.filled), tuple(writer.referring))


_LONGEST = 420  # characters of a message to which thanks are still added
_ASKS = re.compile(r"\?|\bpl(?:ease|s|z)\b|\bI(?: would|'d) like\b|\bI (?:need|want)\b", re.IGNORECASE)
_STATES = re.compile(r"(?:I|we|it|they|he|she|this|that|there|then|perhaps|maybe|my|our|the|a|an)\b", re.IGNORECASE)


def _is_request(text: str) -> bool:
    """Return True if a message asks for something: what only tells how things are earns no thanks."""
    return _ASKS.search(text) is not None or _STATES.match(text) is None


_THANKS = re.compile(  # nobody says it twice, nor lightly in trouble
    r"\b(?:thank|thanks|thx|cheers|bye|goodbye|stolen|theft|thief|robbed|scam\w*|fraud\w*|died|funeral|hospital|accident)\b",
    re.IGNORECASE,
)


def _slipped(pieces: list[_Piece], rng: np.random.Generator) -> list[_Piece]:
    """Exchange two letters of one word, as fingers do; not of "there", which would become a number."""
    places = [
        (number, match.start())
        for number, piece in enumerate(pieces)
        if not piece.kept
        for match in re.finditer(r"(?<![\w'-])(?!there\b)[a-z]{5,}(?![\w'-])", piece.text)
    ]
    if not places:
        return pieces
    number, start = places[int(rng.integers(len(places)))]
    text = pieces[number].text
    at = start + 1 + int(rng.integers(2))
    swapped = f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}"
    return [*pieces[:number], _Piece(swapped, kept=False), *pieces[number + 1 :]]


_BLANKS = {ord(" "): "\ue000", ord("\t"): "\ue001"}  # private characters that stand in for a value's own blanks
_SEVERAL_BLANKS = re.compile(r"[ \t]{2,}|\t")
_BLANK_BEFORE_MARK = re.compile(r" ([,.;:?!])(?=\s|$)")
_BLANKS_AGAIN = {ord(stand_in): chr(blank) for blank, stand_in in _BLANKS.items()}


def _joined(pieces: list[_Piece]) -> str:
    """Join pieces with single blanks between words; a value keeps every blank of its own, as a tree's lines need."""
    text = "".join([_with_own_blanks(piece.text) if piece.kept else piece.text for piece in pieces])
    return _SEVERAL_BLANKS.sub(" ", text).translate(_BLANKS_AGAIN)


def _with_own_blanks(text: str) -> str:
    """Return a value with stand-ins for those of its blanks that would not stay as they are; most have none."""
    if "  " not in text and "\t" not in text and text.strip(" ") == text:
        return text
    return text.translate(_BLANKS)


def _tidy(pieces: list[_Piece]) -> str:
    """Join pieces and take out what an empty alternative leaves behind."""
    return _BLANK_BEFORE_MARK.sub(r"\1", _joined(pieces).strip())


def one_that_fits(
    wordings: Sequence[str], scope: Scope, rng: np.random.Generator, without: Collection[str] = ()
) -> str:
    """Return one of some wordings that can be filled now; empty where there is none.

    Args:
        wordings: The wordings.
        scope: What they can speak of.
        rng: Chooses.
        without: Words of which it is to have none.
    """
    for number in rng.permutation(len(wordings)):
        try:
            text = render(wordings[int(number)], scope, rng).text
        except MissingPathError:
            continue
        if not any(each in text for each in without):
            return text
    return ""
