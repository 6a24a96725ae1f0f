"""A model's sentence nearly in the situation's own words, with another value in place of one that is part of them.

"On classic a change costs …" is told as "On light a change costs …": no place of the wording holds the word, and the
other one is as much a value of the world as it is. Where most words of a sentence are the situation's, one of them can
be any other word, but not another of the same sort.
"""

from __future__ import annotations

import difflib
import functools
import re
from typing import TYPE_CHECKING

from fr_envs.situation.templates import parse
from fr_synth.verify.claims.figures.reference.refilled import fits_some, parts_of, plainly, sentences_of
from fr_synth.verify.claims.figures.situated.as_told import tells
from fr_synth.verify.claims.known.sources import norm, tokens
from fr_synth.verify.claims.parsing.numbers import CURRENCIES, UNITS
from fr_synth.verify.claims.parsing.spans import parse as spans_of
from fr_synth.verify.claims.parsing.wordsets import word_set
from fr_synth.verify.claims.wording.enumerated import enumerated
from fr_synth.verify.situated.meaning.scope import scope_of, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.contract.spec import DomainSpec
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.situated.meaning.scope import Scope

__all__ = ["altered"]


def altered(moment: Moment) -> Iterator[str]:
    """Iterate over values that stand where a sentence of the situation's has another one in its own words.

    Args:
        moment: A model's text.
    """
    scope = scope_of(moment.evidence, moment.turn)
    if scope is None:
        return
    parts = parts_of(moment.text)
    for text in parts[1:] or parts:
        said = tuple(_WORD.findall(plainly(_PATH.sub("_", text))))
        if len(said) < _FEW or fits_some(scope.wordings, text):
            continue
        told = _told(moment, scope)
        for wording in sentences_of(scope.wordings, placed=False):
            pair = next(_exchanged(moment, _words_of(wording), said, told), None)
            if pair is not None:
                yield f"{pair[1]!r} stands where the situation has {pair[0]!r}"
                break


_PATH = re.compile(r"~?/[\w.~/-]*\w")
_WORD = re.compile(r"\0|[A-Za-z]+(?:[_.][a-z]+)*|\d[\d.,:]*\d|\d")
_FEW = 4  # words from which on a sentence can be told from others
_MOST = 0.75  # of the words of a wording, by which a sentence is known


@functools.lru_cache(maxsize=4096)
def _words_of(wording: str) -> tuple[str, ...]:
    """Return the words of a wording, a NUL for each place; behind one for so many things, what they are."""
    text, fills = written(parse(wording))
    for fill in fills:
        name, _, noun = fill.filters[-1].partition(":") if fill.filters else ("", "", "")
        text = text.replace("\0", f"\1 {noun}s" if name == "plural" or (noun and name == "words") else "\1", 1)
    return tuple(_WORD.findall(text.replace("\1", "\0")))


def _told(moment: Moment, scope: Scope) -> frozenset[str]:
    """Return the words of a text in which it tells what some place of the situation's has, lists apart."""
    claims = [c for c in moment.claims if not c.plain]
    slots = [slot for slot in scope.slots if slot.path and not any(isinstance(value, list) for value in slot.values)]
    claims = [claim for claim in claims if any(tells(slot, claim, moment) for slot in slots)]
    return frozenset(word for claim in claims for word in _WORD.findall(claim.span.text))


def _exchanged(
    moment: Moment, own: Sequence[str], said: Sequence[str], told: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Iterate over (word of the situation, word of a sentence) of the same sort that stand in the same place."""
    literal = [word.lower() for word in own if word != "\0"]
    lower = [word.lower() for word in said]
    if len(literal) < _FEW or len(set(literal) & set(lower)) < _MOST * len(set(literal)):
        return
    matcher = difflib.SequenceMatcher(None, [word.lower() for word in own], lower, autojunk=False)
    if sum(block.size for block in matcher.get_matching_blocks()) < _MOST * len(literal):
        return
    for tag, a, b, c, d in matcher.get_opcodes():
        for mine in own[a:b] if tag == "replace" else ():
            for other in said[c:d]:
                strange = other not in told and lower.count(other.lower()) > literal.count(other.lower())
                if mine != "\0" and mine.lower() not in lower and strange and _are_alike(moment, mine, other):
                    yield mine, other


def _are_alike(moment: Moment, one: str, other: str) -> bool:
    """Return True if two words are different values of one sort."""
    if norm(one) == norm(other):
        return False
    if {one, other} <= CURRENCIES or {one.lower(), other.lower()} <= _ORDINALS:
        return True
    units = [UNITS[word.lower()][0] for word in (one, other) if word.lower() in UNITS]
    if len(units) == _BOTH:
        return units[0] != units[1] and not set(units) <= _SPENT
    numbers = [_number(word) for word in (one, other)]
    if None not in numbers:
        return numbers[0] != numbers[1]
    if {_one(one), _one(other)} <= _things(moment.spec) and _one(one) != _one(other):
        return True
    words = enumerated(moment.spec)
    if words.get(one.lower(), _NONE) & words.get(other.lower(), _NONE):
        return True
    fields = [{place.field for place in moment.sources.texts.get(norm(word), ())} for word in (one, other)]
    return bool(fields[0] & fields[1])


def _things(spec: DomainSpec) -> frozenset[str]:
    """Return what the things are called that the lists of a contract's results hold; made once."""
    kept = _THINGS.get(id(spec))
    if kept is None or kept[0] is not spec:
        if len(_THINGS) > _KEPT:
            _THINGS.clear()
        names = [tokens(name)[-1] for tool in spec.tools.values() for name in tool.returns if name.endswith("s")]
        names += [tokens(tool.name)[-1] for tool in spec.tools.values() if "_" in tool.name]
        _THINGS[id(spec)] = kept = (spec, frozenset(map(_one, names)) - _ANY_THING)
    return kept[1]


_KEPT = 16
_THINGS: dict[int, tuple[DomainSpec, frozenset[str]]] = {}
_ANY_THING = word_set(
    "booking order payment entry entrie item trip name total day night point minute byte statu addres line categorie "
    "credit debit debt expire clas hour star number method option plan connection matche path member word character "
    "replacement destination event in out lost date time rule change choice code rate cap quote map activity disrupted "
    "list spending balance limit create extract account bill email phone profile closure passwd budget"
)


def _one(word: str) -> str:
    return word.lower().removesuffix("s")


_BOTH = 2
_SPENT = frozenset({"day", "night"})  # as many of one as of the other
_ORDINALS = word_set("first second third fourth fifth sixth seventh eighth ninth tenth last")
_NONE: frozenset[str] = frozenset()


@functools.lru_cache(maxsize=1024)
def _number(word: str) -> float | None:
    """Return the number that a word or a figure is, None where it is none."""
    spans = spans_of(word)
    return spans[0].value if len(spans) == 1 and isinstance(spans[0].value, float) else None
