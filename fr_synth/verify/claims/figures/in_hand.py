"""The thing in hand: where calls are made with one of a list, what is told or thought by name is of that one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.json_values import scalars

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["of_another"]

_OTHERS = re.compile(
    r"\b(?:other|others|another|else|besides|instead|apart from|rather than|not|no|only|neither|both|none|or)\b|\?"
)
_BEGINS = re.compile(r"\b(?:because|since|so|although|while)\b")  # of what goes before, nothing is said behind it
_ENDS = re.compile(r",|\b(?:because|since|so|although|while)\b")
_FREE_KINDS = frozenset({"choose", "no_call", "out_of_scope"})
_FEW = 2  # names of one list from which on a text compares, or tells the list


def of_another(moment: Moment) -> Iterator[str]:
    """Iterate over names and identifiers of another thing than that which the calls are made with.

    A text that names the thing in hand may name others beside it, as may one that tells a list which was asked for.
    """
    turns = moment.evidence.dialogue.turns
    if moment.turn >= len(turns) or turns[moment.turn].kind in _FREE_KINDS:
        return
    hand = _hand(moment)
    if not hand:
        return
    rows = moment.sources.rows
    near = frozenset().union(*(moment.sources.scope(number) for number in hand))
    mine = {place.row for claim in moment.claims for place in claim.places if not claim.plain}
    for name in sorted({rows[number].list for number in hand} - _asked_lists(moment)):
        if any(number in near and (number in hand or rows[number].given) for number in mine):
            continue
        strangers = [claim for claim in moment.claims if _is_strange(moment, claim, name, near)]
        told = {claim.span.text for claim in strangers}
        if len(told) < _FEW:
            yield from (f"{claim.span.text!r} is of another of the {name} than is called with" for claim in strangers)


def _hand(moment: Moment) -> set[int]:
    """Return the rows of lists that the turn's calls, or the one that it leaves undone, are made with."""
    turn = moment.evidence.dialogue.turns[moment.turn]
    given = [moment.call(number).arguments for number in {*moment.ran, *moment.ahead}]
    given += [turn.awaited.arguments] if turn.awaited is not None and turn.awaited.tool else []
    values = {value for each in given for value in scalars(each) if isinstance(value, str)}
    return {number for number in moment.sources.known_by(values) if moment.sources.rows[number].list}


def _asked_lists(moment: Moment) -> set[str]:
    """Return the names of the lists that the user has asked for."""
    if moment.who != "reply":
        return set()
    asked = [
        k
        for k in moment.ran
        if moment.call(k).user_requested and moment.spec.tools[moment.call(k).name].effect == "read"
    ]
    return {moment.sources.rows[number].list for number in moment.sources.of_calls(asked)} - {""}


def _is_strange(moment: Moment, claim: Claim, name: str, near: frozenset[int]) -> bool:
    """Return True if a name is that of another item of a list, and nobody spoke of it."""
    if claim.plain or claim.said or claim.span.kind not in ("name", "identifier"):
        return False
    rows = moment.sources.rows
    places = [place for place in claim.places if place.row >= 0]
    if (
        not places
        or any(place.row in near for place in places)
        or any(rows[place.row].list != name for place in places)
    ):
        return False
    start, end = next((a, b) for a, b in moment.clauses if a <= claim.span.start < b)
    before = _BEGINS.split(moment.text[start : claim.span.start])[-1]
    behind = _ENDS.split(moment.text[claim.span.start : end])[0]
    return _OTHERS.search(f"{before}{behind}") is None
