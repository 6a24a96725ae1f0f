"""What a situation tells in a turn, whoever words it: the places in its wordings, and what each can be."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.templates import Choice, Fill, Mark, parse, parts_in
from fr_synth.language.taking_back import WAS
from fr_synth.verify.claims.parsing.wordsets import word_set
from fr_synth.verify.situated.course import PlayedTurn
from fr_synth.verify.situated.forms import Reading
from fr_synth.verify.situated.taking_back import was_before
from fr_synth.verify.situated.turns import every_turn, played_in, retaken_as, told_in, turns_of
from fr_synth.verify.situated.values import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import SituationTurn
    from fr_envs.situation.templates import Template
    from fr_synth.verify.evidence import Evidence

__all__ = ["Scope", "Slot", "scope_of", "words_beside"]


class Slot(NamedTuple):
    """A place in the wordings of a turn.

    Attributes:
        path: Where its value stands, as the situation names it.
        values: What that can be; none where nothing is known of it.
        before: Words right before it, in small letters.
        after: Words right behind it.
        money: It is an amount of money.
    """

    path: str
    values: tuple[Json, ...]
    before: frozenset[str]
    after: frozenset[str]
    money: bool = False


class Scope(NamedTuple):
    """What a situation tells in a turn.

    Attributes:
        slots: The places in what is thought and told in the turn.
        asked: What the places can be in what the person says there.
        values: What the places of all of its turns can be, as far as that is known by then.
    """

    slots: tuple[Slot, ...]
    asked: tuple[Json, ...]
    values: tuple[Json, ...]


def scope_of(evidence: Evidence, number: int) -> Scope | None:
    """Return what a situation tells in a turn; None for a drill, and where it is not known which of its turns that is.

    Args:
        evidence: The record and its replay.
        number: The turn.
    """
    situation, mine = played_in(evidence, number), turns_of(evidence, number)
    if situation is None or not mine:
        return None
    played = [each for k in range(number + 1) for each in _played(evidence, k, number)]
    names = Names(evidence, situation, played)
    for each in played:
        names.begin(each)
        names.learn(each)
    beside, money = _places(told_in(mine))
    slots = tuple(
        Slot(path, tuple(_can_be(path, names, played)), frozenset(before), frozenset(after), path in money)
        for path, (before, after) in beside.items()
    )
    asked, every = (_may_be(names, turns) for turns in (mine, every_turn(situation)))
    return Scope(slots, asked, every)


def _can_be(path: str, names: Names, played: Sequence[PlayedTurn]) -> list[Json]:
    """Return what the value in a place can be: where a call has it from there, what the call is made with."""
    if path == WAS:
        return [value for turn in played[-1:] for value in was_before(names.evidence, turn)]
    return names.called_with(path) or names.may_be(path)


def _may_be(names: Names, turns: Iterable[SituationTurn]) -> tuple[Json, ...]:
    """Return what the places in the wordings of some turns can be."""
    paths = sorted({path for turn in turns for path in _paths(turn)})
    return tuple(value for path in paths for value in names.may_be(path))


def _played(evidence: Evidence, number: int, last: int) -> Iterator[PlayedTurn]:
    """Iterate over what a turn can be, where it is for the same as a later one."""
    turns = evidence.dialogue.turns
    if turns[number].target != turns[last].target:
        return
    calls = tuple(k for k, call in enumerate(evidence.dialogue.calls) if call.turn == number)
    for turn, taken in retaken_as(evidence, number):
        yield PlayedTurn(number, turn, Reading("", "", False, (), ()), calls, taken)


@functools.lru_cache(maxsize=512)
def _places(wordings: tuple[str, ...]) -> tuple[dict[str, tuple[set[str], set[str]]], frozenset[str]]:
    """Return the places of some wordings by path, each with the words before and behind it; and which are money."""
    money = set()
    found: dict[str, tuple[set[str], set[str]]] = {}
    for wording in wordings:
        text, fills = _written(parse(wording))
        for match, fill in zip(re.finditer("\0", text), fills, strict=True):
            before, after = found.setdefault(fill.path, (set(), set()))
            before.update(words_beside(text[: match.start()], last=True))
            after.update(words_beside(text[match.end() :], last=False))
            money.update([fill.path] if fill.filters[-1:] and fill.filters[-1].startswith("money") else [])
    return found, frozenset(money)


@functools.lru_cache(maxsize=4096)
def _fills(wording: str) -> tuple[str, ...]:
    return tuple(part.path for part in parts_in(parse(wording)))


def _paths(turn: SituationTurn) -> Iterator[str]:
    """Iterate over the paths of a turn's wordings, those of the person among them."""
    for wording in (*told_in((turn,)), *(each for tone in turn.say.values() for each in tone)):
        yield from _fills(wording)


def words_beside(text: str, *, last: bool) -> tuple[str, ...]:
    """Return the two words at an end of a text that say something, up to a stop or another place.

    Args:
        text: The text; other values are marked by ``_`` or NUL.
        last: Those at its end, else those at its beginning.
    """
    part = _CUT.split(_CODE.sub("", text))[-1 if last else 0]
    words = [word for word in re.findall(r"[a-z]+", part.lower()) if word not in _LITTLE]
    return tuple(words[-2:] if last else words[:2])


_CUT = re.compile(r"[.,;:!?\0_]|\b(?:and|or|but|while)\b")
_CODE = re.compile(r"\b[A-Z]{3}\b")
_LITTLE = word_set(
    "the a an your its their my is are was were be and it that this there you i so now then s t of at on in to for by"
)


def _written(template: Template) -> tuple[str, list[Fill]]:
    """Return a wording with all of its alternatives, a NUL in each place, and the places."""
    text, fills = "", []
    for part in template:
        if isinstance(part, Fill):
            text += "\0"
            fills.append(part)
        elif isinstance(part, str):
            text += part
        else:
            options = part.options if isinstance(part, Choice) else (part.words,)
            for option in options:
                inner, own = _written(option)
                text += inner if isinstance(part, Mark) else f"{inner} "
                fills += own
    return text, fills
