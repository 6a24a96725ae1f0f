"""What a situation tells in a turn, whoever words it: the places in its wordings, and what each can be."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.loading import every_turn
from fr_envs.situation.templates import Choice, Fill, Mark, parse, parts_in
from fr_synth.language.taking_back import WAS
from fr_synth.verify.claims.parsing.numbers import CURRENCIES
from fr_synth.verify.claims.parsing.spans import parse as spans_of
from fr_synth.verify.claims.parsing.wordsets import word_set
from fr_synth.verify.situated.course import PlayedTurn
from fr_synth.verify.situated.forms import Reading
from fr_synth.verify.situated.meaning.values import Names
from fr_synth.verify.situated.taking_back import was_before
from fr_synth.verify.situated.turns import played_in, retaken_as, thought_in, told_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import SituationTurn
    from fr_envs.situation.templates import Template
    from fr_synth.verify.evidence import Evidence

__all__ = ["Scope", "Slot", "right_beside", "scope_of", "words_beside", "written"]


class Slot(NamedTuple):
    """A place in the wordings of a turn.

    Attributes:
        path: Where its value stands, as the situation names it.
        values: What that can be; none where nothing is known of it.
        before: Words right before it, in small letters.
        after: Words right behind it.
        money: It is an amount of money; None where that is not known, as of a number in the wordings themselves.
        alone: It stands somewhere with no word right before or behind it.
        beside: What stands right before and behind it, word by word, little words and all.
        formats: The filters that write it, and the unit that is written behind it.
        item: The wording of each thing of a list that is told there; empty for what is no list.
    """

    path: str
    values: tuple[Json, ...]
    before: frozenset[str]
    after: frozenset[str]
    money: bool | None = False
    alone: bool = False
    beside: frozenset[tuple[str, ...]] = frozenset()
    formats: frozenset[str] = frozenset()
    item: str = ""


class Scope(NamedTuple):
    """What a situation tells in a turn.

    Attributes:
        slots: The places in what is thought and told in the turn, and the numbers in its words.
        values: What the places of all of its turns can be, as far as that is known by then.
        wordings: What is thought in the turn, and what can be replied to what came out.
        names: What the names in the wordings can stand for, for each of its turns that this may be; to be narrowed
            ``apart`` alone.
        turns: Turns of the situation that it and those before it may be.
    """

    slots: tuple[Slot, ...]
    values: tuple[Json, ...]
    wordings: tuple[str, ...]
    names: tuple[Names, ...]
    turns: tuple[SituationTurn, ...] = ()


def scope_of(evidence: Evidence, number: int) -> Scope | None:
    """Return what a situation tells in a turn; None for a drill, and where it is not known which of its turns that is.

    Args:
        evidence: The record and its replay.
        number: The turn.
    """
    kept = _SCOPES.get((id(evidence), number))
    if kept is None or kept[0] is not evidence:
        if len(_SCOPES) > _KEPT:
            _SCOPES.clear()
        _SCOPES[id(evidence), number] = kept = (evidence, _scope(evidence, number))
    return kept[1]


_KEPT = 64
_SCOPES: dict[tuple[int, int], tuple[Evidence, Scope | None]] = {}


def _scope(evidence: Evidence, number: int) -> Scope | None:
    situation = played_in(evidence, number)
    played = [each for k in range(number + 1) for each in _played(evidence, k, number)]
    if situation is None or not any(each.number == number for each in played):
        return None
    names = Names(evidence, situation, played)
    told: dict[str, None] = {}
    mine = []
    for each in played:
        names.begin(each)
        names.learn(each)
        if each.number == number:
            mine.append(names.apart())
            told |= dict.fromkeys(thought_in(each.turn))
            told |= dict.fromkeys(wording for reply in names.may_come(each) for wording in reply.say)
    wordings = tuple(told)
    places = [_known(slot, names, played) for slot in _places(wordings)]
    turns = tuple(each.turn for each in played)
    return Scope((*places, *_fixed(wordings)), _may_be(names, every_turn(situation)), wordings, tuple(mine), turns)


def _known(slot: Slot, names: Names, played: Sequence[PlayedTurn]) -> Slot:
    """Return a place with what it can be; a list of things stands also beside the words of each of them."""
    item = names.item_of(slot.path)
    own = [each.beside for each in _places((item,))] if item else []
    values = tuple(_can_be(slot.path, names, played))
    return slot._replace(values=values, item=item, beside=slot.beside.union(*own))


def _can_be(path: str, names: Names, played: Sequence[PlayedTurn]) -> list[Json]:
    """Return what the value in a place can be: where a call has it from there, what the call is made with."""
    if path == WAS:
        return [value for turn in played[-1:] for value in was_before(names.evidence, turn)]
    return names.called_with(path) or names.may_be(path) or names.given_before(path)


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


class _Beside(NamedTuple):
    before: set[str]
    after: set[str]
    marks: set[str]
    near: set[tuple[str, ...]]

    def add(self, text: str, start: int, end: int) -> None:
        """Take in what stands right before and behind a place of a text."""
        before, after = words_beside(text[:start], last=True), words_beside(text[end:], last=False)
        self.before.update(before)
        self.after.update(after)
        self.marks.update(() if before or after else ("alone",))
        self.near.update(right_beside(text, start, end))

    def slot(self, path: str, values: tuple[Json, ...] = ()) -> Slot:
        """Return the place."""
        money = None if values else "money" in self.marks
        around = (frozenset(self.before), frozenset(self.after))
        formats = frozenset(self.marks - {"alone", "money"})
        return Slot(path, values, *around, money, "alone" in self.marks, frozenset(self.near), formats)


@functools.lru_cache(maxsize=512)
def _places(wordings: tuple[str, ...]) -> tuple[Slot, ...]:
    """Return the places of some wordings, each path once, with the words before and behind it; nothing stands there."""
    found: dict[str, _Beside] = {}
    for wording in wordings:
        text, fills = written(parse(wording))
        for match, fill in zip(re.finditer("\0", text), fills, strict=True):
            beside = found.setdefault(fill.path, _Beside(set(), set(), set(), set()))
            beside.add(text, match.start(), match.end())
            beside.marks.update(["money"] if fill.filters[-1:] and fill.filters[-1].startswith("money") else [])
            unit = _UNIT.match(text, match.end())
            beside.marks.update([*fill.filters, *([f"unit:{unit[1]}"] if unit else [])])
    return tuple(beside.slot(path) for path, beside in found.items())


@functools.lru_cache(maxsize=512)
def _fixed(wordings: tuple[str, ...]) -> tuple[Slot, ...]:
    """Return the numbers that stand in some wordings themselves, each as a place in which it alone can stand."""
    found: dict[float, _Beside] = {}
    for text in (written(parse(wording))[0].replace("\0", "_") for wording in wordings):
        for span in spans_of(text):
            if isinstance(span.value, float) and not (span.value == 1 and span.places is None):  # "the new one"
                beside = found.setdefault(span.value, _Beside(set(), set(), set(), set()))
                beside.add(text, span.start, span.end)
                beside.marks.update([f"money:{span.unit}"] if span.unit in CURRENCIES else [])
    return tuple(beside.slot("", (value,)) for value, beside in found.items())


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


def right_beside(text: str, start: int, end: int) -> frozenset[tuple[str, ...]]:
    """Return what stands right before and right behind a place of a text: a word, and two words.

    Args:
        text: The text; other values are marked by ``_`` or NUL.
        start: Where the place begins.
        end: Where it ends.
    """
    before, after = _tokens(text[max(0, start - _NEAR) : start]), _tokens(text[end : end + _NEAR])
    found = [("<", *before[-count:]) for count in (1, 2) if len(before) >= count]
    found += [(">", *after[:count]) for count in (1, 2) if len(after) >= count]
    return frozenset(each for each in found if _says(each))


def _says(side: tuple[str, ...]) -> bool:
    """Return True if what stands beside a place tells it: a word right there, or one behind a comma."""
    nearest, furthest = (side[1], side[-1]) if side[0] == ">" else (side[-1], side[1])
    return (nearest.isalpha() or (nearest == "," and furthest.isalpha())) and not _JOINS & set(side)


def _tokens(text: str) -> list[str]:
    return ["_" if token[0] in "\0_" else token for token in _TOKEN.findall(text.lower())]


_NEAR = 40  # characters in which two words and a place stand
_TOKEN = re.compile(r"[a-z]+(?:['\u2019][a-z]+)?|[\0_]+|[.,;:!?()\"]")
_JOINS = frozenset({"and", "or"})  # what they join can stand in either order
_UNIT = re.compile(r" ([a-z]+)\b")
_CUT = re.compile(r"[.,;:!?\0_]|\b(?:and|or|but|while)\b")
_CODE = re.compile(r"\b[A-Z]{3}\b")
_LITTLE = word_set(
    "the a an your its their my is are was were be and it that this there you i so now then s t of at on in to for by"
)


def written(template: Template) -> tuple[str, list[Fill]]:
    """Return a wording with all of its alternatives, a NUL in each place, and the places.

    Args:
        template: The wording.
    """
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
                inner, own = written(option)
                text += inner if isinstance(part, Mark) else f"{inner} "
                fills += own
    return text, fills
