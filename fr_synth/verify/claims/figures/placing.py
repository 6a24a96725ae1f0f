"""Which call a clause speaks of, by the words it shares with tools and members; its values have to be that call's."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.parsing.wordsets import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.contract.spec import DomainSpec
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["misplaced"]

_LITTLE = word_set(
    "the and for from with you your that this are was has have now there then them its not one all will "
    "can be is it of to on in at by as"
)


def misplaced(moment: Moment, clause: tuple[int, int], claims: Sequence[Claim]) -> Iterator[str]:
    """Iterate over values that only another call of the turn has than the one that a clause speaks of."""
    told = moment.told()
    if len(told) < 2:
        return
    words = _words(moment.text[clause[0] : clause[1]], claims, clause[0])
    scores = {number: len(words & _names(moment, number)) for number in told}
    best = max(scores.values())
    if best == 0:
        return
    strangers = [number for number in told if not _shares(words, _tokens(moment, number))]
    sources = moment.sources
    meant = {
        row for k, score in scores.items() if score == best for n in sources.of_calls([k]) for row in sources.scope(n)
    }
    other = set(sources.of_calls(strangers))
    for claim in claims:
        rows = {place.row for place in claim.places if place.row >= 0}
        if rows and not rows & meant and rows & other and not (rows - other):
            yield f"{claim.span.text!r} is another call's"


def _shares(words: frozenset[str], own: frozenset[str]) -> bool:
    """Return True if a clause has a word of a tool's, or one that begins like it ("payment" of ``pay_payee``)."""
    return any(word.startswith(each) or each.startswith(word) for word in words for each in own)


def _words(text: str, claims: Sequence[Claim], start: int) -> frozenset[str]:
    for claim in claims:
        a, b = claim.span.start - start, claim.span.end - start
        text = f"{text[:a]}{' ' * (b - a)}{text[b:]}"
    return frozenset(
        _stem(word)
        for word in re.findall(r"[a-z]{3,}", text.lower())
        if word not in _LITTLE and not word.endswith("ed")
    )


def _stem(word: str) -> str:
    return word.removesuffix("s").removesuffix("ed").removesuffix("ing")[:6]


def _tokens(moment: Moment, number: int) -> frozenset[str]:
    """Return the words of a tool's name and of the members that it takes and gives."""
    call = moment.call(number)
    names = [call.name, *call.arguments, *re.findall(r"[a-z]+", moment.spec.tools[call.name].description.lower())]
    for row in moment.sources.of_calls([number]):
        names += moment.sources.rows[row].fields
        names.append(moment.sources.rows[row].list)
    return frozenset(_stem(word) for name in names for word in tokens(name) if len(word) > 2)


def _names(moment: Moment, number: int) -> frozenset[str]:
    """Return the nouns of a tool's name that not all tools have: its words but for the first, which is a verb."""
    often = _often(moment.spec)
    words = tokens(moment.call(number).name)[1:]
    nouns = {_stem(word) for word in words if len(word) > 2 and word not in _NAMELESS}
    return frozenset(noun for noun in nouns if often[noun] <= _MANY)


_MANY = 6
_OFTEN: dict[int, tuple[DomainSpec, Counter[str]]] = {}


def _often(spec: DomainSpec) -> Counter[str]:
    """Return how many tools of a contract have a word in their names; made once."""
    kept = _OFTEN.get(id(spec))
    if kept is None or kept[0] is not spec:
        if len(_OFTEN) > 16:
            _OFTEN.clear()
        counted = Counter(word for name in spec.tools for word in {_stem(part) for part in tokens(name)})
        _OFTEN[id(spec)] = kept = (spec, counted)
    return kept[1]


_NAMELESS = word_set(
    "id list get set name date total count status type currency code text path number amount value check"
)
